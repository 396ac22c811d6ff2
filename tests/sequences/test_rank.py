"""Ranks: there is one between any two, and they stay as short as can be."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.sequences import rank
from functions.sequences.rank import DIGITS

RANKS = st.text(alphabet=DIGITS, min_size=1, max_size=80).filter(lambda text: not text.endswith("0"))


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "a0V"),
        (1, "a1V"),
        (9, "a9V"),
        (61, "azV"),
        (62, "b10V"),
        (3843, "bzzV"),
        (3844, "c100V"),
        (10**12, "gHbXm5a4V"),
    ],
)
def test_a_number_has_a_rank(number: int, expected: str):
    assert rank.of_number(number) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        ("", "V", "F"),
        ("", "1", "0V"),
        ("", "01", "00V"),
        ("a1V", "a2V", "a2"),
        ("a1V", "a1W", "a1VV"),
        ("a1V", "a2", "a1k"),
        ("a1z", "a2", "a1zV"),
        ("a", "a1", "a0V"),
        ("azV", "b10V", "b"),
        ("a1", "a3", "a2"),
    ],
)
def test_there_is_a_rank_between(low: str, high: str, expected: str):
    assert low < expected < high
    assert rank.between(low, high) == expected


@pytest.mark.parametrize(("low", "high"), [("b", "a"), ("a", "a"), ("", "")])
def test_there_is_none_between_those_that_are_not_in_order(low: str, high: str):
    with pytest.raises(ValueError, match="no rank between"):
        rank.between(low, high)


@settings(max_examples=2000, deadline=None)
@given(low=st.one_of(st.just(""), RANKS), high=RANKS)
def test_between_any_two_there_is_one_that_ends_with_no_zero(low: str, high: str):
    low, high = sorted([low, high])
    if low == high:
        return

    found = rank.between(low, high)

    assert low < found < high
    assert not found.endswith("0")
    assert len(found) <= max(len(low), len(high)) + 1


@settings(max_examples=500, deadline=None)
@given(one=st.integers(0, 10**12), other=st.integers(0, 10**12))
def test_ranks_of_numbers_are_in_the_order_of_the_numbers(one: int, other: int):
    assert (one < other) == (rank.of_number(one) < rank.of_number(other))


@settings(max_examples=200, deadline=None)
@given(places=st.lists(st.integers(0, 200), max_size=120))
def test_a_list_that_is_kept_by_ranks_is_the_list(places: list[int]):
    plain: list[int] = []
    by_rank: dict[int, str] = {}
    for name, wanted in enumerate(places):
        place = wanted % (len(plain) + 1)
        low = by_rank[plain[place - 1]] if place else ""
        high = by_rank[plain[place]] if place < len(plain) else rank.of_number(10**6)
        plain.insert(place, name)
        by_rank[name] = rank.between(low, high)

        assert sorted(by_rank, key=by_rank.__getitem__) == plain


@pytest.mark.parametrize("is_behind", [True, False])
def test_300_moves_into_one_gap_have_ranks_of_64_characters(is_behind: bool):  # noqa: FBT001
    low, high = rank.of_number(1), rank.of_number(2)
    for _ in range(300):
        found = rank.between(low, high)
        low, high = (found, high) if is_behind else (low, found)

        assert len(found) <= rank.LONGEST
