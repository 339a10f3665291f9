"""Errors as ``application/problem+json`` (RFC 9457). No trace, no input and no question ever goes out or into a log."""

from __future__ import annotations

import logging
import traceback
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from temsiqa.errors import IndexFolderError, QuestionError, TemsiqaError, UnknownDocumentError

LARGEST_BODY = 256 * 1024
MEDIA_TYPE = "application/problem+json"
log = logging.getLogger("temsiqa.server")

_STATUS: dict[type[TemsiqaError], HTTPStatus] = {
    QuestionError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnknownDocumentError: HTTPStatus.NOT_FOUND,
    IndexFolderError: HTTPStatus.SERVICE_UNAVAILABLE,
}


def problem(status: int, detail: str) -> JSONResponse:
    """One problem: its title is the name of the status."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": int(status), "detail": detail}
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Turns every error of ``app`` into a problem."""
    app.add_exception_handler(TemsiqaError, _told)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_middleware(_Guard)


def _told(_: Request, error: Exception) -> JSONResponse:
    status = next((s for kind, s in _STATUS.items() if isinstance(error, kind)), HTTPStatus.INTERNAL_SERVER_ERROR)
    return problem(status, str(error))


def _invalid(_: Request, error: Exception) -> JSONResponse:
    """The first thing that is wrong with a request, by field and rule; never the value, which a patient typed."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    if first.get("type") == "json_invalid":
        return problem(HTTPStatus.BAD_REQUEST, "the body is no valid JSON; send an object with messages")
    field = ".".join(str(part) for part in first.get("loc", ()))
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field}: {first.get('msg', 'invalid')}; see /openapi.json")


def _http(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    detail = str(error.detail) if isinstance(error, HTTPException) else ""
    response = problem(status, detail)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


class _Guard:
    """Outermost: bounds the body, and answers for errors that nobody foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        received = 0

        async def bounded() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > LARGEST_BODY:
                detail = f"the body is larger than {LARGEST_BODY} bytes; send less"
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, bounded, noted)
        except Exception as error:  # noqa: BLE001 - the last place: a bug must neither leak nor end the server
            log.error("%s at %s", type(error).__name__, _where(error))
            if not started:
                await problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of this service; try again")(
                    scope, receive, send
                )


def _where(error: BaseException) -> str:
    """File, line and function of the innermost frames; the message is left out, since it may quote a question."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
