"""What OpenAPI says of exports."""

from typing import Annotated, Any

from pydantic import Field
from starlette.responses import Response

from app.documents import Document, ErrorDocument
from app.exports import options
from app.exports.formats import FORMATS
from app.exports.upload import FRAME, OPTIONS

_TAG = "exports"
_REFUSALS = {
    403: "Asked for by a page of another site, or without the header that shows it is not",
    404: "There is no such format; those there are",
    405: "The method is not answered here; `Allow` lists those that are",
    413: "Too many frames, pixels or bytes",
    422: "The options or a frame are not what they must be, or the file took too long",
    501: "The libraries that make it are not installed; how to install them",
    503: "As many files are being made as may be at once; `Retry-After` says when to try again",
    507: "There is no room to make the file",
}


class FormatDocument(Document):
    """A format of file that frames can become."""

    format: str
    available: Annotated[bool, Field(description="whether the libraries that make it are installed")]
    takes: Annotated[list[str], Field(description="media types of the frames it is made of")]
    media_type: str
    extension: str
    extra: Annotated[str, Field(description="the extra of the package that installs what is missing")]


class LimitsOfExports(Document):
    """What one export may ask for."""

    frames: int
    pixels: Annotated[int, Field(description="of one frame")]
    bytes: Annotated[int, Field(description="of all frames as they are sent, and of the file")]
    seconds: Annotated[int, Field(description="from the first byte sent to the file")]


class FormatsDocument(Document):
    """What files can be made here."""

    formats: list[FormatDocument]
    limits: LimitsOfExports


def formats() -> dict[str, Any]:
    """The route that lists them."""
    refused = {status: {"model": ErrorDocument, "description": _REFUSALS[status]} for status in (405, 413, 422)}
    return {
        "tags": [_TAG],
        "operation_id": "get_exports",
        "summary": "The files that frames can become",
        "responses": {200: {"model": FormatsDocument, "description": "The formats and the limits"}, **refused},
    }


def export(header: str, value: str) -> dict[str, Any]:
    """The route that makes one."""
    binary = {"type": "string", "format": "binary"}
    files = {one.media_type: {"schema": binary} for one in FORMATS.values()}
    form = {
        "type": "object",
        "required": [OPTIONS, FRAME],
        "additionalProperties": False,
        "properties": {OPTIONS: options.schema(), FRAME: {"type": "array", "minItems": 1, "items": binary}},
    }
    takes = ", ".join(sorted({taken for one in FORMATS.values() for taken in one.takes}))
    encoding = {OPTIONS: {"contentType": "application/json"}, FRAME: {"contentType": takes}}
    return {
        "tags": [_TAG],
        "operation_id": "post_exports",
        "summary": "Frames made a file of",
        "description": "A form: first the options, then the frames in their order. They are encoded while they "
        "arrive; the file is the answer, and is not kept.",
        "response_class": Response,
        "responses": {
            200: {"description": "The file, as an attachment", "content": files},
            **{status: {"model": ErrorDocument, "description": text} for status, text in _REFUSALS.items()},
        },
        "openapi_extra": {
            "parameters": [
                {
                    "name": "format",
                    "in": "path",
                    "required": True,
                    "schema": {"type": "string", "enum": list(FORMATS)},
                },
                {
                    "name": header,
                    "in": "header",
                    "required": True,
                    "description": "Keeps pages of other sites from having files made by a reader's browser.",
                    "schema": {"type": "string", "enum": [value]},
                },
            ],
            "requestBody": {
                "required": True,
                "content": {"multipart/form-data": {"schema": form, "encoding": encoding}},
            },
        },
    }
