"""What callers say of a person, understood the same way everywhere."""

from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from models_ml.errors import InvalidField, InvalidFields
from models_ml.profile.nationality import country_of
from models_ml.profile.parse import (
    Profile,
    parse_profile,
    region_of_zip,
)
from models_ml.profile.zip_prefixes import read_zip_prefixes
from models_ml.settings import PROJECT
from models_ml.source.movielens_levels import (
    AGE_CODES,
    AGE_GROUPS,
    GENDERS,
    MOVIELENS_1M,
    OCCUPATIONS,
    REGIONS,
)
from models_ml.vocabulary import SOMEWHERE_IN_THE_US, UNKNOWN, Vocabulary

PREFIXES = {prefix: place[1] for prefix, place in read_zip_prefixes().items()}
MACROS = PROJECT / "dbt_project/macros/buckets.sql"
ENGINE_MACROS = PROJECT / "dbt_project/macros/engines/text.sql"


def parse(**fields: Any) -> Profile:
    return parse_profile(
        vocabulary=MOVIELENS_1M, zip_prefixes=PREFIXES, **fields
    )


def refused(**fields: Any) -> InvalidField:
    with pytest.raises(InvalidField) as caught:
        parse(**fields)
    return caught.value


def test_nothing_given_is_nothing_known() -> None:
    profile = parse(gender=None, age="", occupation="  ", zip_code=None)
    assert profile == Profile()
    assert profile.codes(MOVIELENS_1M) == (-1, -1, -1, -1)
    assert set(profile.understood().values()) == {None}


def test_all_given() -> None:
    profile = parse(
        gender="F",
        age=34,
        occupation="programmer",
        nationality="US",
        zip_code="94110",
    )
    assert profile.understood() == {
        "gender": "F",
        "age_group": "25-34",
        "occupation": "programmer",
        "country": "US",
        "region": "Pacific",
        "nationality": None,
    }
    assert profile.codes(MOVIELENS_1M) == (0, 2, 12, REGIONS.index("Pacific"))
    assert profile.ignored == ()


@pytest.mark.parametrize(
    ("value", "gender"),
    [
        ("F", "F"),
        (" m ", "M"),
        ("Female", "F"),
        ("MALE", "M"),
        ("feminino", "F"),
        ("Masculino", "M"),
        ("mulher", "F"),
        ("homem", "M"),
    ],
)
def test_genders(value: str, gender: str) -> None:
    assert parse(gender=value).gender == gender


@pytest.mark.parametrize("value", ["X", "0", 1, "FM", "não"])
def test_other_genders_are_not_in_the_data(value: Any) -> None:
    error = refused(gender=value)
    assert (error.field, error.value) == ("gender", value)
    assert "'F', 'M'" in error.allowed


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, "under 18"),
        (17, "under 18"),
        (17.9, "under 18"),
        (18, "18-24"),
        ("24", "18-24"),
        ("25.0", "25-34"),
        (44, "35-44"),
        (45, "45-49"),
        (50, "50-55"),
        (55, "50-55"),
        (56, "56+"),
        (120, "56+"),
    ],
)
def test_ages_in_years(age: Any, group: str) -> None:
    assert parse(age=age).age_group == group


@pytest.mark.parametrize(
    ("code", "group"), list(zip(AGE_CODES, AGE_GROUPS, strict=True))
)
def test_age_codes_of_movielens_read_as_years(code: int, group: str) -> None:
    assert parse(age=code).age_group == group
    assert parse(age=str(code), age_group=group).age_group == group


@pytest.mark.parametrize(
    "age", [-1, 121, "old", "25-34", True, float("inf"), "1e1", "٣", "- 5"]
)
def test_other_ages_are_refused(age: Any) -> None:
    error = refused(age=age)
    assert error.field == "age"
    assert "0 to 120" in error.allowed


@pytest.mark.parametrize(
    ("value", "group"),
    [
        *zip(AGE_GROUPS, AGE_GROUPS, strict=True),
        ("Under  18", "under 18"),
        ("25–34", "25-34"),
    ],
)
def test_age_groups(value: str, group: str) -> None:
    assert parse(age_group=value).age_group == group


@pytest.mark.parametrize("value", ["25", "18-25", 25])
def test_other_age_groups_are_refused(value: Any) -> None:
    error = refused(age_group=value)
    assert error.field == "age_group"
    assert "'18-24'" in error.allowed


