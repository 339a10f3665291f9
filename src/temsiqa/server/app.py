"""The FastAPI application. Nothing is loaded at import; the lifespan loads the assistant and keeps it current."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from temsiqa import __version__
from temsiqa.assistant import Assistant
from temsiqa.server import problems
from temsiqa.server.reload import keep_current
from temsiqa.server.routes import router
from temsiqa.settings import Settings

# The page needs nothing from elsewhere, and nobody may frame it or run a script in it.
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def create_app(settings: Settings, assistant: Assistant | None = None) -> FastAPI:
    """The application for ``settings``; with ``assistant`` given, that one answers."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nonlocal assistant
        app.state.assistant = assistant or await run_in_threadpool(Assistant.open, settings)
        assistant = None  # once it is renewed, nothing may keep its generation in memory
        async with asyncio.TaskGroup() as tasks:
            renewing = tasks.create_task(keep_current(app.state))
            yield
            renewing.cancel()
        app.state.assistant = None

    app = FastAPI(
        title="temsiqa",
        version=__version__,
        summary="Answers about temsirolimus from the literature and from nothing else.",
        lifespan=lifespan,
        docs_url=None,  # both documentation pages load scripts from elsewhere; /openapi.json is the reference
        redoc_url=None,
    )
    app.state.assistant = None

    problems.install(app)
    app.add_middleware(_Headers)  # the last one added is the outermost: problems get these headers too
    app.include_router(router)
    if settings.web.is_dir():
        # Not mounted: a mount at / would take GET /v1/chat too, which is to be told that it needs POST.
        app.router.default = StaticFiles(directory=settings.web, html=True)
    return app


class _Headers:
    """Puts the security headers on every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
            await send(message)

        await self._app(scope, receive, with_headers)
