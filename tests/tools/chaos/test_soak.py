"""The soak sees what it is there to see."""

import httpx
import pytest

from tools.chaos.soak import Answers, _growth, _mixed


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


def test_memory_is_compared_after_caches_are_full() -> None:
    assert _growth([1.0, 100.0, 100.0, 104.0]) == pytest.approx(0.04)
