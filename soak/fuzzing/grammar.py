"""Words, numbers and queries, from plausible to hostile, drawn from a seeded generator."""

from collections.abc import Callable, Iterable
from random import Random
from urllib.parse import quote, quote_plus

from compute.kinds import KINDS
from compute.kinds.base import PAGING, Kind
from soak.fuzzing.oracle import CANARY

Pairs = list[tuple[str, str]]

MARKUP = (
    f'<script>alert("{CANARY}")</script>',
    f'"><{CANARY} x=1>',
    f"'><img src=x onerror={CANARY}()>",
    f"</script><{CANARY}>",
    f"</title></style></textarea><{CANARY}>",
    f"javascript:{CANARY}()",
    f"//{CANARY}.example/x.js",
    f'" autofocus onfocus={CANARY} {CANARY}="',
    f"' onmouseover='{CANARY}",
    f"` {CANARY}=`",
    f"<!--<script>{CANARY}",
    f"--><{CANARY}>",
    f"]]><{CANARY}>",
    f"&lt;{CANARY}&gt;<{CANARY}>",
    f"<svg/onload={CANARY}()>",
    f"{{{CANARY}}}",
    "{0.__class__.__mro__}{}",
    "{{ 7 * 7 }}{% raw %}",
    f"${{{CANARY}}}",
    f"%({CANARY})s",
    f"x\r\nSet-Cookie: {CANARY}=1\r\n\r\n<{CANARY}>",
    f"x\nX-{CANARY}: 1",
    f"\u2028<{CANARY}>",
    f"+ADw-{CANARY}+AD4-",
    f"\\u003c{CANARY}\\u003e",
    f"\\<{CANARY}\\>",
)
ODD = (
    *(
        "",
        " ",
        "\x00",
        "\t",
        "\n",
        "\x7f",
        "\x1b[31m",
        "\ufeff3",
        "3\u200b",
        "\u202e3x5",
        "e\u0301",
        "\U0001f600",
        "\ufffe",
    ),
    *("²", "٣", "１２", "Ⅷ", "½", "－3", "3×3", "३", "∞", "𝟛", "ſ", "ı", "K"),
    *("NaN", "nan", "Infinity", "-inf", "1e999", "-1e999", "1e-999", "1e308", "0e0", "-0", "+1", "00", "01", "0x10"),
    *("1_000", "1e3", "1.0", "1.5", ".5", "5.", "1,5", "1e", "e1", "--1", "1-", "0b1", "1L", "1j", "true1"),
    *(
        "true",
        "false",
        "True",
        "null",
        "None",
        "undefined",
        "[]",
        "{}",
        "[[1]]",
        "same",
        "full",
        "valid",
        "auto",
        "all",
    ),
    *(
        "2147483648",
        "4294967296",
        "9007199254740993",
        "9223372036854775808",
        "-9223372036854775809",
        "18446744073709551616",
    ),
    *(
        "__proto__",
        "constructor",
        "toString",
        "__class__",
        "slug",
        "../../etc/passwd",
        "..\\..\\x",
        "%00",
        "%",
        "%zz",
        "&",
        "=",
    ),
    *(
        "x",
        "xx",
        "1x",
        "x1",
        "1x1x1x1x1",
        "1:2",
        ":",
        "1:2:3",
        ";",
        "|",
        "||",
        ",",
        ",,",
        "1,;2",
        "1||",
        "\\",
        "'",
        '"',
    ),
)
SLUGS = tuple(KINDS)
PROPERTIES = {slug: kind.schema()["properties"] for slug, kind in KINDS.items()}
# Names of the page and of other addresses, which a figure does not take.
FOREIGN = (
    "step",
    "theme",
    "speed",
    "loop",
    "lang",
    "kept",
    "live",
    "estimate",
    "width",
    "url",
    "left",
    "right",
    "slug",
)
_CHARACTERS = "0123456789xX:,;|.-+eE &=%#?/\\'\"<>()[]{}\x00\n\té卷\U0001f4a9"


def chance(rng: Random, of_hundred: float) -> bool:
    """Whether something comes about that does in so many of a hundred cases."""
    return rng.random() * 100 < of_hundred


def text(rng: Random) -> str:
    """A text that nobody means."""
    return rng.choice(_TEXTS)(rng)


def _letters(rng: Random) -> str:
    return "".join(rng.choices(_CHARACTERS, k=rng.randint(1, 30)))


def _unicode(rng: Random) -> str:
    points = (
        rng.choice((0x20, 0x300, 0x600, 0x2000, 0xFE00, 0x1F300, 0xE0000)) + rng.randrange(256)
        for _ in range(rng.randint(1, 12))
    )
    return "".join(map(chr, points))


def _long(rng: Random) -> str:
    unit = rng.choice(("9", "a", "1x", "1,", "1;", "<", "\\", "卷", "(", "-", ".", "1:", "%"))
    return unit * rng.choice((20, 50, 300, 1_000, 5_000))


_TEXTS: tuple[Callable[[Random], str], ...] = (
    *(lambda rng: rng.choice(MARKUP), lambda rng: rng.choice(MARKUP)),
    *(lambda rng: rng.choice(ODD), lambda rng: rng.choice(ODD), lambda rng: rng.choice(ODD)),
    *(_letters, _unicode, _long),
)


