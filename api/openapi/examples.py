"""Questions that the documentation shows and a test asks."""

from typing import Any, Final

RECOMMENDATIONS: Final[dict[str, dict[str, Any]]] = {
    "profile": {
        "summary": "A profile, and nothing else",
        "value": {
            "profile": {
                "gender": "F",
                "age": 29,
                "occupation": "writer",
                "nationality": "Brazil",
            },
            "limit": 5,
        },
    },
    "ratings": {
        "summary": "With a few ratings given, and filters",
        "value": {
            "profile": {"gender": "M", "age_group": "35-44"},
            "ratings": [
                {"movie_id": 2571, "stars": 5},
                {"movie_id": 1721, "rating_class": 2},
            ],
            "filters": {
                "genres": ["Sci-Fi", "Thriller"],
                "year_from": 1980,
                "exclude": [480],
            },
            "rank_by": "distinctive",
        },
    },
    "questions": {
        "summary": "Two questions answered, five more wanted",
        "value": {
            "profile": {"gender": "F", "age": 29},
            "ratings": [
                {"movie_id": 1580, "rating_class": "loved", "asked": True},
                {"movie_id": 2858, "seen": False},
            ],
            "n_questions": 5,
        },
    },
    "described": {
        "summary": "Which of two films in the making, beside the catalogue's",
        "value": {
            "profile": {"gender": "F", "age": 29},
            "ratings": [{"movie_id": 2571, "stars": 5}],
            "movies": [
                {
                    "title": "Star Trek: The Return",
                    "year": 2000,
                    "genres": ["Action", "Sci-Fi"],
                },
                {"title": "A Summer", "year": 2000, "genres": ["Romance"]},
            ],
            "catalogue": False,
        },
    },
    "own_ids": {
        "summary": "Films by the ids that the data have",
        "value": {
            "ratings": [
                {"source_id": "2571", "stars": 5},
                {"source_id": "1721", "rating_class": "disliked"},
            ],
            "limit": 5,
        },
    },
    "nobody": {
        "summary": "Nothing is known: what everyone gets",
        "value": {},
    },
}

AUDIENCES: Final[dict[str, dict[str, Any]]] = {
    "film": {
        "summary": "By gender and age group",
        "value": {
            "movie": {
                "title": "Star Trek: The Return",
                "year": 2000,
                "genres": ["Action", "Sci-Fi"],
            },
            "limit": 5,
        },
    },
    "occupations": {
        "summary": "By occupation, those who will like it most first",
        "value": {
            "movie": {"title": "A Love Story", "genres": ["Romance"]},
            "by": ["occupation"],
            "rank_by": "affinity",
        },
    },
    "release": {
        "summary": "A wide release",
        "value": {
            "movie": {"title": "Deep Sea", "year": 2001, "genres": ["Action"]},
            "n_raters": "wide",
            "limit": 5,
        },
    },
}

DIFFERENCES: Final[dict[str, dict[str, Any]]] = {
    "genre": {
        "summary": "What a changed genre changes",
        "value": {
            "movie": {"title": "A Love Story", "genres": ["Romance"]},
            "other": {
                "title": "A Love Story",
                "genres": ["Comedy", "Romance"],
            },
            "limit": 3,
        },
    },
    "films": {
        "summary": "Film against film, by who will like it more",
        "value": {
            "movie": {"title": "Space Dust", "genres": ["Sci-Fi"]},
            "other": {"title": "Old Letters", "genres": ["Drama"]},
            "by": ["gender"],
            "rank_by": "affinity",
        },
    },
}

CHANCES: Final[dict[str, dict[str, Any]]] = {
    "segments": {
        "summary": "Will young women like it more than young men?",
        "value": {
            "movie": {"title": "A Love Story", "genres": ["Romance"]},
            "segment": {"gender": "F", "age_group": "18-24"},
            "other": {"gender": "M", "age_group": "18-24"},
        },
    },
}

PROBLEM: Final[dict[str, Any]] = {
    "type": "urn:plateia:problem:bad-request",
    "title": "Bad Request",
    "status": 400,
    "detail": "limit: Expected `int` >= 1",
    "instance": "/recommendations",
    "errors": [
        {
            "field": "limit",
            "reason": "Expected `int` >= 1",
            "value": 0,
            "allowed": "a whole number from 1 to 100",
        }
    ],
    "request_id": "8c1f0e1fb9f6d1a4",
}
