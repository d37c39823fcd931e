"""Requests whose address holds what is hostile: API, pages, pictures, oEmbed, offline files, paths, headers."""

from random import Random
from urllib.parse import quote

from app import embed
from app.shown import OF_THE_PAGE
from compute.kinds import KINDS
from soak.fuzzing import grammar
from soak.fuzzing.asking import Ask, Headers
from soak.fuzzing.grammar import SLUGS, chance
from soak.fuzzing.oracle import CANARY, HOST

# The dearer ones less often: limits try every value of every slider.
_QUESTIONS = ("traces",) * 8 + ("facts",) * 6 + ("code",) * 3 + ("steps",) * 3 + ("limits", "curves")
_PAGES = ("/learn/",) * 4 + ("/embed/",) * 4
_OF_PAGES = {
    "step": ("0", "1", "3", "2", "99", "-1", "1e3"),
    "theme": ("light", "dark", "projector", "transparent"),
    "speed": ("0.5", "1", "8", "max", "0"),
    "loop": ("true", "false", "2"),
    "lang": ("en", "zh", "zh", "fr", "../en", "en\x00"),
    "stage": ("all", "all", "conv"),
    "predict": ("true", "false"),
    "kept": ("abc", "1"),
    "autoplay": ("true", "false"),
    "controls": ("none", "all", "transport"),
    "panels": ("input", "input,output", ","),
    "fit": ("contain", "width"),
    "start": ("0", "2"),
    "end": ("1", "9"),
    "transparent": ("true",),
    "width": ("160", "320", "2400", "1", "2401"),
}
_WORDS = (
    "br",
    "gzip",
    "identity",
    "*",
    "deflate",
    "zstd",
    "en",
    "zh-CN",
    "fr",
    "*/*",
    "text/html",
    "bytes=0-1",
    'W/"1"',
)


def slug(rng: Random) -> str:
    """A kind's name, rarely one of none."""
    if chance(rng, 97):
        return rng.choice(SLUGS)
    return rng.choice((rng.choice(SLUGS) + "s", rng.choice(SLUGS).upper(), "x", grammar.text(rng)))


def of_kind(rng: Random) -> Ask:
    """A question about a kind."""
    name = slug(rng)
    kind = KINDS.get(name, KINDS["layer"])
    path = f"/api/v1/{rng.choice(_QUESTIONS)}/{quote(name)}".encode()
    return Ask(path=path, query=grammar.query(rng, kind), headers=_usual(rng))


def large(rng: Random) -> Ask:
    """A figure about as large as one answer may hold, and mostly of no fault."""
    name = rng.choice(SLUGS)
    sizes: dict[str, tuple[int, ...]] = {
        "input_size": (20, 40, 64, 100, 200, 500),
        "kernel_size": (1, 2, 3, 5, 7, 11, 31),
        "in_channels": (2, 3, 8, 64),
        "out_channels": (2, 8, 64),
        "stride": (1, 2, 3),
    }
    asked = [one for one in sizes if one in grammar.PROPERTIES[name] and (one == "input_size" or chance(rng, 40))]
    query = grammar.encoded(rng, [(one, str(rng.choice(sizes[one]))) for one in asked])
    place = rng.choice(("/api/v1/traces/{}", "/api/v1/steps/{}", "/api/v1/limits/{}", "/api/v1/curves/{}", "/learn/{}"))
    place = place if chance(rng, 80) else rng.choice(("/embed/{}", "/embed/{}/picture.png", "/embed/{}/picture.svg"))
    return Ask(path=place.format(name).encode(), query=query, headers=_usual(rng))


def page(rng: Random) -> Ask:
    """A page; what it says of its query is HTML."""
    if chance(rng, 12):
        return Ask(path=b"/compare", query=_sides(rng), headers=_usual(rng))
    if chance(rng, 4):
        return Ask(path=rng.choice((b"/", b"/docs", b"/docs/embed")), query=_of_page(rng), headers=_usual(rng))
    name = slug(rng)
    place = rng.choice(_PAGES)
    query = grammar.query(rng, KINDS.get(name, KINDS["layer"]), 25)
    if chance(rng, 60):
        known = OF_THE_PAGE if place == "/learn/" else embed.PARAMETERS
        query = b"&".join(filter(None, (query, _of_page(rng, known if chance(rng, 90) else tuple(_OF_PAGES)))))
    return Ask(path=f"{place}{quote(name)}".encode(), query=query, headers=_usual(rng))


