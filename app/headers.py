"""Request headers as they arrive, and the weak entity tags that they are compared with."""

from collections.abc import Iterable
from hashlib import sha256

RawHeaders = Iterable[tuple[bytes, bytes]]

# A trace is a pure function of its URL for one release of the software; the next may correct a preset or add a key.
# So an answer is fresh for a day, may be shown for a week while it is asked for again, and is revalidated by its
# ETag: `immutable` would keep a mistake of ours in browsers for ever.
CACHE_CONTROL = "public, max-age=86400, stale-while-revalidate=604800"


def joined(headers: RawHeaders, name: bytes) -> str | None:
    """A header's value, its repetitions joined by commas (RFC 9110, 5.3); None where it is absent.

    >>> joined([(b"accept-encoding", b"br"), (b"accept-encoding", b"gzip")], b"accept-encoding")
    'br, gzip'
    """
    found = [value for key, value in headers if key == name]
    return b", ".join(found).decode("latin-1") if found else None


def weak_etag(body: bytes) -> str:
    """A tag of the content before compression, hence weak: every encoding of an answer shares it."""
    # Processors hash this way themselves: no other takes half as long.
    return f'W/"{sha256(body).hexdigest()[:24]}"'


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether an `If-None-Match` header names this tag, compared weakly (RFC 9110, 13.1.2).

    >>> matches('"a", W/"b"', 'W/"b"'), matches("*", 'W/"b"'), matches('"c"', 'W/"b"'), matches(None, 'W/"b"')
    (True, True, False, False)
    """
    if if_none_match is None:
        return False
    if if_none_match.strip() == "*":
        return True
    return _opaque(etag) in {_opaque(one) for one in if_none_match.split(",")}


def _opaque(tag: str) -> str:
    return tag.strip().removeprefix("W/")