def test_age_and_group_that_contradict_each_other() -> None:
    error = refused(age=30, age_group="18-24")
    assert (error.field, error.value) == ("age_group", "18-24")
    assert error.allowed == "'25-34', since age is 30"


@pytest.mark.parametrize("code", range(21))
def test_occupations_by_code_and_name(code: int) -> None:
    name = OCCUPATIONS[code]
    for words in (code, str(code), f"{code}.0", name, name.upper()):
        assert parse(occupation=words).occupation == name


@pytest.mark.parametrize("value", [21, -1, "3.5", "astronaut", True])
def test_other_occupations_are_refused(value: Any) -> None:
    error = refused(occupation=value)
    assert error.field == "occupation"
    assert "0 to 20" in error.allowed
    assert "'lawyer'" in error.allowed


@pytest.mark.parametrize(
    "value",
    [
        *("US", "us", "USA", "U.S.A.", "United States", "Estados Unidos"),
        *("EUA", "American", "norte-americana", "estadunidense"),
        *("Puerto Rico", "Porto Rico", "GU"),
    ],
)
def test_nationalities_of_the_united_states(value: str) -> None:
    profile = parse(nationality=value)
    assert profile.country == "US"
    assert profile.region is None
    assert profile.codes(MOVIELENS_1M)[3] == SOMEWHERE_IN_THE_US
    assert profile.ignored == ()


@pytest.mark.parametrize(
    ("value", "country"),
    [
        *(("BR", "BR"), ("bra", "BR"), ("Brazil", "BR"), ("Brasil", "BR")),
        *(("brasileira", "BR"), ("BRAZILIAN", "BR"), ("UK", "GB")),
        *(("Alemanha", "DE"), ("alemã", "DE"), ("German", "DE")),
        *(("Côte d'Ivoire", "CI"), ("Costa do Marfim", "CI")),
        *(("Turkey", "TR"), ("Türkiye", "TR"), ("Vietname", "VN")),
        *(("Myanmar", "MM"), ("Burma", "MM"), ("South Korea", "KR")),
        *(("Guinea", "GN"), ("Georgia", "GE"), ("holandês", "NL")),
        *(("England", "GB"), ("República Tcheca", "CZ"), ("Macao", "MO")),
        *(("076", "BR"), ("392", "JP"), ("620", "PT")),
    ],
)
def test_other_nationalities(value: str, country: str) -> None:
    assert country_of(value) == country
    profile = parse(nationality=value)
    assert profile.region == profile.country == "outside the US"
    assert profile.codes(MOVIELENS_1M)[3] == REGIONS.index("outside the US")
    (ignored,) = profile.ignored
    assert (ignored.field, ignored.value) == ("nationality", value)
    assert "used only as 'outside the US'" in ignored.notice.text()


@pytest.mark.parametrize("value", ["Narnia", "ZZ", "EU", "world", "001", "-"])
def test_words_that_are_no_nationality_are_refused(value: str) -> None:
    error = refused(nationality=value)
    assert (error.field, error.value) == ("nationality", value)
    assert "Brasil" in error.allowed


@pytest.mark.parametrize(
    ("zip_code", "region"),
    [
        ("02139", "New England"),
        ("94110-1234", "Pacific"),
        ("941101234", "Pacific"),
        (" 60606 ", "East North Central"),
        ("00901", "US territories and military"),
        ("01310-100", "outside the US"),
        ("M5V 2T6", "outside the US"),
        ("SW1A 1AA", "outside the US"),
        ("00000", "unknown"),
        ("123", "unknown"),
        ("400060", "unknown"),
        ("none", "unknown"),
    ],
)
def test_regions_of_zip_codes(zip_code: str, region: str) -> None:
    assert region_of_zip(zip_code, PREFIXES) == region


def test_a_zip_code_that_names_no_place_is_told() -> None:
    profile = parse(zip_code="00000")
    assert profile.codes(MOVIELENS_1M)[3] == -1
    assert profile.country is None
    (ignored,) = profile.ignored
    assert (ignored.field, ignored.value) == ("zip_code", "00000")


def test_a_nationality_helps_where_the_zip_code_does_not() -> None:
    profile = parse(zip_code="400060", nationality="Indian")
    assert profile.region == "outside the US"
    assert {each.field for each in profile.ignored} == {
        "zip_code",
        "nationality",
    }
    assert parse(zip_code="00000", nationality="US").codes(MOVIELENS_1M)[
        3
    ] == (SOMEWHERE_IN_THE_US)


