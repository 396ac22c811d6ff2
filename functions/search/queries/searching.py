"""A search from its parameters to its answer: the index says which documents, the table what they say now."""

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from functions.search.collections.collections import Collection
from functions.search.collections.fields import Field
from functions.search.documents import documents
from functions.search.documents.documents import Stored
from functions.search.engine.asked import Count, Facet, Found, Hit, Search, Wanted
from functions.search.engine.ports import IndexGone, Searcher, TooManySorted
from functions.search.indexing import readers
from functions.search.keys import restrictions
from functions.search.keys.restrictions import Sight
from functions.search.queries import highlights, parameters, vocabularies
from functions.search.queries.parameters import Question
from functions.search.queries.refusals import TooManyMatches
from functions.search.queries.room import Room
from shared import instants
from shared.callers.auth import Caller
from shared.errors import Refusal, Unavailable

View = dict[str, Any]


def search(caller: Caller, collection_name: str, sent: Mapping[str, Any], room: Room | None = None) -> View:
    """Return what a search finds in a collection of the caller's tenant, in the room that its request has left.

    Raises CollectionNotFound, restrictions.KeyOutdated, QueryRefused, FilterRefused, PageTooFar, TooManyMatches,
    AnswerTooLarge, Unavailable.
    """
    begun = time.perf_counter_ns()
    room = room or Room()
    room.require()
    sight = restrictions.opened(caller, collection_name)
    collection = sight.collection
    question = parameters.read(sight.schema, sent, vocabularies.of(collection)).within(sight)
    searcher = readers.of(collection)
    if searcher is None:
        return _answer(question, Found(found=0, hits=[], counts={}), collection, [], 0, begun)
    searcher, found = _found(searcher, collection, question)
    there = documents.get_all(collection.collection_id, [hit.id for hit in found.hits])
    hits = [(hit, there[hit.id]) for hit in found.hits if hit.id in there and sight.has(there[hit.id].document)]
    shown = [(hit, _hit(hit, stored, question, searcher, room)) for hit, stored in hits]
    return _answer(question, found, collection, shown, _out_of(searcher, sight), begun)


def result(caller: Caller, collection_name: str, sent: Mapping[str, Any], room: Room) -> View:
    """Return what `search` does as one of several results, with the refusal where there is one. Raises Unavailable."""
    try:
        answered = search(caller, collection_name, sent, room)
    except Unavailable:
        raise
    except Refusal as refusal:
        return {"status": refusal.status, "answer": None, "code": refusal.code, "detail": refusal.detail}
    return {"status": 200, "answer": answered, "code": None, "detail": None}


def _found(searcher: Searcher, collection: Collection, question: Question) -> tuple[Searcher, Found]:
    """Return what is found, and in which index: a new one may have taken the place of the one that was open."""
    try:
        return searcher, _searched(searcher, question)
    except IndexGone:
        reopened = readers.reopened(collection)
    try:
        if reopened is not None:
            return reopened, _searched(reopened, question)
    except IndexGone:
        pass
    raise readers.replaced()


def _searched(searcher: Searcher, question: Question) -> Found:
    try:
        return searcher.search(question.search)
    except TooManySorted as error:
        if question.is_sorted or question.search.group is not None:
            raise TooManyMatches from error
    # What the collection is sorted by only parts those that match equally well; nobody has asked for it.
    return searcher.search(question.without_later_orders())


def _out_of(searcher: Searcher, sight: Sight) -> int:
    """Return how many documents there are for who sees this."""
    return searcher.documents if sight.where is None else searcher.search(Search(where=sight.where, limit=0)).found


def _answer(
    question: Question,
    found: Found,
    collection: Collection,
    shown: Sequence[tuple[Hit, View]],
    out_of: int,
    begun: int,
) -> View:
    is_grouped = question.search.group is not None
    return {
        "found": found.found,
        "out_of": out_of,
        "page": question.page,
        "hits": [] if is_grouped else [hit for _, hit in shown],
        "grouped_hits": list(_groups(shown, question, collection)) if is_grouped else [],
        "facet_counts": [_facet(each, found, collection) for each in question.search.facets],
        "search_time_ms": (time.perf_counter_ns() - begun) // 1_000_000,
    }


def _hit(hit: Hit, stored: Stored, question: Question, searcher: Searcher, room: Room) -> View:
    document = stored.document
    marked = [
        found
        for field in question.highlighted
        if field.name not in question.excluded
        for found in _highlights(field, document.get(field.name), question.search.wanted, searcher, room)
    ]
    shown = {name: value for name, value in document.items() if name not in question.excluded}
    view = {"document": shown, "highlights": marked, "text_match": hit.text_match if question.tells_match else 0}
    room.take(view)
    return view


def _highlights(field: Field, value: Any, wanted: Sequence[Wanted], searcher: Searcher, room: Room) -> Iterator[View]:
    texts = [value] if isinstance(value, str) else value or []
    for number, text in enumerate(texts):
        if not room.has_time_for(text, wanted):
            continue
        found = highlights.marked(text, wanted, searcher.stemmer, infix=field.infix)
        if found is not None:
            place = None if isinstance(value, str) else number
            yield {"field": field.name, "index": place, **found._asdict()}


def _groups(shown: Sequence[tuple[Hit, View]], question: Question, collection: Collection) -> Iterator[View]:
    field = collection.fields[question.search.group or 0]
    groups: dict[Any, list[View]] = {}
    for hit, view in shown:
        groups.setdefault(hit.group, []).append(view)
    for key, hits in groups.items():
        yield {"group_key": None if key is None else _value(field, key), "hits": hits}


def _facet(facet: Facet, found: Found, collection: Collection) -> View:
    field = collection.fields[facet.field]
    counts = found.counts.get(facet.field, [])
    return {"field_name": field.name, "counts": [_count(field, facet, each) for each in counts]}


def _count(field: Field, facet: Facet, count: Count) -> View:
    return {"value": str(count.value) if facet.ranges else _value(field, count.value), "count": count.number}


def _value(field: Field, value: Any) -> str:
    """Return a value as `filter_by` takes it."""
    if field.type == "bool":
        return "true" if value else "false"
    return instants.to_rfc3339(int(value)) if field.type == "datetime" else str(value)
