"""A new index of a collection that is built beside the one that answers, and how far it is.

It is built because the collection gets more fields, or because an operator asked for it. There is at most one of a
collection at a time, and the last one stays as what became of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import pointers
from functions.search.collections.fields import Field
from functions.search.collections.pointers import Pointer
from functions.search.wake_ups import Woken
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

RUNNING: Final = "running"
COMPLETED: Final = "completed"
REFUSED: Final = "refused"
_BUILDING: Final = "SEARCH#REBUILDS"
_PREFIX: Final = "ENTITY#IndexRebuild#"
_PAGE: Final = 100
MOST_FAULTS: Final = 20
"""How many documents that have other values are named; behind them, nobody looks for more."""


class Fault(NamedTuple):
    """A document that has another value in a field that is to be added, and why it does not fit."""

    document_id: str
    field: str
    reason: str


class Rebuild(NamedTuple):
    """An index that is being built, or was: with these `fields` more, `next` as far as it is.

    Documents are walked through shard by shard, from the `cursor` on: `done` of about `of`. One that has `faults` comes
    to nothing. While it is being built, whoever looks for those that nobody works at finds it by its place in the index
    of the table.
    """

    collection_id: str
    state: str
    fields: Sequence[Field]
    of: int
    begun_at: str
    version: int
    done: int = 0
    shard: int = 0
    cursor: str | None = None
    faults: Sequence[Fault] = ()
    next: Pointer | None = None
    ended_at: str | None = None
    tenant_id: str = ""
    name: str = ""
    worked_at: str = ""

    @property
    def is_running(self) -> bool:
        """Return whether it is still being built."""
        return self.state == RUNNING


Built = tuple[Pointer | None, Rebuild | None]
"""The index of a collection, and the one that is or was built in its place last."""
NOT_YET: Final[Built] = (None, None)


def key(collection_id: str) -> Key:
    """Return the key of the index that is being built."""
    return Key(pointers.partition(collection_id), "REBUILD")


def find(collection_id: str) -> Built:
    """Return the index of a collection and the one that is being built, as they are now; one call."""
    return find_all([collection_id], consistent=True)[0]


def find_all(collection_ids: Sequence[str], *, consistent: bool = False) -> list[Built]:
    """Return the indexes of collections; one call for each fifty."""
    keys = [place for each in collection_ids for place in (pointers.key(each), key(each))]
    found = table.get_many(keys, consistent=consistent)
    return [
        (pointers.from_item(pointer), None if rebuild is None else _from_item(rebuild))
        for pointer, rebuild in zip(found[::2], found[1::2], strict=True)
    ]


def unfinished() -> Iterator[Rebuild]:
    """Yield the indexes that are being built, the one begun first before all others; a call for each hundred."""
    for item in table.query_all(_BUILDING, _PREFIX, index=True, page=_PAGE):
        yield _from_item(item)


def begun(woken: Woken, fields: Sequence[Field], there: Built, at: Instant) -> tuple[Rebuild, Put]:
    """Return an index that is to be built from now on, and the write of it, in the place of one that has ended.

    Its writer is `woken` by that name.
    """
    pointer, before = there
    made = Rebuild(
        collection_id=woken.collection_id,
        state=RUNNING,
        fields=fields,
        of=0 if pointer is None else pointer.documents,
        begun_at=clock.to_rfc3339(at),
        version=1 if before is None else before.version + 1,
        tenant_id=woken.tenant_id,
        name=woken.name,
        worked_at=clock.to_rfc3339(at),
    )
    return made, written(before, made)


def ended(rebuild: Rebuild, state: str, at: Instant) -> Rebuild:
    """Return what became of an index: nothing of it is kept here."""
    return moved(rebuild, state=state, next=None, cursor=None, ended_at=clock.to_rfc3339(at))


def moved(rebuild: Rebuild, **changed: Any) -> Rebuild:
    """Return an index that is a step further."""
    return rebuild._replace(version=rebuild.version + 1, worked_at=clock.to_rfc3339(clock.now()), **changed)


def written(before: Rebuild | None, after: Rebuild) -> Put:
    """Return the write of an index that nobody else has worked at since `before`."""
    item = records.to_item(key(after.collection_id), "IndexRebuild", after)
    item["fields"] = [each._asdict() for each in after.fields]
    if after.next is not None:
        item["next"] = after.next._asdict()
    # One that was begun by an earlier version does not say whose it is.
    if after.is_running and after.tenant_id:
        item |= {"GSI1PK": _BUILDING, "GSI1SK": f"{_PREFIX}{after.begun_at}#{after.collection_id}"}
    return Put(item, ABSENT if before is None else unchanged(before.version))


def view(rebuild: Rebuild) -> Mapping[str, Any] | None:
    """Return what callers see of a change of a schema; nothing of an index that is built anew as it was."""
    if not rebuild.fields:
        return None
    return {
        "state": rebuild.state,
        "fields": [each.name for each in rebuild.fields],
        "done": rebuild.done,
        "of": max(rebuild.of, rebuild.done),
        "faults": [each._asdict() for each in rebuild.faults],
        "begun_at": rebuild.begun_at,
        "ended_at": rebuild.ended_at,
    }


def _from_item(item: Item) -> Rebuild:
    found = records.from_item(Rebuild, item)
    return found._replace(
        fields=[records.from_item(Field, each) for each in item["fields"]],
        faults=[Fault(*each) for each in found.faults],
        next=pointers.from_item(item.get("next")),
    )
