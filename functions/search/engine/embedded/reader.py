"""An index that is searched: what is found, in which order, and how often each value occurs.

Hits that are equal in all that they are sorted by are in the order of their ids. The engine sorts by one thing: for
more, and for groups, all hits are looked at, as long as they are not too many.
"""

import dataclasses
import heapq
import itertools
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tantivy import DocAddress, Index, Query
from tantivy import Order as Direction

from functions.search.collections.fields import Field
from functions.search.engine import points, ports, stems, steps
from functions.search.engine.asked import Between, Count, Every, Facet, Filter, Found, Hit, Order, Range, Search, Term
from functions.search.engine.embedded import schema as schemas
from functions.search.engine.embedded import writer
from functions.search.engine.embedded.containment import contained
from functions.search.engine.embedded.questions import Questions
from functions.search.engine.ports import TooManySorted

_BY_MATCH: Final = Order(None, is_descending=True)
_SEARCHING: Final = "searching"
_AHEAD: Final = 1000
"""How many hits behind a page are looked at first, for those that are equal to its last one."""
_FREQUENT: Final = 2000
"""In how many documents a word is that is looked for as it is first, where it may also begin another one."""
_MOST_KNOWN: Final = 50_000
"""How many ids a reader remembers, by their places: reading one is the greater part of sorting those that are equal."""

Place = tuple[int, int]
EngineHit = tuple[Any, Any]
"""What a hit is sorted by, and its address."""


