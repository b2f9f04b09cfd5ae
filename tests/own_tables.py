"""Generated data that is not MovieLens 1M's: own tables, and MovieLens 100K.

Own tables have text ids, scores from 0 to 10, a nationality, and genres and
occupations of their own. Brazilians rate Kung fu higher; Argentines rate as
everyone does.
"""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

#: None is a genre of MovieLens.
GENRES: Final = ("Melodrama", "Kung fu", "Telenovela", "Silent", "Opera")
OCCUPATIONS: Final = ("usher", "cashier", "projectionist")
#: Codes and names, as people write them.
NATIONALITIES: Final = ("BR", "Portugal", "ARG", "Alemanha", "")
NATIONALITY_SHARES: Final = (0.3, 0.2, 0.3, 0.15, 0.05)
#: Points on the 0 to 10 scale that Brazilians add to a Kung fu film.
PLANTED: Final = 2.5

#: A nationality of few people, and of how many.
FEW: Final = "Uruguay"
N_FEW: Final = 4

Table = dict[str, list[Any]]


def own_tables(
    n_users: int = 600, n_movies: int = 150, n_ratings: int = 24_000
) -> dict[str, Table]:
    """The three tables, the same every time."""
    rng = np.random.default_rng(41)
    nation = rng.choice(len(NATIONALITIES), n_users, p=NATIONALITY_SHARES)
    first = rng.integers(0, len(GENRES), n_movies)
    second = rng.integers(0, len(GENRES), n_movies)
    quality = rng.normal(0, 1.2, n_movies)
    leniency = rng.normal(0, 0.8, n_users)
    popularity = rng.gamma(1.5, 1, n_movies)
    user = np.repeat(np.arange(n_users), n_ratings // n_users)
    movie = np.concatenate(
        [
            rng.choice(
                n_movies,
                n_ratings // n_users,
                replace=False,
                p=popularity / popularity.sum(),
            )
            for _ in range(n_users)
        ]
    )
    kung_fu = GENRES.index("Kung fu")
    is_planted = (nation[user] == 0) & (
        (first[movie] == kung_fu) | (second[movie] == kung_fu)
    )
    score = 5.5 + quality[movie] + leniency[user] + PLANTED * is_planted
    score = np.clip(np.rint(score + rng.normal(0, 1.3, len(user))), 0, 10)
    return {
        "users": {
            "user_id": [f"person-{row}" for row in range(n_users)],
            "gender": rng.choice(["f", "Masculino", ""], n_users).tolist(),
            "age": rng.integers(14, 75, n_users).tolist(),
            "occupation": rng.choice(OCCUPATIONS, n_users).tolist(),
            "nationality": [NATIONALITIES[code] for code in nation],
        },
        "movies": {
            "movie_id": [f"film/{row}" for row in range(n_movies)],
            "title": [f"Film número {row}" for row in range(n_movies)],
            "year": rng.integers(1950, 2024, n_movies).tolist(),
            "genres": [
                "|".join(dict.fromkeys((GENRES[one], GENRES[two])))
                for one, two in zip(first, second, strict=True)
            ],
        },
        "ratings": {
            "user_id": [f"person-{row}" for row in user],
            "movie_id": [f"film/{row}" for row in movie],
            "score": score.astype(int).tolist(),
            "rated_at": rng.integers(
                1_600_000_000, 1_700_000_000, len(user)
            ).tolist(),
        },
    }


def bare_tables() -> dict[str, Table]:
    """The least that tables may hold: ids, titles, and half stars."""
    made = own_tables(n_users=300, n_movies=90, n_ratings=9000)
    ratings = made["ratings"]
    return {
        "users": {"user_id": made["users"]["user_id"]},
        "movies": {
            name: made["movies"][name] for name in ("movie_id", "title")
        },
        "ratings": {
            "user_id": ratings["user_id"],
            "movie_id": ratings["movie_id"],
            "stars": [max(score, 1) / 2 for score in ratings["score"]],
        },
    }


def tables_with_few() -> dict[str, Table]:
    """The tables, and N_FEW people of FEW, who rate as the first ones do."""
    tables = own_tables()
    ratings = tables["ratings"]
    for row in range(N_FEW):
        person = f"of-few-{row}"
        for values in tables["users"].values():
            values.append(values[row])
        tables["users"]["user_id"][-1] = person
        tables["users"]["nationality"][-1] = FEW
        theirs = [
            place
            for place, user in enumerate(ratings["user_id"])
            if user == f"person-{row}"
        ]
        for name, values in ratings.items():
            values += [
                person if name == "user_id" else values[place]
                for place in theirs
            ]
    return tables


def write_csv(
    folder: Path, tables: dict[str, Table], delimiter: str = ","
) -> None:
    """Write `users.csv` and so on."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, table in tables.items():
        with (folder / f"{kind}.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow(table)
            writer.writerows(zip(*table.values(), strict=True))


def write_parquet(folder: Path, tables: dict[str, Table]) -> None:
    """Write `users.parquet` and so on; genres become lists."""
    folder.mkdir(parents=True, exist_ok=True)
    for kind, table in tables.items():
        columns = {
            name: [text.split("|") for text in values]
            if name == "genres"
            else values
            for name, values in table.items()
        }
        pq.write_table(pa.table(columns), folder / f"{kind}.parquet")


# --- MovieLens 100K ---------------------------------------------------------

ML_100K_GENRES: Final = ("unknown", "Action", "Comedy", "Drama", "Film-Noir")
#: Lines as the data set writes them, oddities among them.
_ML_100K_MOVIES: Final = (
    "1|Toy Story (1995)|01-Jan-1995||http://us.imdb.com/M/title-exact?Toy|",
    "2|Usual Suspects, The (1995)|14-Aug-1995||http://us.imdb.com/2|",
    "3|Délicatessen (1991)|01-Jan-1991||http://us.imdb.com/3|",
    "4|unknown||||",
    '5|Land Before Time III: "Lost" (V)|01-Jan-1995||http://us.imdb.com/5|',
)
_ML_100K_FLAGS: Final = ("0|0|1|0|0", "0|1|0|0|1", "0|0|1|1|0",
                         "1|0|0|0|0", "0|0|0|1|0")  # fmt: skip


def ml_100k_files(n_users: int = 40, n_ratings: int = 160) -> dict[str, bytes]:
    """The files of a small MovieLens 100K, by their names, in latin-1."""
    rng = np.random.default_rng(5)
    movies = [
        line + flags
        for line, flags in zip(_ML_100K_MOVIES, _ML_100K_FLAGS, strict=True)
    ]
    users = [
        f"{row}|{rng.integers(7, 74)}|{'FM'[row % 2]}|"
        f"{('technician', 'other', 'none')[row % 3]}|"
        f"{('85711', 'T8H1N')[row % 2]}"
        for row in range(1, n_users + 1)
    ]
    ratings = [
        f"{row % n_users + 1}\t{row // n_users + 1}\t{rng.integers(1, 6)}"
        f"\t{881250949 + row}"
        for row in range(n_ratings)
    ]
    genres = [f"{genre}|{row}" for row, genre in enumerate(ML_100K_GENRES)]
    return {
        "u.user": _text(users),
        "u.item": _text(movies),
        "u.data": _text(ratings),
        "u.genre": _text([*genres, ""]),
        "u.occupation": _text(["technician", "other", "none"]),
        "u1.base": _text(ratings[:9]),
    }


def _text(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("latin-1")


def ml_100k_sample() -> dict[str, bytes]:
    """The tables above in MovieLens 100K's form: enough to learn from.

    Ages in years, ZIP codes and no nationality, whole stars, numbers as ids.
    """
    tables = own_tables(n_users=300, n_movies=90, n_ratings=9000)
    users, movies, ratings = tables.values()
    genres = ("unknown", *GENRES)
    rows = {
        "u.user": [
            f"{row}|{age}|{'FM'[row % 2]}|{occupation}|"
            f"{('85711', '02139', 'T8H1N', '94043')[row % 4]}"
            for row, (age, occupation) in enumerate(
                zip(users["age"], users["occupation"], strict=True), 1
            )
        ],
        "u.item": [
            f"{row}|{title} ({year})|01-Jan-{year}||http://us.imdb.com/{row}|"
            + "|".join(str(int(name in of.split("|"))) for name in genres)
            for row, (title, year, of) in enumerate(
                zip(
                    movies["title"],
                    movies["year"],
                    movies["genres"],
                    strict=True,
                ),
                1,
            )
        ],
        "u.data": [
            f"{_number(user)}\t{_number(movie)}\t{max(1, (score + 1) // 2)}"
            f"\t{seconds}"
            for user, movie, score, seconds in zip(
                *ratings.values(), strict=True
            )
        ],
        "u.genre": [f"{genre}|{row}" for row, genre in enumerate(genres)],
        "u.occupation": [*OCCUPATIONS],
    }
    return {name: _text(lines) for name, lines in rows.items()}


def _number(own_id: str) -> int:
    """The id of `film/3` or `person-3` in a file that counts from 1."""
    return int(own_id.replace("/", "-").partition("-")[2]) + 1


def write_ml_100k(
    archive: Path, files: dict[str, bytes] | None = None
) -> None:
    """Write a zip as GroupLens' ml-100k.zip; of the small one by default."""
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in (files or ml_100k_files()).items():
            zipped.writestr(f"ml-100k/{name}", content)
