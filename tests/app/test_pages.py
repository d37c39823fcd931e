"""Pages stand without scripts, carry the whole state, and let nothing that was typed become markup."""

import asyncio
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import numpy as np
import pytest
from starlette.testclient import TestClient

from app import paths
from app.assets import Assets
from app.main import create_app
from app.rendering import in_script
from app.resources import Resources
from app.settings import Settings
from app.shown import SPEEDS, readable
from compute.kinds import KINDS

ROOT = Path(__file__).parents[2]
STRINGS = json.loads((ROOT / "locales/en/strings.json").read_text(encoding="utf-8"))
PAGES = [
    "/",
    "/docs",
    "/docs/embed",
    "/embed/grouped",
    "/embed/grouped?stride=0",
    "/compare",
    "/nowhere",
    "/learn/nope",
    *(f"/learn/{slug}" for slug in KINDS),
]


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the words outside scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._silent = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._silent = tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.words.append(data)


def data_of(html: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(html.split('id="page-data">')[1].split("</script>")[0])
    return data


@pytest.mark.parametrize("path", PAGES)
def test_no_page_names_another_host(client: TestClient, path: str) -> None:
    for tag, attributes in Elements(client.get(path).text).found:
        for name in ("src", "href", "srcset", "action", "formaction", "poster", "data"):
            value = attributes.get(name) or ""
            # A link may lead anywhere; what a page loads may not.
            if not (tag == "a" and name == "href"):
                assert not urlsplit(value).netloc, (tag, value)
                assert not value.startswith(("http:", "https:", "//")), (tag, value)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_forbids(client: TestClient, path: str) -> None:
    for tag, attributes in Elements(client.get(path).text).found:
        assert not any(name.startswith("on") for name in attributes), attributes
        if tag == "script":
            assert attributes.get("src") or attributes.get("type") == "application/json"
        assert tag not in ("base", "object", "embed")


@pytest.mark.parametrize(
    "path", ["/", "/compare", "/docs/embed", "/embed/dilated", "/embed/x", *(f"/learn/{slug}" for slug in KINDS)]
)
def test_all_that_a_page_loads_is_there(client: TestClient, path: str) -> None:
    loaded = [
        attributes.get("src") or attributes.get("href") or ""
        for tag, attributes in Elements(client.get(path).text).found
        if tag in ("script", "link", "img")
    ]
    loaded = [address for address in loaded if address and not address.startswith("data:")]
    assert sum(address.endswith(".css") for address in loaded) == 1
    for address in loaded:
        # The picture for readers without scripts is drawn by this server, too.
        assert address.startswith("/static/") or address.split("?")[0].endswith("/picture.svg")
        assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("slug", KINDS)
def test_a_lesson_preloads_its_modules_and_plotly(client: TestClient, slug: str) -> None:
    links = [attributes for tag, attributes in Elements(client.get(f"/learn/{slug}").text).found if tag == "link"]
    modules = {attributes["href"] for attributes in links if attributes["rel"] == "modulepreload"}
    assert modules == set(Assets(paths.STATIC).modules("js/main.js"))
    assert "plotly.min.js" in client.get(f"/learn/{slug}").text


@pytest.mark.parametrize("path", ["/", "/learn/layer", "/compare"])
def test_modules_are_preloaded_after_all_that_is_painted_first(client: TestClient, path: str) -> None:
    page = client.get(path).text
    before, later = page.split("<template data-later>")
    assert "modulepreload" not in before
    assert later.index("</template>") > later.rindex("modulepreload")
    assert before.rindex("</main>") < before.rindex('<script type="module"')
    assert "/js/later.js" in later


def test_the_home_page_lists_every_kind(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    links = {attributes.get("href") for tag, attributes in Elements(answer.text).found if tag == "a"}
    assert {f"/learn/{slug}" for slug in KINDS} <= links
    assert answer.headers["cache-control"] == "no-cache"
    assert "accept-language" in answer.headers["vary"].lower()


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_has_a_card_with_a_picture_and_terms_to_be_found_by(client: TestClient, slug: str) -> None:
    html = client.get("/").text
    card = re.search(rf'<li [^>]*data-terms="([^"]+)"><a href="/learn/{slug}">(.+?)</a></li>', html, re.DOTALL)
    assert card
    assert STRINGS[f"home.terms.{slug}"] in card[1]
    words = Elements(card[2]).words
    assert STRINGS[f"nav.{slug}"] in words
    assert KINDS[slug].summary in words
    picture = re.search(
        r'<svg class="picture"[^>]* aria-hidden="true" data-kind="(.+?)">(.+?)</svg>', card[2], re.DOTALL
    )
    assert picture, "draw one in templates/pictures.html"
    assert picture[1] == slug
    assert len(Elements(picture[2]).found) >= 4


def test_no_two_kinds_have_the_same_picture(client: TestClient) -> None:
    pictures = re.findall(r'data-kind=".+?">(.+?)</svg>', client.get("/").text, re.DOTALL)
    assert len(pictures) == len(set(pictures)) == len(KINDS)


def test_every_role_in_a_picture_has_its_look(client: TestClient) -> None:
    css = (ROOT / "static/css/home.css").read_text(encoding="utf-8")
    drawn = re.findall(r'<svg class="picture".+?</svg>', client.get("/").text, re.DOTALL)
    roles = {role for picture in drawn for names in re.findall(r'class="([^"]+)"', picture) for role in names.split()}
    assert {role for role in roles if not re.search(rf"\.{role}\b", css)} == set()


def test_the_path_follows_the_order_of_the_kinds(client: TestClient) -> None:
    path = re.search(r'<nav class="path".+?</nav>', client.get("/").text, re.DOTALL)
    assert path
    stops = re.findall(r'href="/learn/([^"]+)"', path[0])
    assert len(stops) >= 5
    assert stops == [slug for slug in KINDS if slug in stops]


def test_the_home_page_is_light_and_needs_no_plotly(client: TestClient) -> None:
    html = client.get("/").text
    assert "plotly" not in html.lower()
    links = [attributes for tag, attributes in Elements(html).found if tag in ("link", "script")]
    loaded = {str(attributes.get("href") or attributes.get("src")) for attributes in links} - {"None"}
    bodies = {address: client.get(address).text for address in loaded}
    for address, body in bodies.items():
        for target in re.findall(r'(?:from|import)\s+"(\.[^"]+)"', body):
            assert urljoin(address, target) in loaded, f"{address} imports {target}, which is not preloaded"
    assert sum(len(body.encode()) for body in (html, *bodies.values())) < 150_000


@pytest.mark.parametrize("slug", KINDS)
def test_without_parameters_a_lesson_shows_its_first_preset(client: TestClient, slug: str) -> None:
    preset = KINDS[slug].presets[0]
    data = data_of(client.get(f"/learn/{slug}").text)
    assert data["query"] == {}
    assert data["preset"] == preset.id
    assert data["trace"] == client.get(f"/api/v1/traces/{slug}", params=dict(preset.params)).json()
    assert data["limits"] == client.get(f"/api/v1/limits/{slug}", params=dict(preset.params)).json()["limits"]
    assert data["kind"] == next(kind for kind in client.get("/api/v1/kinds").json()["kinds"] if kind["slug"] == slug)
    assert (data["step"], data["theme"], data["speed"], data["loop"]) == (0, None, None, False)
    assert (data["error"], data["api"], data["lang"]) == (None, "/api/v1", "en")


def test_a_seed_alone_asks_for_the_defaults(client: TestClient) -> None:
    data = data_of(client.get("/learn/single-channel?seed=0").text)
    assert data["query"] == {"seed": "0"}
    assert data["preset"] is None
    assert data["trace"] == client.get("/api/v1/traces/single-channel").json()


def test_the_query_is_the_whole_state(client: TestClient) -> None:
    query = "stride=2&padding=1x2&step=3&theme=dark&speed=max&loop=true"
    text = client.get(f"/learn/single-channel?{query}").text
    data = data_of(text)
    assert data["query"] == {"stride": "2", "padding": "1x2"}
    assert (data["step"], data["theme"], data["speed"], data["loop"]) == (3, "dark", "max", True)
    assert data["trace"]["params"]["padding"] == [1, 2]
    assert '<html lang="en" data-theme="dark">' in text


def test_parameters_of_the_page_alone_keep_the_first_preset(client: TestClient) -> None:
    data = data_of(client.get("/learn/transposed?step=2&theme=projector").text)
    assert (data["step"], data["preset"]) == (2, KINDS["transposed"].presets[0].id)


def test_a_marker_for_values_that_no_link_holds_is_the_pages_alone(client: TestClient) -> None:
    data = data_of(client.get("/learn/single-channel?input_size=6&kept=0f").text)
    assert data["query"] == {"input_size": "6"}
    assert data["error"] is None
    said = "were too long for its link"
    for place in ("learn", "embed"):
        # Once among the strings for scripts, which are everywhere, and once for whoever reads the page.
        assert client.get(f"/{place}/transposed?kept=0f").text.count(said) == 2
        assert client.get(f"/{place}/transposed").text.count(said) == 1


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("step=10", "out_of_range", "step"),
        ("step=-1", "out_of_range", "step"),
        ("step=99999999999999999999999", "out_of_range", "step"),
        ("step=x", "not_a_number", "step"),
        ("step=1.5", "not_whole", "step"),
        ("step=1&step=2", "repeated_parameter", "step"),
        ("theme=sepia", "unknown_choice", "theme"),
        ("speed=3", "unknown_choice", "speed"),
        ("loop=1", "unknown_choice", "loop"),
        ("autoplay=1", "unknown_choice", "autoplay"),
        ("count=3", "unknown_parameter", "count"),
        ("start=1", "unknown_parameter", "start"),
        ("stride=0&step=100", "out_of_range", "stride"),
        ("utm_source=x", "unknown_parameter", "utm_source"),
    ],
)
def test_a_faulty_query_is_said_on_the_full_page(client: TestClient, query: str, code: str, field: str) -> None:
    answer = client.get(f"/learn/single-channel?{query}")
    assert answer.status_code == 422
    data = data_of(answer.text)
    assert (data["error"]["code"], data["error"]["field"]) == (code, field)
    assert data["error"]["message"] in " ".join(Elements(answer.text).words)
    assert data["trace"]["kind"] == "single-channel"
    assert data["step"] <= data["trace"]["facts"]["steps"]


