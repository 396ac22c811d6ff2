"""Catalogues: the same text in several languages, and which of them a reader gets."""

from collections.abc import Mapping
from typing import TypeVar

Text = TypeVar("Text")


def lookup(texts: Mapping[str, Text], *wanted: str | None, fallback: str = "en") -> Text:
    """Return the text of the first locale that there is: each wanted one, then what it lies in, then the fallback.

    Locales are tags of BCP 47, whatever their case: who wants `de-AT` gets `de` when there is no Austrian text
    (RFC 4647, section 3.4).

    Raises:
        KeyError: there is not even a text of the fallback.
    """
    by_tag = {tag.casefold(): text for tag, text in texts.items()}
    for tag in (*wanted, fallback):
        parts = (tag or "").casefold().split("-")
        for length in range(len(parts), 0, -1):
            # A single letter begins an extension, and means nothing without what follows it.
            if len(parts[length - 1]) > 1 and (text := by_tag.get("-".join(parts[:length]))) is not None:
                return text
    raise KeyError(fallback)
