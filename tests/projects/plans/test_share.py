"""Shares of a total: nothing is lost, nothing is made up."""

import random

import pytest

from functions.projects.plans import share
from shared.currencies import DECIMALS


def shares(chance: random.Random) -> list[int]:
    """Return percentages in ten thousandths that add up to 100 %."""
    count = chance.randint(1, 200)
    cuts = sorted(chance.sample(range(1, share.WHOLE), count - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, share.WHOLE], strict=True)]


@pytest.mark.parametrize("currency", ["JPY", "EUR", "BHD"])
def test_parts_add_up_and_are_within_a_unit_of_their_share(currency: str):
    chance = random.Random(currency)  # noqa: S311 - which totals they are
    for _ in range(1000):
        total = chance.randint(1, 10 ** chance.randint(1, 12)) * 10 ** DECIMALS[currency]
        of = shares(chance)
        parts = share.split(total, of)

        assert sum(parts) == total
        assert all(abs(part * share.WHOLE - total * each) < share.WHOLE for part, each in zip(parts, of, strict=True))


def test_what_is_left_goes_to_those_that_lost_most_and_of_equals_to_the_first():
    assert share.split(100, [333_333, 333_333, 333_334]) == [33, 33, 34]
    assert share.split(101, [250_000] * 4) == [26, 25, 25, 25]
    assert share.split(10, [150_000, 150_000, 700_000]) == [2, 1, 7]
