"""Logs: one JSON object a line, on standard error."""

import datetime
import logging
import logging.config
from typing import Any, Final

import msgspec

ACCESS: Final = logging.getLogger("plateia.access")
ERRORS: Final = logging.getLogger("plateia.errors")
RELEASES: Final = logging.getLogger("plateia.releases")


class JsonFormatter(logging.Formatter):
    """Time, level, logger, message, and the fields of `extra={"data": …}`."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as one line of JSON."""
        moment = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "data", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return msgspec.json.encode(line).decode()


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
