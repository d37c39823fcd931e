"""Query strings, read strictly: UTF-8, each name once, of bounded length."""

import re
from urllib.parse import unquote_to_bytes

from compute.errors import ConvError
from compute.kinds.params import LONGEST_KEPT

MAX_FIELDS = 100


def check_length(raw: bytes, limit: int) -> None:
    """Refuse a query string longer than `limit` bytes."""
    if len(raw) > limit:
        raise ConvError(
            "query_too_long",
            "",
            f"The query string has {len(raw):,} bytes; {limit:,} are read.",
            "Send long values as a JSON body with POST.",
            length=len(raw),
            limit=limit,
        )


def parse(raw: bytes) -> dict[str, str]:
    """The parameters of a query string, or the error that says which of them cannot be read.

    >>> parse(b"kernel_size=3x5&input=1,%202")
    {'kernel_size': '3x5', 'input': '1, 2'}
    """
    fields = [field for field in raw.split(b"&") if field]
    if len(fields) > MAX_FIELDS:
        raise ConvError(
            "malformed_query",
            "",
            f"The query string has {len(fields)} fields; {MAX_FIELDS} are read.",
            "Name each parameter once.",
            count=len(fields),
            limit=MAX_FIELDS,
        )
    pairs: dict[str, str] = {}
    for field in fields:
        name, _, value = field.partition(b"=")
        key = _decode(name, "")
        if key in pairs:
            raise _repeated(key)
        pairs[key] = _decode(value, key)
    return pairs


def without_seed(raw: bytes) -> tuple[bytes, int | None]:
    """A query string without its seed, and the seed; as it is and None where that takes a closer look.

    >>> without_seed(b"stride=2&seed=7"), without_seed(b"seed=7&seed=8")
    ((b'stride=2', 7), (b'seed=7&seed=8', None))
    """
    found = _SEED.search(raw)
    if found is None or len(raw) > LONGEST_KEPT or b"%" in raw or raw.count(b"seed") > 1:
        return raw, None
    return raw[: found.start()] + raw[found.end() :], int(found[1])


_SEED = re.compile(rb"(?:^|&)seed=([0-9]{1,9})(?=&|$)")


def typed(raw: bytes) -> dict[str, str]:
    """The same for showing what was typed: the first of each name, whatever is wrong with it."""
    pairs: dict[str, str] = {}
    for field in raw.split(b"&", MAX_FIELDS)[:MAX_FIELDS]:
        name, _, value = field.partition(b"=")
        if name:
            pairs.setdefault(_unquote(name).decode(errors="replace"), _unquote(value).decode(errors="replace"))
    return pairs


def read(raw: bytes, limit: int) -> dict[str, str]:
    """The parameters of a query string of at most `limit` bytes."""
    check_length(raw, limit)
    return parse(raw)


def refuse_all(raw: bytes, limit: int) -> None:
    """For addresses that take no parameters: refuse the first by name, as everywhere."""
    for name in read(raw, limit):
        raise ConvError("unknown_parameter", name, f"There is no parameter «{name}» here.", "Leave it out.", given=name)


def _unquote(part: bytes) -> bytes:
    return unquote_to_bytes(part.replace(b"+", b" "))


def _decode(part: bytes, field: str) -> str:
    # Plain ASCII without escapes is nearly every field, and the cheap case.
    if part.isalnum():
        return part.decode("ascii")
    try:
        return _unquote(part).decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConvError(
            "malformed_query",
            field,
            "The query string is not UTF-8.",
            "Percent-encode text as UTF-8.",
            position=error.start,
        ) from None


def _repeated(name: str) -> ConvError:
    return ConvError(
        "repeated_parameter",
        name,
        f"«{name}» stands in the query string more than once.",
        "Give it once; join numbers of several axes by x, as in 3x5.",
    )
