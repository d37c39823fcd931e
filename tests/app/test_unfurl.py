"""Pictures over HTTP, the tags of pages, and oEmbed as its specification has it."""

import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from PIL import Image
from starlette.testclient import TestClient

from app import still, unfurl
from app.main import create_app
from app.settings import Settings
from compute.kinds import KINDS

BASE = "https://conv.example"


@pytest.fixture(scope="module")
def based() -> Iterator[TestClient]:
    """A client of an application that knows its own address."""
    with TestClient(create_app(Settings(strict_strings=True, base_url=BASE, brotli_quality=1))) as client:
        yield client


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the extra was not installed."""
    monkeypatch.setattr(still, "missing", lambda: "quickjs")


class Tags(HTMLParser):
    """The metadata and links of a page, the pictures in its noscript, and attributes of frames."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, dict[str, str]] = {}
        self.pictures: list[dict[str, str]] = []
        self.frames: list[dict[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "meta" and ("property" in found or "name" in found):
            self.meta[found.get("property") or found["name"]] = found.get("content", "")
        elif tag == "link" and "type" in found:
            self.links[found["type"]] = found
        elif tag == "iframe":
            self.frames.append(found)
        elif tag in ("img", "source"):
            self.pictures.append(found)


def oembed(client: TestClient, url: str, **more: str) -> Any:
    query = "".join(f"&{name}={quote(value)}" for name, value in more.items())
    return client.get(f"/oembed?url={quote(url, safe='')}{query}")


# --- pictures ---


def test_a_picture_is_a_png_of_the_size_that_is_asked_for(client: TestClient) -> None:
    for path, size in (("picture.png", (1200, 630)), ("picture.png?width=300", (300, 157))):
        answer = client.get(f"/embed/dilated/{path}")
        assert answer.headers["content-type"] == "image/png"
        with Image.open(io.BytesIO(answer.content)) as image:
            assert image.size == size


def test_a_picture_is_kept_and_revalidated(client: TestClient) -> None:
    first = client.get("/embed/single-channel/picture.svg?step=2")
    assert first.headers["content-type"] == "image/svg+xml"
    assert "max-age=86400" in first.headers["cache-control"]
    again = client.get("/embed/single-channel/picture.svg?step=2", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_any_page_may_show_a_picture(client: TestClient) -> None:
    headers = client.get("/embed/single-channel/picture.svg").headers
    assert headers["cross-origin-resource-policy"] == "cross-origin"


def test_every_parameter_of_a_picture_changes_it(client: TestClient) -> None:
    first = client.get("/embed/pointwise-grouped/picture.svg?step=3").text
    for other in ("step=4", "step=3&theme=dark", "step=3&lang=zh", "step=3&width=400", "step=3&stride=2"):
        assert client.get(f"/embed/pointwise-grouped/picture.svg?{other}").text != first, other
    whole = client.get("/embed/shuffled-grouped/picture.svg?step=3&stage=all").text
    assert whole != client.get("/embed/shuffled-grouped/picture.svg?step=3&stage=second").text


def test_without_a_step_a_picture_shows_one_in_the_middle(client: TestClient) -> None:
    middle = client.get("/embed/single-channel/picture.svg?step=5").text
    assert client.get("/embed/single-channel/picture.svg").text == middle
    assert client.get("/embed/single-channel/picture.svg?step=0").text != middle


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("dilated/picture.png?step=10", 422, "out_of_range", "step"),
        ("dilated/picture.png?theme=pink", 422, "unknown_choice", "theme"),
        ("dilated/picture.svg?width=5", 422, "out_of_range", "width"),
        ("dilated/picture.svg?stage=none", 422, "unknown_choice", "stage"),
        ("dilated/picture.png?speed=2", 422, "unknown_parameter", "speed"),
        ("dilated/picture.png?kernel_size=9&input_size=3", 422, "kernel_exceeds_input", "kernel_size"),
        ("dilatd/picture.png", 404, "unknown_kind", "slug"),
        ("dilated/picture.gif", 404, "not_found", ""),
    ],
)
def test_errors_of_pictures_teach_as_everywhere(client: TestClient, path, status, code, field) -> None:
    answer = client.get(f"/embed/{path}")
    assert answer.status_code == status
    if code != "not_found":
        assert (answer.json()["error"]["code"], answer.json()["error"]["field"]) == (code, field)
        assert answer.headers["cache-control"] == "no-store"


def test_without_the_extra_a_picture_names_it(fresh: TestClient, bare: None) -> None:
    answer = fresh.get("/embed/dilated/picture.png")
    assert answer.status_code == 501
    assert "convoscope[export]" in answer.json()["error"]["hint"]


# --- tags ---


@pytest.mark.parametrize("page", ["learn", "embed"])
def test_a_page_says_the_picture_of_its_step(based: TestClient, page: str) -> None:
    tags = Tags(based.get(f"/{page}/dilated?dilation=3&input_size=9&step=4&theme=dark&lang=zh").text)
    image = urlsplit(tags.meta["og:image"])
    assert f"{image.scheme}://{image.netloc}{image.path}" == f"{BASE}/embed/dilated/picture.png"
    asked = {"dilation": "3", "input_size": "9", "step": "4", "theme": "dark", "lang": "zh"}
    assert dict(parse_qsl(image.query)) == asked
    assert based.get(f"{image.path}?{image.query}").status_code == 200
    assert (tags.meta["og:image:width"], tags.meta["og:image:height"]) == ("1200", "630")
    assert tags.meta["twitter:card"] == "summary_large_image"
    assert tags.meta["og:title"] == "空洞卷积，第 4 步，共 9 步"
    assert "窗口" in tags.meta["og:image:alt"]
    assert tags.meta["og:description"]
    assert tags.meta["og:url"].startswith(f"{BASE}/{page}/dilated?")


def test_a_page_says_where_oembed_is_asked_and_it_answers(based: TestClient) -> None:
    tags = Tags(based.get("/learn/dilated?step=4&input=disc&seed=3").text)
    link = tags.links["application/json+oembed"]
    found = based.get(link["href"].removeprefix(BASE)).json()
    assert found["title"] == link["title"] == "Dilated convolution, step 4 of 9"
    assert "step=4" in found["html"]


def test_without_an_own_address_nothing_absolute_is_said(client: TestClient) -> None:
    tags = Tags(client.get("/learn/dilated?step=4").text)
    assert not {"og:image", "og:url", "twitter:card"} & set(tags.meta)
    assert "application/json+oembed" not in tags.links
    assert tags.meta["og:title"] == "Dilated convolution, step 4 of 9"


def test_a_request_s_host_is_never_believed(based: TestClient) -> None:
    html = based.get("/learn/dilated", headers={"host": "evil.example"}).text
    assert "evil.example" not in html


def test_a_link_that_is_wrong_has_no_tags(based: TestClient) -> None:
    answer = based.get("/learn/dilated?kernel_size=99")
    tags = Tags(answer.text)
    assert answer.status_code == 422
    assert not [name for name in tags.meta if name.startswith("og:")]
    assert not tags.links.get("application/json+oembed")
    # What stands in for it is shown without scripts, too.
    assert tags.pictures[-1]["src"].startswith("/embed/dilated/picture.svg")


def test_without_scripts_the_figure_is_a_picture_with_words(client: TestClient) -> None:
    html = client.get("/learn/dilated?step=4").text
    inside = "".join(re.findall(r"<noscript>(.*?)</noscript>", html, re.DOTALL))
    source, picture = Tags(inside).pictures
    assert picture["alt"].startswith("Window on rows 2, 4, 6, columns 1, 3, 5.")
    assert client.get(picture["src"]).text.startswith("<svg")
    assert source["media"] == "(prefers-color-scheme: dark)"
    assert "theme=dark" in source["srcset"]
    assert client.get(source["srcset"]).text != client.get(picture["src"]).text


def test_a_theme_that_is_asked_for_holds_without_scripts(client: TestClient) -> None:
    html = client.get("/learn/dilated?step=4&theme=projector").text
    (picture,) = Tags(html).pictures
    assert "theme=projector" in picture["src"]


@pytest.fixture(scope="module")
def unasked() -> TestClient:
    """Of an application that keeps no answers: each page is made anew."""
    return TestClient(create_app(Settings(strict_strings=True, brotli_quality=1, cache_bytes=0)))


@pytest.mark.parametrize("slug", KINDS)
def test_a_step_is_told_in_the_same_words_from_its_step_alone(
    slug: str, unasked: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    said = still.said

    def listened(trace: bytes, step: int, strings: dict[str, str]) -> str:
        stages = json.loads(trace)["stages"]
        read.append(sum(stage["steps"]["count"] for stage in stages))
        return said(trace, step, strings)

    monkeypatch.setattr(still, "said", listened)
    pages = [f"/learn/{slug}?lang=zh", f"/learn/{slug}?step=0&lang=zh"]
    whole = [Tags(unasked.get(page).text).pictures[-1]["alt"] for page in pages]
    monkeypatch.setattr(unfurl, "LARGE", 0)
    alone = [Tags(unasked.get(page + "&theme=dark").text).pictures[-1]["alt"] for page in pages]
    assert alone == whole
    trace = unasked.get(f"/api/v1/traces/{slug}", params=KINDS[slug].presets[0].params).json()
    assert min(read[: len(pages)]) > 1
    assert trace["facts"].get("compared") or set(read[len(pages) :]) == {1}


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_is_told_in_words(client: TestClient, slug: str) -> None:
    """Not by its title, which stands in where telling fails."""
    (_, picture) = Tags(client.get(f"/learn/{slug}").text).pictures
    assert len(picture["alt"]) > 25
    assert picture["alt"] != KINDS[slug].title


def test_without_the_extra_pages_say_nothing_of_pictures(bare: None) -> None:
    client = TestClient(create_app(Settings(strict_strings=True, base_url=BASE)))
    tags = Tags(client.get("/learn/dilated").text)
    assert "og:image" not in tags.meta
    assert not tags.pictures
    assert "thumbnail_url" not in oembed(client, f"{BASE}/learn/dilated").json()


# --- oEmbed ---


@pytest.mark.parametrize("page", ["learn", "embed"])
def test_a_figure_of_ours_is_a_rich_answer(based: TestClient, page: str) -> None:
    answer = oembed(based, f"{BASE}/{page}/grouped?groups=2&step=3&theme=dark")
    document = answer.json()
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert (document["type"], document["version"]) == ("rich", "1.0")
    assert document["title"] == "Grouped convolution, step 3 of 36"
    assert (document["provider_name"], document["provider_url"]) == ("Convoscope", f"{BASE}/")
    (frame,) = Tags(document["html"]).frames
    assert frame["src"] == f"{BASE}/embed/grouped?groups=2&step=3&theme=dark"
    assert (frame["width"], frame["height"]) == (str(document["width"]), str(document["height"])) == ("800", "450")
    assert frame["title"] == document["title"]
    assert (document["thumbnail_width"], document["thumbnail_height"]) == (1200, 630)
    picture = document["thumbnail_url"].removeprefix(BASE)
    assert based.get(picture).headers["content-type"] == "image/png"


@pytest.mark.parametrize(
    ("room", "size", "thumbnail"),
    [
        ({"maxwidth": "640"}, (640, 360), (640, 336)),
        ({"maxheight": "90"}, (160, 90), (171, 89)),
        ({"maxwidth": "400", "maxheight": "400"}, (400, 225), (400, 210)),
        ({"maxwidth": "5000", "maxheight": "5000"}, (800, 450), (1200, 630)),
        ({"maxwidth": "1"}, (1, 1), None),
    ],
)
def test_neither_frame_nor_picture_is_larger_than_there_is_room(based: TestClient, room, size, thumbnail) -> None:
    document = oembed(based, f"{BASE}/learn/dilated", **room).json()
    assert (document["width"], document["height"]) == size
    shown = (document.get("thumbnail_width"), document.get("thumbnail_height"))
    assert shown == (thumbnail or (None, None))
    if thumbnail:
        with Image.open(io.BytesIO(based.get(document["thumbnail_url"].removeprefix(BASE)).content)) as image:
            assert image.size == thumbnail


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/learn/dilated",
        "https://conv.example.evil.example/learn/dilated",
        "https://conv.example@evil.example/learn/dilated",
        "https://user@conv.example/learn/dilated",
        "https://conv.example:8443/learn/dilated",
        "//evil.example/learn/dilated",
        "ftp://conv.example/learn/dilated",
        "javascript:/learn/dilated",
        "https://conv.example/",
        "https://conv.example/docs",
        "https://[/learn/dilated",
        "nonsense",
    ],
)
def test_an_address_that_is_no_figure_of_ours_is_not_found(based: TestClient, url: str) -> None:
    answer = oembed(based, url)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "foreign_url")


