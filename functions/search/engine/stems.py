"""Stems of words and stop words of languages, from the lists that come with tantivy, for every engine."""

import functools
from collections.abc import Callable, Mapping
from typing import Final

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from functions.search.engine import words

LANGUAGES: Final[Mapping[str, str]] = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
}

Stemmer = Callable[[str], str]


def stemmer(language: str | None) -> Stemmer:
    """Return what makes stems of the words of a collection in this language."""
    return lambda lower: stem(lower, language)


def stem(lower: str, language: str | None) -> str:
    """Return the stem of a word, folded; the word itself where there is no language or no stem."""
    if language is None:
        return words.fold(lower)
    return _stem(lower, language)


def is_stop_word(lower: str, language: str) -> bool:
    """Return whether a word is in the list of stop words of a language, which has one."""
    return not _stopper(language).analyze(lower)


@functools.lru_cache(maxsize=20_000)
def _stem(lower: str, language: str) -> str:
    return words.fold("".join(_analyzer(language).analyze(lower)) or lower)


@functools.cache
def _analyzer(language: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stemmer(LANGUAGES[language])).build()


@functools.cache
def _stopper(language: str) -> TextAnalyzer:
    return TextAnalyzerBuilder(Tokenizer.raw()).filter(Filter.stopword(LANGUAGES[language])).build()
