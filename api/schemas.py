"""What goes in and out over HTTP, as msgspec structs.

Requests refuse unknown fields. Structs are frozen and hold tuples, so that
a request can be the key of a cache.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from models_ml.data_kind import DataKind
from models_ml.film.known_films import MAX_COMPARABLES, MAX_RATERS
from models_ml.titles import MAX_TITLE
from models_ml.vocabulary import (
    DEFAULT_BY,
    FILM_RANKINGS,
    FIRST_YEAR,
    LAST_YEAR,
    MEASURES,
    RATING_CLASSES,
    RELEASE_WIDTHS,
    SEGMENT_RANKINGS,
)

MAX_ITEMS = 100
MAX_SEGMENTS = 20_000
MAX_DIMENSIONS = 4
MAX_GENRES = 50
MAX_RATINGS = 200
MAX_QUESTIONS = 20
MAX_EXCLUDED = 5000
MAX_DESCRIBED = 50
#: Characters of an id of the data's that may be asked for. A test keeps dbt's
#: `max_movie_id_length` equal.
MAX_SOURCE_ID = 200

RefusalCode = Literal["empty_store", "store", "pointer", "release"]
RankItemsBy = Literal["for_you", "liking", "distinctive"]
RankSegmentsBy = Literal["reach_index", "reach", "affinity", "liking"]

MovieId = Annotated[
    int, Meta(ge=1, le=2**31 - 1, description="The catalogue's id of a film.")
]
SourceId = Annotated[str, Meta(description="The id that the data have.")]
AskedSourceId = Annotated[str, Meta(min_length=1, max_length=MAX_SOURCE_ID)]
Title = Annotated[str, Meta(min_length=1, max_length=MAX_TITLE)]
ShortText = Annotated[str, Meta(max_length=100)]
Year = Annotated[int, Meta(ge=FIRST_YEAR, le=LAST_YEAR)]
Probability = Annotated[float, Meta(ge=0, le=1)]
ClassNumber = Annotated[
    int, Meta(ge=1, le=4, description="1 hated, 2 disliked, 3 liked, 4 loved")
]


def one_of(names: Sequence[str]) -> str:
    """How the words of a field are told."""
    return (
        f"One of: {', '.join(names)}. Case and accents make no difference, "
        "and the Portuguese names are understood."
    )


def levels_of(name: str) -> str:
    """Where a description tells the words of the release that serves.

    `name` is a dimension, `genre`, `dimension`, `star` or `score`; `openapi`
    fills it in.
    """
    return f"{{words of {name}}}"


class Request(Struct, frozen=True, forbid_unknown_fields=True):
    """The base of what callers send."""


class Answer(Struct, frozen=True, kw_only=True):
    """The base of what is answered from a release."""

    release: Annotated[
        str, Meta(description="Version of the release that answered.")
    ]
    data_generated: Annotated[
        bool,
        Meta(description="True: built from generated data."),
    ]


# --- requests ---------------------------------------------------------


class ProfileRequest(Request, frozen=True):
    """What is known of a person; each part may be left out."""

    gender: Annotated[
        ShortText | None, Meta(description=levels_of("gender"))
    ] = None
    age: Annotated[
        Annotated[int, Meta(ge=0, le=120)] | None,
        Meta(description="In years; give this or `age_group`."),
    ] = None
    age_group: Annotated[
        ShortText | None, Meta(description=levels_of("age_group"))
    ] = None
    occupation: Annotated[
        ShortText | Annotated[int, Meta(ge=0)] | None,
        Meta(
            description="A name, or the data's own code. "
            + levels_of("occupation")
        ),
    ] = None
    nationality: Annotated[
        ShortText | None,
        Meta(
            description="A country: an ISO 3166 code or a name, in English or "
            "Portuguese. Where the data tell no nationalities, only "
            "whether a person lives in the United States is used; what could "
            "not be used is said in `ignored`."
        ),
    ] = None
    zip_code: Annotated[
        ShortText | None, Meta(description="US ZIP code; tells the region.")
    ] = None


class RatingRequest(Request, frozen=True):
    """A film that the person rated or has not seen.

    It is named by `movie_id` or `source_id`, and the rating told by stars,
    score or class.
    """

    movie_id: Annotated[
        MovieId | None,
        Meta(
            description="The catalogue's id of a film; give this or "
            "`source_id`."
        ),
    ] = None
    source_id: Annotated[
        AskedSourceId | None,
        Meta(
            description="The id that the data have of a film; give this or "
            "`movie_id`."
        ),
    ] = None
    stars: Annotated[
        Annotated[float, Meta(ge=0, le=5)] | None,
        Meta(description=levels_of("star")),
    ] = None
    score: Annotated[
        Annotated[float, Meta(ge=0, le=10)] | None,
        Meta(description="From 0 to 10. " + levels_of("score")),
    ] = None
    rating_class: Annotated[
        ClassNumber | ShortText | None,
        Meta(
            description="The class's number (1 to 4), or its name. "
            + one_of(RATING_CLASSES)
        ),
    ] = None
    seen: Annotated[
        bool,
        Meta(
            description="False: the person was asked about the film and has "
            "not seen it; then it has no rating."
        ),
    ] = True
    asked: Annotated[
        bool,
        Meta(
            description="True: the answer to a question (`questions`). To "
            "have seen a film that one is asked about tells another thing "
            "than to name it of one's own accord."
        ),
    ] = False

    @property
    def catalogue_id(self) -> int:
        """The `movie_id`, of a rating that is known to have one."""
        assert self.movie_id is not None  # noqa: S101 - it names no other
        return self.movie_id


class FilterRequest(Request, frozen=True):
    """Which films may be suggested."""

    genres: Annotated[
        tuple[ShortText, ...],
        Meta(
            max_length=MAX_GENRES,
            description="Any of these genres. " + levels_of("genre"),
        ),
    ] = ()
    year_from: Year | None = None
    year_to: Year | None = None
    exclude: Annotated[
        tuple[MovieId | AskedSourceId, ...],
        Meta(
            max_length=MAX_EXCLUDED,
            description="Films to leave out: a number is a `movie_id`, a "
            "text a `source_id`.",
        ),
    ] = ()


class FilmRequest(Request, frozen=True):
    """A film, rated by nobody yet."""

    title: Title
    year: Year | None = None
    genres: Annotated[
        tuple[ShortText, ...],
        Meta(max_length=MAX_GENRES, description=levels_of("genre")),
    ] = ()


class RecommendationRequest(Request, frozen=True):
    """Which films for this person?"""

    profile: ProfileRequest = ProfileRequest()
    ratings: Annotated[
        tuple[RatingRequest, ...],
        Meta(
            max_length=MAX_RATINGS,
            description="Films that the person already rated, or says not "
            "to have seen; they refine the answer and are left out of it.",
        ),
    ] = ()
    n_questions: Annotated[
        int,
        Meta(
            ge=0,
            le=MAX_QUESTIONS,
            description="So many films to ask the person about next are "
            "answered in `questions`.",
        ),
    ] = 0
    movies: Annotated[
        tuple[FilmRequest, ...],
        Meta(
            max_length=MAX_DESCRIBED,
            description="Films that are described, as nobody has rated them: "
            "ranked with the catalogue's, whatever `filters` says, and "
            "answered with `movie_id` null.",
        ),
    ] = ()
    catalogue: Annotated[
        bool,
        Meta(
            description="False: only `movies` are suggested, none of the "
            "catalogue."
        ),
    ] = True
    limit: Annotated[int, Meta(ge=1, le=MAX_ITEMS)] = 10
    filters: FilterRequest = FilterRequest()
    rank_by: Annotated[
        ShortText,
        Meta(
            description="`for_you`: interest (a rating by such a person) × "
            "liking; `liking`; `distinctive`: what sets this profile apart. "
            + one_of(FILM_RANKINGS)
        ),
    ] = "for_you"
    novelty: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="0: the films most likely to be rated and liked; up "
            "to 1: rather those that not everyone is shown. Of `for_you` "
            "only.",
        ),
    ] = 0.0
    allow_sequels: Annotated[
        bool,
        Meta(
            description="Whether several films of one series may be "
            "suggested; else the best of each."
        ),
    ] = False


NRaters = Annotated[
    Annotated[int, Meta(ge=1, le=MAX_RATERS)] | ShortText | None,
    Meta(
        description="How many people will rate the film, if it is known: a "
        "number, or the width of its release, of which `GET /segments` tells "
        "the number. " + one_of(tuple(RELEASE_WIDTHS))
    ),
]
Comparables = Annotated[
    tuple[MovieId | Title, ...],
    Meta(
        max_length=MAX_COMPARABLES,
        description="Known films that the caller holds to be alike, by "
        "`movie_id`, `source_id` or title (with its year in parentheses where "
        "several films have that title).",
    ),
]


By = Annotated[
    tuple[ShortText, ...],
    Meta(
        min_length=1,
        max_length=MAX_DIMENSIONS,
        description="The dimensions that make up a segment. "
        + levels_of("dimension"),
        extra_json_schema={"uniqueItems": True},
    ),
]


class AudienceRequest(Request, frozen=True):
    """Which audience for this film?"""

    movie: FilmRequest
    by: By = DEFAULT_BY
    rank_by: Annotated[
        ShortText, Meta(description=one_of(SEGMENT_RANKINGS))
    ] = "reach_index"
    limit: Annotated[int, Meta(ge=1, le=MAX_SEGMENTS)] = 20
    n_raters: NRaters = None
    comparables: Comparables = ()


class DifferenceRequest(Request, frozen=True):
    """What changes from one film to another?"""

    movie: FilmRequest
    other: Annotated[
        FilmRequest,
        Meta(
            description="Of the same title: the same film in another "
            "description, which shares all that sets it apart."
        ),
    ]
    by: By = DEFAULT_BY
    rank_by: Annotated[ShortText, Meta(description=one_of(MEASURES))] = (
        "reach_index"
    )
    limit: Annotated[int, Meta(ge=1, le=MAX_SEGMENTS)] = 20
    n_raters: NRaters = None
    comparables: Comparables = ()
    other_n_raters: NRaters = None
    other_comparables: Comparables = ()


Levels = Annotated[
    dict[ShortText, ShortText],
    Meta(
        min_length=1,
        max_length=MAX_DIMENSIONS,
        description="str → level, as in the answers' `segment`.",
    ),
]


class ChanceRequest(Request, frozen=True):
    """Which of two segments is ahead, for one film?"""

    movie: FilmRequest
    segment: Levels
    other: Levels
    n_raters: NRaters = None
    comparables: Comparables = ()


# --- parts of answers -------------------------------------------------


# `gc=False`: they hold no cycles, and an answer has thousands of them.


class Ignored(Struct, frozen=True, gc=False):
    """Something that was given and could not be used."""

    field: str
    value: Any
    reason: Annotated[str, Meta(description="Why, in English.")]
    code: Annotated[str, Meta(description="The same as a word for programs.")]
    values: Annotated[
        dict[str, str | int], Meta(description="What `reason` names.")
    ]


class Notice(Struct, frozen=True, gc=False):
    """Something that a reader of the answer should know."""

    code: Annotated[str, Meta(description="A word for programs.")]
    values: Annotated[
        dict[str, str | int], Meta(description="What `text` names.")
    ]
    text: Annotated[str, Meta(description="In English.")]


class Profile(Struct, frozen=True, gc=False):
    """A profile as understood; null: not known."""

    gender: str | None
    age_group: str | None
    occupation: str | None
    region: str | None
    country: str | None
    nationality: str | None


class Group(Struct, frozen=True, gc=False):
    """A segment and how many people of the data it holds."""

    segment: Annotated[
        dict[str, str],
        Meta(description="str → level; empty: everyone."),
    ]
    n_users: int


class ClassProbability(Struct, frozen=True, gc=False):
    """The probability of one rating class."""

    rating_class: ClassNumber
    label: Annotated[str, Meta(description=", ".join(RATING_CLASSES))]
    label_pt: str
    probability: Probability


class ClassEstimate(Struct, frozen=True, gc=False):
    """The probability of one rating class, with its interval."""

    rating_class: ClassNumber
    label: Annotated[str, Meta(description=", ".join(RATING_CLASSES))]
    label_pt: str
    probability: Probability
    low: Probability
    high: Probability


class Estimate(Struct, frozen=True, gc=False):
    """A number with its interval."""

    value: float
    low: float
    high: float


class Counts(Struct, frozen=True, gc=False):
    """Ratings of a film by a group of people, counted in the warehouse."""

    dimension: str
    level: str
    n_ratings: int
    n_hated: int
    n_disliked: int
    n_liked: int
    n_loved: int


class Evidence(Struct, frozen=True, gc=False):
    """The counts behind a suggestion."""

    segment: Annotated[
        Counts,
        Meta(description="Of the nearest segment with enough ratings."),
    ]
    everyone: Counts


class Suggestion(Struct, frozen=True, gc=False):
    """A film for a person."""

    rank: int
    movie_id: Annotated[
        int | None,
        Meta(description="Null: one of the request's `movies`."),
    ]
    source_id: Annotated[
        SourceId | None,
        Meta(description="The id that the data have; null as `movie_id`."),
    ]
    title: Annotated[
        str, Meta(description="As in the data, or as it was described.")
    ]
    display_title: Annotated[
        str, Meta(description="With the article in front.")
    ]
    year: int | None
    genres: tuple[str, ...]
    probabilities: tuple[ClassProbability, ...]
    expected_stars: Annotated[float, Meta(ge=0, le=5)]
    expected_score: Annotated[
        float, Meta(ge=0, le=10, description="The same from 0 to 10.")
    ]
    interest: Annotated[
        Probability,
        Meta(
            description="Probability that a person of this profile has rated "
            "the film: the data do not tell who has seen it. With ratings "
            "known it orders films, and is too high for those at the top."
        ),
    ]
    evidence: Evidence

    @property
    def catalogue_id(self) -> int:
        """The id, of a film that the request did not describe."""
        assert self.movie_id is not None  # noqa: S101 - of the catalogue
        return self.movie_id


class Question(Struct, frozen=True, gc=False):
    """A film to ask the person about."""

    movie_id: int
    source_id: SourceId
    title: Annotated[str, Meta(description="As in the data.")]
    display_title: Annotated[
        str, Meta(description="With the article in front.")
    ]
    year: int | None
    genres: tuple[str, ...]
    chance_known: Annotated[
        Probability,
        Meta(
            description="Probability that the person has rated the film, and "
            "so can say more than not to have seen it."
        ),
    ]
    expected_gain: Annotated[
        float,
        Meta(
            ge=0,
            le=1,
            description="By how much the answer is expected to raise the "
            "discounted share of films liked among the ten best.",
        ),
    ]


class Difference(Struct, frozen=True, gc=False):
    """How many suggestions differ from what everyone gets."""

    n_different: int
    n_items: int
    sentence: str


class Recommendations(Answer, frozen=True, kw_only=True):
    """Films for a person."""

    profile: Profile
    ignored: tuple[Ignored, ...]
    notices: Annotated[
        tuple[Notice, ...],
        Meta(
            description="Of which parts of the profile the data tell little."
        ),
    ]
    rests_on: Annotated[
        Group,
        Meta(description="The people of this very profile in the data."),
    ]
    n_ratings_used: Annotated[
        int, Meta(description="Of the films the person already rated.")
    ]
    n_not_seen_used: Annotated[
        int, Meta(description="Of the films the person has not seen.")
    ]
    rank_by: RankItemsBy
    novelty: Annotated[float, Meta(ge=0, le=1)]
    allow_sequels: bool
    n_candidates: Annotated[
        int, Meta(description="Films that passed the filters.")
    ]
    differs_from_everyone: Difference
    evidence_sql: Annotated[
        str,
        Meta(description="Reproduces `evidence` in the warehouse."),
    ]
    questions: Annotated[
        tuple[Question, ...],
        Meta(
            description="Films to ask the person about next, best first: "
            "those whose answer does most for the list. Send the answers in "
            "`ratings`, with `asked`."
        ),
    ]
    items: tuple[Suggestion, ...]


#: What the data say of a difference.
Support = Literal["below", "none", "above"]
_SUPPORT = (
    "Whether the data support that it differs from {baseline}: the interval "
    "must lie to one side, and enough people stand behind the segment."
)


class AudienceSegment(Struct, frozen=True, gc=False):
    """What a segment makes of a film."""

    rank: int
    segment: dict[str, str]
    reach: Annotated[
        Estimate,
        Meta(
            description="Share of those who rate the film. The interval is of "
            "the share among this one film's raters."
        ),
    ]
    expected_reach: Annotated[
        Estimate,
        Meta(
            description="The same share; the interval is of the expected "
            "share, without the chance of who a film's few raters are."
        ),
    ]
    reach_index: Annotated[
        Estimate,
        Meta(
            description="`expected_reach` as an index; 100: as large as the "
            "segment always is."
        ),
    ]
    reach_supported: Annotated[
        Support, Meta(description=_SUPPORT.format(baseline="an index of 100"))
    ]
    probabilities: tuple[ClassEstimate, ...]
    affinity: Annotated[
        Estimate,
        Meta(
            description="How much likelier than the film's average viewer "
            "the segment is to like it, beyond how lenient it always is."
        ),
    ]
    affinity_supported: Annotated[
        Support, Meta(description=_SUPPORT.format(baseline="no affinity"))
    ]
    n_users: Annotated[int, Meta(description="People of the segment.")]
    is_target: Annotated[
        bool,
        Meta(
            description="The data support that it likes the film more, and by "
            "enough to matter."
        ),
    ]


class Target(Struct, frozen=True, gc=False):
    """The segments that the data supports as a target, or none."""

    segments: Annotated[
        tuple[dict[str, str | tuple[str, ...]], ...],
        Meta(
            description="Merged into the groups that a person would name: "
            "dimension → level, or a list of neighbouring age groups; a "
            "dimension of `by` that is left out is open. Together they are "
            "the segments with `is_target`. The strongest first."
        ),
    ]
    sentence: str


class NamedMovie(Struct, frozen=True, gc=False):
    """A known film that a caller named."""

    movie_id: int
    source_id: SourceId
    display_title: str
    year: int | None


class SimilarMovie(Struct, frozen=True, gc=False):
    """A known film; its true audience is at `/movies/{movie_id}`."""

    movie_id: int
    source_id: SourceId
    title: str
    display_title: str
    year: int | None
    genres: tuple[str, ...]
    n_ratings: int
    similarity: float
    href: str


class Audiences(Answer, frozen=True, kw_only=True):
    """An audience for a film."""

    movie: FilmRequest
    by: tuple[str, ...]
    rank_by: RankSegmentsBy
    n_raters: Annotated[
        int | None, Meta(description="As used; null: not known.")
    ]
    comparables: Annotated[
        tuple[NamedMovie, ...], Meta(description="As used.")
    ]
    interval: Annotated[
        float, Meta(description="Probability that each interval holds.")
    ]
    target: Target
    notices: Annotated[
        tuple[Notice, ...],
        Meta(description="What of the film the model has not learnt."),
    ]
    warnings: Annotated[
        tuple[str, ...], Meta(description="The texts of `notices`.")
    ]
    similar: tuple[SimilarMovie, ...]
    n_segments: Annotated[int, Meta(description="Before `limit`.")]
    evidence_sql: Annotated[
        str, Meta(description="Reproduces `n_users` in the warehouse.")
    ]
    segments: tuple[AudienceSegment, ...]


class ClassDifference(Struct, frozen=True, gc=False):
    """How the probability of one rating class changes, with its interval."""

    rating_class: ClassNumber
    label: Annotated[str, Meta(description=", ".join(RATING_CLASSES))]
    label_pt: str
    value: float
    low: float
    high: float
    supported: Support


class SegmentDifference(Struct, frozen=True, gc=False):
    """What changes of a segment: `other` minus `movie`."""

    rank: int
    segment: dict[str, str]
    reach: Annotated[Estimate, Meta(description="Of the expected share.")]
    reach_index: Estimate
    reach_supported: Support
    probabilities: tuple[ClassDifference, ...]
    affinity: Estimate
    affinity_supported: Support
    n_users: int


class AudienceDifferences(Answer, frozen=True, kw_only=True):
    """What changes from one film to another.

    Intervals are of the joint distribution of both answers.
    """

    movie: FilmRequest
    other: FilmRequest
    by: tuple[str, ...]
    rank_by: Literal["reach_index", "affinity"]
    n_raters: int | None
    other_n_raters: int | None
    comparables: tuple[NamedMovie, ...]
    other_comparables: tuple[NamedMovie, ...]
    interval: float
    n_segments: int
    n_supported: Annotated[
        int,
        Meta(description="Segments of which `rank_by` changes, supported."),
    ]
    sentence: str
    segments: tuple[SegmentDifference, ...]


class SegmentChance(Answer, frozen=True, kw_only=True):
    """The chance that one segment is ahead of another, for one film."""

    movie: FilmRequest
    segment: dict[str, str]
    other: dict[str, str]
    n_raters: int | None
    comparables: tuple[NamedMovie, ...]
    n_users: Annotated[int, Meta(description="People of `segment`.")]
    other_n_users: int
    affinity: Annotated[
        Probability,
        Meta(description="That the affinity of `segment` is the higher."),
    ]
    reach_index: Annotated[
        Probability,
        Meta(description="That the reach index of `segment` is the higher."),
    ]


class Movie(Struct, frozen=True, gc=False):
    """A film of the data, with the ratings it got."""

    movie_id: int
    source_id: SourceId
    title: str
    display_title: str
    year: int | None
    genres: tuple[str, ...]
    n_ratings: int
    n_hated: int
    n_disliked: int
    n_liked: int
    n_loved: int


class Movies(Answer, frozen=True, kw_only=True):
    """Films found."""

    items: tuple[Movie, ...]


_LeastRatings = Annotated[
    int,
    Meta(
        description="With fewer ratings of a film, who its audience are "
        "would be mostly chance."
    ),
]


class SimilarMovies(Answer, frozen=True, kw_only=True):
    """The known films most like one, and where their audiences are."""

    movie: Movie
    least_ratings: _LeastRatings
    items: Annotated[
        tuple[SimilarMovie, ...], Meta(description="The most similar first.")
    ]


class OverlappingMovie(Struct, frozen=True, gc=False):
    """A film that has much of another's audience."""

    movie_id: int
    source_id: SourceId
    title: str
    display_title: str
    year: int | None
    n_ratings: int
    interest: Annotated[
        Probability,
        Meta(
            description="Probability that someone rates it of whom only one "
            "thing is known, that they rated the other film, and who rates as "
            "many films as others do."
        ),
    ]
    interest_of_everyone: Annotated[
        Probability,
        Meta(description="The same of someone of whom nothing is known."),
    ]
    href: str


