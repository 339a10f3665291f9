"""The FastAPI application. Nothing is loaded at import; the lifespan loads the assistant once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool

from temsiqa import __version__
from temsiqa.assistant import Assistant
from temsiqa.server import problems
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
    """The application for ``settings``; with ``assistant`` given, that one answers and nothing is loaded."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.assistant = assistant or await run_in_threadpool(
            Assistant.open, settings.index, settings.encoder, settings.policy
        )
        yield
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

    @app.middleware("http")
    async def add_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
        response = await call_next(request)
        response.headers.update(_HEADERS)
        return response

    problems.install(app)
    app.include_router(router)
    if settings.web.is_dir():
        app.mount("/", StaticFiles(directory=settings.web, html=True))
    return app
