"""What is imported only if a setting asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models_ml.settings import SettingError, Settings

if TYPE_CHECKING:
    from api.middleware.traces import Traces


def traces_type(settings: Settings) -> type[Traces] | None:
    """What traces requests; None: `settings` do not ask for it.

    Raises SettingError if the extra `otel` is not installed.
    """
    if not settings.has_traces:
        return None
    try:
        from api.middleware.traces import Traces  # noqa: PLC0415
    except ImportError as error:
        raise SettingError(
            "PLATEIA_TRACES is 'on': it needs the extra otel, which is not"
            " installed (pip install -r requirements-otel.lock)"
        ) from error
    return Traces
