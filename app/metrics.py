"""Figures about the process for Prometheus, with few labels: of routes, never of figures or readers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from app import VERSION, extra, query
from app.addresses import Addresses
from app.cache import Store
from app.heavy import Heavy
from app.observing import Observed, Observing
from app.settings import Settings, SettingsError

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

PATH = "/metrics"
EXTRA = "metrics"

_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "PATCH"})
# Exceptions have as many names as libraries like.
_UNFORESEEN = "exception"


@dataclass(frozen=True, slots=True)
class Parts:
    """What of an application is read whenever somebody asks, rather than counted."""

    observing: Observing
    store: Store
    heavy: Heavy


class Metrics:
    """What is counted of one application; raises SettingsError where the library is not installed."""

    def __init__(self) -> None:
        if extra.missing(("prometheus_client",)):
            raise SettingsError(
                "CONVOSCOPE_METRICS is set, and the library that makes metrics is not installed. "
                f"Install it with {extra.install(EXTRA)}, or unset CONVOSCOPE_METRICS."
            )
        # Imported late: few want it, and it is no dependency.
        from prometheus_client import CollectorRegistry, Counter, Histogram, Info, ProcessCollector

        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        Info("convoscope", "The release.", registry=self.registry).info({"version": VERSION})
        self._requests = Counter(
            "convoscope_requests", "Requests answered.", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "convoscope_request_seconds",
            "Seconds from a request to the end of its answer.",
            ("route",),
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self._bytes = Counter(
            "convoscope_response_bytes", "Bytes of answers' bodies.", ("route",), registry=self.registry
        )
        self._errors = Counter(
            "convoscope_errors", "Errors answered, by their code.", ("code",), registry=self.registry
        )
        self._addresses = Addresses(())

    def watch(self, parts: Parts, addresses: Addresses) -> None:
        """Read these parts, and name the routes that are counted by these addresses."""
        self._addresses = addresses
        self.registry.register(_Live(parts))

    def __call__(self, observed: Observed) -> None:
        route = self._addresses.route(observed.path)
        method = observed.method if observed.method in _METHODS else "other"
        self._requests.labels(route, method, observed.status).inc()
        self._seconds.labels(route).observe(observed.seconds)
        self._bytes.labels(route).inc(observed.size)
        if observed.error:
            self._errors.labels(_UNFORESEEN if observed.error[0].isupper() else observed.error).inc()

    def add_route(self, app: FastAPI, settings: Settings) -> None:
        """`/metrics`, in the text format of Prometheus."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        async def metrics(request: Request) -> Response:
            query.refuse_all(request.scope["query_string"], settings.query_limit)
            headers = {"Cache-Control": "no-store", "Content-Type": CONTENT_TYPE_LATEST}
            return Response(generate_latest(self.registry), headers=headers)

        app.add_api_route(PATH, metrics, methods=["GET"], include_in_schema=False)


class _Live:
    """Reads the parts."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def collect(self) -> "Iterator[Metric]":
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        for name, text, read in _GAUGES:
            yield GaugeMetricFamily(f"convoscope_{name}", text, value=read(self._parts))
        for name, text, read in _COUNTERS:
            yield CounterMetricFamily(f"convoscope_{name}", text, value=read(self._parts))


Reading = tuple[str, str, Callable[[Parts], float]]

_GAUGES: tuple[Reading, ...] = (
    ("requests_in_flight", "Requests whose answers are not sent.", lambda parts: parts.observing.in_flight),
    ("cache_bytes", "Bytes of answers that are kept.", lambda parts: parts.store.size),
    ("cache_limit_bytes", "Bytes that may be kept.", lambda parts: parts.store.limit),
    ("cache_answers", "Answers that are kept.", lambda parts: len(parts.store)),
    ("heavy_running", "Heavy pieces of work being done.", lambda parts: parts.heavy.running),
    ("heavy_waiting", "Heavy pieces of work in the queue.", lambda parts: parts.heavy.waiting),
    ("heavy_queue", "Heavy pieces of work that may wait.", lambda parts: parts.heavy.queue),
    ("pool_processes", "Processes of the pool.", lambda parts: len(parts.heavy.pool.pids) if parts.heavy.pool else 0),
    (
        "pool_ready",
        "Processes of the pool that are warm.",
        lambda parts: parts.heavy.pool.ready if parts.heavy.pool else 0,
    ),
)
_COUNTERS: tuple[Reading, ...] = (
    ("cache_hits", "Answers found in the cache.", lambda parts: parts.store.hits),
    ("cache_misses", "Answers looked for in the cache and not found.", lambda parts: parts.store.misses),
    ("pool_lost", "Processes of the pool that ended.", lambda parts: parts.heavy.pool.lost if parts.heavy.pool else 0),
    ("pool_late", "Those ended for taking too long.", lambda parts: parts.heavy.pool.killed if parts.heavy.pool else 0),
)
