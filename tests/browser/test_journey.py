"""A reader's way through the page, in a real Chromium; `page` fails the test on any fault it meets."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from compute.kinds import KINDS
from tests.browser.sharing import stand_in
from tests.conftest import NewPage
from tests.pages import says, settled, until

SINGLE = "/learn/single-channel"
# Presets that show what the first of their kind does not, so that all scenes are drawn.
OTHER = {
    "checkerboard": "resize",
    "dilated": "stack",
    "layer": "conv-transpose1d",
    "pointwise": "relu",
    "depthwise-separable": "five",
    "grouped": "strided",
    "shuffled-grouped": "four",
}


def open_figure(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("html[data-ready]", state="attached")


def query_of(page: Page) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def shapes(page: Page) -> str:
    """All that the figure shows, as it was handed to Plotly."""
    drawn: str = page.evaluate(
        "JSON.stringify(['shapes', 'images'].map((key) => document.getElementById('canvas').layout[key]))"
    )
    return drawn


def a_reader_moves_plays_steps_points_shares_and_comes_back(page: Page, address: str) -> None:
    """The way that every form of the product has to bear: a server's pages here, a site of files in `test_site.py`."""
    open_figure(page, address)
    expect(page.locator("#caption")).to_have_text("Press play, or guess first.")
    first = shapes(page)

    for name, value in (
        ("input_size", "6"),
        ("kernel_size", "2"),
        ("stride", "2"),
        ("padding", "1"),
        ("dilation", "2"),
    ):
        page.locator(f"#{name}-0-range").fill(value)
        expect(page).to_have_url(re.compile(rf"[?&]{name}={value}(&|$)"))
        settled(page)
        expect(page.locator(f"#{name}-0-field")).to_have_value(value)
    assert shapes(page) != first
    expect(page.locator("[data-fact=parameters]")).to_have_text("4")

    page.locator("#play").click()
    expect(page.locator("#step-count b")).not_to_have_text("0")
    page.locator("#play").click()
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")

    page.locator("#last").click()
    page.locator("#back").click()
    total = int(page.locator("#scrub").get_attribute("max") or 0)
    expect(page.locator("#step-count b")).to_have_text(str(total - 1))
    page.locator("#scrub").fill("3")
    expect(page.locator("#step-count b")).to_have_text("3")
    expect(page.locator("output.sum-value")).not_to_be_empty()
    settled(page)
    assert query_of(page)["step"] == "3"

    before = shapes(page)
    page.get_by_role("grid", name="Kernel 2 × 2").hover(position={"x": 5, "y": 5})
    expect(page.locator("#caption")).to_contain_text("Weight in row 1, column 1")
    assert shapes(page) != before
    page.mouse.move(5, 5)
    expect(page.locator("#caption")).to_contain_text("Window on")
    assert shapes(page) == before

    stand_in(page)
    page.locator("#share").click()
    with says(page.locator("#copy-link"), "Copied"):
        page.locator("#copy-link").click()
    assert page.locator("#link-field").input_value() == page.url
    page.keyboard.press("Escape")

    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    assert shapes(page) == before

    page.go_back()
    settled(page)
    assert "dilation" not in query_of(page)
    expect(page.locator("#dilation-0-field")).to_have_value("1")


def test_a_reader_moves_plays_steps_points_shares_and_comes_back(page: Page) -> None:
    a_reader_moves_plays_steps_points_shares_and_comes_back(page, SINGLE)


def test_a_shared_link_restores_the_very_picture(new_page: NewPage) -> None:
    mine, yours = new_page(), new_page()
    open_figure(mine, f"{SINGLE}?input_size=6x4&padding=1:2x0&padding_mode=reflect&seed=3&step=7")
    open_figure(yours, mine.url)
    assert shapes(mine) == shapes(yours)
    assert mine.locator("#sum").inner_text() == yours.locator("#sum").inner_text()


