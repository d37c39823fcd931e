"""oEmbed 1.0 (oembed.com): what other programs put into their pages for the address of a figure of ours.

The specification knows three refusals, and programs act on their status: 401 (which nothing here needs), 404 for an
address of which nothing can be said, and 501 for a format that is not spoken. So an address that is not ours, and one
of a figure that cannot be, are both 404, and the body says why, in numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import unquote, urlencode, urlsplit

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from app import embed, openapi, query, still
from app.answers import dumped, trace_document
from app.api import find_kind
from app.headers import CACHE_CONTROL, weak_etag
from app.i18n import DEFAULT_LANGUAGE
from app.pictures import LEAST_WIDTH, OF_THE_PICTURE, height_of
from app.resources import Resources
from app.settings import Settings
from app.shown import OF_THE_PAGE, view_of
from app.sides import clock_length
from app.unfurl import LEARN, OEMBED, WIDTH, figure_title, picture_path
from app.work import Workers
from compute.errors import ConvError
from compute.kinds.base import Kind, unknown
from compute.parameters import Choice, Whole

# The frame, where nothing is asked for; it keeps this shape.
FRAME_WIDTH, FRAME_HEIGHT = 800, 450
_DAY = 86_400
_MOST = 100_000
_PARAMETERS = ("url", "maxwidth", "maxheight", "format")
_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """The most that may be taken, in pixels."""

    width: int = _MOST
    height: int = _MOST

    def fitted(self, width: int, height: int) -> tuple[int, int]:
        """The largest size of that shape which is no larger and fits.

        >>> Room(width=400).fitted(800, 450), Room(width=400, height=90).fitted(800, 450)
        ((400, 225), (160, 90))
        """
        wide = min(width, self.width, self.height * width // height)
        return max(wide, 1), max(wide * height // width, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A figure of ours as its address has it: the kind, all that stands behind the question mark, and on which page."""

    kind: Kind
    pairs: Mapping[str, str]
    framed: bool

    @property
    def figure(self) -> dict[str, str]:
        """The parameters of the figure; none where it is the kind's first preset."""
        others = embed.PARAMETERS if self.framed else OF_THE_PAGE
        return {name: value for name, value in self.pairs.items() if name not in others}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What the page would read of the address: the step asked for, or None, all steps, and the language."""

    step: int | None
    steps: int
    lang: str


class Oembed:
    """oEmbed of one application."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        self.resources = resources
        self.settings = settings
        self.workers = workers

    def add_routes(self, app: FastAPI) -> None:
        """`/oembed`."""
        app.add_api_route(OEMBED, self.answer, methods=["GET"], **openapi.oembed(_described()))

    async def answer(self, request: Request) -> Response:
        """How the figure at `url` is embedded."""
        pairs = query.read(request.scope["query_string"], self.settings.query_limit)
        room = _room(pairs)
        asked = self._asked(pairs["url"])
        body = await self.workers.run(partial(self._document, asked, room))
        headers = {"Cache-Control": CACHE_CONTROL, "ETag": weak_etag(body)}
        return Response(body, headers=headers, media_type="application/json")

    def _asked(self, url: str) -> Asked:
        """The figure at an address of ours; raises ConvError."""
        base, given = urlsplit(self.settings.base_url), _split(url)
        # An address without a host is one of this server, however it is called.
        if given.netloc and (given.scheme not in ("http", "https") or given.netloc.lower() != base.netloc.lower()):
            raise self._foreign(url)
        if given.scheme and not given.netloc:
            raise self._foreign(url)
        path = given.path.removeprefix(base.path) if given.netloc else given.path
        start = next((start for start in (LEARN, embed.PATH) if path.startswith(start)), None)
        if start is None:
            raise self._foreign(url)
        try:
            kind = find_kind(unquote(path.removeprefix(start)))
            pairs = query.parse(given.query.encode("utf-8"))
            framed = start == embed.PATH
            return Asked(kind=kind, pairs=embed.spelled(pairs) if framed else pairs, framed=framed)
        except ConvError as error:
            raise _no_figure(error) from None

    def _foreign(self, url: str) -> ConvError:
        ours = self.settings.base_url
        hint = f"Give one that begins with {ours}{LEARN} or {ours}{embed.PATH}."
        if not ours:
            hint += " This server was not told its own address (CONVOSCOPE_BASE_URL), so that it knows paths alone."
        return ConvError(
            "foreign_url", "url", f"There is no figure of ours at «{url[:_SHOWN]}».", hint, given=url[:_SHOWN]
        )

    def _document(self, asked: Asked, room: Room) -> bytes:
        try:
            read = self._read(asked)
        except ConvError as error:
            raise _no_figure(error) from None
        t = self.resources.translator(read.lang)
        base = self.settings.base_url
        width, height = room.fitted(FRAME_WIDTH, FRAME_HEIGHT)
        title = figure_title(t, asked.kind, read.step, read.steps)
        document = {
            "type": "rich",
            "version": "1.0",
            "title": title,
            "provider_name": t("page.name"),
            **({"provider_url": f"{base}/"} if base else {}),
            "cache_age": _DAY,
            "html": _frame(f"{base}{embed.PATH}{asked.kind.slug}", asked.pairs, title, width, height),
            "width": width,
            "height": height,
            **self._thumbnail(asked, room),
        }
        return dumped(document)

    def _read(self, asked: Asked) -> Read:
        """What the page reads; raises ConvError for what it refuses."""
        kind, pairs, languages = asked.kind, asked.pairs, self.resources.languages
        if asked.framed:
            embed.check_names(kind, pairs)
        trace = trace_document(kind, kind.parse_facts(asked.figure or kind.presets[0].params))
        steps = clock_length(trace)
        if asked.framed:
            step = embed.read(pairs, trace, languages).step
        else:
            view, fault = view_of(pairs, steps, [stage["id"] for stage in trace["stages"]], languages)
            if fault is not None:
                raise fault
            step = view.step
        return Read(step=step if "step" in pairs else None, steps=steps, lang=pairs.get("lang", DEFAULT_LANGUAGE))

    def _thumbnail(self, asked: Asked, room: Room) -> dict[str, Any]:
        """The picture, which must not be larger than the frame may be; none where that leaves too little."""
        width, _ = room.fitted(WIDTH, height_of(WIDTH))
        if not self.settings.base_url or still.missing() or width < LEAST_WIDTH:
            return {}
        view = {name: value for name, value in asked.pairs.items() if name in OF_THE_PICTURE}
        own = {**asked.figure, **view, "width": "" if width == WIDTH else str(width)}
        path = picture_path(asked.kind.slug, own)
        return {
            "thumbnail_url": self.settings.base_url + path,
            "thumbnail_width": width,
            "thumbnail_height": height_of(width),
        }