@pytest.mark.parametrize(
    "url", ["http://conv.example/learn/dilated", "HTTPS://CONV.EXAMPLE/embed/dilated#x", "/learn/dilated"]
)
def test_an_address_of_ours_is_known_in_every_spelling(based: TestClient, url: str) -> None:
    assert oembed(based, url).status_code == 200


def test_a_server_below_a_path_knows_its_own_addresses() -> None:
    client = TestClient(create_app(Settings(base_url="https://school.example/conv")))
    found = oembed(client, "https://school.example/conv/learn/dilated").json()
    assert 'src="https://school.example/conv/embed/dilated"' in found["html"]
    assert oembed(client, "https://school.example/other/learn/dilated").status_code == 404


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/learn/dilated?kernel_size=99", "kernel_exceeds_input"),
        ("/learn/dilated?colour=red", "unknown_parameter"),
        ("/learn/dilated?step=1000", "out_of_range"),
        ("/learn/dilated?fit=width", "unknown_parameter"),
        ("/embed/dilated?fit=tight", "unknown_choice"),
        ("/embed/dilated?start=5&end=3", "out_of_range"),
        ("/learn/dilatd", "unknown_kind"),
        ("/learn/dilated?stride=1&stride=2", "repeated_parameter"),
    ],
)
def test_a_figure_that_cannot_be_is_not_found_and_says_why(based: TestClient, path: str, reason: str) -> None:
    answer = oembed(based, BASE + path)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (404, "no_figure", "url")
    assert error["values"]["cause"] == reason
    assert error["values"]["reason"] in error["message"]


