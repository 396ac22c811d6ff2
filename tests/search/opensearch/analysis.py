"""How the loopback server takes texts apart, by the settings of an index, and refuses what it does not know."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class BadRequest(Exception):
    """What OpenSearch answers with 400: the kind of the error, and why."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


class Text(NamedTuple):
    """The tokens of a field of a document with their places, and how many there are."""

    places: Mapping[str, Sequence[int]]
    length: int


class Analyzer:
    """A custom analyzer of spaces and captured patterns."""

    def __init__(self, settings: Mapping[str, Any], name: str) -> None:
        analysis = settings["analysis"]
        known = analysis["analyzer"].get(name)
        if known is None:
            raise BadRequest("mapper_parsing_exception", f"analyzer [{name}] has not been configured in mappings")
        if known["type"] != "custom" or analysis["tokenizer"][known["tokenizer"]]["type"] != "whitespace":
            raise BadRequest("illegal_argument_exception", "this server knows custom analyzers of spaces")
        self._filters = [self._filter(analysis["filter"][each]) for each in known["filter"]]

    def tokens(self, text: str) -> list[list[str]]:
        """Return the tokens of a text: those at its first place, those at its second, and so on."""
        places = [[each] for each in text.split()]
        for pattern in self._filters:
            places = [[part for token in place for part in pattern.findall(token)] for place in places]
        return places

    def read(self, texts: Sequence[str]) -> Text:
        """Return the tokens of the texts of a field, a hundred places between each two of these."""
        found: dict[str, list[int]] = defaultdict(list)
        at = length = 0
        for text in texts:
            for tokens in self.tokens(text):
                for token in tokens:
                    found[token].append(at)
                    length += 1
                at += 1
            at += 100
        return Text(found, length)

    @staticmethod
    def _filter(known: Mapping[str, Any]) -> re.Pattern[str]:
        if known["type"] != "pattern_capture" or known["preserve_original"] or len(known["patterns"]) != 1:
            raise BadRequest("illegal_argument_exception", "this server knows filters that capture one pattern")
        return re.compile(known["patterns"][0])