class OverlappingMovies(Answer, frozen=True, kw_only=True):
    """The films whose audience overlaps most with one film's."""

    movie: Movie
    least_ratings: _LeastRatings
    items: Annotated[
        tuple[OverlappingMovie, ...],
        Meta(
            description="The largest rise of the interest first. None with "
            "fewer than `least_ratings` of the film itself; and none of them "
            "has fewer."
        ),
    ]


class PredictedSegment(Struct, frozen=True, gc=False):
    """What is predicted without the film's own ratings."""

    reach: Estimate
    expected_reach: Estimate
    reach_index: Estimate
    reach_supported: Support
    liked: Annotated[
        Probability, Meta(description="Liked or loved, of its ratings.")
    ]
    affinity: Estimate
    affinity_supported: Support


class ActualSegment(Struct, frozen=True, gc=False):
    """A segment of a film's actual audience, beside the prediction."""

    segment: dict[str, str]
    n_users: Annotated[int, Meta(description="People of the segment.")]
    n_ratings: int
    n_hated: int
    n_disliked: int
    n_liked: int
    n_loved: int
    reach: Annotated[
        float | None, Meta(description="Null: the film has no ratings.")
    ]
    reach_index: float | None
    liked: Annotated[
        float | None, Meta(description="Liked or loved, of its ratings.")
    ]
    predicted: PredictedSegment


