"""HTTP servers that live in an event loop of ours and stop when it does."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import uvicorn
from starlette.applications import Starlette

from src.errors import SettingsError
from web.connections import LimitedProtocol, Limits

# With the rest of a shutdown, a process is gone ten seconds after it was told to stop.
GRACE_SECONDS = 7
BACKLOG = 2048
DELIVERIES = Limits()
# So few that deliveries leave them room, and the other way round.
OPERATORS = Limits(most=64, share=0.125)


class _Server(uvicorn.Server):
    """Leaves the signals to the process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def make_config(
    app: Starlette | str, *, workers: int = 1, limits: Limits = DELIVERIES
) -> uvicorn.Config:
    """Return the configuration that all servers share.

    Args:
        app: What to serve, or where a function is that makes it.
        workers: How many processes serve it.
        limits: What connections may take.
    """
    return uvicorn.Config(
        app,
        factory=isinstance(app, str),
        workers=workers,
        lifespan="on" if isinstance(app, str) else "off",
        http=partial(LimitedProtocol, limits=limits),  # type: ignore[arg-type]  # it is only called
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        backlog=BACKLOG,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def listen(host: str, port: int, setting: str) -> socket.socket:
    """Take a port.

    Args:
        host: Address to listen on.
        port: 0 for any that is free.
        setting: What an operator changes when the port is taken.

    Raises:
        SettingsError: It cannot be taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        # A client that connects before the server is ready waits for it.
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        reason = error.strerror or type(error).__name__
        raise SettingsError(f"{setting}: {host}:{port} cannot be used ({reason})") from None
    listener.set_inheritable(True)
    return listener


def address_of(listener: socket.socket) -> str:
    """Return where a listener can be reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@asynccontextmanager
async def serving(
    app: Starlette, listener: socket.socket, limits: Limits = DELIVERIES
) -> AsyncGenerator[None]:
    """Serve while the block runs; at its end, requests in hand get some seconds to finish."""
    server = _Server(make_config(app, limits=limits))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await task
