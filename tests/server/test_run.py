"""``temsiqa serve`` as a process: where it answers, how it ends, and what it keeps to itself."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2 as httpx
import pytest

from support import INFUSION_QUESTION, REPOSITORY
from temsiqa.assistant import Assistant
from temsiqa.errors import SettingsError, TemsiqaError
from temsiqa.server import run as server
from temsiqa.settings import Settings

CANARY = "Zyxwonder-canary-4711"
LONGEST_WAIT = 60
ANSWERS_AT = re.compile(r"temsiqa answers at (http://\S+:[1-9]\d*) \(stop with Ctrl-C\)\n")


def chat(content: str) -> bytes:
    """A chat request."""
    return json.dumps({"messages": [{"role": "user", "content": content}]}).encode()


@dataclass
class Served:
    """A service in a process of its own."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    def printed(self) -> str:
        """Everything that it printed so far."""
        return "".join((self.folder / name).read_text(encoding="utf-8") for name in ("out", "err"))


@contextmanager
def serving(folder: Path, index: Path) -> Iterator[Served]:
    """A service over ``index`` on a free port, with ``folder`` as its working directory."""
    command = [sys.executable, "-c", "from temsiqa.cli import main; main()"]
    arguments = ["serve", "--port", "0", "--index", str(index)]
    environment = {**os.environ, "TEMSIQA_WEB": str(REPOSITORY / "web")}
    with (folder / "err").open("wb") as err:
        process = subprocess.Popen(
            [*command, *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=err
        )
    watchdog = threading.Timer(LONGEST_WAIT, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        told = ANSWERS_AT.fullmatch(line)
        assert told, (line, (folder / "err").read_text(encoding="utf-8"))
        yield Served(told[1], folder, process)
    finally:
        process.kill()
        (folder / "out").write_bytes(process.communicate()[0])
        watchdog.cancel()


def send_everything(url: str) -> None:
    """Questions, malformed requests and broken connections that all hold the canary."""
    with httpx.Client(base_url=url, trust_env=False, timeout=LONGEST_WAIT) as client:
        headers = {"Content-Type": "application/json"}
        for sent, status in (
            (chat(f"half-life of temsirolimus, {CANARY}?"), 200),
            (chat(CANARY)[:-2], 400),
            (json.dumps({CANARY: CANARY}).encode(), 422),
            (b"[" * 100_000, 400),
            (chat(CANARY * 1000), 422),
        ):
            assert client.post("/v1/chat", content=sent, headers=headers).status_code == status
        assert client.get(f"/{CANARY}").status_code == 404
        assert client.get("/").status_code == 200
    address = httpx.URL(url)
    for sent in (
        CANARY.encode() + b"\r\n\r\n",
        f"POST /v1/chat HTTP/1.1\r\nContent-Length: 99\r\n\r\n{CANARY}".encode(),
    ):
        with socket.create_connection((address.host, address.port or 0), timeout=LONGEST_WAIT) as connection:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)


@pytest.mark.model
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, -signal.SIGTERM)])
def test_it_answers_keeps_silent_and_ends(tmp_path: Path, part_index: Path, stop: signal.Signals, code: int) -> None:
    with serving(tmp_path, part_index) as served:
        send_everything(served.url)
        served.process.send_signal(stop)
        assert served.process.wait(LONGEST_WAIT) == code
    assert (tmp_path / "out").read_bytes() == b""
    assert "Traceback" not in served.printed()
    assert {path.name for path in tmp_path.iterdir()} == {"out", "err"}
    assert CANARY not in served.printed()


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch, tiny_assistant: Assistant) -> list[server._Server]:
    """The servers that are started; each answers from the tiny corpus."""
    servers: list[server._Server] = []

    class Noted(server._Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            servers.append(self)
            ready.release()

    ready = threading.Semaphore(0)
    monkeypatch.setattr(server, "_Server", Noted)
    monkeypatch.setattr(Assistant, "open", lambda *_: tiny_assistant)
    monkeypatch.setattr(Noted, "ready", ready, raising=False)
    return servers


@contextmanager
def running(settings: Settings, started: list[server._Server]) -> Iterator[None]:
    """A service in a thread of this process."""
    thread = threading.Thread(target=server.run, args=(settings,))
    thread.start()
    try:
        assert server._Server.ready.acquire(timeout=LONGEST_WAIT)  # type: ignore[attr-defined]
        yield
    finally:
        for each in started:
            each.should_exit = True
        thread.join(LONGEST_WAIT)
    assert not thread.is_alive()


@pytest.mark.parametrize(("host", "shown"), [("127.0.0.1", "127.0.0.1"), ("::1", "[::1]"), ("localhost", "127.0.0.1")])
def test_the_address_printed_can_be_opened(
    started: list[server._Server], capsys: pytest.CaptureFixture[str], host: str, shown: str
) -> None:
    with running(Settings(host=host, port=0), started):
        told = ANSWERS_AT.fullmatch(capsys.readouterr().out)
        assert told
        assert told[1].startswith(f"http://{shown}:")
        assert httpx.get(f"{told[1]}/healthz", trust_env=False).status_code == 200


def test_over_a_real_connection(started: list[server._Server], capsys: pytest.CaptureFixture[str]) -> None:
    with running(Settings(port=0), started):
        url = ANSWERS_AT.fullmatch(capsys.readouterr().out)
        assert url
        with httpx.Client(base_url=url[1], trust_env=False, headers={"Content-Type": "application/json"}) as client:
            whole = chat(INFUSION_QUESTION)
            answer = client.post("/v1/chat", content=whole)
            assert answer.json()["outcome"] == "answered"
            assert client.post("/v1/chat", content=iter([whole[:20], whole[20:]])).content == answer.content
            assert client.post("/v1/chat", content=whole.ljust(300_000)).status_code == 413
            assert client.post("/v1/chat", content=iter([b"x" * 1000] * 300)).status_code == 413
    assert capsys.readouterr().err == ""


def test_a_websocket_is_no_address(started: list[server._Server], capsys: pytest.CaptureFixture[str]) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
    with running(Settings(port=0), started):
        url = ANSWERS_AT.fullmatch(capsys.readouterr().out)
        assert url
        response = httpx.get(
            f"{url[1]}/v1/chat", headers={**upgrade, "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}, trust_env=False
        )
        assert response.status_code == 405
    assert "Traceback" not in capsys.readouterr().err


def test_a_port_is_taken_before_the_index_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_while_the_port_is_taken(*_: object) -> Assistant:
        port = server_socket[0].getsockname()[1]
        with pytest.raises(SettingsError, match=f"127.0.0.1:{port}: cannot be listened on"):
            server.run(Settings(port=port, index=tmp_path))
        raise TemsiqaError("opened")

    server_socket: list[socket.socket] = []
    real = socket.socket

    def noted(*arguments: int) -> socket.socket:
        server_socket.append(real(*arguments))
        return server_socket[-1]

    monkeypatch.setattr(socket, "socket", noted)
    monkeypatch.setattr(Assistant, "open", open_while_the_port_is_taken)
    with pytest.raises(TemsiqaError, match="opened"):
        server.run(Settings(port=0, index=tmp_path))
    assert server_socket[0].fileno() == -1
