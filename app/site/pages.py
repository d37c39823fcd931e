"""Pages of the application as pages of a site: addresses become relative ones, and what needs a server is left out."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from app.assets import PREFIX, Assets
from app.offline.html import Attributes, Parts, before, element, json_text, policy, rewritten

_HEAD = "<head>"
_END = "</body>"
_ROOMS = ("learn", "embed")
# The script with which every page begins.
_FIRST = "js/site.js"
# Code that would need files or pictures of a server.
_SERVED_TOOLS = frozenset({"markdown", "beamer", "powerpoint", "slides"})
# Scripts ask these for what they are to listen to: they stay, unseen.
_UNSEEN = frozenset({"from-code", "compare"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What a site has.

    Attributes:
        languages: the first is at the root, each other in the folder of its name.
        kinds: the slugs of its lessons.
        base_url: where it will be, or "" where nobody said.
    """

    languages: tuple[str, ...]
    kinds: tuple[str, ...]
    base_url: str = ""

    def place(self, lang: str, path: str) -> str | None:
        """The file of a page of the application; None where the site has none.

        >>> Plan(("en", "zh"), ("layer",)).place("zh", "/learn/layer")
        'zh/learn/layer.html'
        """
        room, _, slug = path.strip("/").partition("/")
        if path != "/" and (room not in _ROOMS or slug not in self.kinds):
            return None
        name = f"{room}/{slug}.html" if slug else "index.html"
        return name if lang == self.languages[0] else f"{lang}/{name}"


@dataclass(slots=True)
class Page:
    """A page on its way into the site.

    Attributes:
        lang: its language.
        path: where the application has it.
        text: what the application says.
        links: the figures that it links to or sets, which are to be held; found by `rewrite`.
    """

    lang: str
    path: str
    text: str
    links: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    attempts: list[dict[str, str]] = field(default_factory=list)


