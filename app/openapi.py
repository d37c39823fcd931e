"""What OpenAPI says of each route: parameters and bodies from the kinds' own schemas, and every possible answer."""

from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from app.answers import TRACES, Question
from app.documents import Document, ErrorDocument, OembedDocument, ReadDocument
from compute.kinds import KINDS
from compute.kinds.base import PAGING, Kind
from compute.parameters import Size
from compute.reader import DEFAULT_SIZE, MAX_CODE, MAX_INPUT

Schema = dict[str, Any]
Described = dict[str, Any]

_NOT_MODIFIED = {"description": "Unchanged since the `ETag` named in `If-None-Match`"}
_REFUSALS = {
    404: "Nothing at this address, or no kind of that name",
    405: "The method is not answered here; `Allow` lists those that are",
    413: "The query string or the body is too long",
    422: "What was asked for cannot be done: why, and the nearest value that works",
}
_BUSY = {
    503: {
        "model": ErrorDocument,
        "description": "Too much is being computed just now: `Retry-After` says when to ask again",
    }
}
NOT_READY = {503: {"model": ErrorDocument, "description": "Send no requests here now; `reasons` says why"}}
_NOT_HERE = {"model": ErrorDocument, "description": "This server cannot draw pictures: it says which extra it lacks"}
_NO_FIGURE = {"model": ErrorDocument, "description": "No figure of ours at that address, or one that cannot be"}
_NO_FORMAT = {"model": ErrorDocument, "description": "Another format than JSON"}
_KIND = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string", "enum": list(KINDS)}}


def constant(name: str, title: str, model: type[Document], tag: str = "kinds") -> Described:
    """A route without parameters."""
    return {
        "tags": [tag],
        "operation_id": f"get_{name}",
        "summary": title,
        "responses": _responses(model, conditional=tag == "kinds"),
    }


def by_query(question: Question, kind: Kind) -> Described:
    """The GET route of a kind."""
    return {
        **_titles("get", question, kind, ""),
        "responses": _responses(question.model, conditional=True) | _BUSY,
        "openapi_extra": {"parameters": query_parameters(question, kind)},
    }


def by_body(question: Question, kind: Kind) -> Described:
    """The POST route of a kind."""
    schema = {"type": "object", "additionalProperties": False, "properties": properties(question, kind)}
    return {
        **_titles("post", question, kind, ", parameters as a JSON object"),
        "responses": _responses(question.model, conditional=False) | _BUSY,
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    }


_TABLE = "A row a product: where it stands in input, kernel and output, and their values. Indices count from 0."


def table(kind: Kind, verb: str) -> Described:
    """The GET or the POST route of a kind's steps as CSV; parameters as for its trace."""
    asked = by_query(TRACES, kind) if verb == "get" else by_body(TRACES, kind)
    how = "" if verb == "get" else ", parameters as a JSON object"
    refusals = {status: answer for status, answer in asked["responses"].items() if status not in (200, 304)}
    served = {"description": _TABLE, "content": {"text/csv": {"schema": {"type": "string"}}}}
    return {
        "tags": ["steps"],
        "operation_id": f"{verb}_steps_{kind.slug.replace('-', '_')}",
        "summary": f"Steps as CSV: {kind.title}{how}",
        "description": kind.summary,
        # Of no type of its own, so that only the table is told, and refusals are JSON.
        "response_class": Response,
        "responses": {200: served, **refusals},
        "openapi_extra": asked["openapi_extra"],
    }


# What `POST /api/v1/read` takes.
READING: dict[str, Schema] = {
    "code": {
        "type": "string",
        "minLength": 1,
        "maxLength": MAX_CODE,
        "description": "Layers in PyTorch or Keras; parsed as syntax, never run.",
    },
    "input_size": {
        **Size(1, MAX_INPUT, (1, 16), 3).schema(),
        "default": DEFAULT_SIZE,
        "description": "Cells along each axis of what reaches the first layer, where the code does not say.",
    },
}


