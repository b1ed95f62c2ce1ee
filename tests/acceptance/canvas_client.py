"""A client of ours at the stand-in school, and a server that answers whatever a test wants."""

import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pydantic import SecretStr

from sandbox.canvas.config import SchoolConfig
from sandbox.canvas.run import RunningSchool, start
from sandbox.canvas.seed import token_of
from src.clients.canvas import CanvasClient
from src.clients.canvas_network import CanvasNetwork
from src.settings import CanvasSettings

# The pauses of a day, in the time of a test.
QUICK = CanvasSettings(pause_seconds=0.01, request_seconds=10, retries=5)
TOKEN = "7~" + "TokenOfThisTestAlone" * 3


@pytest.fixture(scope="module")
def school() -> Iterator[RunningSchool]:
    """The stand-in school, for the tests of a module that leave it as it was."""
    running = start()
    yield running
    running.stop()


@pytest.fixture
def own_school() -> Iterator[RunningSchool]:
    """A stand-in school that a test may change."""
    running = start(SchoolConfig(port=0))
    yield running
    running.stop()


@pytest.fixture
async def network() -> AsyncGenerator[CanvasNetwork]:
    """What clients share, with short pauses."""
    async with CanvasNetwork(QUICK, allow_loopback=True) as shared:
        yield shared


def client_of(network: CanvasNetwork, school: RunningSchool, name: str) -> CanvasClient:
    """Return a client with the token of somebody of the first school."""
    return CanvasClient(network, school.url, SecretStr(token_of(name)))


@dataclass(slots=True)
class Told:
    """An answer to give."""

    body: bytes = b"[]"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class OddServer:
    """Answers what it is told to, path by path, the last answer again and again.

    Attributes:
        url: Where it listens.
        answers: What it says, by the path with its query, or without.
        asked: What it was asked, in order.
        shown: The headers that came with each.
        pause: How long each answer takes, seconds.
        running: How many are being answered.
        most: How many that were at most.
    """

    url: str
    answers: dict[str, list[Told]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    shown: list[dict[str, str]] = field(default_factory=list)
    pause: float = 0.0
    running: int = 0
    most: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def busy(self) -> Iterator[None]:
        """Count an answer that is being given."""
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        time.sleep(self.pause)
        yield
        with self._lock:
            self.running -= 1

    def say(self, path: str, *answers: Told) -> None:
        """Answer a path below the API so."""
        self.answers[f"/api/v1/{path}"] = list(answers)

    def answer(self, path: str) -> Told:
        """Return what is to be said to a path."""
        found = self.answers.get(path) or self.answers.get(path.partition("?")[0])
        if not found:
            return Told(b'{"errors":[{"message":"none"}]}', 404)
        return found.pop(0) if len(found) > 1 else found[0]


@contextmanager
def odd_server() -> Iterator[OddServer]:
    """Serve on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            served.asked.append(f"{self.command} {self.path}")
            served.shown.append({name.lower(): value for name, value in self.headers.items()})
            self.rfile.read(int(self.headers.get("content-length") or 0))
            with served.busy():
                told = served.answer(self.path)
            self.send_response(told.status)
            headers = {"Content-Type": "application/json", "Content-Length": str(len(told.body))}
            for name, value in (headers | told.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(told.body)

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815 - names of the library

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    served = OddServer(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def odd() -> Iterator[OddServer]:
    """A server that answers whatever a test wants."""
    with odd_server() as server:
        yield server


@pytest.fixture
def at_odd(network: CanvasNetwork, odd: OddServer) -> CanvasClient:
    """A client of it."""
    return CanvasClient(network, odd.url, SecretStr(TOKEN))
