"""The pages of figures in frames: the figure itself, what is said there where it cannot be, and how one is embedded."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app import embed, first
from app.answers import dumped
from app.api import ROOT, described, find_kind
from app.contexts import EmbedContext, EmbedDocsContext, EmbedErrorContext, named
from app.errors import document_of, status_of
from app.rendering import EXAMPLE_URL, Renderer, in_script, in_words, named_kind, strings_for_scripts
from app.shown import SPEEDS, THEMES, Figure, figure_of, pairs_of
from app.unfurl import Unfurled
from compute.errors import ConvError
from compute.kinds.base import Kind

# Words that no figure in a frame says.
_NOT_IN_FRAMES = ("compare.", "docs.", "embed.", "home.", "picture.", "read.")


class EmbedPages(Renderer):
    """The pages below `/embed/`, and the one that documents them."""

    async def figure(self, request: Request) -> Response:
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
            page = self._error(request, document_of(found), embed.lesson_link(kind.slug, pairs))
            return self.page(request, "embed-error.html", page, status_of(found))
        told = await self.unfurled(request, kind, figure, asked, pairs, shown)
        return await self.made(request, "embed.html", partial(self._context, request, kind, pairs, figure, shown, told))

    async def docs(self, request: Request) -> Response:
        """How a figure is framed and steered, with live examples."""
        words = {"autoplay": embed.AUTOPLAY, "speed": SPEEDS, "controls": embed.CONTROLS, "fit": embed.FITS}
        words |= {"theme": (*THEMES, embed.TRANSPARENT), "lang": self.resources.languages}
        words |= dict.fromkeys(("loop", "transparent", "predict"), ("true", "false"))
        context = EmbedDocsContext(
            **self.common(request),
            parameters={name: words.get(name, ()) for name in embed.PARAMETERS if name != "kept"},
            base_url=self.settings.base_url or EXAMPLE_URL,
        )
        return self.page(request, "docs-embed.html", context)

    def render_error(self, request: Request, error: dict[str, Any]) -> str:
        """The page of an error that no figure has to do with; it leads to the nearest kind, or home."""
        nearest = error["values"].get("nearest")
        context = self._error(request, error, f"/learn/{nearest}" if nearest else "/")
        return self.resources.render("embed-error.html", named(context), context.lang)

    def _context(
        self,
        request: Request,
        kind: Kind,
        pairs: Mapping[str, str],
        figure: Figure,
        shown: embed.Embed,
        told: Unfurled,
    ) -> EmbedContext:
        common = self._common(request)
        t = self.translator(request)
        title, summary = named_kind(kind, t)
        lesson = embed.lesson_link(kind.slug, pairs)
        data: dict[str, Any] = {
            "kind": in_words(described(kind), t),
            "query": embed.of_the_figure(pairs),
            "step": shown.step,
            "theme": shown.theme,
            "speed": shown.speed,
            "loop": shown.loop,
            "trace": orjson.Fragment(figure.trace_json),
            "limits": figure.limits,
            "embed": embed.options(shown, pairs),
            "strings": strings_for_scripts(t, but=_NOT_IN_FRAMES),
            "api": ROOT,
            "lang": t.lang,
            "lesson": lesson,
        }
        return EmbedContext(
            **common,
            kind=kind,
            title=title,
            summary=summary,
            schema=data["kind"]["schema"],
            query=data["query"],
            embed=shown,
            trace=figure.trace,
            steps=shown.end - shown.start,
            kept="kept" in pairs,
            lesson=lesson,
            unfurled=told,
            first=first.of_frame(figure.trace_json, data["kind"]["schema"], shown, dict(t.strings)),
            page_data=in_script(dumped(data)),
        )

    def _error(self, request: Request, error: dict[str, Any], lesson: str) -> EmbedErrorContext:
        said = self.translator(request).error(error)
        return EmbedErrorContext(**self._common(request), error=said, lesson=lesson)

    def _common(self, request: Request) -> dict[str, Any]:
        return {**self.common(request), "modules": self.resources.assets.modules("js/embed.js")}
