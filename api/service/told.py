"""What the models notice, as answers tell it."""

from collections.abc import Iterable

from api import schemas
from models_ml.notices import Notice


def answered_notices(notices: Iterable[Notice]) -> tuple[schemas.Notice, ...]:
    """Notices as they are answered, each with its English sentence."""
    return tuple(
        schemas.Notice(notice.code, dict(notice.values), notice.text())
        for notice in notices
    )
