"""The synonyms and stop words of a collection: what a search looks for besides its words, and what it leaves out.

They are applied to what is asked and not to the index, so that a change of them is in effect with the next search.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.search.collections.fields import Flaw

MAX_SETS: Final = 200
MAX_SYNONYMS: Final = 20
MAX_CHARACTERS: Final = 100
MAX_WORDS: Final = 5
"""How many words a synonym may have."""
MAX_STOP_WORDS: Final = 500
MAX_BYTES: Final = 16 * 1024
"""Both together, as they are kept: every search reads them with the collection."""
NAMES: Final = ("synonyms", "stop_words", "language_stop_words")
NONE: Final = '{"language_stop_words":false,"stop_words":[],"synonyms":[]}'
LANGUAGES_WITH_STOP_WORDS: Final = frozenset(
    {"da", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "no", "pt", "ru", "sv"}
)

View = dict[str, Any]

# Without a space and without the signs of ASCII, any of which would make two words of it.
_WORD: Final = re.compile(r"[^\s!-/:-@\[-`{-~]+")


def kept(*, synonyms: Sequence[Mapping[str, Any]], stop_words: Sequence[str], language_stop_words: bool) -> str:
    """Return synonyms and stop words as one text, as the table keeps them."""
    view = {"synonyms": synonyms, "stop_words": stop_words, "language_stop_words": language_stop_words}
    return json.dumps(view, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


def shown(text: str) -> View:
    """Return `synonyms`, `stop_words` and `language_stop_words` as callers see them."""
    view: View = json.loads(text)
    return view


def flaws(text: str, language: str | None) -> list[Flaw]:
    """Return what is wrong with synonyms and stop words in a collection of a language, nothing if they are good."""
    view = shown(text)
    found = [
        Flaw(f"synonyms.{number}.{name}", f"must have 1 to {MAX_WORDS} words")
        for number, each in enumerate(view["synonyms"])
        for name, synonym in _named(each)
        if not 1 <= _count(synonym) <= MAX_WORDS
    ]
    found += [
        Flaw(f"synonyms.{number}.synonyms", "must have two synonyms or more; give one, or a root")
        for number, each in enumerate(view["synonyms"])
        if each["root"] is None and len(each["synonyms"]) == 1
    ]
    found += [
        Flaw(f"stop_words.{number}", "must be one word")
        for number, each in enumerate(view["stop_words"])
        if _count(each) != 1 or not _WORD.fullmatch(each)
    ]
    if view["language_stop_words"] and language not in LANGUAGES_WITH_STOP_WORDS:
        known = ", ".join(sorted(LANGUAGES_WITH_STOP_WORDS))
        found.append(Flaw("language_stop_words", f"there are lists for collections whose language is one of {known}"))
    if len(text.encode(errors="replace")) > MAX_BYTES:
        found.append(Flaw("synonyms", f"may have {MAX_BYTES} bytes together with the stop words; take fewer"))
    return found


def _named(each: Mapping[str, Any]) -> list[tuple[str, str]]:
    root = [] if each["root"] is None else [("root", each["root"])]
    return [*root, *((f"synonyms.{number}", text) for number, text in enumerate(each["synonyms"]))]


def _count(text: str) -> int:
    """Return how many words a text has: what holds a letter or a digit, with spaces around it."""
    return sum(any(map(str.isalnum, each)) for each in text.split())
