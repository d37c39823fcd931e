"""Two figures side by side: links that say both, one side wrong beside one that shows, pairs that compute."""

import re
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from app.comparisons import PAIRS, Side, branch, figure_of, lesson_link, link, partner, partners, read_side
from app.i18n import read_catalogues
from app.paths import LOCALES
from compute.kinds import KINDS
from tests.app.test_pages import HOSTILE, Elements, data_of

DILATED = "left=dilated?dilation=1&right=dilated?dilation=2"


def trace_of(client: TestClient, side: Side) -> dict[str, Any]:
    params = side.params or KINDS[side.slug].presets[0].params
    answer = client.get(f"/api/v1/traces/{side.slug}", params=dict(params))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def hrefs(html: str) -> list[str]:
    return [str(attributes.get("href")) for tag, attributes in Elements(html).found if tag == "a"]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.id for pair in PAIRS])
def test_every_suggested_pair_computes_and_is_named_in_every_language(client: TestClient, pair: Any) -> None:
    answer = client.get(link(pair.left, pair.right))
    assert answer.status_code == 200
    data = data_of(answer.text)
    assert data["error"] is None if "error" in data else True
    for side, shown in zip((pair.left, pair.right), data["sides"], strict=True):
        assert shown["error"] is None
        assert shown["trace"] == trace_of(client, side)
        assert (shown["slug"], shown["until"]) == (side.slug, side.until)
    for strings in read_catalogues(LOCALES).values():
        assert strings[f"compare.pair.{pair.id}"]


def test_the_pair_of_many_filters_saves_as_much_as_its_lesson_says(client: TestClient) -> None:
    wide = next(pair for pair in PAIRS if pair.id == "separable-wide")
    left, right = (trace_of(client, side)["facts"] for side in (wide.left, wide.right))
    assert (left["multiplications"], right["multiplications"]) == (86400, 10275)
    assert left["output_shape"] == right["output_shape"] == [128, 5, 5]


def test_both_ways_out_of_the_checkerboard_end_in_the_same_shape(client: TestClient) -> None:
    pair = next(pair for pair in PAIRS if pair.id == "checkerboard")
    left, right = (branch(trace_of(client, side), side.until)["facts"] for side in (pair.left, pair.right))
    assert left["output_shape"] == right["output_shape"] == [1, 8, 8]


def test_a_side_ends_where_it_is_told_and_counts_what_leads_there_alone(client: TestClient) -> None:
    whole = trace_of(client, Side("checkerboard", {"input_size": "4", "remedy": "nearest"}))
    resized = branch(whole, "convolution")
    assert [stage["id"] for stage in resized["stages"]] == ["resize", "convolution"]
    assert resized["facts"]["multiplications"] == 8 * 8 * 9
    assert resized["facts"]["parameters"] == 9
    assert resized["facts"]["steps"] == 2 * 64
    # Three cells of the resized input are two of the input, or one and a half.
    assert resized["facts"]["receptive_field"] == [2, 2]
    assert [stage["id"] for stage in branch(whole, "transposed")["stages"]] == ["transposed"]
    assert branch(whole, "") == whole


@pytest.mark.parametrize(
    "side",
    [
        Side("dilated", {"dilation": "1"}),
        Side("pooling"),
        Side("layer", {"padding": "1:2x0", "input": "1,2;3,4", "kernel": "1|-1||2|+3"}, stage="all"),
        Side("single-channel", {"input": "50%&7"}, until="convolution"),
    ],
)
def test_a_link_gives_back_what_was_put_into_it(side: Side) -> None:
    assert read_side(side.text) == side
    typed = {name: values[0] for name, values in parse_qs(urlsplit(link(side, side)).query).items()}
    assert typed == {"left": side.text, "right": side.text}


def test_without_parameters_the_first_pair_is_shown(client: TestClient) -> None:
    answer = client.get("/compare")
    assert answer.status_code == 200
    data = data_of(answer.text)
    first = PAIRS[0]
    assert [side["text"] for side in data["sides"]] == [first.left.text, first.right.text]
    assert (data["step"], data["theme"], data["speed"], data["loop"]) == (0, None, None, False)
    assert {kind["slug"] for kind in data["kinds"]} == set(KINDS)


def test_a_side_without_parameters_is_the_first_preset(client: TestClient) -> None:
    data = data_of(client.get("/compare?left=transposed&right=pooling").text)
    for side in data["sides"]:
        assert side["params"] == dict(KINDS[side["slug"]].presets[0].params)
        assert side["trace"]["kind"] == side["slug"]


