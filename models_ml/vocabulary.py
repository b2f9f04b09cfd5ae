"""The levels of every dimension, in the order that arrays index them.

The same words stand in the warehouse's SQL, in files, in JSON and on pages.
An index of ``UNKNOWN`` (-1) means "not given"; it is valid everywhere.
"""

from typing import Final

UNKNOWN: Final = -1
#: A region code: in the United States, the division not being known.
SOMEWHERE_IN_THE_US: Final = -2

GENDERS: Final = ("F", "M")

#: Age groups, with MovieLens' code: the lowest age of the group in years.
AGE_GROUPS: Final = (
    "under 18",
    "18-24",
    "25-34",
    "35-44",
    "45-49",
    "50-55",
    "56+",
)
AGE_CODES: Final = (1, 18, 25, 35, 45, 50, 56)

#: Occupations; the index is MovieLens' code.
OCCUPATIONS: Final = (
    "other or not specified",
    "academic/educator",
    "artist",
    "clerical/admin",
    "college/grad student",
    "customer service",
    "doctor/health care",
    "executive/managerial",
    "farmer",
    "homemaker",
    "K-12 student",
    "lawyer",
    "programmer",
    "retired",
    "sales/marketing",
    "scientist",
    "self-employed",
    "technician/engineer",
    "tradesman/craftsman",
    "unemployed",
    "writer",
)

#: Census divisions of the United States, then the places that have none.
REGIONS: Final = (
    "New England",
    "Middle Atlantic",
    "East North Central",
    "West North Central",
    "South Atlantic",
    "East South Central",
    "West South Central",
    "Mountain",
    "Pacific",
    "US territories and military",
    "outside the US",
    "unknown",
)
#: Regions that lie in the United States: the levels below this index.
N_US_REGIONS: Final = 10

DIMENSIONS: Final = {
    "gender": GENDERS,
    "age_group": AGE_GROUPS,
    "occupation": OCCUPATIONS,
    "region": REGIONS,
}

#: The dimensions of a segment where none are asked for.
DEFAULT_BY: Final = ("gender", "age_group")

GENRES: Final = (
    "Action",
    "Adventure",
    "Animation",
    "Children's",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Fantasy",
    "Film-Noir",
    "Horror",
    "Musical",
    "Mystery",
    "Romance",
    "Sci-Fi",
    "Thriller",
    "War",
    "Western",
)

#: Rating classes 1 to 4, with the label of the brief and the English one.
RATING_CLASSES: Final = ("hated", "disliked", "liked", "loved")
RATING_LABELS_PT: Final = ("Detestei", "Não gostei", "Gostei", "Adorei")

#: Rating class (index, 0 to 3) of 1, 2, 3, 4 and 5 stars.
CLASS_OF_STARS: Final = (0, 1, 2, 2, 3)

#: Years of release that are understood.
FIRST_YEAR: Final = 1800
LAST_YEAR: Final = 2200

#: Widths of a release: a film of this width has as many raters as this
#: quantile of the films that were learnt from.
RELEASE_WIDTHS: Final = {"limited": 0.25, "typical": 0.5, "wide": 0.9}

#: Orders of a list of films, the default first.
FILM_RANKINGS: Final = ("for_you", "liking", "distinctive")
#: Orders of a film's segments, the default first.
SEGMENT_RANKINGS: Final = ("reach_index", "reach", "affinity", "liking")
#: What is told of a segment beside whether the data support a difference.
MEASURES: Final = ("reach_index", "affinity")
