"""The HTTP server: how it listens, and what it does not wait for."""

import socket
from typing import Any, Final

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.mp import MPServer

from api.middleware.logs import logging_config
from models_ml.settings import Settings

#: Seconds that a worker has to finish its requests when told to stop.
STOP_SECONDS: Final = 10
#: Connections that may wait to be accepted.
BACKLOG: Final = 1024
#: Bytes of a connection that are read ahead, or wait to be written.
_BUFFER: Final = 64 << 10


class ListenError(OSError):
    """HOST and PORT cannot be listened on; the message says why."""


class Server(MPServer):
    """Granian, on one socket that all workers share.

    Granian gives every worker a socket of its own with SO_REUSEPORT, so that
    a second server on the same port starts without a word and takes half of
    the requests. Here the port is bound once, and only by one server.
    """

    #: That a client may leave what was sent to it unread.
    write_seconds: int

    def _init_shared_socket(self) -> None:
        self._ssp = None
        self._sso = listen(self.bind_addr, self.bind_port, self.write_seconds)
        self._sso.set_inheritable(True)
        # Granian sets it in __init__ to None, and says no type.
        self._sfd: int = self._sso.fileno()  # type: ignore[assignment]
        # Of the extension module, whose stub lags.
        self._shd: Any = SocketHolder(self._sfd, False, BACKLOG)  # type: ignore[call-arg]


def listen(host: str, port: int, write_seconds: int) -> socket.socket:
    """A listening socket; raises ListenError in words.

    The kernel closes its connections whose client has left what was sent to
    it unread for `write_seconds`.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        try:
            _prepare(listener, write_seconds)
            listener.bind(address)
            listener.listen(BACKLOG)
        except OSError:
            listener.close()
            raise
    except OSError as error:
        raise ListenError(
            f"HOST {host!r}, PORT {port} cannot be listened on:"
            f" {error.strerror or error}"
        ) from error
    return listener


def _prepare(listener: socket.socket, write_seconds: int) -> None:
    """Options that accepted connections inherit."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        listener.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, write_seconds * 1000
        )
    listener.setblocking(False)


def make_server(settings: Settings) -> Server:
    """The server of `api.app.create_app`, not yet started."""
    options: dict[str, Any] = {
        "factory": True,
        "interface": Interfaces.ASGI,
        "address": settings.host,
        "port": settings.port,
        "workers": settings.workers,
        "loop": Loops.uvloop,
        # With HTTP/2 allowed, silent connections are never closed.
        "http": HTTPModes.http1,
        "http1_settings": HTTP1Settings(
            header_read_timeout=settings.header_seconds * 1000,
            max_buffer_size=_BUFFER,
        ),
        "websockets": False,
        "backlog": BACKLOG,
        "backpressure": settings.connections,
        "respawn_failed_workers": True,
        "workers_kill_timeout": STOP_SECONDS,
        "log_dictconfig": logging_config(settings.log_level),
    }
    server = Server("api.app:create_app", **options)
    server.write_seconds = settings.write_seconds
    return server
