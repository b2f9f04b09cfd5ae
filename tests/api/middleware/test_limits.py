import pytest

from api.middleware import limits
from api.middleware.limits import RateLimit


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_of_a_minute_passes_and_no_more() -> None:
    limit = RateLimit(60, Clock())
    assert [limit.take("a") for _ in range(60)] == [0.0] * 60
    assert limit.take("a") == 1.0


def test_a_steady_caller_is_never_cut_off() -> None:
    clock = Clock()
    limit = RateLimit(60, clock)
    for _ in range(500):
        assert limit.take("a") == 0.0
        clock.now += 1.0


def test_waiting_as_told_is_enough() -> None:
    clock = Clock()
    limit = RateLimit(2, clock)
    limit.take("a")
    limit.take("a")
    clock.now += limit.take("a")
    assert limit.take("a") == 0.0
    assert limit.take("a") > 0


def test_addresses_do_not_share() -> None:
    limit = RateLimit(1, Clock())
    assert limit.take("a") == 0.0
    assert limit.take("b") == 0.0
    assert limit.take("a") > 0


def test_addresses_are_forgotten_before_memory_grows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MAX_ADDRESSES", 3)
    limit = RateLimit(1, Clock())
    for address in "abcdab":
        limit.take(address)
    assert len(limit._buckets) == 3
