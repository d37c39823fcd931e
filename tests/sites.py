"""A site of files, built once for all tests of it, and a host of files that serves it below a path."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.servers import ROOT

# What the reader's way in `tests/browser/test_journey.py` moves, one slider after the other.
LIVE = "input_size:5-6,kernel_size:2-3,stride:1-2,padding:0-1,dilation:1-2"
KINDS = ("single-channel", "arithmetic", "dilated", "pooling")
BELOW = "courses/convolution"


def built(folder: Path, *more: str) -> Path:
    """The folder with a site of a few kinds in it; built by a process of its own, as a reader of the manual does it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    wanted = ["--kinds", ",".join(KINDS), "--live", f"single-channel={LIVE}", *more]
    subprocess.run([sys.executable, "-m", "app.cli", "build", str(folder), *wanted], cwd=ROOT, check=True)
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serving(folder: Path) -> Iterator[str]:
    """The address of a plain host of files, for as long as the block lasts."""
    host = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder))
    threading.Thread(target=host.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{host.server_port}"
    finally:
        host.shutdown()
        host.server_close()
