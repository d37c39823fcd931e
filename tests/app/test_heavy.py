"""Heavy work: done in other processes, within bounds, whatever becomes of them, and nothing is left behind."""

import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from app import pool as pools
from app.answers import packed
from app.heavy import Heavy
from app.main import Application, create_app
from app.process import Fault
from app.settings import Settings
from compute.errors import ConvError
from tests.app.living import Running, alive, in_time, running
from tests.servers import ROOT

HEAVY = "/api/v1/traces/single-channel?input_size=64"
LIGHT = "/api/v1/traces/single-channel"
HEAVY_TABLE = "/api/v1/steps/single-channel?input_size=64"
PICTURE = "/embed/single-channel/picture.svg"
# No machine is so busy that these seconds pass while a test does what it does.
PATIENT = 600
# Longer than any test waits: work that is only ever ended from outside.
FOR_EVER = partial(time.sleep, 600)


@pytest.fixture(scope="module")
def one() -> Iterator[Heavy]:
    """One process for all tests that do it no harm."""
    heavy = Heavy(processes=1, seconds=PATIENT)
    with heavy.at_work():
        yield heavy


async def until(true: Callable[[], bool]) -> None:
    with anyio.fail_after(300):
        while not true():
            await anyio.sleep(0.01)


def code(raised: pytest.ExceptionInfo[ConvError]) -> str:
    return raised.value.code


def test_work_is_done_in_another_process_of_lower_priority(one: Heavy) -> None:
    async def both() -> tuple[int, int]:
        return await one.run(partial(os.getpid)), await one.run(partial(os.nice, 0))

    pid, nice = anyio.run(both)
    assert pid != os.getpid()
    assert one.pool
    assert one.pool.pids == [pid]
    assert nice == min(os.nice(0) + 5, 19)


def test_a_refusal_comes_back_as_it_was_raised(one: Heavy) -> None:
    pairs = {"input_size": "1000"}
    with pytest.raises(ConvError) as raised:
        anyio.run(one.run, partial(packed, "traces", "single-channel", pairs, "br"))
    with pytest.raises(ConvError) as expected:
        packed("traces", "single-channel", pairs, "br")
    assert raised.value.document() == expected.value.document()
    assert code(raised) == "budget_exceeded"


def test_a_fault_tells_its_stack_and_the_process_goes_on(one: Heavy) -> None:
    assert one.pool
    before = one.pool.pids
    with pytest.raises(Fault, match="ValueError"):
        anyio.run(one.run, partial(int, "no number"))
    assert anyio.run(one.run, partial(int, "7")) == 7
    assert one.pool.pids == before


def test_what_prints_does_not_disturb_the_answers(one: Heavy) -> None:
    async def both() -> int:
        await one.run(partial(os.write, 1, b"a library says something\n"))
        await one.run(partial(print, "and again"))
        return await one.run(partial(len, "step"))

    assert anyio.run(both) == 4


def test_more_than_may_wait_are_refused_at_once_and_the_others_are_done(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)

    async def scene() -> list[str]:
        heavy = Heavy(processes=1, queue=1, seconds=PATIENT)
        done: list[str] = []

        async def ask(name: str, work: "partial[Any]") -> None:
            await heavy.run(work)
            done.append(name)

        with heavy.at_work():
            async with anyio.create_task_group() as group:
                group.start_soon(ask, "first", partial(os.open, str(gate), os.O_RDONLY))  # until somebody writes
                await until(lambda: heavy.running == 1)
                group.start_soon(ask, "second", partial(int, "1"))
                await until(lambda: heavy.waiting == 1)
                with pytest.raises(ConvError) as raised:
                    await heavy.run(partial(int, "1"))
                assert (code(raised), raised.value.values["retry_after"]) == ("busy", 2)
                assert done == []
                gate.write_bytes(b"")
            assert (heavy.running, heavy.waiting) == (0, 0)
        return done

    assert anyio.run(scene) == ["first", "second"]


def test_who_waits_too_long_is_refused_too() -> None:
    async def scene() -> None:
        heavy = Heavy(threads=1, queue=5, seconds=0.05)
        async with anyio.create_task_group() as group:
            release = anyio.Event()
            group.start_soon(heavy.run, partial(anyio.from_thread.run, release.wait))
            await until(lambda: heavy.running == 1)
            with pytest.raises(ConvError) as raised:
                await heavy.run(partial(int, "1"))
            assert (code(raised), heavy.waiting) == ("busy", 0)
            release.set()

    anyio.run(scene)


def test_work_over_its_time_is_ended_and_the_process_replaced() -> None:
    async def scene() -> tuple[int, int]:
        heavy = Heavy(processes=1, seconds=5)
        with heavy.at_work():
            before = await heavy.run(partial(os.getpid))
            with pytest.raises(ConvError) as raised:
                await heavy.run(FOR_EVER)
            assert code(raised) == "over_time"
            assert "retry_after" not in raised.value.values
            assert not alive(before)
            assert heavy.pool
            assert heavy.pool.killed == 1
            return before, await heavy.run(partial(os.getpid))

    before, after = anyio.run(scene)
    assert before != after


