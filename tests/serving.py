"""An application on a port of its own, as servers run it."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
import uvicorn
from fastapi import FastAPI

_LONGEST_START = 20.0  # seconds


@contextmanager
def served(app: FastAPI, lifespan: Literal["auto", "off"] = "off") -> Iterator[str]:
    """The address of ``app`` while it runs in a thread."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none", lifespan=lifespan))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        deadline = time.monotonic() + _LONGEST_START
        while not server.started:
            if time.monotonic() > deadline or not thread.is_alive():
                pytest.fail("the application did not start")
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=_LONGEST_START)
