"""Figures in frames: what their address takes, what is said of what it cannot take, and what they never do."""

import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from app.embed import PARAMETERS
from compute.kinds import KINDS


def data_of(html: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(html.split('id="page-data">')[1].split("</script>")[0])
    return data


def test_a_frame_has_the_figure_its_equation_and_a_slim_transport_and_nothing_else(client: TestClient) -> None:
    html = client.get("/embed/transposed?stride=2&step=3&theme=projector").text
    assert '<html lang="en" data-theme="projector">' in html
    assert data_of(html)["step"] == 3
    assert data_of(html)["query"] == {"stride": "2"}
    for part in ("canvas", "sum", "play", "back", "forward", "scrub"):
        assert f'id="{part}"' in html
    for part in ("controls", "facts", "numbers", "preset", "types", "menu", "speed", "calculation"):
        assert f'id="{part}"' not in html
    assert "plotly" not in html.lower()
    assert "remembered.js" not in html
    assert "main.js" not in html


def test_controls_say_what_the_reader_can_use(client: TestClient) -> None:
    none = client.get("/embed/dilated?controls=none").text
    assert 'id="play"' not in none
    assert data_of(none)["limits"] == {}
    everything = client.get("/embed/dilated?controls=all").text
    for part in ("controls", "switches", "speed", "loop", "first", "last"):
        assert f'id="{part}"' in everything
    assert data_of(everything)["limits"]["stride"]


@pytest.mark.parametrize("slug", KINDS)
def test_every_figure_stands_in_a_frame_without_scripts(client: TestClient, slug: str) -> None:
    answer = client.get(f"/embed/{slug}")
    assert answer.status_code == 200
    assert "<table>" in answer.text


def test_the_tensors_that_are_drawn_alone_are_those_of_the_tables(client: TestClient) -> None:
    html = client.get("/embed/single-channel?panels=output,input,output").text
    assert data_of(html)["embed"]["panels"] == ["input", "output"]
    assert re.findall(r'<figure class="role-(\w+)">', html) == ["input", "output"]


def test_all_that_a_frame_takes_reaches_the_scripts(client: TestClient) -> None:
    html = client.get(
        "/embed/single-channel?start=2&end=7&step=4&autoplay=slide&loop=true&speed=2&fit=width&transparent=true"
        "&theme=dark&predict=true&stage=convolution&lang=zh"
    ).text
    data = data_of(html)
    assert (data["step"], data["loop"], data["speed"], data["theme"], data["lang"]) == (4, True, "2", "dark", "zh")
    assert data["embed"] == {
        "start": 2,
        "end": 7,
        "autoplay": "slide",
        "controls": "transport",
        "panels": [],
        "stage": "convolution",
        "fit": "width",
        "predict": True,
        "transparent": True,
    }
    assert 'min="2" max="7" value="4"' in html
    assert '<html lang="zh" data-theme="dark" data-transparent>' in html


def test_a_figure_begins_at_its_first_step_and_its_end_moves_along(client: TestClient) -> None:
    data = data_of(client.get("/embed/single-channel?start=3").text)
    assert data["step"] == 3
    assert data["embed"]["end"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("stride=0", "stride"),
        ("kernel_size=9", "kernel_size"),
        ("step=10", "step"),
        ("start=3&step=2", "step"),
        ("end=4&step=5", "step"),
        ("start=5&end=4", "end"),
        ("end=10", "end"),
        ("start=x", "start"),
        ("autoplay=yes", "autoplay"),
        ("controls=some", "controls"),
        ("panels=inputs", "panels"),
        ("panels=", "panels"),
        ("panels=input,,output", "panels"),
        ("stage=nothing", "stage"),
        ("fit=cover", "fit"),
        ("theme=pink", "theme"),
        ("theme=transparent&transparent=false", "transparent"),
        ("theme=transparent&speed=3", "speed"),
        ("speed=3", "speed"),
        ("lang=tlh", "lang"),
        ("loop=1", "loop"),
        ("transparent=1", "transparent"),
        ("predict=1", "predict"),
        ("autpolay=true", "autpolay"),
        ("count=3", "count"),
        ("step=1&step=2", "step"),
        ("theme=%ff", "theme"),
    ],
)
def test_what_cannot_be_is_said_in_the_frame_with_a_way_to_mend_it(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/embed/single-channel?{query}")
    assert answer.status_code == 422
    assert "page-data" not in answer.text
    assert "<script" not in answer.text
    link = re.search(r'<a class="button" href="([^"]+)" target="_blank" rel="noopener">', answer.text)
    assert link
    assert link[1].startswith("/learn/single-channel")
    # The same words as the engine has, which name the field; a figure's own fault is said again where it is mended.
    assert field in answer.text
    if field in ("stride", "kernel_size"):
        assert client.get(link[1].replace("&amp;", "&")).status_code == 422
    if field == "autpolay":
        assert "autoplay" in answer.text
    for alone in set(PARAMETERS) & set(parse_qs(urlsplit(link[1].replace("&amp;", "&")).query)):
        assert alone not in ("start", "end", "autoplay", "controls", "panels", "fit", "transparent")


def test_transparent_is_a_theme_too(client: TestClient) -> None:
    html = client.get("/embed/single-channel?theme=transparent").text
    assert '<html lang="en" data-transparent>' in html
    told = client.get("/oembed?url=/embed/single-channel%3Ftheme%3Dtransparent").json()
    assert told["html"].count("transparent=true") == 1


def test_an_unknown_kind_is_said_in_the_frame_and_the_nearest_is_offered(client: TestClient) -> None:
    answer = client.get("/embed/dilate")
    assert answer.status_code == 404
    assert 'href="/learn/dilated" target="_blank"' in answer.text
    assert 'class="top"' not in answer.text
    assert 'href="/" target="_blank"' in client.get("/embed/qqqqqqqq").text


def test_what_was_typed_becomes_no_markup(client: TestClient) -> None:
    for query in ("theme=<script>x</script>", "<b>=1", "panels=<b>", "seed=0&stage=</script>"):
        answer = client.get(f"/embed/single-channel?{query}")
        assert answer.status_code == 422
        assert "<script>" not in answer.text
        assert "<b>" not in answer.text


def test_errors_are_said_in_the_language_that_was_asked_for(client: TestClient) -> None:
    text = client.get("/embed/single-channel?stride=0&lang=zh").text
    assert '<html lang="zh"' in text
    assert "步幅" in text


@pytest.mark.parametrize("path", ["/embed/single-channel", "/embed/single-channel?stride=0", "/embed/nothing"])
def test_any_page_may_frame_it_and_nothing_is_kept(client: TestClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.endswith("frame-ancestors *")
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert "x-frame-options" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/", "/learn/dilated", "/docs", "/docs/embed", "/compare"])
def test_other_pages_are_framed_by_their_own_site_alone(client: TestClient, path: str) -> None:
    policy = client.get(path).headers["content-security-policy"]
    assert policy.endswith("frame-ancestors 'self'")
    assert "frame-src 'self'" in policy


def test_the_page_of_live_frames_names_every_parameter_and_its_frames_are_figures(client: TestClient) -> None:
    for lang in ("en", "zh"):
        html = client.get(f"/docs/embed?lang={lang}").text
        for name in PARAMETERS:
            assert name == "kept" or f'<th scope="row"><code>{name}</code></th>' in html
        frames = re.findall(r'<iframe id="\w+" src="([^"]+)"', html)
        assert len(frames) >= 5
        for address in frames:
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address
    assert 'href="/docs/embed"' in client.get("/docs").text