def test_a_value_that_cannot_be_stands_beside_its_control_and_the_last_figure_stays(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, f"{SINGLE}?input_size=5&step=2")
    before = shapes(page)
    page.locator("#kernel_size-0-field").fill("9")
    page.locator("#kernel_size-0-field").press("Enter")
    error = page.locator("[data-control=kernel_size] .field-error")
    expect(error).to_contain_text("9 wide")
    expect(page.locator("#kernel_size-0-field")).to_have_value("9")
    assert shapes(page) == before
    assert "kernel_size" not in query_of(page)
    error.get_by_role("button").click()
    settled(page)


def test_nonsense_is_kept_and_explained(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, SINGLE)
    field = page.locator("#stride-0-field")
    error = page.locator("[data-control=stride] .field-error")
    for typed in ("", "abc", "1e999", "-1", "2.5", "NaN"):
        field.fill(typed)
        field.press("Enter")
        expect(error, typed).to_be_visible()
        settled(page)
        expect(error, typed).to_be_visible()
        expect(field, typed).to_have_value(typed)
        field.fill("1")
        field.press("Enter")
        expect(error, typed).to_have_count(0)


def test_a_faulty_link_says_why_and_shows_a_figure(new_page: NewPage) -> None:
    page = new_page(allow="status of 422")
    open_figure(page, f"{SINGLE}?kernel_size=9")
    expect(page.locator("[data-control=kernel_size] .field-error")).to_be_visible()
    assert len(shapes(page)) > 100


def test_values_that_cannot_work_are_greyed_with_the_reason(page: Page) -> None:
    open_figure(page, f"{SINGLE}?input_size=3")
    track = page.locator("[data-control=kernel_size] .track")
    expect(track).to_have_class(re.compile("limited"))
    assert "kernel is 4 wide" in (track.get_attribute("title") or "")
    reason = page.locator("#kernel_size-0-range").get_attribute("aria-describedby")
    expect(page.locator(f"#{reason}")).to_contain_text("4:")


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_draws_and_plays_to_its_end_at_the_highest_speed(page: Page, slug: str) -> None:
    """All presets at all steps are drawn and told in `tests/js/presets.test.js`; here is what a browser adds."""
    open_figure(page, f"/learn/{slug}")
    preset = OTHER.get(slug, KINDS[slug].presets[1].id)
    page.locator("#preset").select_option(preset)
    settled(page)
    # The address is that of the figure on show.
    assert query_of(page) == next(one.params for one in KINDS[slug].presets if one.id == preset)
    expect(page.locator("#preset")).to_have_value(preset)
    expect(page.locator("#problem")).to_be_hidden()
    expect(page.locator(".field-error")).to_have_count(0)
    total = int(page.locator("#scrub").get_attribute("max") or 0)
    page.locator("#speed").select_option("max")
    page.locator("#scrub").fill(str(max(0, total - 20)))
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text(str(total))
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.locator("#back").click()
    expect(page.locator("#step-count b")).to_have_text(str(total - 1))
    expect(page.locator("#preset")).to_have_value(preset)
    expect(page.locator("#sum output").first).not_to_be_empty()
    assert page.locator("#panels > [role=grid]").count() >= (2 if slug == "pooling" else 1)
    assert "NaN" not in shapes(page)


def test_no_two_presets_of_a_kind_are_one_figure() -> None:
    """So that the menu of presets says which one is on show."""
    for kind in KINDS.values():
        figures = [tuple(sorted(preset.params.items())) for preset in kind.presets]
        assert len(figures) == len(set(figures)), kind.slug


