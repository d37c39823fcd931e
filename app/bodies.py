"""JSON bodies, read strictly: bounded, one object, each key once, nothing nested past sense."""

import json
import re
from typing import Any

from starlette.requests import Request

from compute.errors import ConvError

MAX_DEPTH = 16
# Longer whole numbers are read as floats: exact or not, they are out of every range, and Python refuses to turn
# thousands of digits into an integer.
_MAX_DIGITS = 18
_BRACKET_OR_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]')


async def read(request: Request, limit: int) -> bytes:
    """The body's bytes; refused as soon as it is known to be longer than `limit`."""
    if declared_length(request) > limit:
        raise too_large(limit)
    chunks: list[bytes] = []
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise too_large(limit)
        chunks.append(chunk)
    return b"".join(chunks)


def declared_length(request: Request) -> int:
    """The bytes that `Content-Length` announces; 0 where it says none, or is no number."""
    declared = request.headers.get("content-length", "")
    # «²» is a digit to Python, and no number.
    return int(declared[:20]) if declared.isascii() and declared.isdigit() else 0


def parse(body: bytes) -> dict[str, Any]:
    """The parameters of a JSON body.

    NaN, Infinity and 1e999 pass as floats: whoever knows the parameter's meaning refuses them by its name.

    >>> parse(b'{"stride": [2, 1]}')
    {'stride': [2, 1]}
    """
    text = _text(body)
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_int=_integer)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise _malformed(str(error)) from None
    # Only now: on well-formed JSON the pattern takes time in proportion to the text.
    if _depth(text) > MAX_DEPTH:
        raise _too_deep()
    if not isinstance(value, dict):
        raise ConvError(
            "not_an_object",
            "",
            f"The body is {_NAMES[type(value)]}, not an object.",
            'Send the parameters by name: {"stride": 2}.',
        )
    _refuse_half_characters(text, value)
    return value


_NAMES = {
    list: "an array",
    str: "a string",
    int: "a number",
    float: "a number",
    bool: "a boolean",
    type(None): "null",
}


def _text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _malformed(f"byte {error.start} is not UTF-8") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            break
        seen.add(name)
    raise ConvError("duplicate_key", name, f"The key «{name}» stands in one object more than once.", "Give it once.")


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MAX_DIGITS else float(digits)


def _depth(text: str) -> int:
    depth = deepest = 0
    for match in _BRACKET_OR_STRING.finditer(text):
        first = text[match.start()]
        if first in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif first != '"':
            depth -= 1
    return deepest


def _refuse_half_characters(text: str, value: dict[str, Any]) -> None:
    r"""Refuse a lone surrogate such as "\ud800": no answer could repeat it in UTF-8."""
    if "\\u" not in text:
        return
    try:
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        raise _malformed("an escape names half a character") from None


def _malformed(reason: str) -> ConvError:
    return ConvError("malformed_json", "", f"The body is not JSON: {reason}.", "Send one JSON object in UTF-8.")


def _too_deep() -> ConvError:
    return ConvError(
        "malformed_json",
        "",
        f"The body is nested more than {MAX_DEPTH} deep.",
        "Values nest as their tensor has axes, five at most.",
        limit=MAX_DEPTH,
    )


def too_large(limit: int) -> ConvError:
    """The body is longer than is read."""
    return ConvError(
        "body_too_large", "", f"The body is larger than {limit:,} bytes.", "Send fewer values.", limit=limit
    )