@pytest.mark.parametrize(
    ("nationality", "zip_code", "region", "country"),
    [
        ("Brazil", "94110", "Pacific", "US"),
        ("US", "M5V 2T6", "outside the US", "outside the US"),
    ],
)
def test_the_zip_code_decides_where_nationality_contradicts_it(
    nationality: str, zip_code: str, region: str, country: str
) -> None:
    profile = parse(nationality=nationality, zip_code=zip_code)
    assert (profile.region, profile.country) == (region, country)
    (ignored,) = profile.ignored
    assert ignored.field == "nationality"
    assert f"the ZIP code says {region}" in ignored.notice.text()


def test_nationality_and_zip_code_that_agree() -> None:
    assert parse(nationality="US", zip_code="94110").ignored == ()
    profile = parse(nationality="Brasil", zip_code="01310-100")
    assert profile.region == "outside the US"


anything = st.none() | st.text(max_size=12) | st.integers() | st.floats()


FIELDS = (
    *("gender", "age", "age_group", "occupation"),
    *("nationality", "zip_code"),
)


@settings(deadline=None)
@given(st.fixed_dictionaries(dict.fromkeys(FIELDS, anything)))
def test_any_input_is_understood_or_refused_by_name(
    fields: dict[str, Any],
) -> None:
    try:
        profile = parse(**fields)
    except InvalidFields as caught:
        profile, errors = Profile(), caught.errors
    else:
        errors = ()
    assert -1 <= profile.codes(MOVIELENS_1M)[0] < len(GENDERS)
    assert -2 <= profile.codes(MOVIELENS_1M)[3] < len(REGIONS)
    named = [error.field for error in errors]
    assert len(named) == len(set(named))
    assert set(named) <= set(FIELDS)
    assert all(error.allowed for error in errors)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidFields) as caught:
        parse(
            gender="X",
            age=200,
            age_group="old",
            occupation="spy",
            nationality="Narnia",
        )
    assert [error.field for error in caught.value.errors] == [
        *("gender", "age", "age_group", "occupation", "nationality")
    ]


def sql_regions(zip_codes: list[str]) -> list[str]:
    """Regions by the macros of the warehouse."""
    environment = jinja2.Environment(autoescape=False)  # noqa: S701
    engine: Any = environment.from_string(ENGINE_MACROS.read_text()).module
    # As dbt dispatches it to DuckDB.
    environment.globals["matches_whole"] = engine.default__matches_whole
    macros: Any = environment.from_string(MACROS.read_text()).module
    is_us = macros.is_us_zip_shape("zip_code")
    is_foreign = macros.is_foreign_postal_code("zip_code")
    places = pa.table({"zip_code": zip_codes, "n": range(len(zip_codes))})
    prefixes = pa.table(
        {"prefix": list(PREFIXES), "division": list(PREFIXES.values())}
    )
    with duckdb.connect() as connection:
        connection.register("places", places)
        connection.register("prefixes", prefixes)
        rows = connection.execute(
            f"""
            select case
                when division is not null then division
                when {is_foreign} then 'outside the US'
                else 'unknown'
            end
            from (select n, trim(zip_code) as zip_code from places)
            left join prefixes
                on left(zip_code, 3) = prefix and {is_us}
            order by n
            """  # noqa: S608
        ).fetchall()
    return [row[0] for row in rows]


zip_like = st.text("0123456789-- aB", max_size=11) | st.text(max_size=6)


@settings(deadline=None, max_examples=30)  # of up to 50 codes each
@example(["", "-", "94110\n", "٩٤١١٠", "a1" * 5, "12345-678", "1234-567"])
@given(st.lists(zip_like, min_size=1, max_size=50))
def test_regions_are_those_of_the_warehouse(zip_codes: list[str]) -> None:
    spaced = [text for text in zip_codes if text.strip() == text.strip(" ")]
    ours = [region_of_zip(text, PREFIXES) for text in spaced]
    assert ours == sql_regions(spaced)


def test_people_of_the_sample_are_placed_as_in_its_warehouse(
    sample_home: Path,
) -> None:
    assert_placed_as_in(sample_home)


