"""What a page says of its figure to programs that show links: the picture, the tags, and where oEmbed is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app import embed, still
from app.answers import dumped
from app.i18n import DEFAULT_LANGUAGE, Translator
from compute.errors import ConvError
from compute.kinds.base import Kind

WIDTH, HEIGHT = 1200, 630
LEARN, OEMBED = "/learn/", "/oembed"
# Bytes of a trace from which on reading it takes longer than making one of a single step.
LARGE = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A figure as a page shows it.

    Attributes:
        kind: the kind.
        params: the parameters of the figure; none: the kind's first preset.
        trace: its document, as JSON.
        steps: of the page's clock.
        step: the one that is asked for, or None.
        theme, stage: as in the page's address, or None.
    """

    kind: Kind
    params: Mapping[str, str]
    trace: bytes
    steps: int
    step: int | None
    theme: str | None
    stage: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfurled:
    """What `unfurl.html` and `still.html` are handed.

    Attributes:
        title: of the figure, with its step.
        description: the kind in a line.
        alt: the step in words.
        url: this page, absolute; None where the server does not know its own address.
        image: the picture, absolute; None where that is not known, or pictures cannot be drawn here.
        width, height: of the picture.
        oembed: where the figure is described for embedding, absolute, or None.
        still: the picture as SVG, for whoever has no scripts, or None; by the theme asked for, else light.
        dark: the same for whose system is dark, where no theme was asked for, else None.
    """

    title: str
    description: str
    alt: str
    url: str | None
    image: str | None
    oembed: str | None
    still: str | None
    dark: str | None
    width: int = WIDTH
    height: int = HEIGHT


def shown_step(asked: int | None, steps: int) -> int:
    """The step that a picture shows: the one asked for, else one in the middle, where there is something to see."""
    return (steps + 1) // 2 if asked is None else asked


def picture_path(slug: str, params: Mapping[str, str], form: str = "png") -> str:
    """The address of a figure's picture below the server's own; what is empty in `params` is left out."""
    return f"{embed.PATH}{slug}/picture.{form}{_query(params)}"


def figure_title(t: Translator, kind: Kind, step: int | None, steps: int) -> str:
    """What a figure is called: its kind, and its step where one was asked for."""
    title = t.said(f"kind.{kind.slug}.title", kind.title)
    return title if step is None else t("unfurl.title", title=title, n=step, total=steps)


def unfurled(shown: Shown, t: Translator, base_url: str, path: str, typed: Mapping[str, str]) -> Unfurled:
    """What a lesson or an embed says of its figure; `path` and `typed` are the page's address, `base_url` may be ""."""
    kind = shown.kind
    drawn = still.missing() is None
    title = figure_title(t, kind, shown.step, shown.steps)
    pictured = {
        **shown.params,
        "step": "" if shown.step is None else str(shown.step),
        "theme": shown.theme or "",
        "stage": shown.stage or "",
        "lang": "" if t.lang == DEFAULT_LANGUAGE else t.lang,
    }
    url = f"{base_url}{path}{_query(typed)}" if base_url else None
    dark = {**pictured, "theme": "dark"}
    return Unfurled(
        title=title,
        description=t.said(f"kind.{kind.slug}.summary", kind.summary),
        alt=_said(shown, t) or title,
        url=url,
        image=base_url + picture_path(kind.slug, pictured) if base_url and drawn else None,
        oembed=f"{base_url}{OEMBED}{_query({'url': url})}" if url else None,
        still=picture_path(kind.slug, pictured, "svg") if drawn else None,
        dark=picture_path(kind.slug, dark, "svg") if drawn and not shown.theme else None,
    )


def _said(shown: Shown, t: Translator) -> str:
    """The step in words, as far as it can be told without a browser; a picture without words is no fault."""
    if still.missing():
        return ""
    try:
        step = shown_step(shown.step, shown.steps)
        return still.said(_trace_of(shown, step), step, dict(t.strings))
    except ConvError:
        return ""


def _trace_of(shown: Shown, step: int) -> bytes:
    """As much of the trace as a step in words needs: of a large one that step alone."""
    if len(shown.trace) < LARGE:
        return shown.trace
    window = {"start": str(max(step - 1, 0)), "count": "1", "tensors": "all"}
    alone = shown.kind.trace(shown.kind.parse({**(shown.params or shown.kind.presets[0].params), **window}))
    # Stages that are compared take their steps together, so that one step is two.
    return shown.trace if alone["facts"].get("compared") else dumped(alone)


def _query(pairs: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"?{query}" if query else ""