def reading() -> Described:
    """The POST route that reads code."""
    schema = {"type": "object", "additionalProperties": False, "required": ["code"], "properties": READING}
    return {
        "tags": ["read"],
        "operation_id": "post_read",
        "summary": "Layers read from code",
        "description": "Each layer with its facts at its real size and a figure to watch; what is not understood is "
        "pointed at. Code that is no Python is refused with line and column.",
        "responses": _responses(ReadDocument, conditional=False),
        "openapi_extra": {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}},
    }


def picture(form: str, media_type: str, parameters: dict[str, Schema]) -> Described:
    """A route of pictures; what the figure takes besides is described with the traces."""
    return {
        "tags": ["pictures"],
        "operation_id": f"get_picture_{form}",
        "summary": f"A figure at a step as {form.upper()}",
        "description": "Takes every parameter of the figure as well, as the trace of its kind does; without any, it is "
        "the figure that the page opens with.",
        "responses": {
            **_responses(None, conditional=True),
            200: {"description": "The picture", "content": {media_type: {"schema": {"type": "string"}}}},
            501: _NOT_HERE,
            **_BUSY,
        },
        "openapi_extra": {"parameters": [_KIND, *_described_in_query(parameters)]},
    }


def oembed(parameters: dict[str, Schema]) -> Described:
    """The route of oEmbed."""
    responses = _responses(OembedDocument, conditional=True)
    return {
        "tags": ["oembed"],
        "operation_id": "get_oembed",
        "summary": "How a figure is embedded: oEmbed 1.0",
        "description": "For the address of a page of ours: the frame to put into another page, and its picture.",
        "responses": {**responses, 404: _NO_FIGURE, 501: _NO_FORMAT},
        "openapi_extra": {"parameters": _described_in_query(parameters, required=("url",))},
    }


def _described_in_query(parameters: dict[str, Schema], required: Iterable[str] = ()) -> list[Schema]:
    return [
        {
            "name": name,
            "in": "query",
            "required": name in required,
            "description": schema["description"],
            "schema": {key: value for key, value in schema.items() if key != "description"},
        }
        for name, schema in parameters.items()
    ]


def query_parameters(question: Question, kind: Kind) -> list[Schema]:
    """One typed query parameter for each parameter of the kind."""
    return [_query_parameter(name, schema) for name, schema in properties(question, kind).items()]


def properties(question: Question, kind: Kind) -> dict[str, Schema]:
    """The parameters' schemas by name, without what only the page's controls read."""
    found: dict[str, Schema] = kind.schema()["properties"]
    return {
        name: {key: value for key, value in schema.items() if key != "x-control"}
        for name, schema in found.items()
        if question.steps or name not in PAGING
    }


def in_query(schema: Schema) -> Schema:
    """The schema of a parameter as a query string has it: lists are joined into text, and nothing is null.

    >>> in_query({"anyOf": [{"type": "integer"}, {"type": "array"}], "default": [3, 3]})
    {'default': '3x3', 'type': 'integer'}
    """
    form = {key: value for key, value in schema.items() if key not in ("anyOf", "default", "description")}
    if schema.get("default") is not None:
        form["default"] = _joined(schema["default"])
    options = [one for one in schema.get("anyOf", []) if one["type"] not in ("array", "null")]
    return form | ({"anyOf": options} if len(options) > 1 else options[0] if options else {})


def _query_parameter(name: str, schema: Schema) -> Schema:
    described = {"name": name, "in": "query", "required": False, "description": schema["description"]}
    return {**described, "schema": in_query(schema)}


def _joined(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return value[0] if len(value) == 1 else "x".join(map(str, value))


def _titles(verb: str, question: Question, kind: Kind, how: str) -> Described:
    return {
        "tags": [question.name],
        "operation_id": f"{verb}_{question.name}_{kind.slug.replace('-', '_')}",
        "summary": f"{question.title}: {kind.title}{how}",
        "description": kind.summary,
    }


def _responses(model: type[Document] | None, *, conditional: bool) -> dict[int | str, Described]:
    return {
        200: {**({"model": model} if model else {}), "description": "The document asked for"},
        **({304: _NOT_MODIFIED} if conditional else {}),
        **{status: {"model": ErrorDocument, "description": text} for status, text in _REFUSALS.items()},
    }
