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
_NOT_JSON = "the body is no valid JSON; send an object with messages"
_DETAILS: dict[int, str] = {
    HTTPStatus.BAD_REQUEST: _NOT_JSON,
    HTTPStatus.NOT_FOUND: "nothing is at this address; see /openapi.json",
    HTTPStatus.METHOD_NOT_ALLOWED: "this address takes another method; see the Allow header",
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


def _invalid(request: Request, error: Exception) -> JSONResponse:
    """The first thing that is wrong with a request, by field and rule; never the value, which a patient typed."""
    first = error.errors()[0] if isinstance(error, RequestValidationError) else {}
    if first.get("type") == "json_invalid":
        return problem(HTTPStatus.BAD_REQUEST, _NOT_JSON)
    place = first.get("loc", ())
    if place == ("body",) and first["type"] != "missing" and "json" not in request.headers.get("content-type", ""):
        return problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is not sent as JSON; set Content-Type: application/json"
        )
    if first.get("type") == "extra_forbidden":
        place = place[:-1]  # the name of an unknown field was typed too
    field = ".".join(str(part) for part in place)
    rule = first.get("msg", "invalid").removeprefix("Value error, ")
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field}: {rule}; see /openapi.json")


def _http(_: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else HTTPStatus.INTERNAL_SERVER_ERROR
    response = problem(status, _DETAILS.get(status, HTTPStatus(status).phrase))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


class _Guard:
    """Bounds the body, and answers for errors that nobody foresaw."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:
            return
        if len(body) > LARGEST_BODY:
            detail = f"the body is larger than {LARGEST_BODY} bytes; send less"
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail)(scope, receive, send)
            return
        messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        started = False

        async def read() -> Message:
            return messages.pop() if messages else await receive()

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, read, noted)
        except Exception as error:  # noqa: BLE001 - the last place: a bug must neither leak nor end the server
            log.error("%s at %s", type(error).__name__, _where(error))
            if not started:
                await problem(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of this service; try again")(
                    scope, receive, send
                )


async def _read(receive: Receive) -> bytes | None:
    """The body up to the first byte too many; None when the client has left."""
    body = bytearray()
    while len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(body)


def _where(error: BaseException) -> str:
    """File, line and function of the innermost frames; the message is left out, since it may quote a question."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    return " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
