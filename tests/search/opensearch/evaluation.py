"""The query language of the loopback server: each kind of query that the engine sends is evaluated, no other one is.

A query is answered with the documents that match and their scores (BM25 with k1 = 1.2 and b = 0.75, as OpenSearch has).
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from functions.search.queries.highlights import distance
from tests.search.opensearch.analysis import BadRequest
from tests.search.opensearch.indexes import Index, Text

Scores = dict[str, float]
Query = Mapping[str, Any]
_K1, _B = 1.2, 0.75
CLAUSES = {"must", "must_not", "should", "filter"}
BOOL = {*CLAUSES, "minimum_should_match", "boost"}


class Evaluation:
    """Evaluates queries over one index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._kinds: dict[str, Callable[[Any], Scores]] = {
            "match_all": lambda _: dict.fromkeys(index.documents, 1.0),
            "bool": self._bool,
            "dis_max": self._dis_max,
            "constant_score": self._constant_score,
            "term": self._term,
            "terms": self._terms,
            "prefix": self._prefix,
            "fuzzy": self._fuzzy,
            "regexp": self._regexp,
            "match_phrase": lambda asked: self._phrase(asked, is_prefix=False),
            "match_phrase_prefix": lambda asked: self._phrase(asked, is_prefix=True),
            "range": self._range,
        }

    def of(self, query: Query) -> Scores:
        """Return the documents that match a query, and how well."""
        kind, asked = _one(query)
        if kind not in self._kinds:
            raise BadRequest("parsing_exception", f"unknown query [{kind}]")
        return self._kinds[kind](asked)

    def _bool(self, asked: Query) -> Scores:
        _require(asked, BOOL)
        parts = {name: [self.of(each) for each in asked.get(name, ())] for name in CLAUSES}
        found: Scores = dict.fromkeys(self._index.documents, 0.0)
        for must in parts["must"]:
            found = {id_: score + must[id_] for id_, score in found.items() if id_ in must}
        for each in parts["filter"]:
            found = {id_: score for id_, score in found.items() if id_ in each}
        needed = int(asked.get("minimum_should_match", 0 if asked.get("must") or asked.get("filter") else 1))
        if parts["should"]:
            found = {
                id_: score + sum(each.get(id_, 0.0) for each in parts["should"])
                for id_, score in found.items()
                if sum(id_ in each for each in parts["should"]) >= needed
            }
        for each in parts["must_not"]:
            found = {id_: score for id_, score in found.items() if id_ not in each}
        return {id_: score * asked.get("boost", 1.0) for id_, score in found.items()}

    def _dis_max(self, asked: Query) -> Scores:
        _require(asked, {"queries"})
        found: Scores = {}
        for each in asked["queries"]:
            for id_, score in self.of(each).items():
                found[id_] = max(score, found.get(id_, 0.0))
        return found

    def _constant_score(self, asked: Query) -> Scores:
        _require(asked, {"filter", "boost"})
        return dict.fromkeys(self.of(asked["filter"]), asked.get("boost", 1.0))

    def _term(self, asked: Query) -> Scores:
        name, said = _one(asked)
        _require(said, {"value"})
        return self._ranked(name, lambda text: len(text.places.get(said["value"], ())))

    def _terms(self, asked: Query) -> Scores:
        name, wanted = _one(asked)
        return {id_: 1.0 for id_, document in self._having(name) if set(document[name]) & set(wanted)}

    def _prefix(self, asked: Query) -> Scores:
        name, said = _one(asked)
        _require(said, {"value"})
        return self._with_a_token(name, lambda token: token.startswith(said["value"]))

    def _fuzzy(self, asked: Query) -> Scores:
        name, said = _one(asked)
        _require(said, {"value", "fuzziness", "transpositions", "max_expansions", "rewrite"})
        if said["fuzziness"] not in {0, 1, 2}:
            raise BadRequest("illegal_argument_exception", "fuzziness must be 0, 1 or 2")
        most = said["fuzziness"]
        return self._with_a_token(name, lambda token: distance(token, said["value"], most) <= most)

    def _regexp(self, asked: Query) -> Scores:
        name, said = _one(asked)
        _require(said, {"value", "flags", "rewrite"})
        if len(said["value"]) > self._index.longest_pattern:
            raise BadRequest("illegal_argument_exception", "The length of regex exceeds the allowed maximum")
        pattern = re.compile(said["value"])
        return self._with_a_token(name, lambda token: pattern.fullmatch(token) is not None)

    def _phrase(self, asked: Query, *, is_prefix: bool) -> Scores:
        name, said = _one(asked)
        _require(said, {"query", "analyzer"} | ({"max_expansions"} if is_prefix else set()))
        tokens = [place[0] for place in self._index.analyzers[name].tokens(said["query"])]
        return self._ranked(name, lambda text: len(_starts(text, tokens, is_prefix=is_prefix)))

    def _range(self, asked: Query) -> Scores:
        name, ends = _one(asked)
        _require(ends, {"gt", "gte", "lt", "lte"})
        holds = {"gt": float.__gt__, "gte": float.__ge__, "lt": float.__lt__, "lte": float.__le__}
        whole = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
        is_whole = self._type(name) == "long"
        return {
            id_: 1.0
            for id_, document in self._having(name)
            if any(
                all(
                    whole[sign](int(each), int(end)) if is_whole else holds[sign](float(each), float(end))
                    for sign, end in ends.items()
                )
                for each in document[name]
            )
        }

    def _type(self, name: str) -> str:
        known = self._index.properties.get(name)
        return "" if known is None else str(known["type"])

    def _having(self, name: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
        return [(id_, each) for id_, each in self._index.documents.items() if name in each]

    def _with_a_token(self, name: str, matches: Callable[[str], bool]) -> Scores:
        return {id_: 1.0 for id_, each in self._having(name) if any(map(matches, each[name].places))}

    def _ranked(self, name: str, frequency: Callable[[Text], int]) -> Scores:
        """Return BM25 of the documents in whose text something occurs so often."""
        texts = {id_: each[name] for id_, each in self._having(name)}
        counts = {id_: count for id_, text in texts.items() if (count := frequency(text))}
        average = sum(each.length for each in texts.values()) / max(len(texts), 1) or 1.0
        idf = math.log(1 + (len(texts) - len(counts) + 0.5) / (len(counts) + 0.5))
        return {
            id_: idf * count / (count + _K1 * (1 - _B + _B * texts[id_].length / average))
            for id_, count in counts.items()
        }


def _starts(text: Text, tokens: Sequence[str], *, is_prefix: bool) -> set[int]:
    """Return the places at which tokens follow each other in a text."""
    last = tokens[-1]
    ends = {
        place
        for token, places in text.places.items()
        if (token.startswith(last) if is_prefix else token == last)
        for place in places
    }
    found = {place - len(tokens) + 1 for place in ends}
    for number, token in enumerate(tokens[:-1]):
        found &= {place - number for place in text.places.get(token, ())}
    return found


def _one(query: Query) -> tuple[str, Any]:
    if len(query) != 1:
        raise BadRequest("parsing_exception", "expected one field")
    return next(iter(query.items()))


def _require(asked: Query, known: set[str]) -> None:
    for name in asked:
        if name not in known:
            raise BadRequest("parsing_exception", f"[{name}] is not supported")