class Reader:
    """Searches an index in the state in which its files were when it was opened."""

    def __init__(self, folder: Path, fields: Sequence[Field], language: str | None) -> None:
        with contained("opening an index"):
            index = Index.open(str(folder))
            self._searcher = index.searcher()
            self._is_in_order = writer.is_in_order(folder)
        self.stemmer = stems.stemmer(language)
        self._fields = fields
        self._ids: dict[Place, str] = {}
        self._questions = Questions(index.schema, fields, None if language is None else self.stemmer)

    @property
    def documents(self) -> int:
        """Return how many documents the index has."""
        return self._searcher.num_docs

    def search(self, search: Search) -> Found:
        """Return what is found. Raises TooManySorted, EngineBroken."""
        with contained(_SEARCHING):
            query = self._questions.of(search)
            found, hits = self._found(query, search)
            counts = {facet.field: self._counts(query, search, facet) for facet in search.facets}
        return Found(found=found, hits=hits, counts=counts)

    def best(self, search: Search) -> list[Hit]:
        """Return the hits of the page, and count nothing. Raises EngineBroken."""
        with contained(_SEARCHING):
            for step in steps.before(search):
                hits = self._best(step.search) if self._is_worth_it(step.search) else []
                if len(hits) == search.limit and hits[-1].text_match > step.missed * points.MATCHES:
                    return hits
            return self._best(search)

    def _is_worth_it(self, search: Search) -> bool:
        """Return whether a step may fill the page: of words as they are, only frequent ones do."""
        terms = [each for each in search.wanted if isinstance(each, Term)]
        if any(each.is_prefix for each in terms):
            return True
        return all(self._frequency(each, search) >= _FREQUENT for each in terms)

    def _frequency(self, term: Term, search: Search) -> int:
        """Return in how many documents a word is, at least."""
        names = [schemas.words_field(each.field) for each in search.searched]
        return max(int(self._searcher.doc_freq(name, term.word.folded)) for name in names)

    def _best(self, search: Search) -> list[Hit]:
        if not search.wanted:
            return self._by_id(self._questions.of(search), search)[1]
        query = self._field_by_field(search) or self._questions.of(search)
        return self._first(query, _BY_MATCH, search.offset, search.offset + search.limit, count=False)[1]

    def _field_by_field(self, search: Search) -> Query | None:
        """Return what finds a frequent word in each field, narrowed there; None if something else is looked for.

        Of alternatives, the engine ranks all that they find before it looks at the rest. For a frequent word that takes
        longer than to look at the rest once for each field that has the word.
        """
        match search.wanted:
            case [Term(_, False, 0) as term] if search.where is not None and not search.unwanted:
                if len(search.searched) > 1 and self._frequency(term, search) >= _FREQUENT:
                    found = [each for each in search.searched if self._may_have(each.field, term)]
                    of_each = [dataclasses.replace(search, searched=[each]) for each in found]
                    return Query.disjunction_max_query([self._questions.of(each) for each in of_each])
        return None

    def _may_have(self, field: int, term: Term) -> bool:
        """Return whether a word can be found in a field: as it is, by its stem, or within another one."""
        stem = schemas.stems_field(field), self.stemmer(term.word.lower)
        forms = [(schemas.words_field(field), each) for each in (term.word.folded, term.word.spelled) if each]
        return self._fields[field].infix or any(self._searcher.doc_freq(*each) for each in (stem, *forms))

    def _found(self, query: Query, search: Search) -> tuple[int, list[Hit]]:
        """Return how much is found, and the hits of the page."""
        last = search.offset + search.limit
        if search.group is not None:
            found = self._count(query)
            return found, self._grouped(query, search, found)
        if not search.limit:
            return self._count(query), []
        if not search.wanted and not search.orders:
            return self._by_id(query, search)
        if len(search.orders) <= 1:
            return self._first(query, search.orders[0] if search.orders else _BY_MATCH, search.offset, last)
        found = self._count(query)
        return found, self._sorted(query, search.orders, found)[search.offset : last]

    def _by_id(self, query: Query, search: Search) -> tuple[int, list[Hit]]:
        by_id = self._searcher.search(query, limit=search.limit, offset=search.offset, **_BY_ID)
        return _counted(by_id), [Hit(key, 0) for key, _ in by_id.hits]

    def _first(
        self, query: Query, order: Order, offset: int, last: int, *, count: bool = True
    ) -> tuple[int, list[Hit]]:
        """Return how much is found, and hits by one order; those that are equal are in the order of their ids.

        Where those that are equal to the last one of the page go on behind what was looked at, more are, and then all.
        In an index of one part the engine returns them in their order.
        """
        is_sorted = self._is_in_order and self._searcher.num_segments == 1
        looked_at = last if is_sorted else last + _AHEAD
        result = self._searcher.search(query, limit=looked_at, count=count, **self._by(order))
        found, hits = _counted(result), result.hits
        for more in () if is_sorted else (ports.MOST_SORTED, self._searcher.num_docs):
            if looked_at < more and looked_at == len(hits) and hits[last - 1][0] == hits[-1][0]:
                looked_at = more
                hits = self._searcher.search(query, limit=looked_at, count=False, **self._by(order)).hits
        sorted_hits: list[Hit] = []
        for equal in _runs(hits, lambda hit: hit[0]):
            key = equal[0][0]
            if len(sorted_hits) + len(equal) <= offset:
                sorted_hits += [Hit("", 0)] * len(equal)
                continue
            match = _match(key) if order.field is None else 0
            ids = itertools.islice(self._ids_in_order(equal), last - len(sorted_hits))
            sorted_hits += [Hit(each, match) for each in ids]
            if len(sorted_hits) >= last:
                break
        return found, sorted_hits[offset:last]

    def _sorted(self, query: Query, orders: Sequence[Order], found: int) -> list[Hit]:
        """Return all hits, sorted by several orders; a document that lacks a field comes last."""
        if found > ports.MOST_SORTED:
            raise TooManySorted
        hits = {
            _place(address): Hit(self._id(address), _match(score))
            for score, address in self._searcher.search(query, limit=ports.MOST_SORTED, count=False).hits
        }
        places = sorted(hits, key=lambda place: hits[place].id)
        for order in reversed(orders or (_BY_MATCH,)):
            keys = self._keys(query, order) if order.field is not None else {each: hits[each][1] for each in places}
            present = [place for place in places if keys[place] is not None]
            missing = [place for place in places if keys[place] is None]
            places = sorted(present, key=keys.__getitem__, reverse=order.is_descending) + missing
        return [hits[place] for place in places]

    def _grouped(self, query: Query, search: Search, found: int) -> list[Hit]:
        """Return the best hits of each group of the page; groups are in the order of their best hits."""
        number = search.group or 0
        keys = self._keys(query, Order(number, is_descending=False)) if found <= ports.MOST_SORTED else {}
        by_id = {self._id_at(place): key for place, key in keys.items()}
        groups: dict[Any, list[Hit]] = {}
        for hit in self._sorted(query, search.orders, found):
            groups.setdefault(by_id[hit.id], []).append(hit)
        page = list(groups.items())[search.offset : search.offset + search.limit]
        return [hit._replace(group=key) for key, hits in page for hit in hits[: search.group_limit]]

    def _keys(self, query: Query, order: Order) -> dict[Place, Any]:
        hits = self._searcher.search(query, limit=ports.MOST_SORTED, count=False, **self._by(order)).hits
        return {_place(address): key for key, address in hits}

    def _by(self, order: Order) -> Mapping[str, Any]:
        if order.field is None:
            return {}
        direction = Direction.Desc if order.is_descending else Direction.Asc
        return {"order_by_field": schemas.values_field(order.field, self._fields[order.field]), "order": direction}

    def _counts(self, query: Query, search: Search, facet: Facet) -> list[Count]:
        if facet.ranges:
            return [Count(each.label, self._within(search, facet.field, each)) for each in facet.ranges]
        name = schemas.values_field(facet.field, self._fields[facet.field])
        asked = {"values": {"terms": {"field": name, "size": search.most_counts}}}
        buckets = self._searcher.aggregate(query, asked)["values"]["buckets"]
        return sorted([Count(each["key"], each["doc_count"]) for each in buckets], key=lambda each: -each.number)

    def _within(self, search: Search, field: int, counted: Range) -> int:
        within: Filter = Between(field, counted.low, counted.high, with_high=False)
        where = within if search.where is None else Every([search.where, within])
        narrowed = Search(wanted=search.wanted, unwanted=search.unwanted, searched=search.searched, where=where)
        return self._count(self._questions.of(narrowed))

    def _count(self, query: Query) -> int:
        return _counted(self._searcher.search(query, limit=1))

    def _ids_in_order(self, equal: Sequence[EngineHit]) -> Iterator[str]:
        """Yield the ids of equal hits in their order, and read no more of them than are taken.

        The engine returns equal hits in the order of their places. In each part of an index that is kept in the order
        of ids, that is their order already.
        """
        if not self._is_in_order:
            return iter(sorted(self._id(address) for _, address in equal))
        parts = _runs(equal, lambda hit: hit[1].segment_ord)
        return heapq.merge(*((self._id(address) for _, address in part) for part in parts))

    def _id(self, address: Any) -> str:
        place = _place(address)
        known = self._ids.get(place)
        if known is None:
            if len(self._ids) >= _MOST_KNOWN:
                self._ids.clear()
            known = self._ids[place] = self._searcher.doc(address)[schemas.ID_FIELD][0]
        return known

    def _id_at(self, place: Place) -> str:
        return self._id(DocAddress(*place))


