"""The route of pictures: a figure at a step as PNG or SVG, a pure function of its address.

Drawing takes longer than computing, of small figures too: all pictures are drawn where large figures are computed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import embed, fonts, openapi, query, still
from app.answers import dumped, left, trace_document
from app.api import Endpoint, find_kind
from app.headers import CACHE_CONTROL, weak_etag
from app.i18n import DEFAULT_LANGUAGE
from app.resources import Resources
from app.settings import Settings
from app.shown import THEMES
from app.sides import clock_length
from app.unfurl import HEIGHT, WIDTH, shown_step
from app.work import Workers
from compute.kinds import KINDS
from compute.kinds.base import Kind
from compute.parameters import Choice, Whole

LEAST_WIDTH, MOST_WIDTH = 160, 2400
FORMS = {"png": "image/png", "svg": "image/svg+xml"}
# Of the picture; all others are the figure's.
OF_THE_PICTURE = ("step", "theme", "stage", "lang", "width")


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a picture shows its figure; `step` is None where the picture chooses one."""

    step: int | None = None
    theme: str = THEMES[0]
    stage: str = ""
    lang: str = DEFAULT_LANGUAGE
    width: int = WIDTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a picture says: the strings of its language, by key, and the title; and which languages there are."""

    strings: dict[str, str]
    title: str
    languages: tuple[str, ...]


def height_of(width: int) -> int:
    """The height of a picture: 1200 × 630 is what most programs ask for.

    >>> height_of(1200), height_of(600), height_of(1000)
    (630, 315, 525)
    """
    return width * HEIGHT // WIDTH


class Pictures:
    """The pictures of one application."""

    def __init__(self, resources: Resources, settings: Settings, workers: Workers) -> None:
        self.resources = resources
        self.settings = settings
        self.workers = workers

    def add_routes(self, app: FastAPI) -> None:
        """`/embed/{slug}/picture.png` and `.svg`."""
        for form in FORMS:
            app.add_api_route(
                f"{embed.PATH}{{slug}}/picture.{form}",
                self._endpoint(form),
                methods=["GET"],
                response_class=Response,
                **openapi.picture(form, FORMS[form], self._parameters()),
            )

    def _endpoint(self, form: str) -> Endpoint:
        async def picture(request: Request) -> Response:
            still.require()
            kind = find_kind(request.path_params["slug"])
            pairs = query.read(request.scope["query_string"], self.settings.query_limit)
            # A process for heavy work may be ended at any time, and would leave files of its own behind.
            files = await self.workers.run(fonts.files) if form == "png" else []
            work = partial(drawn, kind.slug, dict(pairs), form, self._words(kind, pairs), files)
            body = await self.workers.heavy.run(work, partial(left, request))
            headers = {"Cache-Control": CACHE_CONTROL, "ETag": weak_etag(body)}
            return Response(body, headers=headers, media_type=FORMS[form])

        return picture

    def _words(self, kind: Kind, pairs: Mapping[str, str]) -> Words:
        """In the language asked for; one that there is not is refused when the picture is drawn."""
        lang, languages = pairs.get("lang"), self.resources.languages
        t = self.resources.translator(lang if lang in languages else DEFAULT_LANGUAGE)
        return Words(strings=dict(t.strings), title=t.said(f"kind.{kind.slug}.title", kind.title), languages=languages)

    def _parameters(self) -> dict[str, dict[str, Any]]:
        """What OpenAPI says of the picture's own parameters; steps and stages depend on the figure."""
        fields = _fields(0, [], self.resources.languages)
        said = {
            "step": "Steps done; one in the middle where it is left out.",
            "theme": "Colours.",
            "stage": "The stage to be seen alone, by its id, or `all`.",
            "lang": "The language of the words.",
            "width": f"Pixels; the height follows, {WIDTH} × {HEIGHT}.",
        }
        schemas: dict[str, dict[str, Any]] = {name: fields[name].schema() for name in said}
        schemas["step"] = {"type": "integer", "minimum": 0}
        schemas["stage"] = {"type": "string"}
        schemas["width"]["default"] = WIDTH
        return {name: {**schemas[name], "description": text} for name, text in said.items()}


def warm_up() -> None:
    """Does what the first picture of a process would wait for."""
    still.warm_up()


def drawn(slug: str, pairs: Mapping[str, str], form: str, words: Words, files: list[str]) -> bytes:
    """The picture by plain arguments, for another process, with the files of its fonts; raises ConvError."""
    kind = KINDS[slug]
    figure = {name: value for name, value in pairs.items() if name not in OF_THE_PICTURE}
    trace = trace_document(kind, kind.parse_facts(figure or kind.presets[0].params))
    steps = clock_length(trace)
    view = _view(pairs, _fields(steps, [stage["id"] for stage in trace["stages"]], words.languages))
    shot = still.Still(
        trace=dumped(trace),
        step=shown_step(view.step, steps),
        stage=view.stage,
        theme=view.theme,
        strings=words.strings,
        title=words.title,
        width=view.width,
        height=height_of(view.width),
    )
    return still.png(shot, files) if form == "png" else still.svg(shot).encode("utf-8")


def _fields(steps: int, stages: list[str], languages: tuple[str, ...]) -> dict[str, Whole | Choice]:
    return {
        "step": Whole(0, steps),
        "theme": Choice(THEMES),
        "stage": Choice((*stages, "all")),
        "lang": Choice(languages),
        "width": Whole(LEAST_WIDTH, MOST_WIDTH),
    }


def _view(pairs: Mapping[str, str], fields: Mapping[str, Whole | Choice]) -> View:
    said: dict[str, Any] = {name: fields[name].parse(pairs[name], name) for name in OF_THE_PICTURE if name in pairs}
    return View(**said)
