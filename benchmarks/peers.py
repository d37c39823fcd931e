"""Our page beside other people's pages about convolutions, in one run: first paint, first use, bytes on the wire.

The peers are folders of built pages, `CONVOSCOPE_PEERS="name=folder[=selector],…"`. The selector (without a comma)
matches once the figure can be operated; without one, when the page is quiet: loaded, no long task, no answer since.
How to get some, from their repositories on GitHub; nothing but 127.0.0.1 answers in a run, so what a page takes from
other hosts is to be put beside it (from npm), and what was not reached is counted:

    ezyang/convolution-visualizer   npm install; npm run build, with PUBLIC_URL=. NODE_OPTIONS=--openssl-legacy-provider
    poloclub/cnn-explainer          npm install; npm run build; public/, with its assets below cnn-explainer/ as well
    cs231n/cs231n.github.io         assets/conv-demo/ as it is
    distillpub/post--deconv-checkerboard   public/ as it is, with npm's distill-template as its template
    vicapow/explained-visually      client/explanations/image-kernels/ through jade and less

Peers are served by our own server, packed in the same ways, from memory. Every page is visited once before it counts,
so that servers are warm; the browser's cache is cold each time. Pages take turns.
"""

import os
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, TimeoutError, sync_playwright

from benchmarks._files import FOLDER
from benchmarks._visits import Visit, first_visit, quiet
from tests.browsers import launch_options
from tests.servers import HOST, ROOT, free_port, running, running_app

VARIABLE = "CONVOSCOPE_PEERS"
ROUNDS = 7
OURS = (("/learn/single-channel", "html[data-drawn]"), ("/embed/single-channel", "html[data-drawn]"))
# No page reaches another host, whatever it asks for.
ALONE = f"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE {HOST}"
MILESTONES = ("paint", "operable", "quiet")
HEAD = ("page", "first paint", "operable", "told by", "quiet", "kB", "requests", "not reached")


@dataclass(frozen=True, slots=True)
class Peer:
    """A folder with an `index.html`, and a selector of its figure once that can be operated; empty: none."""

    name: str
    folder: Path
    selector: str = ""


def named(text: str) -> list[Peer]:
    """The peers that a text names; ValueError where it cannot be read, or a folder has no page.

    >>> named("")
    []
    """
    peers = []
    for item in filter(None, (part.strip() for part in text.split(","))):
        name, folder, selector = (*item.split("=", 2), "", "")[:3]
        if not (Path(folder) / "index.html").is_file():
            raise ValueError(f"{VARIABLE}: {item!r} is not name=folder[=selector] with an index.html in that folder.")
        peers.append(Peer(name, Path(folder).resolve(), selector))
    return peers


@contextmanager
def hosting(folder: Path) -> Iterator[str]:
    """The address at which the folder is served, for as long as the block lasts."""
    port = free_port()
    uvicorn = [sys.executable, "-m", "uvicorn", "benchmarks._files:application", "--factory", "--host", HOST]
    command = [*uvicorn, "--port", str(port), "--log-level", "warning"]
    with running(command, port, cwd=ROOT, environment={FOLDER: str(folder)}) as url:
        yield f"{url}/"


def measured(browser: Browser, url: str, selector: str, within: float = 30.0) -> Visit:
    """One first visit with its milestone `operable`; ValueError where the page was not there in so many seconds."""
    try:
        visit = first_visit(browser, url, {"operable": selector} if selector else {}, partial(quiet, within=within))
    except TimeoutError as problem:
        wanted = f"matched {selector} and was quiet" if selector else "was quiet"
        raise ValueError(f"{url} was not painted, or never {wanted}, within {within:g} s.") from problem
    # What stands in the document before the first paint can be operated no sooner than it is seen.
    operable = visit.times.get("operable", visit.times["quiet"])
    visit.times["operable"] = max(operable, visit.times["paint"])
    visit.times["quiet"] = max(visit.times["quiet"], visit.times["operable"])
    return visit


def row(name: str, selector: str, visits: Sequence[Visit]) -> str:
    """A line of the table: medians of the visits."""
    paint, operable, quiet_at = (
        f"{statistics.median(visit.times[milestone] for visit in visits):,.0f} ms" for milestone in MILESTONES
    )
    size = statistics.median(visit.size.total() for visit in visits) / 1000
    requests = statistics.median(visit.requests.total() for visit in visits)
    failed = statistics.median(visit.failed for visit in visits)
    told = f"`{selector}`" if selector else "quiet"
    return line(name, paint, operable, told, quiet_at, f"{size:,.0f}", f"{requests:.0f}", f"{failed:.0f}")


def line(*columns: str) -> str:
    return f"| {' | '.join(columns)} |"


def compare(peers: Sequence[Peer]) -> None:
    """Visits our pages and the peers' in turn, and prints the table."""
    with ExitStack() as stack:
        ours = stack.enter_context(running_app())
        pages = [(f"Convoscope {path}", f"{ours}{path}", selector) for path, selector in OURS]
        pages += [(one.name, stack.enter_context(hosting(one.folder)), one.selector) for one in peers]
        playwright = stack.enter_context(sync_playwright())
        options = launch_options()
        browser = playwright.chromium.launch(**{**options, "args": [*options["args"], ALONE]})
        stack.callback(browser.close)
        visits = [[measured(browser, url, selector) for _, url, selector in pages] for _ in range(1 + ROUNDS)]
        print(f"Chromium {browser.version}, {os.cpu_count()} cores, medians of {ROUNDS} first visits in turn\n")
    print(line(*HEAD), line("---", *("---:" for _ in HEAD[1:])), sep="\n")
    for (name, _, selector), found in zip(pages, zip(*visits[1:], strict=True), strict=True):
        print(row(name, selector, found))


def main() -> None:
    try:
        peers = named(os.environ.get(VARIABLE, ""))
        compare(peers)
    except ValueError as problem:
        sys.exit(str(problem))
    if not peers:
        print(f"\nOurs alone: {VARIABLE}=name=folder[=selector],… names others (benchmarks/peers.py says which).")


if __name__ == "__main__":
    main()
