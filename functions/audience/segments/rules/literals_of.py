"""Values on both sides of the literals of leaves, the usual ones first: what tells leads apart. Pure."""

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from functions.audience.segments.rules.form import Anniversary, Begins, Between, Contains, During, Leaf, OneOf
from shared import instants
from shared.instants import Instant

_USUAL_TEXTS: Final = ["another@example.org", "+442079460958", "zzz", "!", ""]
_USUAL_NUMBERS: Final = [0, 1, -1, 12_345_677]
_LARGEST: Final = 2**53 - 1
_PAIRED: Final = 10
_HOURS: Final = (0, 12, 23)
# A day away from the ends of the calendar, so that every time zone has them.
_EARLIEST: Final = instants.from_rfc3339("0001-01-02T00:00:00Z")
_LATEST: Final = instants.from_rfc3339("9999-12-30T00:00:00Z")


def texts(asked: Iterable[Leaf]) -> Iterator[str]:
    """Yield usual texts, then those beside the texts of leaves."""
    yield from _USUAL_TEXTS
    yield from beside_texts(asked)


def beside_texts(asked: Iterable[Leaf]) -> Iterator[str]:
    """Yield texts that are, hold, begin with or come right after or before the texts of leaves."""
    tests = [each.test for each in asked]
    parts = [each.folded for each in tests if isinstance(each, Contains)]
    begins = [each.folded for each in tests if isinstance(each, Begins)]
    for each in itertools.chain(_valued(tests, "text"), begins, parts):
        yield from (each, each + "0", each[:-1], each[:-1] + chr(max(ord(each[-1]) - 1, 33)) if each else "!")
        yield each.swapcase()
    for first, second in itertools.permutations([*begins, *parts][:_PAIRED], 2):
        yield first + second
    yield from (begin + "".join(parts) for begin in ["", *begins])


def whole(asked: Iterable[Leaf]) -> Iterator[int]:
    """Yield usual whole numbers, then those beside the numbers of leaves."""
    yield from _USUAL_NUMBERS
    yield from beside_whole(asked)


def beside_whole(asked: Iterable[Leaf]) -> Iterator[int]:
    """Yield whole numbers at and beside the numbers of leaves."""
    for each in _valued([leaf.test for leaf in asked], "number"):
        yield from (near for near in _around(math.floor(each), math.ceil(each)) if abs(near) <= _LARGEST)


def decimals(asked: Iterable[Leaf]) -> Iterator[int | Decimal]:
    """Yield numbers at, beside and between the numbers of leaves."""
    leaves = list(asked)
    yield from whole(leaves)
    literals = sorted({*_valued([leaf.test for leaf in leaves], "number")})
    yield from (each for each in literals if abs(each) <= _LARGEST)
    yield from ((Decimal(low) + Decimal(high)) / 2 for low, high in itertools.pairwise(literals))


def moments(asked: Iterable[Leaf], now: Instant) -> Iterator[Instant]:
    """Yield `now`, an instant of last year, and instants at and beside those of leaves."""
    found = (near for leaf in asked for near in _of_leaf(leaf, now))
    yield from (
        each for each in itertools.chain([now, now - 400 * instants.DAY], found) if _EARLIEST <= each <= _LATEST
    )


def _of_leaf(leaf: Leaf, now: Instant) -> Iterable[Instant]:
    if isinstance(leaf.test, During):
        return _around(leaf.test.window.start, leaf.test.window.end)
    if isinstance(leaf.test, Anniversary):
        return _anniversaries(leaf.test, now)
    return [near for each in _valued([leaf.test], "instant") for near in _around(each, each)]


def dates(asked: Sequence[Leaf], now: Instant) -> Iterator[str]:
    """Yield texts that are dates, as metadata have them, at and beside those of leaves."""
    dated = [leaf for leaf in asked if isinstance(leaf.test, (During, Anniversary))]
    if dated:
        written = [instants.to_rfc3339(each) for each in moments(dated, now)]
        yield from itertools.chain(written, (each[:10] for each in written))


def _anniversaries(test: Anniversary, now: Instant) -> Iterator[Instant]:
    year = int(instants.to_rfc3339(now)[:4])
    for day in sorted(test.days):
        for hour in _HOURS:
            for each in (year, year - 1):
                if day != 229 or each % 4 == 0:
                    yield instants.from_rfc3339(f"{each:04}-{day // 100:02}-{day % 100:02}T{hour:02}:30:00Z")


def _valued(tests: Iterable[Any], kind: str) -> Iterator[Any]:
    """Yield the values of tests that are of a kind."""
    for test in tests:
        if isinstance(test, OneOf):
            yield from sorted(each.value for each in test.values if each.kind == kind)
        elif isinstance(test, Between) and test.kind == kind:
            yield from (each for each in (test.low, test.high) if each is not None)


def _around(low: int, high: int) -> Sequence[int]:
    return (low, high, low - 1, high + 1)
