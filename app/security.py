"""Security headers: what a browser may do with an answer."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = tuple[tuple[bytes, bytes], ...]


def content_security_policy(ancestors: str = "'self'") -> str:
    """What a page may load, and who may frame it."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            # Plotly styles its figures through style attributes and a sheet of its own.
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            # Figures of this site alone, on the page that shows how to frame them.
            "frame-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        )
    )


# An answer for programs is no page: should a browser show it as one, it may do nothing.
_OF_DATA = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _headers(policy: str, resource_policy: bytes = b"same-origin", more: Headers = ()) -> Headers:
    return (
        (b"content-security-policy", policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", resource_policy),
        *more,
    )


_ELSEWHERE = _headers(content_security_policy())
# Figures are public and no answer depends on who asks (there are no cookies), so any page may read the API's GET
# answers. POST with JSON from another origin would need a preflight, which is not answered: nothing there that a
# GET could not ask for, or a server of one's own. Exports take a form, which needs no preflight, and make the server
# work: they want a header that does (`x-convoscope`), so that no page elsewhere has files made here by the browsers of
# its readers.
_READABLE = _headers(
    _OF_DATA,
    resource_policy=b"cross-origin",
    more=((b"access-control-allow-origin", b"*"), (b"access-control-expose-headers", b"ETag")),
)
_PLACES = {
    "/api/": _READABLE,
    "/oembed": _READABLE,
    # An embedded figure may stand on any page: it knows nothing of its reader, and has nothing worth a stolen click.
    "/embed/": _headers(content_security_policy("*"), resource_policy=b"cross-origin"),
}


def headers_of(path: str) -> Headers:
    """What is added to the answers of an address."""
    return next((headers for start, headers in _PLACES.items() if path.startswith(start)), _ELSEWHERE)


class SecurityHeaders:
    """Adds the headers of its place to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        added = headers_of(scope["path"])

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await self.app(scope, receive, send_with_headers)
