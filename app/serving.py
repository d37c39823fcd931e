"""The server: announces where it listens, and ends in order: it drains, finishes what it serves, and leaves with 0."""

import signal
import threading
import time
import webbrowser
from collections.abc import Callable
from ipaddress import ip_address
from socket import socket
from types import FrameType

import uvicorn

from app.life import Life
from app.logs import EVENTS


class Server(uvicorn.Server):
    """uvicorn's server with a life.

    The first SIGTERM lets it drain: it serves on for `drain` seconds, but says of itself that it stops, so that others
    get its requests. Then, and at once after SIGINT or a second signal, it takes no further connections and finishes
    what it serves.
    """

    def __init__(self, config: uvicorn.Config, life: Life, drain: float, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._life = life
        self._drain = drain
        self._announce = announce
        self._drained_at: float | None = None
        self._told = False

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._announce()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Called by the system between any two instructions: it sets what `on_tick` looks at, and no more.

        uvicorn would send itself the signal again when all is done, and so end with 143 for having done as it was told.
        """
        if self.should_exit and sig == signal.SIGINT:
            self.force_exit = True
        elif sig == signal.SIGTERM and self._drain and self._life.state != "stopping":
            self._drained_at = time.monotonic() + self._drain
        else:
            self.should_exit = True
        self._life.state = "stopping"

    async def on_tick(self, counter: int) -> bool:
        """Looks ten times a second whether it is time to end."""
        if self._life.state == "stopping" and not self._told:
            self._told = True
            EVENTS.info("stopping")
        if self._drained_at is not None and time.monotonic() >= self._drained_at:
            self.should_exit = True
        return await super().on_tick(counter)


def open_browser(address: str) -> None:
    """Beside everything else: a browser may take seconds to start, in which nothing would be served."""
    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()


def address_of(host: str, port: int) -> str:
    """Where a browser on this machine finds the server; «all addresses» is none that one can open.

    >>> address_of("0.0.0.0", 8000), address_of("::1", 80)
    ('http://127.0.0.1:8000', 'http://[::1]:80')
    """
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://{'[' + host + ']' if ':' in host else host}:{port}"


def is_private(host: str) -> bool:
    """Whether only this machine reaches a server that listens there, so that its address is known.

    >>> is_private("127.0.0.1"), is_private("localhost"), is_private("0.0.0.0"), is_private("example.org")
    (True, True, False, False)
    """
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
