"""Serves the application and says where."""

from __future__ import annotations

import socket

import uvicorn

from temsiqa.assistant import Assistant
from temsiqa.errors import SettingsError
from temsiqa.server.app import create_app
from temsiqa.settings import Settings


class _Server(uvicorn.Server):
    """Says in one line that it serves, once it does."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            host, port = sockets[0].getsockname()[:2]
            host = f"[{host}]" if ":" in host else host
            print(f"temsiqa answers at http://{host}:{port} (stop with Ctrl-C)", flush=True)  # noqa: T201


def run(settings: Settings) -> None:
    """Serves until stopped. Raises ``TemsiqaError`` when the address cannot be had or nothing can be answered from."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        _listen(listener, settings)
        # Opened here: what is wrong with the index is told in one line, where uvicorn would tell it in a trace.
        app = create_app(settings, Assistant.open(settings))
        # No access log: addresses of requests are nobody's business here, and nothing typed may end up in a log.
        config = uvicorn.Config(app, log_level="warning", access_log=False, ws="none")
        _Server(config).run(sockets=[listener])


def _listen(listener: socket.socket, settings: Settings) -> None:
    """Before anything is loaded, so that two that start together cannot both believe that the port is theirs."""
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen()
    except (OSError, UnicodeError) as error:
        address, reason = f"{settings.host}:{settings.port}", getattr(error, "strerror", None) or "no valid address"
        raise SettingsError(f"{address}: cannot be listened on ({reason}); name another --host or --port") from error