def test_a_process_that_is_killed_costs_one_request_alone() -> None:
    async def scene() -> None:
        heavy = Heavy(processes=1, seconds=PATIENT)
        with heavy.at_work():
            pid = await heavy.run(partial(os.getpid))
            async with anyio.create_task_group() as group:
                caught: list[ConvError] = []

                async def ask() -> None:
                    with pytest.raises(ConvError) as raised:
                        await heavy.run(FOR_EVER)
                    caught.append(raised.value)

                group.start_soon(ask)
                await until(lambda: heavy.running == 1)
                os.kill(pid, 9)
            assert [(one.code, one.values["retry_after"]) for one in caught] == [("interrupted", 1)]
            assert await heavy.run(partial(os.getpid)) != pid
            pool = heavy.pool
            assert pool
            await until(lambda: pool.lost == 1)
            assert pool.killed == 0

    anyio.run(scene)


def test_a_process_that_is_killed_while_idle_is_replaced_unasked() -> None:
    heavy = Heavy(processes=2)
    with heavy.at_work():
        pool = heavy.pool
        assert pool
        assert in_time(lambda: pool.ready == 2)
        victim, other = pool.pids
        os.kill(victim, 9)
        assert in_time(lambda: victim not in pool.pids and len(pool.pids) == 2 and pool.ready == 2)
        assert other in pool.pids
        left = pool.pids
    assert not [pid for pid in left if alive(pid)]


def test_processes_that_do_not_start_are_told_and_started_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "_LONGEST_PAUSE", 0.01)
    heavy = Heavy(processes=1, seconds=PATIENT)
    pool = heavy.pool
    assert pool
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/bin/false")
        with heavy.at_work():
            assert in_time(lambda: pool.broken)
            with pytest.raises(ConvError) as raised:
                anyio.run(heavy.run, partial(int, "1"))
            assert code(raised) == "interrupted"
            broken.undo()
            assert in_time(lambda: not pool.broken)
            assert anyio.run(heavy.run, partial(int, "1")) == 1


def test_who_leaves_while_waiting_frees_the_place() -> None:
    async def scene() -> None:
        heavy = Heavy(threads=1, queue=1, seconds=PATIENT)
        left = anyio.Event()
        async with anyio.create_task_group() as group:
            release = anyio.Event()
            group.start_soon(heavy.run, partial(anyio.from_thread.run, release.wait))
            await until(lambda: heavy.running == 1)

            async def ask() -> None:
                with pytest.raises(ClientDisconnect):
                    await heavy.run(partial(pytest.fail, "nobody wants it"), left.wait)

            group.start_soon(ask)
            await until(lambda: heavy.waiting == 1)
            left.set()
            await until(lambda: heavy.waiting == 0)
            release.set()
        assert await heavy.run(partial(int, "3")) == 3

    anyio.run(scene)


def test_closing_ends_what_is_being_done() -> None:
    async def scene() -> int:
        heavy = Heavy(processes=1, seconds=PATIENT)
        async with anyio.create_task_group() as group:
            with heavy.at_work():
                pid = await heavy.run(partial(os.getpid))

                async def ask() -> None:
                    with pytest.raises(ConvError) as raised:
                        await heavy.run(FOR_EVER)
                    assert code(raised) == "interrupted"

                group.start_soon(ask)
                await until(lambda: heavy.running == 1)
        return pid

    pid = anyio.run(scene)
    assert not alive(pid)


PARENT = """
import threading, time
from functools import partial
import anyio
from app.heavy import Heavy

heavy = Heavy(processes=1)
with heavy.at_work():
    threading.Thread(target=anyio.run, args=(heavy.run, partial({work})), daemon=True).start()
    while not heavy.pool.ready:
        time.sleep(0.01)
    print(*heavy.pool.pids, flush=True)
    time.sleep(600)
"""


