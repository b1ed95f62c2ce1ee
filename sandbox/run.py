"""Runs a sandbox: in a thread of this process, or as the process itself."""

import socket
import threading
from dataclasses import dataclass

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.config import SandboxConfig
from sandbox.server import create_app

_START_SECONDS = 15.0


class _Protocol(HttpToolsProtocol):
    """Lets the dropped-connection fault reach the connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["sandbox.transport"] = self.transport  # type: ignore[typeddict-unknown-key]  # ours


class _Server(uvicorn.Server):
    """Ends long polls and event streams first; they would hold up the shutdown."""

    def __init__(self, config: SandboxConfig, announce: str = "") -> None:
        self.app = create_app(config)
        self._announce = announce
        super().__init__(
            uvicorn.Config(
                self.app,
                http=_Protocol,
                ws="none",
                access_log=False,
                log_level="warning",
                timeout_graceful_shutdown=2,
                timeout_keep_alive=60,
                backlog=4096,
            )
        )

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to serve, and says where once connections are taken."""
        await super().startup(sockets)
        if self._announce:
            print(self._announce, flush=True)  # noqa: T201  # the one thing a caller waits for

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops serving."""
        self.app.state.sandbox.close()
        await super().shutdown(sockets)


@dataclass(slots=True)
class Running:
    """A sandbox that serves in a thread.

    Attributes:
        url: Where, without a slash at the end.
        config: Its settings; `config.token` is what a bot needs.
    """

    url: str
    config: SandboxConfig
    _server: _Server
    _thread: threading.Thread

    def stop(self) -> None:
        """Ends it and frees its port and its state file."""
        self._server.should_exit = True
        self._thread.join()


def start(config: SandboxConfig | None = None) -> Running:
    """Starts a sandbox in a thread and waits until it answers.

    Args:
        config: Its settings; port 0 picks a free one.

    Raises:
        OSError: The port is taken.
        StateInUseError: Another sandbox uses the state file.
    """
    config = config or SandboxConfig(port=0)
    listener, server = _prepare(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
    )
    thread.start()
    ready = threading.Event()
    waited = 0.0
    while not server.started and thread.is_alive() and waited < _START_SECONDS:
        ready.wait(0.01)
        waited += 0.01
    if not server.started:
        raise RuntimeError("the sandbox did not start")
    return Running(_url(listener), config, server, thread)


def serve(config: SandboxConfig) -> None:
    """Serves until it is interrupted; prints its URL first.

    Raises:
        OSError: The port is taken.
        StateInUseError: Another sandbox uses the state file.
    """
    listener, server = _prepare(config, announce=True)
    server.run(sockets=[listener])


def _prepare(config: SandboxConfig, *, announce: bool = False) -> tuple[socket.socket, _Server]:
    listener = _listen(config)
    try:
        return listener, _Server(config, _url(listener) if announce else "")
    except BaseException:  # whatever it was, the port is given back
        listener.close()
        raise


def _listen(config: SandboxConfig) -> socket.socket:
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((config.host, config.port))
    except OSError:
        listener.close()
        raise
    return listener


def _url(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
