"""Pictures without a browser: they are what they should be, in bounds, and said to be missing where they are."""

import io
import re
import threading
from collections import Counter

import pytest
import resvg_py
from PIL import Image

from app import fonts, still, tokens
from app.answers import dumped, trace_document
from app.i18n import read_catalogues
from app.paths import LOCALES
from app.sides import clock_length
from compute.errors import ConvError
from compute.kinds import KINDS

STRINGS = read_catalogues(LOCALES)


def shot(
    slug: str,
    params: dict[str, str] | None = None,
    *,
    theme: str = "light",
    lang: str = "en",
    title: str | None = None,
    width: int = 1200,
) -> still.Still:
    kind = KINDS[slug]
    document = trace_document(kind, kind.parse_facts(params or kind.presets[0].params))
    return still.Still(
        trace=dumped(document),
        step=(clock_length(document) + 1) // 2,
        stage="",
        theme=theme,
        strings=STRINGS[lang],
        title=kind.title if title is None else title,
        width=width,
        height=width * 630 // 1200,
    )


def pixels(png: bytes) -> Image.Image:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.convert("RGB")


def colours(image: Image.Image) -> dict[str, int]:
    """How many pixels have each colour."""
    data = image.tobytes()
    return Counter(f"#{data[at : at + 3].hex()}" for at in range(0, len(data), 3))


@pytest.mark.parametrize("theme", ["light", "dark", "projector"])
@pytest.mark.parametrize("slug", ["single-channel", "transposed", "dilated", "multi-channel"])
def test_a_picture_has_its_size_and_the_colours_of_its_theme(slug, theme):
    image = pixels(still.png(shot(slug, theme=theme)))
    assert image.size == (1200, 630)
    found, known = colours(image), tokens.of_theme(theme)
    assert len(found) > 100
    assert max(found, key=lambda colour: found[colour]) == known["surface"]
    for name in ("kernel-line", "kernel-fill", "output-fill", "highlight-fill", "highlight-outline", "text"):
        assert known[name] in found, name


def test_a_smaller_picture_is_the_same_one_made_smaller():
    large, small = pixels(still.png(shot("dilated"))), pixels(still.png(shot("dilated", width=400)))
    assert small.size == (400, 210)
    near = large.resize(small.size)
    differing = [abs(one - other) for one, other in zip(near.tobytes(), small.tobytes(), strict=True)]
    assert sum(differing) / len(differing) < 6


def test_a_step_is_told_in_words_as_under_the_figure():
    figure = shot("single-channel")
    assert still.said(figure.trace, figure.step, STRINGS["en"]).startswith("Window on rows 2–4, columns 2–4.")
    assert "窗口" in still.said(figure.trace, figure.step, STRINGS["zh"])


def rendered(svg: str) -> bytes:
    files, others = fonts.wanted(svg)
    return resvg_py.svg_to_bytes(svg_string=svg, font_files=files, skip_system_fonts=not others)


def dark_pixels(image: Image.Image) -> int:
    return sum(value < 128 for value in image.convert("L").tobytes())


def test_chinese_is_drawn_in_glyphs_of_its_own():
    """A box in the place of a missing glyph is the same for all characters."""
    drawn = [
        pixels(still.png(shot("single-channel", lang="zh", title=title))).crop((30, 10, 200, 70)) for title in "卷积积"
    ]
    assert drawn[0].tobytes() != drawn[1].tobytes()
    assert drawn[1].tobytes() == drawn[2].tobytes()
    assert all(dark_pixels(image) > 200 for image in drawn)


@pytest.mark.parametrize("slug", KINDS)
def test_without_any_font_of_the_machine_all_but_chinese_is_drawn(slug):
    """A stretch of text in a font that is not there would be left out, without a word."""
    drawn = fonts.in_families(still.svg(shot(slug), fonts.FAMILY))
    assert set(re.findall(r'font-family="([^"]*)"', drawn)) == {fonts.FAMILY}
    assert fonts.wanted(drawn) == (fonts.files(), False)
    in_chinese = fonts.in_families(still.svg(shot(slug, lang="zh", title="卷积"), fonts.FAMILY))
    assert set(re.findall(r'font-family="([^"]*)"', in_chinese)) == {fonts.FAMILY, fonts.CHINESE_FAMILIES}


def test_the_dot_between_two_factors_is_drawn():
    figure = shot("single-channel")
    with_dots = fonts.in_families(still.svg(figure, fonts.FAMILY))
    assert with_dots.count("·") > 5
    dotted, bare = (pixels(rendered(text)) for text in (with_dots, with_dots.replace("·", " ")))
    assert dotted.tobytes() != bare.tobytes()