class IntervalRecord(Struct, frozen=True, gc=False):
    """How often intervals held, for films with about as many ratings."""

    interval: Annotated[
        float, Meta(description="The probability that they promise.")
    ]
    held: Annotated[
        Probability,
        Meta(
            description="Share of actual `reach` that lay in its interval, "
            "each film predicted without its own ratings."
        ),
    ]
    n_films: int
    raters_from: Annotated[
        int, Meta(description="The films have so many ratings or more, ...")
    ]
    raters_to: Annotated[
        int | None, Meta(description="... and fewer than so many.")
    ]


#: What the predicted audience of a known film rests on.
Basis = Literal["without this film's ratings", "the film has no ratings"]


class Prediction(Struct, frozen=True, gc=False):
    """How the predicted audience of a known film came about."""

    basis: Annotated[
        Basis,
        Meta(
            description="The film's own ratings are never in it: predicted "
            "beside actual is a prediction."
        ),
    ]
    record: Annotated[
        IntervalRecord | None,
        Meta(description="Null: not counted for these dimensions."),
    ]


class MovieAudience(Answer, frozen=True, kw_only=True):
    """A film and its actual audience."""

    movie: Movie
    by: tuple[str, ...]
    interval: float
    predicted: Annotated[
        Prediction, Meta(description="Of each segment's `predicted`.")
    ]
    evidence_sql: str
    segments: tuple[ActualSegment, ...]


