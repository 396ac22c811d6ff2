"""The worklist of a user: what waits for them, whatever context it belongs to, by when it is due.

A consumer of that context writes the entries, and projects serves them. Roles have become people before: each person
who is asked has an entry of their own. An entry says where to look and decides nothing; so the consumer checks in the
transaction of the entries that the work is as it was read, and brings them up to date after each change of it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal, NamedTuple

from shared.clock import Instant
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Delete, Put

Kind = Literal["approval", "task", "probe", "escalation"]

CHANGED: Final = "projects.worklist.changed"
"""The event of a change of worklists; projects publishes it to the users who listen."""
PREFIX: Final = "WORK#"
_USER: Final = "USER#"
_LATER: Final = "LATERWORK#"
_LISTED: Final = "ENTITY#WorkEntry#"
_NEVER: Final = "9999-12-31T23:59:59.999Z"
"""Where work that is never due is listed."""


class WorkEntry(NamedTuple):
    """What waits for a user. `title` is that of the milestone or process, `name` that of the step which waits.

    `is_later`: somebody else comes first, so the user is not shown it yet. `kept_out` may not do it in place of the
    user, and nobody may if it `is_personal`. `created_at` is when they were asked.
    """

    tenant_id: str
    user_id: str
    kind: Kind
    work_id: str
    title: str
    created_at: str
    name: str | None = None
    due_at: str | None = None
    project_id: str | None = None
    project_milestone_id: str | None = None
    is_later: bool = False
    kept_out: Sequence[str] = ()
    is_personal: bool = False


def key(entry: WorkEntry) -> Key:
    """Return the key of an entry: a user's entries lie together, by when they are due."""
    if entry.is_later:
        return Key(_partition(entry.user_id), f"{_LATER}{entry.kind}#{entry.work_id}")
    return place(entry.user_id, entry.kind, entry.work_id, entry.due_at)


def place(user_id: str, kind: Kind, work_id: str, due_at: str | None) -> Key:
    """Return the key of the entry by which a piece of work waits for a user now."""
    return Key(_partition(user_id), f"{PREFIX}{due_at or _NEVER}#{kind}#{work_id}")


def to_item(entry: WorkEntry) -> Item:
    """Return the item of an entry; the index lists the entries of a piece of work."""
    listed = {"GSI1PK": _of_work(entry.tenant_id, entry.work_id), "GSI1SK": f"{_LISTED}{entry.user_id}"}
    return records.to_item(key(entry), "WorkEntry", entry) | listed


def from_item(item: Item) -> WorkEntry:
    """Return the entry of an item."""
    return records.from_item(WorkEntry, item)


def page(tenant_id: str, user_id: str, *, limit: int, cursor: str | None) -> tuple[list[WorkEntry], str | None]:
    """Return a page of what waits for a user, what is due first first; one query. Raises Malformed."""
    found = table.query(_partition(user_id), PREFIX, limit=limit, cursor=cursor)
    return [each for each in map(from_item, found.items) if each.tenant_id == tenant_id], found.next_cursor


def every(tenant_id: str, user_id: str) -> Iterator[WorkEntry]:
    """Yield all entries of a user, also what they are asked later."""
    for prefix in (PREFIX, _LATER):
        for item in table.query_all(_partition(user_id), prefix):
            entry = from_item(item)
            if entry.tenant_id == tenant_id:
                yield entry


def brought(tenant_id: str, work_id: str, wanted: Sequence[WorkEntry]) -> list[Put | Delete]:
    """Return the writes after which a piece of work has the wanted entries and no others; a query and a call.

    None for those that are there. The index may not list what was written just now: such an entry goes with the next
    change of the work.
    """
    listed = [
        Key(item["PK"], item["SK"]) for item in table.query_all(_of_work(tenant_id, work_id), _LISTED, index=True)
    ]
    places = [*dict.fromkeys([*[key(each) for each in wanted], *listed])]
    there = dict(zip(places, table.get_many(places, consistent=True) if places else [], strict=True))
    items = {key(each): to_item(each) for each in wanted}
    gone = [each for each in places if each not in items and there[each] is not None]
    return [
        *[Put(item) for where, item in items.items() if there[where] != item],
        *[Delete(each) for each in gone],
    ]


def told(
    writes: Sequence[Put | Delete], *, tenant_id: str, kind: Kind, work_id: str, due_at: str | None, at: Instant
) -> Put:
    """Return the write of the event `projects.worklist.changed`, whichever context the work belongs to.

    It goes into the transaction of the writes of entries, and names the users whose worklists they change.
    """
    changed = [Key(each.item["PK"], each.item["SK"]) if isinstance(each, Put) else each.key for each in writes]
    users = sorted({each.pk.removeprefix(_USER) for each in changed})
    return events.occurred(
        CHANGED,
        partition=_of_work(tenant_id, work_id),
        subject_id=work_id,
        tenant_id=tenant_id,
        at=at,
        data={"work_id": work_id, "kind": kind, "due_at": due_at, "user_ids": users},
    )


def _partition(user_id: str) -> str:
    return f"{_USER}{user_id}"


def _of_work(tenant_id: str, work_id: str) -> str:
    return f"TENANT#{tenant_id}#WORK#{work_id}"