@pytest.mark.real_data
def test_people_of_movielens_are_placed_as_in_its_warehouse(
    real_home: Path,
) -> None:
    assert_placed_as_in(real_home)


def assert_placed_as_in(home: Path) -> None:
    with duckdb.connect(
        home / "warehouse.duckdb", read_only=True
    ) as connection:
        users = connection.execute(
            "select gender, age_code, age_group, occupation_code, occupation,"
            " zip_code, region from marts.dim_users"
        ).fetchall()
    assert users
    for gender, code, group, job_code, job, zip_code, region in users:
        profile = parse(
            gender=gender, age=code, occupation=job_code, zip_code=zip_code
        )
        assert profile.gender == gender
        assert profile.age_group == group
        assert profile.occupation == job
        assert region_of_zip(zip_code, PREFIXES) == region
        assert (profile.region or "unknown") == region


@pytest.mark.parametrize(
    ("fields", "region", "ignored"),
    [
        ({"zip_code": "01310-100"}, "outside the US", []),
        ({"nationality": "BR"}, "outside the US", ["nationality_abroad"]),
        ({"zip_code": "02139"}, None, ["place_unseen"]),
        ({"nationality": "US"}, None, ["place_unseen"]),
        ({"nationality": "US", "zip_code": "1?"}, None,
         ["zip_code_unknown", "place_unseen"]),
    ],
)  # fmt: skip
def test_a_place_that_nobody_is_from_is_ignored(
    fields: dict[str, str], region: str | None, ignored: list[str]
) -> None:
    """Of data whose people have post codes of another country alone."""
    others = ("outside the US", "unknown")
    vocabulary = Vocabulary.from_rows(
        [
            row
            | {
                "position": others.index(row["name"])
                if row["dimension"] == "region"
                else row["position"]
            }
            for row in MOVIELENS_1M.to_rows()
            if row["dimension"] != "region" or row["name"] in others
        ]
    )
    profile = parse_profile(
        vocabulary=vocabulary, zip_prefixes=PREFIXES, **fields
    )
    assert profile.region == profile.country == region
    assert [each.notice.code for each in profile.ignored] == [
        f"profile.{code}" for code in ignored
    ]
    assert profile.codes(vocabulary)[3] == (UNKNOWN if region is None else 0)


def with_nationalities() -> Vocabulary:
    """MovieLens' words, beside three nationalities."""
    named = (("Brazil", "Brasil", "BR"), ("Japan", "Japão", "JP"))
    return Vocabulary.from_rows(
        [
            *MOVIELENS_1M.to_rows(),
            *(
                {
                    "dimension": "nationality",
                    "position": place,
                    "name": name,
                    "name_pt": name_pt,
                    "code": code,
                    "lowest": None,
                }
                for place, (name, name_pt, code) in enumerate(
                    (*named, ("Ruritania", "Ruritania", None))
                )
            ),
        ]
    )


@pytest.mark.parametrize(
    ("value", "nationality"),
    [
        *(("BR", "Brazil"), ("bra", "Brazil"), ("Brasil", "Brazil")),
        *(("brasileira", "Brazil"), ("Japão", "Japan")),
        ("ruritania", "Ruritania"),
    ],
)
def test_a_nationality_of_the_data_is_a_level(
    value: str, nationality: str
) -> None:
    data = with_nationalities()
    profile = parse_profile(
        vocabulary=data, zip_prefixes=PREFIXES, nationality=value
    )
    assert profile.nationality == nationality
    assert profile.ignored == ()
    place = data.nationalities.index(nationality)
    assert profile.codes(data) == (-1, -1, -1, place)


def test_a_nationality_that_nobody_of_the_data_has_is_told_of() -> None:
    profile = parse_profile(
        vocabulary=with_nationalities(),
        zip_prefixes=PREFIXES,
        nationality="France",
        zip_code="94110",
    )
    assert profile.codes(with_nationalities())[3] == -1
    assert {each.field: each.notice.code for each in profile.ignored} == {
        "nationality": "profile.nationality_unseen",
        "zip_code": "profile.zip_code_unused",
    }


def test_a_word_that_is_no_country_is_refused() -> None:
    with pytest.raises(InvalidField, match="nationality is 'Atlantis'"):
        parse_profile(
            vocabulary=with_nationalities(),
            zip_prefixes=PREFIXES,
            nationality="Atlantis",
        )