def number(rng: Random) -> str:
    """A whole number, mostly a small one."""
    if chance(rng, 94):
        return str(rng.choice((0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 8)))
    return str(rng.choice((-1, 10, 16, 31, 63, 64, 100, 255, 999, 1000, 1001, 10_000, 65_536, 10**6, 2**31, 10**18)))


def size(rng: Random) -> str:
    """Numbers along axes, as `stride` or `padding` take them."""
    axes = [
        number(rng) if chance(rng, 95) else f"{number(rng)}:{number(rng)}"
        for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 2, 3)))
    ]
    return rng.choice(("same", "full", "valid")) if chance(rng, 3) else "x".join(axes)


def values(rng: Random) -> str:
    """Cells of a tensor, rarely ragged."""
    rows, columns, slices = rng.randint(1, 6), rng.randint(1, 6), rng.choice((1, 1, 1, 2, 3))
    one = rng.choice(_CELLS)
    pieces = []
    for _ in range(slices):
        lines = [",".join(one(rng) for _ in range(columns + (chance(rng, 3)))) for _ in range(rows)]
        pieces.append(";".join(lines))
    return rng.choice(("|", "|", "||")).join(pieces)


_CELLS: tuple[Callable[[Random], str], ...] = (
    *(lambda rng: str(rng.randint(-9, 9)),) * 4,
    lambda rng: f"{rng.uniform(-9, 9):.3g}",
    lambda rng: rng.choice(("0", "1e300", "-1e-300", "1e308")),
)


def value(rng: Random, schema: dict[str, object]) -> str:
    """What a parameter of that schema may take, or nearly."""
    control = schema["x-control"]
    assert isinstance(control, dict)
    widget = control["widget"]
    if widget == "size":
        return size(rng)
    if widget in ("number", "seed"):
        return number(rng)
    if widget == "flag":
        return rng.choice(("true", "false") * 9 + ("1", "0", "yes", ""))
    if widget == "choice":
        return str(rng.choice(control["options"]))
    if widget == "values":
        names = control.get("names", ())
        return rng.choice(names) if names and chance(rng, 40) else values(rng)
    if widget == "layers":
        return ";".join(f"{number(rng)},{number(rng)},{number(rng)}" for _ in range(rng.randint(1, 5)))
    return rng.choice(("auto", "all")) if "enum" in schema else number(rng)


def pairs(rng: Random, kind: Kind, hostile: float = 20) -> Pairs:
    """Parameters of a kind: a preset or some fields of its own, and in so many of a hundred something that is none."""
    properties = PROPERTIES[kind.slug]
    found: Pairs = list(rng.choice(kind.presets).params.items()) if chance(rng, 30) else []
    # What chooses steps has a meaning in few places, and would have the rest refused in all others.
    names = sorted(properties if chance(rng, 15) else properties.keys() - PAGING)
    for name in rng.sample(names, min(rng.choice((0, 1, 1, 1, 2, 2, 3, 5)), len(names))):
        if all(name != one for one, _ in found):
            found.append((name, value(rng, properties[name])))
    if chance(rng, hostile):
        name = rng.choice(sorted(properties)) if chance(rng, 70) else rng.choice((*FOREIGN, text(rng)))
        found = [pair for pair in found if pair[0] != name] + [(name, text(rng))]
    if found and chance(rng, 3):
        found.append(rng.choice(found))
    rng.shuffle(found)
    return found


def encoded(rng: Random, given: Iterable[tuple[str, str]]) -> bytes:
    """Pairs as a query string, in one of the ways in which clients write them."""
    how = rng.choice(_WRITTEN)
    return "&".join(f"{how(name)}={how(one)}" for name, one in given).encode("utf-8", "surrogatepass")


def _every_byte(part: str) -> str:
    return "".join(f"%{byte:02x}" for byte in part.encode())


def _legible(part: str) -> str:
    return quote(part, safe="x,;|:/-")


_WRITTEN: tuple[Callable[[str], str], ...] = (quote, quote_plus, _legible, _every_byte)


def query(rng: Random, kind: Kind, hostile: float = 20) -> bytes:
    """A query string for a kind: valid, nearly, or of bytes that nobody encoded."""
    raw = encoded(rng, pairs(rng, kind, hostile))
    if chance(rng, 12):
        raw = mangled(rng, raw)
    return raw


def mangled(rng: Random, raw: bytes) -> bytes:
    """Bytes with something added, taken away, doubled or turned round."""
    for _ in range(rng.randint(1, 3)):
        at = rng.randint(0, len(raw))
        upto = min(len(raw), at + rng.randint(1, 8))
        raw = rng.choice(
            (
                raw[:at] + rng.randbytes(rng.randint(1, 6)) + raw[at:],
                raw[:at] + raw[upto:],
                raw[:at],
                raw[:at] + raw[at:upto] * 2 + raw[upto:],
                raw[:at]
                + rng.choice((b"%", b"%ff", b"%c3%28", b"%ed%a0%80", b"&", b"=", b";", b"%00", b"%25", b"#", b"?"))
                + raw[at:],
                raw + b"&" + raw[at:],
                raw[:at] + rng.choice((b"&a=1", b"1", b"x1", b"%2c1")) * rng.choice((30, 150, 12_000)) + raw[at:],
                raw[:at] + raw[at:upto].swapcase() + raw[upto:],
            )
        )
    return raw
