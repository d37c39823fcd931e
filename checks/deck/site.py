"""The deck on a site of its own: programs of other people from npm, and a page that frames figures of ours."""

import contextlib
import functools
import html
import re
import shutil
import string
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SOURCE = Path(__file__).resolve().parent
QUIETLY = ("--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund", "--no-update-notifier")
CURE = (
    "The check needs npm (on Debian: apt install npm), and the network to fetch two packages from the registry "
    "that npm is set up for."
)


def install(folder: Path) -> None:
    """Puts reveal.js and player.js into a folder, in the versions that package.json names."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit(f"reveal: there is no npm on this machine. {CURE}")
    shutil.copy(SOURCE / "package.json", folder)
    command = [npm, "install", *QUIETLY]
    try:
        done = subprocess.run(
            command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=300
        )
    except subprocess.TimeoutExpired:
        sys.exit(f"reveal: npm had installed nothing after five minutes. {CURE}")
    if done.returncode:
        sys.exit(f"{done.stdout}\nreveal: npm could not install what checks/deck/package.json names. {CURE}")


def write_page(folder: Path, server: str) -> None:
    """The deck's page, and in it the script that our documentation gives to authors of decks, as it stands there."""
    with urllib.request.urlopen(f"{server}/docs/embed?lang=en", timeout=60) as answer:
        section = answer.read().decode().partition('id="reveal"')[2].partition("</section>\n")[0]
    documented = re.search(r"<script>.*?</script>", html.unescape(section), re.DOTALL)
    if documented is None:
        sys.exit("reveal: /docs/embed no longer has a script for decks of reveal.js")
    page = string.Template((SOURCE / "index.html").read_text(encoding="utf-8"))
    (folder / "index.html").write_text(page.substitute(server=server, documented=documented[0]), encoding="utf-8")


class Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """A folder's page: Browsers count `localhost` as another site than 127.0.0.1, where the figures are."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
