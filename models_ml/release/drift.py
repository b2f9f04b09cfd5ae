"""Whether a release should take the place of another: not if it is worse."""

from collections.abc import Mapping
from typing import Any

import msgspec

from models_ml.release.manifest import Manifest


class _Validation(msgspec.Struct):
    """What `train` measured on folds that the model had not seen."""

    log_loss: float
    interval: tuple[float, float]
    """95 % bootstrap interval of `log_loss`, low and high."""


def worse(new: Manifest, current: Manifest) -> str | None:
    """Why `new` predicts worse than `current`, in words; None if it does not.

    A validation log-loss counts as worse above the bootstrap interval of the
    current one. Generated data are not compared with others.
    """
    if new.data_generated != current.data_generated:
        return None
    before = _validations(current.metrics)
    for task, now in _validations(new.metrics).items():
        if task in before and now.log_loss > before[task].interval[1]:
            low, high = before[task].interval
            return (
                f"its validation log-loss for {task} is {now.log_loss:.4f},"
                f" and that of the current release {current.version} is"
                f" {before[task].log_loss:.4f} ({low:.4f} to {high:.4f})"
            )
    return None


def smaller(new: Manifest, current: Manifest) -> str | None:
    """Why `new` rests on less data than `current`, in words; None if not.

    Less is fewer ratings or films, or generated data in the place of others.
    """
    if current.data_generated and not new.data_generated:
        return None
    if new.data_generated and not current.data_generated:
        return (
            "it was trained on generated data, and the current release"
            f" {current.version} was not"
        )
    for what, now, before in (
        ("ratings", new.n_ratings, current.n_ratings),
        ("films", new.rows["movies"], current.rows["movies"]),
    ):
        if now < before:
            return (
                f"it rests on {now:,} {what}, and the current release"
                f" {current.version} on {before:,}"
            )
    return None


def _validations(metrics: Mapping[str, Any]) -> dict[str, _Validation]:
    """By task; what has no such record is left out."""
    validations = {}
    for task, summary in metrics.items():
        try:
            record = summary["validation"]
            validations[task] = msgspec.convert(record, _Validation)
        except (KeyError, TypeError, msgspec.ValidationError):
            continue
    return validations