class Writer:
    """Writes the pages of a site."""

    def __init__(self, plan: Plan, assets: Assets, held: str, words: Callable[[str, str], dict[str, str]]) -> None:
        """`held` is the folder of the figures; `words` are what is said of them, by language and slug."""
        self.plan = plan
        self.assets = assets
        self.held = held
        self.words = words

    def rewrite(self, page: Page) -> str:
        """The page as it lies in the site."""
        own = self.plan.place(page.lang, page.path) or ""
        scripts: list[str] = []
        entries: list[str] = []

        def deferred(address: str, name: str, module: bool) -> None:
            if module:
                entries.append(address)
            else:
                # Plotly, which alone has a name, is of no type that runs: view/plotly.js fetches it.
                more = {"id": name, "type": "text/plain"} if name else {}
                scripts.append(element("script", {**more, "defer": None, "src": relative(address, own)}, ""))

        whole = rewritten(
            page.text,
            Parts(
                sheet=lambda address: element("link", {"rel": "stylesheet", "href": relative(address, own)}),
                icon=lambda address: relative(address, own),
                link=lambda href: self.link(page, own, href),
                script=lambda address: element("script", {"src": relative(address, own)}, ""),
                deferred=deferred,
                attributes=lambda tag, attributes: self._attributes(page, own, tag, attributes),
            ),
        )
        head = policy("'self'", "'self'", "'self'") + self._address(own, page.text)
        if entries:
            first = self.assets.url(_FIRST)
            modules = dict.fromkeys([*self.assets.modules(_FIRST), *self.assets.modules(_name(entries[0]))])
            links = "".join(element("link", {"rel": "modulepreload", "href": relative(one, own)}) for one in modules)
            scripts.append(element("template", {"data-later": None}, links))
            scripts.append(element("script", {"type": "module", "src": relative(first, own)}, ""))
            told = json_text(self._told(page, own, entries[0]))
            scripts.insert(0, element("script", {"type": "application/json", "id": "held"}, told))
        whole = before(whole, _END, "".join(scripts))
        return whole.replace(_HEAD, _HEAD + head, 1)

    def _told(self, page: Page, own: str, entry: str) -> dict[str, Any]:
        """What `view/held.js` reads: where the figures are, and what is said of any that are not there."""
        plan = self.plan
        folder = posixpath.dirname(own)
        begin = posixpath.dirname(plan.place(page.lang, "/") or "")
        address = f"{plan.base_url}/{begin}".rstrip("/") + "/" if plan.base_url else _up(folder, begin) + "/"
        pages = {
            lang: posixpath.relpath(place, folder or ".")
            for lang in plan.languages
            if lang != page.lang and (place := plan.place(lang, page.path))
        }
        site = {"begin": address, "entry": f"./{_name(entry).removeprefix('js/')}", "pages": pages}
        return {"root": _up(folder, self.held) + "/", **self.words(page.lang, page.path), "site": site}

    def link(self, page: Page, own: str, href: str) -> str | None:
        """Where a link of a page leads; what it asks for is noted, so that the site holds it."""
        if not href.startswith("/"):
            return href
        parts = urlsplit(href)
        place = self.plan.place(page.lang, parts.path)
        if place is None:
            return None
        pairs = dict(parse_qsl(parts.query, keep_blank_values=True))
        if pairs and parts.path != "/":
            page.links.append((parts.path.rsplit("/", 1)[1], pairs))
        query = f"?{parts.query}" if parts.query else ""
        return posixpath.relpath(place, posixpath.dirname(own) or ".") + query

    def _attributes(self, page: Page, own: str, tag: str, given: Attributes) -> Attributes | None:
        if self._foreign(page, tag, given):
            return None
        if "data-set" in given:
            page.attempts.append(dict(parse_qsl(given["data-set"] or "", keep_blank_values=True)))
        if given.get("id") in _UNSEEN:
            return {**_without(given, "href"), "hidden": None}
        if tag == "form" and given.get("action") == "/":
            return {**given, "action": self.link(page, own, "/")}
        if tag == "a" and given.get("data-lang"):
            other = self.plan.place(given["data-lang"] or "", page.path) or ""
            address = posixpath.relpath(other, posixpath.dirname(own) or ".")
            return {**given, "href": address, "data-page": address}
        return given

    def _foreign(self, page: Page, tag: str, given: Attributes) -> bool:
        """Whether an element is of no use without a server, or leads to what this site has not."""
        kinds = self.plan.kinds
        lone = len(self.plan.languages) == 1
        return (
            given.get("data-kind", kinds[0]) not in kinds
            or ("data-kinds" in given and not set((given["data-kinds"] or "").split()) & set(kinds))
            or given.get("data-tool") in _SERVED_TOOLS
            or (tag == "input" and given.get("name") == "lang")
            or (tag == "nav" and lone and "languages" in (given.get("class") or ""))
            or (tag == "a" and given.get("data-lang", page.lang) not in self.plan.languages)
            or (tag == "a" and (given.get("href") or "").startswith("/docs"))
            or (tag == "a" and given.get("class") == "start" and self.link(page, "", given["href"] or "") is None)
            or (tag == "p" and given.get("class") == "beside")
        )

    def _address(self, own: str, text: str) -> str:
        """The page's own address, for search engines and programs that show links; only who builds it knows it."""
        if not self.plan.base_url:
            return ""
        address = f"{self.plan.base_url}/{own.removesuffix('index.html')}"
        title = text.partition("<title>")[2].partition("</title>")[0]
        tags = {"og:type": "website", "og:url": escape(address), "og:title": title}
        properties = "".join(f'<meta property="{name}" content="{value}">' for name, value in tags.items())
        return element("link", {"rel": "canonical", "href": address}) + properties


def relative(address: str, own: str) -> str:
    """The address of a static file from a page of the site.

    >>> relative("/static/1a2b/js/main.js", "learn/layer.html")
    '../static/1a2b/js/main.js'
    """
    if not address.startswith(f"{PREFIX}/"):
        raise ValueError(f"{address} is no static file.")
    return posixpath.relpath(address[1:], posixpath.dirname(own) or ".")


def _up(folder: str, target: str) -> str:
    return posixpath.relpath(target or ".", folder or ".")


def _name(address: str) -> str:
    """The name of a static file.

    >>> _name("/static/1a2b/js/main.js")
    'js/main.js'
    """
    return address.split("/", 3)[3]


def _without(attributes: Attributes, name: str) -> Attributes:
    return {key: value for key, value in attributes.items() if key != name}
