"""`python -m api`: serve on HOST and PORT until told to stop."""

import os
import shutil
import sys
import tempfile

from granian.constants import Interfaces, Loops
from granian.server.mp import MPServer

from api.middleware.logs import configure_logging, logging_config
from models_ml.settings import SettingError, Settings, load_settings

#: Seconds that a worker has to finish its requests when told to stop.
STOP_SECONDS = 10


def main() -> None:
    """Serve; exits with a sentence for settings that cannot be used."""
    try:
        settings = load_settings()
    except SettingError as error:
        sys.exit(str(error))
    configure_logging(settings.log_level)
    # Workers add up their metrics in files. Set before they start.
    folder = tempfile.mkdtemp(prefix="plateia-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
    try:
        _server(settings).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _server(settings: Settings) -> MPServer:
    return MPServer(
        "api.app:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        address=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop=Loops.uvloop,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_dictconfig=logging_config(settings.log_level),
    )


if __name__ == "__main__":
    main()
