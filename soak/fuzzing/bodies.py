"""Requests whose body holds what is hostile: JSON, code, and forms of frames."""

import json
from functools import lru_cache
from random import Random
from typing import Any

from compute.kinds import KINDS
from soak.fuzzing import codes, grammar
from soak.fuzzing.addresses import slug, span
from soak.fuzzing.asking import Ask
from soak.fuzzing.grammar import SLUGS, chance
from soak.fuzzing.oracle import CANARY
from tests.frames import png_frame, svg_frame

_QUESTIONS = ("traces",) * 5 + ("facts",) * 4 + ("code",) * 2 + ("steps",) * 2 + ("limits",)
_TYPE = (b"content-type", b"application/json")


def json_body(rng: Random) -> Ask:
    """Parameters of a kind as JSON, or nearly."""
    name = slug(rng)
    kind = KINDS.get(name, KINDS["layer"])
    given = {one: _typed(rng, text) for one, text in grammar.pairs(rng, kind)}
    return _sent(rng, f"/api/v1/{rng.choice(_QUESTIONS)}/{name if name in SLUGS else 'x'}", _written(rng, given))


def code(rng: Random) -> Ask:
    """Code to be read."""
    given: dict[str, Any] = {"code": codes.code(rng)}
    if chance(rng, 30):
        given["input_size"] = _typed(rng, grammar.size(rng) if chance(rng, 70) else grammar.text(rng))
    if chance(rng, 3):
        given[grammar.text(rng)] = anything(rng)
    return _sent(rng, "/api/v1/read", _written(rng, given, 3))


def offline(rng: Random) -> Ask:
    """Figures for a folder."""
    figures: Any = []
    for _ in range(rng.randint(0, 2)):
        name = slug(rng)
        inner = grammar.encoded(rng, grammar.pairs(rng, KINDS.get(name, KINDS["layer"]), 30)).decode("latin-1")
        live = f"&live=stride:{span(rng)}" if chance(rng, 30) else ""
        figures.append(rng.choice((f"/embed/{name}?{inner}{live}", f"/learn/{name}?{inner}", grammar.text(rng))))
    if chance(rng, 15):
        figures = anything(rng)
    return _sent(rng, "/api/v1/offline", _written(rng, {"figures": figures}, 10))


def upload(rng: Random) -> Ask:
    """A form of frames, as it should be, with something wrong in it, or mangled."""
    format = rng.choice(("gif", "webp", "zip", "zip", "gif", "mp4", "pdf", "pptx", "exe", "../gif"))
    boundary = rng.choice((b"x", b"----WebKitFormBoundary7MA4YWxkTrZu0gW", b"a" * 70))
    frames = rng.randint(1, 3)
    options: dict[str, Any] = {"width": _SIDES[0], "height": _SIDES[1], "frames": frames}
    for name in rng.sample(
        ("hold", "last_hold", "loop", "name", "title", "transparent", "link", "width", "frames", "x"), 2
    ):
        if chance(rng, 15):
            options[name] = rng.choice((rng.randint(0, 300), grammar.text(rng), True, f"https://{CANARY}.example/"))
    parts = [_part("options", b"application/json", _written(rng, options, 4))]
    parts += [_part(rng.choice(("frame",) * 19 + ("",)), *_frame(rng, format)) for _ in range(frames)]
    if chance(rng, 8):
        rng.shuffle(parts)
    body = b"".join(b"--" + boundary + b"\r\n" + part for part in parts) + b"--" + boundary + b"--\r\n"
    if chance(rng, 15):
        body = grammar.mangled(rng, body)
    media_type = b"multipart/form-data; boundary=" + boundary
    if chance(rng, 6):
        media_type = rng.choice(
            (grammar.mangled(rng, media_type), b"text/plain", b'multipart/form-data; boundary="', b"")
        )
    headers = [(b"content-type", media_type.translate(None, b"\r\n\0"))]
    if chance(rng, 96):
        headers.append((b"x-convoscope", b"export"))
    return Ask(
        method="POST",
        path=f"/api/v1/exports/{format}".encode(),
        headers=tuple(headers),
        body=_pieces(rng, body),
        leaves=chance(rng, 4),
    )


_SIDES = (64, 36)


@lru_cache(maxsize=32)
def _drawn(step: int, media_type: str) -> bytes:
    return png_frame(step, *_SIDES) if media_type == "image/png" else svg_frame(step, *_SIDES)


