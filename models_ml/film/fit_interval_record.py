"""Counts how often intervals held, on known films without their ratings."""

from typing import Any, Final

import numpy as np

from models_ml.arrays import FloatArray, IntArray
from models_ml.film.counts import CellCounts
from models_ml.film.held_out import HeldOut
from models_ml.film.interval_record import RATER_BANDS, recorded_bys
from models_ml.film.scorer import INTERVALS, AudienceScorer

#: Films counted in each band: enough for a standard error of 3 points.
_FILMS_OF_BAND: Final = 25


def record_intervals(
    scorer: AudienceScorer, held_out: HeldOut, counts: CellCounts
) -> dict[str, Any]:
    """Plain data: `held` (bys, intervals, bands), and `n_films` (bands,)."""
    n_raters = counts.by_class().sum(axis=1)
    band = np.digitize(n_raters, RATER_BANDS) - 1
    films = [_spread_over(band, k) for k in range(len(RATER_BANDS))]
    bys = recorded_bys(scorer.cells.vocabulary)
    held = np.zeros((len(bys), len(INTERVALS), len(RATER_BANDS)))
    for k, rows in enumerate(films):
        for row in rows:
            cells = _raters(counts, row)
            belief = held_out.belief(row, scorer.popularity.spread)
            for i, by in enumerate(bys):
                answer = scorer.reach_answer(belief, by, None)
                share = answer.segments.add_up(cells[None])[0] / n_raters[row]
                for j, interval in enumerate(INTERVALS):
                    low, high = scorer.reach_interval(answer, interval)
                    inside = (low - 1e-12 <= share) & (share <= high + 1e-12)
                    held[i, j, k] += inside.mean() / len(rows)
    return {"held": held, "n_films": np.array([len(rows) for rows in films])}


def _spread_over(band: IntArray, k: int) -> IntArray:
    """Rows of up to `_FILMS_OF_BAND` films of a band, evenly apart."""
    rows = np.flatnonzero(band == k)
    n = min(len(rows), _FILMS_OF_BAND)
    result: IntArray = rows[
        np.round(np.linspace(0, len(rows) - 1, n)).astype(int)
    ]
    return result


def _raters(counts: CellCounts, row: int) -> FloatArray:
    """Ratings of a film by cell, (n_cells,)."""
    # Entries are in the order of films.
    first, last = np.searchsorted(counts.film, [row, row + 1])
    return np.bincount(
        counts.cell[first:last],
        weights=counts.n_ratings[first:last],
        minlength=counts.cells.n,
    ).astype(float)
