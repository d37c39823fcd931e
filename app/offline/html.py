"""A page of the server taken apart and put together again, so that it stands without the server.

Every element that loads something is known here, and what is not known is an error: a file that looks whole and wants
the network for one thing would only be found out in the lecture.
"""

import html
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from app.rendering import in_script

Attributes = dict[str, str | None]
# Links to other addresses of this page, for machines that look for them on the server: nothing to a reader.
_DROPPED_LINKS = frozenset({"modulepreload", "preload", "alternate", "canonical"})

# Elements that have no end.
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta", "source"})


class PageError(ValueError):
    """A page holds something that nobody here knows how to take along."""


@dataclass(slots=True, kw_only=True)
class Parts:
    """How the parts of a page are taken along; each gets an address as it stands in the page.

    Attributes:
        sheet: the element in place of a style sheet.
        icon: the address of the icon.
        link: the address in place of one that `<a>` leads to, None where it leads nowhere.
        script: the element in place of a classic script that runs where it stands.
        deferred: takes one that runs at the end: the address, its id, and whether it is a module.
        attributes: looks at every element, and may change what it has; None leaves it out, with all in it.
    """

    sheet: Callable[[str], str]
    icon: Callable[[str], str]
    link: Callable[[str], str | None]
    script: Callable[[str], str]
    deferred: Callable[[str, str, bool], None]
    attributes: Callable[[str, Attributes], Attributes | None] = field(default=lambda _, attributes: attributes)


class Rewriter(HTMLParser):
    """Copies a page, with its parts replaced."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(convert_charrefs=False)
        self.parts = parts
        self.out: list[str] = []
        self._dropping = ""

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")

    def handle_comment(self, data: str) -> None:
        pass

    def handle_data(self, data: str) -> None:
        if not self._dropping:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.out.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.out.append(f"&#{name};")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Only elements of SVG and MathML are closed like this.
        self.out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._dropping:
            self._dropping = ""
        elif not self._dropping:
            self.out.append(f"</{tag}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self._dropping or (tag == "meta" and (given.get("property") or "").startswith("og:")):
            return
        if tag == "picture":
            # The server's still picture, for whoever has no scripts; the tables beside it say the same.
            self._dropping = tag
        elif tag == "link":
            self._take_link(given)
        elif tag == "script" and "src" in given:
            self._take_script(given)
        else:
            self._copy(tag, given)

    def _copy(self, tag: str, given: Attributes) -> None:
        changed = self.parts.attributes(tag, dict(given))
        if changed is None:
            self._dropping = "" if tag in _VOID else tag
            return
        if tag == "a" and "href" in changed and not (changed["href"] or "").startswith("#"):
            href = self.parts.link(changed["href"] or "")
            changed = {**changed, "href": href} if href is not None else _without(changed, "href")
        for name in ("src", "srcset", "poster", "data", "background"):
            if name in changed and not (changed[name] or "").startswith("data:"):
                raise PageError(f"<{tag}> loads {changed[name]}, and that is not known here.")
        self.out.append(self.get_starttag_text() or "" if changed == given else element(tag, changed))

    def _take_link(self, given: Attributes) -> None:
        rel, href = given.get("rel") or "", given.get("href") or ""
        if rel == "stylesheet":
            self.out.append(self.parts.sheet(href))
        elif rel == "icon":
            self.out.append(element("link", {**given, "href": self.parts.icon(href)}))
        elif rel not in _DROPPED_LINKS:
            raise PageError(f'<link rel="{rel}"> is not known here.')

    def _take_script(self, given: Attributes) -> None:
        self._dropping = "script"
        address, module = given["src"] or "", given.get("type") == "module"
        if module or "defer" in given:
            self.parts.deferred(address, given.get("id") or "", module)
        else:
            self.out.append(self.parts.script(address))


def rewritten(page: str, parts: Parts) -> str:
    """The page with its parts replaced."""
    rewriter = Rewriter(parts)
    rewriter.feed(page)
    rewriter.close()
    return "".join(rewriter.out)


def element(tag: str, attributes: Attributes, content: str | None = None) -> str:
    """An element; without content only its beginning.

    >>> element("a", {"href": "?a&b", "hidden": None})
    '<a href="?a&amp;b" hidden>'
    """
    pairs = "".join(
        f" {name}" if value is None else f' {name}="{html.escape(value)}"' for name, value in attributes.items()
    )
    return f"<{tag}{pairs}>" + (f"{content}</{tag}>" if content is not None else "")


def before(page: str, mark: str, text: str) -> str:
    """A page with something put before the last place of a mark."""
    at = page.rfind(mark)
    if at < 0:
        raise PageError(f"The page has no {mark}.")
    return page[:at] + text + page[at:]


def data_of(page: str) -> dict[str, Any]:
    """What a page hands its scripts."""
    start, end = _data_place(page)
    found: dict[str, Any] = json.loads(page[start:end])
    return found


def with_data(page: str, data: dict[str, Any]) -> str:
    """The page with other data for its scripts."""
    start, end = _data_place(page)
    return page[:start] + json_text(data) + page[end:]


def json_text(data: Any) -> str:
    """JSON as it can stand in a script element."""
    return str(in_script(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")))


def inline_script(code: str, more: Attributes | None = None) -> str:
    r"""A script inside the page. What would end the element is written so that it means the same to JavaScript.

    >>> inline_script("f('</script>')")
    "<script>f('<\\/script>')</script>"
    """
    return element("script", more or {}, code.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


def inline_sheet(css: str) -> str:
    """A style sheet inside the page; it may load nothing."""
    if "</style" in css or "@import" in css or "url(" in css.replace("url(#", "").replace("url(data:", ""):
        raise PageError("A style sheet loads something, and that is not known here.")
    return element("style", {}, css)


def hashes(page: str) -> list[str]:
    """What a policy says of each script inside a page, so that only these run."""
    found = _Scripts()
    found.feed(page)
    found.close()
    return [f"'sha256-{b64encode(sha256(code.encode()).digest()).decode()}'" for code in found.codes]


class _Scripts(HTMLParser):
    """The scripts inside a page; data for them is none."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._inside = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if self._inside:
            self.codes.append("")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.codes[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def policy(scripts: str, others: str = "", forms: str = "'none'") -> str:
    """The security policy of a page that asks no network for anything, as its own element.

    `others` are the sources of styles and pictures besides the page itself. Styles may stand in attributes: drawing
    sets them. A link that the reader follows is no request of the page; where `forms` lead is.
    """
    others = f" {others}" if others else ""
    rules = (
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src 'unsafe-inline'{others}",
        f"img-src data: blob:{others}",
        "base-uri 'none'",
        f"form-action {forms}",
    )
    return element("meta", {"http-equiv": "Content-Security-Policy", "content": "; ".join(rules)})


def _data_place(page: str) -> tuple[int, int]:
    mark = 'id="page-data">'
    start = page.find(mark)
    if start < 0:
        raise PageError("The page hands its scripts no data.")
    return start + len(mark), page.index("</script>", start)


def _without(attributes: Attributes, name: str) -> Attributes:
    return {key: value for key, value in attributes.items() if key != name}
