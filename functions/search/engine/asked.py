"""What an engine is asked: words and filters as trees of plain values, never a text that it would parse itself.

A field is named by its place in the schema. Values are those that the engine compares: instants in milliseconds, truth
values as 0 and 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from functions.search.engine.words import Word

Number = int | float


class Whole(NamedTuple):
    """The field has one of these values, each compared whole."""

    field: int
    values: Sequence[str | Number]


class Contains(NamedTuple):
    """The field has a text with these words, one after the other."""

    field: int
    words: Sequence[str]


class Between(NamedTuple):
    """The field has a number from `low` to `high`; None: without an end on this side."""

    field: int
    low: Number | None
    high: Number | None
    with_low: bool = True
    with_high: bool = True


class Not(NamedTuple):
    """The part does not hold: also of a document in which the field is missing."""

    part: "Filter"


class Every(NamedTuple):
    """All parts hold."""

    parts: Sequence["Filter"]


class Either(NamedTuple):
    """One of the parts holds."""

    parts: Sequence["Filter"]


Filter = Whole | Contains | Between | Not | Every | Either


BEGINNING_WITH_TYPO_FROM: Final = 6


class Term(NamedTuple):
    """A word that must be found: as it is, as the beginning of one if it is a prefix, with so many typos at most.

    A beginning of six letters or more may have one typo. Of shorter ones too many words would be near.
    """

    word: Word
    is_prefix: bool
    typos: int

    def begins_with_typos(self, typos: int) -> bool:
        """Return whether the beginning of a word may have so many typos."""
        return self.is_prefix and typos == 1 and len(self.word.folded) >= BEGINNING_WITH_TYPO_FROM


class Phrase(NamedTuple):
    """Words that must be found one after the other, as they are; the last may be the beginning of one."""

    words: Sequence[Word]
    is_prefix: bool = False


class Widened(NamedTuple):
    """Words that must be found, each for itself, or in their place one of these phrases, which mean the same."""

    terms: Sequence[Term]
    synonyms: Sequence[Sequence[Word]]


Wanted = Term | Phrase | Widened


def lookups(wanted: Sequence[Wanted]) -> int:
    """Return how many words and phrases are looked for."""
    return sum(len(each.terms) + len(each.synonyms) if isinstance(each, Widened) else 1 for each in wanted)


class Searched(NamedTuple):
    """A field that is searched, and its weight beside the others: at most 1."""

    field: int
    weight: float


class Order(NamedTuple):
    """What hits are sorted by: a field, or None for how well the text matches."""

    field: int | None
    is_descending: bool


class Range(NamedTuple):
    """A range whose documents are counted, from `low` on and below `high`."""

    label: str
    low: Number | None
    high: Number | None


class Facet(NamedTuple):
    """A field whose values are counted: the most frequent, or those within ranges."""

    field: int
    ranges: Sequence[Range] = ()


class Count(NamedTuple):
    """How many of the hits have a value."""

    value: str | Number
    number: int


@dataclass(frozen=True, kw_only=True)
class Search:
    """A search: all of `wanted` is found in the fields searched, nothing of `unwanted`, and the filter holds."""

    wanted: Sequence[Wanted] = ()
    unwanted: Sequence[Wanted] = ()
    searched: Sequence[Searched] = ()
    where: Filter | None = None
    orders: Sequence[Order] = ()
    facets: Sequence[Facet] = ()
    most_counts: int = 10
    offset: int = 0
    limit: int = 10
    group: int | None = None
    group_limit: int = 3

    @property
    def is_narrowed(self) -> bool:
        """Return whether a document must match more than one word or phrase."""
        return self.where is not None or len(self.wanted) > 1


class Hit(NamedTuple):
    """A document that was found, how well its text matches, and the value of the field that hits are grouped by."""

    id: str
    text_match: int
    group: str | Number | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found: how many there are, those of the page, and the counts of each facet by its field."""

    found: int
    hits: Sequence[Hit]
    counts: Mapping[int, Sequence[Count]]


Indexed = Mapping[str, Any]
"""A document as it is put into an index: JSON that has been checked against the fields."""
