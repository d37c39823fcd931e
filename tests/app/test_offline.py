"""Files without a server: what is in them, how large they are told to be, and what is refused."""

import io
import json
import re
import zipfile
import zlib
from base64 import b64decode
from hashlib import sha256
from itertools import product
from typing import Any

import pytest
import quickjs  # type: ignore[import-untyped]
from starlette.testclient import TestClient

from app import paths
from app.bundle import bundle
from app.main import create_app
from app.offline.files import Linking, blank
from app.offline.html import PageError, Parts, data_of, hashes, inline_script, inline_sheet, rewritten
from app.offline.moves import key_of, moved, neighbours, properties, reachable
from app.settings import Settings
from compute.errors import ConvError
from compute.kinds import KINDS

PATH = "/api/v1/offline"
SCRIPTS = paths.STATIC / "js"


def held_in(text: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(text.split('id="held">')[1].split("</script>")[0])
    return found


def answers_in(held: dict[str, Any], pack: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(zlib.decompress(b64decode(held["packs"][pack]), 31))
    return found


def error_of(client: TestClient, address: str) -> dict[str, Any]:
    answer = client.get(f"{PATH}/{address}")
    assert answer.status_code == 422, answer.text[:300]
    error: dict[str, Any] = answer.json()["error"]
    return error


def limited(**settings: Any) -> TestClient:
    client = TestClient(create_app(Settings(strict_strings=True, **settings)))
    client.headers["accept-encoding"] = "identity"
    return client


@pytest.mark.parametrize("slug", KINDS)
def test_a_file_of_every_kind_loads_nothing(client: TestClient, slug: str) -> None:
    answer = client.get(f"{PATH}/{slug}?step=1")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="convoscope-{slug}-step-1.html"'
    markup = re.sub(r"(<(script|style)\b[^>]*>).*?</\2>", r"\1", answer.text, flags=re.DOTALL)
    assert not re.findall(r"<(?:link|script|img|source|iframe|use)[^>]*(?:src|href)=\"(?!data:|#)[^\"]*\"", markup)
    assert 'href="/' not in markup


def test_only_the_scripts_of_the_file_may_run(client: TestClient) -> None:
    text = client.get(f"{PATH}/dilated").text
    rule = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
    assert rule
    assert text.index("Content-Security-Policy") < text.index("<title>")
    assert "default-src &#x27;none&#x27;" in rule[1]
    assert "http" not in rule[1]
    told = set(re.findall(r"sha256-[\w+/=]+", rule[1]))
    assert {one.strip("'") for one in hashes(text)} == told
    assert "unsafe-eval" not in rule[1]


def test_a_file_holds_every_combination_once_and_what_cannot_be_as_its_refusal(client: TestClient) -> None:
    text = client.get(f"{PATH}/dilated?dilation=2&live=stride:1-3,kernel_size:2-5").text
    held = held_in(text)
    keys = held["indexes"]["dilated"]["packs"]["live"]["keys"]
    kind = KINDS["dilated"]
    wanted = {
        key_of(kind, {"dilation": "2", "stride": str(stride), "kernel_size": str(size)})
        for stride, size in product(range(1, 4), range(2, 6))
    }
    assert set(keys) == wanted
    assert len(keys) == len(wanted)
    answers = answers_in(held, "dilated/live")
    for key, answer in zip(keys, answers, strict=True):
        asked = client.get("/api/v1/traces/dilated", params=dict(pair.split("=") for pair in key.split("&") if pair))
        assert answer == ({"trace": asked.json()} if asked.status_code == 200 else asked.json())
    refused = held["indexes"]["dilated"]["packs"]["live"]["refused"]
    assert refused == [n for n, answer in enumerate(answers) if "error" in answer]
    assert refused


def test_values_that_a_size_drops_are_packed_with_and_without(client: TestClient) -> None:
    typed = {"input": "1,2,3;4,5,6;7,8,9", "kernel": "1,0;0,1"}
    query = "&".join(f"{name}={value}" for name, value in typed.items())
    held = held_in(client.get(f"{PATH}/single-channel?{query}&live=stride:1-2,kernel_size:1-3").text)
    keys = held["indexes"]["single-channel"]["packs"]["live"]["keys"]
    assert sum("input=" in key for key in keys) == 2
    assert sum("input=" not in key for key in keys) == 6


@pytest.mark.parametrize(
    "address",
    [
        "dilated?dilation=2",
        "dilated?dilation=2&live=stride:1-3,padding:0-2&lang=zh",
        "transposed?step=3&live=view:stamp|zero-stuffed,by:input|output&theme=dark",
        "pooling?live=mode:max|average,seed:0-4",
    ],
)
def test_the_estimate_is_the_file(client: TestClient, address: str) -> None:
    between = "&" if "?" in address else "?"
    told = client.get(f"{PATH}/{address}{between}estimate=true").json()
    file = client.get(f"{PATH}/{address}")
    assert set(told) == {"figures", "bytes", "name"}
    assert told["bytes"] == len(file.content)
    assert f'filename="{told["name"]}"' in file.headers["content-disposition"]
    slug = address.split("?")[0]
    assert told["figures"] == len(held_in(file.text)["indexes"][slug]["packs"]["live"]["keys"])


def test_a_file_speaks_the_language_of_its_address_and_no_other(client: TestClient) -> None:
    asked = {"accept-language": "zh"}
    english = client.get(f"{PATH}/dilated?live=stride:1-2", headers=asked).text
    chinese = client.get(f"{PATH}/dilated?live=stride:1-2&lang=zh", headers=asked).text
    assert held_in(english)["indexes"]["dilated"]["says"].startswith("This file holds Stride 1–2.")
    assert 'lang="zh"' in chinese
    assert "1–2" in held_in(chinese)["indexes"]["dilated"]["says"]
    assert "This file" not in held_in(chinese)["indexes"]["dilated"]["says"]


def test_too_many_figures_name_the_longest_range_and_one_that_has_room() -> None:
    client = limited(offline_figures=20)
    error = error_of(client, "dilated?live=stride:1-5,padding:0-6")
    assert error["code"] == "too_many_figures"
    assert error["field"] == "live"
    assert (error["values"]["count"], error["values"]["limit"], error["values"]["longest"]) == (35, 20, "padding")
    assert "padding" in error["message"]
    again = client.get(f"{PATH}/dilated?live={error['values']['nearest']}&estimate=true")
    assert again.status_code == 200
    assert again.json()["figures"] <= 20


def test_the_nearest_range_counts_what_dropped_values_add() -> None:
    client = limited(offline_figures=8)
    base = "single-channel?input=1,2,3;4,5,6;7,8,9&kernel=1,0;0,1"
    error = error_of(client, f"{base}&live=stride:1-2,kernel_size:1-4")
    assert client.get(f"{PATH}/{base}&live={error['values']['nearest']}").status_code == 200


def test_files_that_are_too_large_name_ranges_that_have_room() -> None:
    client = limited(offline_bytes=30_000)
    error = error_of(client, "single-channel?input_size=16&live=seed:0-20,stride:1-2")
    assert error["code"] == "file_too_large"
    assert error["values"]["longest"] == "seed"
    held = client.get(f"{PATH}/single-channel?input_size=16&live={error['values']['nearest']}")
    assert held.status_code == 200
    assert len(held_in(held.text)["packs"]["single-channel/live"]) <= 30_000


def test_a_figure_that_alone_is_too_large_says_so() -> None:
    error = error_of(limited(offline_bytes=500), "single-channel?input_size=16")
    assert error["code"] == "file_too_large"
    assert "nearest" not in error["values"]


@pytest.mark.parametrize(
    ("live", "code"),
    {
        "no range": ("stride", "malformed_range"),
        "no numbers": ("stride:a-b", "malformed_range"),
        "twice": ("stride:1-2,stride:1-3", "malformed_range"),
        "negative": ("stride:-1-2", "malformed_range"),
        "downwards": ("stride:3-1", "range_impossible"),
        "past the slider": ("stride:1-99", "range_impossible"),
        "values": ("kernel:1-2", "range_impossible"),
        "unknown": ("strid:1-2", "unknown_parameter"),
        "of the page": ("step:1-2", "unknown_parameter"),
        "no such choice": ("padding_mode:zeros|mirror", "unknown_choice"),
        "huge": (f"stride:1-{'9' * 400}", "malformed_range"),
    }.values(),
)
def test_ranges_that_cannot_be_are_refused_by_name(client: TestClient, live: str, code: str) -> None:
    error = error_of(client, f"dilated?live={live}")
    assert error["code"] == code
    assert error["message"]
    assert error["hint"]
    if "nearest" in error["values"] and code != "unknown_parameter":
        assert client.get(f"{PATH}/dilated?live={error['values']['nearest']}&estimate=true").status_code == 200


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("nope", 404, "unknown_kind"),
        ("dilated?kernel_size=0", 422, "out_of_range"),
        ("dilated?foo=1", 422, "unknown_parameter"),
        ("dilated?step=9999", 422, "out_of_range"),
        ("dilated?theme=pink", 422, "unknown_choice"),
        ("dilated?estimate=perhaps", 422, "unknown_choice"),
        ("single-channel?input_size=2&kernel_size=5", 422, "kernel_exceeds_input"),
    ],
)
def test_what_the_page_refuses_makes_no_file(client: TestClient, address: str, status: int, code: str) -> None:
    answer = client.get(f"{PATH}/{address}")
    assert answer.status_code == status
    assert answer.json()["error"]["code"] == code


