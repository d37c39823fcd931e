"""The command: a whole site as plain files, for any host of files."""

import argparse
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, urlsplit

from app import paths
from app.i18n import DEFAULT_LANGUAGE, read_catalogues
from app.offline.making import asked_for
from app.offline.ranges import read
from app.settings import Settings
from app.shown import OF_THE_PAGE
from app.site.error import SiteError
from app.site.figures import Wishes
from app.site.folder import check, replacing
from app.site.pages import Plan
from compute.errors import ConvError
from compute.kinds import KINDS

FAILED = 1
REFUSED = 2

_ABOUT = """Write the gallery, the lessons and the embeds into a folder, as files that any host of files can serve: a
course of thousands needs no server. Of each lesson the site holds every preset with one control moved at a time, what
the pages link to, and a few sliders moved together; --live and --figure add to that."""
_EXAMPLES = """examples:
  convoscope build site/
  convoscope build site/ --live dilated=stride:1-3,dilation:1-4 --live pooling=mode:max|average,stride:1-3
  convoscope build site/ --figure 'transposed?stride=2&kernel=1,2;3,4&live=padding:0-1'
  convoscope build site/ --kinds dilated,transposed --languages en --base-url https://me.example/course
"""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise SiteError(f"{message[:1].upper()}{message[1:]}.")


def add_to(commands: "argparse._SubParsersAction[Any]") -> None:
    """Put the command beside the others."""
    _add_options(
        commands.add_parser(
            "build",
            help="write a site of plain files, which needs no server",
            description=_ABOUT,
            epilog=_EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
    )


def _add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="where to: a new or empty folder, or a site built before")
    parser.add_argument(
        "--live",
        action="append",
        default=[],
        metavar="KIND=RANGES",
        help="controls that may be moved together, around every preset: dilated=stride:1-3,padding:0-2",
    )
    parser.add_argument(
        "--figure",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a figure besides, as its link has it, with live=RANGES for what moves there: 'dilated?dilation=2'",
    )
    parser.add_argument("--kinds", metavar="LIST", help="the lessons, with commas between them (all)")
    parser.add_argument("--languages", metavar="LIST", help="the languages; the first is at the root (all, en first)")
    parser.add_argument(
        "--base-url", default="", metavar="URL", help="where the site will be, for links that are shared"
    )


def run(arguments: Sequence[str], settings: Settings) -> int:
    """Do it: 0 when the site is there, 2 when what was asked for cannot be, 1 when it went wrong on the way."""
    parser = _Parser(prog="convoscope build", add_help=False, allow_abbrev=False)
    _add_options(parser)
    began = time.monotonic()
    try:
        options = parser.parse_args(arguments)
        plan, wishes = read_plan(options)
        check(options.folder)
        # Imported late: it reads every file of the application.
        from app.site.build import build

        with replacing(options.folder) as room:
            built = build(room, plan, wishes, settings, lambda slug, n: print(f"{slug}: {n:,} figures", flush=True))
    except SiteError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except ConvError as error:
        print(" ".join(filter(None, (error.message, error.hint))), file=sys.stderr)
        return REFUSED
    except OSError as error:
        print(f"{options.folder} cannot be written: {error.strerror}. Nothing there was changed.", file=sys.stderr)
        return FAILED
    seconds = time.monotonic() - began
    print(f"{options.folder}: {built.figures:,} figures, {built.files:,} files, {built.bytes:,} bytes, {seconds:.0f} s")
    return 0


def read_plan(options: argparse.Namespace) -> tuple[Plan, dict[str, Wishes]]:
    """What is to be built; raises SiteError and ConvError."""
    known = sorted(read_catalogues(paths.LOCALES), key=lambda lang: lang != DEFAULT_LANGUAGE)
    languages = _chosen(options.languages, known, "language")
    kinds = _chosen(options.kinds, list(KINDS), "kind")
    wishes = {slug: Wishes() for slug in kinds}
    for text in options.live:
        slug, _, ranges = text.partition("=")
        wishes[_one(slug, kinds)].ranges |= read(KINDS[slug], ranges)
    for text in options.figure:
        parts = urlsplit(text)
        slug = _one(parts.path.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html"), kinds)
        pairs = {k: v for k, v in parse_qsl(parts.query, keep_blank_values=True) if k not in OF_THE_PAGE}
        asked = asked_for(slug, pairs)
        asked.kind.plan(asked.kind.parse_facts(asked.pairs))
        wishes[slug].figures.append((dict(asked.pairs) or dict(asked.kind.presets[0].params), asked.ranges))
    base_url = options.base_url.rstrip("/")
    if base_url and not re.fullmatch(r"https?://[^\s/?#]+[^\s?#]*", base_url):
        raise SiteError(f"«{base_url}» is no address of a site. Write one as https://me.example/course.")
    return Plan(tuple(languages), tuple(kinds), base_url), wishes


def _chosen(text: str | None, known: list[str], what: str) -> list[str]:
    """The names of a list, in its order, each once; all where there is none."""
    if text is None:
        return known
    names = list(dict.fromkeys(filter(None, (name.strip() for name in text.split(",")))))
    if not names:
        raise SiteError(f"No {what} is named. There are: {', '.join(known)}.")
    for name in names:
        if name not in known:
            raise SiteError(f"There is no {what} «{name}». There are: {', '.join(known)}.")
    # Lessons keep the order in which they teach.
    return [name for name in known if name in names] if what == "kind" else names


def _one(slug: str, kinds: list[str]) -> str:
    if slug not in kinds:
        raise SiteError(f"This site has no kind «{slug}». It has: {', '.join(kinds)}.")
    return slug