def test_what_a_frame_takes_besides_stays_in_the_frame_and_out_of_the_picture(based: TestClient) -> None:
    document = oembed(based, f"{BASE}/embed/dilated?dilation=2&fit=width&start=2&end=6&autoplay=true&theme=dark").json()
    (frame,) = Tags(document["html"]).frames
    assert frame["src"] == f"{BASE}/embed/dilated?dilation=2&fit=width&start=2&end=6&autoplay=true&theme=dark"
    assert document["thumbnail_url"] == f"{BASE}/embed/dilated/picture.png?dilation=2&theme=dark"
    assert based.get(document["thumbnail_url"].removeprefix(BASE)).status_code == 200


def test_xml_is_not_spoken(based: TestClient) -> None:
    answer = oembed(based, f"{BASE}/learn/dilated", format="xml")
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "format_not_spoken")
    assert oembed(based, f"{BASE}/learn/dilated", format="json").status_code == 200


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("", "url_missing", "url"),
        ("url=", "url_missing", "url"),
        ("url=/learn/dilated&maxwidth=0", "out_of_range", "maxwidth"),
        ("url=/learn/dilated&maxheight=much", "not_a_number", "maxheight"),
        ("url=/learn/dilated&callback=f", "unknown_parameter", "callback"),
        ("url=/learn/dilated&url=/learn/3d", "repeated_parameter", "url"),
    ],
)
def test_the_query_of_oembed_is_read_strictly(based: TestClient, query: str, code: str, field: str) -> None:
    answer = based.get(f"/oembed?{query}")
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error["field"]) == (422, code, field)