def test_what_was_typed_stays_and_the_first_preset_stands_in(client: TestClient) -> None:
    data = data_of(client.get("/learn/single-channel?stride=0&padding=1&theme=dark").text)
    assert data["query"] == {"stride": "0", "padding": "1"}
    assert data["preset"] == KINDS["single-channel"].presets[0].id
    assert data["theme"] == "dark"


def test_a_fault_of_the_page_leaves_the_figure(client: TestClient) -> None:
    data = data_of(client.get("/learn/single-channel?stride=2&step=99&speed=4").text)
    assert (data["trace"]["params"]["stride"], data["preset"], data["speed"]) == ([2, 2], None, "4")


def test_a_query_too_long_is_a_page_of_413(client: TestClient) -> None:
    answer = client.get("/learn/single-channel?input=" + "1," * 20_000)
    assert answer.status_code == 413
    assert data_of(answer.text)["error"]["code"] == "query_too_long"
    assert data_of(answer.text)["query"] == {}


def test_the_last_step_can_be_linked_to(client: TestClient) -> None:
    assert data_of(client.get("/learn/single-channel?step=9").text)["step"] == 9


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</script><script>alert(1)</script>",
    "'-alert(1)-'",
    "<!--<script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u2028\u2029",
    "javascript:alert(1)",
]
NAMES = sorted({name for kind in KINDS.values() for name in kind.schema()["properties"]})


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_typed_becomes_markup(client: TestClient, hostile: str) -> None:
    """Names are read by the same code, so each meets one of the texts, and each text some of the names."""
    harmless = Elements(client.get("/learn/layer?stride=0").text).found
    tags = [tag for tag, _ in harmless]
    for name in [*NAMES[HOSTILE.index(hostile) :: len(HOSTILE)], "step", "theme", "speed", "loop", hostile]:
        answer = client.get(f"/learn/layer?{quote(name)}={quote(hostile)}")
        assert answer.status_code == 422, (name, answer.status_code)
        found = Elements(answer.text).found
        assert [tag for tag, _ in found if tag not in ("td", "tr")] == [tag for tag in tags if tag not in ("td", "tr")]
        assert not any(key.startswith("on") for _, attributes in found for key in attributes)
        if name not in ("step", "theme", "speed", "loop"):
            assert data_of(answer.text)["query"] == {name: hostile}
        assert "\u2028" not in answer.text.split('id="page-data">')[1]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_marker_becomes_no_markup(client: TestClient, hostile: str) -> None:
    answer = client.get(f"/learn/layer?kept={quote(hostile)}")
    assert answer.status_code == 200
    found = Elements(answer.text).found
    assert [tag for tag, _ in found] == [tag for tag, _ in Elements(client.get("/learn/layer?kept=0").text).found]
    assert not any(key.startswith("on") for _, attributes in found for key in attributes)


