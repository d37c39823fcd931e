"""The pages: what each template is handed, and the routes that render them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import comparisons, language, query, still
from app.answers import dumped, trace_document
from app.api import ROOT, described, find_kind
from app.assets import PLOTLY
from app.comparisons import PAIRS, Side
from app.errors import UNPROCESSABLE, document_of, status_of
from app.i18n import DEFAULT_LANGUAGE, Translator
from app.reference import Reference, read_reference
from app.resources import Resources
from app.settings import Settings
from app.sides import ShownSide, Suggested, clock_length, shown_side, suggested, texts_of
from app.unfurl import Unfurled, shown_step, unfurled
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, Preset, unknown
from compute.parameters import Choice, Flag, Whole

THEMES = ("light", "dark", "projector")
SPEEDS = ("0.5", "1", "2", "4", "8", "max")
# Stands before paths in examples where no base URL is set: a request's Host is never trusted.
EXAMPLE_URL = "http://127.0.0.1:8000"
# Parameters of the page; all others are the figure's. `kept` stands for values too long for a link: only the tab that
# wrote it knows them, so that here it says no more than that some are missing, whatever it is.
OF_THE_PAGE = ("step", "theme", "speed", "loop", "stage", "lang", "predict", "kept")
# Links of pages that are to keep the language which the reader chose by link.
_INTERNAL = re.compile(r'href="(/(?:learn/[a-z0-9-]+|compare|docs)?)(?:\?([^"#]*))?"')


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


def _groups(t: Translator) -> list[Group]:
    found: dict[str, list[Link]] = {}
    for kind in KINDS.values():
        title, summary = _named_kind(kind, t)
        found.setdefault(kind.group, []).append(Link(slug=kind.slug, title=title, summary=summary, number=kind.number))
    return [Group(id=group, kinds=links) for group, links in found.items()]


def _named_kind(kind: Kind, t: Translator) -> tuple[str, str]:
    """Title and summary of a kind in the language of a page."""
    return t.said(f"kind.{kind.slug}.title", kind.title), t.said(f"kind.{kind.slug}.summary", kind.summary)


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
        plotly: the address of Plotly.js, for `<link rel="preload" as="script">`.
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
    page_data: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareContext(PageContext):
    """What `compare.html` is handed.

    Attributes:
        sides: both, left and right.
        suggested: pairs to choose from.
        step, steps: of the common clock, which is as long as the longer side.
        speed, loop: as in LessonContext.
        error: what is wrong with the link apart from its sides, or None.
        page_data: the JSON for the scripts: sides (text, slug, params, stage, until, trace, error), kinds (see
            `_choice_of`), step, theme, speed, loop, strings, assets, api, lang.
    """

    sides: list[ShownSide]
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


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How the page shows the figure."""

    step: int = 0
    theme: str | None = None
    speed: str | None = None
    loop: bool = False
    stage: str | None = None
    lang: str | None = None
    predict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The figure of a page: its trace, as JSON and read back (so that templates meet plain lists), and its limits."""

    preset: Preset | None
    trace_json: bytes
    trace: dict[str, Any]
    limits: dict[str, Any]


class Pages:
    """The pages of one application."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        self.resources = resources
        self.settings = settings
        self.workers = workers

    @property
    def _groups(self) -> dict[str, list[Group]]:
        return {lang: _groups(self.resources.translator(lang)) for lang in self.resources.languages}

    def _typed(self, request: Request) -> dict[str, str]:
        return query.typed(request.scope["query_string"][: self.settings.query_limit])

    def add_routes(self, app: FastAPI) -> None:
        """`/`, `/learn/{slug}`, `/embed/{slug}`, `/compare` and `/docs`."""
        pages = {
            "/": self.home,
            "/learn/{slug}": self.lesson,
            "/embed/{slug}": self.embed,
            comparisons.PATH: self.compare,
            "/docs": self.docs,
        }
        for path, page in pages.items():
            app.add_api_route(path, page, methods=["GET"], include_in_schema=False)

    async def home(self, request: Request) -> Response:
        """The kinds by group."""
        return self._page(request, "home.html", PageContext(**self._common(request)))

    async def docs(self, request: Request) -> Response:
        """The reference of the API, from its OpenAPI document."""
        context = DocsContext(
            **self._common(request),
            reference=read_reference(request.app),
            base_url=self.settings.base_url or EXAMPLE_URL,
        )
        return self._page(request, "docs.html", context)

    async def lesson(self, request: Request) -> Response:
        """A kind and the figure that the query asks for; where that cannot be, the first preset and why."""
        return await self._figure_page(request, "lesson.html")

    async def embed(self, request: Request) -> Response:
        """The same figure with its sum and transport alone, for the frame of another page or slide."""
        return await self._figure_page(request, "embed.html")

    async def _figure_page(self, request: Request, template: str) -> Response:
        kind = find_kind(request.path_params["slug"])
        pairs, error = _pairs(request.scope["query_string"], self.settings.query_limit)
        asked = figure_of(pairs)
        figure = None
        if error is None:
            figure, error = await self._attempt(kind, asked)
        if figure is None:
            figure = await self.workers.run(partial(_figure, kind, {}))
        view, fault = page_view(
            pairs,
            clock_length(figure.trace),
            [stage["id"] for stage in figure.trace["stages"]],
            self.resources.languages,
        )
        # The figure's fault comes first; a step past the end of the figure that stands in for it is none.
        error = error or fault
        step = shown_step(view.step if "step" in pairs else None, clock_length(figure.trace))
        alt = await self.workers.run(partial(self._said, figure, step, self._common(request)["lang"]))
        context = self._lesson_context(request, kind, asked, figure, view, error, alt)
        return self._page(request, template, context, 200 if error is None else status_of(error))

    def _said(self, figure: Figure, step: int, lang: str) -> str:
        """The step in words, as far as it can be told without a browser; a picture without words is no fault."""
        if still.missing():
            return ""
        try:
            return still.said(figure.trace_json, step, dict(self.resources.translator(lang).strings))
        except ConvError:
            return ""

    def _language(self, request: Request, name: str) -> Language:
        address = f"{request.url.path}?{urlencode({**self._typed(request), 'lang': name})}"
        return Language(address=address, title=self.resources.translator(name)("language.name"))

    async def compare(self, request: Request) -> Response:
        """Two figures on one clock; where one cannot be, why, beside the other."""
        pairs, error = _pairs(request.scope["query_string"], self.settings.query_limit)
        t = self.resources.translator(self._common(request)["lang"])
        texts = texts_of(pairs)
        sides = [await shown_side(name, texts[name], t, self.workers) for name in comparisons.SIDES]
        steps = max(side.steps for side in sides)
        whole = all(side.error is None for side in sides)
        # A step past the end of a side that is missing is no fault.
        view, fault = page_view(pairs, steps if whole else 2**53, None, self.resources.languages)
        error = error or _unknown_of(pairs) or fault
        context = self._compare_context(request, sides, view, min(view.step, steps), error)
        status = status_of(error) if error else 200 if whole else UNPROCESSABLE
        return self._page(request, "compare.html", context, status)

    def _compare_context(
        self, request: Request, sides: list[ShownSide], view: View, step: int, error: ConvError | None
    ) -> CompareContext:
        common = self._common(request)
        t = self.resources.translator(common["lang"])
        data = {
            "sides": [
                {
                    "text": shown.text,
                    "slug": shown.side.slug,
                    "params": shown.side.params or _first_of(shown.side.slug),
                    "stage": shown.side.stage,
                    "until": shown.side.until,
                    "trace": shown.trace_json and orjson.Fragment(shown.trace_json),
                    "error": shown.error,
                }
                for shown in sides
            ],
            "kinds": [_choice_of(kind, t) for kind in KINDS.values()],
            "step": step,
            "theme": common["theme"],
            "speed": view.speed,
            "loop": view.loop,
            "strings": self._strings_for_scripts(t, but=("docs.", "home.")),
            "assets": {"plotly": common["plotly"]},
            "api": ROOT,
            "lang": common["lang"],
        }
        page = {"theme": common["theme"]} if common["theme"] else {}
        return CompareContext(
            **{**common, "modules": self.resources.assets.modules("js/compare.js")},
            sides=sides,
            suggested=[suggested(pair, sides, page) for pair in PAIRS],
            step=step,
            steps=max(shown.steps for shown in sides),
            speed=view.speed,
            loop=view.loop,
            error=None if error is None else t.error(document_of(error)),
            page_data=in_script(dumped(data)),
        )

    def render_error(self, request: Request, status: int, error: dict[str, Any]) -> str:
        """The page of an error outside any lesson."""
        common = self._common(request)
        context = ErrorContext(**common, status=status, error=self.resources.translator(common["lang"]).error(error))
        return self.resources.render("error.html", _named(context), context.lang)

    async def _attempt(self, kind: Kind, asked: Mapping[str, str]) -> tuple[Figure | None, ConvError | None]:
        try:
            return await self.workers.run(partial(_figure, kind, asked)), None
        except ConvError as error:
            return None, error

    def _page(self, request: Request, template: str, context: PageContext, status: int = 200) -> Response:
        asked = self._typed(request).get("lang") == context.lang
        html = self.resources.render(template, _named(context), context.lang)
        if asked:
            html = _INTERNAL.sub(lambda link: _in_language(link, context.lang), html)
        # Pages name static files by their hash: a page kept too long would ask for files that are gone.
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language", "Content-Language": context.lang}
        return HTMLResponse(html, status, headers=headers)

    def _common(self, request: Request) -> dict[str, Any]:
        assets = self.resources.assets
        typed = self._typed(request)
        theme = typed.get("theme")
        languages = self.resources.languages
        lang = language.chosen(typed.get("lang"), request.headers.get("accept-language", ""), languages)
        return {
            "lang": lang,
            "languages": {name: self._language(request, name) for name in languages},
            "theme": theme if theme in THEMES else None,
            "groups": self._groups[lang],
            "modules": assets.modules(),
            "plotly": assets.url(PLOTLY),
            "path": request.url.path,
        }

    def _lesson_context(
        self,
        request: Request,
        kind: Kind,
        asked: Mapping[str, str],
        figure: Figure,
        view: View,
        error: ConvError | None,
        alt: str,
    ) -> LessonContext:
        common = self._common(request)
        t = self.resources.translator(common["lang"])
        refusal = None if error is None else t.error(document_of(error))
        title, summary = _named_kind(kind, t)
        own = Side(kind.slug, figure.preset.params if figure.preset else asked, view.stage or "")
        data = {
            "kind": _in_words(described(kind), t),
            "query": asked,
            "preset": figure.preset and figure.preset.id,
            "step": view.step,
            "theme": common["theme"],
            "speed": view.speed,
            "loop": view.loop,
            "trace": orjson.Fragment(figure.trace_json),
            "limits": figure.limits,
            "partners": [
                {"own": one.own, "slug": one.side.slug, "params": one.side.params, "until": one.side.until}
                for one in comparisons.partners(kind)
            ],
            "error": refusal,
            "strings": self._strings_for_scripts(t, but=("compare.", "docs.", "home.")),
            "assets": {"plotly": common["plotly"]},
            "api": ROOT,
            "lang": common["lang"],
        }
        return LessonContext(
            **common,
            kind=kind,
            title=title,
            summary=summary,
            equals=[
                {
                    "says": t.said(f"equal.{kind.slug}.{n}", equal.says),
                    "params": equal.params,
                    "slug": equal.slug,
                    "theirs": equal.theirs,
                }
                for n, equal in enumerate(kind.equals, 1)
            ],
            schema=data["kind"]["schema"],
            prose=f"lessons/{common['lang']}/{kind.slug}.html",
            preset=figure.preset,
            query=asked,
            trace=figure.trace,
            facts=figure.trace["facts"],
            limits=figure.limits,
            step=view.step,
            steps=clock_length(figure.trace),
            speed=view.speed,
            loop=view.loop,
            kept=bool(self._typed(request).get("kept")),
            compare=comparisons.link(own, comparisons.partner(kind, own.params), _of_page(view)),
            error=refusal,
            unfurled=self._unfurled(request, kind, figure, view, alt, common),
            page_data=in_script(dumped(data)),
        )

    def _unfurled(
        self, request: Request, kind: Kind, figure: Figure, view: View, alt: str, common: Mapping[str, Any]
    ) -> Unfurled:
        t = self.resources.translator(common["lang"])
        typed = self._typed(request)
        steps = clock_length(figure.trace)
        title, summary = _named_kind(kind, t)
        shown = {"step": str(view.step) if "step" in typed else "", "theme": view.theme, "stage": view.stage}
        lang = common["lang"] if common["lang"] != DEFAULT_LANGUAGE else ""
        return unfurled(
            base_url=self.settings.base_url,
            path=request.url.path,
            typed=typed,
            slug=kind.slug,
            figure={} if figure.preset else figure_of(typed),
            view={**{name: value or "" for name, value in shown.items()}, "lang": lang},
            title=t("unfurl.title", title=title, n=view.step, total=steps) if "step" in typed else title,
            description=summary,
            alt=alt or title,
        )

    def _strings_for_scripts(self, t: Translator, but: tuple[str, ...]) -> dict[str, str]:
        """All but those of other pages; with what the engine says in this language."""
        strings = {key: text for key, text in t.strings.items() if not key.startswith(but)}
        return strings | {key: text for key, text in t.engine.items() if key.startswith(("fault.", "note."))}


