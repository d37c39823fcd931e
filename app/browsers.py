"""Where a Chromium is on this machine, and how it is started."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VARIABLE = "CONVOSCOPE_CHROMIUM"

# The shell without a window comes first: it draws the same, and opens a page in two thirds of the time.
COMMANDS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
)

MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")

WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)

# A page is to cause every request that is seen: nothing of the browser's own.
ARGUMENTS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)

ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


class NoBrowser(RuntimeError):
    """There is no Chromium here."""


def find_chromium(asked: str | None = None) -> str:
    """The path of a Chromium that starts: the one asked for, one of this machine, or the one that Playwright keeps."""
    named = asked or os.environ.get(VARIABLE)
    if named:
        found = shutil.which(named)
        if not found or not starts(found):
            by = "--browser" if asked else VARIABLE
            raise NoBrowser(f"{by} names {named}, and that is no Chromium that starts.")
        return found
    found = next(filter(starts, installed()), None) or playwrights_own()
    if not starts(found):
        raise NoBrowser(
            "Figures are drawn by a Chromium, and none was found on this machine. Install Chromium, Chrome or Edge, or "
            f"run «python -m playwright install chromium», or set {VARIABLE} to the path of one."
        )
    return found


def launch_options(path: str) -> dict[str, Any]:
    """What `playwright.chromium.launch` takes to start the Chromium at that path."""
    # Chromium's sandbox refuses to run as root, as which containers run.
    as_root = os.name == "posix" and os.geteuid() == 0
    return {"executable_path": path, "args": [*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]}


def installed() -> Iterator[str]:
    """The Chromiums of this machine, in the order in which they are tried."""
    yield from filter(None, map(shutil.which, COMMANDS))
    for name in MACOS:
        yield f"/Applications/{name}.app/Contents/MacOS/{name}"
    for folder in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if folder in os.environ:
            yield from (str(Path(os.environ[folder], place)) for place in WINDOWS)


def starts(path: str) -> bool:
    """Whether it is a browser, and not, say, a distribution's note that a package is wanted."""
    if not Path(path).is_file():
        return False
    if os.name == "nt":  # there, a browser opens a window when asked for its version
        return True
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own() -> str:
    """Where Playwright keeps its own Chromium, whether it is there or not; empty without Playwright."""
    # In a process of its own, since Playwright's synchronous interface allows one at a time.
    return subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True).stdout.strip()