@pytest.mark.parametrize("work", ["time.sleep, 600", "int, '1'"], ids=["at work", "idle"])
def test_processes_end_with_a_server_that_is_killed(work: str) -> None:
    command = [sys.executable, "-c", PARENT.format(work=work)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        pid = int(server.stdout.readline())
        assert alive(pid)
        server.kill()
    assert in_time(lambda: not alive(pid))


# --- as the application uses it ---


@pytest.fixture(scope="module")
def application() -> Application:
    return create_app(
        Settings(strict_strings=True, brotli_quality=1, processes=1, queue=0, cache_bytes=0, heavy_seconds=PATIENT)
    )


@pytest.fixture(scope="module")
def asked(application: Application) -> Iterator[TestClient]:
    with TestClient(application) as client:
        client.headers["accept-encoding"] = "identity"
        yield client


@pytest.fixture(scope="module")
def threads() -> TestClient:
    """An application without processes."""
    return TestClient(create_app(Settings(strict_strings=True, brotli_quality=1, processes=0)))


QUESTIONS = ("/api/v1/limits/layer", "/api/v1/curves/dilated", "/api/v1/facts/layer?input_size=224")


@pytest.mark.parametrize("path", [HEAVY, HEAVY_TABLE, PICTURE, PICTURE.replace("svg", "png"), *QUESTIONS])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br"])
def test_an_answer_is_the_same_wherever_it_was_made(
    asked: TestClient, threads: TestClient, path: str, encoding: str
) -> None:
    there, here = (client.get(path, headers={"accept-encoding": encoding}) for client in (asked, threads))
    assert there.status_code == here.status_code == 200
    assert there.content == here.content
    for name in ("etag", "content-encoding", "content-type", "cache-control", "vary"):
        assert there.headers.get(name) == here.headers.get(name), name


def test_a_full_pool_refuses_what_is_heavy_and_answers_what_is_light(
    asked: TestClient, application: Application
) -> None:
    heavy = application.heavy
    assert heavy.pool
    assert in_time(lambda: heavy.pool is not None and heavy.pool.ready == 1)
    assert asked.portal
    busy = asked.portal.start_task_soon(heavy.run, FOR_EVER)
    assert in_time(lambda: heavy.running == 1)
    for path in (HEAVY, HEAVY_TABLE, PICTURE):
        refused = asked.get(path)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "busy")
        assert refused.headers["retry-after"] == "2"
        assert refused.headers["cache-control"] == "no-store"
    for path in (LIGHT, LIGHT.replace("traces", "steps")):
        assert asked.get(path).status_code == 200
    os.kill(heavy.pool.pids[0], 9)
    with pytest.raises(ConvError, match="ended from outside"):
        busy.result(300)
    assert asked.get(HEAVY).status_code == 200


def test_before_an_application_lives_it_has_no_processes() -> None:
    application = create_app(Settings(strict_strings=True, processes=3))
    assert TestClient(application).get(HEAVY).status_code == 200
    assert application.heavy.pool
    assert application.heavy.pool.pids == []


# --- over a real connection ---


@contextlib.contextmanager
def standing_still(**variables: str) -> Iterator[tuple[Running, int]]:
    """A server whose one process is made to stand still: what it is given is never done."""
    with running(CONVOSCOPE_METRICS="1", **variables) as server:
        assert in_time(lambda: server.reads("pool_ready") == 1)
        (worker,) = server.children()
        os.kill(worker, signal.SIGSTOP)
        yield server, worker


def handed_over(worker: int) -> bool:
    """Whether a process that stands still has been given something: it lies unread in its pipe."""
    pipe = os.open(f"/proc/{worker}/fd/0", os.O_RDONLY | os.O_NONBLOCK)
    try:
        return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder) > 0
    finally:
        os.close(pipe)


def test_the_queue_holds_who_waits_refuses_who_is_too_much_and_lets_go_of_who_leaves() -> None:
    with (
        standing_still(CONVOSCOPE_QUEUE="1", CONVOSCOPE_HEAVY_SECONDS=str(PATIENT)) as (server, worker),
        contextlib.closing(server.connection()) as first,
        contextlib.closing(server.connection()) as second,
    ):
        first.request("GET", HEAVY)
        assert in_time(lambda: server.reads("heavy_running") == 1)
        second.request("GET", f"{HEAVY}&seed=2")
        assert in_time(lambda: server.reads("heavy_waiting") == 1)
        status, body = server.ask(f"{HEAVY}&seed=3")
        assert (status, json.loads(body)["error"]["code"]) == (503, "busy")
        assert server.ask(LIGHT)[0] == server.ask("/readyz")[0] == server.ask("/learn/dilated")[0] == 200
        second.close()
        assert in_time(lambda: server.reads("heavy_waiting") == 0)
        os.kill(worker, signal.SIGCONT)
        answer = first.getresponse()
        assert (answer.status, len(json.loads(answer.read())["stages"])) == (200, 1)


def test_a_request_whose_process_is_killed_is_told_to_come_again_and_the_next_is_answered() -> None:
    with (
        standing_still(CONVOSCOPE_HEAVY_SECONDS=str(PATIENT)) as (server, worker),
        contextlib.closing(server.connection()) as connection,
    ):
        connection.request("GET", HEAVY)
        assert in_time(lambda: handed_over(worker))
        os.kill(worker, signal.SIGKILL)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["retry-after"]) == (503, "1")
        assert json.loads(answer.read())["error"]["code"] == "interrupted"
        assert server.ask(HEAVY)[0] == 200
        assert in_time(lambda: server.reads("pool_ready") == 1)
        assert server.children() != [worker]


def test_a_request_that_takes_too_long_is_ended_and_not_told_to_come_again() -> None:
    with (
        standing_still(CONVOSCOPE_HEAVY_SECONDS="1") as (server, worker),
        contextlib.closing(server.connection()) as connection,
    ):
        connection.request("GET", HEAVY)
        answer = connection.getresponse()
        assert (answer.status, answer.headers["retry-after"]) == (503, None)
        assert json.loads(answer.read())["error"]["code"] == "over_time"
        assert not alive(worker)
        assert server.reads("pool_late_total") == 1
