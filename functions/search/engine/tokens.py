"""What an index holds of a text, made by us for any engine: its words, their spellings and their stems."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from functions.search.engine import stems, words


class Token(NamedTuple):
    """A word of a text as an index holds it: how it may be spelled, and its stem, if it has one."""

    forms: Sequence[str]
    stem: str | None


def of(text: str, language: str | None) -> Iterator[Token]:
    """Yield the words of a text in their order."""
    for word in words.of(text):
        forms = [form for form in (word.folded, word.spelled) if form]
        yield Token(forms, None if language is None or word.is_pair else stems.stem(word.lower, language))