class Level(Struct, frozen=True, gc=False):
    """A level of a dimension."""

    level: str
    n_users: int
    share: float


class DimensionLevels(Struct, frozen=True, gc=False):
    """A dimension, with its levels in order."""

    dimension: str
    levels: tuple[Level, ...]


class RatingClass(Struct, frozen=True, gc=False):
    """A rating class with both labels."""

    rating_class: ClassNumber
    label: str
    label_pt: str


class ReleaseWidth(Struct, frozen=True, gc=False):
    """A word for how many people will rate a film."""

    width: str
    n_raters: Annotated[
        int, Meta(description="Of the film at this quantile of known films.")
    ]
    quantile: float


class Segments(Answer, frozen=True, kw_only=True):
    """The words that a question may use."""

    n_users: int
    dimensions: tuple[DimensionLevels, ...]
    genres: tuple[str, ...]
    rating_classes: tuple[RatingClass, ...]
    release_widths: Annotated[
        tuple[ReleaseWidth, ...],
        Meta(description="What `n_raters` may be instead of a number."),
    ]


class TasteDifference(Struct, frozen=True, gc=False):
    """How a group differs, with its 95 % interval."""

    value: float
    low: float
    high: float
    is_supported: Annotated[
        bool,
        Meta(
            description="Whether it may be told: the false discovery rate "
            "over all groups of the dimension is held."
        ),
    ]


