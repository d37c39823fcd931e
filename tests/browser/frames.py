"""Pages of another site that frame figures: served from another origin, listening to what the figures tell."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HEAD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Another site</title></head>
<body style="margin:0">
<script>
  window.heard = [];
  addEventListener("message", (event) => {
    const frames = [...document.querySelectorAll("iframe")];
    const from = frames.findIndex(({contentWindow}) => contentWindow === event.source);
    const data = typeof event.data === "string" ? JSON.parse(event.data) : event.data;
    heard.push({from, data, origin: event.origin});
  });
  window.tell = (message, n = 0) => document.querySelectorAll("iframe")[n].contentWindow.postMessage(message, "*");
  window.told = (event) => heard.map(({data}) => data.convoscope).filter((one) => one && one.event === event);
  window.player = (event) => heard.map(({data}) => data)
    .filter((one) => one.context === "player.js" && one.event === event);
</script>
"""


class OtherSite:
    """A site whose pages are what a test says."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, str] = {}

    def page(self, body: str, name: str = "deck") -> str:
        """The address of a page with this body."""
        self.pages[f"/{name}"] = HEAD + body
        return f"{self.url}/{name}"


@contextlib.contextmanager
def other_site() -> Iterator[OtherSite]:
    """Another origin on this machine, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = site.pages.get(self.path.partition("?")[0], "").encode()
            self.send_response(200 if body else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site = OtherSite(server.server_port)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
