"""Static files: the tree read at start, scripts put together, addressed by its hash, compressed once.

Scripts import each other by relative paths, so the hash stands before the whole tree: `/static/<hash>/js/main.js`.
Any change gives every file a new address, and an address can be kept by browsers for ever.
"""

import posixpath
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from app.bundle import packed
from app.compression import IDENTITY, compress, compressible
from app.headers import weak_etag

PREFIX = "/static"
PLOTLY = "plotly.min.js"

# The sheets of each page, which are served as one: a page is not painted before the last of them is there.
_FIRST, _LAST = ("tokens", "base"), ("contrast",)
_FIGURE = ("figure", "sum", "transport")
SHEETS = {
    "home": (*_FIRST, "home", *_LAST),
    "lesson": (
        *_FIRST,
        "lesson",
        *_FIGURE,
        "first",
        "controls",
        "extras",
        "reading",
        "share",
        "present",
        "print",
        *_LAST,
    ),
    "compare": (*_FIRST, "lesson", *_FIGURE, "first", "controls", "present", "compare", "print", *_LAST),
    "docs": (*_FIRST, "docs", *_LAST),
    "docs-embed": (*_FIRST, "docs", "embedding", *_LAST),
    "embed": (*_FIRST, *_FIGURE, "first", "controls", "embed", *_LAST),
    "embed-error": (*_FIRST, "embed", *_LAST),
}
# The modules that pages begin with.
_ENTRIES = ("main.js", "embed.js", "compare.js", "home.js", "site.js", "embedding.js")
_MODULES = "js/"
# What a script imports as it starts. Types that comments import, and modules asked for later, are none of it.
_IMPORT = re.compile(rb'^(?:import|export)\b(?:[^;"]*\bfrom)?\s*"(\.[^"]+)"', re.MULTILINE)

# The names say what browsers must hear; the machine's own table may not know modules or manifests.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".mp4": "video/mp4",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file in memory; `encoded` gains encodings as they are made."""

    name: str
    body: bytes
    media_type: str
    etag: str
    encoded: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, body: bytes) -> "Asset":
        """The file with its gzip, where that is smaller."""
        media_type = _MEDIA_TYPES.get(PurePosixPath(name).suffix, "application/octet-stream")
        asset = cls(name, body, media_type, weak_etag(body))
        if asset.shrinks:
            asset.add_encoding("gzip", compress(body, "gzip"))
        return asset

    @property
    def shrinks(self) -> bool:
        """Whether compressing is worth trying."""
        return compressible(self.media_type)

    def add_encoding(self, encoding: str, body: bytes) -> None:
        """Keep an encoded body if it is smaller than the plain one."""
        if len(body) < len(self.body):
            self.encoded[encoding] = body

    def best(self, encoding: str) -> tuple[str, bytes]:
        """The encoding to send to a client that prefers `encoding`, and its bytes.

        Whoever prefers br takes gzip too in practice, and gets it until the br is made.
        """
        for one in (encoding, "gzip") if encoding != IDENTITY else ():
            if one in self.encoded:
                return one, self.encoded[one]
        return IDENTITY, self.body


class Assets:
    """All static files of one moment.

    Args:
        folder: the files.
        pack: whether modules are served in few files; else one by one, as they are written.
    """

    def __init__(self, folder: Path, pack: bool = True) -> None:
        self.folder = folder
        self.pack = pack
        self._signature = _signature(folder)
        read = {name: (folder / name).read_bytes() for name, *_ in self._signature}
        self._sources = read
        served = _joined(read) | (dict(_packed(tuple(read.items()))) if pack else read)
        self._files = {name: Asset.of(name, body) for name, body in served.items()}
        self.digest = _digest(self._files.values())
        self._modules: dict[str, list[str]] = {}

    def source(self, name: str) -> str:
        """A script as it is written; KeyError where there is none."""
        return self._sources[name].decode()

    def names(self) -> list[str]:
        """All files that are served, but Plotly's."""
        return list(self._files)

    def url(self, name: str) -> str:
        """The address of a file; KeyError where there is none."""
        if name == PLOTLY:
            return f"{PREFIX}/{plotly_digest()}/{PLOTLY}"
        return f"{PREFIX}/{self.digest}/{self._files[name].name}"

    def modules(self, entry: str = "js/main.js") -> list[str]:
        """The addresses of a script and of all that it imports, for `<link rel="modulepreload">`: one round trip
        instead of a chain."""
        if entry not in self._modules:
            self._modules[entry] = [self.url(name) for name in sorted(self._imported(entry))]
        return self._modules[entry]

    def _imported(self, entry: str) -> set[str]:
        found, waiting = {entry}, [entry]
        while waiting:
            name = waiting.pop()
            targets = (target.decode() for target in _IMPORT.findall(self._files[name].body))
            new = {posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) for target in targets} - found
            found |= new
            waiting += new
        return found

    def find(self, digest: str, name: str) -> Asset | None:
        """The file at an address. Only names read at start are known, so no path leads outside."""
        if name == PLOTLY and digest == plotly_digest():
            return plotly()
        return self._files.get(name) if digest == self.digest else None

    def refreshed(self) -> "Assets":
        """These, or the new ones if a file has changed since; for development."""
        return self if _signature(self.folder) == self._signature else Assets(self.folder, self.pack)

    def compress_further(self, quality: int) -> threading.Thread:
        """Make the br of every file beside the running server; gzip serves until each is ready."""
        files = [asset for asset in (*self._files.values(), plotly()) if asset.shrinks and "br" not in asset.encoded]

        def work() -> None:
            for asset in files:
                asset.add_encoding("br", compress(asset.body, "br", brotli_quality=quality))

        thread = threading.Thread(target=work, name="brotli", daemon=True)
        thread.start()
        return thread


@cache
def plotly() -> Asset:
    """Plotly.js as the plotly package bundles it; shared by every application of the process."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the plotly package, which brings Plotly.js, is not installed")
    return Asset.of(PLOTLY, (Path(spec.submodule_search_locations[0]) / "package_data" / PLOTLY).read_bytes())


@cache
def plotly_digest() -> str:
    """The hash in Plotly's address, its own: it changes with the package, not with our files."""
    return _digest([plotly()])


def _joined(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """A sheet for each page, of those that are there."""
    pages = {page: [f"css/{sheet}.css" for sheet in sheets] for page, sheets in SHEETS.items()}
    return {
        f"css/pages/{page}.css": b"".join(files[name] for name in names)
        for page, names in pages.items()
        if all(name in files for name in names)
    }


@lru_cache(maxsize=1)
def _packed(given: tuple[tuple[str, bytes], ...]) -> Mapping[str, bytes]:
    """The files, with modules put together."""
    files = dict(given)
    entries = [name for name in _ENTRIES if _MODULES + name in files]
    modules: set[str] = set()

    def read(path: str) -> str:
        modules.add(_MODULES + path)
        return files[_MODULES + path].decode()

    made = {_MODULES + name: text.encode() for name, text in packed(entries, read).items()}
    return {name: body for name, body in files.items() if name not in modules} | made


def _signature(folder: Path) -> list[tuple[str, int, int]]:
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            status = path.stat()
            found.append((name.as_posix(), status.st_mtime_ns, status.st_size))
    return found


def _digest(assets: Iterable[Asset]) -> str:
    hashed = blake2b(digest_size=8)
    for asset in assets:
        hashed.update(f"{asset.name}\0{len(asset.body)}\0".encode())
        hashed.update(asset.body)
    return hashed.hexdigest()
