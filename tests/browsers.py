"""Where a Chromium is: `python -m tests.browsers` prints its path, fetching one if there is none."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

VARIABLE = "CONVOSCOPE_CHROMIUM"

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")

MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")

WINDOWS = (
    "Google/Chrome/Application/chrome.exe",
    "Chromium/Application/chrome.exe",
    "Microsoft/Edge/Application/msedge.exe",
)

# A page under test is to cause every request that is seen: nothing of the browser's own.
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
    """There is no Chromium here, and none could be fetched."""


def find_chromium() -> str:
    """The path of a Chromium that starts: the one asked for, one of this machine, or Playwright's own."""
    asked = os.environ.get(VARIABLE)
    if asked:
        found = shutil.which(asked)
        if not found or not starts(found):
            raise NoBrowser(f"{VARIABLE} names {asked}, and that is no Chromium that starts.")
        return found
    return next(filter(starts, installed()), None) or playwrights_own()


def launch_options() -> dict[str, Any]:
    """What `playwright.chromium.launch` takes to start it."""
    # Chromium's sandbox refuses to run as root, as which containers run.
    as_root = os.name == "posix" and os.geteuid() == 0
    return {"executable_path": find_chromium(), "args": [*ARGUMENTS, *(["--no-sandbox"] if as_root else [])]}


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
    """The Chromium that Playwright keeps, fetched when it is not there yet."""
    # In processes of their own, since Playwright's synchronous interface allows one at a time.
    place = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True).stdout.strip()
    if not starts(place):
        print("No Chromium on this machine: fetching the one of Playwright …", file=sys.stderr, flush=True)
        fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
        fetched = subprocess.run(fetch, stdout=sys.stderr).returncode == 0
        if not fetched or not starts(place):
            raise NoBrowser(
                "The browser tests need a Chromium. None was found on this machine, and Playwright could not "
                f"fetch one that starts. Install Chromium or Chrome, or set {VARIABLE} to the path of one."
            )
    return place


if __name__ == "__main__":
    try:
        print(find_chromium())
    except NoBrowser as problem:
        sys.exit(str(problem))