@pytest.mark.parametrize("name", ["left", "right"])
def test_a_side_alone_gets_a_partner(client: TestClient, name: str) -> None:
    data = data_of(client.get(f"/compare?{name}=depthwise-separable").text)
    own, other = data["sides"] if name == "left" else reversed(data["sides"])
    assert (own["slug"], other["slug"]) == ("depthwise-separable", "grouped")


def test_the_link_is_the_whole_state(client: TestClient) -> None:
    text = client.get(f"/compare?{DILATED}&step=12&theme=dark&speed=2&loop=true").text
    data = data_of(text)
    assert (data["step"], data["theme"], data["speed"], data["loop"]) == (12, "dark", "2", True)
    assert [side["params"] for side in data["sides"]] == [{"dilation": "1"}, {"dilation": "2"}]
    assert '<html lang="en" data-theme="dark">' in text


def test_a_percent_encoded_link_is_the_same(client: TestClient) -> None:
    plain, encoded = (
        client.get(f"/compare?left=pooling?mode=average%26stride=2&right={right}").text
        for right in ("dilated?dilation=1", "dilated%3Fdilation%3D1")
    )
    assert data_of(plain)["sides"] == data_of(encoded)["sides"]


@pytest.mark.parametrize(
    ("side", "code", "field", "repair"),
    [
        ("dilatd?dilation=2", "unknown_kind", "slug", "/learn/dilated"),
        ("", "unknown_kind", "slug", "/"),
        ("dilated?dilation=0", "out_of_range", "dilation", "/learn/dilated?dilation=0"),
        ("dilated?dilation=4", None, "dilation", "/learn/dilated?dilation=4"),
        ("dilated?colour=red", "unknown_parameter", "colour", "/learn/dilated?colour=red"),
        ("dilated?count=3", "unknown_parameter", "count", "/learn/dilated?count=3"),
        ("dilated?stride=1%26stride=2", "repeated_parameter", "stride", "/learn/dilated?stride=1&stride=2"),
        ("dilated?stage=none", "unknown_choice", "stage", "/learn/dilated?stage=none"),
        ("dilated?dilation=1%26until=none", "unknown_choice", "until", "/learn/dilated?dilation=1"),
        ("layer?input_size=900", "budget_exceeded", "input_size", "/learn/layer?input_size=900"),
    ],
)
@pytest.mark.parametrize("name", ["left", "right"])
def test_one_side_wrong_says_so_and_the_other_shows(
    client: TestClient, name: str, side: str, code: str | None, field: str, repair: str
) -> None:
    other = "right" if name == "left" else "left"
    answer = client.get(f"/compare?{name}={side}&{other}=pooling?stride=2&step=9999")
    assert answer.status_code == 422
    data = data_of(answer.text)
    wrong, good = data["sides"] if name == "left" else reversed(data["sides"])
    assert code is None or wrong["error"]["code"] == code
    assert wrong["error"]["field"] == field
    assert wrong["trace"] is None
    assert wrong["text"] == unquote(side)
    assert (good["error"], good["trace"]["kind"]) == (None, "pooling")
    assert wrong["error"]["message"] in " ".join(Elements(answer.text).words)
    assert repair in hrefs(answer.text)
    # The step is cut to what there is, and is no second fault.
    assert data["step"] == good["trace"]["facts"]["steps"]
    assert 'id="problem" role="status" hidden' in answer.text


def test_the_link_for_repair_leads_to_the_same_error(client: TestClient) -> None:
    answer = client.get(lesson_link("dilated?dilation=0&padding=2"))
    assert answer.status_code == 422
    assert data_of(answer.text)["query"] == {"dilation": "0", "padding": "2"}


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        (f"{DILATED}&step=26", "out_of_range", "step"),
        (f"{DILATED}&step=x", "not_a_number", "step"),
        (f"{DILATED}&theme=sepia", "unknown_choice", "theme"),
        (f"{DILATED}&speed=3", "unknown_choice", "speed"),
        (f"{DILATED}&loop=1", "unknown_choice", "loop"),
        (f"{DILATED}&lang=xx", "unknown_choice", "lang"),
        (f"{DILATED}&middle=dilated", "unknown_parameter", "middle"),
        (f"{DILATED}&stage=convolution", "unknown_parameter", "stage"),
        (f"{DILATED}&left=pooling", "repeated_parameter", "left"),
        (f"{DILATED}&step=1&step=2", "repeated_parameter", "step"),
    ],
)
def test_a_fault_of_the_page_is_said_and_both_sides_show(client: TestClient, query: str, code: str, field: str) -> None:
    answer = client.get(f"/compare?{query}")
    assert answer.status_code == 422
    problem = re.search(r'<p class="problem" id="problem"[^>]*>([^<]+)', answer.text)
    assert problem
    assert field in problem[1]
    assert [side["slug"] for side in data_of(answer.text)["sides"]] == ["dilated", "dilated"]
    assert code


