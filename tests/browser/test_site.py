"""A site of files in a real Chromium, below a path of a plain host: the same way as on a server, and its bounds."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, Request, expect

from app.offline.moves import key_of
from compute.kinds import KINDS
from tests.app.test_site import Named, held_in, pages_of
from tests.browser.frames import asked, other_site
from tests.browser.test_journey import (
    a_reader_moves_plays_steps_points_shares_and_comes_back,
    open_figure,
    query_of,
    shapes,
)
from tests.conftest import NewPage
from tests.pages import Contexts, settled, watch
from tests.sites import BELOW, serving
from tests.sites import KINDS as OURS

SINGLE = "learn/single-channel.html"


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address at which the site begins."""
    root = site_folder.parents[len(Path(BELOW).parts) - 1]
    with serving(root) as address:
        yield f"{address}/{BELOW}/"


@pytest.fixture
def site_page(contexts: Contexts, site: str, request: pytest.FixtureRequest) -> Iterator[NewPage]:
    """Opens pages of the site that reach nothing but the site; the test ends with no fault."""
    faults: list[str] = []
    with contexts.lending() as lend:

        def open_page(allow: str | None = None, *, alone: bool = False, **options: Any) -> Page:
            def report(fault: str) -> None:
                if not (allow and re.search(allow, fault)):
                    faults.append(fault)

            def asks(request: Request) -> None:
                if not request.url.startswith((site, "about:", "blob:", "data:")):
                    report(f"request outside the site: {request.url}")

            page = lend(**{"alone": alone, "base_url": site, **options})
            watch(page, site, report)
            page.on("request", asks)
            return page

        yield open_page
        if faults:
            faults += contexts.keep(request.node.nodeid)
    assert not faults, "\n".join(faults)


def drawn(page: Page) -> None:
    """Waits until the figure that was asked for is on show, and the page for nothing."""
    settled(page)
    # What comes from the site's own files comes as a script, which is no answer that `settled` knows of.
    expect(page.locator("#stage")).not_to_have_class(re.compile("waiting"))
    settled(page)


def test_a_reader_moves_plays_steps_points_shares_and_comes_back_without_a_server(site_page: NewPage) -> None:
    a_reader_moves_plays_steps_points_shares_and_comes_back(site_page(), SINGLE)


def test_a_link_shows_the_same_picture_as_the_server_does(site_page: NewPage, new_page: NewPage) -> None:
    query = "?stride=2&padding=1&step=3&theme=dark"
    here, there = site_page(), new_page()
    open_figure(here, SINGLE + query)
    open_figure(there, f"/learn/single-channel{query}")
    expect(here.locator("#step-count b")).to_have_text("3")
    expect(here.locator("html")).to_have_attribute("data-theme", "dark")
    for part in ("#sum", "#facts", "#caption"):
        assert here.locator(part).inner_text() == there.locator(part).inner_text()
    # A lesson of the site has fewer buttons, and so more room; a frame has none.
    open_figure(here, f"embed/single-channel.html{query}")
    open_figure(there, f"/embed/single-channel{query}")
    assert here.locator("#canvas").inner_html() == there.locator("#canvas").inner_html()


def test_the_first_figure_does_not_wait_for_others_and_a_move_is_drawn_when_they_come(site_page: NewPage) -> None:
    page = site_page(allow="Failed to load resource")
    page.route("**/held/**", lambda route: route.abort())
    open_figure(page, SINGLE)
    page.locator("#stride-0-range").fill("2")
    expect(page.locator("#connection")).to_contain_text("No answer")
    page.unroute("**/held/**")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


@pytest.mark.parametrize("slug", OURS)
def test_every_preset_is_held_and_drawn(site_folder: Path, slug: str) -> None:
    kind = KINDS[slug]
    packs = held_in(site_folder, slug, "index")["packs"]
    drawn_keys = {key for pack in packs.values() for at, key in enumerate(pack["keys"]) if at not in pack["refused"]}
    for preset in kind.presets:
        assert key_of(kind, preset.params) in drawn_keys, preset.id


