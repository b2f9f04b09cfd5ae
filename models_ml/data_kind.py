"""What kind of data a warehouse, and a release of it, was made from."""

from enum import StrEnum


class DataKind(StrEnum):
    """The kinds of data, as the provenance and the manifest write them."""

    ML_1M = "ml-1m"
    ML_100K = "ml-100k"
    GENERATED = "generated"
    OWN_TABLES = "own-tables"

    @property
    def in_words(self) -> str:
        """What was learnt from, in English, for the middle of a sentence."""
        return _WORDS[self]

    @property
    def is_generated(self) -> bool:
        """Whether the data are made up."""
        return self is DataKind.GENERATED

    @property
    def is_grouplens(self) -> bool:
        """Whether GroupLens' licence holds for the data."""
        return self in (DataKind.ML_1M, DataKind.ML_100K)


_WORDS = {
    DataKind.ML_1M: "MovieLens 1M (GroupLens, University of Minnesota)",
    DataKind.ML_100K: "MovieLens 100K (GroupLens, University of Minnesota)",
    DataKind.GENERATED: "generated data, which say nothing of real people",
    DataKind.OWN_TABLES: "its operator's own tables",
}
