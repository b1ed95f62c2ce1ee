"""Runs a school: in a thread of this process, or as the process itself."""

import socket
import threading
from dataclasses import dataclass

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.server import create_app

_START_SECONDS = 15.0


class _Protocol(HttpToolsProtocol):
    """Lets the fault of a cut connection reach the connection."""

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["school.transport"] = self.transport  # type: ignore[typeddict-unknown-key]  # ours


class _Server(uvicorn.Server):
    """Says where it serves once connections are taken."""

    def __init__(self, config: SchoolConfig, announce: str = "") -> None:
        self._announce = announce
        app = create_app(config)
        settings = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        super().__init__(settings)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to serve."""
        await super().startup(sockets)
        if self._announce:
            print(self._announce, flush=True)  # noqa: T201  # the one thing a caller waits for


@dataclass(slots=True)
class RunningSchool:
    """A school that serves in a thread.

    Attributes:
        url: Where, without a slash at the end.
        config: Its settings.
    """

    url: str
    config: SchoolConfig
    _server: _Server
    _thread: threading.Thread

    def stop(self) -> None:
        """Ends it and frees its port."""
        self._server.should_exit = True
        self._thread.join()


def start(config: SchoolConfig | None = None) -> RunningSchool:
    """Starts a school in a thread and waits until it answers.

    Args:
        config: Its settings; port 0 picks a free one.

    Raises:
        OSError: The port is taken.
        ValueError: The state file is none of a school.
        StateInUseError: Another school uses it.
    """
    config = config or SchoolConfig(port=0)
    listener, server = _prepare(config)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="school", daemon=True
    )
    thread.start()
    pause, waited = threading.Event(), 0.0
    while not server.started and thread.is_alive() and waited < _START_SECONDS:
        pause.wait(0.01)
        waited += 0.01
    if not server.started:
        raise RuntimeError("the school did not start")
    return RunningSchool(_url(listener), config, server, thread)


def serve(config: SchoolConfig) -> None:
    """Serves until it is interrupted; prints where first.

    Raises:
        OSError: The port is taken.
        ValueError: The state file is none of a school.
        StateInUseError: Another school uses it.
    """
    listener, server = _prepare(config, announce=True)
    server.run(sockets=[listener])


def _prepare(config: SchoolConfig, *, announce: bool = False) -> tuple[socket.socket, _Server]:
    listener = _listen(config)
    try:
        return listener, _Server(config, f"{_url(listener)}/school" if announce else "")
    except BaseException:  # whatever it was, the port is given back
        listener.close()
        raise


def _listen(config: SchoolConfig) -> socket.socket:
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