def test_of_every_kind_a_preset_is_chosen_and_stepped_to_its_end(site_page: NewPage) -> None:
    page = site_page()
    for slug in OURS:
        open_figure(page, f"learn/{slug}.html")
        before = shapes(page)
        last = KINDS[slug].presets[-1].id
        page.locator("#preset").select_option(last)
        drawn(page)
        expect(page.locator("#problem"), slug).to_be_hidden()
        expect(page.locator(".field-error"), slug).to_have_count(0)
        assert shapes(page) != before, slug
        page.locator("#last").click()
        end = page.locator("#scrub").get_attribute("max") or ""
        expect(page.locator("#step-count b"), slug).to_have_text(end)
        expect(page.locator("#preset"), slug).to_have_value(last)


def test_buttons_of_a_lesson_and_new_numbers_lead_to_figures_that_are_held(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, "learn/pooling.html")
    buttons = page.locator("[data-set]").all()
    assert buttons
    for button in buttons:
        button.click()
        drawn(page)
        expect(page.locator("#problem")).to_be_hidden()
        expect(page.locator(".field-error")).to_have_count(0)
    open_figure(page, SINGLE)
    before = shapes(page)
    page.locator("#numbers [data-mode=random]").click()
    drawn(page)
    assert shapes(page) != before
    page.get_by_role("button", name="New numbers").click()
    drawn(page)
    assert query_of(page)["seed"] == "1"
    expect(page.locator("#problem")).to_be_hidden()


def test_the_named_figures_and_the_code_come_from_the_files(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, "learn/arithmetic.html")
    table = page.get_by_role("region", name="The named figures")
    expect(table.locator("tbody tr")).to_have_count(19)
    table.get_by_role("button", name="Padding 1, stride 2: a row is dropped").click()
    drawn(page)
    assert query_of(page) == {"input_size": "6", "stride": "2", "padding": "1"}
    page.get_by_role("heading", name="Code", exact=True).click()
    expect(page.locator("#extras")).to_contain_text("import numpy")


