"""The parameters of a search, read for a collection: what the engine is asked comes out, or what would work instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from functions.search.collections.collections import Collection
from functions.search.collections.fields import ID, Field, named
from functions.search.engine.asked import Order, Search, Searched, lookups
from functions.search.filters import filters
from functions.search.keys.restrictions import Sight
from functions.search.queries import orders, terms
from functions.search.queries.orders import QueryRefused
from functions.search.queries.terms import Asked
from shared.errors import NotAllowed

if TYPE_CHECKING:
    # It asks the engine for stems, which the function of collections has no need of.
    from functions.search.queries.vocabularies import Vocabulary

MOST_HITS: Final = 10_000
MOST_GROUPED: Final = 250
"""How many hits the groups of a page may have together, as many as a page without groups."""
MOST_LOOKUPS: Final = 500
"""How often words may be looked for: each word and synonym in each field searched, and again for each facet range."""


class PageTooFar(NotAllowed):
    """422: hits past the first 10,000 are not shown; narrow the search by a filter."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What the engine is asked, and what is shown of each hit; how well its text matches only if it `tells_match`."""

    search: Search
    highlighted: Sequence[Field]
    excluded: frozenset[str]
    page: int
    is_sorted: bool
    tells_match: bool = True

    def within(self, sight: Sight) -> "Question":
        """Return the question as it is asked of what somebody sees.

        How well a text matches depends on how frequent its words are in documents that a filter hides, too.
        """
        return replace(
            self,
            search=replace(self.search, where=sight.narrowed(self.search.where)),
            excluded=self.excluded | sight.excluded,
            tells_match=sight.where is None,
        )

    def without_later_orders(self) -> Search:
        """Return the search with the first of its orders alone."""
        return replace(self.search, orders=self.search.orders[:1])


def read(collection: Collection, sent: Mapping[str, Any], vocabulary: "Vocabulary") -> Question:
    """Return what is asked of a collection. Raises QueryRefused, FilterRefused, PageTooFar."""
    schema = collection.fields
    asked = _asked(sent, vocabulary)
    searched = _searched(sent["query_by"], sent["query_by_weights"], schema, has_words=any(asked))
    offset = (sent["page"] - 1) * sent["per_page"]
    if offset + sent["per_page"] > MOST_HITS:
        raise PageTooFar(f"Hits past the first {MOST_HITS} are not shown. Narrow the search by filter_by.")
    search = Search(
        wanted=asked.wanted,
        unwanted=asked.unwanted,
        searched=searched,
        where=None if sent["filter_by"] is None else filters.read(sent["filter_by"], schema),
        orders=_orders(collection, sent["sort_by"], has_words=bool(asked.wanted)),
        facets=[] if sent["facet_by"] is None else orders.facets(sent["facet_by"], schema),
        most_counts=sent["max_facet_values"],
        offset=offset,
        limit=sent["per_page"],
        group=None if sent["group_by"] is None else _group(sent["group_by"], schema),
        group_limit=sent["group_limit"],
    )
    _require_bounded(search)
    return Question(
        search=search,
        highlighted=_highlighted(sent["highlight_fields"], searched, schema),
        excluded=frozenset(_names(sent["exclude_fields"])),
        page=sent["page"],
        is_sorted=sent["sort_by"] is not None,
    )


def _asked(sent: Mapping[str, Any], vocabulary: "Vocabulary") -> Asked:
    """Return what `q` asks for, without stop words and with synonyms. Raises QueryRefused."""
    asked = terms.read(sent["q"], prefix=sent["prefix"], num_typos=sent["num_typos"])
    if asked is None:
        raise QueryRefused("q: expected a word; * finds everything.")
    if len(asked.wanted) + len(asked.unwanted) > terms.MAX_WORDS:
        raise QueryRefused(f"q: {terms.MAX_WORDS} words and phrases at most.")
    return asked._replace(wanted=vocabulary.widened(vocabulary.without_stop_words(asked.wanted)))


def _require_bounded(search: Search) -> None:
    """Require that a search takes no more than its time. Raises QueryRefused."""
    if search.group is not None and search.limit * search.group_limit > MOST_GROUPED:
        raise QueryRefused(f"group_limit: per_page times group_limit may be {MOST_GROUPED} at most.")
    asked = (lookups(search.wanted) + lookups(search.unwanted)) * len(search.searched)
    times = 1 + sum(len(each.ranges) for each in search.facets)
    if asked * times > MOST_LOOKUPS:
        raise QueryRefused(
            f"q: {MOST_LOOKUPS} words at most, synonyms included, each counted for every field of query_by and every "
            "range of facet_by. Take fewer of them."
        )


def _names(text: str | None) -> list[str]:
    return [] if text is None else [each.strip() for each in text.split(",")]


def _searched(query_by: str | None, weights: str | None, schema: Sequence[Field], *, has_words: bool) -> list[Searched]:
    """Return the fields that are searched, with weights of which the greatest is 1; none are needed for everything."""
    if query_by is None:
        numbers = [number for number, each in enumerate(schema) if _is_searchable(each)]
    else:
        numbers = [_text(name, schema, "query_by") for name in _names(query_by)]
    if not numbers and not has_words:
        return []
    if not numbers or len(set(numbers)) < len(numbers):
        raise QueryRefused("query_by: expected fields that hold text, each once.")
    each = _weights(weights, len(numbers))
    return [Searched(number, weight / max(each)) for number, weight in zip(numbers, each, strict=True)]


def _weights(text: str | None, count: int) -> list[int]:
    if text is None:
        return [1] * count
    found = [each.strip() for each in text.split(",")]
    if len(found) != count or not all(each.isascii() and each.isdigit() and 0 < int(each) <= 100 for each in found):
        raise QueryRefused("query_by_weights: expected a whole number from 1 to 100 for each field of query_by.")
    return [int(each) for each in found]


def _text(name: str, schema: Sequence[Field], parameter: str) -> int:
    number, field = orders.named(name, schema, parameter)
    if not _is_searchable(field):
        searchable = ", ".join(each.name for each in schema if _is_searchable(each))
        raise QueryRefused(f"{parameter}: {name} holds no text that is searched. Fields that do: {searchable}.")
    return number


def _is_searchable(field: Field) -> bool:
    return field.is_text and field.indexed and field.name != ID


def _orders(collection: Collection, sort_by: str | None, *, has_words: bool) -> list[Order]:
    if sort_by is not None:
        return orders.read(sort_by, collection.fields)
    default = collection.default_sorting_field
    found = None if default is None else named(collection.fields, default)
    if found is None:
        return []
    by_default = Order(found[0], is_descending=True)
    return [Order(None, is_descending=True), by_default] if has_words else [by_default]


def _group(name: str, schema: Sequence[Field]) -> int:
    number, field = orders.named(name, schema, "group_by")
    if not field.indexed or field.type == "string[]" or (field.is_text and not (field.facet or field.sort)):
        raise QueryRefused(f"group_by: {name} cannot be grouped by. Take a field with facet or sort that is no list.")
    return number


def _highlighted(names: str | None, searched: Sequence[Searched], schema: Sequence[Field]) -> list[Field]:
    if names is None:
        return [schema[each.field] for each in searched]
    return [schema[_text(name, schema, "highlight_fields")] for name in _names(names)]