@pytest.mark.parametrize(
    ("base", "href"),
    [
        ("https://convoscope.example", ' href="https://convoscope.example/learn/layer?a=1&amp;b=2"'),
        ("http://127.0.0.1:8000", ""),
        ("http://[::1]:8000", ""),
        ("http://localhost:8000", ""),
        ("", ""),
    ],
)
def test_links_lead_to_a_server_that_others_can_reach_or_nowhere(base: str, href: str) -> None:
    parts = Parts(
        sheet=nothing,
        icon=str,
        link=Linking(base),
        script=nothing,
        deferred=lambda address, name, module: None,
        attributes=blank,
    )
    page = rewritten('<a href="/learn/layer?a=1&amp;b=2">x</a><a href="#b">y</a>', parts)
    outside = ' target="_blank" rel="noopener noreferrer"'
    assert page.replace(outside, "") == f'<a{href}>x</a><a href="#b">y</a>'
    assert (outside in page) or not href


def archive_of(client: TestClient, figures: list[str]) -> dict[str, str]:
    answer = client.post(PATH, json={"figures": figures})
    assert answer.status_code == 200, answer.text[:300]
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return {name.removeprefix("convoscope/"): archive.read(name).decode() for name in archive.namelist()}


def test_a_folder_shares_one_player_and_keeps_each_figure_small(client: TestClient) -> None:
    files = archive_of(
        client, ["/embed/dilated?dilation=2&live=stride:1-2", "/learn/pooling?step=1", "/embed/dilated?lang=zh"]
    )
    pages = [name for name in files if name.endswith(".html")]
    assert pages == ["01-dilated-dilation-2.html", "02-pooling-step-1.html", "03-dilated-lang-zh.html"]
    for name in pages:
        places = re.findall(r'<(?:link|script)[^>]*(?:href|src)="([^"]+)"', files[name])
        assert places
        assert set(places) <= set(files)
        assert "strings" not in data_of(files[name])
        assert len(files[name]) < 100_000
    assert {"player/words-en.js", "player/words-zh.js"} <= set(files)


