"""The application put together: routes inside, layers around."""

from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from app import VERSION, api, errors, logs, memory, static
from app.addresses import Addresses
from app.cache import Cache
from app.compression import Compression
from app.exports import routes as exports
from app.head import HeadAsGet
from app.heavy import Heavy
from app.life import Life
from app.logs import RequestLog
from app.metrics import Metrics, Parts
from app.observing import Observer, Observing
from app.oembed import Oembed
from app.offline import routes as offline
from app.pages import Pages
from app.pictures import Pictures
from app.resources import Resources
from app.security import SecurityHeaders
from app.settings import Settings
from app.work import Workers

_DESCRIPTION = """Every convolution type of deep learning, step by step.

A trace holds all that a figure of a convolution needs: tensors, what each step reads and writes, sizes and costs.
It is a pure function of its URL. Errors have one shape: what is wrong, in numbers, and the nearest value that works.
"""


class DirectRoute(APIRoute):
    """A route that hands the request to its endpoint as it is: ours read parameters and bodies themselves, strictly.

    What FastAPI would do before (resolve dependencies, parse the query) takes a good part of the time of a small trace,
    and so does trying the patterns of all other kinds' routes.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        if "{" not in self.path and not scope["path"].endswith(self.path):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        endpoint: Callable[[Request], Coroutine[Any, Any, Response]] = self.endpoint
        return endpoint


class Application:
    """The ASGI application. A request passes the layers from the outside in; the cache is asked before routing.

    Attributes:
        routes: the FastAPI application inside, which knows the routes and describes them.
        cache: the layer that keeps finished answers.
        heavy: where heavy work is done.
        life: whether it starts, serves or stops.
        observing: the outermost layer, which names and counts requests.
    """

    def __init__(self, settings: Settings) -> None:
        heavy = Heavy(
            processes=settings.processes,
            threads=settings.threads,
            queue=settings.queue,
            seconds=settings.heavy_seconds,
        )
        workers = Workers(settings.threads, heavy)
        resources = Resources(settings)
        self.heavy = heavy
        self.life = Life(heavy)
        metrics = Metrics() if settings.metrics else None
        self.routes = _routes(settings, resources, workers, self.life, metrics)
        layers = Compression(SecurityHeaders(self.routes))
        self.cache = Cache(layers, settings.cache_bytes, api.answers(settings), resources.languages)
        addresses = Addresses(self.routes.routes)
        observers: list[Observer] = []
        if settings.log:
            observers.append(RequestLog(addresses, with_client=settings.log_addresses))
        if metrics:
            observers.append(metrics)
        self.observing = Observing(HeadAsGet(self.cache), self.life, tuple(observers))
        if metrics:
            metrics.watch(Parts(self.observing, self.cache.store, heavy), addresses)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.observing(scope, receive, send)


def create_app(settings: Settings | None = None) -> Application:
    """A new application, by the environment's settings where none are given."""
    return Application(settings or Settings.from_environment())


def _routes(settings: Settings, resources: Resources, workers: Workers, life: Life, metrics: Metrics | None) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        memory.settle()
        resources.assets.compress_further(settings.brotli_quality)
        with logs.structured(settings.log), workers.heavy.at_work():
            life.state = "serving"
            yield
            life.state = "stopping"

    routes = FastAPI(
        title="Convoscope",
        version=VERSION,
        description=_DESCRIPTION,
        # All three are served by routes of our own: from memory, and without scripts of another host.
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        # One address a thing: with a slash at its end it is another one, which does not exist.
        redirect_slashes=False,
        lifespan=lifespan,
    )
    routes.router.route_class = DirectRoute
    pages = Pages(resources, settings, workers)
    errors.install(routes, pages.render_error)
    api.add_routes(routes, settings, workers)
    exports.add_routes(routes, settings)
    api.add_health_routes(routes, workers, life)
    if metrics:
        metrics.add_route(routes, settings)
    offline.add_routes(routes, resources, settings, workers)
    static.add_routes(routes, resources)
    Pictures(resources, settings, workers).add_routes(routes)
    Oembed(resources, settings, workers).add_routes(routes)
    pages.add_routes(routes)
    return routes


app = create_app()