_Liking = Annotated[
    TasteDifference | None,
    Meta(
        description="Share of ratings that are liked or loved, less the "
        "group's share over all films, less the same of the others: 0 is as "
        "they do. Null where the data does not support a difference."
    ),
]
_Watching = Annotated[
    TasteDifference | None,
    Meta(
        description="An index, 100 is as the others: for a genre its share of "
        "the group's ratings, for a film the share of people who rated it. "
        "Null where the data does not support a difference."
    ),
]


class GenreTaste(Struct, frozen=True, gc=False, kw_only=True):
    """What a group makes of a genre, beside the others."""

    genre: str
    level: str
    n_users: Annotated[int, Meta(description="People of the group.")]
    n_raters: Annotated[int, Meta(description="Those who rated the genre.")]
    n_ratings: int
    liking: _Liking
    watching: _Watching


class FilmTaste(Struct, frozen=True, gc=False, kw_only=True):
    """What a group makes of a film, beside the others."""

    movie_id: int
    source_id: SourceId
    display_title: str
    year: int
    level: str
    n_users: Annotated[int, Meta(description="People of the group.")]
    n_raters: Annotated[int, Meta(description="Those who rated the film.")]
    n_ratings: int
    liking: _Liking
    watching: _Watching


class Tastes(Answer, frozen=True, kw_only=True):
    """How groups of people and genres hang together."""

    dimension: str
    level: str | None
    other: str | None
    genre: str | None
    compared_with: Annotated[
        str, Meta(description="`everyone else`, or the other group.")
    ]
    false_discovery_rate: float
    least_people: Annotated[
        int,
        Meta(description="Raters below which no difference is supported."),
    ]
    evidence_sql: str
    genres: tuple[GenreTaste, ...]
    films: Annotated[
        tuple[FilmTaste, ...],
        Meta(
            description="Of one group: films whose liking differs, the "
            "clearest first."
        ),
    ]


