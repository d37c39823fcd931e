"""The pages: what each template is handed, and the routes that render them."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from typing import Any

import orjson
from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import query
from app.answers import dumped, trace_document
from app.api import ROOT, described, find_kind
from app.assets import PLOTLY
from app.errors import document_of, status_of
from app.i18n import DEFAULT_LANGUAGE
from app.reference import Reference, read_reference
from app.resources import Resources
from app.settings import Settings
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, Preset
from compute.parameters import Choice, Flag, Whole

THEMES = ("light", "dark", "projector")
SPEEDS = ("0.5", "1", "2", "4", "8", "max")
# Stands before paths in examples where no base URL is set: a request's Host is never trusted.
EXAMPLE_URL = "http://127.0.0.1:8000"
# Parameters of the page; all others are the figure's.
OF_THE_PAGE = ("step", "theme", "speed", "loop")


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


def _groups() -> list[Group]:
    found: dict[str, list[Link]] = {}
    for kind in KINDS.values():
        link = Link(slug=kind.slug, title=kind.title, summary=kind.summary, number=kind.number)
        found.setdefault(kind.group, []).append(link)
    return [Group(id=group, kinds=links) for group, links in found.items()]


GROUPS = _groups()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageContext:
    """What every template is handed; besides, `t(key, **values)` and `asset(name)` are everywhere, macros included.

    Attributes:
        lang: the page's language.
        theme: `light`, `dark` or `projector`; None: as the reader's system has it.
        groups: the kinds by group, for navigation and home.
        modules: addresses of all scripts, for `<link rel="modulepreload">`.
        plotly: the address of Plotly.js, for `<link rel="preload" as="script">`.
        path: the address of the page, without its query.
    """

    lang: str
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
        schema: JSON Schema of its parameters, with `x-control`.
        prose: the name of the template with this lesson's words, `lessons/<lang>/<slug>.html`.
        preset: the preset shown because no figure was asked for (or the last good one after an error), or None.
        query: the figure's parameters as they were typed; empty where there were none.
        trace: the document of the figure shown, plain lists and numbers, formulas with `mathml` (which is safe HTML:
            write `{{ formula.mathml|safe }}`).
        facts: `trace.facts`.
        limits: what `/api/v1/limits` says of the figure shown.
        step: steps done, 0 (nothing computed yet) to `facts.steps`.
        speed: one of SPEEDS, or None where the link does not say.
        loop: whether playing starts again at the end.
        error: what is wrong with the query (`code`, `field`, `message`, `hint`, `values`), or None. Then the status
            is 422, `query` keeps what was typed, and the figure shown is the first preset's.
        page_data: the JSON for the scripts, safe inside `<script type="application/json" id="page-data">`:
            kind (with schema and presets), query, preset (its id or null), step, theme, speed, loop, trace, limits
            (by parameter), error, strings, assets (`plotly`), api, lang.
    """

    kind: Kind
    schema: dict[str, Any]
    prose: str
    preset: Preset | None
    query: Mapping[str, str]
    trace: dict[str, Any]
    facts: dict[str, Any]
    limits: dict[str, Any]
    step: int
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

    def add_routes(self, app: FastAPI) -> None:
        """`/`, `/learn/{slug}`, `/embed/{slug}` and `/docs`."""
        pages = {"/": self.home, "/learn/{slug}": self.lesson, "/embed/{slug}": self.embed, "/docs": self.docs}
        for path, page in pages.items():
            app.add_api_route(path, page, methods=["GET"], include_in_schema=False)

    async def home(self, request: Request) -> Response:
        """The kinds by group."""
        return self._page("home.html", PageContext(**self._common(request)))

    async def docs(self, request: Request) -> Response:
        """The reference of the API, from its OpenAPI document."""
        context = DocsContext(
            **self._common(request),
            reference=read_reference(request.app),
            base_url=self.settings.base_url or EXAMPLE_URL,
        )
        return self._page("docs.html", context)

    async def lesson(self, request: Request) -> Response:
        """A kind and the figure that the query asks for; where that cannot be, the first preset and why."""
        return await self._figure_page(request, "lesson.html")

    async def embed(self, request: Request) -> Response:
        """The same figure with its sum and transport alone, for the frame of another page or slide."""
        return await self._figure_page(request, "embed.html")

    async def _figure_page(self, request: Request, template: str) -> Response:
        kind = find_kind(request.path_params["slug"])
        pairs, error = _pairs(request.scope["query_string"], self.settings.query_limit)
        asked = {name: value for name, value in pairs.items() if name not in OF_THE_PAGE}
        figure = None
        if error is None:
            figure, error = await self._attempt(kind, asked)
        if figure is None:
            figure = await self.workers.run(partial(_figure, kind, {}))
        view, fault = _view(pairs, figure.trace["facts"]["steps"])
        # The figure's fault comes first; a step past the end of the figure that stands in for it is none.
        error = error or fault
        context = self._lesson_context(request, kind, asked, figure, view, error)
        return self._page(template, context, 200 if error is None else status_of(error))

    def render_error(self, request: Request, status: int, error: dict[str, Any]) -> str:
        """The page of an error outside any lesson."""
        context = ErrorContext(**self._common(request), status=status, error=error)
        return self.resources.render("error.html", _named(context), context.lang)

    async def _attempt(self, kind: Kind, asked: Mapping[str, str]) -> tuple[Figure | None, ConvError | None]:
        try:
            return await self.workers.run(partial(_figure, kind, asked)), None
        except ConvError as error:
            return None, error

    def _page(self, template: str, context: PageContext, status: int = 200) -> Response:
        html = self.resources.render(template, _named(context), context.lang)
        # Pages name static files by their hash: a page kept too long would ask for files that are gone.
        return HTMLResponse(html, status, headers={"Cache-Control": "no-cache"})

    def _common(self, request: Request) -> dict[str, Any]:
        assets = self.resources.assets
        theme = query.typed(request.scope["query_string"][: self.settings.query_limit]).get("theme")
        return {
            "lang": DEFAULT_LANGUAGE,
            "theme": theme if theme in THEMES else None,
            "groups": GROUPS,
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
    ) -> LessonContext:
        common = self._common(request)
        refusal = None if error is None else document_of(error)
        data = {
            "kind": described(kind),
            "query": asked,
            "preset": figure.preset and figure.preset.id,
            "step": view.step,
            "theme": common["theme"],
            "speed": view.speed,
            "loop": view.loop,
            "trace": orjson.Fragment(figure.trace_json),
            "limits": figure.limits,
            "error": refusal,
            "strings": self._strings_for_scripts(common["lang"]),
            "assets": {"plotly": common["plotly"]},
            "api": ROOT,
            "lang": common["lang"],
        }
        return LessonContext(
            **common,
            kind=kind,
            schema=data["kind"]["schema"],
            prose=f"lessons/{common['lang']}/{kind.slug}.html",
            preset=figure.preset,
            query=asked,
            trace=figure.trace,
            facts=figure.trace["facts"],
            limits=figure.limits,
            step=view.step,
            speed=view.speed,
            loop=view.loop,
            error=refusal,
            page_data=in_script(dumped(data)),
        )

    def _strings_for_scripts(self, lang: str) -> dict[str, str]:
        """All but those of pages that have no scripts."""
        strings = self.resources.translator(lang).strings
        return {key: text for key, text in strings.items() if not key.startswith("docs.")}


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


def _view(pairs: Mapping[str, str], steps: int) -> tuple[View, ConvError | None]:
    """How to show the figure, and the first parameter of the page that is wrong; it then counts as not given."""
    found: dict[str, Any] = {}
    first: ConvError | None = None
    accepted = {"step": Whole(0, steps), "theme": Choice(THEMES), "speed": Choice(SPEEDS), "loop": Flag()}
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
