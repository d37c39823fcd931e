"""What every answer must be, whatever was asked: no fault of the server, in shape, with its headers, and unscripted."""

import gzip
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import brotli  # type: ignore[import-untyped]
import numpy as np
from pydantic import BaseModel, ValidationError

from app.documents import (
    CodeDocument,
    CurvesDocument,
    ErrorDocument,
    FactsAnswer,
    KindsDocument,
    LimitsDocument,
    OembedDocument,
    ReadDocument,
    TraceDocument,
)
from app.errors import CLIENT_LEFT, STATUS, UNPROCESSABLE
from soak.fuzzing.asking import Answer, Ask

# Stands in every payload that would be a tag, an attribute or a script where it came back as it is.
CANARY = "zqfuzz"
# Stands in every Host: no answer may speak of the server by what a client called it.
HOST = "zqhost"
CPU_LIMIT = 1.0  # seconds

# 5xx that say something of what was asked, or of the moment, and are in the table of errors.
_MEANT = {501, 503, 507}
_SECURITY = (
    b"content-security-policy",
    b"x-content-type-options",
    b"referrer-policy",
    b"permissions-policy",
    b"cross-origin-opener-policy",
    b"cross-origin-resource-policy",
)
_DOCUMENTS: dict[bytes, type[BaseModel]] = {
    b"/api/v1/traces/": TraceDocument,
    b"/api/v1/facts/": FactsAnswer,
    b"/api/v1/limits/": LimitsDocument,
    b"/api/v1/curves/": CurvesDocument,
    b"/api/v1/code/": CodeDocument,
    b"/api/v1/kinds": KindsDocument,
    b"/api/v1/read": ReadDocument,
    b"/oembed": OembedDocument,
}
# Longer documents agree with their schema as shorter ones do, and take a second to be looked through.
_LOOKED_THROUGH = 200_000
_CODE = re.compile(r"[a-z][a-z0-9_]*")
_OTHER_HOST = re.compile(rf"(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*{CANARY}")
_ADDRESSES = ("href", "src", "action", "formaction", "data", "poster")


def faults(request: Ask, answer: Answer, limit: float = CPU_LIMIT) -> list[str]:
    """What is wrong with an answer, in words; empty where all is well."""
    return [*_outcome(request, answer, limit), *_content(request, answer)]


def _outcome(request: Ask, answer: Answer, limit: float) -> Iterator[str]:
    if answer.error:
        yield f"exception: {answer.error}"
    if answer.cpu > limit:
        yield f"slow: {answer.cpu:.2f} s of CPU"
    if not answer.status:
        if not answer.error and not request.leaves:
            yield "no answer"
        return
    if not answer.whole and not request.leaves and not answer.error:
        yield "an answer without an end"
    if not 200 <= answer.status < 500 and answer.status not in _MEANT:
        yield f"status {answer.status}"
    names = {name.lower() for name, _ in answer.headers}
    for name in _SECURITY:
        if name not in names:
            yield f"no header {name.decode()}"
    for name, value in answer.headers:
        if any(byte in name + value for byte in b"\r\n\0"):
            yield f"a header that breaks its line: {name!r}: {value!r}"


def _content(request: Ask, answer: Answer) -> Iterator[str]:
    if answer.status == CLIENT_LEFT or not answer.status:
        return
    if request.method == "HEAD" or answer.status == 304:
        if answer.body:
            yield "a body where there is none"
        return
    try:
        body = decoded(answer)
    except (OSError, EOFError, brotli.error) as error:
        yield f"a body that is not in its encoding: {error}"
        return
    declared = answer.header(b"content-length")
    if declared and declared != str(len(answer.body)) and answer.whole:
        yield f"Content-Length {declared} for {len(answer.body)} bytes"
    if HOST.encode() in body or HOST in str(answer.headers):
        yield "the Host header comes back"
    media_type = answer.header(b"content-type").partition(";")[0]
    if media_type == "application/json":
        yield from _json(request, answer.status, body)
    elif answer.status >= 400 and media_type != "text/html":
        yield f"an error as «{media_type}»"
    if media_type in ("text/html", "image/svg+xml"):
        yield from markup(body.decode("utf-8", "replace"))


def decoded(answer: Answer) -> bytes:
    """The body without its encoding."""
    encoding = answer.header(b"content-encoding")
    if encoding == "br":
        return bytes(brotli.decompress(answer.body))
    return gzip.decompress(answer.body) if encoding == "gzip" else answer.body


def _json(request: Ask, status: int, body: bytes) -> Iterator[str]:
    try:
        document = json.loads(body, parse_constant=_no_constant)
    except ValueError as error:
        yield f"no JSON: {error}"
        return
    try:
        if status >= 400:
            yield from _refusal(status, ErrorDocument.model_validate(document))
        elif status == 200 and len(body) < _LOOKED_THROUGH:
            model = next((one for start, one in _DOCUMENTS.items() if request.path.startswith(start)), None)
            if model is not None:
                model.model_validate(document)
                yield from _shapes(document)
    except ValidationError as error:
        yield f"against the schema: {str(error)[:300]}"
    if request.path.startswith(b"/oembed") and status == 200:
        yield from markup(document["html"])


def _shapes(document: Any) -> Iterator[str]:
    """Tensors whose values nest otherwise than their shape says."""
    for name, tensor in document.get("tensors", {}).items():
        values = tensor.get("values")
        if values is not None and list(np.shape(values)) != tensor["shape"]:
            yield f"tensor {name} of shape {tensor['shape']} holds {list(np.shape(values))}"


def _refusal(status: int, document: ErrorDocument) -> Iterator[str]:
    code = document.error.code
    if STATUS.get(code, UNPROCESSABLE) != status:
        yield f"«{code}» with status {status}"
    if not _CODE.fullmatch(code) or not document.error.message:
        yield f"an error without a word: {code!r}"


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def markup(text: str) -> list[str]:
    """What of a hostile input came back as markup, script or address."""
    if CANARY not in text.lower():
        return []
    looking = _Looking()
    looking.feed(text)
    looking.close()
    return looking.found


class _Looking(HTMLParser):
    """Finds canaries where only our own words stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.scripts = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if CANARY in tag:
            self.found.append(f"unescaped: <{tag}>")
        self.scripts = tag in ("script", "style") and given.get("type") != "application/json"
        for name, value in attrs:
            said = (value or "").strip().lower()
            if CANARY in name or (CANARY in said and name.startswith("on")):
                self.found.append(f"unescaped: {name}={value!r} of <{tag}>")
            if name in _ADDRESSES and CANARY in said and _leads_away(said):
                self.found.append(f"an address of the reader's own: {name}={value!r} of <{tag}>")

    def handle_data(self, data: str) -> None:
        if self.scripts and CANARY in data.lower():
            self.found.append(f"in a script: {data[:80]!r}")

    def handle_endtag(self, tag: str) -> None:
        self.scripts = False

    def handle_comment(self, data: str) -> None:
        if CANARY in data:
            self.found.append(f"in a comment: {data[:80]!r}")


def _leads_away(address: str) -> bool:
    # As browsers read it: without white space, and a backslash is a slash.
    plain = re.sub(r"[\x00-\x20]", "", address).replace("\\", "/")
    return plain.startswith(("javascript:", "data:", "vbscript:")) or bool(_OTHER_HOST.match(plain))
