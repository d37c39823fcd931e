"""Simulated students: what they ask is what readers ask, what they count is what came, and nothing wrong passes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from itertools import islice

import brotli  # type: ignore[import-untyped]
import pytest
import uvloop

from compute.kinds import KINDS
from soak.loading.drags import Drags
from soak.loading.line import Answer, Broken, Line, address, request
from soak.loading.right import Rights
from soak.loading.students import PARTS, RATE, Plan, Student, Tally, attend, limits_of, quantile

TARGET = "/api/v1/traces/dilated?dilation=1"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\ncontent-encoding: identity\r\n\r\n"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def speaking(talk: Talk) -> AsyncIterator[str]:
    """The address of a server that says what a test wants; the block ends when all connections have."""
    ended = []

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(done := asyncio.Event())
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            await talk(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
        done.set()

    listening = await asyncio.start_server(heard, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    listening.close()
    await asyncio.gather(*(one.wait() for one in ended))


def test_a_handful_of_students_are_answered_rightly(server):
    async def lesson() -> tuple[Tally, Plan]:
        plan = Plan(Rights())
        # On a busy machine the pages alone may take longer than a short lesson.
        for seconds in (2, 10, 60):
            await plan.prepare(5, int((0.2 + seconds) * RATE) + 1)
            tally, _ = await attend(server, plan, 5, seconds=seconds, arriving=0.2)
            if len(tally.waited["traces"]) > 5:
                break
        return tally, plan

    tally, plan = uvloop.run(lesson())
    assert not tally.errors
    assert not tally.wrong
    assert len(tally.waited["page"]) == 5
    opened = [plan.assets("/learn/" + next(plan.drags.of(n)).slug) for n in range(5)]
    assert len(tally.waited["static"]) == sum(map(len, opened)) > 20
    assert len(tally.waited["traces"]) > 5
    assert tally.answers == sum(len(tally.waited[part]) for part in PARTS) == len(tally.all())


def test_every_position_of_a_drag_is_another_figure_that_can_be_shown():
    for student in range(30):
        for stroke in islice(Drags().of(student), 2):
            kind = KINDS[stroke.slug]
            assert all(one != other for one, other in zip(stroke.targets, stroke.targets[1:], strict=False))
            for target in set(stroke.targets):
                path, _, query = target.partition("?")
                assert path == f"/api/v1/traces/{kind.slug}"
                assert "=" in query


def test_the_same_student_drags_the_same_in_every_run():
    assert list(islice(Drags().of(7), 5)) == list(islice(Drags().of(7), 5))
    assert list(islice(Drags().of(7), 5)) != list(islice(Drags().of(8), 5))


def test_popular_figures_are_asked_for_more_than_others():
    first = [next(Drags().of(student)).slug for student in range(60)]
    assert first.count("cross-correlation") > first.count("layer")
    assert len(set(first)) > 5


def test_limits_are_asked_of_the_figure_that_a_drag_ended_at():
    stroke = next(Drags().of(0))
    assert limits_of(stroke) == stroke.targets[-1].replace("traces", "limits")


def test_only_right_bodies_hold():
    async def look() -> None:
        rights = Rights()
        await rights.learn([TARGET])
        right = await rights.body(TARGET)
        packed = brotli.compress(right)
        br = b"HTTP/1.1 200 OK\r\ncontent-encoding: br\r\n\r\n"
        assert rights.holds(TARGET, Answer(200, br, packed))
        assert rights.holds(TARGET, Answer(200, b"HTTP/1.1 200 OK\r\n\r\n", right))
        assert not rights.holds(TARGET, Answer(200, br, packed[:-1]))
        assert not rights.holds(TARGET, Answer(200, br, brotli.compress(right.replace(b"1", b"2"))))
        assert not rights.holds(TARGET, Answer(200, b"HTTP/1.1 200 OK\r\n\r\n", right[:-1]))

    asyncio.run(look())


def test_what_is_refused_cannot_be_right():
    with pytest.raises(ValueError, match="422"):
        asyncio.run(Rights().learn(["/api/v1/traces/dilated?dilation=0"]))


def test_a_student_counts_wrong_bodies_refusals_and_answers_cut_short():
    answers = iter([HEAD + b"wrong", HEAD.replace(b"200 OK", b"503 no") + b"later", HEAD + b"cut"])

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(said := next(answers))
            if said.endswith(b"cut"):
                break

    async def look() -> Tally:
        plan, tally = Plan(Rights()), Tally()
        await plan.rights.learn([TARGET])
        async with speaking(talk) as url:
            student = Student(0, url, plan, tally, 0.0)
            for _ in range(3):
                await student._ask("traces", TARGET, 0.0)
        return tally

    tally = asyncio.run(look())
    assert tally.wrong == [TARGET]
    assert tally.errors["status 503"] == 1
    assert tally.errors.total() == 2
    assert tally.answers == 2


def test_a_kept_connection_that_was_closed_meanwhile_is_no_error():
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(HEAD + b"right")
        await reader.read(1)

    async def look() -> Tally:
        tally = Tally()
        async with speaking(talk) as url:
            student = Student(0, url, Plan(Rights()), tally, 0.0)
            first = await student._answer(request("/"))
            again = await student._answer(request("/"))
            student.leave()
        assert first.body == again.body == b"right"
        return tally

    assert asyncio.run(look()).again == 1


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_an_answer_is_whole_however_it_arrives(size):
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for body in (b"first", b"later"):
            await reader.readuntil(b"\r\n\r\n")
            whole = HEAD + body
            for n in range(0, len(whole), size):
                writer.write(whole[n : n + size])
                await writer.drain()
                await asyncio.sleep(0)

    async def look() -> None:
        async with speaking(talk) as url:
            line = await Line.to(url)
            first, later = await line.ask(request("/")), await line.ask(request("/"))
            with pytest.raises(Broken):
                await line.ask(request("/"))
        assert (first.status, first.body, first.encoding) == (200, b"first", "identity")
        assert later.body == b"later"
        assert first.header("content-length") == "5"

    asyncio.run(look())


def test_an_answer_without_a_length_is_refused():
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nsomething")
        await reader.read()

    async def look() -> None:
        async with speaking(talk) as url:
            line = await Line.to(url)
            with pytest.raises(Broken, match="without a length"):
                await line.ask(request("/"))

    asyncio.run(look())


@pytest.mark.parametrize("url", ["http://example.org:80", "http://localhost:8000", "http://127.0.0.1"])
def test_no_other_machine_is_asked(url):
    with pytest.raises(ValueError, match=r"127\.0\.0\.1"):
        address(url)


def test_quantiles_are_waits_that_somebody_had():
    assert quantile([], 0.95) == 0
    assert quantile([5.0], 0.5) == 5
    assert quantile([float(n) for n in range(1, 101)], 0.95) == 95
    assert quantile([float(n) for n in range(1, 101)], 1) == 100
