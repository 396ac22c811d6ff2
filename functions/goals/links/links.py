"""Links: what somebody shows to whoever holds an unguessable address, read-only: a goal, or all they have to do when.

    mpl_<43 characters>        256 random bits in base64url (RFC 4648, section 5)

The token is shown once and stored nowhere: a link lies under the SHA-256 digest of it, where it is opened, and in the
partition of its owner, where it is listed and ended. Both are written and removed together. Digests of 256 random bits
need neither salt nor pepper.
"""

import hashlib
import re
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from functions.goals import goals
from functions.goals.goals import Goal
from functions.goals.sharing import shares
from shared import clock, ids, wording
from shared.callers import auth
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, InvalidInput, NotFound
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Delete, Put, Write, unchanged

if TYPE_CHECKING:
    from functions.goals.links.shapes import LinkDraft

MAX_LINKS: Final = 100
PREFIX: Final = "mpl_"
SHARED: Final = "/api/v1/shared"

View = dict[str, Any]

Metric = Literal["progress", "milestone", "forecast", "tasks"]
"""What a badge can tell of a goal."""

_SHAPE = re.compile(r"mpl_[A-Za-z0-9_-]{43}", re.ASCII)
_LISTED = "LINK#"


class LinkNotFound(NotFound):
    """404: you have no link with this id."""

    def __init__(self) -> None:
        super().__init__("You have no link with this id.")


class TooManyLinks(Conflict):
    """409: a user may have 100 links; delete one first."""


class NothingShared(NotFound):
    """404: the link is wrong, has ended, or does not show this."""

    def __init__(self) -> None:
        super().__init__("There is nothing to see here: the link is wrong, has ended, or does not show this.")


class Entry(NamedTuple):
    """A link in the list of its owner; without a goal it shows everything of theirs."""

    link_id: str
    owner_id: str
    tenant_id: str
    digest: str
    created_at: str
    goal_id: str | None = None
    name: str | None = None
    expires_at: Instant | None = None
    ttl: int | None = None


class Link(NamedTuple):
    """What a link leads to, under the digest of its token."""

    owner_id: str
    tenant_id: str
    goal_id: str | None = None
    expires_at: Instant | None = None
    ttl: int | None = None


class Opened(NamedTuple):
    """What a link that is good leads to: everything of its owner when there is no goal."""

    owner_id: str
    goal: Goal | None


def key(user_id: str, link_id: str) -> Key:
    """Return the key of a link in the list of its owner. Raises LinkNotFound for an id that no link can have."""
    if not ids.is_valid(link_id, "link"):
        raise LinkNotFound
    return Key(goals.partition(user_id), f"{_LISTED}{link_id}")


def create(caller: Caller, draft: "LinkDraft", *, claim: Claim | None = None) -> Answer:
    """Make a link and return it, with `token` and `urls` the first time only.

    Raises GoalNotFound, NotYours for a goal of somebody else, TooManyLinks, InvalidInput for an end that is past.
    """
    now = clock.now()
    if draft.expires_at is not None and draft.expires_at <= now:
        raise InvalidInput.of("expires_at", "must be in the future")
    token = f"{PREFIX}{secrets.token_urlsafe(32)}"
    entry = _new(caller, draft, digest=_digest(token), at=now)

    def plan() -> Plan[View]:
        _require_room(caller.user_id, now)
        turns = table.get(_turns_key(caller.user_id), consistent=True)
        writes: list[Write] = [_next_turn(caller.user_id, turns), *_added(entry)]
        if draft.goal_id is not None:
            shares.require_owner(shares.open_goal(caller, draft.goal_id, consistent=True))
            writes.append(Check(goals.key(caller.user_id, draft.goal_id), PRESENT))
        return Plan({**view(entry), "token": None, "urls": None}, writes)

    made = changes.make(plan, claim=claim)
    # What is recorded for a repeated request has no secret, so it answers another link's id without one.
    return made | _secret(entry, token) if made["link_id"] == entry.link_id else made


def delete(caller: Caller, link_id: str) -> None:
    """End a link: from now on it leads nowhere, but for what others still keep of it. Raises LinkNotFound."""
    place = key(caller.user_id, link_id)

    def plan() -> Plan[None]:
        item = table.get(place, consistent=True)
        if item is None:
            raise LinkNotFound
        return Plan(None, [Delete(place, PRESENT), Delete(_digest_key(_from_item(item).digest))])

    changes.make(plan)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the caller's links, oldest first, without what it takes to use them; one query."""
    found = table.query(goals.partition(caller.user_id), _LISTED, limit=limit, cursor=cursor)
    return [view(_from_item(item)) for item in found.items], found.next_cursor


