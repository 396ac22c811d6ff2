"""Parts of an amount end at the amount, whatever its shares."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.money.splitting import next_part, split

TOTALS = st.integers(-(10**15), 10**15)
SHARES = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=40).filter(any)


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (100001, [333300, 333300, 333400], [33330, 33331, 33340]),
        (100, [1, 1, 1], [33, 34, 33]),
        (-100, [1, 1, 1], [-33, -34, -33]),
        (1, [1, 1], [1, 0]),
        (31250000, [100000, 900000], [3125000, 28125000]),
        (0, [1, 2], [0, 0]),
        (5, [0, 1, 0], [0, 5, 0]),
    ],
)
def test_an_amount_is_split_by_shares(total: int, shares: list[int], parts: list[int]):
    assert split(total, shares) == parts


def test_no_share_at_all_is_a_mistake_of_the_caller():
    with pytest.raises(ZeroDivisionError):
        split(100, [0, 0])


@given(total=TOTALS, shares=SHARES)
def test_parts_sum_to_the_total(total: int, shares: list[int]):
    assert sum(split(total, shares)) == total


@given(total=TOTALS, shares=SHARES)
def test_a_part_is_at_most_a_minor_unit_from_its_share(total: int, shares: list[int]):
    exact = [Fraction(total * share, sum(shares)) for share in shares]

    assert all(abs(part - own) <= 1 for part, own in zip(split(total, shares), exact, strict=True))


@given(total=TOTALS, shares=SHARES)
def test_parts_have_the_sign_of_the_total(total: int, shares: list[int]):
    assert all(part * total >= 0 for part in split(total, shares))


@given(total=TOTALS, shares=SHARES)
def test_parts_that_go_out_one_by_one_are_those_of_a_split(total: int, shares: list[int]):
    out: list[int] = []
    for number in range(len(shares)):
        out.append(next_part(total, shares_to=sum(shares[: number + 1]), of=sum(shares), already_out=sum(out)))

    assert out == split(total, shares)
