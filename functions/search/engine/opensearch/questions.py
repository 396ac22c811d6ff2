"""What is asked, as objects of OpenSearch's query language: no text is ever parsed by it.

Each way of matching has the points that it has in the embedded engine (`embedded/questions.py`), so that hits come in
the same order: as it is, by a stem, a synonym, a beginning, a part within a word, a typo.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from functions.search.collections.fields import Field
from functions.search.engine import points, words
from functions.search.engine.asked import (
    Between,
    Contains,
    Either,
    Every,
    Filter,
    Not,
    Phrase,
    Search,
    Term,
    Wanted,
    Whole,
    Widened,
)
from functions.search.engine.embedded import schema as schemas
from functions.search.engine.opensearch.mapping import WORDS
from functions.search.engine.stems import Stemmer
from functions.search.engine.words import Word

Query = dict[str, Any]

EVERYTHING: Final[Query] = {"match_all": {}}
# As many words may be near one, or begin alike; OpenSearch takes 50 otherwise.
_MOST_WORDS: Final = 1000
LONGEST_BEGINNING: Final = 30
"""How many letters a beginning may have that is looked for with a typo: its pattern grows with their square."""


class Questions:
    """Makes the queries of one index."""

    def __init__(self, fields: Sequence[Field], stemmer: Stemmer) -> None:
        self._fields = fields
        self._stem = stemmer

    def of(self, search: Search) -> Query:
        """Return the query of a search."""
        query: Query = {}
        if search.wanted:
            query["must"] = [self._wanted(each, search) for each in search.wanted]
        if search.unwanted:
            query["must_not"] = [self._wanted(each, search) for each in search.unwanted]
        if search.where is not None:
            query["filter"] = [self.where(search.where)]
        return {"bool": query} if query else EVERYTHING

    def where(self, condition: Filter) -> Query:
        """Return the query of a filter."""
        make: Callable[[Any], Query] = self._makers[type(condition)]
        return make(condition)

    @property
    def _makers(self) -> Mapping[type, Callable[[Any], Query]]:
        return {
            Whole: self._whole,
            Contains: lambda each: _in_order(schemas.words_field(each.field), each.words),
            Between: self._between,
            Not: lambda each: {"bool": {"must_not": [self.where(each.part)]}},
            Every: lambda each: {"bool": {"filter": [self.where(part) for part in each.parts]}},
            Either: lambda each: _any_of([self.where(part) for part in each.parts]),
        }

    def _whole(self, condition: Whole) -> Query:
        field = self._fields[condition.field]
        compared = [schemas.whole(each, field) if isinstance(each, str) else each for each in condition.values]
        return {"terms": {schemas.values_field(condition.field, field): compared}}

    def _between(self, condition: Between) -> Query:
        ends = {
            "gte" if condition.with_low else "gt": condition.low,
            "lte" if condition.with_high else "lt": condition.high,
        }
        name = schemas.values_field(condition.field, self._fields[condition.field])
        return {"range": {name: {sign: end for sign, end in ends.items() if end is not None}}}

    def _wanted(self, wanted: Wanted, search: Search) -> Query:
        if isinstance(wanted, Widened):
            return self._widened(wanted, search)
        found: list[Query] = []
        for field, weight in search.searched:
            match wanted:
                case Phrase(phrase, is_prefix):
                    exact = _phrase(field, phrase)
                    found.append(_scored(exact, points.EXACT * len(phrase), weight, is_ranked=True))
                    if is_prefix:
                        found.append(_scored(_begun(field, phrase), points.BEGINNING * len(phrase), weight))
                case Term() as term:
                    found += self._ways(term, field, weight)
        return _best_of(found)

    def _widened(self, wanted: Widened, search: Search) -> Query:
        found: list[Query] = [{"bool": {"must": [self._wanted(each, search) for each in wanted.terms]}}]
        floor = points.SYNONYM * len(wanted.terms)
        for synonym in wanted.synonyms:
            for field, weight in search.searched:
                alike = [_phrase(field, synonym)]
                if len(synonym) == 1:
                    alike.append(self._stemmed(field, synonym[0]))
                found += [_scored(each, floor, weight, is_ranked=True) for each in alike]
        return _best_of(found)

    def _ways(self, term: Term, number: int, weight: float) -> Iterator[Query]:
        """Yield the ways in which a word matches in a field, the best first."""
        name = schemas.words_field(number)
        for form in _forms(term.word):
            yield _scored(_term(name, form), points.EXACT, weight, is_ranked=True)
        yield _scored(self._stemmed(number, term.word), points.STEM, weight, is_ranked=True)
        for form in _forms(term.word):
            if term.is_prefix:
                yield _scored({"prefix": {name: {"value": form}}}, points.BEGINNING, weight)
            for typos, floor in enumerate(points.TYPOS[: term.typos], 1):
                yield _scored(_near(name, form, typos, begins=term.begins_with_typos(typos)), floor, weight)
            if self._fields[number].infix and len(form) >= words.PIECE:
                within = _in_order(schemas.pieces_field(number), words.pieces(form))
                yield _scored(within, points.WITHIN, weight)

    def _stemmed(self, number: int, word: Word) -> Query:
        return _term(schemas.stems_field(number), self._stem(word.lower))


def _forms(word: Word) -> list[str]:
    return [form for form in (word.folded, word.spelled) if form]


def _phrase(number: int, phrase: Sequence[Word]) -> Query:
    name = schemas.words_field(number)
    plain = _in_order(name, [word.folded for word in phrase])
    if not any(word.spelled for word in phrase):
        return plain
    return _any_of([plain, _in_order(name, [word.spelled or word.folded for word in phrase])])


def _begun(number: int, phrase: Sequence[Word]) -> Query:
    text = " ".join(word.folded for word in phrase)
    asked = {"query": text, "analyzer": WORDS, "max_expansions": _MOST_WORDS}
    return {"match_phrase_prefix": {schemas.words_field(number): asked}}


def _near(name: str, text: str, typos: int, *, begins: bool) -> Query:
    near: Query = {
        "fuzzy": {
            name: {
                "value": text,
                "fuzziness": typos,
                "transpositions": True,
                "max_expansions": _MOST_WORDS,
                "rewrite": "constant_score",
            }
        }
    }
    if not begins or len(text) > LONGEST_BEGINNING:
        return near
    pattern = f"({'|'.join(dict.fromkeys(_with_one_typo(text)))}).*"
    return _any_of([near, {"regexp": {name: {"value": pattern, "flags": "NONE", "rewrite": "constant_score"}}}])


def _with_one_typo(text: str) -> Iterator[str]:
    """Yield patterns of what a text of letters may have been meant to be: one wrong, missing, too many, or swapped."""
    for place in range(len(text)):
        before, after = text[:place], text[place + 1 :]
        yield f"{before}.{after}"
        yield f"{before}{after}"
        yield f"{before}.{text[place:]}"
        if after:
            yield f"{before}{after[0]}{text[place]}{after[1:]}"


def _term(name: str, text: str) -> Query:
    return {"term": {name: {"value": text}}}


def _in_order(name: str, texts: Sequence[str]) -> Query:
    if len(texts) == 1:
        return _term(name, texts[0])
    return {"match_phrase": {name: {"query": " ".join(texts), "analyzer": WORDS}}}


def _any_of(queries: Sequence[Query]) -> Query:
    return {"bool": {"should": [*queries], "minimum_should_match": 1}}


def _best_of(queries: Sequence[Query]) -> Query:
    return {"dis_max": {"queries": [*queries]}}


def _scored(query: Query, floor: float, weight: float, *, is_ranked: bool = False) -> Query:
    """Return the query with the points of its way of matching, and with BM25 above it if it is ranked."""
    flat = {"constant_score": {"filter": query, "boost": floor + points.WEIGHT * weight}}
    if not is_ranked:
        return flat
    return {"bool": {"must": [flat, {"bool": {"must": [query], "boost": weight}}]}}
