"""How text becomes words: folded, so that `Müller`, `MÜLLER` and `Muller` are one word, and spelled out as `mueller`.

Documents and questions are taken apart by the same rules. Scripts that are written without spaces become pairs of
neighbouring characters, and the last character of a run alone besides, so that its beginning is found too.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final, NamedTuple

MAX_CHARACTERS: Final = 100
"""What is looked at of a word: what is longer is no word of any language."""

PIECE: Final = 3
"""How many letters a part of a word has at least that is found within it."""

# Letters and digits, the marks that are written with them, and what joins them. Blocks of scripts whose vowels are
# marks are in it whole: Python takes those marks for no letters.
_WORD: Final = re.compile(
    "(?:[^\\W_]|[\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
    "\u0900-\u0963\u0971-\u0df3\u0e31-\u0e4e\u0eb1-\u0ece\u0f18-\u0fbc\u1000-\u1049\u1050-\u109f\u1780-\u17d3"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u3099\u309a\u200c\u200d])+"
)
# Han, kana, Thai, Lao, Myanmar, Khmer.
_UNSPACED: Final = re.compile(
    "[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+"
)
# A kana and what makes it voiced, which may be written as one character or as two.
_CHARACTER: Final = re.compile(".[\u3099\u309a\uff9e\uff9f]*")
_ACCENTS: Final = re.compile("[\u0300-\u036f\u200c\u200d]")
_PLAIN: Final = str.maketrans({"ø": "o", "đ": "d", "ð": "d", "ł": "l", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th"})
_SPELLED: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Word(NamedTuple):
    """A word of a text and where it is in it; `spelled` is how it reads with its umlauts spelled out, if it has any.

    A pair of characters of a script without spaces `is_pair`, the last character of such a run `is_last`.
    """

    start: int
    end: int
    folded: str
    lower: str
    spelled: str | None = None
    is_pair: bool = False
    is_last: bool = False


def of(text: str) -> list[Word]:
    """Return the words of a text in their order."""
    return [word for found in _WORD.finditer(text) for word in _parts(found[0], found.start())]


def fold(text: str) -> str:
    """Return a text without what makes two spellings of a word differ: case, accents, width."""
    if text.isascii():
        return text.lower()
    bare = _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN))


def pieces(word: str) -> list[str]:
    """Return every three letters of a word that follow each other; a part of a word is such pieces in a row."""
    return [word[place : place + PIECE] for place in range(len(word) - PIECE + 1)]


def _parts(text: str, start: int) -> Iterator[Word]:
    place = 0
    for run in _UNSPACED.finditer(text):
        yield from _word(text[place : run.start()], start + place)
        yield from _pairs(run[0], start + run.start())
        place = run.end()
    yield from _word(text[place:], start + place)


def _word(text: str, start: int) -> Iterator[Word]:
    seen = text[:MAX_CHARACTERS]
    folded = fold(seen)
    if not folded:
        return
    lower = seen.lower()
    spelled = None
    if not lower.isascii():
        written = fold(unicodedata.normalize("NFC", lower).translate(_SPELLED))
        spelled = written if written != folded else None
    yield Word(start, start + len(text), folded, lower, spelled)


def _pairs(run: str, start: int) -> Iterator[Word]:
    characters = [*_CHARACTER.finditer(run)]
    for first, second in zip_longest(characters, characters[1:]):
        pair = run[first.start() : (second or first).end()]
        place = start + first.start()
        is_last = second is None
        yield Word(place, place + len(pair), fold(pair), pair, is_pair=not is_last, is_last=is_last)
