"""Requests drawn from realistic profiles and films, as bytes to be sent."""

import json
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from models_ml.source.movielens_levels import AGE_GROUPS, GENRES, OCCUPATIONS

_ZIP_CODES: Final = (
    *("02139", "10025", "60614", "55105", "30303", "37203"),
    *("78701", "80302", "94110", "V5K 0A1"),
)
_WORDS: Final = (
    *("Night", "Star", "Love", "War", "Return"),
    *("Last", "House", "City", "Dark", "King"),
)


class Questions:
    """Draws requests; equal seeds draw equal ones."""

    def __init__(self, movie_ids: list[int], seed: int) -> None:
        self._movie_ids = movie_ids
        self._rng = np.random.default_rng(seed)
        self._n = 0

    def profile(self) -> dict[str, Any]:
        """A person: parts are left out as often as people leave them out."""
        rng = self._rng
        profile: dict[str, Any] = {}
        if rng.random() < 0.9:
            profile["gender"] = str(rng.choice(["F", "M"], p=[0.3, 0.7]))
        if rng.random() < 0.5:
            profile["age"] = int(np.clip(rng.normal(31, 13), 8, 90))
        elif rng.random() < 0.8:
            profile["age_group"] = str(rng.choice(AGE_GROUPS))
        if rng.random() < 0.7:
            profile["occupation"] = str(rng.choice(OCCUPATIONS))
        if rng.random() < 0.4:
            profile["zip_code"] = str(rng.choice(_ZIP_CODES))
        elif rng.random() < 0.3:
            profile["nationality"] = str(rng.choice(["US", "Brazil"]))
        return profile

    def new_profile(self) -> Iterator[bytes]:
        """Profiles over the whole catalogue, no question asked twice."""
        while True:
            # Films excluded far down the catalogue change nothing in the
            # work, and make every question one that was never asked.
            self._n += 1
            filters = {"exclude": self._unlike(self._n)}
            yield recommend(profile=self.profile(), filters=filters)

    def common_profile(self, n_profiles: int = 200) -> Iterator[bytes]:
        """A few profiles again and again, the first most often."""
        bodies = [recommend(profile=self.profile()) for _ in range(n_profiles)]
        weights = 1 / np.arange(1, n_profiles + 1)
        weights /= weights.sum()
        while True:
            for k in self._rng.choice(n_profiles, size=1000, p=weights):
                yield bodies[k]

    def with_ratings(self, n_ratings: int = 10) -> Iterator[bytes]:
        """Profiles with films that the person already rated."""
        while True:
            films = self._rng.choice(
                self._movie_ids[:1500], size=n_ratings, replace=False
            )
            yield recommend(
                profile=self.profile(),
                ratings=[
                    {"movie_id": int(film), "stars": int(stars)}
                    for film, stars in zip(
                        films,
                        self._rng.integers(1, 6, size=n_ratings),
                        strict=True,
                    )
                ],
            )

    def with_answers(
        self, n_answers: int = 5, n_questions: int = 5
    ) -> Iterator[bytes]:
        """Some questions answered, half of them "not seen", more wanted."""
        while True:
            films = self._rng.choice(
                self._movie_ids[:150], size=n_answers, replace=False
            )
            stars = self._rng.integers(1, 6, size=n_answers)
            seen = self._rng.random(n_answers) < 0.5
            yield recommend(
                profile=self.profile(),
                ratings=[
                    {"movie_id": int(film), "stars": int(n), "asked": True}
                    if is_seen
                    else {"movie_id": int(film), "seen": False}
                    for film, n, is_seen in zip(
                        films, stars, seen, strict=True
                    )
                ],
                n_questions=n_questions,
            )

    def with_filters(self) -> Iterator[bytes]:
        """Profiles that want some genres of some years."""
        while True:
            first = int(self._rng.integers(1930, 1990))
            yield recommend(
                profile=self.profile(),
                filters={
                    "genres": self._genres(),
                    "year_from": first,
                    "year_to": first + int(self._rng.integers(10, 60)),
                },
            )

    def new_film(self, *by: str, limit: int) -> Iterator[bytes]:
        """Films nobody has asked about."""
        while True:
            self._n += 1
            words = self._rng.choice(_WORDS, size=2)
            body = {
                "movie": {
                    "title": f"{words[0]} {words[1]} {self._n}",
                    "year": int(self._rng.integers(1950, 2001)),
                    "genres": self._genres(),
                },
                "by": by,
                "limit": limit,
            }
            yield post("/audiences", body)

    def known_film(self) -> Iterator[bytes]:
        """Films of the data."""
        while True:
            yield get(f"/movies/{self._rng.choice(self._movie_ids)}")

    def _genres(self) -> list[str]:
        n = int(self._rng.integers(1, 4))
        return self._rng.choice(GENRES, size=n, replace=False).tolist()

    def _unlike(self, n: int) -> list[int]:
        """Three films, other ones for each `n`."""
        ids = self._movie_ids
        base = len(ids)
        return [ids[n % base], ids[n // base % base], ids[-1]]


def recommend(**body: Any) -> bytes:
    """A request for films."""
    return post("/recommendations", body)


def post(path: str, body: Any) -> bytes:
    """A POST request with a JSON body."""
    content = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: localhost\r\n"
        f"content-type: application/json\r\ncontent-length: {len(content)}"
        "\r\n\r\n"
    )
    return head.encode() + content


def get(path: str) -> bytes:
    """A GET request."""
    return f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
