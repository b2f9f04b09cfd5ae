"""What a block logs, for fixtures of more than one test."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from models_ml.log import LOGGER


class _Messages(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


@contextmanager
def logged() -> Iterator[list[str]]:
    """The messages that `models_ml` logs within the block, from INFO up."""
    messages, level = _Messages(), LOGGER.level
    LOGGER.addHandler(messages)
    LOGGER.setLevel(logging.INFO)
    try:
        yield messages.texts
    finally:
        LOGGER.setLevel(level)
        LOGGER.removeHandler(messages)
