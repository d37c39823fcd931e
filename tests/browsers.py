"""Where a Chromium for the tests is: `python -m tests.browsers` prints its path, fetching one if there is none."""

import os
import subprocess
import sys
from typing import Any

from app import browsers
from app.browsers import VARIABLE, NoBrowser


def find_chromium() -> str:
    """The path of a Chromium that starts: as the application finds it, else Playwright's, which is fetched."""
    try:
        return browsers.find_chromium()
    except NoBrowser:
        if os.environ.get(VARIABLE):
            raise
    return fetched()


def launch_options() -> dict[str, Any]:
    """What `playwright.chromium.launch` takes to start it."""
    return browsers.launch_options(find_chromium())


def options_for_many_pages() -> dict[str, Any]:
    """The same, for tests: a page opens in half the time, and no name of another host is looked up."""
    options = launch_options()
    options["args"] += [
        # Pages of one context share a renderer, which has the scripts compiled once they have run.
        "--process-per-site",
        # Else each page has its scripts parsed again while they arrive, although they are compiled already.
        "--disable-features=ScriptStreaming,BackgroundResourceFetch",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ]
    return options


def fetched() -> str:
    """The Chromium that Playwright keeps, fetched now."""
    print("No Chromium on this machine: fetching the one of Playwright …", file=sys.stderr, flush=True)
    fetch = [sys.executable, "-m", "playwright", "install", "chromium"]
    done = subprocess.run(fetch, stdout=sys.stderr).returncode == 0
    place = browsers.playwrights_own()
    if not done or not browsers.starts(place):
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
