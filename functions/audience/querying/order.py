"""The orders of lists of leads, and the places in them: of leads that are equal the lower id comes first. Pure.

What is not set comes last, whichever way the order goes.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, cast

from functions.audience.segments.rules import columns, text
from functions.audience.segments.rules.facts import Attributes
from functions.audience.segments.rules.query import Condition

Sort = Literal["name", "spend", "visits", "created"]

TRAITS: Final[Mapping[Sort, str]] = {
    "name": "name",
    "spend": "total_spend",
    "visits": "visits",
    "created": "created_at",
}


NEWEST: Final = "-created"


class Place(NamedTuple):
    """A lead in an order: what it is ordered by, and its id."""

    value: str | int | None
    lead_id: str


class Order(NamedTuple):
    """An order by a trait, which is the same in files and in Python."""

    sort: Sort
    is_descending: bool

    @property
    def column(self) -> str:
        """The column of a file that it is about; names are ordered without case."""
        return "name_folded" if self.sort == "name" else TRAITS[self.sort]

    @property
    def kind(self) -> str:
        """The type of this column."""
        return columns.TYPES[self.column]

    @property
    def sql(self) -> str:
        """The order of rows."""
        return f"{self.column} {'DESC' if self.is_descending else 'ASC'} NULLS LAST, lead_id"

    def behind(self, place: Place, *, first: int) -> Condition:
        """Return the condition of rows behind a place; `first` is the number of its first parameter."""
        if place.value is None:
            return Condition(f"{self.column} IS NULL AND lead_id > ${first}", [place.lead_id])
        value, lead_id = f"${first}", f"${first + 1}"
        beyond = f"{self.column} {'<' if self.is_descending else '>'} {value}"
        equal = f"{self.column} = {value} AND lead_id > {lead_id}"
        return Condition(f"({beyond} OR ({equal}) OR {self.column} IS NULL)", [place.value, place.lead_id])

    def place(self, lead: Attributes) -> Place:
        """Return the place of a lead."""
        value: Any = lead.get(TRAITS[self.sort])
        folded = text.fold(value) if self.sort == "name" and value is not None else value
        return Place(folded, lead.get("lead_id"))

    def sorted(self, places: list[Place]) -> list[Place]:
        """Return places in this order."""
        by_id = sorted(places, key=lambda each: each.lead_id)
        there = [each for each in by_id if each.value is not None]
        there.sort(key=lambda each: each.value, reverse=self.is_descending)  # type: ignore[arg-type,return-value]
        return [*there, *(each for each in by_id if each.value is None)]

    def is_behind(self, place: Place, other: Place) -> bool:
        """Return whether a place comes behind another one."""
        first, _ = self.sorted([place, other])
        return place != other and first == other


def named(name: str) -> Order:
    """Return the order of this name, downwards behind a `-`."""
    return Order(cast("Sort", name.removeprefix("-")), is_descending=name.startswith("-"))
