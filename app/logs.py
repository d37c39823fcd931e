"""Structured logs: one line an event, in JSON or logfmt, without contents; `docs/operations.md` names the fields."""

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import orjson

from app import stacks
from app.addresses import Addresses, kind_of
from app.observing import Observed, request_id

FORMS = ("json", "logfmt")
REQUESTS = logging.getLogger("convoscope.requests")
EVENTS = logging.getLogger("convoscope.events")

# What asks whether we live asks every few seconds, and is told elsewhere when we do not.
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
# Loggers whose lines take our form; uvicorn's own lines of requests hold addresses and queries.
_OURS = ("convoscope", "app", "uvicorn", "asyncio")
_SILENT = "uvicorn.access"
_BARE = re.compile(r"[^\s\"=\\]+").fullmatch


class RequestLog:
    """Writes a line for every request but probes that find all well."""

    def __init__(self, addresses: Addresses, *, with_client: bool) -> None:
        self._addresses = addresses
        self._with_client = with_client

    def __call__(self, observed: Observed) -> None:
        route = self._addresses.route(observed.path)
        if route in _QUIET and observed.status == 200:
            return
        fields = {
            "request": observed.id,
            "method": observed.method,
            "route": route,
            "kind": kind_of(observed.path) if "{slug}" in route else "",
            "status": observed.status,
            "bytes": observed.size,
            "ms": round(observed.seconds * 1000, 1),
            "error": observed.error,
            "client": observed.client if self._with_client else "",
        }
        level = logging.ERROR if observed.status in (0, 500) else logging.INFO
        REQUESTS.log(level, "request", extra={"fields": {name: value for name, value in fields.items() if value != ""}})


class Structured(logging.Formatter):
    """A record as one line."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._write = _json if form == "json" else _logfmt

    def format(self, record: logging.LogRecord) -> str:
        fields: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
        }
        if name := request_id.get():
            fields["request"] = name
        fields |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            fields["error"] = stacks.kind(record.exc_info[1])
            fields["where"] = stacks.places(record.exc_info[1])
        return self._write(fields)


@contextmanager
def structured(form: str) -> Iterator[None]:
    """While the block lasts, what is logged goes to standard output in this form; without a form, nothing changes."""
    if not form:
        yield
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(Structured(form))
    loggers = [logging.getLogger(name) for name in _OURS]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    silent = logging.getLogger(_SILENT)
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
        logger.setLevel(logger.level or logging.INFO)
    silent.disabled = True
    try:
        yield
    finally:
        silent.disabled = False
        for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
            logger.setLevel(level)


def _json(fields: dict[str, Any]) -> str:
    return orjson.dumps(fields, default=str).decode()


def _logfmt(fields: dict[str, Any]) -> str:
    """Pairs, quoted where they must be.

    >>> _logfmt({"event": "two words", "status": 200, "where": ["a:1 f", "b:2 g"]})
    'event="two words" status=200 where="a:1 f, b:2 g"'
    """
    return " ".join(f"{name}={_quoted(value)}" for name, value in fields.items())


def _quoted(value: Any) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if _BARE(text) else orjson.dumps(text).decode()
