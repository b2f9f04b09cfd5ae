"""The soak sees what it is there to see."""

import httpx
import pytest

from api.runtime.cache import OVERHEAD, ResponseCache
from tools.chaos.soak import (
    Answers,
    Question,
    _cached_bytes,
    _growth,
    _mixed,
)


def answered(status: int, header: str, told: str, rest: str) -> Answers:
    answers = Answers()
    body = f'{{"release":"{told}","items":"{rest}"}}'
    headers = {"X-Plateia-Release": header}
    answers.add(0, httpx.Response(status, headers=headers, text=body))
    return answers


def expected(rest: str) -> list[str]:
    return [next(iter(answered(200, "a", "a", rest).seen))[2]]


def test_an_answer_of_the_release_it_names_holds() -> None:
    answers = answered(200, "b", "b", "of b")
    assert not answers.failures
    assert not _mixed(
        answers, {"a": 0, "b": 1}, [expected("of a"), expected("of b")]
    )


def test_an_answer_mixed_from_two_releases_is_found() -> None:
    answers = answered(200, "b", "b", "of a")
    told = _mixed(
        answers, {"a": 0, "b": 1}, [expected("of a"), expected("of b")]
    )
    assert told == ["1 answers to question 0 are not those of b"]


def test_an_answer_of_a_release_that_was_not_published_is_found() -> None:
    assert _mixed(answered(200, "c", "c", "x"), {}, [])


@pytest.mark.parametrize(
    ("status", "header", "told"), [(503, "a", "a"), (200, "a", "b")]
)
def test_a_failure_is_counted(status: int, header: str, told: str) -> None:
    answers = answered(status, header, told, "")
    assert answers.failures.total() == answers.n == 1


def test_what_a_cache_counts_is_known_before() -> None:
    short, long = b"{}", b" " * 1001
    questions = [
        Question("GET", "/movies/1", b"", b""),
        Question("POST", "/audiences", short, b""),
        Question("POST", "/audiences", short, b""),  # the same again
        Question("POST", "/audiences", long, b""),
    ]
    answer = b"a" * 100
    cache = ResponseCache(1 << 20)
    for kept in ("movie", "its body", "its meaning", "a long one"):
        cache.put(kept, answer)
    counted = _cached_bytes(questions, len(questions) * len(answer))
    assert counted == cache.n_bytes == 4 * (len(answer) + OVERHEAD)


def test_memory_is_compared_after_a_warm_up() -> None:
    assert _growth([1.0, 100.0, 100.0, 104.0]) == pytest.approx(0.04)