def _frame(rng: Random, format: str) -> tuple[bytes, bytes]:
    media_type = "image/svg+xml" if (format == "pdf") != chance(rng, 5) else "image/png"
    data = _drawn(rng.randint(0, 5), media_type)
    if chance(rng, 10):
        data = rng.choice((grammar.mangled(rng, data), b"", data[:50], _BOMB, _ENTITIES, _LINKING))
    return (media_type if chance(rng, 96) else "image/gif\x00x").encode(), data


# A PNG that says it has 2³¹−1 pixels a side, text that stands for more than fits, and a picture that asks elsewhere.
_BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00\x00\x00\x00\x00"
_ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b']><svg xmlns="http://www.w3.org/2000/svg"><text>&j;</text></svg>'
)
_LINKING = (
    b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    b'<image xlink:href="http://127.0.0.1:9/x.png" width="9" height="9"/><script>alert(1)</script></svg>'
)


def _part(name: str, media_type: bytes, data: bytes) -> bytes:
    head = b'Content-Disposition: form-data; name="' + name.encode() + b'"; filename="0"\r\nContent-Type: ' + media_type
    return head + b"\r\n\r\n" + data + b"\r\n"


def anything(rng: Random, depth: int = 0) -> Any:
    """Any JSON value, to no great depth."""
    simple: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 2**53, 10**30, 1e308, "", grammar.text(rng), [], {})
    if depth > 3 or chance(rng, 60):
        return rng.choice(simple)
    if chance(rng, 60):
        return [anything(rng, depth + 1) for _ in range(rng.randint(0, 4))]
    return {grammar.text(rng): anything(rng, depth + 1) for _ in range(rng.randint(0, 3))}


def _typed(rng: Random, text: str) -> Any:
    """A text as the JSON that it stands for, now and then as something else."""
    if chance(rng, 10):
        return anything(rng)
    if chance(rng, 30):
        return text
    if ";" in text and all(one in "0123456789,;|-." for one in text):
        return [[_number(cell) for cell in line.split(",")] for line in text.split("|")[0].split(";")]
    if "x" in text:
        return [_number(one) for one in text.split("x")]
    return _number(text)


def _number(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _written(rng: Random, given: dict[str, Any], hostile: float = 12) -> bytes:
    """JSON of it; in so many of a hundred cases something in the text is not as it should be."""
    body = json.dumps(given, ensure_ascii=chance(rng, 50)).encode("utf-8", "surrogatepass")
    if not chance(rng, hostile):
        return body
    if chance(rng, 40):
        return grammar.mangled(rng, body)
    at = rng.choice([n + 1 for n, byte in enumerate(body) if byte in b":,[{"] or [0])
    return body[:at] + rng.choice(_TOKENS) + body[at:]


_TOKENS = (
    *(
        b"NaN",
        b"-Infinity",
        b"1e999",
        b"-1e999",
        b"9" * 5000,
        b"0." + b"0" * 5000 + b"1",
        b"01",
        b"+1",
        b"1.",
        b".5",
        b"0x1",
    ),
    *(
        b"[" * 20,
        b"[" * 5000,
        b'{"a":' * 300,
        b"[" * 17 + b"1" + b"]" * 17,
        b"null,",
        b"[],",
        b'"',
        b'"\\',
        b'"\\ud800",',
    ),
    *(
        b'"\\u0000",',
        b'"a":1,"a":2,',
        b"/* */",
        b"// x\n",
        b"\xff",
        b"\xed\xa0\x80",
        b"\xef\xbb\xbf",
        b"\x00",
        b"'a',",
        b"undefined",
    ),
)


def _sent(rng: Random, path: str, body: bytes) -> Ask:
    headers = [_TYPE] if chance(rng, 95) else []
    if chance(rng, 5):
        lengths = (str(len(body)), "0", "-1", "9" * 30, "²", "1e3", "1048577", " 1", "")
        headers.append((b"content-length", rng.choice(lengths).encode()))
    query = b"" if chance(rng, 97) else rng.choice((b"stride=1", b"%ff", b"&&&", b"=", b"a"))
    pieces = _pieces(rng, body)
    return Ask(
        method="POST", path=path.encode(), query=query, headers=tuple(headers), body=pieces, leaves=chance(rng, 1)
    )


def _pieces(rng: Random, body: bytes) -> tuple[bytes, ...]:
    """The body at once, or as it may arrive."""
    if chance(rng, 70) or not body:
        return (body,)
    step = max(rng.choice((1, 7, 100, 1000)), len(body) // 50)
    return tuple(body[at : at + step] for at in range(0, len(body), step))