def test_a_link_to_what_is_not_held_says_so_shows_the_nearest_and_loses_nothing(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?stride=4&padding=5&input_size=9&step=2")
    error = page.locator("[data-control] .field-error")
    expect(error).to_contain_text("This site holds every preset with one control moved at a time")
    expect(error).to_contain_text("Shown is the nearest figure that it holds: ")
    for name, value in (("stride", "4"), ("padding", "5"), ("input_size", "9")):
        expect(page.locator(f"#{name}-0-field")).to_have_value(value)
    assert query_of(page)["stride"] == "4"
    assert len(shapes(page)) > 100
    expect(page.locator("#step-count b")).to_have_text("2")
    while error.count():
        error.get_by_role("button").first.click()
        drawn(page)
    assert query_of(page) != {}
    expect(page.locator("#problem")).to_be_hidden()


def test_a_slider_beyond_what_is_held_refuses_and_offers_the_nearest(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, "learn/dilated.html?input_size=9")
    assert "This site holds" in (page.locator("[data-control=stride] .track").get_attribute("title") or "")
    before = shapes(page)
    page.locator("#stride-0-range").fill("2")
    error = page.locator("[data-control=stride] .field-error")
    expect(error).to_contain_text("Other figures need a Convoscope server.")
    assert shapes(page) == before
    error.get_by_role("button", name="Use 1").click()
    expect(error).to_have_count(0)


def test_what_the_engine_refuses_is_refused_in_its_own_words(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?kernel_size=7")
    expect(page.locator("[data-control=kernel_size] .field-error")).to_contain_text("7 wide")
    expect(page.locator("#kernel_size-0-field")).to_have_value("7")


def test_a_parameter_that_no_figure_has_is_named(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?stribe=2&stride=2")
    expect(page.locator("#problem")).to_have_text(re.compile("no parameter «stribe»"))
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


def test_the_other_language_shows_the_same_figure_and_a_link_may_ask_for_it(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?stride=2&step=3")
    page.locator("[data-lang=zh]").click()
    page.wait_for_url(re.compile(r"/zh/learn/single-channel\.html\?stride=2&step=3$"))
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    expect(page.locator("#step-count b")).to_have_text("3")
    expect(page.locator("#stride-0-field")).to_have_value("2")
    page.goto(f"{SINGLE}?lang=zh&kernel_size=2&stride=5&padding=6")
    page.wait_for_url(re.compile(r"/zh/learn/single-channel\.html\?kernel_size=2&stride=5&padding=6$"))
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator(".field-error")).to_contain_text("本站包含每个预设")


def test_what_is_shared_is_of_the_site_and_what_needs_a_server_says_so(site_page: NewPage, site: str) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?stride=2&step=3")
    expect(page.locator("#from-code")).to_be_hidden()
    expect(page.locator("#compare")).to_be_hidden()
    page.locator("#share").click()
    expect(page.locator("#link-field")).to_have_value(f"{site}{SINGLE}?stride=2&step=3")
    expect(page.locator("#share-snippet")).to_contain_text(f'src="{site}embed/single-channel.html?stride=2&amp;step=3"')
    for tool in ("markdown", "beamer", "powerpoint", "slides"):
        expect(page.locator(f"[data-tool={tool}]")).to_have_count(0)
    expect(page.locator("#format-png")).to_be_checked()
    for name in ("gif", "mp4", "html", "pdf", "pptx", "webp", "zip-png", "zip-svg", "csv"):
        expect(page.locator(f"#format-{name}")).to_be_disabled()
        expect(page.locator(f"#format-{name}-use")).to_have_text("needs a Convoscope server; this site has none")


def test_pictures_and_numbers_are_made_by_the_browser(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, f"{SINGLE}?stride=2&step=3")
    page.locator("#export").click()
    for name, start in (("png", b"\x89PNG"), ("svg", b"<"), ("json", b"{")):
        page.locator(f"#format-{name}").check()
        expect(page.locator("#export-start")).to_be_enabled()
        with page.expect_download() as caught:
            page.locator("#export-start").click()
        assert caught.value.suggested_filename.endswith(f".{name}")
        assert caught.value.path().read_bytes().startswith(start), name
        expect(page.locator("#export-problem")).to_be_hidden()


def test_a_type_is_found_from_a_lesson_and_the_theme_goes_along(site_page: NewPage, site: str) -> None:
    page = site_page()
    open_figure(page, SINGLE)
    page.locator("#asked").fill("atrous")
    page.locator("#asked").press("Enter")
    page.wait_for_url(lambda url: url == f"{site}index.html?find=atrous")
    expect(page.locator(".kinds li:visible")).to_have_count(1)
    page.locator("[data-set-theme=dark]").click()
    page.locator(".kinds li:visible a").click()
    page.wait_for_url(lambda url: url == f"{site}learn/dilated.html?theme=dark")
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_links_lead_from_the_home_page_to_every_page_of_every_language(site_folder: Path) -> None:
    pages, root = pages_of(site_folder), "http://site.example/"
    waiting, seen = ["index.html"], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        links = [given["href"] or "" for tag, given in Named(pages[name]).elements if tag == "a" and "href" in given]
        found = [urljoin(f"{root}{name}", link) for link in links]
        assert [link for link in found if not link.startswith((root, "https://"))] == [], name
        waiting += [re.split("[?#]", link)[0].removeprefix(root) for link in found if link.startswith(root)]
    wanted = {"index.html", *(f"learn/{slug}.html" for slug in OURS)}
    assert wanted | {f"zh/{name}" for name in wanted} <= seen


def test_links_that_scripts_have_written_lead_to_pages_of_the_site(
    site_page: NewPage, site: str, site_folder: Path
) -> None:
    page = site_page()
    for name in ("index.html", "zh/index.html", SINGLE, "zh/learn/arithmetic.html"):
        open_figure(page, name)
        expect(page.locator("#problem:visible")).to_have_count(0)
        expect(page.locator(".field-error")).to_have_count(0)
        found: list[str] = page.locator("a[href]:visible").evaluate_all("(all) => all.map(({ href }) => href)")
        own = {re.split("[?#]", href)[0].removeprefix(site) for href in found if href.startswith(site)}
        language = "zh/" if name.startswith("zh/") else ""
        assert own >= {f"{language}index.html", f"{language}{SINGLE}"}, name
        assert [place for place in own if not (site_folder / place).is_file()] == [], name
        assert [href for href in found if not href.startswith((site, "https://"))] == [], name


def test_an_embed_shows_what_its_address_says_and_obeys_the_page_around_it(site_page: NewPage, site: str) -> None:
    with other_site() as other:
        page = site_page(allow=other.url)
        page.set_viewport_size({"width": 820, "height": 500})
        address = f"{site}embed/single-channel.html?stride=2&step=2&theme=dark&start=1&end=3"
        page.goto(other.page(f'<iframe width="800" height="450" style="border:0" src="{address}"></iframe>'))
        page.wait_for_function("told('ready').length > 0")
        frame = page.frame_locator("iframe")
        expect(frame.locator("#step-count")).to_have_text(re.compile(r"2\s+of 3"))
        expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
        expect(frame.locator(".sliders, #first, #speed, #loop")).to_have_count(0)
        ready = page.evaluate("told('ready')[0]")
        assert (ready["step"], ready["start"], ready["end"]) == (2, 1, 3)

        assert asked(page, {"step": 3}, "a")["step"] == 3
        assert asked(page, {"params": {"padding": 1}}, "b")["params"] == {"stride": "2", "padding": "1"}
        answer = asked(page, {"params": {"input_size": 13, "padding": 5, "dilation": 4}}, "c")
        assert "This site holds" in json.dumps(answer)


def test_an_embed_with_all_controls_or_none_and_one_that_is_not_held(site_page: NewPage) -> None:
    page = site_page()
    open_figure(page, "embed/dilated.html?controls=all&dilation=2")
    page.locator("#dilation-0-range").fill("1")
    expect(page.get_by_role("grid", name="Output 5 × 5")).to_be_visible()
    open_figure(page, "embed/dilated.html?controls=none&transparent=true&panels=input,output")
    expect(page.locator(".transport")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("data-transparent", "")
    expect(page.get_by_role("grid")).to_have_count(2)
    open_figure(page, "embed/dilated.html?dilation=4&input_size=23&stride=3")
    expect(page.locator("#problem")).to_contain_text("Shown is the nearest figure that it holds: ")
    page.goto("embed/dilated.html?lang=zh&step=3")
    page.wait_for_url(re.compile(r"/zh/embed/dilated\.html\?step=3$"))
    expect(page.locator("#step-count b")).to_have_text("3")


def test_without_plotly_the_figure_is_there_and_follows_steps_and_controls(site_page: NewPage) -> None:
    page = site_page(allow="plotly|Failed to load resource")
    page.route("**/plotly.min.js", lambda route: route.abort())
    page.goto(f"{SINGLE}?step=4")
    expect(page.locator("#canvas svg text").first).to_be_visible()
    page.locator("#forward").click()
    expect(page.locator("output.sum-value")).to_have_text("17")
    page.locator("#stride-0-range").fill("2")
    expect(page.get_by_role("grid", name="Output 2 × 2")).to_be_visible()


def test_without_scripts_a_lesson_is_read(site_page: NewPage) -> None:
    page = site_page(java_script_enabled=False)
    page.goto(SINGLE)
    expect(page.locator("#tables td").first).to_be_visible()
    expect(page.get_by_role("heading", name="What happens")).to_be_visible()
    page.get_by_role("link", name="Dilated").first.click()
    page.wait_for_url("**/learn/dilated.html")


def test_a_phone_never_scrolls_sideways(site_page: NewPage) -> None:
    page = site_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_figure(page, f"{SINGLE}?stride=4&padding=5&input_size=9")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
