"""What is so of any expression over any values."""

import json
import warnings
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from shared.conditions import expressions, kinds
from shared.conditions.errors import ExpressionError
from tests.shared.conditions.cases import NAMES, NOW, holds

_ATOMS: Final = ["amount", "1", "0.5", "'a'", "priority", "tags", "form", "now", "true", "absent", "answer", "due_on"]
_JOINS: Final = [" and ", " or ", " == ", " < ", " + ", " * ", " / ", " in ", " - ", " not in ", "."]
_expressions: Final = st.recursive(
    st.sampled_from(_ATOMS),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(_JOINS), inner).map("".join),
        st.tuples(st.sampled_from(["not ", "-", "len", "max", "round", "coalesce", "lower"]), inner).map(
            lambda pair: f"{pair[0]}({pair[1]})"
        ),
        st.lists(inner, max_size=3).map(lambda each: f"[{', '.join(each)}]"),
        st.tuples(inner, inner).map(lambda pair: f"{pair[0]}[{pair[1]}]"),
    ),
    max_leaves=12,
)
_json: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.text(max_size=60) | _expressions, st.dictionaries(st.sampled_from([*NAMES]), _json))
def test_any_text_over_any_values_has_a_value_or_an_error_of_the_language(text: str, values: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            read = expressions.read(text, NAMES)
            value = read.value(values, now=NOW)
            found = kinds.kind_of(value) if read.kind != "any" else read.kind
            position = 1
        except ExpressionError as error:
            read, found, position = None, None, error.position

    assert read is None or read.kind == found
    assert 1 <= position <= len(text) + 1


_terms: Final = st.recursive(
    st.integers(0, 999).map(str),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(
        lambda each: f"({each[0]} {each[1]} {each[2]})"
    ),
    max_leaves=8,
)


@given(_terms, _terms)
def test_whole_numbers_are_calculated_and_compared_as_python_does(left: str, right: str) -> None:
    expected = eval(f"{left} <= {right}")  # noqa: S307 - of digits, brackets and three operators only

    assert holds(f"{left} <= {right}") is expected


@given(st.text(alphabet=st.characters(exclude_characters="\\'\"", exclude_categories=["C"]), max_size=20))
def test_a_text_in_quotes_is_itself(text: str) -> None:
    assert holds(f"priority == '{text}'", {"priority": json.loads(json.dumps(text))})
