"""Logs: one JSON object a line, on standard error."""

import datetime
import logging
import logging.config
import sys
import time
from typing import Any, Final

import msgspec

ERRORS: Final = logging.getLogger("plateia.errors")
RELEASES: Final = logging.getLogger("plateia.releases")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, and the fields of `extra={"data": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        line: dict[str, Any] = {
            "time": _time(record.created),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


class AccessLog:
    """A line for every request.

    Written at once and not through `logging`, which takes as long for a line
    as a cached answer takes altogether.
    """

    def __init__(self, level: str) -> None:
        self.is_enabled = logging.getLevelName(level) <= logging.INFO
        self._encode = msgspec.json.Encoder().encode

    def write(self, **fields: Any) -> None:
        """Write the line, if the level asks for it."""
        if not self.is_enabled:
            return
        line = {
            "time": _time(time.time()),
            "level": "INFO",
            "logger": "plateia.access",
            "message": "request",
            **fields,
        }
        sys.stderr.buffer.write(self._encode(line) + b"\n")
        sys.stderr.buffer.flush()


def _time(seconds: float) -> str:
    moment = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
    return moment.isoformat(timespec="milliseconds")


def logging_config(level: str) -> dict[str, Any]:
    """For `logging.config.dictConfig`, the server's own loggers included."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "json"}
        },
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "plateia": {"level": level},
            "_granian": {"level": level},
            "granian": {"level": level},
        },
    }


def configure_logging(level: str) -> None:
    """Log JSON from `level` on."""
    logging.config.dictConfig(logging_config(level))
