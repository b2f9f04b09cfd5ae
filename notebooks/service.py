"""The API, started by a notebook for itself and ended with it."""

import atexit
import os
import socket
import subprocess
import sys
import tempfile
import time
from typing import IO, Any, Final

import httpx

from models_ml.settings import PROJECT

_SECONDS_TO_START: Final = 60
_SECONDS_TO_STOP: Final = 15


class ServiceFailed(RuntimeError):  # noqa: N818 - named as in models_ml
    """The API did not come up."""


class Service:
    """`python -m api` on a free port of this machine only.

    It serves the current release of PLATEIA_HOME's store. Raises
    ServiceFailed, with the end of its log, when it is not ready in a minute.
    """

    def __init__(self) -> None:
        # Open as long as the process that writes it.
        self._log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        port = _free_port()
        own = {"HOST": "127.0.0.1", "PORT": str(port), "PLATEIA_WORKERS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api"],
            cwd=PROJECT,
            env=os.environ | own,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        atexit.register(self.stop)
        self._client = httpx.Client(base_url=f"http://127.0.0.1:{port}")
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        end = time.monotonic() + _SECONDS_TO_START
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if self._client.get("/readyz").is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        self.stop()
        self._log.seek(0)
        said = self._log.read().decode(errors="replace")[-2000:]
        raise ServiceFailed(f"the API is not ready; it said:\n{said}")

    def get(self, path: str, **parameters: Any) -> Any:
        """The JSON of an answer; raises httpx.HTTPStatusError on refusal."""
        answer = self._client.get(path, params=parameters)
        return answer.raise_for_status().json()

    def post(self, path: str, question: dict[str, Any]) -> Any:
        """The JSON of an answer; raises httpx.HTTPStatusError on refusal."""
        return self.ask(path, question).raise_for_status().json()

    def ask(self, path: str, question: dict[str, Any]) -> httpx.Response:
        """The whole answer, refusals too."""
        return self._client.post(path, json=question)

    def stop(self) -> None:
        """End the API; nothing happens when it has ended."""
        self._process.terminate()
        try:
            self._process.wait(_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
