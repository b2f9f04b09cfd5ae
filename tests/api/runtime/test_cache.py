import pytest

from api.runtime.cache import OVERHEAD, ResponseCache


def filled(n: int, size: int, max_bytes: int) -> ResponseCache:
    cache = ResponseCache(max_bytes)
    for key in range(n):
        cache.put(key, bytes(size))
    return cache


def test_keeps_answers() -> None:
    cache = filled(3, 100, 1 << 20)
    cache.put("x", b"answer")
    assert cache.get("x") == b"answer"
    assert cache.get("y") is None


@pytest.mark.parametrize("size", [0, 100, 5000])
def test_stays_within_its_bytes(size: int) -> None:
    entry = size + OVERHEAD
    cache = filled(100, size, 10 * entry)
    assert len(cache) == 10
    assert cache.n_bytes == 10 * entry
    assert cache.get(99) is not None
    assert cache.get(89) is None


def test_drops_what_was_not_asked_for_longest() -> None:
    entry = 500 + OVERHEAD
    cache = filled(10, 500, 10 * entry)
    cache.get(0)
    cache.put("new", bytes(500))
    assert cache.get(0) is not None
    assert cache.get(1) is None


def test_putting_again_replaces() -> None:
    cache = filled(1, 100, 1 << 20)
    size = cache.n_bytes
    cache.put(0, bytes(50))
    assert cache.get(0) == bytes(50)
    assert cache.n_bytes == size - 50
    assert len(cache) == 1


def test_one_large_answer_pushes_nothing_out() -> None:
    cache = filled(5, 100, 100_000)
    cache.put("large", bytes(50_000))
    assert cache.get("large") is None
    assert len(cache) == 5


def test_no_bytes_keep_nothing() -> None:
    cache = filled(3, 0, 0)
    assert len(cache) == 0
