"""A search of the best hits alone goes step by step: a costlier step only if those before do not fill the page.

First words as they are, then beginnings too, typos last. A step finds nothing that a later one does not, and with the
same points. So its hits are the best of all, if the last of them has more points than any that it misses can have.
"""

import dataclasses
from collections.abc import Iterator
from typing import Final, NamedTuple

from functions.search.engine import points
from functions.search.engine.asked import Phrase, Search, Term, Wanted, Widened

_MOST_BY_FREQUENCY: Final = 50.0
"""What BM25 adds at most for a word: less, of a thousand million documents."""
_MOST: Final = points.EXACT + points.WEIGHT + _MOST_BY_FREQUENCY
"""How many points a word of a hit has at most."""


class Step(NamedTuple):
    """A search without the costliest ways of matching, and the most points that a hit can have which it misses."""

    search: Search
    missed: float


def before(search: Search) -> Iterator[Step]:
    """Yield the steps before the search itself, the cheapest first; none if it has no beginnings and typos."""
    exact = [_without_typos(each) for each in search.wanted]
    as_they_are = [_without_beginnings(each) for each in exact]
    others = (sum(_words(each) for each in search.wanted) - 1) * _MOST
    if as_they_are != exact:
        yield Step(dataclasses.replace(search, wanted=as_they_are), points.BEGINNING + points.WEIGHT + others)
    if exact != [*search.wanted]:
        yield Step(dataclasses.replace(search, wanted=exact), points.TYPOS[0] + points.WEIGHT + others)


def _without_typos(wanted: Wanted) -> Wanted:
    if isinstance(wanted, Term):
        return wanted._replace(typos=0)
    if isinstance(wanted, Widened):
        return wanted._replace(terms=[each._replace(typos=0) for each in wanted.terms])
    return wanted


def _without_beginnings(wanted: Wanted) -> Wanted:
    if isinstance(wanted, Widened):
        return wanted._replace(terms=[each._replace(is_prefix=False) for each in wanted.terms])
    return wanted._replace(is_prefix=False)


def _words(wanted: Wanted) -> int:
    """Return how many words are looked for, at most."""
    match wanted:
        case Term():
            return 1
        case Phrase(phrase):
            return len(phrase)
        case Widened(terms, synonyms):
            return max(len(terms), *(len(each) for each in synonyms), 0)