def figure_of(pairs: Mapping[str, str]) -> dict[str, str]:
    """The parameters of a page's query that are its figure's."""
    return {name: value for name, value in pairs.items() if name not in OF_THE_PAGE}


def _in_language(link: re.Match[str], lang: str) -> str:
    """A link of a page with the language that was chosen; links that say one themselves stay.

    >>> _in_language(_INTERNAL.fullmatch('href="/learn/layer?dims=1"'), "zh")
    'href="/learn/layer?dims=1&amp;lang=zh"'
    """
    path, pairs = link.groups()
    if pairs and "lang=" in pairs:
        return link.group()
    return f'href="{path}?{f"{pairs}&amp;" if pairs else ""}lang={lang}"'


def _in_words(described: dict[str, Any], t: Translator) -> dict[str, Any]:
    """The catalogue's entry with its titles in the language of a page."""
    slug = described["slug"]
    presets = [{**one, "title": t.said(f"preset.{slug}.{one['id']}", one["title"])} for one in described["presets"]]
    return {**described, "presets": presets}


def in_script(json: bytes) -> Markup:
    r"""JSON that can stand in a script element: nothing in it ends the element or a line.

    >>> in_script(b'"</script>"')
    Markup('"\\u003c/script>"')
    """
    text = json.decode("utf-8").replace("<", "\\u003c")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _pairs(raw: bytes, limit: int) -> tuple[dict[str, str], ConvError | None]:
    """The query's parameters, or as much as can be shown of them, and what is wrong."""
    try:
        return query.read(raw, limit), None
    except ConvError as error:
        return ({} if error.code == "query_too_long" else query.typed(raw)), error


