"""Proofs: whether a caller may see a hit now, from the items that its document names, read consistently.

The items it comes from must be there, and for one of the readers that the caller is, what was given to that reader.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from shared.messaging import search_feed
from shared.messaging.search_feed import Grant, Needed, Text
from shared.storage import table
from shared.storage.attributes import Item, Key

Content = Mapping[str, Any]
Found = Mapping[Key, Item | None]


class Proved(NamedTuple):
    """What came of a hit: its title and texts as its items say them now, if the caller may see it.

    `is_gone`: its items are not there, so the index is behind. `refused` are readers as whom the caller may not see it.
    """

    title: str = ""
    texts: Sequence[str] = ()
    is_shown: bool = False
    is_gone: bool = False
    refused: Sequence[str] = ()


def prove(contents: Sequence[Content], caller_id: str, readers: frozenset[str]) -> list[Proved]:
    """Return what came of each hit; one call for each hundred items, and most hits share some."""
    wanted = [_wanted(content, readers) for content in contents]
    keys = list(dict.fromkeys(key for needed in wanted for key in search_feed.keys(needed, caller_id)))
    found = dict(zip(keys, table.get_many(keys, consistent=True), strict=True))
    return [_proved(content, caller_id, readers, found) for content in contents]


def _wanted(content: Content, readers: frozenset[str]) -> list[Needed]:
    return [*_sources(content), *(each for grant in _grants(content, readers) for each in grant.needed)]


def _proved(content: Content, caller_id: str, readers: frozenset[str], found: Found) -> Proved:
    sources = _sources(content)
    if not _all_hold(sources, caller_id, found):
        return Proved(is_gone=True)
    grants = _grants(content, readers)
    if not any(_all_hold(grant.needed, caller_id, found) for grant in grants):
        return Proved(refused=[reader for grant in grants for reader in grant.readers if reader in readers])
    items = [item for key in search_feed.keys(sources, caller_id) if (item := found[key]) is not None]
    titles, texts = ([Text(*each) for each in content[name]] for name in ("titles", "texts"))
    title, text = search_feed.said(titles, texts, items)
    return Proved(title, text, is_shown=True)


def _all_hold(needed: Sequence[Needed], caller_id: str, found: Found) -> bool:
    keys = search_feed.keys(needed, caller_id)
    return all(search_feed.holds(each, found[key], caller_id) for each, key in zip(needed, keys, strict=True))


def _sources(content: Content) -> list[Needed]:
    return [Needed(*each) for each in content["sources"]]


def _grants(content: Content, readers: frozenset[str]) -> list[Grant]:
    """Return the grants to one of these readers."""
    return [
        Grant(given_to, [Needed(*each) for each in needed])
        for given_to, needed in content["grants"]
        if readers.intersection(given_to)
    ]
