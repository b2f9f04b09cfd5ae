"""Servers in processes of their own, and what they take of the machine."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks.command import children

PROJECT: Final = Path(__file__).resolve().parent.parent
_PLAIN: Final = """
import sys
from granian.constants import Interfaces, Loops
from granian.server.mp import MPServer
MPServer(
    "benchmarks.plain:create_app", factory=True, interface=Interfaces.ASGI,
    address="127.0.0.1", port=int(sys.argv[1]), workers=int(sys.argv[2]),
    loop=Loops.uvloop, log_enabled=False,
).serve()
"""


class Server:
    """A server that listens on loopback."""

    def __init__(
        self,
        command: list[str],
        port: int,
        ready: str,
        changes: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.address = ("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{port}"
        self._log = tempfile.TemporaryFile()  # noqa: SIM115
        started = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env={
                **os.environ,
                **changes,
                "PORT": str(port),
                "OMP_NUM_THREADS": "1",
            },
            stdout=self._log,
            stderr=self._log,
        )
        self._wait(self.url + ready)
        self.seconds_to_ready = time.perf_counter() - started

    def _wait(self, url: str) -> None:
        end = time.perf_counter() + 120
        while time.perf_counter() < end and self._process.poll() is None:
            with (
                contextlib.suppress(OSError),
                urllib.request.urlopen(url) as response,  # noqa: S310
            ):
                if response.status == 200:
                    return
            time.sleep(0.01)
        self._log.seek(0)
        log = self._log.read().decode(errors="replace")
        self.stop()
        raise RuntimeError(f"{url} does not answer:\n{log[-3000:]}")

    def peak_mib(self) -> float:
        """Most memory that any worker has held, in MiB; nan where unknown."""
        return max(self._status("VmHWM"), default=float("nan"))

    def memory_mib(self) -> float:
        """Memory of all workers now, in MiB; nan where unknown."""
        return sum(self._status("VmRSS")) or float("nan")

    def _status(self, name: str) -> list[float]:
        """MiB of each worker."""
        return [
            int(line.split()[1]) / 1024
            for pid in children(self._process.pid)
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith(name)
        ]

    def cpu_seconds(self) -> float:
        """Processor time that its workers have taken; nan where unknown."""
        ticks = 0.0
        for pid in children(self._process.pid):
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
            user, system = fields.split()[11:13]
            ticks += int(user) + int(system)
        return ticks / os.sysconf("SC_CLK_TCK") if ticks else float("nan")

    def stop(self) -> None:
        """Stop it and wait."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        self._process.wait(30)
        self._log.close()


@contextlib.contextmanager
def api_server(**changes: str) -> Iterator[Server]:
    """The API, as `make serve` starts it; `changes`: to the environment."""
    command = [sys.executable, "-m", "api"]
    yield from _served(Server(command, _free_port(), "/readyz", changes))


@contextlib.contextmanager
def plain_server(workers: int) -> Iterator[Server]:
    """The empty endpoint and the plain path, on the same kind of server."""
    port = _free_port()
    command = [sys.executable, "-c", _PLAIN, str(port), str(workers)]
    yield from _served(Server(command, port, "/empty"))


def _served(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
