"""Pictures without a browser: the page's own scripts draw a step here, in a small engine with bounds.

The scripts of `static/js/scenes` are pure, so the same trace gives the same picture here and on a page. What they need
is in the `export` extra; nothing of it is loaded before the first picture is asked for.
"""

import threading
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import orjson

from app import extra, fonts, paths, tokens
from app.bundle import bundle
from compute.errors import ConvError

_MODULES = ("quickjs", "resvg_py", "pymupdf_fonts", "PIL")

ENTRY = "scenes/still.js"
# Half of it is enough for most figures, however large, but not for thousands of small panels or half a million cells.
# The time is what all threads of the process compute meanwhile, and shorter than that of heavy work, whose refusal says
# less.
SECONDS = 8
MEMORY = 256 * 1024 * 1024
STACK = 1024 * 1024
# What the engine says of a script that it stopped.
_STOPPED = ("interrupted", "out of memory", "stack overflow", "Maximum call stack size exceeded")
# What it says where there was no memory left to say so; a script of ours throws errors alone.
_SPEECHLESS = "null"

_CALL = """
globalThis.call = (name, given) => JSON.stringify(STILL[name](JSON.parse(given)));
"""


class ScriptError(RuntimeError):
    """A script of ours failed: a fault here, not in what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Still:
    """A picture to be drawn.

    Attributes:
        trace: the document of the figure, as JSON.
        step: steps done, 0 to the length of the page's clock.
        stage: the stage to be seen alone, `all`, or "" for what fits.
        theme: `light`, `dark` or `projector`.
        strings: the words, by key.
        title: what stands above the figure.
        width, height: of the picture, in pixels.
    """

    trace: bytes
    step: int
    stage: str
    theme: str
    strings: dict[str, str]
    title: str
    width: int
    height: int


@cache
def missing() -> str | None:
    """The first module of the extra that is not installed, or None."""
    return extra.missing(_MODULES)


def require() -> None:
    """Raises ConvError where pictures cannot be drawn here, which names the extra."""
    module = missing()
    if module:
        raise ConvError(
            "drawer_missing",
            "",
            f"This server cannot draw pictures: {module} is not installed.",
            f"Whoever runs it installs what pictures need with: {extra.INSTALL}",
            missing=module,
            install=extra.INSTALL,
        )


def svg(still: Still, font: str | None = None) -> str:
    """The picture as SVG, which names the fonts of the page or the one given; raises ConvError."""
    require()
    known = tokens.of_theme(still.theme)
    given = {
        **{name: value for name, value in asdict(still).items() if name != "trace"},
        "trace": orjson.Fragment(still.trace),
        "tokens": known,
        "font": font or known["font"],
        "widths": fonts.widths(),
    }
    return str(_call("picture", given))


def png(still: Still, own: list[str] | None = None) -> bytes:
    """The picture as PNG, in the fonts of the extra, whose files may be given; raises ConvError."""
    require()
    import resvg_py

    drawn = fonts.in_families(svg(still, fonts.FAMILY))
    files, others = fonts.wanted(drawn, own)
    return bytes(resvg_py.svg_to_bytes(svg_string=drawn, font_files=files, skip_system_fonts=not others))


def said(trace: bytes, step: int, strings: dict[str, str]) -> str:
    """The step in words, as the page's caption has it; raises ConvError."""
    require()
    return str(_call("said", {"trace": orjson.Fragment(trace), "step": step, "strings": strings}))


def in_page(trace: bytes, asked: dict[str, Any]) -> dict[str, Any] | None:
    """The figure as its page draws it, and what stands beside it: see `inPage`; raises ConvError."""
    require()
    found: dict[str, Any] | None = _call("inPage", {**asked, "trace": orjson.Fragment(trace)})
    return found


def pair_in_page(sides: list[dict[str, Any]], asked: dict[str, Any]) -> list[dict[str, Any]] | None:
    """The sides of a comparison, each with its `trace` as JSON: see `pairInPage`; raises ConvError."""
    require()
    given = [{**side, "trace": orjson.Fragment(side["trace"])} for side in sides]
    found: list[dict[str, Any]] | None = _call("pairInPage", {**asked, "sides": given})
    return found


class Engine:
    """One engine with our scripts in it; it belongs to the thread that made it."""

    def __init__(self, script: str, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        import quickjs  # type: ignore[import-untyped]

        self._failure = quickjs.JSException
        self._context = quickjs.Context()
        self._context.set_memory_limit(memory)
        self._context.set_max_stack_size(STACK)
        self._context.set_time_limit(seconds)
        self._context.eval(script + _CALL)
        self._run = self._context.get("call")

    def call(self, name: str, given: str) -> Any:
        """What an exported function gives for an argument in JSON.

        Raises ConvError where it was stopped for the time or the memory it took, else ScriptError.
        """
        try:
            return orjson.loads(self._run(name, given))
        except self._failure as error:
            said = str(error)
            if said.strip() == _SPEECHLESS or any(sign in said for sign in _STOPPED):
                raise _too_dear() from None
            raise ScriptError(said) from error


_own = threading.local()


def _call(name: str, given: dict[str, Any]) -> Any:
    """Asks the engine of this thread. One in which something failed is given up: who knows in what state it is."""
    engine = _engine()
    _own.engine = None
    answer = engine.call(name, orjson.dumps(given).decode("utf-8"))
    _own.engine = engine
    return answer


def warm_up() -> None:
    """Makes this thread's engine and reads what every picture needs, where pictures can be drawn at all."""
    if missing() is None:
        _own.engine = _engine()
        fonts.widths()


def _engine() -> Engine:
    stamp = _stamp()
    engine: Engine | None = getattr(_own, "engine", None)
    if engine is None or _own.stamp != stamp:
        engine, _own.stamp = Engine(_script(stamp)), stamp
    return engine


@cache
def _script(stamp: int) -> str:
    root = paths.STATIC / "js"
    return bundle(ENTRY, lambda name: (root / name).read_text(encoding="utf-8"), "STILL")


def _stamp() -> int:
    """Changes with the scripts, for those who work on them: the latest change of any of their folders' files."""
    root = paths.STATIC / "js"
    folders = ("scenes", "marks", "model")
    return max(file.stat().st_mtime_ns for folder in folders for file in (root / folder).iterdir())


def _too_dear() -> ConvError:
    return ConvError(
        "picture_too_dear",
        "",
        f"Drawing this figure takes more than the {SECONDS} seconds or {MEMORY >> 20} MB that a picture may take here.",
        "Choose a smaller figure; the page draws it in your browser.",
        seconds=SECONDS,
        megabytes=MEMORY >> 20,
    )
