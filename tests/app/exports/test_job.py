"""An export ends early when nobody waits for it, when it takes too long, and when as many are at work as may be."""

import asyncio
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from app.exports import formats, gif, typesetting
from app.main import Application, create_app
from app.settings import Settings
from tests.app.exports.sending import PNG, ROOT, STEPS, SVG, pngs, said, svgs

BOUNDARY = "between"


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files would lie; nothing does afterwards."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


def form(frames: list[bytes], kind: str = PNG) -> list[bytes]:
    """The body, a piece a part."""

    def part(name: str, media_type: str, data: bytes) -> bytes:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\nContent-Type: {media_type}\r\n\r\n'
        return head.encode() + data + b"\r\n"

    options = part("options", "application/json", json.dumps(said(frames)).encode())
    return [options, *(part("frame", kind, frame) for frame in frames), f"--{BOUNDARY}--\r\n".encode()]


class Client:
    """One request without a server between: it sends what it is told to, and goes when it is told to."""

    def __init__(self, application: Application, format: str, pieces: list[bytes]) -> None:
        self.application = application
        self.format = format
        self.pieces = iter(pieces)
        self.asked = 0
        self.more = True
        self.leave = asyncio.Event()
        self.status = 0
        self.body = b""
        self.headers: dict[str, str] = {}

    async def ask(self) -> "Client":
        headers = {"x-convoscope": "export", "content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "path": f"{ROOT}/{self.format}",
            "raw_path": f"{ROOT}/{self.format}".encode(),
            "root_path": "",
            "query_string": b"",
            "scheme": "http",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        await self.application(scope, self.receive, self.send)
        return self

    async def receive(self) -> dict[str, Any]:
        piece = next(self.pieces, None)
        if piece is not None:
            self.asked += 1
            return {"type": "http.request", "body": piece, "more_body": True}
        if self.more and not self.leave.is_set():
            self.more = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.leave.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.body += message.get("body", b"")

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["error"]["code"])


def application(**settings: Any) -> Application:
    return create_app(Settings(strict_strings=True, **settings))


async def until(condition: Callable[[], bool]) -> None:
    """Waits; what never happens is found by whoever runs the tests."""
    while not condition():
        await asyncio.sleep(0.005)


class Held:
    """An encoder that stands still until it is let go, and tells how it ended."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.began, self.go, self.ended = 0, Event(), [False]
        real = gif.encode

        def encode(frames: Any, options: Any, out: Any, job: Any) -> None:
            self.began += 1
            try:
                while not self.go.wait(0.005):
                    job.check()
                real(frames, options, out, job)
            finally:
                self.ended.append(True)

        monkeypatch.setattr(gif, "encode", encode)


def test_a_client_that_goes_while_it_sends_ends_the_work_and_frees_its_place() -> None:
    async def story() -> None:
        app = application(exports=1)
        for _ in range(3):  # a place that was not freed would refuse the second
            client = Client(app, "gif", form(pngs())[:3])
            client.leave.set()
            assert (await client.ask()).status == 499
        assert (await Client(app, "gif", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_a_client_that_goes_while_its_file_is_made_ends_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def story() -> None:
        app = application(exports=1)
        # All was read: an encoder that takes frames notices a client that goes before the next.
        client = Client(app, "gif", form(pngs(2)))
        asking = asyncio.create_task(client.ask())
        await until(lambda: held.began == 1 and not client.more)
        client.leave.set()
        assert (await asking).status == 499
        assert held.ended[-1]
        held.go.set()
        assert (await Client(app, "gif", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_setting_pages_is_ended_although_it_does_not_ask(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    waiting = tmp_path.parent / "waiting.py"
    waiting.write_text("import sys, time\nsys.stdin.buffer.read()\ntime.sleep(3600)\n")
    monkeypatch.setattr(typesetting, "__file__", str(waiting))

    async def story() -> None:
        client = Client(application(export_seconds=1), "pdf", form(svgs(), SVG))
        assert (await client.ask()).status == 422
        assert client.code == "export_too_slow"

    asyncio.run(story())


def test_what_takes_too_long_is_ended_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def story() -> None:
        app = application(export_seconds=1, exports=1)
        client = await Client(app, "gif", form(pngs())).ask()
        assert (client.status, client.code) == (422, "export_too_slow")
        held.go.set()
        assert (await Client(app, "gif", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_a_client_that_sends_slowly_does_not_hold_a_place_for_ever() -> None:
    class Slow(Client):
        async def receive(self) -> dict[str, Any]:
            if self.asked == 3:
                await asyncio.sleep(3600)
            return await super().receive()

    async def story() -> None:
        app = application(export_seconds=1, exports=1)
        client = await Slow(app, "gif", form(pngs())).ask()
        assert (client.status, client.code) == (422, "export_too_slow")
        assert (await Client(app, "gif", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_a_further_one_is_told_at_once_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def story() -> None:
        app = application()
        both = [Client(app, "gif", form(pngs())) for _ in range(2)]
        asking = [asyncio.create_task(client.ask()) for client in both]
        await until(lambda: held.began == 2)
        third = await Client(app, "gif", form(pngs())).ask()
        assert (third.status, third.code, third.headers["retry-after"]) == (503, "exports_busy", "5")
        assert third.asked == 0  # nothing was read of it
        held.go.set()
        assert [client.status for client in await asyncio.gather(*asking)] == [200, 200]
        assert (await Client(app, "gif", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_other_answers_come_while_a_file_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def story() -> None:
        app = application()
        asking = asyncio.create_task(Client(app, "gif", form(pngs())).ask())
        await until(lambda: held.began == 1)
        other = await Client(app, "zip", form(pngs())).ask()
        assert other.status == 200
        assert not asking.done()
        held.go.set()
        assert (await asking).status == 200

    asyncio.run(story())


def test_frames_wait_in_the_connection_while_one_is_encoded(monkeypatch: pytest.MonkeyPatch) -> None:
    held = Held(monkeypatch)

    async def story() -> None:
        frames = pngs(2) * 50
        client = Client(application(), "gif", form(frames))
        asking = asyncio.create_task(client.ask())
        await until(lambda: held.began == 1)
        for _ in range(1000):  # turns of the loop, in which more could be read
            await asyncio.sleep(0)
        # The options, those that wait, and the one that finds no room.
        assert client.asked <= 6
        held.go.set()
        assert (await asking).status == 200
        assert client.asked == len(frames) + 2

    asyncio.run(story())


def test_a_client_that_goes_while_its_file_is_sent_frees_its_place() -> None:
    class Leaving(Client):
        async def send(self, message: Any) -> None:
            await super().send(message)
            if message["type"] == "http.response.body":
                self.leave.set()
                await asyncio.sleep(3600)

    async def story() -> None:
        app = application(exports=1)
        assert (await Leaving(app, "zip", form(pngs())).ask()).status == 200
        assert (await Client(app, "zip", form(pngs())).ask()).status == 200

    asyncio.run(story())


def test_a_library_that_is_there_and_broken_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> Any:
        raise ImportError("wrong ELF class", name="av")

    monkeypatch.setattr(formats, "import_module", broken)

    async def story() -> None:
        client = await Client(application(), "mp4", form(pngs(STEPS))).ask()
        assert (client.status, client.code) == (501, "encoder_missing")

    asyncio.run(story())
