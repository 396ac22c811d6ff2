"""What a collection says about words, applied to what is asked: stop words are left out, synonyms are found as well.

A word is that of a synonym if it is the same or has the same stem; typos and beginnings are not. Phrases, ids and words
that must not be there stay as they were asked for.
"""

import functools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from functions.search.collections import wording
from functions.search.collections.collections import Collection
from functions.search.engine import stems, words
from functions.search.engine.asked import Term, Wanted, Widened
from functions.search.engine.words import Word

_REMEMBERED: Final = 100

Stems = tuple[str, ...]
Synonyms = Sequence[Sequence[Word]]


class Vocabulary:
    """The synonyms and stop words of a collection."""

    def __init__(self, wording_kept: str, language: str | None) -> None:
        known = wording.shown(wording_kept)
        self._language = language
        self._takes_those_of_language = bool(known["language_stop_words"])
        self._stop_words = frozenset(word.folded for each in known["stop_words"] for word in words.of(each))
        self._synonyms = self._by_stems(known["synonyms"])
        self._longest = max(map(len, self._synonyms), default=0)

    def without_stop_words(self, wanted: Sequence[Wanted]) -> Sequence[Wanted]:
        """Return what is wanted without its stop words; as it is if it has nothing else."""
        return [each for each in wanted if not self._is_stopped(each)] or wanted

    def widened(self, wanted: Sequence[Wanted]) -> Sequence[Wanted]:
        """Return what is wanted with its synonyms; of those that begin together, the ones of the most words."""
        if not self._synonyms:
            return wanted
        found: list[Wanted] = []
        at = 0
        while at < len(wanted):
            terms, synonyms = self._at(wanted[at : at + self._longest])
            found.append(Widened(terms, synonyms) if synonyms else wanted[at])
            at += len(terms) or 1
        return found

    def _at(self, ahead: Sequence[Wanted]) -> tuple[Sequence[Term], Synonyms]:
        """Return the words ahead that have synonyms, and these; nothing for none."""
        terms = list(_leading_terms(ahead))
        for length in range(len(terms), 0, -1):
            synonyms = self._synonyms.get(tuple(self._stem(each.word) for each in terms[:length]))
            if synonyms:
                return terms[:length], synonyms
        return [], []

    def _is_stopped(self, wanted: Wanted) -> bool:
        if not isinstance(wanted, Term):
            return False
        if wanted.word.folded in self._stop_words:
            return True
        is_asked = self._takes_those_of_language and self._language is not None
        return is_asked and stems.is_stop_word(wanted.word.lower, str(self._language))

    def _by_stems(self, sets: Sequence[Mapping[str, str | Sequence[str] | None]]) -> Mapping[Stems, Synonyms]:
        """Return the synonyms of words by the stems of these; those of all sets that name them."""
        found: dict[Stems, dict[Stems, Sequence[Word]]] = defaultdict(dict)
        for each in sets:
            alike = [*filter(None, map(_words, each["synonyms"] or ()))]
            sources = alike if each["root"] is None else [_words(str(each["root"]))]
            for source in sources:
                known = found[self._stems(source)]
                known.update({self._stems(other): other for other in alike if other is not source})
        return {source: [other for key, other in others.items() if key != source] for source, others in found.items()}

    def _stems(self, of: Sequence[Word]) -> Stems:
        return tuple(self._stem(word) for word in of)

    def _stem(self, word: Word) -> str:
        return stems.stem(word.lower, self._language)


def of(collection: Collection) -> Vocabulary:
    """Return the vocabulary of a collection."""
    return _of(collection.wording, collection.language)


@functools.lru_cache(maxsize=_REMEMBERED)
def _of(wording_kept: str, language: str | None) -> Vocabulary:
    return Vocabulary(wording_kept, language)


def _words(text: str) -> Sequence[Word]:
    return [word for word in words.of(text) if not word.is_last] or words.of(text)


def _leading_terms(wanted: Sequence[Wanted]) -> Iterator[Term]:
    for each in wanted:
        if not isinstance(each, Term):
            return
        yield each