class ModelCard(Struct, frozen=True, gc=False):
    """The model in plain words; every number is of the release's record."""

    what: str
    learnt_from: str
    good_for: tuple[str, ...]
    not_good_for: tuple[str, ...]
    how_well: Annotated[
        tuple[str, ...],
        Meta(description="Of people and films that were not learnt from."),
    ]


class ModelInfo(Answer, frozen=True, kw_only=True):
    """What serves: version, data, metrics."""

    card: ModelCard
    data_kind: Annotated[
        DataKind, Meta(description="What the release was built from.")
    ]
    created: Annotated[str, Meta(description="UTC, ISO 8601.")]
    data_digest: str
    n_movies: int
    n_users: int
    metrics: dict[str, Any]
    libraries: dict[str, str]
    feature_names: tuple[str, ...]
    rows: Annotated[
        dict[str, int], Meta(description="Of each table that is served.")
    ]
    files: Annotated[dict[str, str], Meta(description="SHA-256 of each file.")]


class HeldRelease(Struct, frozen=True, gc=False):
    """A release that the server which answers has fetched and verified."""

    version: str
    created: Annotated[str, Meta(description="UTC, ISO 8601.")]
    data_kind: Annotated[
        DataKind, Meta(description="What the release was built from.")
    ]
    data_digest: Annotated[
        str,
        Meta(description="Log-losses of equal data alone can be compared."),
    ]
    n_ratings: int
    new_person_log_loss: Annotated[
        float | None,
        Meta(description="Of a new person's ratings; null: not measured."),
    ]
    new_film_log_loss: Annotated[
        float | None,
        Meta(description="Of a new film's audience; null: not measured."),
    ]
    is_serving: bool


class Releases(Answer, frozen=True, kw_only=True):
    """The releases that the server which answers holds."""

    items: Annotated[
        tuple[HeldRelease, ...], Meta(description="The newest first.")
    ]


class Health(Struct, frozen=True, gc=False):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Refused(Struct, frozen=True, gc=False):
    """Why the store's current release does not serve."""

    version: Annotated[
        str | None, Meta(description="Null: current.json cannot be read.")
    ]
    code: RefusalCode
    reason: Annotated[str, Meta(description="The code in words.")]


class Readiness(Struct, frozen=True, gc=False):
    """Whether questions can be answered."""

    ready: bool
    release: str | None
    refused: Refused | None
    last_look: Annotated[
        str | None,
        Meta(
            description="When the store was last read and its pointer found"
            " good: UTC, ISO 8601."
        ),
    ]


class FieldError(Struct, frozen=True, gc=False, omit_defaults=True):
    """What is wrong with one field."""

    field: str
    reason: str
    value: Any = None
    allowed: Any = None


class Problem(Struct, frozen=True, gc=False, omit_defaults=True):
    """Problem details of RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: tuple[FieldError, ...] = ()
    request_id: str | None = None
