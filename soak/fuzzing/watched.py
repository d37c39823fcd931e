"""The application for a server of its own, which remembers what left it as an exception: uvicorn's log keeps that to
itself. `soak.fuzzing.watched:app` is what uvicorn runs."""

import traceback

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from app.main import create_app
from app.settings import Settings

TOLD = "/told-to-the-fuzzer"
_MOST = 20


class Watched:
    """An application, and an address that tells what it raised."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.raised: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == TOLD:
            await JSONResponse(self.raised)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        except Exception:
            place = f"{scope.get('method')} {scope.get('path')!r} {scope.get('query_string')!r}"
            self.raised = [*self.raised, f"{place}\n{traceback.format_exc()[-1500:]}"][-_MOST:]
            raise


app = Watched(create_app(Settings(strict_strings=True, brotli_quality=1)))
