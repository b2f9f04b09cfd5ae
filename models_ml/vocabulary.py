"""The words of the data: the levels of every dimension, in their order.

They are a table of the warehouse (`marts.dim_levels`) and travel in the
release; no code lists them. An index of ``UNKNOWN`` (-1) means "not given";
it is valid everywhere. What is no word of the data, such as the rating
classes, is a constant here; MovieLens 1M's own words are in
`source/movielens_levels.py`, for what makes data like it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Final

from models_ml.scale import RatingScale

UNKNOWN: Final = -1
#: The level of people of whom the data do not tell a dimension.
UNKNOWN_LEVEL: Final = "unknown"
#: A region code: in the United States, the division not being known.
SOMEWHERE_IN_THE_US: Final = -2
#: Regions that lie in the United States: the levels below this index.
N_US_REGIONS: Final = 10

#: What may be known of a person, in the order of a profile's codes; of the
#: last two a vocabulary's `dimensions` have one.
PROFILE_DIMENSIONS: Final = (
    "gender",
    "age_group",
    "occupation",
    "region",
    "nationality",
)
#: What a vocabulary must have levels of.
_REQUIRED: Final = ("gender", "age_group", "occupation", "region", "genre")


@dataclass(frozen=True)
class Level:
    """One word of the data."""

    dimension: str
    name: str
    name_pt: str
    """In Portuguese; the data's own word where no table has one."""
    code: str | None
    """As the source writes it (MovieLens' codes, ISO 3166), if it does."""
    lowest: float | None
    """Of an age group the lowest age in years, of stars the score."""


