"""What every page has: its language and theme, its links and words, and the way from a context to an answer."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from app import embed, language, query
from app.assets import PLOTLY
from app.contexts import Group, Language, Link, PageContext, named
from app.headers import weak_etag
from app.i18n import Translator
from app.resources import Resources
from app.settings import Settings
from app.shown import THEMES, Figure, View
from app.sides import clock_length
from app.unfurl import Shown, Unfurled, unfurled
from app.work import Workers
from compute.kinds import KINDS
from compute.kinds.base import Kind

# Stands before paths in examples where no base URL is set: a request's Host is never trusted.
EXAMPLE_URL = "http://127.0.0.1:8000"
# Links of pages that are to keep the language which the reader chose by link.
_INTERNAL = re.compile(r'href="(/(?:learn/[a-z0-9-]+|compare|docs(?:/embed)?)?)(?:\?([^"#]*))?"')


class Renderer:
    """Renders the pages of one application."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        self.resources = resources
        self.settings = settings
        self.workers = workers

    def typed(self, request: Request) -> dict[str, str]:
        """The query as it was typed, as far as it can be read."""
        return query.typed(request.scope["query_string"][: self.settings.query_limit])

    def translator(self, request: Request) -> Translator:
        """The strings of the language in which a page is asked for."""
        accepted = request.headers.get("accept-language", "")
        chosen = language.chosen(self.typed(request).get("lang"), accepted, self.resources.languages)
        return self.resources.translator(chosen)

    def common(self, request: Request) -> dict[str, Any]:
        """The fields of `PageContext`."""
        assets = self.resources.assets
        theme = self.typed(request).get("theme")
        t = self.translator(request)
        return {
            "lang": t.lang,
            "languages": {name: self._language(request, name) for name in self.resources.languages},
            "theme": theme if theme in THEMES else None,
            "groups": _groups(t),
            "modules": assets.modules(),
            "plotly": assets.url(PLOTLY),
            "path": request.scope["path"],
        }

    def page(self, request: Request, template: str, context: PageContext, status: int = 200) -> Response:
        """A context as an answer."""
        asked = self.typed(request).get("lang") == context.lang
        html = self.resources.render(template, named(context), context.lang)
        if asked:
            html = _INTERNAL.sub(lambda link: _in_language(link, context.lang), html)
        # Pages name static files by their hash: a page kept too long would ask for files that are gone. So browsers ask
        # each time whether it changed.
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Language", "Content-Language": context.lang}
        if status == 200:
            headers["ETag"] = weak_etag(html.encode())
        return HTMLResponse(html, status, headers=headers)

    async def made(
        self, request: Request, template: str, context: Callable[[], PageContext], status: int = 200
    ) -> Response:
        """The same of a page that holds a figure, which may be large: made beside the event loop."""
        return await self.workers.run(lambda: self.page(request, template, context(), status))

    async def unfurled(
        self,
        request: Request,
        kind: Kind,
        figure: Figure,
        asked: Mapping[str, str],
        pairs: Mapping[str, str],
        view: View | embed.Embed,
    ) -> Unfurled:
        """What the page of a figure says of it to programs that show links."""
        shown = Shown(
            kind=kind,
            params={} if figure.preset else asked,
            trace=figure.trace_json,
            steps=clock_length(figure.trace),
            step=view.step if "step" in pairs else None,
            theme=view.theme,
            stage=view.stage,
        )
        path, typed = request.scope["path"], self.typed(request)
        work = partial(unfurled, shown, self.translator(request), self.settings.base_url, path, typed)
        return await self.workers.run(work)

    def _language(self, request: Request, name: str) -> Language:
        address = f"{_linked(request.scope['path'])}?{urlencode({**self.typed(request), 'lang': name})}"
        return Language(address=address, title=self.resources.translator(name)("language.name"))


def _linked(path: str) -> str:
    """A path that was asked for as a link of ours has it: with two slashes at its start it would be another host's.

    >>> _linked("//example.org/卷"), _linked("/learn/layer")
    ('/example.org/%E5%8D%B7', '/learn/layer')
    """
    return "/" + quote(path.lstrip("/\\"), errors="replace")


def _groups(t: Translator) -> list[Group]:
    found: dict[str, list[Link]] = {}
    for kind in KINDS.values():
        title, summary = named_kind(kind, t)
        found.setdefault(kind.group, []).append(Link(slug=kind.slug, title=title, summary=summary, number=kind.number))
    return [Group(id=group, kinds=links) for group, links in found.items()]


def named_kind(kind: Kind, t: Translator) -> tuple[str, str]:
    """Title and summary of a kind in the language of a page."""
    return t.said(f"kind.{kind.slug}.title", kind.title), t.said(f"kind.{kind.slug}.summary", kind.summary)


def _in_language(link: re.Match[str], lang: str) -> str:
    """A link of a page with the language that was chosen; links that say one themselves stay.

    >>> _in_language(_INTERNAL.fullmatch('href="/learn/layer?dims=1"'), "zh")
    'href="/learn/layer?dims=1&amp;lang=zh"'
    """
    path, pairs = link.groups()
    if pairs and "lang=" in pairs:
        return link.group()
    return f'href="{path}?{f"{pairs}&amp;" if pairs else ""}lang={lang}"'


def in_words(described: dict[str, Any], t: Translator) -> dict[str, Any]:
    """The catalogue's entry with its titles in the language of a page."""
    slug = described["slug"]
    presets = [{**one, "title": t.said(f"preset.{slug}.{one['id']}", one["title"])} for one in described["presets"]]
    return {**described, "title": t.said(f"kind.{slug}.title", described["title"]), "presets": presets}


def strings_for_scripts(t: Translator, but: tuple[str, ...]) -> dict[str, str]:
    """All strings but those of other pages; with what the engine says in this language."""
    strings = {key: text for key, text in t.strings.items() if not key.startswith(but)}
    return strings | {key: text for key, text in t.engine.items() if key.startswith(("fault.", "note."))}


def in_script(json: bytes) -> Markup:
    r"""JSON that can stand in a script element: nothing in it ends the element or a line.

    >>> in_script(b'"</script>"')
    Markup('"\\u003c/script>"')
    """
    text = json.decode("utf-8").replace("<", "\\u003c")
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))
