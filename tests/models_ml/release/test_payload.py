"""model.pkl holds plain data, and loading it calls nothing."""

import os
import pickle
import pickletools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from models_ml.release.payload import (
    PayloadError,
    dump_payload,
    load_payload,
)
from models_ml.release.plain_pickle import write_plain

ZIP_PREFIXES = {"941": "Pacific"}

arrays = hnp.arrays(
    dtype=st.sampled_from(["<f8", "<f4", "<i4", "<i8", "|b1", "<u2"]),
    shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
)
integers = st.integers(-(2**63), 2**63 - 1)
plain = st.recursive(
    st.none()
    | st.booleans()
    | integers
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text() | integers, inner, max_size=4)
    ),
    max_leaves=10,
)


def same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return (
            isinstance(other, np.ndarray)
            and one.dtype == other.dtype
            and one.shape == other.shape
            and one.tobytes() == other.tobytes()
        )
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(
            same(one[k], other[k]) for k in one
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


@given(plain)
def test_states_survive_the_round_trip(value: Any) -> None:
    payload = load_payload(dump_payload({"v": value}, {}, {}, ZIP_PREFIXES))
    assert same(payload["person"], {"v": value})
    assert payload["zip_prefixes"] == ZIP_PREFIXES


@given(plain)
def test_a_payload_names_no_constructor(value: Any) -> None:
    data = dump_payload({"v": value}, {}, {}, {})
    names = {opcode.name for opcode, _, _ in pickletools.genops(data)}
    assert not names & {"GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "REDUCE"}


def test_arrays_in_any_memory_order_come_back_equal() -> None:
    array = np.arange(24, dtype=np.float64).reshape(2, 3, 4)
    state = {"fortran": np.asfortranarray(array), "view": array[:, ::2, 1:]}
    person = load_payload(dump_payload(state, {}, {}, {}))["person"]
    assert np.array_equal(person["fortran"], array)
    assert np.array_equal(person["view"], array[:, ::2, 1:])


def test_equal_states_give_equal_bytes() -> None:
    one = np.arange(4.0)
    shared = {"a": one, "b": one}
    apart = {"a": np.arange(4.0), "b": np.arange(4.0)}
    assert dump_payload(shared, {}, {}, {}) == dump_payload(apart, {}, {}, {})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (np.float64(1.5), "person.weights[1] is a numpy.float64"),
        ((1, 2), "person.weights[1] is a builtins.tuple"),
        (Path("x"), "person.weights[1] is a pathlib"),
        (np.array([object()]), "person.weights[1] is an array of object"),
        (np.array(["text"]), "person.weights[1] is an array of <U4"),
        (1 << 63, "person.weights[1] is an integer of more than 64 bits"),
        ({1 << 63: 3}, "person.weights[1] has the key 9223372036854775808"),
        ({(1, 2): 3}, "person.weights[1] has the key (1, 2)"),
    ],
)
def test_what_is_not_plain_data_is_named(value: Any, told: str) -> None:
    with pytest.raises(PayloadError) as caught:
        dump_payload({"weights": [0.5, value]}, {}, {}, {})
    assert told in str(caught.value)


class Bomb:
    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


@pytest.mark.parametrize("protocol", range(6))
@pytest.mark.parametrize(
    "function",
    [os.system, eval, getattr, np.load, pickle.loads],
    ids=lambda function: function.__name__,
)
def test_a_pickle_that_calls_anything_is_refused(
    protocol: int, function: Any, tmp_path: Path
) -> None:
    target = tmp_path / "was-here"
    data = pickle.dumps(Bomb(function, f"touch {target}"), protocol)
    with pytest.raises(PayloadError, match="cannot be read"):
        load_payload(data)
    assert not target.exists()


def test_the_opcode_that_is_refused_is_named() -> None:
    data = pickle.dumps(np.arange(3), 5)
    with pytest.raises(PayloadError, match=r"opcode b'\\x94'.*not allowed"):
        load_payload(data)


def test_every_truncation_is_refused() -> None:
    data = dump_payload({"a": np.arange(9.0)}, {"b": "text"}, {}, ZIP_PREFIXES)
    for size in range(len(data)):
        with pytest.raises(PayloadError):
            load_payload(data[:size])


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"]r\xff\xff\xff\x7f.", "opcode b'r', which is not allowed"),
        (b"}(K\x01NK\x01Nu.", "the key 1 twice"),
        (b"N.N", "bytes after its end"),
        (b"]" * 40 + b"a" * 39 + b".", "nests deeper than 32"),
        (b"B\xff\xff\xff\xff.", "breaks off"),
        (b"M\x01\x00.", "not in the form that training writes"),
        (b"](" + b"]" * 300_000 + b"e.", "more than 200000 opcodes"),
        (b"\x8a\x09" + b"\x01" * 9 + b".", "integer of more than 64 bits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_pickle_beyond_its_bounds_is_refused_in_words(
    data: bytes, told: str
) -> None:
    with pytest.raises(PayloadError, match=told):
        load_payload(b"\x80\x05" + data)


def test_shared_lists_are_refused() -> None:
    shared: list[Any] = []
    for _ in range(40):
        shared = [shared, shared]
    data = pickle.dumps({"format": 2, "person": {"a": shared}}, 5)
    with pytest.raises(PayloadError, match="not allowed"):
        load_payload(data)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"format": 1}, "has format 1: this code reads format 2"),
        ({"format": True}, "has format True: this code reads format 2"),
        ({"person": None}, "lacks the part 'person'"),
        ({"film": ("ndarray", "|O", [1], b"12345678")}, r"array of '\|O'"),
        ({"film": ("ndarray", "<f8", [9], b"1")}, r"1 bytes .* shape \[9\]"),
        ({"film": ("ndarray", "<f8", [-1], b"12345678")}, r"shape \[-1\]"),
        ({"film": ("ndarray", "<f8", [1], "12345678")}, "made from .*str"),
        ({"film": ("ndarray", "|b1", [1], b"\2")}, "neither 0 nor 1"),
        ({"film": ("tuple", 1, 2, 3)}, "is no array"),
    ],
)
def test_another_shape_is_refused(change: dict[str, Any], told: str) -> None:
    payload = {
        "format": 2,
        "person": {},
        "film": {},
        "new_films": {},
        "zip_prefixes": {},
    }
    with pytest.raises(PayloadError, match=told):
        load_payload(write_plain(payload | change))


def test_what_is_no_dictionary_is_refused() -> None:
    with pytest.raises(PayloadError, match="holds no payload"):
        load_payload(write_plain([1, 2]))
