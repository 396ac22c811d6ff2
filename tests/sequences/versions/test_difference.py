"""The difference of two values: applied to the older one it gives the newer one."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.sequences.versions import difference
from tests.sequences.versions.patches import applied

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False) | st.text("ab/~", max_size=3),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("ab/~", max_size=2), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("older", "newer", "expected"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": "long enough to stay"}, {"a": "long enough to stay", "b": 2}, [{"op": "add", "path": "/b", "value": 2}]),
        ({"a": 1, "b": {"c": [1, 2]}}, {"b": {"c": [1, 2]}}, [{"op": "remove", "path": "/a"}]),
        (
            {"text": ["a very long line", "another long line", "the last of these lines"]},
            {"text": ["a very long line", "the last of these lines"]},
            [{"op": "remove", "path": "/text/1"}],
        ),
        ({"a/b": 1, "x": "y" * 99}, {"a/b": 2, "x": "y" * 99}, [{"op": "replace", "path": "/a~1b", "value": 2}]),
        ({"a": 1, "x": "y" * 99}, {"a": True, "x": "y" * 99}, [{"op": "replace", "path": "/a", "value": True}]),
        ({"a": [1, 2, 3]}, {"b": 9}, [{"op": "replace", "path": "", "value": {"b": 9}}]),
        (None, {"a": 1}, [{"op": "replace", "path": "", "value": {"a": 1}}]),
    ],
)
def test_a_difference_is(older: Any, newer: Any, expected: list[dict[str, Any]]):
    assert difference.patch(older, newer) == expected


@settings(max_examples=500, deadline=None)
@given(older=VALUES, newer=VALUES)
def test_the_difference_makes_the_newer_of_the_older(older: Any, newer: Any):
    made = applied(older, difference.patch(older, newer))

    assert json.dumps(made, sort_keys=True) == json.dumps(newer, sort_keys=True) or made == newer


def test_it_is_no_longer_than_what_it_makes():
    older, newer = {"a": [number % 10 for number in range(9999)]}, {"a": [number * 7 % 9 for number in range(9999)]}

    assert difference.patch(older, newer) == [{"op": "replace", "path": "", "value": newer}]
