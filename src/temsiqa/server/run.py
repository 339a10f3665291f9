"""Serves the application and says where."""

from __future__ import annotations

import socket

import uvicorn

from temsiqa.errors import SettingsError
from temsiqa.server.app import create_app
from temsiqa.settings import Settings


class _Server(uvicorn.Server):
    """Says in one line that it serves, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            print(f"temsiqa answers at http://{host}:{port} (stop with Ctrl-C)", flush=True)  # noqa: T201


def run(settings: Settings) -> None:
    """Serves until stopped. Raises ``SettingsError`` when the address cannot be had."""
    listener = socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        address = f"{settings.host}:{settings.port}"
        raise SettingsError(f"{address}: cannot be listened on ({error.strerror}); name another --port") from error
    # No access log: addresses of requests are nobody's business here, and nothing typed may end up in a log.
    config = uvicorn.Config(create_app(settings), log_level="warning", access_log=False)
    _Server(config).run(sockets=[listener])