def test_quotes_and_tags_in_an_address_stay_inside_of_their_attribute(based: TestClient) -> None:
    url = f"{BASE}/learn/dilated?kept=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&seed=1"
    document = oembed(based, url).json()
    assert "<script" not in document["html"]
    (frame,) = Tags(document["html"]).frames
    assert dict(parse_qsl(urlsplit(frame["src"]).query)) == {"kept": '"><script>alert(1)</script>', "seed": "1"}


def test_the_language_of_an_address_is_that_of_the_title(based: TestClient) -> None:
    assert oembed(based, f"{BASE}/learn/dilated?lang=zh&step=2").json()["title"] == "空洞卷积，第 2 步，共 9 步"


def test_without_an_own_address_paths_alone_are_known(client: TestClient) -> None:
    found = oembed(client, "/learn/dilated?step=2").json()
    assert 'src="/embed/dilated?step=2"' in found["html"]
    assert "provider_url" not in found
    assert "thumbnail_url" not in found
    refused = oembed(client, "http://127.0.0.1:8000/learn/dilated")
    assert refused.status_code == 404
    assert "CONVOSCOPE_BASE_URL" in refused.json()["error"]["hint"]


def test_an_answer_is_revalidated(based: TestClient) -> None:
    first = oembed(based, f"{BASE}/learn/dilated")
    again = based.get(str(first.url), headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
