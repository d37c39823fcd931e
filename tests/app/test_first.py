"""What a page shows of its figure before any script: drawn for every room, in the page's tokens, or not at all."""

import re
from typing import Any

import anyio
import pytest

from app import first, still, tokens
from app.answers import dumped, trace_document
from app.api import described
from app.comparisons import PAIRS, SIDES
from app.embed import Embed
from app.i18n import Translator, read_catalogues
from app.paths import LOCALES, STATIC
from app.shown import View
from app.sides import shown_side
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS

STRINGS = read_catalogues(LOCALES)
T = Translator("en", STRINGS["en"], strict=True)
_TOKEN = re.compile(r"var\(--([\w-]+)\)")


real = still.in_page


def traced(slug: str, params: dict[str, str]) -> bytes:
    kind = KINDS[slug]
    return dumped(trace_document(kind, kind.parse_facts(params or kind.presets[0].params)))


def drawn(
    slug: str,
    *,
    step: int = 0,
    stage: str = "",
    theme: str | None = None,
    predict: bool = False,
    lang: str = "en",
    **params: str,
):
    view = View(step=step, stage=stage, theme=theme, predict=predict)
    return first.of_lesson(traced(slug, params), described(KINDS[slug])["schema"], view, STRINGS[lang])


def framed(slug: str, params: dict[str, str] | None = None, **shown: Any):
    return first.of_frame(traced(slug, params or {}), described(KINDS[slug])["schema"], Embed(**shown), STRINGS["en"])


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_is_drawn_for_every_room_in_tokens_of_the_style_sheet(slug):
    found = drawn(slug, step=1)
    rooms = first.rooms_of(None)
    assert [one.room for one in found.pictures] == [room.name for room in rooms]
    for one, room in zip(found.pictures, rooms, strict=True):
        assert one.share == one.width / room.width >= 1
        assert one.height > 100
        named = set(_TOKEN.findall(one.svg))
        assert named <= tokens.of_theme("light").keys()
        assert {"input-line", "output-line"} <= named
        # No colour of one theme alone, and none that scripts were handed in a token's stead.
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?!\))", one.svg.replace("#s", ""))
        assert "undefined" not in one.svg
        assert "NaN" not in one.svg
    assert found.said


def test_the_patterns_of_the_rooms_have_names_of_their_own():
    names = [name for one in drawn("pooling").pictures for name in re.findall(r'\bid="([^"]+)"', one.svg)]
    assert len(names) == len(set(names))


def test_an_opacity_becomes_a_mixture_with_nothing():
    svg = drawn("multi-channel", step=1, view="numbers").pictures[0].svg
    shares = {int(share) for share in re.findall(r"color-mix\(in srgb,var\(--[\w-]+\) (\d+)%,transparent\)", svg)}
    assert shares
    assert all(0 < share < 100 for share in shares)


def test_a_step_shows_its_window_and_says_what_it_does():
    before, after = drawn("single-channel"), drawn("single-channel", step=3)
    assert "--highlight-fill" not in before.pictures[0].svg
    assert "--highlight-fill" in after.pictures[0].svg
    assert before.said != after.said


def test_a_value_that_is_to_be_guessed_is_neither_drawn_nor_said():
    told, asked = (drawn("single-channel", step=3, predict=guessed) for guessed in (False, True))
    assert "<b>" not in asked.pictures[0].svg
    assert ">?</text>" in asked.pictures[0].svg
    assert ">?</text>" not in told.pictures[0].svg
    assert (bool(told.said), asked.said) == (True, "")
    assert (">17</output>" in told.sum, asked.sum) == (True, "")


def test_the_projector_has_larger_cells_and_the_page_to_itself():
    usual, large = (drawn("single-channel", theme=theme).pictures for theme in ("dark", "projector"))
    assert large[0].height > usual[0].height
    assert [one.room for one in large] == ["screen", "narrow"]


@pytest.mark.parametrize(
    ("lang", "params", "switches", "height"),
    [
        ("en", {}, ["view", "by"], 97),
        ("zh", {}, ["view", "by"], 55),
        ("en", {"round_trip": "true", "input_size": "5"}, ["by"], 55),
    ],
)
def test_the_room_is_what_switches_leave(monkeypatch, lang, params, switches, height):
    asked = []
    monkeypatch.setattr(still, "in_page", lambda trace, given: asked.append(given) or real(trace, given))
    found = drawn("transposed", lang=lang, **params)
    assert found.switches == switches
    assert asked[0]["above"]["switches"] == height


def test_every_room_has_a_rule_in_the_style_sheet():
    sheet = (STATIC / "css" / "first.css").read_text(encoding="utf-8")
    lessons = {*first.rooms_of(None), *first.rooms_of("projector"), *first.rooms_of(None, framed=True)}
    for room in {*lessons, *first.rooms_of_sides(None), *first.rooms_of_sides("projector")}:
        assert f".first > .first-{room.name} {{\n    display: block;" in sheet


def test_a_pipeline_has_its_stages_with_their_sizes():
    found = drawn("depthwise-separable")
    assert [stage["id"] for stage in found.stages] == ["depthwise", "pointwise"]
    assert found.stages[0]["sizes"] == "7 × 7 × 3 → 5 × 5 × 3"
    assert found.pictures[0].alone == "depthwise"
    assert drawn("depthwise-separable", stage="pointwise").pictures[0].alone == "pointwise"
    assert drawn("single-channel").stages == []


