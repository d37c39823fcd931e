"""The wheel, installed elsewhere: its `convoscope` command serves every page, and all that the pages name."""

import json
import os
import re
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from tests.servers import free_port, running

ROOT = Path(__file__).resolve().parent.parent
UV = Path(sysconfig.get_path("scripts"), "uv")
PROGRAMS = "Scripts" if os.name == "nt" else "bin"

# What pages, styles and scripts name of this site: attributes, url(…), imports, and addresses in JSON.
NAMED = re.compile(
    r"""(?:\b(?:src|href)=["']|\burl\(["']?|\b(?:from|import)\s*\(?\s*["']|")"""
    r"""((?:/|\.\.?/)[\w./%-]+\.\w+)(?=[?"')#])"""
)
FOLLOWED = ("text/html", "text/css", "text/javascript", "application/javascript")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="convoscope elsewhere ") as folder:
        elsewhere = Path(folder)
        command = install(build(elsewhere), elsewhere)
        port = free_port()
        # Without PYTHONPATH, and not in the checkout: only what is in the wheel can answer.
        with running([str(command), "--port", str(port)], port, cwd=elsewhere, environment={"PYTHONPATH": ""}):
            visited = visit(port)
    print(f"wheel: installed in an empty environment; {len(visited)} addresses answer")
    return 0


def build(elsewhere: Path) -> Path:
    """A wheel, made from a source distribution, so that both are known to be whole."""
    uv("build", "--out-dir", str(elsewhere), str(ROOT))
    [wheel] = elsewhere.glob("*.whl")
    return wheel


def install(wheel: Path, elsewhere: Path) -> Path:
    """The `convoscope` command of an environment that holds the wheel and what it depends on."""
    environment = elsewhere / "environment"
    uv("venv", "--no-project", "--python", sys.executable, str(environment))
    python = environment / PROGRAMS / "python"
    uv("pip", "install", "--python", str(python), "--constraint", str(ROOT / "requirements.lock"), str(wheel))
    return environment / PROGRAMS / "convoscope"


def uv(*args: str) -> None:
    done = subprocess.run([UV, *args], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}\nwheel: uv {' '.join(args)} failed")


def visit(port: int) -> set[str]:
    """Fetches the API's first answers, every page, and all that these name in turn."""
    kinds = [kind["slug"] for kind in json.loads(fetch(port, "/api/v1/kinds")[1])["kinds"]]
    trace = json.loads(fetch(port, f"/api/v1/traces/{kinds[0]}")[1])
    if not trace["stages"]:
        sys.exit("wheel: the trace is empty")
    visited: set[str] = set()
    waiting = [
        "/",
        "/healthz",
        "/readyz",
        "/docs",
        "/api/v1/openapi.json",
        *(f"/learn/{kind}" for kind in kinds),
    ]
    while waiting:
        path = waiting.pop()
        if path not in visited:
            visited.add(path)
            waiting += named(path, *fetch(port, path))
    assets = {path for path in visited if path.startswith("/static/")}
    if not {".css", ".js"} <= {Path(path).suffix for path in assets}:
        sys.exit(f"wheel: the pages name no styles or no scripts, only {sorted(assets)}")
    return visited


def fetch(port: int, path: str) -> tuple[str, str]:
    """Media type and text of what the server answers; anything but 200 ends the check."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read().decode(errors="replace")
    if response.status != 200 or not body:
        sys.exit(f"wheel: {path} answers {response.status} with {len(body)} characters")
    return response.headers.get_content_type(), body


def named(path: str, media_type: str, text: str) -> Iterator[str]:
    """The addresses of this site that a document names."""
    if media_type in FOLLOWED and not path.endswith(".min.js"):
        for match in NAMED.finditer(text):
            yield urlsplit(urljoin(path, match[1])).path


if __name__ == "__main__":
    sys.exit(main())