def open_link(token: str) -> Opened:
    """Return what a link leads to: two calls, one for a token that is none of ours, none for what cannot be one.

    It is good as long as its owner belongs to the tenant, not disabled either, and the goal is there. Raises
    NothingShared.
    """
    if not _SHAPE.fullmatch(token):
        raise NothingShared
    # Consistent, so that a link can be used at once and is gone at once.
    item = table.get(_digest_key(_digest(token)), consistent=True)
    link = None if item is None else records.from_item(Link, item)
    if link is None or _is_over(link, clock.now()):
        raise NothingShared
    member = auth.membership_key(link.tenant_id, link.owner_id)
    places = [member] if link.goal_id is None else [member, goals.key(link.owner_id, link.goal_id)]
    # Consistent as well: who is removed or disabled is shown no more from then on.
    membership, *goal = table.get_many(places, consistent=True)
    if None in goal or not auth.is_member(membership):
        raise NothingShared
    return Opened(link.owner_id, goals.from_item(goal[0]) if goal and goal[0] else None)


def open_goal_link(token: str) -> Goal:
    """Return the goal that a link shows; as `open_link`. Raises NothingShared for a link of everything, too."""
    goal = open_link(token).goal
    if goal is None:
        raise NothingShared
    return goal


def keys_of_goal(partition: str, goal_id: str) -> Iterator[Key]:
    """Yield the keys of all that is stored of the links of a goal; reads all links of its owner, which are few."""
    for item in table.query_all(partition, _LISTED):
        entry = _from_item(item)
        if entry.goal_id == goal_id:
            yield key(entry.owner_id, entry.link_id)
            yield _digest_key(entry.digest)


def view(entry: Entry) -> View:
    """Return what its owner sees of a link; never the token."""
    expires_at = entry.expires_at
    return {
        "link_id": entry.link_id,
        "goal_id": entry.goal_id,
        "name": entry.name,
        "created_at": entry.created_at,
        "created_text": wording.day(clock.from_stored(entry.created_at), None),
        "expires_at": None if expires_at is None else clock.to_rfc3339(expires_at),
        "expires_text": None if expires_at is None else wording.last_day(expires_at, None),
    }


def _new(caller: Caller, draft: "LinkDraft", *, digest: str, at: Instant) -> Entry:
    return Entry(
        link_id=ids.new("link", at=at),
        owner_id=caller.user_id,
        tenant_id=caller.tenant_id,
        digest=digest,
        created_at=clock.to_rfc3339(at),
        goal_id=draft.goal_id,
        name=draft.name,
        expires_at=draft.expires_at,
        ttl=None if draft.expires_at is None else draft.expires_at // SECOND,
    )


def _added(entry: Entry) -> list[Put]:
    """Return the writes of a new link, where it is listed and where it is opened."""
    listed = records.to_item(key(entry.owner_id, entry.link_id), "LinkEntry", entry)
    link = Link(entry.owner_id, entry.tenant_id, entry.goal_id, entry.expires_at, entry.ttl)
    return [Put(listed, ABSENT), Put(records.to_item(_digest_key(entry.digest), "Link", link), ABSENT)]


def _from_item(item: Item) -> Entry:
    return records.from_item(Entry, item)


def _require_room(user_id: str, now: Instant) -> None:
    """Return when the user may have another link. Raises TooManyLinks."""
    entries = [_from_item(item) for item in table.query_all(goals.partition(user_id), _LISTED)]
    live = [entry for entry in entries if not _is_over(entry, now)]
    if len(live) >= MAX_LINKS:
        raise TooManyLinks(f"You have {MAX_LINKS} links; delete one first.")


def _turns_key(user_id: str) -> Key:
    return Key(goals.partition(user_id), "LINKS")


def _next_turn(user_id: str, turns: Item | None) -> Put:
    """Return the write by which a user's links are made one after the other, so that no two are both the last one.

    They are counted and not a counter kept, because DynamoDB removes those that have ended by itself.
    """
    pk, sk = _turns_key(user_id)
    version = turns["version"] if turns else 0
    item = {"PK": pk, "SK": sk, "entity": "LinkTurns", "version": version + 1}
    return Put(item, unchanged(version) if turns else ABSENT)


def _secret(entry: Entry, token: str) -> View:
    pictures = ("badge.svg", "chart.svg") if entry.goal_id is not None else ()
    places = {name.partition(".")[0]: f"{SHARED}/{name}?link={token}" for name in (*pictures, "calendar.ics")}
    return {"token": token, "urls": {"badge": None, "chart": None, **places}}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _digest_key(digest: str) -> Key:
    return Key(f"LINK#{digest}", "LINK")


def _is_over(link: Entry | Link, now: Instant) -> bool:
    return link.expires_at is not None and link.expires_at <= now