@pytest.mark.parametrize("slug", KINDS)
def test_a_frame_has_every_figure_as_a_whole(slug):
    found = framed(slug, step=1)
    for one, room in zip(found.pictures, first.rooms_of(None, framed=True), strict=True):
        # What is laid out larger than its room is made smaller, and no figure of a preset by more than this.
        assert one.share <= 4
        assert one.height / room.height <= 4


def test_a_frame_as_wide_as_its_page_is_drawn_as_wide_and_scrolls():
    whole, wide = (framed("grouped", fit=fit).pictures[0] for fit in ("contain", "width"))
    assert whole.height / whole.width < wide.height / wide.width
    assert wide.width == 944


def test_a_frame_shows_the_tensors_that_it_names():
    alone = framed("single-channel", panels=("kernel",)).pictures[0].svg
    assert "--kernel-line" in alone
    assert "--input-line" not in alone


def test_things_are_as_small_as_a_frame_of_the_projector_wants():
    usual, small = (framed("single-channel", theme=theme).pictures[1] for theme in ("light", "projector"))
    assert small.height <= first.rooms_of(None, framed=True)[1].height
    assert usual.svg != small.svg


def paired(left: str, right: str, *, step: int = 0, theme: str | None = None):
    async def shown():
        workers = Workers(1)
        return [await shown_side(*side, T, workers) for side in zip(SIDES, (left, right), strict=True)]

    return first.of_pair(anyio.run(shown), step, theme, STRINGS["en"])


@pytest.mark.parametrize("pair", PAIRS, ids=[pair.id for pair in PAIRS])
@pytest.mark.parametrize("theme", [None, "projector"])
def test_both_sides_of_every_suggested_pair_are_drawn_for_every_room(pair, theme):
    rooms = first.rooms_of_sides(theme)
    sides = paired(pair.left.text, pair.right.text, step=1, theme=theme)
    for found in sides:
        assert [one.room for one in found.pictures] == [room.name for room in rooms]
        assert all(one.share >= 1 for one in found.pictures)
        assert found.said
    # The patterns of both stand in one document.
    names = [name for found in sides for one in found.pictures for name in re.findall(r'\bid="([^"]+)"', one.svg)]
    assert len(names) == len(set(names))


def test_the_sides_of_a_pair_have_cells_of_one_size():
    sides = paired("single-channel?input_size=4", "single-channel?input_size=5")
    for pictures in zip(*(found.pictures for found in sides), strict=True):
        one, other = [_font_of_numbers(picture.svg) for picture in pictures]
        assert one == other
    # Of its own it would have larger ones.
    alone = paired("single-channel?input_size=4", "single-channel?stride=0")
    assert alone[1] is None
    assert _font_of_numbers(alone[0].pictures[0].svg) > _font_of_numbers(sides[0].pictures[0].svg)


def _font_of_numbers(svg: str) -> float:
    return max(float(size) for size in re.findall(r'font-size="([\d.]+)', svg))


def test_a_side_that_has_come_to_its_end_says_so_and_keeps_its_last_step():
    longer, shorter = paired("dilated?dilation=1", "dilated?dilation=2", step=12)
    assert (longer.finished, shorter.finished) == (False, True)
    assert shorter.said == "Finished after 9 steps."
    assert paired("dilated?dilation=1", "dilated?dilation=2", step=9)[1].sum == shorter.sum


def test_a_side_that_ends_before_its_figure_says_where_and_has_these_stages_alone():
    whole, part = paired("checkerboard?remedy=nearest", "checkerboard?remedy=nearest&until=convolution")
    assert [stage["id"] for stage in part.stages] == ["resize", "convolution"]
    assert len(whole.stages) > 2
    assert whole.until == ""
    assert "Convolution" in part.until


def test_a_pair_is_left_to_the_page_where_it_is_too_large_or_takes_too_long(monkeypatch):
    assert paired("single-channel?input_size=128", "single-channel?input_size=128") == [None, None]

    def slow(*_):
        raise ConvError("picture_too_dear", "", "too dear", "smaller")

    monkeypatch.setattr(still, "pair_in_page", slow)
    assert paired("dilated", "dilated") == [None, None]


def test_what_is_too_large_is_left_to_the_page():
    assert drawn("single-channel", input_size="9") is not None
    assert drawn("single-channel", input_size="128") is None


def test_what_has_too_many_grids_is_left_to_the_page_however_few_its_bytes():
    many = {"in_channels": "12", "out_channels": "16", "view": "numbers"}
    assert len(traced("pointwise", many)) < first.LARGEST
    assert drawn("pointwise", **many | {"out_channels": "17"}) is not None
    assert drawn("pointwise", **many | {"out_channels": "18"}) is None
    # Blocks stand for many channels each.
    assert drawn("pointwise", **many | {"out_channels": "18", "view": "blocks"}) is not None


def test_a_frame_that_shows_all_at_once_draws_fewer_grids():
    many = {"in_channels": "10", "out_channels": "16", "view": "numbers"}
    assert framed("pointwise", many) is None
    assert framed("pointwise", many, fit="width") is not None


def test_both_sides_of_a_pair_count_together():
    side = "pointwise?in_channels=10&out_channels={}&view=numbers"
    assert None not in paired(side.format(9), side.format(10))
    assert paired(side.format(9), side.format(12)) == [None, None]


def test_what_takes_too_long_is_left_to_the_page(monkeypatch):
    def slow(*_):
        raise ConvError("picture_too_dear", "", "too dear", "smaller")

    monkeypatch.setattr(still, "in_page", slow)
    assert drawn("single-channel") is None


def test_where_pictures_cannot_be_drawn_the_page_draws_them(monkeypatch):
    monkeypatch.setattr(still, "missing", lambda: "quickjs")
    assert drawn("single-channel") is None