@dataclass(frozen=True)
class Vocabulary:
    """The levels of all dimensions, each dimension's together, in order."""

    levels: tuple[Level, ...]

    @classmethod
    def from_rows(cls, rows: Iterable[Mapping[str, Any]]) -> "Vocabulary":
        """The vocabulary of the rows of `marts.dim_levels`, in any order.

        Raises ValueError unless each dimension's positions are 0, 1, 2, …,
        its names differ, and every dimension that is needed has a level.
        """
        ordered = sorted(rows, key=lambda row: int(row["position"]))
        of_dimension: dict[str, list[Level]] = {}
        for row in ordered:
            levels = of_dimension.setdefault(row["dimension"], [])
            if int(row["position"]) != len(levels):
                raise ValueError(
                    f"{row['dimension']} has the level {row['name']!r} at "
                    f"position {row['position']}, not at {len(levels)}"
                )
            levels.append(
                Level(
                    row["dimension"],
                    row["name"],
                    row["name_pt"],
                    row["code"] or None,
                    float(row["lowest"])
                    if row["lowest"] not in (None, "")
                    else None,
                )
            )
        for name, levels in of_dimension.items():
            if len({level.name for level in levels}) < len(levels):
                raise ValueError(f"{name} has two levels of one name")
        missing = [name for name in _REQUIRED if name not in of_dimension]
        if missing:
            raise ValueError(f"no levels of {', '.join(missing)}")
        return cls(
            tuple(
                level
                for name in sorted(of_dimension)
                for level in of_dimension[name]
            )
        )

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data from which `from_rows` makes an equal vocabulary."""
        return [
            {
                **asdict(level),
                "position": self.of(level.dimension).index(level),
            }
            for level in self.levels
        ]

    def of(self, dimension: str) -> tuple[Level, ...]:
        """The levels of a dimension, of genres or stars, in order."""
        return self._levels.get(dimension, ())

    @cached_property
    def _levels(self) -> dict[str, tuple[Level, ...]]:
        levels: dict[str, list[Level]] = {}
        for level in self.levels:
            levels.setdefault(level.dimension, []).append(level)
        return {name: tuple(of) for name, of in levels.items()}

    def _names(self, dimension: str) -> tuple[str, ...]:
        return tuple(level.name for level in self.of(dimension))

    @cached_property
    def dimensions(self) -> Mapping[str, tuple[str, ...]]:
        """The levels of each dimension of a profile, in the order of codes.

        The last is the place: nationality where the data have it, or region.
        """
        place = "nationality" if self.nationalities else "region"
        return {
            name: self._names(name)
            for name in ("gender", "age_group", "occupation", place)
        }

    @cached_property
    def first_dimension(self) -> str:
        """The first of `dimensions` that tells people apart, if one does."""
        names = tuple(self.dimensions)
        several = [name for name in names if len(self.dimensions[name]) > 1]
        return (several or names)[0]

    @cached_property
    def has_us_regions(self) -> bool:
        """Whether the regions of the United States are among the levels."""
        return len(self.regions) > N_US_REGIONS

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many levels each of `dimensions` has."""
        return tuple(len(names) for names in self.dimensions.values())

    @cached_property
    def all_levels(self) -> tuple[tuple[str, str], ...]:
        """Dimension and level, of all dimensions one after the other."""
        return tuple(
            (dimension, name)
            for dimension, names in self.dimensions.items()
            for name in names
        )

    @cached_property
    def first_level(self) -> Mapping[str, int]:
        """Index in `all_levels` of each dimension's first level."""
        return {
            dimension: sum(self.shape[:axis])
            for axis, dimension in enumerate(self.dimensions)
        }

    @cached_property
    def genders(self) -> tuple[str, ...]:
        """Levels of gender."""
        return self._names("gender")

    @cached_property
    def age_groups(self) -> tuple[str, ...]:
        """Age groups, the youngest first."""
        return self._names("age_group")

    @cached_property
    def lowest_ages(self) -> tuple[int, ...]:
        """Lowest age in years of each age group that has one, ascending."""
        return tuple(
            int(level.lowest)
            for level in self.of("age_group")
            if level.lowest is not None
        )

    @cached_property
    def groups_with_ages(self) -> tuple[str, ...]:
        """The age groups that have a lowest age: all but "unknown"."""
        return self.age_groups[: len(self.lowest_ages)]

    @cached_property
    def occupations(self) -> tuple[str, ...]:
        """Levels of occupation."""
        return self._names("occupation")

    @cached_property
    def occupation_codes(self) -> Mapping[str, str]:
        """Occupation by the source's own code, where it has codes."""
        return {
            level.code: level.name
            for level in self.of("occupation")
            if level.code is not None
        }

    @cached_property
    def regions(self) -> tuple[str, ...]:
        """Regions: those of the United States, then the others."""
        return self._names("region")

    @cached_property
    def nationalities(self) -> tuple[str, ...]:
        """Countries of people; empty where the data tell none."""
        return self._names("nationality")

    @cached_property
    def nationality_of_code(self) -> Mapping[str, str]:
        """Nationality by ISO 3166 alpha-2 code, of those that have one."""
        return {
            level.code: level.name
            for level in self.of("nationality")
            if level.code is not None
        }

    @cached_property
    def genres(self) -> tuple[str, ...]:
        """Genres of films."""
        return self._names("genre")

    @cached_property
    def scale(self) -> RatingScale:
        """The steps of ratings that occur."""
        return RatingScale(tuple(float(name) for name in self._names("star")))

    @cached_property
    def _portuguese(self) -> Mapping[tuple[str, str], str]:
        return {
            (level.dimension, level.name): level.name_pt
            for level in self.levels
        }

    def name_pt(self, dimension: str, name: str) -> str:
        """A level's name in Portuguese; a word of no level as it is."""
        return self._portuguese.get((dimension, name), name)


#: The dimensions of a segment where none are asked for.
DEFAULT_BY: Final = ("gender", "age_group")

#: Rating classes 1 to 4, with the label asked for and the English one.
RATING_CLASSES: Final = ("hated", "disliked", "liked", "loved")
RATING_LABELS_PT: Final = ("Detestei", "Não gostei", "Gostei", "Adorei")

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
