"""From an address with ranges to the file: what is asked for, whether it has room, and the page with its answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from starlette.types import ASGIApp

from app import embed
from app.api import find_kind
from app.assets import Assets
from app.i18n import DEFAULT_LANGUAGE, Translator
from app.offline import ranges as spans
from app.offline.files import Linking, file_name
from app.offline.html import data_of, with_data
from app.offline.loopback import get
from app.offline.moves import Params, reachable
from app.offline.pack import Pack, TooLarge, index_of, limits_of, packed
from app.offline.ranges import Ranges
from app.resources import Resources
from app.settings import Settings
from app.work import Workers
from compute.errors import ConvError
from compute.kinds.base import Kind

# After so many tries to find ranges that have room, none are named.
_TRIES = 4


@dataclass(frozen=True, slots=True)
class Asked:
    """A figure to be taken along.

    Attributes:
        pairs: parameters of figure and page, as the embed page takes them.
        ranges: the parameters that stay alive.
    """

    kind: Kind
    pairs: Mapping[str, str]
    ranges: Ranges

    @property
    def address(self) -> str:
        return f"/embed/{self.kind.slug}?{urlencode(self.pairs)}"

    @property
    def lang(self) -> str:
        return self.pairs.get("lang", DEFAULT_LANGUAGE)

    @property
    def name(self) -> str:
        return file_name(self.kind.slug, self.pairs)


@dataclass(frozen=True, slots=True)
class Taken:
    """A figure with what it needs: its page, and the answers that its controls ask for."""

    asked: Asked
    page: str
    pack: Pack
    held: dict[str, Any]


def asked_for(slug: str, pairs: Mapping[str, str]) -> Asked:
    """A figure by its name and query; raises ConvError."""
    kind = find_kind(slug)
    own = {name: value for name, value in pairs.items() if name != "live"}
    return Asked(kind, own, spans.read(kind, pairs.get("live", "")))


class Maker:
    """Takes figures along, within the limits of the settings."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        self.resources = resources
        self.settings = settings
        self.workers = workers
        self.linking = Linking(settings.base_url)

    @property
    def assets(self) -> Assets:
        """The static files of this moment."""
        return self.resources.assets

    async def take(self, app: ASGIApp, asked: Asked, room: int | None = None) -> Taken:
        """The figure's page and answers; raises ConvError where it cannot be, or is more than has room."""
        page = await self._page(app, asked)
        data = data_of(page)
        typed = {**data["query"]} or dict(asked.kind.presets[0].params)
        most = self.settings.offline_figures if room is None else room
        pack = await self.workers.run(partial(self._packed, asked.kind, typed, asked.ranges, most))
        t = self.resources.translator(data["lang"])
        says = told(asked.ranges, t)
        index = index_of(asked.kind, {"live": pack}, says)
        page = with_data(page, {**data, "limits": limits_of(asked.kind, typed, pack, says)})
        slug = asked.kind.slug
        held = {"indexes": {slug: index}, "packs": {f"{slug}/live": pack.text}, "says": t("offline.none")}
        return Taken(asked, page, pack, held)

    async def _page(self, app: ASGIApp, asked: Asked) -> str:
        answer = await get(app, asked.address)
        if answer.status != 200:
            raise self._refusal(asked)
        return answer.text

    def _refusal(self, asked: Asked) -> ConvError:
        """The error that a page says instead of the figure that was asked for."""
        try:
            embed.check_names(asked.kind, asked.pairs)
            pairs = embed.spelled(asked.pairs)
            own = asked.kind.parse_facts(embed.of_the_figure(pairs))
            embed.read(pairs, asked.kind.trace(own), self.resources.languages)
        except ConvError as error:
            return error
        raise AssertionError("a page that can be made was refused")

    def _packed(self, kind: Kind, typed: Params, ranges: Ranges, most: int) -> Pack:
        count = spans.combinations(ranges)
        figures = _at_most(reachable(kind, typed, ranges), most) if count <= most else None
        if figures is None:
            raise self._too_many(kind, typed, ranges, most)
        try:
            return packed(kind, figures, self.settings.offline_bytes)
        except TooLarge as error:
            raise self._too_large(kind, typed, ranges, len(figures), error.packed) from None

    def _too_many(self, kind: Kind, typed: Params, ranges: Ranges, most: int) -> ConvError:
        nearest = spans.shortened(ranges, most)
        while nearest != {} and _at_most(reachable(kind, typed, nearest), most) is None:
            nearest = spans.shortened(nearest, spans.combinations(nearest) - 1)
        longest = max(ranges, key=lambda name: len(ranges[name]))
        return ConvError(
            "too_many_figures",
            "live",
            f"These ranges make {spans.combinations(ranges):,} figures; {most:,} have room in a file."
            f" The longest is {longest}.",
            f"Try live={spans.written(nearest)}.",
            count=spans.combinations(ranges),
            limit=most,
            longest=longest,
            nearest=spans.written(nearest),
        )

    def _too_large(self, kind: Kind, typed: Params, ranges: Ranges, count: int, had_room: int) -> ConvError:
        """The error, with ranges that were tried and do have room."""
        limit = self.settings.offline_bytes
        nearest, left = ranges, had_room
        found: dict[str, Any] = {}
        for _ in range(_TRIES):
            nearest = spans.shortened(nearest, min(left * 4 // 5, spans.combinations(nearest) - 1))
            try:
                packed(kind, reachable(kind, typed, nearest), limit)
            except TooLarge as error:
                left = error.packed
                continue
            found = {"nearest": spans.written(nearest)}
            break
        longest = max(ranges, key=lambda name: len(ranges[name]), default="")
        return ConvError(
            "file_too_large",
            "live",
            f"The answers for {count:,} figures take more than {limit:,} bytes; {had_room:,} of them have room."
            + (f" The longest range is {longest}." if longest else ""),
            f"Try live={found['nearest']}." if found else "Make the figure smaller.",
            count=count,
            limit=limit,
            packed=had_room,
            longest=longest,
            **found,
        )


def told(ranges: Ranges, t: Translator) -> str:
    """What is said of a figure that is not there.

    Names are those of the controls, values as they stand there.
    """
    if not ranges:
        return t("offline.alone")
    return t("offline.held", held=in_words(ranges, t))


def in_words(ranges: Ranges, t: Translator) -> str:
    """Ranges as a reader says them: «Stride 1–3, Padding 0–2»."""
    return ", ".join(f"{_called(name, t)} {_span(texts)}" for name, texts in ranges.items())


def _called(name: str, t: Translator) -> str:
    """What a control is called; drawn numbers have none of their own."""
    return t("offline.seed") if name == "seed" else t(f"control.{name}")


def _span(texts: list[str]) -> str:
    if not all(text.isdigit() for text in texts):
        return "/".join(texts)
    return texts[0] if len(texts) == 1 else f"{texts[0]}–{texts[-1]}"


def _at_most(figures: Iterable[Params], most: int) -> list[Params] | None:
    """All of them, or None where there are more."""
    found: list[Params] = []
    for figure in figures:
        if len(found) == most:
            return None
        found.append(figure)
    return found
