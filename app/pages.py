"""The pages: what each template is handed, and the routes that render them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import comparisons, embed, first
from app.answers import dumped
from app.api import ROOT, described, find_kind
from app.comparisons import PAIRS, Side
from app.contexts import CompareContext, DocsContext, ErrorContext, LessonContext, PageContext, named
from app.embed_pages import EmbedPages
from app.errors import UNPROCESSABLE, document_of, status_of
from app.i18n import Translator
from app.reference import read_reference
from app.rendering import EXAMPLE_URL, Renderer, in_script, in_words, named_kind, strings_for_scripts
from app.resources import Resources
from app.settings import Settings
from app.shown import OF_THE_PAGE, Figure, View, figure_of, of_page, pairs_of, view_of
from app.sides import ShownSide, clock_length, shown_side, suggested, texts_of
from app.unfurl import Unfurled
from app.work import Workers
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.kinds.base import Kind, unknown


class Pages(Renderer):
    """The pages of one application; those of figures in frames are in `embed_pages.py`."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        super().__init__(resources, settings, workers)
        self.embeds = EmbedPages(resources, settings, workers)

    def add_routes(self, app: FastAPI) -> None:
        """`/`, `/learn/{slug}`, `/embed/{slug}`, `/compare`, `/docs` and `/docs/embed`."""
        pages = {
            "/": self.home,
            "/learn/{slug}": self.lesson,
            f"{embed.PATH}{{slug}}": self.embeds.figure,
            comparisons.PATH: self.compare,
            "/docs": self.docs,
            "/docs/embed": self.embeds.docs,
        }
        for path, page in pages.items():
            app.add_api_route(path, page, methods=["GET"], include_in_schema=False)

    async def home(self, request: Request) -> Response:
        """The kinds by group."""
        context = {**self.common(request), "modules": self.resources.assets.modules("js/home.js")}
        return self.page(request, "home.html", PageContext(**context))

    async def docs(self, request: Request) -> Response:
        """The reference of the API, from its OpenAPI document."""
        context = DocsContext(
            **self.common(request),
            reference=read_reference(request.app),
            base_url=self.settings.base_url or EXAMPLE_URL,
        )
        return self.page(request, "docs.html", context)

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
        told = await self.unfurled(request, kind, figure, asked, pairs, view)
        made = partial(self._lesson_context, request, kind, asked, figure, view, error, told)
        return await self.made(request, "lesson.html", made, 200 if error is None else status_of(error))

    async def compare(self, request: Request) -> Response:
        """Two figures on one clock; where one cannot be, why, beside the other."""
        pairs, error = pairs_of(request.scope["query_string"], self.settings.query_limit)
        t = self.translator(request)
        texts = texts_of(pairs)
        sides = [await shown_side(name, texts[name], t, self.workers) for name in comparisons.SIDES]
        steps = max(side.steps for side in sides)
        whole = all(side.error is None for side in sides)
        # A step past the end of a side that is missing is no fault.
        view, fault = view_of(pairs, steps if whole else 2**53, None, self.resources.languages)
        error = error or _unknown_of(pairs) or fault
        made = partial(self._compare_context, request, sides, view, min(view.step, steps), error)
        status = status_of(error) if error else 200 if whole else UNPROCESSABLE
        return await self.made(request, "compare.html", made, status)

    def _compare_context(
        self, request: Request, sides: list[ShownSide], view: View, step: int, error: ConvError | None
    ) -> CompareContext:
        common = self.common(request)
        t = self.translator(request)
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
            "strings": strings_for_scripts(t, but=("docs.", "home.")),
            "assets": {"plotly": common["plotly"]},
            "api": ROOT,
            "lang": t.lang,
        }
        page = {"theme": common["theme"]} if common["theme"] else {}
        return CompareContext(
            **{**common, "modules": self.resources.assets.modules("js/compare.js")},
            sides=sides,
            first=dict(
                zip(comparisons.SIDES, first.of_pair(sides, step, common["theme"], dict(t.strings)), strict=True)
            ),
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
            return self.embeds.render_error(request, error)
        said = self.translator(request).error(error)
        context = ErrorContext(**self.common(request), status=status, error=said)
        return self.resources.render("error.html", named(context), context.lang)

    async def _attempt(self, kind: Kind, asked: Mapping[str, str]) -> tuple[Figure | None, ConvError | None]:
        try:
            return await self.workers.run(partial(figure_of, kind, asked)), None
        except ConvError as error:
            return None, error

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
        common = self.common(request)
        t = self.translator(request)
        refusal = None if error is None else t.error(document_of(error))
        title, summary = named_kind(kind, t)
        own = Side(kind.slug, figure.preset.params if figure.preset else asked, view.stage or "")
        data = {
            "kind": in_words(described(kind), t),
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
            "strings": strings_for_scripts(t, but=("compare.", "docs.", "home.")),
            "assets": {"plotly": common["plotly"]},
            "api": ROOT,
            "lang": t.lang,
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
            kept=bool(self.typed(request).get("kept")),
            compare=comparisons.link(own, comparisons.partner(kind, own.params), of_page(view)),
            error=refusal,
            unfurled=told,
            stage=view.stage,
            first=first.of_lesson(figure.trace_json, data["kind"]["schema"], view, dict(t.strings)),
            page_data=in_script(dumped(data)),
        )


def _choice_of(kind: Kind, t: Translator) -> dict[str, Any]:
    """A kind as a side offers it: of its schema the defaults alone, by which presets are told."""
    entry = in_words(described(kind), t)
    defaults = {name: {"default": one.get("default")} for name, one in entry["schema"]["properties"].items()}
    names = {"title": named_kind(kind, t)[0], "name": t(f"nav.{kind.slug}")}
    return {name: entry[name] for name in ("slug", "group", "presets")} | names | {"schema": {"properties": defaults}}


def _unknown_of(pairs: Mapping[str, str]) -> ConvError | None:
    """The first parameter that a comparison does not take."""
    known = [*comparisons.SIDES, *(name for name in OF_THE_PAGE if name not in ("stage", "autoplay"))]
    return next((unknown(name, known) for name in pairs if name not in known), None)


def _first_of(slug: str) -> Mapping[str, str]:
    """The parameters of a kind's first preset; none where there is no such kind."""
    return KINDS[slug].presets[0].params if slug in KINDS else {}
