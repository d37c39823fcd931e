"""One HTML file that plays for ever, and a folder of figures that share one player."""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from app.assets import PREFIX, Asset, Assets
from app.bundle import bundle
from app.offline.html import Attributes, Parts, before, element, hashes, inline_script, inline_sheet, json_text, policy
from app.offline.html import rewritten as rewritten_page

# Where the policy goes: before all that it is to hold for.
_HEAD = "<head>"
_END = "</body>"
SHARED = "player"
_BESIDE = "'self' file:"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a folder."""

    name: str
    body: bytes


def source(assets: Assets, address: str) -> Asset:
    """The static file at an address of a page; KeyError where there is none."""
    _, _, digest, name = address.split("/", 3)
    found = assets.find(digest, name)
    if not address.startswith(f"{PREFIX}/") or found is None:
        raise KeyError(address)
    return found


def script_of(assets: Assets, address: str, module: bool) -> str:
    """A script as one that runs anywhere: a module with all that it imports."""
    asset = source(assets, address)
    if not module:
        return asset.body.decode("utf-8")
    return bundle(asset.name, assets.source, "")


class Linking:
    """Where links of a page lead that stands alone: to the server that made it, if others can reach that."""

    def __init__(self, base_url: str) -> None:
        self.base = base_url if _public(base_url) else ""

    def __call__(self, href: str) -> str | None:
        """The address, or None where it leads nowhere.

        >>> Linking("https://convoscope.example")("/learn/layer"), Linking("http://127.0.0.1:8000")("/docs")
        ('https://convoscope.example/learn/layer', None)
        """
        if not href.startswith("/"):
            return href if re.match(r"https?://", href) else None
        return f"{self.base}{href}" if self.base else None


def one_file(page: str, assets: Assets, held: Mapping[str, Any], linking: Linking) -> str:
    """A page of the server as one file with everything inside, and a policy that lets it ask for nothing."""
    classic: list[str] = []
    modules: list[str] = []

    def deferred(address: str, name: str, module: bool) -> None:
        (modules if module else classic).append(inline_script(script_of(assets, address, module), _named(name)))

    whole = rewritten_page(
        page,
        Parts(
            sheet=lambda address: inline_sheet(source(assets, address).body.decode("utf-8")),
            icon=lambda address: data_address(source(assets, address)),
            link=linking,
            script=lambda address: inline_script(script_of(assets, address, module=False)),
            deferred=deferred,
            attributes=blank,
        ),
    )
    whole = before(whole, _END, _held(held) + "".join(classic + modules))
    return whole.replace(_HEAD, _HEAD + policy(" ".join(hashes(whole))), 1)


def sharing_file(
    page: str, assets: Assets, held: Mapping[str, Any], linking: Linking, shared: dict[str, bytes], words: str
) -> str:
    """The page with its styles and scripts in files beside it, which are added to `shared` by name.

    `words` is the file among them that gives the page its words, before any other script reads them.
    """
    ends: list[tuple[bool, str]] = []

    def kept(address: str, text: str) -> str:
        name = f"{SHARED}/{address.rsplit('/', 1)[1]}"
        shared[name] = text.encode("utf-8")
        return name

    def sheet(address: str) -> str:
        return element("link", {"rel": "stylesheet", "href": kept(address, source(assets, address).body.decode())})

    def deferred(address: str, name: str, module: bool) -> None:
        place = kept(address, script_of(assets, address, module))
        ends.append((module, element("script", {"src": place, **_named(name)}, "")))

    whole = rewritten_page(
        page,
        Parts(
            sheet=sheet,
            icon=lambda address: kept(address, source(assets, address).body.decode("utf-8")),
            link=linking,
            script=lambda address: element("script", {"src": kept(address, script_of(assets, address, False))}, ""),
            deferred=deferred,
            attributes=blank,
        ),
    )
    scripts = "".join(text for _, text in sorted(ends, key=lambda end: end[0]))
    whole = before(whole, _END, _held(held) + element("script", {"src": words}, "") + scripts)
    # Whoever opens a folder from a disk has no origin: the browser knows these files by their scheme alone.
    return whole.replace(_HEAD, _HEAD + policy(_BESIDE, _BESIDE), 1)


def blank(tag: str, attributes: Attributes) -> Attributes:
    """Links out of a file open beside it, and do not say where they were followed from."""
    if tag == "a" and not (attributes.get("href") or "#").startswith("#"):
        return {**attributes, "target": "_blank", "rel": "noopener noreferrer"}
    return attributes


def data_address(asset: Asset) -> str:
    """A small file as an address that holds it."""
    return f"data:{asset.media_type};base64,{b64encode(asset.body).decode()}"


def file_name(slug: str, params: Mapping[str, str]) -> str:
    """What a file of a figure is called, without its ending: safe on every system.

    >>> file_name("dilated", {"dilation": "2", "kernel": "1,2;3,4", "step": "4"})
    'convoscope-dilated-dilation-2-step-4'
    """
    told = [f"{name}-{value}" for name, value in params.items() if re.fullmatch(r"[a-z0-9-]{1,12}", value)]
    name = "-".join(["convoscope", slug, *(one.replace("_", "-") for one in told)])
    return name[:80].rstrip("-")


def _held(held: Mapping[str, Any]) -> str:
    return element("script", {"type": "application/json", "id": "held"}, json_text(held))


def _named(name: str) -> Attributes:
    return {"id": name} if name else {}


def _public(base_url: str) -> bool:
    """Whether others may reach a server: an address of this machine is none to them."""
    host = urlsplit(base_url).hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return host not in ("", "localhost")
