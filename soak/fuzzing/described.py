"""What the OpenAPI document allows, and what it forbids: examples that schemathesis makes of every operation."""

import asyncio
import time
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from starlette.types import ASGIApp

from app.main import create_app
from soak.fuzzing.asking import Ask
from soak.fuzzing.running import Fault, Judge, Row, shown, sort_of

NAME = "OpenAPI"


def run(judge: Judge, seed: int, count: int) -> Row:
    """So many examples, in turn of every operation, half of them of what the document forbids."""
    row = Row(area=NAME)
    began = time.monotonic()
    for number, request in enumerate(asked(create_app(), seed, count)):
        answer, found = asyncio.run(judge.judged(request))
        row.add(str(answer.status), answer.cpu * 1000)
        if found:
            smallest = asyncio.run(judge.smaller(request, sort_of(found)))
            where = f"--seed {seed} --area {NAME}, number {number}"
            row.blame(Fault(where=where, sort=sort_of(found), what="; ".join(found), smallest=shown(smallest)))
    row.seconds = time.monotonic() - began
    return row


def asked(app: ASGIApp, seed: int, count: int) -> Iterator[Ask]:
    """The examples as requests; the same for the same seed and the same release of what makes them."""
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app)
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    Random(seed).shuffle(operations)
    each = -(-count // len(operations))
    for number, operation in enumerate(operations[:count]):
        mode = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[number % 2]
        yield from _examples(operation, mode, seed + number, min(each, count - number * each))


def _examples(operation: Any, mode: GenerationMode, seed: int, count: int) -> list[Ask]:
    found: list[Ask] = []
    if count < 1:
        return found

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    def collect(case: Any) -> None:
        found.append(_request(case))

    try:
        collect()
    except hypothesis.errors.Unsatisfiable:
        return []  # of an operation without parameters nothing can be wrong
    return found[:count]


def _request(case: Any) -> Ask:
    given = case.as_transport_kwargs(base_url="http://127.0.0.1")
    names = ("method", "url", "headers", "files", "data", "json", "params", "auth", "cookies")
    sent = requests.Request(**{name: given[name] for name in names if name in given}).prepare()
    parts = urlsplit(str(sent.url))
    body: Any = sent.body or b""
    body = body.encode() if isinstance(body, str) else body
    headers = tuple((str(name).encode(), str(value).encode("utf-8")) for name, value in sent.headers.items())
    return Ask(
        method=str(sent.method),
        path=parts.path.encode(),
        query=parts.query.encode(),
        headers=headers,
        body=(bytes(body),),
    )
