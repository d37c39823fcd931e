"""Small versions of every fault: nothing wrong is served, no answer is missing, nothing stays behind."""

import os
import time

import pytest
import uvloop

from app.cache import CACHED_PATHS
from compute.kinds import KINDS
from soak import faults, figures
from soak.faulting import clock, crowds, ends, room, wall
from soak.faulting.findings import HEAD, Finding
from soak.faulting.forms import MALFORMED, PNG_FORM
from soak.faulting.load import Load, light, told
from soak.faulting.scale import Scale
from soak.loading import processes
from soak.loading.line import Answer, request
from soak.loading.right import Rights
from soak.loading.serving import serving

# One of each sort; all of them are rows of `dev.py soak faults`.
SMALL = {
    "kill": ends.kill_a_worker,
    "exports": room.full_exports,
    "half-open": crowds.half_open,
    "malformed": crowds.malformed_uploads,
    "clock": clock.jumps,
}


@pytest.fixture(scope="module")
def scale():
    small = Scale.small()
    uvloop.run(small.rights.learn(small.targets))
    return small


@pytest.mark.parametrize("fault", SMALL.values(), ids=list(SMALL))
def test_nothing_comes_of_a_fault_but_what_it_says(scale, fault):
    finding = uvloop.run(fault(scale))
    assert finding.well, finding.row()
    assert " × 200" in finding.seen


def test_every_fault_has_a_name_on_the_command_line():
    assert set(SMALL) < set(faults.FAULTS)
    with pytest.raises(SystemExit):
        faults.main(["--only", "no such fault"])


def test_what_is_not_well_fails_the_run(monkeypatch, capsys):
    async def breaks(scale):
        return Finding("A fault", "somehow", "2 × 200", 0, 1, ["a file"])

    async def raises(scale):
        raise RuntimeError("it did not start")

    async def well(scale):
        return Finding("A fault", "somehow", "2 × 200", 0, 0)

    monkeypatch.setattr(faults, "FAULTS", {"breaks": breaks, "raises": raises, "well": well})
    empty = Scale(targets=())
    assert uvloop.run(faults.run([], empty)) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(HEAD)
    assert "| A fault | somehow | 2 × 200 | 0 | 1 | a file |" in printed
    assert "Not well: breaks, raises." in printed
    assert uvloop.run(faults.run(["well"], empty)) == 0


def test_a_load_counts_what_came_and_what_did_not(scale):
    """The answers of a server that is killed are not counted as right, nor its silence as an answer."""

    async def look():
        with serving() as served:
            targets = [*scale.targets[:4], "/api/v1/traces/dilated?dilation=0"]
            async with Load(served.url, scale.rights, targets, clients=2) as load:
                await load.answers(20)
                os.kill(served.pid, 9)
                served.process.wait()
                await ends.until(lambda: bool(load.seen["refused"]))
            return load

    load = uvloop.run(look())
    assert load.right == load.seen["200"] > 0
    assert load.seen["422 out_of_range"] > 0
    assert set(load.other) == {"/api/v1/traces/dilated?dilation=0"}
    assert load.errors() > load.errors("refused") >= load.seen["422 out_of_range"]


def test_another_body_than_the_right_one_is_found(scale):
    async def look():
        rights = Rights()
        await rights.learn(scale.targets[:2])
        one, other = scale.targets[:2]
        rights._digests[one] = rights._digests[other]
        with serving() as served:
            async with Load(served.url, rights, [one, other], clients=2) as load:
                await load.answers(10)
        return load

    load = uvloop.run(look())
    assert set(load.wrong) == {scale.targets[0]}
    assert load.right == load.seen["200"] - len(load.wrong)
    assert load.right > 0


def test_light_addresses_are_of_all_kinds_and_different():
    found = light()
    assert len(set(found)) == len(found)
    assert {kind for kind in KINDS if any(f"/{kind}" in one for one in found)} == set(KINDS)


def test_errors_are_named_by_their_code():
    refused = b'{"error": {"code": "busy"}}'
    assert told(Answer(503, b"", refused)) == "503 busy"
    assert told(Answer(502, b"", b"<html>")) == "502"
    assert told(Answer(200, b"", refused)) == "200"


def test_a_server_of_a_soak_leaves_neither_process_nor_file():
    with serving(workers=2) as served:
        family, folder = processes.family(served.pid), served.folder
        assert len(served.workers()) == 2
        assert set(served.workers()) < set(family)
        assert processes.usage(family).megabytes > 50
        assert processes.open_files(served.pid) > 3
    assert not any(map(processes.alive, family))
    assert not folder.exists()


def test_a_temporary_file_that_remains_is_told():
    with serving() as served:
        (served.folder / "forgotten").write_text("x")
        assert served.left_behind() == ["forgotten"]
        served.log.write_text("ERROR: Exception in ASGI application\nTraceback (most recent call last):\nfine\n")
        assert len(served.complaints()) == 2


def test_the_shifted_clock_does_jump(monkeypatch):
    hundredths = iter(range(100))
    monkeypatch.setattr(time, "monotonic", lambda: next(hundredths) / 100)
    assert {round(wall.shifted() - time.time()) for _ in range(100)} == {round(jump) for jump in wall.JUMPS}


def test_forms_that_are_none_differ_from_the_good_one():
    assert PNG_FORM not in MALFORMED.values()
    assert len(set(MALFORMED.values())) == len(MALFORMED)


def test_figures_of_a_soak_are_right_and_all_different():
    async def look():
        rights = Rights()
        targets = list(figures.islice(figures.figures(), 90))
        await rights.learn(targets)
        # A busy machine starts the process for what is heavy late.
        with serving(CONVOSCOPE_CACHE_BYTES="100000", CONVOSCOPE_HEAVY_SECONDS="60") as served:
            return targets, await figures.remembered(served.url, served.pid, rights, targets, [60, 90])

    targets, memory = uvloop.run(look())
    assert len(set(targets)) == 90
    assert {one.split("?")[0].rsplit("/", 1)[0] for one in targets} == {
        "/learn",
        *(f"/api/v1/{one}" for one in ("traces", "facts", "limits", "code")),
    }
    assert dict(memory.seen) == {"200": 90}
    assert not memory.wrong
    assert list(memory.at) == [60, 90]
    assert memory.growth == memory.at[90] / memory.at[60]


def test_what_is_kept_by_the_cache_is_among_the_figures():
    asked = {one.split("?")[0].rsplit("/", 1)[0] + "/" for one in figures.islice(figures.figures(), 100)}
    assert asked & set(CACHED_PATHS)


def test_requests_are_as_browsers_send_them():
    assert request("/", If_None_Match='"x"').count(b"\r\n") == 5
