"""What `q` asks for: words, "phrases", -words that must not be there; `*` alone is everything.

A word that holds digits and something that is no letter between them, such as `2026-11` or `INV-202603-0001`, is found
as it is: its parts are a phrase, of which the last may still be on its way.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from functions.search.engine import words
from functions.search.engine.asked import Phrase, Term, Wanted
from functions.search.engine.words import Word

MAX_CHARACTERS: Final = 500
MAX_WORDS: Final = 50
"""What `q` may have of words and phrases together: each is looked for in every field that is searched."""
EVERYTHING: Final = "*"
_ONE_TYPO_FROM: Final = 4
_TWO_TYPOS_FROM: Final = 8

_PART: Final = re.compile(r'(?P<no>-?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+))')


class Asked(NamedTuple):
    """What `q` asks for; nothing of it is everything."""

    wanted: Sequence[Wanted]
    unwanted: Sequence[Wanted]


class _Part(NamedTuple):
    is_unwanted: bool
    is_quoted: bool
    is_end: bool
    words: Sequence[Word]


def read(q: str, *, prefix: bool, num_typos: int) -> Asked | None:
    """Return what a `q` asks for, None if there is no word in it and it is not `*`.

    The last word may be the beginning of one if `prefix` says so. No word has more than `num_typos` typos.
    """
    if q.strip() == EVERYTHING:
        return Asked((), ())
    wanted: list[Wanted] = []
    unwanted: list[Wanted] = []
    for part in _parts(q):
        if part.is_unwanted:
            unwanted.append(Phrase(_whole(part.words)))
        elif part.is_quoted or _is_exact(part.words):
            wanted.append(Phrase(_whole(part.words), prefix and part.is_end and not part.is_quoted))
        else:
            wanted += _terms(part, prefix=prefix, num_typos=num_typos)
    return Asked(wanted, unwanted) if wanted or unwanted else None


def _parts(q: str) -> Iterator[_Part]:
    for found in _PART.finditer(q):
        quoted = found["phrase"]
        inside = words.of(found["word"] if quoted is None else quoted)
        if inside:
            yield _Part(found["no"] == "-", quoted is not None, found.end() == len(q), inside)


def _is_exact(inside: Sequence[Word]) -> bool:
    """Return whether the parts of a word are those of an id or a number."""
    return len(inside) > 1 and not any(word.is_pair or word.is_last for word in inside) and _has_digit(inside)


def _has_digit(inside: Sequence[Word]) -> bool:
    return any(character.isdigit() for word in inside for character in word.folded)


def _terms(part: _Part, *, prefix: bool, num_typos: int) -> Iterator[Wanted]:
    """Yield each word on its own; characters of a script without spaces stay together."""
    run: list[Word] = []
    for number, word in enumerate(part.words):
        if word.is_pair:
            run.append(word)
            continue
        if run:
            yield Phrase(run)
            run = []
            if word.is_last:
                continue
        is_prefix = word.is_last or (prefix and part.is_end and number == len(part.words) - 1)
        yield Term(word, is_prefix, _typos(word, num_typos))
    if run:
        yield Phrase(run)


def _whole(inside: Sequence[Word]) -> Sequence[Word]:
    """Return the words of a phrase: behind pairs of characters, the last one alone says nothing more."""
    return [word for word in inside if not word.is_last] or inside


def _typos(word: Word, num_typos: int) -> int:
    if word.is_last or not word.folded.isalpha():
        return 0
    length = len(word.folded)
    allowed = 2 if length >= _TWO_TYPOS_FROM else 1 if length >= _ONE_TYPO_FROM else 0
    return min(allowed, num_typos)
