"""The pages: what each template is handed, and the routes that render them."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import comparisons, embed, language, query
from app.answers import dumped
from app.api import ROOT, described, find_kind
from app.assets import PLOTLY
from app.comparisons import PAIRS, Side
from app.contexts import (
    CompareContext,
    DocsContext,
    EmbedContext,
    EmbedDocsContext,
    EmbedErrorContext,
    ErrorContext,
    Group,
    Language,
    LessonContext,
    Link,
    PageContext,
    named,
)
from app.errors import UNPROCESSABLE, document_of, status_of
from app.i18n import Translator
from app.reference import read_reference
from app.resources import Resources
from app.settings import Settings
from app.shown import OF_THE_PAGE, SPEEDS, THEMES, Figure, View, figure_of, of_page, pairs_of, view_of
from app.sides import ShownSide, clock_length, shown_side, suggested, texts_of
from app.unfurl import Shown, Unfurled, unfurled
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, unknown

# Stands before paths in examples where no base URL is set: a request's Host is never trusted.
EXAMPLE_URL = "http://127.0.0.1:8000"
# Words that no figure in a frame says.
_NOT_IN_FRAMES = ("compare.", "docs.", "embed.", "home.", "picture.", "read.")
# Links of pages that are to keep the language which the reader chose by link.
_INTERNAL = re.compile(r'href="(/(?:learn/[a-z0-9-]+|compare|docs(?:/embed)?)?)(?:\?([^"#]*))?"')


def _linked(path: str) -> str:
    """A path that was asked for as a link of ours has it: with two slashes at its start it would be another host's.

    >>> _linked("//example.org/卷"), _linked("/learn/layer")
    ('/example.org/%E5%8D%B7', '/learn/layer')
    """
    return "/" + quote(path.lstrip("/\\"), errors="replace")


def _groups(t: Translator) -> list[Group]:
    found: dict[str, list[Link]] = {}
    for kind in KINDS.values():
        title, summary = _named_kind(kind, t)
        found.setdefault(kind.group, []).append(Link(slug=kind.slug, title=title, summary=summary, number=kind.number))
    return [Group(id=group, kinds=links) for group, links in found.items()]


def _named_kind(kind: Kind, t: Translator) -> tuple[str, str]:
    """Title and summary of a kind in the language of a page."""
    return t.said(f"kind.{kind.slug}.title", kind.title), t.said(f"kind.{kind.slug}.summary", kind.summary)


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
        """`/`, `/learn/{slug}`, `/embed/{slug}`, `/compare`, `/docs` and `/docs/embed`."""
        pages = {
            "/": self.home,
            "/learn/{slug}": self.lesson,
            "/embed/{slug}": self.framed,
            comparisons.PATH: self.compare,
            "/docs": self.docs,
            "/docs/embed": self.embedding,
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

    async def embedding(self, request: Request) -> Response:
        """How a figure is framed and steered, with live examples."""
        words = {"autoplay": embed.AUTOPLAY, "speed": SPEEDS, "controls": embed.CONTROLS, "fit": embed.FITS}
        words |= {"theme": (*THEMES, embed.TRANSPARENT), "lang": self.resources.languages}
        words |= dict.fromkeys(("loop", "transparent", "predict"), ("true", "false"))
        context = EmbedDocsContext(
            **self._common(request),
            parameters={name: words.get(name, ()) for name in embed.PARAMETERS if name != "kept"},
            base_url=self.settings.base_url or EXAMPLE_URL,
        )
        return self._page(request, "docs-embed.html", context)

    async def framed(self, request: Request) -> Response:
        """A figure with its sum and transport alone, for the frame of another page; what cannot be is said there."""
        kind = find_kind(request.path_params["slug"])
        pairs, error = pairs_of(request.scope["query_string"], self.settings.query_limit)
        try:
            if error is not None:
                raise error
            embed.check_names(kind, pairs)
            pairs = embed.spelled(pairs)
            limited = pairs.get("controls") == "all"
            asked = embed.of_the_figure(pairs)
            figure = await self.workers.run(partial(figure_of, kind, asked, limited))
            shown = embed.read(pairs, figure.trace, self.resources.languages)
        except ConvError as found:
            page = self._embed_error(request, document_of(found), embed.lesson_link(kind.slug, pairs))
            return self._page(request, "embed-error.html", page, status_of(found))
        told = await self._unfurled(request, kind, figure, asked, pairs, shown)
        return self._page(request, "embed.html", self._embed_context(request, kind, pairs, figure, shown, told))

    def _embed_context(
        self,
        request: Request,
        kind: Kind,
        pairs: Mapping[str, str],
        figure: Figure,
        shown: embed.Embed,
        told: Unfurled,
    ) -> EmbedContext:
        common = self._common_embed(request)
        t = self.resources.translator(common["lang"])
        title, summary = _named_kind(kind, t)
        lesson = embed.lesson_link(kind.slug, pairs)
        data = {
            "kind": _in_words(described(kind), t),
            "query": embed.of_the_figure(pairs),
            "step": shown.step,
            "theme": shown.theme,
            "speed": shown.speed,
            "loop": shown.loop,
            "trace": orjson.Fragment(figure.trace_json),
            "limits": figure.limits,
            "embed": embed.options(shown, pairs),
            "strings": self._strings_for_scripts(t, but=_NOT_IN_FRAMES),
            "api": ROOT,
            "lang": common["lang"],
            "lesson": lesson,
        }
        return EmbedContext(
            **common,
            kind=kind,
            title=title,
            summary=summary,
            query=data["query"],
            embed=shown,
            trace=figure.trace,
            steps=shown.end - shown.start,
            kept="kept" in pairs,
            lesson=lesson,
            unfurled=told,
            page_data=in_script(dumped(data)),
        )

    async def _unfurled(
        self,
        request: Request,
        kind: Kind,
        figure: Figure,
        asked: Mapping[str, str],
        pairs: Mapping[str, str],
        view: View | embed.Embed,
    ) -> Unfurled:
        shown = Shown(
            kind=kind,
            params={} if figure.preset else asked,
            trace=figure.trace_json,
            steps=clock_length(figure.trace),
            step=view.step if "step" in pairs else None,
            theme=view.theme,
            stage=view.stage,
        )
        t = self.resources.translator(self._common(request)["lang"])
        work = partial(unfurled, shown, t, self.settings.base_url, request.scope["path"], self._typed(request))
        return await self.workers.run(work)

    def _common_embed(self, request: Request) -> dict[str, Any]:
        return {**self._common(request), "modules": self.resources.assets.modules("js/embed.js")}

    def _embed_error(self, request: Request, error: dict[str, Any], lesson: str) -> EmbedErrorContext:
        common = self._common_embed(request)
        said = self.resources.translator(common["lang"]).error(error)
        return EmbedErrorContext(**common, error=said, lesson=lesson)

    async def lesson(self, request: Request) -> Response:
        """A kind and the figure that the query asks for; where that cannot be, the first preset and why."""
        kind = find_kind(request.path_params["slug"])
        pairs, error = pairs_of(request.scope["query_string"], self.settings.query_limit)
        asked = {name: value for name, value in pairs.items() if name not in OF_THE_PAGE}
        figure = None
        if error is None:
            figure, error = await self._attempt(kind, asked)
        if figure is None:
            figure = await self.workers.run(partial(figure_of, kind, {}))
        view, fault = view_of(
            pairs,
            clock_length(figure.trace),
            [stage["id"] for stage in figure.trace["stages"]],
            self.resources.languages,
        )
        # The figure's fault comes first; a step past the end of the figure that stands in for it is none.
        error = error or fault
        told = await self._unfurled(request, kind, figure, asked, pairs, view)
        context = self._lesson_context(request, kind, asked, figure, view, error, told)
        return self._page(request, "lesson.html", context, 200 if error is None else status_of(error))

    def _language(self, request: Request, name: str) -> Language:
        address = f"{_linked(request.scope['path'])}?{urlencode({**self._typed(request), 'lang': name})}"
        return Language(address=address, title=self.resources.translator(name)("language.name"))

    async def compare(self, request: Request) -> Response:
        """Two figures on one clock; where one cannot be, why, beside the other."""
        pairs, error = pairs_of(request.scope["query_string"], self.settings.query_limit)
        t = self.resources.translator(self._common(request)["lang"])
        texts = texts_of(pairs)
        sides = [await shown_side(name, texts[name], t, self.workers) for name in comparisons.SIDES]
        steps = max(side.steps for side in sides)
        whole = all(side.error is None for side in sides)
        # A step past the end of a side that is missing is no fault.
        view, fault = view_of(pairs, steps if whole else 2**53, None, self.resources.languages)
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
        if request.scope["path"].startswith(embed.PATH):
            nearest = error["values"].get("nearest")
            said = self._embed_error(request, error, f"/learn/{nearest}" if nearest else "/")
            return self.resources.render("embed-error.html", named(said), said.lang)
        common = self._common(request)
        context = ErrorContext(**common, status=status, error=self.resources.translator(common["lang"]).error(error))
        return self.resources.render("error.html", named(context), context.lang)

    async def _attempt(self, kind: Kind, asked: Mapping[str, str]) -> tuple[Figure | None, ConvError | None]:
        try:
            return await self.workers.run(partial(figure_of, kind, asked)), None
        except ConvError as error:
            return None, error

    def _page(self, request: Request, template: str, context: PageContext, status: int = 200) -> Response:
        asked = self._typed(request).get("lang") == context.lang
        html = self.resources.render(template, named(context), context.lang)
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
            "path": request.scope["path"],
        }

    def _lesson_context(
        self,
        request: Request,
        kind: Kind,
        asked: Mapping[str, str],
        figure: Figure,
        view: View,
        error: ConvError | None,
        told: Unfurled,
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
            compare=comparisons.link(own, comparisons.partner(kind, own.params), of_page(view)),
            error=refusal,
            unfurled=told,
            page_data=in_script(dumped(data)),
        )

    def _strings_for_scripts(self, t: Translator, but: tuple[str, ...]) -> dict[str, str]:
        """All but those of other pages; with what the engine says in this language."""
        strings = {key: text for key, text in t.strings.items() if not key.startswith(but)}
        return strings | {key: text for key, text in t.engine.items() if key.startswith(("fault.", "note."))}


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
    return {**described, "title": t.said(f"kind.{slug}.title", described["title"]), "presets": presets}


def in_script(json: bytes) -> Markup:
    r"""JSON that can stand in a script element: nothing in it ends the element or a line.

    >>> in_script(b'"</script>"')
    Markup('"\\u003c/script>"')
    """
    text = json.decode("utf-8").replace("<", "\\u003c")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _choice_of(kind: Kind, t: Translator) -> dict[str, Any]:
    """A kind as a side offers it: of its schema the defaults alone, by which presets are told."""
    entry = _in_words(described(kind), t)
    defaults = {name: {"default": one.get("default")} for name, one in entry["schema"]["properties"].items()}
    names = {"title": _named_kind(kind, t)[0], "name": t(f"nav.{kind.slug}")}
    return {name: entry[name] for name in ("slug", "group", "presets")} | names | {"schema": {"properties": defaults}}


def _unknown_of(pairs: Mapping[str, str]) -> ConvError | None:
    """The first parameter that a comparison does not take."""
    known = [*comparisons.SIDES, *(name for name in OF_THE_PAGE if name not in ("stage", "autoplay"))]
    return next((unknown(name, known) for name in pairs if name not in known), None)


def _first_of(slug: str) -> Mapping[str, str]:
    """The parameters of a kind's first preset; none where there is no such kind."""
    return KINDS[slug].presets[0].params if slug in KINDS else {}
