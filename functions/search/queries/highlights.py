"""Which words of a hit match what was asked, marked with `<mark>` in a piece of its text that is escaped for HTML.

The engine marks no word that matches by a typo or by its beginning, so this looks for itself.
"""

import html
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from functions.search.engine import words
from functions.search.engine.asked import Phrase, Term, Wanted, Widened
from functions.search.engine.words import Word

WORDS_BEFORE: Final = 6
WORDS_SHOWN: Final = 30
MAX_LOOKED_AT: Final = 20_000

Stem = Callable[[str], str]


class Marked(NamedTuple):
    """A piece of a text with the words that match marked, and these words."""

    snippet: str
    matched_tokens: Sequence[str]


def marked(text: str, wanted: Sequence[Wanted], stem: Stem, *, infix: bool = False) -> Marked | None:
    """Return a piece of a text around the first word that matches, None if none does.

    In a text of a field with `infix`, a word matches by a part within it too.
    """
    found = words.of(text[:MAX_LOOKED_AT])
    places = sorted({place for each in wanted for place in _places(found, each, stem, infix=infix)})
    if not places:
        return None
    first = max(places[0] - WORDS_BEFORE, 0)
    last = min(first + WORDS_SHOWN, len(found)) - 1
    start = found[first].start if first else 0
    end = found[last].end if last < len(found) - 1 else len(text[:MAX_LOOKED_AT])
    return _cut(text, found, places, start, end)


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped; `most` + 1 for any that are more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        after = [number]
        for place, opposite in enumerate(other, 1):
            cost = min(row[place] + 1, after[-1] + 1, row[place - 1] + (letter != opposite))
            if number > 1 < place and letter == other[place - 2] and one[number - 2] == opposite:
                cost = min(cost, before[place - 2] + 1)
            after.append(cost)
        if min(after) > most:
            return most + 1
        before, row = row, after
    return min(row[-1], most + 1)


def _places(found: Sequence[Word], wanted: Wanted, stem: Stem, *, infix: bool) -> Iterator[int]:
    match wanted:
        case Term(word) as term:
            stemmed = stem(word.lower)
            for place, each in enumerate(found):
                is_form = not each.is_pair and stem(each.lower) == stemmed
                is_within = infix and len(word.folded) >= words.PIECE and word.folded in each.folded
                if is_form or is_within or _is_same(each, word) or _is_near(each.folded, term):
                    yield place
        case Phrase():
            yield from _of_phrase(found, wanted)
        case Widened(terms, synonyms):
            alike = [Term(each[0], is_prefix=False, typos=0) if len(each) == 1 else Phrase(each) for each in synonyms]
            for part in (*terms, *alike):
                yield from _places(found, part, stem, infix=infix and part in terms)


def _of_phrase(found: Sequence[Word], wanted: Phrase) -> Iterator[int]:
    phrase, is_prefix = wanted
    for place in range(len(found) - len(phrase) + 1):
        there = found[place : place + len(phrase)]
        is_begun = is_prefix and there[-1].folded.startswith(phrase[-1].folded)
        if all(map(_is_same, there[:-1], phrase)) and (is_begun or _is_same(there[-1], phrase[-1])):
            yield from range(place, place + len(phrase))


def _is_same(one: Word, other: Word) -> bool:
    return bool({one.folded, one.spelled} & {other.folded, other.spelled} - {None})


def _is_near(there: str, term: Term) -> bool:
    asked = term.word.folded
    if term.is_prefix and there.startswith(asked):
        return True
    if term.typos and distance(there, asked, term.typos) <= term.typos:
        return True
    begun = (there[:length] for length in range(len(asked) - 1, len(asked) + 2)) if term.begins_with_typos(1) else ()
    return any(distance(each, asked, 1) <= 1 for each in begun)


def _cut(text: str, found: Sequence[Word], places: Sequence[int], start: int, end: int) -> Marked:
    pieces: list[str] = []
    tokens: dict[str, None] = {}
    at = start
    for word in [found[place] for place in places]:
        # Pairs of characters overlap: what is marked already is not marked again.
        begin = max(word.start, at)
        if word.start < start or word.end > end or begin >= word.end:
            continue
        pieces += [html.escape(text[at:begin]), "<mark>", html.escape(text[begin : word.end]), "</mark>"]
        tokens[text[word.start : word.end]] = None
        at = word.end
    snippet = "".join([*pieces, html.escape(text[at:end])]).replace("</mark><mark>", "")
    return Marked(snippet, [*tokens])
