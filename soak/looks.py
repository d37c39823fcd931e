"""`python3 dev.py soak looks [--page NAME …]`: every page in every theme, language and width, every kind's pictures.

The tests look at each value of these, and at most pairs of values; here all of them meet, by the same functions: what
axe finds in every theme, what fits in the light one. One line a page; 1 where anything was wrong.
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import product
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from app.comparisons import PAIRS
from compute.kinds import KINDS
from tests.browser.test_access import DESKTOP, PAGES, PHONE, THEMES
from tests.browser.test_before import WIDE, sides_stay_the_same, stays_the_same
from tests.browser.test_embed_looks import SIZES, apart, faults_of_frame, pictures
from tests.browser.test_fits import CHINESE, DOUBLED, ENGLISH, faults_of, look, opened
from tests.browser.test_still import drawings_apart
from tests.browsers import options_for_many_pages
from tests.pages import Contexts, watch
from tests.servers import running_app

# What a page does on purpose, or does because its scripts are held up.
MEANT = ("status of 404", "Failed to load resource")
LANGUAGES = ("en", "zh")
# Of larger type and smaller rooms the server knows the size only nearly: tests hold where the two pictures are one.
FIRST = ("light", "dark")
SEEN = list(product(THEMES, (DESKTOP, PHONE)))


class Pages:
    """Opens pages of two servers, one of which speaks in words twice as long; what is wrong with them is kept."""

    def __init__(self, browser: Browser, server: str, doubled: str) -> None:
        self.doubled = doubled
        self._server = server
        self._contexts = Contexts(browser)

    @contextmanager
    def watched(self, found: list[str]) -> Iterator[Callable[..., Page]]:
        """A way to open pages, as tests have one; their faults are added to those found."""

        def report(fault: str) -> None:
            if not any(meant in fault for meant in MEANT):
                found.append(fault)

        with self._contexts.lending() as lend:

            def new_page(allow: str | None = None, **options: Any) -> Page:
                base_url = options.pop("base_url", self._server)
                page = lend(alone=False, base_url=base_url, **options)
                watch(page, base_url, report)
                return page

            yield new_page


def looked_at(pages: Pages, path: str) -> list[str]:
    """What is wrong with a page in all words, themes and widths."""
    found: list[str] = []
    for words in (ENGLISH, CHINESE, DOUBLED):
        with pages.watched(found) as new_page:
            wrong = faults_of(opened(new_page, pages.doubled, words), look(path, words, SEEN))
            found += [f"{words}: {fault}" for fault in wrong]
    return found


def pictured(pages: Pages, slug: str) -> list[str]:
    """What is wrong with the pictures of a kind: in a frame, as the server draws them, and before scripts come."""
    found: list[str] = []
    with pages.watched(found) as new_page:
        ours, theirs = pictures(new_page(viewport=DESKTOP), new_page(), slug)
        if pixels := apart(ours, theirs):
            found.append(f"the frame's picture is not the lesson's: {pixels} pixels differ")
    with pages.watched(found) as new_page:
        found += faults_of_frame(new_page(), slug, SIZES)
    with pages.watched(found) as new_page:
        page = new_page()
        for theme, lang in product(THEMES, LANGUAGES):
            found += drawings_apart(page, slug, theme, lang)
    for theme, lang in product(FIRST, LANGUAGES):
        address = f"/learn/{slug}?step=1&theme={theme}&lang={lang}"
        found += asserted(pages, f"{theme} {lang}", partial(stays_the_same, path=address, size=WIDE, scheme="light"))
    return found


def compared(pages: Pages, pair: str) -> list[str]:
    """What is wrong with the pictures of a pair before scripts come."""
    found: list[str] = []
    for theme, lang in product(FIRST, LANGUAGES):
        extra = {"theme": theme, "lang": lang, "step": "1"}
        found += asserted(pages, f"{theme} {lang}", partial(sides_stay_the_same, pair=pair, extra=extra, size=WIDE))
    return found


def asserted(pages: Pages, name: str, check: Callable[[Page], None]) -> list[str]:
    """What a check of a test says of a page that was opened for it."""
    found: list[str] = []
    with pages.watched(found) as new_page:
        try:
            check(new_page())
        except AssertionError as wrong:
            found.append(f"the first picture is another than the page's: {wrong}")
    return [f"{name}: {fault}" for fault in found]


def checks() -> dict[str, Callable[[Pages], list[str]]]:
    """What is looked at, by its name."""
    return {
        **{path: partial(looked_at, path=path) for path in PAGES},
        **{f"pictures of {slug}": partial(pictured, slug=slug) for slug in KINDS},
        **{f"pictures of the pair {pair.id}": partial(compared, pair=pair.id) for pair in PAIRS},
    }


def run(names: list[str]) -> int:
    """Print a line for each of them, with what is wrong; 1 where anything is."""
    faulty = 0
    words = {"CONVOSCOPE_STRICT_STRINGS": "1", "CONVOSCOPE_HEAVY_SECONDS": "60"}
    with (
        running_app(**words) as server,
        running_app("tests.browser.doubled:app", CONVOSCOPE_DOUBLED="1", **words) as doubled,
        sync_playwright() as playwright,
    ):
        pages = Pages(playwright.chromium.launch(**options_for_many_pages()), server, doubled)
        for name in names:
            found = list(dict.fromkeys(checks()[name](pages)))
            print("\n  ".join([f"{name}: {len(found)} faults" if found else f"{name}: ok", *found]), flush=True)
            faulty += bool(found)
    print(f"{len(names)} looked at, {faulty} with faults.")
    return 1 if faulty else 0


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="dev.py soak looks", description=__doc__)
    parser.add_argument("--page", action="append", choices=checks(), help="only this one; may stand several times")
    return run(parser.parse_args(words).page or list(checks()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
