"""A slice of every area finds nothing, and the runner finds what is planted."""

import asyncio
import json
import time
from random import Random

import pytest
from starlette.responses import HTMLResponse, JSONResponse, Response

from app.errors import STATUS
from app.security import SecurityHeaders
from soak import fuzz
from soak.fuzzing import areas, chromium, described, oracle, table, wire
from soak.fuzzing.areas import AREAS, Area
from soak.fuzzing.asking import Answer, Ask
from soak.fuzzing.oracle import CANARY
from soak.fuzzing.parsers import READERS, Reading
from soak.fuzzing.running import Fault, Judge, Row
from tests.pages import until

# A busy machine is no fault of the code: here only what never comes back is slow.
UNTIMED = 60.0
SLICES = {name: max(area.share // 200, 8) for name, area in AREAS.items()}


@pytest.fixture(scope="module")
def judge():
    made = fuzz.judge()
    made.limit = made.patience = made.hang = UNTIMED
    return made


def told(row: Row) -> str:
    return "\n".join(table.told(row))


@pytest.mark.parametrize("name", AREAS)
def test_a_slice_of_each_area_finds_nothing(judge, name):
    row = judge.area(AREAS[name], 7, range(SLICES[name]))
    assert row.inputs == SLICES[name]
    assert not row.faulty, told(row)


@pytest.mark.parametrize("name", [name for name in AREAS if name not in ("offline files", "pictures")])
def test_an_area_is_neither_all_refused_nor_all_answered(name):
    judge = fuzz.judge()
    judge.limit = judge.patience = judge.hang = UNTIMED
    row = judge.area(AREAS[name], 3, range(SLICES[name]))
    answered = sum(count for status, count in row.statuses.items() if status in ("200", "304"))
    assert 0 < answered < row.inputs


def test_a_slice_of_what_the_api_describes_finds_nothing(judge):
    row = described.run(judge, 7, 12)
    assert row.inputs >= 6
    assert not row.faulty, told(row)


def test_malformed_http_finds_nothing():
    with wire.running_app("soak.fuzzing.watched:app") as url:
        row = wire.against(url, 7, 40)
    faults = [fault for fault in row.faults if not fault.sort.startswith("slow")]
    assert row.inputs == 40
    assert not faults, told(row)


def test_every_input_follows_from_seed_area_and_number():
    for area in AREAS.values():
        assert repr(area.case(1, 5)) == repr(area.case(1, 5))
    assert len({repr(AREAS["queries"].case(1, number)) for number in range(50)}) > 40


def test_what_is_asked_for_is_shared_out_and_each_area_gets_some():
    counts = areas.counts(areas.TOTAL, fuzz.SHARES)
    assert sum(counts.values()) == pytest.approx(areas.TOTAL, rel=0.01)
    assert min(areas.counts(10, fuzz.SHARES).values()) == 1


# --- what is planted is found ---

PATH = b"/api/v1/traces/layer"


async def planted(scope, receive, send):
    """An application with a fault for each of several words in a query."""
    query = scope["query_string"]
    answer: Response = JSONResponse({"ok": True})
    if b"raise" in query:
        raise ZeroDivisionError("planted")
    if b"internal" in query:
        answer = JSONResponse({"error": dict.fromkeys(("code", "field", "message", "hint"), "x") | {"values": {}}}, 500)
    elif b"echo" in query:
        answer = HTMLResponse(f'<p title="{query.decode()}">')
    elif query.startswith(b"script"):
        answer = HTMLResponse(f"<script>const a = '{CANARY}'</script>")
    elif b"link" in query:
        answer = HTMLResponse(f'<a href="{query.decode().removeprefix("link=")}">x</a>')
    elif b"busy" in query:
        end = time.process_time() + 0.2
        while time.process_time() < end:
            pass
    elif b"never" in query:
        await asyncio.Event().wait()
    elif b"loop" in query:
        while True:
            pass
    elif b"shape" in query:
        answer = JSONResponse({"detail": "no"}, 422)
    elif b"wrong" in query:
        error = {"code": "unknown_kind", "field": "", "message": "x", "hint": "", "values": {}}
        answer = JSONResponse({"error": error}, 422)
    elif b"nan" in query:
        answer = Response(b'{"a": NaN}', media_type="application/json")
    elif b"text" in query:
        answer = Response("no", 404, media_type="text/plain")
    elif b"host" in query:
        answer = JSONResponse({"url": dict(scope["headers"])[b"host"].decode()})
    elif b"split" in query:
        answer.raw_headers.append((b"x", b"a\r\nb: c"))
    await answer(scope, receive, send)


def found(query: bytes, app=None, limit: float = UNTIMED, patience: float = UNTIMED) -> list[str]:
    judge = Judge(app or SecurityHeaders(planted), limit=limit, patience=patience, hang=0.5)
    asked = Ask(path=b"/page", query=query, headers=((b"host", oracle.HOST.encode()),))
    return asyncio.run(judge.judged(asked))[1]


@pytest.mark.parametrize(
    ("query", "says"),
    [
        (b"raise", "ZeroDivisionError: planted"),
        (b"internal", "status 500"),
        (b'echo"><' + CANARY.encode() + b">", f"unescaped: <{CANARY}"),
        (b'echo" ' + CANARY.encode() + b"=1", f"unescaped: {CANARY}"),
        (b"script", "in a script"),
        (b"link=javascript:zqfuzz()", "an address of the reader's own"),
        (b"link=/\\zqfuzz.example/", "an address of the reader's own"),
        (b"link=https://a@zqfuzz.example/", "an address of the reader's own"),
        (b"shape", "against the schema"),
        (b"wrong", "«unknown_kind» with status 422"),
        (b"nan", "no JSON"),
        (b"text", "an error as «text/plain»"),
        (b"host", "the Host header comes back"),
        (b"split", "a header that breaks its line"),
    ],
)
def test_a_planted_fault_is_found(query, says):
    assert any(says in one for one in found(query))


@pytest.mark.parametrize("query", [b"fine", b"link=/x//zqfuzz.example", b"link=?url=javascript:zqfuzz()"])
def test_what_is_no_fault_is_not_found(query):
    assert found(query) == []


def test_a_missing_header_of_security_is_found():
    assert "no header content-security-policy" in found(b"fine", planted)


def test_an_answer_that_costs_more_than_it_may_is_found():
    assert any(one.startswith("slow") for one in found(b"busy", limit=0.1))


@pytest.mark.parametrize("query", [b"never", b"loop"])
def test_an_answer_that_never_comes_is_found(query):
    assert any("exception" in one or "status 500" in one for one in found(query, patience=0.3))


def test_a_loop_that_is_held_up_is_told_and_the_next_input_is_asked():
    async def held(scope, receive, send):
        if b"0" in scope["query_string"]:
            await asyncio.to_thread(spin)
        await planted(scope, receive, send)

    def spin():
        # Beside the loop, which waits meanwhile: what rings then leaves it altogether.
        end = time.process_time() + 1.0
        while time.process_time() < end:
            pass

    numbers = iter(range(3))
    area = Area("held", 1, lambda _: Ask(path=b"/page", query=b"%d" % next(numbers)))
    row = Judge(SecurityHeaders(held), limit=UNTIMED, hang=0.2).area(area, 1, range(3))
    assert (row.inputs, row.faulty, row.faults[0].sort) == (2, 1, "hang")


def test_a_trace_against_its_schema_is_found():
    request = Ask(path=PATH)
    body = json.dumps({"tensors": {}}).encode()
    answer = Answer(status=200, headers=((b"content-type", b"application/json"),), body=body)
    assert any("against the schema" in one for one in oracle.faults(request, answer))


def test_a_failing_input_is_made_as_small_as_it_still_fails():
    judge = Judge(SecurityHeaders(planted), limit=UNTIMED)
    asked = Ask(path=b"/page", query=b"a=1&b=2&c=raise&d=3", headers=((b"x", b"y"),))
    smallest = asyncio.run(judge.smaller(asked, "ZeroDivisionError: planted"))
    assert isinstance(smallest, Ask)
    assert (smallest.query, smallest.headers) == (b"raise", ())


def test_a_fault_is_told_with_the_words_that_ask_it_again():
    area = Area("planted", 1, lambda rng: Ask(path=b"/page", query=b"raise" if rng.random() < 0.5 else b"fine"))
    row = Judge(SecurityHeaders(planted), limit=UNTIMED).area(area, 4, range(20))
    assert 0 < row.faulty < 20
    assert "--seed 4 --area 'planted' --number" in row.faults[0].where
    assert "query=b'raise'" in row.faults[0].smallest
    assert f"| {row.faulty} |" in table.written([row], 4, 1.0)
    assert "ZeroDivisionError" in table.written([row], 4, 1.0)


def test_a_parser_that_raises_what_is_no_refusal_is_found(monkeypatch):
    monkeypatch.setitem(READERS, "planted", lambda raw: {"a": 1}[raw])
    judge = Judge(planted, limit=UNTIMED)
    _, faults = asyncio.run(judge.judged(Reading(reader="planted", raw="b")))
    assert any("KeyError" in one for one in faults)


def test_of_one_sort_a_few_faults_are_told_and_all_are_counted():
    row = Row(area="planted")
    for number in range(9):
        row.blame(Fault(where=str(number), sort="same", what="x", smallest="y"))
    assert (row.faulty, len(row.faults)) == (9, 3)


def test_a_planted_fault_on_the_wire_is_found():
    back = wire.Back(statuses=(200, 500), seconds=0.1, ended=False)
    says = wire.faults(wire.Sent(pieces=(b"",), complete=True), back)
    assert says == ["status 500", "hang: the connection was neither answered nor ended"]
    silent = wire.Back(statuses=(), seconds=2.0, ended=True)
    assert wire.faults(wire.Sent(pieces=(b"",), complete=True), silent)[0] == "no answer"


def test_every_status_that_is_let_pass_is_in_the_table_of_errors():
    assert set(STATUS.values()) - {500} >= {501, 503, 507}


# --- in a browser ---


@pytest.fixture(scope="module")
def watch(browser, server):
    return chromium.Watch(browser, server)


def test_hostile_addresses_do_nothing_in_a_browser(watch):
    row = chromium.visited(watch, 7, 8)
    assert row.inputs == 8
    assert not row.faulty, told(row)


def test_hostile_messages_do_nothing_in_a_browser(watch):
    row = chromium.messaged(watch, 7, 60)
    assert row.inputs == 60
    assert not row.faulty, told(row)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("alert('planted')", "dialog: planted"),
        ("setTimeout(() => { throw new Error('planted') })", "uncaught: Error: planted"),
        ("location = 'http://127.0.0.1:9/x'", "request to another host"),
        (f"{CANARY}()", "a script of the reader's own ran"),
        ("open('/healthz')", "a window was opened"),
        ("document.body.innerHTML = '<img src=x onerror=1>'", "Content Security Policy"),
    ],
)
def test_what_a_script_would_do_in_a_browser_is_seen(browser, server, script, says):
    # A context of its own: a page that was sent elsewhere may still be on its way there when the test is over.
    alone = chromium.Watch(browser, server)
    alone.page.goto("/docs")
    assert alone.taken() == []
    alone.page.evaluate(f"() => {{ {script} }}")
    until(alone.page, lambda: any(says in fault for fault in alone.found))
    alone.context.close()


def test_what_is_sent_to_frames_is_of_every_sort():
    sent = [chromium.message(Random(number)) for number in range(300)]
    assert any(isinstance(one, str) for one in sent)
    assert any(isinstance(one, dict) and "convoscope" in one for one in sent)
    assert any(isinstance(one, dict) and one.get("context") == "player.js" for one in sent)