def _room(pairs: Mapping[str, str]) -> Room:
    """The room that the query leaves; raises ConvError for what is wrong with its parameters."""
    for name in pairs:
        if name not in _PARAMETERS:
            raise unknown(name, list(_PARAMETERS))
    if pairs.get("format", "json") != "json":
        raise _not_spoken(pairs["format"])
    if not pairs.get("url"):
        raise ConvError("url_missing", "url", "There is no url of which to tell.", "Add url=, percent-encoded.")
    pixels = Whole(1, _MOST)
    most: dict[str, Any] = {
        name: pixels.parse(pairs[name], name) for name in ("maxwidth", "maxheight") if name in pairs
    }
    return Room(width=most.get("maxwidth", _MOST), height=most.get("maxheight", _MOST))


def _described() -> dict[str, dict[str, Any]]:
    """What OpenAPI says of the parameters."""
    pixels = {"type": "integer", "minimum": 1, "maximum": _MOST}
    return {
        "url": {"type": "string", "minLength": 1, "description": "The address of a lesson or of an embed of ours."},
        "maxwidth": {**pixels, "description": "Pixels that the frame and the picture may be wide."},
        "maxheight": {**pixels, "description": "Pixels that they may be high."},
        "format": {**Choice(("json",)).schema(), "default": "json", "description": "The format of the answer."},
    }


def _split(url: str) -> Any:
    try:
        return urlsplit(url)
    except ValueError:  # brackets that are no address
        return urlsplit("")


def _frame(address: str, pairs: Mapping[str, str], title: str, width: int, height: int) -> str:
    source = f"{address}?{urlencode(pairs)}" if pairs else address
    return str(
        Markup(
            '<iframe src="{}" width="{}" height="{}" title="{}" loading="lazy" allow="fullscreen" '
            'style="border:0;max-width:100%"></iframe>'
        ).format(source, width, height, title)
    )


def _no_figure(error: ConvError) -> ConvError:
    """The same refusal as one of the address in which it stands."""
    values = {**error.values, "cause": error.code, "parameter": error.field, "reason": error.message}
    values.pop("nearest", None)  # it belongs into the address, not into `url`
    return ConvError("no_figure", "url", f"The address holds no figure: {error.message}", error.hint, **values)


def _not_spoken(given: str) -> ConvError:
    return ConvError(
        "format_not_spoken",
        "format",
        f"«{given[:_SHOWN]}» is not spoken here; oEmbed is answered as JSON.",
        "Try json.",
        given=given[:_SHOWN],
        nearest="json",
    )
