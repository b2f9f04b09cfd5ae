"""The logger of this package; commands show it on the terminal."""

import logging
import sys
from typing import Final

LOGGER: Final = logging.getLogger("models_ml")


def log_to_console() -> None:
    """Show what is logged, from INFO up, on standard error."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("plateia: %(message)s"))
    # In place of the last one, which may hold an earlier standard error.
    LOGGER.handlers = [handler]
    LOGGER.setLevel(logging.INFO)