def test_json_in_a_script_neither_ends_it_nor_a_line() -> None:
    value = {"a": "</script><!-- \u2028 \u2029 & ' \\u003c"}
    text = in_script(json.dumps(value, ensure_ascii=False).encode())
    assert not re.search("[<\u2028\u2029]", text)
    assert json.loads(text) == value


@pytest.mark.parametrize("slug", KINDS)
def test_a_lesson_can_be_read_before_scripts_arrive(client: TestClient, slug: str) -> None:
    words = " ".join(" ".join(Elements(client.get(f"/learn/{slug}").text).words).split())
    assert KINDS[slug].title in words
    assert KINDS[slug].summary in words


@pytest.mark.parametrize("slug", KINDS)
@pytest.mark.parametrize("number", range(20))
def test_every_preset_has_a_page(client: TestClient, slug: str, number: int) -> None:
    if number < len(KINDS[slug].presets):
        answer = client.get(f"/learn/{slug}", params=dict(KINDS[slug].presets[number].params))
        assert answer.status_code == 200
        assert data_of(answer.text)["trace"]["kind"] == slug


def test_speeds_are_those_of_the_player() -> None:
    player = (ROOT / "static/js/model/player.js").read_text(encoding="utf-8")
    listed = re.search(r"SPEEDS = (\[[^\]]*\])", player)
    assert listed
    assert tuple(json.loads(listed[1])) == SPEEDS


def test_in_development_pages_render_anew() -> None:
    client = TestClient(create_app(Settings(reload=True, strict_strings=True)))
    assert client.get("/").text == client.get("/").text


@pytest.mark.parametrize("path", ["/learn/dilated", "/embed/dilated", "/compare"])
def test_a_page_with_a_figure_is_made_beside_the_event_loop(
    fresh: TestClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    loops: list[bool] = []
    render = Resources.render

    def watched(*given: Any) -> str:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            loops.append(False)
        else:
            loops.append(True)
        return render(*given)

    monkeypatch.setattr(Resources, "render", watched)
    assert fresh.get(path).status_code == 200
    assert loops == [False]


def test_of_a_stage_templates_read_what_does_not_grow_with_its_steps() -> None:
    kind = KINDS["transposed"]
    small, large = (readable(kind.trace(kind.parse({"input_size": size, "view": "together"}))) for size in ("4", "8"))
    written = [len(json.dumps(one["stages"])) for one in (small, large)]
    assert max(written) - min(written) < 20  # digits
    assert set(large["stages"][0]["steps"]) == {"start", "count", "total", "offset"}
    assert np.shape(large["tensors"]["output"]["values"]) == tuple(large["tensors"]["output"]["shape"])