def test_the_same_folder_is_the_same_bytes(client: TestClient) -> None:
    asked = {"figures": ["/embed/dilated"]}
    assert client.post(PATH, json=asked).content == client.post(PATH, json=asked).content


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "wrong_type"),
        ({"figures": []}, "wrong_type"),
        ({"figures": "/embed/dilated"}, "wrong_type"),
        ({"figures": [1]}, "wrong_type"),
        ({"figures": ["https://elsewhere.example/embed/dilated"]}, "not_a_figure"),
        ({"figures": ["//elsewhere.example/embed/dilated"]}, "not_a_figure"),
        ({"figures": ["/compare"]}, "not_a_figure"),
        ({"figures": ["/embed/dilated?kernel_size=0"]}, "out_of_range"),
        ({"figures": ["/embed/dilated"], "name": "x"}, "unknown_parameter"),
        ({"figures": ["/embed/dilated"] * 501}, "too_many_figures"),
    ],
)
def test_lists_that_are_none_are_refused(client: TestClient, body: dict[str, Any], code: str) -> None:
    answer = client.post(PATH, json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == code


def test_a_folder_counts_the_figures_of_all_its_pages() -> None:
    client = limited(offline_figures=5)
    answer = client.post(PATH, json={"figures": ["/embed/dilated?live=stride:1-3"] * 2})
    assert answer.json()["error"]["code"] == "too_many_figures"


def scripts() -> quickjs.Context:
    context = quickjs.Context()
    for name, entry in (("PARAMS", "model/params.js"), ("HELD", "model/held.js")):
        context.eval(bundle(entry, lambda path: (SCRIPTS / path).read_text(encoding="utf-8"), name))
    context.eval(
        "globalThis.keyOf = (text) => HELD.keyOf(JSON.parse(text).params, JSON.parse(text).schema);"
        "globalThis.moved = (text) => JSON.stringify(PARAMS.changed(JSON.parse(text)).params);"
    )
    return context


@pytest.mark.parametrize("slug", KINDS)
def test_page_and_file_mean_the_same_figure_by_every_move(slug: str) -> None:
    kind, run = KINDS[slug], scripts()
    schema = {"properties": properties(kind)}
    for typed in (*(dict(preset.params) for preset in kind.presets), {}):
        trace = json.loads(json.dumps(kind.facts(kind.parse_facts(typed)), default=lambda value: value.tolist()))
        for name, one in properties(kind).items():
            control = one["x-control"]
            values = control.get("options") or [str(control.get(end, "")) for end in ("min", "max")]
            for value in ["true", "false"] if control["widget"] == "flag" else values:
                if control["widget"] in ("size", "number", "choice", "flag") and value:
                    change = {"typed": typed, "trace": trace, "schema": schema, "name": name, "text": value}
                    theirs = json.loads(run.get("moved")(json.dumps(change)))
                    ours = moved(kind, typed, name, value)
                    assert ours == theirs, (typed, name, value)
                    assert key_of(kind, ours) == run.get("keyOf")(json.dumps({"params": theirs, "schema": schema}))


def test_sizes_are_named_in_their_shortest_form_on_both_sides() -> None:
    kind, run = KINDS["single-channel"], scripts()
    schema = {"properties": properties(kind)}
    for params in ({"stride": "2x2"}, {"padding": "1:1x1:1"}, {"padding": "1:2x0"}, {"stride": "1x1", "input": "1,2"}):
        ours = key_of(kind, params)
        assert ours == run.get("keyOf")(json.dumps({"params": params, "schema": schema}))
    assert key_of(kind, {"padding": "1:1x1:1", "stride": "2x2"}) == "padding=1&stride=2"


@pytest.mark.parametrize("typed", [{"dilation": "2"}, {"kernel_size": "2", "padding": "1:2x0"}])
def test_a_page_arrives_with_the_limits_that_it_would_find(client: TestClient, typed: dict[str, str]) -> None:
    query = "&".join(f"{name}={value}" for name, value in typed.items())
    text = client.get(f"{PATH}/dilated?{query}&live=stride:1-3,kernel_size:2-5").text
    data, held, run = data_of(text), held_in(text), scripts()
    run.eval(
        "globalThis.limits = (text) => { const { held, pack, params, trace } = JSON.parse(text);"
        " const places = HELD.placesOf(held); return JSON.stringify(HELD.limitsOf(held, params, trace, (other) => {"
        " const place = places.get(HELD.keyOf(other, held.schema));"
        " return place ? place.refused ? pack[place.at].error : null : HELD.missing(held, new Map(), other, null);"
        " })); };"
    )
    given = {
        "held": held["indexes"]["dilated"],
        "pack": answers_in(held, "dilated/live"),
        "params": typed,
        "trace": data["trace"],
    }
    assert json.loads(run.get("limits")(json.dumps(given))) == data["limits"]
    assert data["limits"]["padding"]["linked"]


def test_reachable_figures_are_closed_under_every_move() -> None:
    kind = KINDS["single-channel"]
    ranges = {"stride": ["1", "2"], "kernel_size": ["2", "3"]}
    found = list(reachable(kind, dict(kind.presets[0].params), ranges))
    keys = [key_of(kind, params) for params in found]
    assert len(set(keys)) == len(keys)
    assert {key_of(kind, other) for params in found for other in neighbours(kind, params, ranges)} <= set(keys)


def nothing(address: str) -> str:
    return f"<!-- {address} -->"


def test_what_a_page_loads_and_nobody_knows_is_an_error() -> None:
    parts = Parts(sheet=nothing, icon=str, link=str, script=nothing, deferred=lambda address, name, module: None)
    assert rewritten("<p>a &amp; b &#39;c&#39;<br></p>", parts) == "<p>a &amp; b &#39;c&#39;<br></p>"
    for page in ('<img src="/a.png">', '<link rel="manifest" href="/m">', '<video poster="/p.png"></video>'):
        with pytest.raises(PageError):
            rewritten(page, parts)
    with pytest.raises(PageError):
        inline_sheet("a { background: url(/a.png) }")


def test_a_script_that_names_the_end_of_its_element_does_not_end_it() -> None:
    text = inline_script("const a = '</script><!--';")
    assert text.count("</script") == 1
    assert "<!--" not in text
    code = text.removeprefix("<script>").removesuffix("</script>")
    assert hashes(text) != [f"'sha256-{sha256(b'').hexdigest()}'"]
    assert quickjs.Context().eval(f"{code} a") == "</script><!--"


def test_errors_of_ranges_are_those_of_the_engine() -> None:
    with pytest.raises(ConvError):
        list(neighbours(KINDS["single-channel"], {"input": "1,2;3"}, {"kernel_size": ["2"]}))
