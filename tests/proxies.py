"""Starts a real nginx with the configuration of `deploy/nginx` before running applications."""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers import HOST, ROOT, free_port, running

NGINX = ROOT / "deploy" / "nginx"
HEALTH = "/nginx-healthz"
# Where the configuration puts what it writes and looks for its own files.
WRITTEN, READ = "/var/cache/nginx", "/etc/nginx"


@contextlib.contextmanager
def running_nginx(
    *app_urls: str, halls: Sequence[str] = (), written: Path | None = None, **changes: str
) -> Iterator[str]:
    """The base URL of nginx before the applications at `app_urls`, for as long as the block lasts.

    It runs as this user, in a temporary folder, and writes into `written` or into that. `halls` are addresses with the
    rate of a lecture hall; `changes` sets directives otherwise, wherever they stand: `client_header_timeout="1s"`;
    `rate` is that of all zones, `min_free` that of all folders of answers. Raises RuntimeError without an nginx.
    """
    with tempfile.TemporaryDirectory(prefix="convoscope-nginx-") as name:
        folder, port = Path(name), free_port()
        configure(folder, port, app_urls, halls, changes, written)
        with running(command(folder), port, cwd=folder, health=HEALTH) as url:
            yield url


def command(folder: Path, *more: str) -> list[str]:
    """nginx in the foreground, with the configuration in `folder`."""
    # Debian keeps it where only root looks.
    program = shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin"]))
    if program is None:
        raise RuntimeError("There is no nginx on this machine. On Debian and Ubuntu: apt install nginx-light.")
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr", *more, "-g", "daemon off;"]


def configure(
    folder: Path,
    port: int,
    app_urls: Sequence[str],
    halls: Sequence[str] = (),
    changes: dict[str, str] | None = None,
    written: Path | None = None,
) -> None:
    """Our configuration in `folder`, with this machine's addresses and folders in place of a server's."""
    shutil.copytree(NGINX, folder, dirs_exist_ok=True)
    if written is None:
        written = folder / "written"
        written.mkdir()
    servers = "\n".join(f"server {urlsplit(url).netloc} max_fails=2 fail_timeout=2s;" for url in app_urls)
    (folder / "convoscope" / "halls.conf").write_text("".join(f"{address} 1;\n" for address in halls))
    directives = dict(changes or {})
    parameters = {name: directives.pop(name) for name in ("rate", "min_free") if name in directives}
    for file in folder.rglob("*.conf"):
        text = file.read_text().replace(WRITTEN, str(written)).replace(READ, str(folder))
        text = re.sub(r"^ *listen .*;", f"listen {HOST}:{port} backlog=4096;", text, flags=re.MULTILINE)
        if app_urls:
            text = re.sub(r"^ *server 127\.0\.0\.1:8000 .*;", servers, text, flags=re.MULTILINE)
        for name, value in parameters.items():
            text = re.sub(rf"\b{name}=[\w/]+", f"{name}={value}", text)
        for directive, value in directives.items():
            text = re.sub(rf"^( *){directive} .*;", rf"\g<1>{directive} {value};", text, flags=re.MULTILINE)
        file.write_text(text)
