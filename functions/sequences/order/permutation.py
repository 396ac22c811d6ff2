"""The numbers of elements that are put in another order: the same numbers, among the same elements."""

from collections.abc import Mapping, Sequence
from typing import Final

MOST: Final = 90
"""How many elements are put in order at once: with what else is written, they are one transaction."""


def in_order(held: Mapping[str, int], new_order: Sequence[str]) -> dict[str, int]:
    """Return the number of each element when they stand in this order: the lowest that one of them holds comes first.

    Raises ValueError unless the order names each of the elements once.
    """
    if sorted(new_order) != sorted(held):
        raise ValueError("must name each of the elements once, and no other")
    return dict(zip(new_order, sorted(held.values()), strict=True))


def among_themselves(held: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the number of each element, as wanted. Raises ValueError unless these are the numbers that they hold."""
    if sorted(wanted.values()) != sorted(held.values()):
        numbers = ", ".join(map(str, sorted(held.values())))
        raise ValueError(f"must be the numbers that these elements hold, each once: {numbers}")
    return dict(wanted)


def compacted(ordered: Sequence[tuple[str, int]], *, first: int) -> dict[str, int]:
    """Return the numbers that change when elements, which come in ascending order, are numbered from the first on."""
    return {each: number for number, (each, held) in enumerate(ordered, start=first) if held != number}
