"""The application for this process alone: on a free port of this machine, in a thread."""

import json
import socket
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import uvicorn

from app.exporting.orders import OrderError
from app.settings import Settings

HOST = "127.0.0.1"


@contextmanager
def serving(settings: Settings, at_once: int) -> Iterator[str]:
    """The address of the application, for as long as the block lasts; `at_once` files may be made at the same time."""
    from app.main import create_app

    # Nothing is sent over a network: packing files harder would only take time.
    own = replace(settings, exports=max(settings.exports, at_once), brotli_quality=0)
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        server = uvicorn.Server(uvicorn.Config(create_app(own), log_level="critical", ws="none"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            if not thread.is_alive():
                raise OrderError(f"The application does not start on {HOST}.")
            time.sleep(0.01)
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


def asked(address: str) -> bytes:
    """What the application answers; raises OrderError with its own sentence where it refuses."""
    try:
        with urllib.request.urlopen(address) as answer:
            body: bytes = answer.read()
            return body
    except urllib.error.HTTPError as error:
        raise OrderError(_said(error.read())) from None


def _said(body: bytes) -> str:
    try:
        error = json.loads(body)["error"]
    except (ValueError, KeyError, TypeError):
        return "The application gives no answer that can be read."
    return " ".join(filter(None, (error["message"], error["hint"])))