def picture(rng: Random) -> Ask:
    """A picture, which is drawn by scripts in an engine of their own."""
    name = slug(rng)
    query = grammar.query(rng, KINDS.get(name, KINDS["layer"]), 20)
    if chance(rng, 70):
        query = b"&".join(filter(None, (query, _of_page(rng, ("step", "theme", "stage", "lang", "width")))))
    return Ask(path=f"/embed/{quote(name)}/picture.{rng.choice(('svg', 'svg', 'png'))}".encode(), query=query)


def oembed(rng: Random) -> Ask:
    """The address of a figure inside an address."""
    name = slug(rng)
    inner = f"{rng.choice(_HOSTS)}{rng.choice(_PAGES)}{quote(name)}"
    if chance(rng, 70):
        inner += "?" + grammar.query(rng, KINDS.get(name, KINDS["layer"])).decode("latin-1")
    if chance(rng, 15):
        inner = rng.choice((grammar.text(rng), inner + grammar.text(rng), f"http://[{inner}", inner.upper()))
    given = [("url", inner)]
    asked = [name for name in ("maxwidth", "maxheight", "format") if chance(rng, 12)]
    given += [(name, rng.choice((grammar.number(rng), "320", "json", "xml", grammar.text(rng)))) for name in asked]
    if chance(rng, 5):
        given.append((grammar.text(rng), "1"))
    query = grammar.encoded(rng, given)
    return Ask(path=b"/oembed", query=grammar.mangled(rng, query) if chance(rng, 10) else query)


_HOSTS = (
    *("",) * 9,
    "http://127.0.0.1:8000",
    f"http://{CANARY}.example",
    f"//{CANARY}.example",
    f"http://a@{CANARY}",
    "javascript:",
)


def offline(rng: Random) -> Ask:
    """A figure to be taken along, with ranges of its parameters."""
    name = slug(rng)
    kind = KINDS.get(name, KINDS["layer"])
    live = [f"{rng.choice(sorted(grammar.PROPERTIES[kind.slug]))}:{span(rng)}" for _ in range(rng.randint(0, 2))]
    if chance(rng, 20):
        live.append(grammar.text(rng))
    given = [*grammar.pairs(rng, kind, 20), ("live", ",".join(live))]
    if chance(rng, 30):
        given.append(("estimate", rng.choice(("true", "1", "maybe"))))
    return Ask(path=f"/api/v1/offline/{quote(name)}".encode(), query=grammar.encoded(rng, given), headers=_usual(rng))


def span(rng: Random) -> str:
    """A range of values, mostly a short one."""
    first = rng.randint(0, 3)
    return rng.choice(
        (f"{first}-{first + rng.randint(0, 2)}", "true|false", "max|average", "1-999999999", "5-1", "1", "-")
    )


