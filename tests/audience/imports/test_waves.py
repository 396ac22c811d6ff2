"""Waves: what is tied runs in the order of the file."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from functions.audience.imports.waves import LAST, Waves

ROWS = st.lists(st.sets(st.integers(0, 12), max_size=3), max_size=40)


@given(ROWS)
def test_a_row_comes_behind_every_earlier_row_that_it_is_tied_to(rows: list[set[int]]) -> None:
    waves = Waves()
    placed = [waves.of(each) for each in rows]

    for later in range(len(rows)):
        tied = groups(rows[: later + 1])[later]
        for earlier in tied - {later}:
            assert placed[earlier] < placed[later] or placed[later] == LAST


@given(ROWS)
def test_rows_that_are_tied_to_nothing_before_are_in_the_first_wave(rows: list[set[int]]) -> None:
    waves = Waves()
    placed = [waves.of(each) for each in rows]
    before = [set().union(*rows[:number]) for number in range(len(rows))]

    assert all(placed[number] == 0 for number, row in enumerate(rows) if not row & before[number])


def groups(rows: list[set[int]]) -> list[set[int]]:
    """Return for the last row which rows reach it: by what both have, or what rows between have."""
    reached = {len(rows) - 1}
    ties = set(rows[-1])
    for _ in itertools.repeat(None, len(rows)):
        for number, row in enumerate(rows[:-1]):
            if row & ties:
                reached.add(number)
                ties |= row
    return [set() for _ in rows[:-1]] + [reached]
