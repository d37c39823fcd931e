"""The reference of the API for readers, drawn from the OpenAPI document so that it cannot say anything else."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI

from app.answers import dumped
from app.errors import STATUS, UNPROCESSABLE
from compute.kinds import KINDS
from compute.kinds.base import Kind

_TRACES = "/api/v1/traces/"
_EXAMPLES = 3
READ_EXAMPLE = '{"code": "nn.Conv2d(64, 128, 3, stride=2, padding=1)", "input_size": 32}'

# Every code an error can have; `docs.code_<code>` says when. A test holds that none is missing.
CODES = (
    *("out_of_range", "not_a_number", "not_whole", "wrong_type", "wrong_length", "wrong_form"),
    *("unknown_parameter", "unknown_choice", "repeated_parameter", "not_for_this_kind"),
    *("ragged_values", "empty_values", "too_many_values"),
    *("size_mismatch", "channel_mismatch", "kernel_exceeds_input", "padding_exceeds_input", "padding_exceeds_kernel"),
    *(
        "groups_do_not_divide",
        "output_padding_too_large",
        "nothing_left",
        "stack_too_deep",
        "steps_out_of_range",
        "budget_exceeded",
        "overflow",
    ),
    *("too_many_figures", "file_too_large", "malformed_range", "range_impossible", "not_a_figure"),
    *("code_empty", "code_too_long", "code_too_deep", "code_not_python"),
    *("malformed_query", "malformed_json", "duplicate_key", "not_an_object"),
    *("foreign_request", "unknown_format", "not_a_form", "malformed_form", "options_missing", "not_transparent"),
    *("too_many_frames", "too_many_pixels", "frame_count", "frame_size", "wrong_frame_type"),
    *("not_a_png", "not_an_svg", "svg_refused", "export_too_large", "export_too_slow"),
    *("encoder_missing", "exports_busy", "disk_full"),
    *("busy", "interrupted", "over_time", "not_ready", "stopping"),
    *("foreign_url", "no_figure", "url_missing", "format_not_spoken", "drawer_missing", "picture_too_dear"),
    *("body_too_large", "query_too_long", "unknown_kind", "not_found", "method_not_allowed", "internal"),
    # Of a server in front: app/front.py.
    *("malformed_request", "not_public", "address_too_long", "headers_too_large", "too_many_requests", "server_away"),
)

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form of a parameter: the string `docs.form_<key>`, filled with `values`."""

    key: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A row of a parameter table; `default` is empty where nothing stands in for it."""

    name: str
    forms: list[Form]
    default: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An address that works, and what it shows."""

    title: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KindReference:
    """All that can be asked of one kind; `body` asks for the first example by POST."""

    kind: Kind
    routes: list[tuple[str, str]]
    parameters: list[Parameter]
    examples: list[Example]
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The whole reference: the version of the software, each kind, what answers mean, the codes of errors, and a body
    that `POST /api/v1/read` takes.
    """

    version: str
    kinds: list[KindReference]
    statuses: list[tuple[int, str]]
    codes: list[tuple[str, int]]
    reading: str = READ_EXAMPLE


def read_reference(app: FastAPI) -> Reference:
    """The reference of the API that `app` serves."""
    document = app.openapi()
    paths = document["paths"]
    answers = paths[_TRACES + next(iter(KINDS))]["get"]["responses"]
    return Reference(
        version=document["info"]["version"],
        kinds=[_kind(kind, paths) for kind in KINDS.values()],
        statuses=[(int(status), answer["description"]) for status, answer in answers.items()],
        codes=[(code, STATUS.get(code, UNPROCESSABLE)) for code in CODES],
    )


def _kind(kind: Kind, paths: Mapping[str, Any]) -> KindReference:
    own = {path: verbs for path, verbs in paths.items() if path.endswith(f"/{kind.slug}")}
    path = _TRACES + kind.slug
    return KindReference(
        kind=kind,
        routes=[(verb.upper(), path) for path, verbs in own.items() for verb in verbs],
        parameters=[_parameter(one) for one in own[path]["get"]["parameters"]],
        examples=[
            Example(title=preset.title, path=path + _query(preset.params)) for preset in kind.presets[:_EXAMPLES]
        ],
        body=_body(kind),
    )


def _parameter(described: Schema) -> Parameter:
    schema = described["schema"]
    return Parameter(
        name=described["name"],
        forms=[_form(one) for one in schema.get("anyOf", [schema])],
        default=_default(schema.get("default", "")),
        description=described["description"],
    )


def _form(schema: Schema) -> Form:
    """In words what OpenAPI says in keywords.

    >>> _form({"type": "integer", "minimum": 1, "maximum": 9})
    Form(key='integer', values={'minimum': 1, 'maximum': 9})
    """
    if "enum" in schema:
        return Form(key="choice", values={"options": ", ".join(map(str, schema["enum"]))})
    if schema["type"] == "boolean":
        return Form(key="flag", values={})
    if schema["type"] == "integer":
        return Form(key="integer", values={name: schema[name] for name in ("minimum", "maximum")})
    if "pattern" in schema:
        return Form(key="pattern", values={"pattern": schema["pattern"]})
    return Form(key="text", values={})


def _default(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _query(params: Mapping[str, str]) -> str:
    """Percent-encoded as far as needed, the grammar of values left legible."""
    pairs = "&".join(f"{name}={quote(value, safe=',;:/')}" for name, value in params.items())
    return f"?{pairs}" if pairs else ""


def _body(kind: Kind) -> str:
    preset = kind.presets[0]
    filled = kind.parse(preset.params).document()
    return dumped({name: filled[name] for name in preset.params}).decode("utf-8")