def path(rng: Random) -> Ask:
    """An address that nobody means, by a method that may be none."""
    known = rng.choice(_PATHS)
    hostile = rng.choice((grammar.text(rng), "../" * rng.randint(1, 6), "%2e%2e/", "//", "\\", ";x=1", "%00", "."))
    at = rng.randint(0, len(known))
    raw = rng.choice(
        (known, known + hostile, known[:at] + hostile + known[at:], "/" + hostile, f"/static/{hostile}/js/main.js")
    )
    coded = quote(raw, safe="/%;.\\") if chance(rng, 80) else raw
    method = (
        "GET"
        if chance(rng, 60)
        else rng.choice(
            ("HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "BREW", "get", "X" * 300)
        )
    )
    sent = coded.encode("utf-8", "replace")
    return Ask(method=method, path=sent, query=b"" if chance(rng, 60) else _of_page(rng), headers=_usual(rng))


_PATHS = (
    *("/", "/docs", "/docs/embed", "/compare", "/healthz", "/readyz", "/oembed", "/favicon.ico", "/robots.txt"),
    *(
        "/api/v1/kinds",
        "/api/v1/openapi.json",
        "/api/v1/read",
        "/api/v1/exports",
        "/api/v1/exports/gif",
        "/api/v1/offline",
    ),
    *(
        "/learn/dilated",
        "/embed/dilated",
        "/embed/dilated/picture.svg",
        "/api/v1/traces/layer",
        "/api/v1/steps/pooling",
    ),
    *(
        "/static/x/js/main.js",
        "/static/js/main.js",
        "/static/",
        "/static/../app/main.py",
        "/metrics",
        "/admin",
        "/.git/config",
    ),
)


def headers(rng: Random) -> Ask:
    """An ordinary address under headers that are none."""
    name = rng.choice(SLUGS)
    place = rng.choice(
        (
            f"/api/v1/traces/{name}",
            f"/api/v1/facts/{name}",
            f"/api/v1/traces/{name}",
            "/healthz",
            "/api/v1/kinds",
            "/nowhere",
        )
    )
    if chance(rng, 5):
        place = rng.choice((f"/learn/{name}", f"/embed/{name}", "/"))
    given = tuple(_header(rng) for _ in range(rng.randint(1, 6)))
    if chance(rng, 3):
        given *= rng.choice((20, 60))
    query = grammar.encoded(rng, KINDS[name].presets[0].params.items()) if "/v1/t" in place or "/v1/f" in place else b""
    return Ask(method=rng.choice(("GET", "GET", "HEAD")), path=place.encode(), query=query, headers=given)


_NAMES = (
    *(b"accept-encoding",) * 4,
    *(b"accept-language",) * 4,
    *(b"if-none-match",) * 4,
    *(
        b"host",
        b"range",
        b"cookie",
        b"accept",
        b"origin",
        b"referer",
        b"user-agent",
        b"content-length",
        b"content-type",
    ),
    *(
        b"x-forwarded-host",
        b"x-forwarded-for",
        b"x-forwarded-proto",
        b"forwarded",
        b"x-original-url",
        b"x-http-method-override",
    ),
    *(
        b"if-modified-since",
        b"if-range",
        b"if-match",
        b"expect",
        b"upgrade",
        b"connection",
        b"te",
        b"x-request-id",
        b"traceparent",
    ),
    *(b"sec-fetch-site", b"x-convoscope", b"authorization", b"prefer", b"cache-control", b"transfer-encoding"),
)


def _header(rng: Random) -> tuple[bytes, bytes]:
    name = rng.choice(_NAMES)
    if name in (b"host", b"x-forwarded-host", b"forwarded", b"x-original-url", b"origin", b"referer"):
        return name, rng.choice(
            (f"{HOST}.example", f"http://{HOST}.example/<{HOST}>", f"{HOST}:99999", f'"{HOST}', f"host={HOST}")
        ).encode()
    words = [rng.choice(_WORDS) for _ in range(rng.randint(1, 4))]
    weighed = [
        f"{one};q={rng.choice(('0', '1', '0.5', '1.001', '-1', 'x', 'nan', '1e9', '', '0.' + '0' * 99))}"
        for one in words
    ]
    value = rng.choice((", ".join(words), ",".join(weighed), grammar.text(rng), "," * 999, ";q=" * 99, '"' * 99, "*"))
    # A server takes no line ends into a header, and passes most other bytes on.
    return name, value.encode("utf-8", "replace").translate(None, b"\r\n\0")[:8000]


def _usual(rng: Random) -> Headers:
    """What a browser sends, in one of its forms."""
    return rng.choice(_BROWSERS)


_BROWSERS: tuple[Headers, ...] = (
    (),
    ((b"accept-encoding", b"gzip, deflate, br"), (b"accept-language", b"en-GB,en;q=0.9")),
    ((b"accept-encoding", b"gzip"), (b"accept-language", b"zh-CN,zh;q=0.9"), (b"host", HOST.encode())),
)


def _of_page(rng: Random, names: tuple[str, ...] = tuple(_OF_PAGES)) -> bytes:
    chosen = rng.sample(names, min(rng.randint(1, 3), len(names)))
    return grammar.encoded(
        rng, [(name, grammar.text(rng) if chance(rng, 12) else rng.choice(_OF_PAGES[name])) for name in chosen]
    )


def _sides(rng: Random) -> bytes:
    found = []
    for side in ("left", "right"):
        name = slug(rng)
        inner = grammar.query(rng, KINDS.get(name, KINDS["layer"]), 30).decode("latin-1")
        found.append((side, f"{name}?{inner}" if chance(rng, 85) else grammar.text(rng)))
    return grammar.encoded(rng, found[: rng.choice((1, 2, 2, 2))])