def test_a_query_too_long_is_a_page_of_413(client: TestClient) -> None:
    answer = client.get("/compare?left=" + "1," * 20_000)
    assert answer.status_code == 413
    assert data_of(answer.text)["sides"][0]["text"] == PAIRS[0].left.text


def test_an_error_is_said_in_the_language_of_the_page(client: TestClient) -> None:
    answer = client.get("/compare?left=dilated?dilation=0&right=nope&lang=zh")
    for side in data_of(answer.text)["sides"]:
        assert re.search("[\u4e00-\u9fff]", side["error"]["message"])
    assert "/learn/dilated?dilation=0&lang=zh" in hrefs(answer.text)


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("place", ["left={}", "left={}?stride=1", "left=dilated?{}=1", "right=dilated?dilation={}"])
def test_nothing_typed_becomes_markup(client: TestClient, hostile: str, place: str) -> None:
    from urllib.parse import quote

    answer = client.get(f"/compare?{place.format(quote(hostile, ''))}")
    assert answer.status_code == 422
    found = Elements(answer.text).found
    assert not any(name.startswith("on") for _, attributes in found for name in attributes)
    assert [tag for tag, attributes in found if tag == "script" and "src" not in attributes] == ["script"]
    assert all(href.startswith(("/", "#")) and not href.startswith("//") for href in hrefs(answer.text))


def test_without_scripts_both_outputs_and_all_costs_can_be_read(client: TestClient) -> None:
    html = client.get(f"/compare?{DILATED}").text
    tables = re.findall(r'id="(?:left|right)-tables">(.*?)<div class="canvas"', html, re.DOTALL)
    for table, dilation in zip(tables, ("1", "2"), strict=True):
        rows = trace_of(client, Side("dilated", {"dilation": dilation}))["tensors"]["output"]["values"][0]
        shown = [[int(n.replace("−", "-")) for n in re.findall("<td>(.*?)</td>", row)] for row in table.split("<tr>")]
        assert shown[1:] == rows
    costs = html.split('id="costs">')[1].split("</table>")[0]
    cells = [re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row) for row in costs.split("<tr>")[2:]]
    assert [row[1:] for row in cells] == [
        ["225", "81"],
        ["9", "9"],
        ["25", "9"],
        ["1 × 5 × 5", "1 × 3 × 3"],
        ["3 × 3", "5 × 5"],
    ]


@pytest.mark.parametrize("slug", KINDS)
def test_every_lesson_leads_to_a_comparison_with_another_figure(client: TestClient, slug: str) -> None:
    html = client.get(f"/learn/{slug}?step=1&theme=dark").text
    address = next(href for href in hrefs(html) if href.startswith("/compare"))
    answer = client.get(address)
    assert answer.status_code == 200
    data = data_of(answer.text)
    assert (data["step"], data["theme"]) == (1, "dark")
    left, right = (read_side(side["text"]) for side in data["sides"])
    assert figure_of(left) == figure_of(Side(slug))
    assert figure_of(left) != figure_of(right)


@pytest.mark.parametrize("slug", KINDS)
def test_no_figure_is_its_own_partner(slug: str) -> None:
    kind = KINDS[slug]
    for params in [{}, *(preset.params for preset in kind.presets)]:
        shown = params or {"seed": "0"}
        assert figure_of(partner(kind, shown)) != figure_of(Side(slug, shown))
    assert all(KINDS[found.side.slug].parse(found.side.params) for found in partners(kind))


@pytest.mark.parametrize(
    ("slug", "params", "expected"),
    [
        ("dilated", {}, "dilated?dilation=1"),
        ("dilated", {"dilation": "1"}, "dilated?dilation=2"),
        ("grouped", {}, "grouped?groups=1"),
        ("shuffled-grouped", {}, "shuffled-grouped?shuffle=false"),
        ("multi-channel", {"in_channels": "5"}, "depthwise-separable?in_channels=2&out_channels=2&input_size=4"),
        ("transposed", {}, "single-channel?input_size=4"),
    ],
)
def test_a_partner_suits_its_figure(slug: str, params: dict[str, str], expected: str) -> None:
    assert partner(KINDS[slug], params or {"seed": "0"}).text == expected


def test_the_home_page_leads_to_comparisons(client: TestClient) -> None:
    assert "/compare" in hrefs(client.get("/").text)
    assert "/compare?lang=zh" in hrefs(client.get("/?lang=zh").text)