def test_letters_are_as_wide_as_in_their_font():
    wide = fonts.widths()
    assert wide["bold"]["W"] > wide["regular"]["W"] > wide["regular"]["i"]
    assert wide["regular"]["−"] == wide["regular"]["–"]


def test_a_machine_without_a_known_chinese_font_searches_all_of_its_fonts(monkeypatch):
    monkeypatch.setattr(fonts, "_chinese_files", list)
    assert fonts.wanted("<text>卷积</text>") == (fonts.files(), True)


def test_several_threads_draw_at_once():
    figures = [
        shot(slug, theme=theme) for slug in ("single-channel", "pooling", "dilated") for theme in ("light", "dark")
    ]
    alone = [still.svg(figure) for figure in figures]
    together = {}

    def draw(n: int) -> None:
        together[n] = still.svg(figures[n])

    threads = [threading.Thread(target=draw, args=(n,)) for n in range(len(figures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [together[n] for n in range(len(figures))] == alone


CROWDS = [
    ("layer", {"in_channels": "64"}),
    ("pointwise", {"in_channels": "64", "out_channels": "64"}),
    ("depthwise-separable", {"in_channels": "60", "view": "numbers"}),
]


@pytest.mark.parametrize(("slug", "params"), CROWDS, ids=[slug for slug, _ in CROWDS])
def test_a_crowd_of_channels_is_drawn_as_blocks(slug, params):
    drawn = still.svg(shot(slug, params))
    assert ">filter 1</text>" in drawn
    assert len(drawn) < 60_000


def test_the_cells_of_one_large_channel_stay_cells_of_which_shades_alone_are_seen():
    drawn = still.svg(shot("single-channel", {"input_size": "150"}))
    assert "filter 1" not in drawn
    # Neighbours of one shade are one box; the lightest shade is the surface.
    assert drawn.count("M") > 150 * 150 / 4
    assert drawn.count("<text") < 60


def test_numbers_are_written_where_they_can_be_read():
    legible = still.svg(shot("single-channel", {"input_size": "12"}))
    assert legible.count("<text") > 12 * 12


@pytest.mark.parametrize(
    "body",
    {
        "for ever": "for (;;) {}",
        "all the memory": "const all = []; for (;;) all.push(new Array(10_000).fill(0));",
        "down for ever": "const f = () => f() + 1; return f();",
    }.values(),
)
def test_a_script_that_never_ends_is_stopped(body):
    engine = still.Engine(f"const STILL = {{ f() {{ {body} }}, g: () => 7 }};", seconds=0.2, memory=16 << 20)
    with pytest.raises(ConvError) as stopped:
        engine.call("f", "0")
    assert stopped.value.code == "picture_too_dear"


def test_every_call_has_its_own_time():
    engine = still.Engine(
        "const STILL = { f() { const end = Date.now() + 300; while (Date.now() < end); return 7; } };", seconds=1
    )
    assert [engine.call("f", "0") for _ in range(5)] == [7] * 5


def test_a_script_that_has_no_memory_left_to_say_so_is_stopped_too():
    engine = still.Engine("const STILL = { f() { throw null; } };")
    with pytest.raises(ConvError) as stopped:
        engine.call("f", "0")
    assert stopped.value.code == "picture_too_dear"


def test_a_script_that_fails_is_a_fault_of_ours():
    engine = still.Engine("const STILL = { f() { throw new TypeError('oh') } };")
    with pytest.raises(still.ScriptError, match="oh"):
        engine.call("f", "0")


def test_an_engine_in_which_something_failed_is_given_up():
    figure = shot("single-channel")
    good = still.svg(figure)
    with pytest.raises(still.ScriptError):
        still.said(b"null", 1, STRINGS["en"])
    assert still.svg(figure) == good


def test_without_the_extra_it_is_named(monkeypatch):
    monkeypatch.setattr(still, "missing", lambda: "quickjs")
    for ask in (lambda: still.png(shot("dilated")), lambda: still.said(b"{}", 0, {})):
        with pytest.raises(ConvError) as refused:
            ask()
        assert refused.value.code == "drawer_missing"
        assert "pip install 'convoscope[export]'" in refused.value.hint


def test_the_first_missing_module_is_found(monkeypatch):
    monkeypatch.setattr(still, "_MODULES", ("json", "no_such_module"))
    still.missing.cache_clear()
    assert still.missing() == "no_such_module"
    monkeypatch.undo()
    still.missing.cache_clear()
    assert still.missing() is None