def _figure(kind: Kind, asked: Mapping[str, str]) -> Figure:
    """The figure asked for, or the first preset where none is; raises ConvError."""
    preset = None if asked else kind.presets[0]
    params = kind.parse_facts(preset.params if preset else asked)
    trace_json = dumped(trace_document(kind, params))
    limits = kind.limits(params)["limits"]
    return Figure(preset=preset, trace_json=trace_json, trace=orjson.loads(trace_json), limits=limits)


def _choice_of(kind: Kind, t: Translator) -> dict[str, Any]:
    """A kind as a side offers it: of its schema the defaults alone, by which presets are told."""
    entry = _in_words(described(kind), t)
    defaults = {name: {"default": one.get("default")} for name, one in entry["schema"]["properties"].items()}
    names = {"title": _named_kind(kind, t)[0], "name": t(f"nav.{kind.slug}")}
    return {name: entry[name] for name in ("slug", "group", "presets")} | names | {"schema": {"properties": defaults}}


def _unknown_of(pairs: Mapping[str, str]) -> ConvError | None:
    """The first parameter that a comparison does not take."""
    known = [*comparisons.SIDES, *(name for name in OF_THE_PAGE if name != "stage")]
    return next((unknown(name, known) for name in pairs if name not in known), None)


def _first_of(slug: str) -> Mapping[str, str]:
    """The parameters of a kind's first preset; none where there is no such kind."""
    return KINDS[slug].presets[0].params if slug in KINDS else {}


