"""What one request may be answered with, whatever number of searches it makes, and how much of it is looked through.

An answer of Lambda has 6 MB at most, and marking words in texts is our own code: 250 documents of 64 KB would be too
much of both.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from functions.search.engine.asked import Wanted, lookups
from functions.search.queries import highlights
from functions.search.queries.refusals import AnswerTooLarge

MAX_BYTES: Final = 4 * 1024 * 1024
MAX_COMPARED: Final = 500_000
"""How many characters are compared with what is wanted, counted once for each word or phrase; a second or two."""


class Room:
    """What is left of both for the rest of a request."""

    def __init__(self) -> None:
        self._bytes = MAX_BYTES
        self._compared = MAX_COMPARED

    def require(self) -> None:
        """Require that there is room for more hits. Raises AnswerTooLarge."""
        if self._bytes <= 0:
            raise AnswerTooLarge

    def take(self, hit: Mapping[str, Any]) -> None:
        """Take the room of a hit. Raises AnswerTooLarge if there is none left for it."""
        self._bytes -= len(json.dumps(hit, ensure_ascii=False).encode())
        self.require()

    def has_time_for(self, text: str, wanted: Sequence[Wanted]) -> bool:
        """Return whether there are words to be marked in a text and still time for it, and count it if so."""
        asked = min(len(text), highlights.MAX_LOOKED_AT) * lookups(wanted)
        if not wanted or asked > self._compared:
            return False
        self._compared -= asked
        return True