def test_keys_play_step_and_jump(page: Page) -> None:
    open_figure(page, SINGLE)
    count = page.locator("#step-count b")
    for key, step in (("End", "9"), ("ArrowLeft", "8"), ("Home", "0"), ("ArrowRight", "1"), ("Shift+ArrowRight", "4")):
        page.keyboard.press(key)
        expect(count).to_have_text(step)
    page.keyboard.press(">")
    expect(page.locator("#speed")).to_have_value("2")
    page.keyboard.press("l")
    expect(page.locator("#loop")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Space")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Pause")
    page.keyboard.press("Escape")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    page.keyboard.press("?")
    expect(page.locator("#help-dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#help-dialog")).not_to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_the_keyboard_moves_between_cells_and_pins_one(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=5")
    grid = page.get_by_role("grid", name="Input 5 × 5")
    grid.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#caption")).to_contain_text("row 2, column 2")
    expect(grid.get_by_role("gridcell")).to_contain_text("Row 2, column 2")
    page.keyboard.press("Enter")
    page.mouse.move(5, 5)
    page.locator("#scrub").focus()
    expect(page.locator("#caption")).to_contain_text("row 2, column 2")
    page.keyboard.press("Escape")
    expect(page.locator("#caption")).to_contain_text("Window on")


def test_stepping_by_hand_is_spoken_and_playing_is_not(page: Page) -> None:
    open_figure(page, SINGLE)
    page.keyboard.press("ArrowRight")
    expect(page.locator("#spoken")).to_contain_text("Window on rows 1–3")
    page.locator("#speed").select_option("max")
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("9")
    expect(page.locator("#spoken")).to_contain_text("Window on rows 1–3")


def test_numbers_come_from_the_example_a_seed_or_the_reader(page: Page) -> None:
    open_figure(page, SINGLE)
    mode = page.locator("#numbers .segments")
    expect(mode.get_by_role("button", name="Example")).to_have_attribute("aria-pressed", "true")
    mode.get_by_role("button", name="Mine").click()
    page.locator("#input-field").fill("1,2;3,4")
    page.locator("#kernel-field").fill("1")
    expect(page).to_have_url(re.compile("input=1,2;3,4&kernel=1"))
    expect(page.get_by_role("grid", name="Input 2 × 2")).to_be_visible()
    page.locator("#input_size-0-field").fill("4")
    page.locator("#input_size-0-field").press("Enter")
    settled(page)
    expect(mode.get_by_role("button", name="Random")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#numbers [role=status]").first).to_contain_text("random now")
    mode.get_by_role("button", name="Mine").click()
    expect(page.locator("#input-field")).to_have_value("1,2;3,4")


def test_a_number_being_typed_outlives_an_answer_that_comes_late(page: Page) -> None:
    waiting: list[Route] = []
    page.route("**/api/v1/limits/**", lambda route: waiting.append(route))
    open_figure(page, f"{SINGLE}?seed=1")
    page.locator("#stride-0-range").fill("2")
    expect(page).to_have_url(re.compile("stride=2"))
    until(page, lambda: len(waiting) == 1)
    page.locator("#input_size-0-field").fill("8")
    waiting[0].continue_()
    settled(page)
    expect(page.locator("#input_size-0-field")).to_have_value("8")
    page.locator("#input_size-0-field").press("Enter")
    expect(page.get_by_role("grid", name="Input 8 × 8")).to_be_visible()


def test_sizes_can_differ_from_axis_to_axis(page: Page) -> None:
    open_figure(page, f"{SINGLE}?seed=1")
    page.locator("#stride-chain").click()
    page.locator("#stride-1-range").fill("2")
    settled(page)
    assert query_of(page)["stride"] == "1x2"
    expect(page.get_by_role("grid", name="Output 3 × 2")).to_be_visible()


@pytest.mark.parametrize("address", [SINGLE, "/learn/multi-channel", "/learn/transposed", "/learn/layer"])
def test_a_phone_never_scrolls_sideways(new_page: NewPage, address: str) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    open_figure(page, f"{address}?seed=0&step=2")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for tab in ("facts", "lesson", "controls"):
        page.locator(f"[data-tab={tab}]").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(page.locator(".transport")).to_be_in_viewport()


def test_on_a_phone_the_output_stands_under_the_kernel(new_page: NewPage) -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    open_figure(page, f"{SINGLE}?step=5")
    places = [page.get_by_role("grid", name=name).bounding_box() for name in ("Kernel 3 × 3", "Output 3 × 3")]
    kernel, output = [place for place in places if place]
    assert output["y"] > kernel["y"] + kernel["height"]
    assert abs(output["x"] - kernel["x"]) < 2


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
def test_a_theme_reaches_the_figure(page: Page, theme: str) -> None:
    open_figure(page, f"{SINGLE}?step=5&theme={theme}")
    outline = {"light": "#2b7cd3", "dark": "#4c9bee", "projector": "#0050b0"}[theme]
    assert outline in shapes(page)


def test_without_scripts_the_tensors_the_lesson_and_the_facts_are_there(new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(SINGLE)
    expect(page.locator("#tables td").first).to_be_visible()
    expect(page.locator("#dock")).not_to_be_visible()
    expect(page.locator("noscript, .problem").filter(has_text="Scripts are off")).to_be_visible()
    expect(page.get_by_role("heading", name="What happens")).to_be_visible()
    expect(page.locator(".counts")).to_contain_text("81")


def test_playing_needs_one_drawing_a_step_and_no_request(page: Page) -> None:
    open_figure(page, f"{SINGLE}?speed=max")
    page.evaluate(
        """() => {
            window.redrawn = 0;
            document.getElementById('canvas').on('plotly_relayout', () => { window.redrawn += 1; });
        }"""
    )
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.locator("#play").click()
    expect(page.locator("#step-count b")).to_have_text("9")
    expect(page.locator("#play")).to_have_attribute("aria-label", "Play")
    settled(page)
    assert 0 < page.evaluate("window.redrawn") <= 11
    assert not [url for url in requests if not url.startswith("data:") and not url.endswith("/icon.svg")]


def test_an_embed_is_the_figure_its_sum_and_the_transport_and_fits_its_frame(page: Page) -> None:
    page.set_viewport_size({"width": 800, "height": 450})
    open_figure(page, "/embed/single-channel?step=5")
    for hidden in (".top", ".types", ".panel", ".lesson"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator("output.sum-value")).to_have_text("17")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight + 1")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#step-count b")).to_have_text("6")


def test_a_stage_is_seen_alone_and_the_link_says_so(page: Page) -> None:
    open_figure(page, "/learn/depthwise-separable?out_channels=4&step=3")
    stages = page.get_by_role("group", name="See one stage alone")
    stages.get_by_role("button", name="Pointwise").click()
    expect(page.locator("#step-count b")).to_have_text("28")
    expect(page.get_by_role("grid", name="Filtered, channel 1")).to_be_visible()
    assert page.get_by_role("grid", name="Input, channel 1").count() == 0
    settled(page)
    assert query_of(page)["stage"] == "pointwise"
    page.reload()
    page.wait_for_selector("html[data-ready]", state="attached")
    expect(stages.get_by_role("button", name="Pointwise")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="All", exact=True).click()
    expect(page.get_by_role("grid", name="Input, channel 1")).to_be_visible()


def test_the_clock_passes_from_stage_to_stage(page: Page) -> None:
    open_figure(page, "/learn/shuffled-grouped?step=36")
    expect(page.get_by_role("grid", name="Input, channel 1")).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#caption")).to_contain_text("Channel 1 moves to place 1")
    assert page.get_by_role("grid", name="Input, channel 1").count() == 0


def test_an_output_cell_is_traced_back_to_the_input(page: Page) -> None:
    open_figure(page, "/learn/spatially-separable?step=24")
    before = shapes(page)
    page.get_by_role("grid", name="Output 3 × 3").hover(position={"x": 5, "y": 5})
    expect(page.locator("#caption")).to_contain_text("Output in row 1, column 1")
    assert shapes(page) != before


def test_a_named_figure_is_chosen_in_the_table_and_played(page: Page) -> None:
    open_figure(page, "/learn/arithmetic")
    table = page.get_by_role("region", name="The named figures")
    expect(table.locator("tbody tr")).to_have_count(19)
    table.get_by_role("button", name="Padding 1, stride 2: a row is dropped").click()
    settled(page)
    assert query_of(page) == {"input_size": "6", "stride": "2", "padding": "1"}
    expect(table.locator("tr[aria-current=true] th")).to_have_text("Padding 1, stride 2: a row is dropped")
    expect(page.locator("#facts")).to_contain_text("Relation 6")
    expect(page.locator("#facts")).to_contain_text("never read")


def test_the_lab_says_which_kernels_overlap_evenly_and_sets_one(page: Page) -> None:
    open_figure(page, "/learn/checkerboard")
    card = page.get_by_role("button", name=re.compile("kernel 4"))
    expect(card).to_contain_text("even")
    card.click()
    settled(page)
    assert query_of(page)["kernel_size"] == "4"
    expect(page.locator(".lab-band")).to_contain_text("Even.")
    expect(page.locator(".lab-band")).to_contain_text("0 %")


def test_shuffling_off_shows_what_an_output_no_longer_sees(page: Page) -> None:
    open_figure(page, "/learn/shuffled-grouped")
    expect(page.locator(".wires-verdict")).to_have_text("Every map can depend on all 9 input channels.")
    page.locator("#shuffle-field").uncheck()
    settled(page)
    expect(page.locator(".wires-verdict")).to_have_text("A map can depend on 3 of 9 input channels only.")
    assert page.locator(".wires .unwired").count() == 54


def test_costs_are_drawn_as_curves_of_this_figure(page: Page) -> None:
    open_figure(page, "/learn/depthwise-separable?out_channels=4")
    curve = page.locator("[data-curve=kernel_size]")
    expect(curve).to_contain_text("Kernel size 3: 351 against 972")
    page.locator("#kernel_size-0-range").fill("2")
    settled(page)
    expect(curve).to_contain_text("Kernel size 2")


def test_there_and_back_the_shape_returns_and_the_values_do_not(page: Page) -> None:
    open_figure(page, "/learn/transposed")
    page.locator("#round_trip-field").check()
    settled(page)
    inverse = page.locator(".extra", has=page.get_by_role("heading", name="There and back"))
    expect(inverse).to_contain_text("the shape has come back")
    expect(page.locator("#problem")).to_be_hidden()


def test_both_operations_are_summed_at_once(page: Page) -> None:
    open_figure(page, "/learn/cross-correlation?input=0,1,3,-2,0,2&kernel=1,2,-1&step=4")
    expect(page.locator("#sum output.sum-value")).to_have_count(2)
    expect(page.locator("#caption")).to_contain_text("reversed")


def test_values_go_by_name(page: Page) -> None:
    open_figure(page, "/learn/spatially-separable")
    page.locator("#numbers [data-mode=mine]").click()
    page.get_by_label("Kernel by name").select_option("laplacian")
    settled(page)
    assert query_of(page)["kernel"] == "laplacian"
    expect(page.locator(".extra", has=page.get_by_role("heading", name="The kernel taken apart"))).to_contain_text(
        "Rank 2"
    )


def test_presenting_fills_the_screen_and_a_clicker_steps_and_blanks(page: Page) -> None:
    open_figure(page, f"{SINGLE}?step=2")
    wide = page.locator("#canvas").bounding_box()
    page.keyboard.press("p")
    expect(page.locator(".panel")).to_be_hidden()
    expect(page.locator("html")).to_have_attribute("data-theme", "projector")
    assert wide
    page.wait_for_function("(wide) => document.getElementById('canvas').offsetWidth > wide", arg=wide["width"])
    page.keyboard.press("PageDown")
    expect(page.locator("#step-count b")).to_have_text("3")
    page.keyboard.press("b")
    assert page.evaluate("getComputedStyle(document.body, '::after').position") == "fixed"
    page.keyboard.press(".")
    assert page.evaluate("getComputedStyle(document.body, '::after').position") != "fixed"
    page.keyboard.press("Escape")
    expect(page.locator(".panel")).to_be_visible()
    expect(page.locator("html")).not_to_have_attribute("data-theme", "projector")
