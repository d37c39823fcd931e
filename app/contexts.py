"""What templates are handed: one documented context a page."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from markupsafe import Markup

from app.embed import Embed
from app.first import First
from app.reference import Reference
from app.sides import ShownSide, Suggested
from app.unfurl import Unfurled
from compute.kinds.base import Kind, Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A kind in the navigation; `number` is None where it stands outside the numbering."""

    slug: str
    title: str
    summary: str
    number: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of the navigation, `id` as in `kind.group`; its title is the string `group.<id>`."""

    id: str
    kinds: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language that pages speak: the address of this page in it, and what it calls itself."""

    address: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What every template is handed; besides, `t(key, **values)` and `asset(name)` are everywhere, macros included.

    Attributes:
        lang: the page's language.
        languages: all there are, by the names of their folders.
        theme: `light`, `dark` or `projector`; None: as the reader's system has it.
        groups: the kinds by group, for navigation and home.
        modules: addresses of the scripts of a figure, for `<link rel="modulepreload">`.
        plotly: the address of Plotly.js, which the page fetches when its first figure is on show.
        path: the address of the page, without its query.
    """

    lang: str
    languages: dict[str, Language]
    theme: str | None
    groups: list[Group]
    modules: list[str]
    plotly: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonContext(PageContext):
    """What `lesson.html` is handed.

    Attributes:
        kind: the kind: `slug`, `title`, `summary`, `group`, `number`, `presets` (each `id`, `title`, `params`).
        title, summary: the kind's, in the language of the page.
        equals: figures that are figures of another kind: `says`, `params`, `slug`, `theirs`.
        schema: JSON Schema of its parameters, with `x-control`.
        prose: the name of the template with this lesson's words, `lessons/<lang>/<slug>.html`.
        preset: the preset shown because no figure was asked for (or the last good one after an error), or None.
        query: the figure's parameters as they were typed; empty where there were none.
        trace: the document of the figure shown, plain lists and numbers, formulas with `mathml` (which is safe HTML:
            write `{{ formula.mathml|safe }}`).
        facts: `trace.facts`.
        limits: what `/api/v1/limits` says of the figure shown.
        step: steps done, 0 (nothing computed yet) to `steps`.
        steps: steps of the page's clock; see `clock_length`.
        speed: one of SPEEDS, or None where the link does not say.
        loop: whether playing starts again at the end.
        kept: whether the link stands for values that it does not hold; the figure then is drawn with others.
        compare: the address of the comparison with this figure on its left side.
        error: what is wrong with the query (`code`, `field`, `message`, `hint`, `values`), or None. Then the status
            is 422, `query` keeps what was typed, and the figure shown is the first preset's.
        unfurled: what programs that show links are told, and the picture for whoever has no scripts.
        stage: the stage to be seen alone, `all`, or None where the link does not say.
        first: what is shown of the figure before its scripts have come, or None where they draw it first.
        page_data: the JSON for the scripts, safe inside `<script type="application/json" id="page-data">`:
            kind (with schema and presets), query, preset (its id or null), step, theme, speed, loop, trace, limits
            (by parameter), partners (figures to compare with: see `comparisons.partners`), error, strings, assets
            (`plotly`), api, lang.
    """

    kind: Kind
    title: str
    summary: str
    equals: list[dict[str, Any]]
    schema: dict[str, Any]
    prose: str
    preset: Preset | None
    query: Mapping[str, str]
    trace: dict[str, Any]
    facts: dict[str, Any]
    limits: dict[str, Any]
    step: int
    steps: int
    speed: str | None
    loop: bool
    kept: bool
    compare: str
    error: dict[str, Any] | None
    unfurled: Unfurled
    stage: str | None
    first: First | None
    page_data: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedContext(PageContext):
    """What `embed.html` is handed.

    Attributes:
        kind, title, summary, schema, query: as in LessonContext.
        embed: what the address says of the frame.
        trace: the document of the figure, as in LessonContext.
        steps: steps that are played, those from `embed.start` to `embed.end`.
        kept: whether the link stands for values that it does not hold; the figure then is drawn with others.
        lesson: the path of the page where the figure can be changed, with its parameters.
        unfurled, first: as in LessonContext.
        page_data: the JSON for the scripts: kind (with schema and presets), query, step, theme, speed, loop, trace,
            limits (with all controls, else empty), embed (see `app.embed.options`), strings, api, lang, lesson.
    """

    kind: Kind
    title: str
    summary: str
    schema: dict[str, Any]
    query: Mapping[str, str]
    embed: Embed
    trace: dict[str, Any]
    steps: int
    kept: bool
    lesson: str
    unfurled: Unfurled
    first: First | None
    page_data: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedErrorContext(PageContext):
    """What `embed-error.html` is handed: the error as the API says it, and where the figure can be mended."""

    error: dict[str, Any]
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbedDocsContext(PageContext):
    """What `docs-embed.html` is handed.

    Attributes:
        parameters: of frames, each with the words that it takes (none: the string alone describes it).
        base_url: stands before paths in examples.
    """

    parameters: dict[str, tuple[str, ...]]
    base_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareContext(PageContext):
    """What `compare.html` is handed.

    Attributes:
        sides: both, left and right.
        first: what each shows before its scripts have come, by its name, or None.
        suggested: pairs to choose from.
        step, steps: of the common clock, which is as long as the longer side.
        speed, loop: as in LessonContext.
        error: what is wrong with the link apart from its sides, or None.
        page_data: the JSON for the scripts: sides (text, slug, params, stage, until, trace, error), kinds (see
            `_choice_of`), step, theme, speed, loop, strings, assets, api, lang.
    """

    sides: list[ShownSide]
    first: dict[str, First | None]
    suggested: list[Suggested]
    step: int
    steps: int
    speed: str | None
    loop: bool
    error: dict[str, Any] | None
    page_data: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorContext(PageContext):
    """What `error.html` is handed: the HTTP status and the error as the API says it."""

    status: int
    error: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocsContext(PageContext):
    """What `docs.html` is handed: see `app/reference.py`; `base_url` stands before paths in examples."""

    reference: Reference
    base_url: str


def named(context: PageContext) -> dict[str, Any]:
    """The context's fields by name, nothing copied."""
    return {field.name: getattr(context, field.name) for field in fields(context)}
