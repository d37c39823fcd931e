"""The command: what it takes, and one file or a list of them made."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.answers import dumped
from app.exporting import lists, orders
from app.exporting.drawing import browser, drawn
from app.exporting.lists import Note
from app.exporting.orders import DRAWN, Order, OrderError, sentence
from app.exporting.serving import asked, serving
from app.settings import Settings
from compute.errors import ConvError

if TYPE_CHECKING:
    from playwright.async_api import Browser

FAILED = 1
REFUSED = 2
_AT_ONCE = 2

_ABOUT = """Write a file of a figure: a picture (png, svg), pages (pdf), a film (mp4, gif, webp, pptx), its frames
(zip), a page that plays without a server (html), or its numbers (json, csv)."""
_EXAMPLES = """examples:
  convoscope export dilated --dilation 2 -o dilated.mp4
  convoscope export transposed --preset checkerboard --step 4 --size 1080p -o step.png
  convoscope export grouped --groups 2 --steps 2-7 --speed 2 --loop endless -o grouped.gif
  convoscope export --list figures.toml
"""


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Put the command beside the others."""
    parser = commands.add_parser(
        "export",
        help="write a file of a figure, or those of a list",
        description=_ABOUT,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    _add_own(parser)
    orders.add_options(parser)


def _add_own(parser: argparse.ArgumentParser) -> None:
    """What concerns the command; all else is said of a file."""
    parser.add_argument("--list", type=Path, metavar="FILE", help="make what a TOML file lists, if it has changed")
    parser.add_argument("--browser", metavar="PATH", help="the Chromium that draws (one is looked for)")
    parser.add_argument("--jobs", type=_jobs, metavar="N", help=f"how many of a list are made at once ({_AT_ONCE})")


def run(arguments: Sequence[str], settings: Settings) -> int:
    """Do it: 0 when all is written, 2 when what was asked for cannot be, 1 when it went wrong on the way."""
    own = orders.Parser(prog="convoscope export", add_help=False, allow_abbrev=False)
    _add_own(own)
    try:
        given, rest = own.parse_known_args(arguments)
        if given.list is not None:
            return _all_of(given.list, rest, settings, given.browser, given.jobs or _AT_ONCE)
        if given.jobs is not None:
            raise OrderError("--jobs is for a --list.")
        order = orders.read(rest)
        order.check()
        if not order.output.parent.is_dir():
            raise OrderError(f"There is no folder {order.output.parent}.")
        failed: list[tuple[Order, Exception]] = []
        asyncio.run(_make([order], settings, given.browser, 1, _told, lambda *problem: failed.append(problem)))
        for _, error in failed:
            raise error
    except (OrderError, ConvError) as error:
        print(sentence(error), file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{error.filename or 'The file'} cannot be written: {error.strerror}.", file=sys.stderr)
        return FAILED
    return 0


def _all_of(file: Path, rest: Sequence[str], settings: Settings, path: str | None, jobs: int) -> int:
    """Make what a list asks for; what cannot be is said, and the others are made."""
    if rest:
        raise OrderError(f"With --list, all else stands in the list; {rest[0]} does not belong here.")
    read = lists.read(file)
    note = Note(file.parent)
    wrong = 0
    for name, one in read:
        if not isinstance(one, Order):
            print(f"{name}: {sentence(one)}", file=sys.stderr)
            wrong += 1
    whole = [one for _, one in read if isinstance(one, Order)]
    changed = [order for order in whole if not note.holds(order)]
    for order in changed:
        order.output.parent.mkdir(parents=True, exist_ok=True)

    def made(order: Order) -> None:
        note.put(order)
        _told(order)

    failed: list[Order] = []

    def problem(order: Order, error: Exception) -> None:
        failed.append(order)
        said = sentence(error) if isinstance(error, OrderError | ConvError) else str(error)
        print(f"{order.output}: {said}", file=sys.stderr)

    asyncio.run(_make(changed, settings, path, jobs, made, problem))
    same = len(whole) - len(changed)
    print(f"{len(changed) - len(failed)} made, {same} unchanged, {wrong + len(failed)} not made")
    return REFUSED if wrong or failed else 0


async def _make(
    wanted: Sequence[Order],
    settings: Settings,
    path: str | None,
    jobs: int,
    made: Callable[[Order], None],
    failed: Callable[[Order, Exception], None],
) -> None:
    """Make files, so many at once; each is told of when it is there, or what stood in its way."""
    async with AsyncExitStack() as held:
        address, chromium = "", None
        if any(order.extension != "json" for order in wanted):
            address = held.enter_context(serving(settings, jobs))
        if any(order.extension in DRAWN for order in wanted):
            chromium = await held.enter_async_context(browser(path))
        places = asyncio.Semaphore(jobs)

        async def one(order: Order) -> None:
            async with places:
                try:
                    with _part_of(order.output) as part:
                        await _written(order, part, address, chromium, settings.base_url)
                except (OrderError, ConvError, OSError) as error:
                    failed(order, error)
                else:
                    made(order)

        await asyncio.gather(*map(one, wanted))


async def _written(order: Order, part: Path, address: str, chromium: "Browser | None", base_url: str) -> None:
    if order.extension in DRAWN:
        assert chromium
        here = f"{base_url}/learn/{order.kind.slug}?{order.query()}" if base_url else ""
        await drawn(chromium, address, order, order.options.get("link", here), part)
    elif order.extension == "json":
        part.write_bytes(dumped(order.trace))
    elif order.extension == "csv":
        part.write_bytes(await asyncio.to_thread(asked, f"{address}/api/v1/steps/{order.kind.slug}?{order.query()}"))
    else:
        query = order.query("lang", "theme", "step", "stage", "speed", "live")
        part.write_bytes(await asyncio.to_thread(asked, f"{address}/api/v1/offline/{order.kind.slug}?{query}"))


@contextmanager
def _part_of(output: Path) -> Iterator[Path]:
    """A place beside the file to write on; it becomes the file when the block ends well, and is no more when not."""
    handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.stem}-", suffix=output.suffix)
    os.close(handle)
    part = Path(name)
    try:
        yield part
        part.chmod(0o666 & ~_umask())
        os.replace(part, output)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _told(order: Order) -> None:
    print(f"{order.output}  {order.output.stat().st_size:,} bytes", flush=True)


def _jobs(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 64):
        raise argparse.ArgumentTypeError(f"a number from 1 to 64, not «{text}»")
    return int(text)
