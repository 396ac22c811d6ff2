"""Text as rules compare it: normalised, and folded where case does not count. Pure."""

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 256

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def normal(text: str) -> str:
    """Return the text in NFC, as leads keep theirs. Raises ValueError for NUL and half characters (lone surrogates)."""
    if _UNSTORABLE.search(text):
        raise ValueError("must not hold NUL or half of a character (a lone surrogate)")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return the text without case: `STRASSE` for `Straße`. Every engine compares what this function has folded."""
    return text.casefold()
