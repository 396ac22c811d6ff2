"""What is asked, as query objects of tantivy: no text is ever parsed by it.

A word that is found as it is comes before one that has its stem, that before a synonym, that before a beginning, that
before a part within a word, and that before a typo: each way of matching has a floor of its own, and only within it do
frequency (BM25) and the weights of fields decide.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from tantivy import FieldType, Occur, Query, Schema

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
from functions.search.engine.stems import Stemmer
from functions.search.engine.words import Word

_NO_SCORE: Final = 0.0
_FEW: Final = 50
"""How many values are looked up one by one. To make a set costs the engine as much as ten of them, but in a set each of
many is cheaper."""


class Questions:
    """Makes the queries of one index; without a stemmer it has no stems, so that none are looked for."""

    def __init__(self, schema: Schema, fields: Sequence[Field], stemmer: Stemmer | None) -> None:
        self._schema = schema
        self._fields = fields
        self._stem = stemmer

    def of(self, search: Search) -> Query:
        """Return the query of a search."""
        clauses = [(Occur.Must, self._wanted(each, search)) for each in search.wanted]
        clauses += [(Occur.MustNot, self._wanted(each, search)) for each in search.unwanted]
        if search.where is not None:
            clauses.append((Occur.Must, self.where(search.where)))
        if not any(occur == Occur.Must for occur, _ in clauses):
            clauses.append((Occur.Must, Query.all_query()))
        return Query.boolean_query(clauses)

    def where(self, condition: Filter) -> Query:
        """Return the query of a filter, which adds nothing to a score."""
        return Query.const_score_query(self._filter(condition), _NO_SCORE)

    def _filter(self, condition: Filter) -> Query:
        make: Callable[[Any], Query] = self._makers[type(condition)]
        return make(condition)

    @property
    def _makers(self) -> Mapping[type, Callable[[Any], Query]]:
        return {
            Whole: self._whole,
            Contains: self._contains,
            Between: self._between,
            Not: self._not,
            Every: lambda each: _joined(Occur.Must, [self._filter(part) for part in each.parts]),
            Either: lambda each: _joined(Occur.Should, [self._filter(part) for part in each.parts]),
        }

    def _not(self, condition: Not) -> Query:
        return Query.boolean_query([(Occur.Must, Query.all_query()), (Occur.MustNot, self._filter(condition.part))])

    def _whole(self, condition: Whole) -> Query:
        field = self._fields[condition.field]
        name = schemas.values_field(condition.field, field)
        compared = [schemas.whole(each, field) if isinstance(each, str) else each for each in condition.values]
        if len(compared) > _FEW:
            return Query.term_set_query(self._schema, name, compared)
        return _joined(Occur.Should, [Query.term_query(self._schema, name, each, "basic") for each in compared])

    def _contains(self, condition: Contains) -> Query:
        return self._in_order(schemas.words_field(condition.field), list(condition.words))

    def _between(self, condition: Between) -> Query:
        field = self._fields[condition.field]
        kind = FieldType.Float if field.type == "float" else FieldType.Integer
        return Query.range_query(
            self._schema,
            schemas.values_field(condition.field, field),
            kind,
            condition.low,
            condition.high,
            include_lower=condition.with_low or condition.low is None,
            include_upper=condition.with_high or condition.high is None,
        )

    def _wanted(self, wanted: Wanted, search: Search) -> Query:
        if isinstance(wanted, Widened):
            return self._widened(wanted, search)
        found: list[Query] = []
        for searched in search.searched:
            match wanted:
                case Phrase(phrase, is_prefix):
                    exact = self._phrase(searched.field, phrase)
                    found.append(_scored(exact, points.EXACT * len(phrase), searched.weight, is_ranked=True))
                    if is_prefix:
                        begun = self._begun(searched.field, phrase)
                        found.append(_scored(begun, points.BEGINNING * len(phrase), searched.weight))
                case Term() as term:
                    ways = self._ways(term, searched.field, searched.weight)
                    is_plain = len(search.searched) == 1 and not ways.flat
                    found += [ways.lazily()] if is_plain and search.is_narrowed else ways.each()
        return Query.disjunction_max_query(found)

    def _widened(self, wanted: Widened, search: Search) -> Query:
        """Return what finds the words themselves or one of their synonyms, of as many points as the words have."""
        found = [_joined(Occur.Must, [self._wanted(each, search) for each in wanted.terms])]
        floor = points.SYNONYM * len(wanted.terms)
        for synonym in wanted.synonyms:
            for searched in search.searched:
                alike = [self._phrase(searched.field, synonym)]
                if len(synonym) == 1:
                    alike += self._stemmed(searched.field, synonym[0])
                found += [_scored(each, floor, searched.weight, is_ranked=True) for each in alike]
        return Query.disjunction_max_query(found)

    def _phrase(self, number: int, phrase: Sequence[Word]) -> Query:
        name = schemas.words_field(number)
        plain = self._in_order(name, [word.folded for word in phrase])
        if not any(word.spelled for word in phrase):
            return plain
        spelled = self._in_order(name, [word.spelled or word.folded for word in phrase])
        return _joined(Occur.Should, [plain, spelled])

    def _begun(self, number: int, phrase: Sequence[Word]) -> Query:
        name, texts = schemas.words_field(number), [word.folded for word in phrase]
        return Query.phrase_prefix_query(self._schema, name, list[Any](texts))

    def _ways(self, term: Term, number: int, weight: float) -> "_Ways":
        """Return the ways in which a word matches in a field."""
        name = schemas.words_field(number)
        forms = [form for form in (term.word.folded, term.word.spelled) if form]
        flat: list[Query] = []
        for form in forms:
            if term.is_prefix:
                flat.append(_flat(self._near(name, form, 0, is_prefix=True), points.BEGINNING, weight))
            for typos, floor in enumerate(points.TYPOS[: term.typos], 1):
                near = self._near(name, form, typos, is_prefix=term.begins_with_typos(typos))
                flat.append(_flat(near, floor, weight))
        if self._fields[number].infix:
            flat += [
                _flat(self._within(number, form), points.WITHIN, weight) for form in forms if len(form) >= words.PIECE
            ]
        exact = _best([self._term(name, form) for form in forms])
        return _Ways(exact, self._stemmed(number, term.word), flat, weight)

    def _within(self, number: int, text: str) -> Query:
        return self._in_order(schemas.pieces_field(number), words.pieces(text))

    def _stemmed(self, number: int, word: Word) -> list[Query]:
        """Return what finds the stem of a word, nothing in an index without stems."""
        return [] if self._stem is None else [self._term(schemas.stems_field(number), self._stem(word.lower))]

    def _near(self, name: str, text: str, typos: int, *, is_prefix: bool) -> Query:
        return Query.fuzzy_term_query(self._schema, name, text, typos, True, is_prefix)

    def _term(self, name: str, text: str) -> Query:
        return Query.term_query(self._schema, name, text)

    def _in_order(self, name: str, texts: list[Any]) -> Query:
        return self._term(name, texts[0]) if len(texts) == 1 else Query.phrase_query(self._schema, name, texts)


class _Ways(NamedTuple):
    """The ways in which a word matches in a field: as it is, by its stem, and those that do not rank what they find.

    There is one stem, or none.
    """

    exact: Query
    stems: Sequence[Query]
    flat: Sequence[Query]
    weight: float

    def each(self) -> list[Query]:
        """Return what finds by each of the ways."""
        exact = _scored(self.exact, points.EXACT, self.weight, is_ranked=True)
        stems = [_scored(each, points.STEM, self.weight, is_ranked=True) for each in self.stems]
        return [exact, *stems, *self.flat]

    def lazily(self) -> Query:
        """Return what finds by the word and its stem, and ranks only what the rest of the search finds too.

        Of alternatives, the engine ranks all that they find, before it looks at the rest. So here they only find, with
        the points of a stem, and what ranks them is optional. A word without a stem has no alternative.
        """
        if not self.stems:
            return _scored(self.exact, points.EXACT, self.weight, is_ranked=True)
        (stem,) = self.stems
        found = _flat(_joined(Occur.Should, [self.exact, stem]), points.STEM, self.weight)
        more = Query.const_score_query(self.exact, points.EXACT - points.STEM)
        only = [(Occur.Must, Query.boost_query(stem, self.weight)), (Occur.MustNot, self.exact)]
        # What ranks comes last: then the sum is rounded as that of `each` is.
        for optional in (more, Query.boost_query(self.exact, self.weight), Query.boolean_query(only)):
            found = Query.boolean_query([(Occur.Must, found), (Occur.Should, optional)])
        return found


def _scored(query: Query, floor: float, weight: float, *, is_ranked: bool = False) -> Query:
    """Return the query with the floor of its way of matching, and with BM25 above it if it is ranked."""
    if not is_ranked:
        return _flat(query, floor, weight)
    return _joined(Occur.Must, [Query.boost_query(query, weight), _flat(Query.all_query(), floor, weight)])


def _flat(query: Query, floor: float, weight: float) -> Query:
    """Return the query with the floor of its way of matching, which is the same for all that it finds."""
    return Query.const_score_query(query, floor + points.WEIGHT * weight)


def _best(queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)


def _joined(occur: Occur, queries: Sequence[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.boolean_query([(occur, each) for each in queries])