def _of_page(view: View) -> dict[str, str]:
    """What a link to another page keeps of how this one shows its figure."""
    kept = {"step": str(view.step) if view.step else "", "theme": view.theme or "", "speed": view.speed or ""}
    return {name: value for name, value in (kept | {"loop": "true" if view.loop else ""}).items() if value}


def page_view(
    pairs: Mapping[str, str], steps: int, stages: Sequence[str] | None, languages: tuple[str, ...]
) -> tuple[View, ConvError | None]:
    """How to show the figure, and the first parameter of the page that is wrong; it then counts as not given."""
    found: dict[str, Any] = {}
    first: ConvError | None = None
    accepted = {"step": Whole(0, steps), "theme": Choice(THEMES), "speed": Choice(SPEEDS), "loop": Flag()}
    accepted |= {"lang": Choice(languages), "predict": Flag()}
    if stages is not None:
        accepted["stage"] = Choice((*stages, "all"))
    for name, field in accepted.items():
        if name in pairs:
            try:
                found[name] = field.parse(pairs[name], name)
            except ConvError as error:
                first = first or error
    return View(**found), first


def _named(context: PageContext) -> dict[str, Any]:
    """The context's fields by name, nothing copied."""
    return {field.name: getattr(context, field.name) for field in fields(context)}
