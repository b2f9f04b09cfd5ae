"""Which audience for this film? Scoring only: numpy, no open resources."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from models_ml.arrays import FloatArray
from models_ml.film.belief import Belief
from models_ml.film.comparables import with_comparables
from models_ml.film.difference import Joint, chance_of_more, difference
from models_ml.film.interval_record import record_of, recorded_bys
from models_ml.film.known_films import MAX_COMPARABLES, KnownFilms
from models_ml.film.outlook import Outlook, outlook
from models_ml.film.params import component_weights
from models_ml.film.protocol import (
    Audience,
    AudienceDifference,
    Film,
    KnownAudience,
    SegmentOrder,
)
from models_ml.film.scorer import INTERVALS, Answer, AudienceScorer
from models_ml.film.similarity import KERNEL_COMPONENTS, FilmIndex
from models_ml.film.state import check_format, films_in, held_out_in
from models_ml.film.uncertainty import Place
from models_ml.notices import Notice

__all__ = [
    "INTERVALS",
    "Audience",
    "AudienceDifference",
    "AudiencePredictor",
    "Film",
]

_FIELDS = ("reach", "quality", "interaction")


class AudiencePredictor:
    """Predicts a film's audience from its title, year and genres.

    Made by `fit.fit_audience_predictor` or from a state; never changes.
    """

    def __init__(self, state: Mapping[str, Any]) -> None:
        check_format(state)
        self._state = dict(state)
        self._scorer = AudienceScorer(state)
        self.vocabulary = self._scorer.cells.vocabulary
        self._film_index = FilmIndex(
            films_in(state, self.vocabulary), self.vocabulary.genres
        )
        self._held_out = held_out_in(state)
        self._rows = {
            int(movie_id): row
            for row, movie_id in enumerate(state["movie_id"])
        }
        self._params: dict[str, float] = state["params"]
        self._spreads = {
            "reach": 1.0,  # applied with the number of raters, by the scorer
            "quality": self._params["quality.spread"],
            "interaction": self._params["interaction.spread"],
        }
        self._weights = np.stack(
            [
                component_weights(self._params, field)
                for field in ("popularity", *_FIELDS)
            ]
        )

    def to_state(self) -> dict[str, Any]:
        """Plain data from which `from_state` makes an equal predictor."""
        return dict(self._state)

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> "AudiencePredictor":
        """The predictor that gave `state`.

        Raises ValueError for a state of another format.
        """
        return cls(state)

    def predict(
        self,
        film: Film,
        by: tuple[str, ...],
        n_raters: int | None = None,
        interval: float = 0.8,
        comparables: Sequence[int] = (),
    ) -> Audience:
        """The film's audience by segment, in the vocabulary's order.

        `by` is any non-empty combination of `vocabulary.dimensions`, without
        repetition. With `n_raters` the answer is for a film that so many
        people rate; without, their number is as uncertain as that of known
        films like it. `interval`, one of INTERVALS, is the probability that
        an interval holds. `comparables` are the movie_ids of up to
        MAX_COMPARABLES known films that the caller holds to be alike. Raises
        ValueError for anything else.
        """
        _check(n_raters, interval)
        belief = self._belief(film, self._rows_of(comparables))
        return self._scorer.audience(
            self._scorer.answer(belief, by, n_raters), interval
        )

    def expected_reach(self, film: Film, by: tuple[str, ...]) -> FloatArray:
        """`predict`'s reach alone, (n_segments,); ValueError as there."""
        belief = self._belief(film, [])
        return self._scorer.reach_answer(belief, by, None).reach.share

    def outlook(self, film: Film) -> Outlook:
        """What is expected of the film as a whole."""
        return outlook(self._scorer, self._belief(film, []))

    def held_out_outlook(self, movie_id: int) -> Outlook:
        """The same of a known film, without its ratings (see `held_out`).

        Raises ValueError for a film that was not learnt from.
        """
        (row,) = self._rows_of([movie_id])
        spread = self._scorer.popularity.spread
        return outlook(self._scorer, self._held_out.belief(row, spread))

    @cached_property
    def known_films(self) -> KnownFilms:
        """The films that were learnt from, as callers name them."""
        return KnownFilms(
            self._state["movie_id"],
            self._state["titles"],
            self._state["years"],
            np.exp(self._scorer.popularity.log_raters),
        )

    def knows(self, movie_id: int) -> bool:
        """Whether the film was learnt from: it has ratings."""
        return movie_id in self._rows

    def predict_known(
        self,
        movie_id: int,
        by: tuple[str, ...],
        n_raters: int | None = None,
        interval: float = 0.8,
    ) -> KnownAudience:
        """What would have been said of a known film without its ratings.

        Said from the films of other folds (see `held_out`). Raises ValueError
        for a film that was not learnt from, of which `predict` answers so.
        """
        _check(n_raters, interval)
        (row,) = self._rows_of([movie_id])
        belief = self._held_out.belief(row, self._scorer.popularity.spread)
        answer = self._scorer.answer(belief, by, n_raters)
        record = record_of(
            self._state["interval_record"],
            recorded_bys(self.vocabulary),
            by,
            interval,
            self._state["n_raters"][row],
        )
        return KnownAudience(
            self._scorer.audience(answer, interval),
            record if n_raters is None else None,
        )

    def difference(
        self,
        film: Film,
        other: Film,
        by: tuple[str, ...],
        interval: float = 0.8,
        *,
        n_raters: tuple[int | None, int | None] = (None, None),
        comparables: tuple[Sequence[int], Sequence[int]] = ((), ()),
    ) -> AudienceDifference:
        """What changes by segment from `film` to `other`.

        Films of equal titles are one film in two descriptions, and share all
        that sets the film apart. `n_raters` and `comparables` are those of
        the one and of the other. Raises ValueError as `predict` does.
        """
        for number in n_raters:
            _check(number, interval)
        joint = self._joint(film, other, comparables)
        one, another = (
            self._scorer.answer(belief, by, number)
            for belief, number in zip(
                (joint.one, joint.other), n_raters, strict=True
            )
        )
        return difference(
            self._scorer.preference, one, another, joint, INTERVALS[interval]
        )

    def chance_of_more(
        self,
        film: Film,
        by: tuple[str, ...],
        one: tuple[str, ...],
        other: tuple[str, ...],
        *,
        n_raters: int | None = None,
        comparables: Sequence[int] = (),
    ) -> SegmentOrder:
        """The probability that segment `one` exceeds `other`, of one film.

        `one` and `other` are labels in the order of `by`. Raises ValueError
        for labels that are no segment, and as `predict` does.
        """
        _check(n_raters, 0.8)
        belief = self._belief(film, self._rows_of(comparables))
        answer: Answer = self._scorer.answer(belief, by, n_raters)
        levels = answer.segments.levels
        for labels in (one, other):
            if tuple(labels) not in levels:
                raise ValueError(
                    f"segment is {labels!r}: it must be one level of each of "
                    f"{', '.join(by)}"
                )
        return chance_of_more(
            answer,
            belief,
            levels.index(tuple(one)),
            levels.index(tuple(other)),
        )

    def similar(self, film: Film, n: int) -> list[tuple[int, float]]:
        """The `n` known films most alike: movie_id and similarity, 0 to 1."""
        weights = self._weights[1:].sum(axis=0)
        weights[KERNEL_COMPONENTS.index("everything")] = 0
        alike = weights @ self._film_index.components([film])[:, 0]
        alike /= float(weights @ self._film_index.own_components(film))
        best = np.argsort(-alike, kind="stable")[:n]
        ids = self._state["movie_id"]
        return [(int(ids[k]), min(float(alike[k]), 1.0)) for k in best]

    def notices(self, film: Film) -> list[Notice]:
        """What about the film this predictor has never seen."""
        told = []
        seen = self._film_index.genres.sum(axis=0) > 0
        for genre in film.genres:
            if genre not in self.vocabulary.genres:
                told.append(Notice("film.genre_unknown", {"genre": genre}))
            elif not seen[self.vocabulary.genres.index(genre)]:
                told.append(Notice("film.genre_unseen", {"genre": genre}))
        if not film.genres:
            told.append(Notice("film.no_genre"))
        years = self._state["years"]
        years = years[years > 0]
        if film.year is None:
            told.append(Notice("film.no_year"))
        elif len(years) and not years.min() <= film.year <= years.max():
            values = {
                "year": film.year,
                "first": int(years.min()),
                "last": int(years.max()),
            }
            told.append(Notice("film.year_outside", values))
        return told

    def leniency(self) -> tuple[FloatArray, FloatArray]:
        """Everyone's class shares (4,), and the cells' factors of them."""
        preference = self._scorer.preference
        return preference.classes, preference.leniency

    def _rows_of(self, movie_ids: Sequence[int]) -> list[int]:
        if len(set(movie_ids)) != len(movie_ids):
            raise ValueError(
                f"comparables are {list(movie_ids)}: each film at most once"
            )
        if len(movie_ids) > MAX_COMPARABLES:
            raise ValueError(
                f"comparables are {len(movie_ids)} films: at most "
                f"{MAX_COMPARABLES} are allowed"
            )
        unknown = [each for each in movie_ids if each not in self._rows]
        if unknown:
            raise ValueError(
                f"movie_id {unknown[0]} is not among the films that were "
                "learnt from"
            )
        return [self._rows[each] for each in movie_ids]

    def _belief(self, film: Film, comparables: Sequence[int]) -> Belief:
        components = self._film_index.components([film])[:, 0]
        places = self._places(film, components)
        return with_comparables(
            self._alone(film, components, places),
            self._held_out,
            comparables,
        )

    def _joint(
        self,
        film: Film,
        other: Film,
        comparables: tuple[Sequence[int], Sequence[int]],
    ) -> Joint:
        films = (film, other)
        both = self._film_index.components(films)
        places = [
            self._places(each, both[:, k]) for k, each in enumerate(films)
        ]
        alone = [
            self._alone(each, both[:, k], places[k])
            for k, each in enumerate(films)
        ]
        beliefs = [
            with_comparables(belief, self._held_out, self._rows_of(ids))
            for belief, ids in zip(alone, comparables, strict=True)
        ]
        is_same = film.title == other.title
        between = self._film_index.plain_between(film, other)
        covariances = {}
        for name, uncertainty, one, another in zip(
            _FIELDS, self._uncertainties(), *places, strict=True
        ):
            # Comparables make both films surer, and leave their correlation.
            surer = [
                getattr(after, f"{name}_variance")
                / getattr(before, f"{name}_variance")
                for before, after in zip(alone, beliefs, strict=True)
            ]
            covariances[name] = (
                uncertainty.covariance(one, another, between, is_same=is_same)
                * self._spreads[name]
                * np.sqrt(surer[0] * surer[1])
            )
        return Joint(
            beliefs[0],
            beliefs[1],
            reach=covariances["reach"],
            quality=covariances["quality"],
            interaction=covariances["interaction"],
            is_same=is_same,
        )

    def _alone(
        self, film: Film, components: FloatArray, places: Sequence[Place]
    ) -> Belief:
        """The belief without comparables."""
        score, reach, quality, interaction = self._weights @ components
        popularity = self._scorer.popularity
        turnout, preference = self._scorer.reach, self._scorer.preference
        variances = {
            name: self._spreads[name] * uncertainty.variance(place)
            for name, uncertainty, place in zip(
                _FIELDS, self._uncertainties(), places, strict=True
            )
        }
        return Belief(
            score=float(score @ popularity.weights),
            score_spread=popularity.spread * self._later(film),
            reach_means=turnout.means,
            reach=reach @ turnout.weights,
            reach_variance=variances["reach"],
            quality_means=preference.quality_means,
            quality=quality @ preference.quality_weights,
            quality_variance=variances["quality"],
            interaction=interaction @ preference.interaction_weights,
            interaction_variance=variances["interaction"],
        )

    def _later(self, film: Film) -> float:
        """Factor of the spread of popularity for films later than all."""
        last = self._state["years"].max()
        is_later = film.year is not None and film.year > last > 0
        return self._params["popularity.later"] if is_later else 1.0

    def _places(self, film: Film, components: FloatArray) -> list[Place]:
        own = self._film_index.own_components(film)
        siblings = self._film_index.series_components(film)
        return [
            uncertainty.place(components, own, *siblings)
            for uncertainty in self._uncertainties()
        ]

    def _uncertainties(self) -> tuple[Any, ...]:
        preference = self._scorer.preference
        return (
            self._scorer.reach.uncertainty,
            preference.quality_uncertainty,
            preference.interaction_uncertainty,
        )


def _check(n_raters: int | None, interval: float) -> None:
    if n_raters is not None and n_raters < 1:
        raise ValueError(f"n_raters is {n_raters}: it must be 1 or more")
    if interval not in INTERVALS:
        raise ValueError(
            f"interval is {interval}: it must be one of {list(INTERVALS)}"
        )