_BY_ID: Final[Mapping[str, Any]] = {"order_by_field": schemas.ID_FIELD, "order": Direction.Asc}


def _runs(hits: Sequence[EngineHit], of: Callable[[EngineHit], Any]) -> Iterator[Sequence[EngineHit]]:
    """Yield hits that follow each other and have the same of something, and look at few of a long run."""
    start = 0
    while start < len(hits):
        end = _end(hits, start, of)
        yield hits[start:end]
        start = end


def _end(hits: Sequence[EngineHit], start: int, of: Callable[[EngineHit], Any]) -> int:
    """Return where the hits end that have the same of something as the one at the start."""
    value = of(hits[start])

    def is_behind(hit: EngineHit) -> bool:
        return bool(of(hit) != value)

    width = 1
    while start + width < len(hits) and not is_behind(hits[start + width]):
        width *= 2
    return bisect_left(hits, True, start + width // 2, min(start + width, len(hits)), key=is_behind)


def _counted(result: Any) -> int:
    """Return how many documents a search of the engine has found in all, 0 if it has not counted them."""
    return int(result.count or 0)


def _place(address: Any) -> Place:
    return address.segment_ord, address.doc


def _match(score: float) -> int:
    """Return how well a text matches as a whole number, so that answers hold no rounding."""
    return round(score * points.MATCHES)
