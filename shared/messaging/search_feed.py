"""The feed of the search of Milepost: what a context says of an item that people should find, and to whom it belongs.

A context says which stored items a text comes from, and which items must be there for somebody to see it: keys, in
which `{caller}` stands for whoever searches. So search reads items of contexts of which it knows nothing else, and asks
at every hit, whatever its index says (docs/decisions/0079-proofs.md). Messages may come twice and in any order: each
has the version of its item.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared import config, ids
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.storage.attributes import Item, Key

CALLER: Final = "{caller}"
"""Stands for the user id of whoever searches, in keys and in what attributes must be."""
GONE: Final = 2**53
"""The version of an item that is gone for good: ids are never given again."""
MEMBERS: Final = ("owner", "admin", "member", "viewer")
"""The roles of members who are no guests."""
LEADERS: Final = ("owner", "admin")
"""The roles of members who count as managers of every project."""
MAX_TITLE: Final = 500
MAX_TEXT: Final = 16_000
"""How many characters of a text are searched."""


class Needed(NamedTuple):
    """An item that must be there; each attribute of `where` must have one of the values, None if it may be missing.

    A list must have one of them among its own.
    """

    pk: str
    sk: str
    where: Mapping[str, Sequence[Any]] = {}


class Grant(NamedTuple):
    """By which items any of these readers may see a hit, besides the items that it comes from.

    A reader is `user:<id>`, `tenant:<id>` (everybody but guests), or what an item in the caller's own partition makes
    them: `goal:<id>`, and what `in_project` returns; an admin of all projects is `projects:admin`, one
    of all payments `payments:admin`.
    """

    readers: Sequence[str]
    needed: Sequence[Needed]


class Text(NamedTuple):
    """A text to be found: an attribute of one of the sources, or of the map or JSON that it holds what is `within` it.

    `within` names a member of it, or of each map in a list; an empty one takes every text in it.
    """

    attribute: str
    source: int = 0
    within: str | None = None


class Findable(NamedTuple):
    """An item that people find: `sources` are the items that it is made of, all of which must be there.

    The title is the first of `titles` that is not empty. `url` is its place in the dashboard, None if there is none.
    `scope` is what a caller needs to read such items.
    """

    tenant_id: str
    ref: str
    type: str
    id: str
    scope: str
    sources: Sequence[Needed]
    grants: Sequence[Grant]
    titles: Sequence[Text]
    texts: Sequence[Text]
    url: str | None = None
    parent: Mapping[str, str] | None = None


class Fed(NamedTuple):
    """What a message says of an item: its version, and what is found of it; no content if it is gone."""

    tenant_id: str
    ref: str
    version: int
    content: Mapping[str, Any] | None


def member(tenant_id: str, user_id: str = CALLER, *, roles: Sequence[str] = ()) -> Needed:
    """Return that somebody is a member of the tenant who is not disabled, the caller unless it is said who.

    With `roles` they are a member in one of these.
    """
    where = {"disabled": [None, False], **({"role": roles} if roles else {})}
    return Needed(f"TENANT#{tenant_id}", f"MEMBER#{user_id}", where)


def for_members(tenant_id: str) -> Grant:
    """Return that every member of a tenant who is no guest sees something."""
    return Grant([f"tenant:{tenant_id}"], [member(tenant_id, roles=MEMBERS)])


def in_project(project_id: str, role: str, *, of_tenant: bool = False) -> str:
    """Return the reader that somebody with a role in a project is; `of_tenant` is for those who are no guests."""
    return f"project:{project_id}:{role}{':inside' if of_tenant else ''}"


def fed(findable: Findable, version: int, items: Sequence[Item]) -> Fed:
    """Return what is found of an item at a version, from the items of its sources."""
    told = {name: value for name, value in findable._asdict().items() if name not in {"tenant_id", "ref"}}
    title, texts = said(findable.titles, findable.texts, items)
    content = {**told, "title": title, "text": texts, "readers": readers(findable.grants), "ids": [findable.id]}
    return Fed(findable.tenant_id, findable.ref, version, json.loads(json.dumps(content)))


def gone(tenant_id: str, ref: str, version: int = GONE) -> Fed:
    """Return that an item is gone."""
    return Fed(tenant_id, ref, version, None)


def send(said: Sequence[Fed]) -> None:
    """Send what contexts say to the search of Milepost. Raises Unavailable unless all was taken; some may have been."""
    queues.send_all(config.search_feed_queue_url(), [Outgoing(each._asdict(), group=each.tenant_id) for each in said])


def read(message: Mapping[str, Any]) -> Fed:
    """Return what a message says. Raises KeyError, TypeError or ValueError for one that says nothing."""
    found = Fed(*(message[name] for name in Fed._fields))
    if not ids.is_valid(found.tenant_id, "tenant") or not isinstance(found.ref, str) or type(found.version) is not int:
        raise ValueError("no item has these ids")
    return found


def readers(grants: Sequence[Grant]) -> list[str]:
    """Return all readers of an item, each once."""
    return list(dict.fromkeys(reader for grant in grants for reader in grant.readers))


def said(titles: Sequence[Text], texts: Sequence[Text], items: Sequence[Item]) -> tuple[str, list[str]]:
    """Return the title and the texts that items have now, as much of them as is searched."""
    title = next((found for each in titles for found in _texts(each, items)), "")
    found, room = list[str](), MAX_TEXT
    for each in (found for text in texts for found in _texts(text, items)):
        if room <= 0:
            break
        found.append(each[:room])
        room -= len(each)
    return title[:MAX_TITLE], found


def keys(needed: Sequence[Needed], caller_id: str) -> list[Key]:
    """Return the keys of items for a caller."""
    return [Key(each.pk.replace(CALLER, caller_id), each.sk.replace(CALLER, caller_id)) for each in needed]


def holds(needed: Needed, item: Item | None, caller_id: str) -> bool:
    """Return whether an item is there and is as it must be."""
    if item is None:
        return False
    return all(
        _is_one_of(item.get(name), [caller_id if value == CALLER else value for value in values])
        for name, values in needed.where.items()
    )


def _is_one_of(value: Any, allowed: Sequence[Any]) -> bool:
    return any(each in allowed for each in value) if isinstance(value, list) else value in allowed


def _texts(text: Text, items: Sequence[Item]) -> Iterator[str]:
    value = items[text.source].get(text.attribute)
    if text.within is not None:
        value = json.loads(value) if isinstance(value, str) else value
        value = _within(value, text.within) if text.within else value
    yield from (each for each in _strings(value) if each.strip())


def _within(value: Any, name: str) -> Any:
    if isinstance(value, list):
        return [each.get(name) for each in value if isinstance(each, dict)]
    return value.get(name) if isinstance(value, dict) else value


def _strings(value: Any) -> Iterator[str]:
    """Yield every text in a value, however deep it is."""
    waiting = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting += reversed(each.values())
        elif isinstance(each, list):
            waiting += reversed(each)
