"""An index that is searched: one request finds the hits of a page, and counts values."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from functions.search.engine import points, ports, stems
from functions.search.engine.asked import Count, Facet, Found, Hit, Order, Search
from functions.search.engine.embedded import schema as schemas
from functions.search.engine.opensearch.client import Client
from functions.search.engine.opensearch.questions import EVERYTHING, Query, Questions
from functions.search.engine.ports import Blueprint, TooManySorted
from shared.errors import Unavailable

_SEARCHING: Final = "searching"
_TIMEOUT: Final = "5s"
_BY_ID: Final = {schemas.ID_FIELD: {"order": "asc"}}
_BY_MATCH: Final = {"_score": {"order": "desc"}}
_BEST: Final = "best"


class Reader:
    """Searches the index of an alias."""

    def __init__(self, domain: Client, alias: str, blueprint: Blueprint) -> None:
        self.stemmer = stems.stemmer(blueprint.language)
        self._domain = domain
        self._path = f"/{alias}/_search"
        self._fields = blueprint.fields
        self._questions = Questions(blueprint.fields, self.stemmer)

    @cached_property
    def documents(self) -> int:
        """Return how many documents the index had when this was first asked for; whoever writes opens it anew."""
        return self._count(EVERYTHING)

    def search(self, search: Search) -> Found:
        """Return what is found. Raises TooManySorted, IndexGone, EngineBroken, Unavailable."""
        query = self._questions.of(search)
        is_bounded = len(search.orders) > 1 or search.group is not None
        if is_bounded and self._count(query) > ports.MOST_SORTED:
            raise TooManySorted
        answer = self._asked(self._body(query, search))
        counted = answer.get("aggregations", {})
        return Found(
            found=answer["hits"]["total"]["value"],
            hits=self._hits(answer["hits"]["hits"], search),
            counts={facet.field: _counts(facet, counted[str(facet.field)]) for facet in search.facets},
        )

    def best(self, search: Search) -> list[Hit]:
        """Return the hits of the page, and count nothing. Raises IndexGone, EngineBroken, Unavailable."""
        body = self._body(self._questions.of(search), search)
        return self._hits(self._asked({**body, "track_total_hits": False})["hits"]["hits"], search)

    def _count(self, query: Query) -> int:
        counted: int = self._asked({"query": query, "size": 0})["hits"]["total"]["value"]
        return counted

    def _asked(self, body: Mapping[str, Any]) -> dict[str, Any]:
        sent = {"track_total_hits": True, **body, "timeout": _TIMEOUT}
        answer = self._domain.call("POST", self._path, sent, doing=_SEARCHING)
        if answer["timed_out"] or answer["_shards"]["failed"]:
            raise Unavailable("The search took too long. Repeat the request.", headers={"Retry-After": "1"})
        return answer

    def _body(self, query: Query, search: Search) -> dict[str, Any]:
        orders = self._orders(search)
        body: dict[str, Any] = {
            "query": query,
            "from": search.offset,
            "size": search.limit,
            "sort": orders,
            "track_scores": _has_match(search),
            "aggs": {str(facet.field): self._facet(facet, search) for facet in search.facets},
        }
        if search.group is not None:
            best = {"name": _BEST, "size": search.group_limit, "sort": orders, "track_scores": _has_match(search)}
            body["collapse"] = {"field": self._values(search.group), "inner_hits": best}
        return body

    def _orders(self, search: Search) -> list[dict[str, Any]]:
        """Return what hits are sorted by; those that are equal are in the order of their ids."""
        if not search.orders:
            return [_BY_MATCH, _BY_ID] if search.wanted else [_BY_ID]
        return [*(self._order(each) for each in search.orders), _BY_ID]

    def _order(self, order: Order) -> dict[str, Any]:
        if order.field is None:
            return _BY_MATCH
        return {self._values(order.field): {"order": "desc" if order.is_descending else "asc", "missing": "_last"}}

    def _facet(self, facet: Facet, search: Search) -> dict[str, Any]:
        name = self._values(facet.field)
        if not facet.ranges:
            return {"terms": {"field": name, "size": search.most_counts}}
        # A range aggregation compares as floats, which whole numbers past 2^53 do not fit.
        ends = [{"gte": each.low, "lt": each.high} for each in facet.ranges]
        within = [{"range": {name: {sign: end for sign, end in each.items() if end is not None}}} for each in ends]
        return {"filters": {"filters": {str(number): each for number, each in enumerate(within)}}}

    def _hits(self, found: Sequence[Mapping[str, Any]], search: Search) -> list[Hit]:
        if search.group is None:
            return [_hit(each) for each in found]
        name = self._values(search.group)
        groups = [(each.get("fields", {}).get(name, [None])[0], each["inner_hits"][_BEST]["hits"]) for each in found]
        return [_hit(each)._replace(group=key) for key, inner in groups for each in inner["hits"]]

    def _values(self, number: int) -> str:
        return schemas.values_field(number, self._fields[number])


def _has_match(search: Search) -> bool:
    """Return whether hits say how well they match: not those that are sorted by one field alone."""
    is_by_match = any(each.field is None for each in search.orders) or not search.orders
    return bool(search.wanted) and (is_by_match or len(search.orders) > 1)


def _hit(found: Mapping[str, Any]) -> Hit:
    return Hit(found["_id"], round((found["_score"] or 0) * points.MATCHES))


def _counts(facet: Facet, counted: Mapping[str, Any]) -> list[Count]:
    buckets = counted["buckets"]
    if facet.ranges:
        return [Count(each.label, buckets[str(number)]["doc_count"]) for number, each in enumerate(facet.ranges)]
    return [Count(each["key"], each["doc_count"]) for each in buckets]
