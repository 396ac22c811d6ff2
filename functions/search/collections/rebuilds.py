"""A new index of a collection that is built beside the one that answers, and how far it is.

It is built because the collection gets more fields, or because an operator asked for it. There is at most one of a
collection at a time, and the last one stays as what became of it.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import pointers
from functions.search.collections.fields import Field
from functions.search.collections.pointers import Pointer
from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

RUNNING: Final = "running"
COMPLETED: Final = "completed"
REFUSED: Final = "refused"
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
    to nothing.
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


def begun(collection_id: str, fields: Sequence[Field], there: Built, at: Instant) -> tuple[Rebuild, Put]:
    """Return an index that is to be built from now on, and the write of it, in the place of one that has ended."""
    pointer, before = there
    made = Rebuild(
        collection_id=collection_id,
        state=RUNNING,
        fields=fields,
        of=0 if pointer is None else pointer.documents,
        begun_at=clock.to_rfc3339(at),
        version=1 if before is None else before.version + 1,
    )
    return made, written(before, made)


def ended(rebuild: Rebuild, state: str, at: Instant) -> Rebuild:
    """Return what became of an index: nothing of it is kept here."""
    return moved(rebuild, state=state, next=None, cursor=None, ended_at=clock.to_rfc3339(at))


def moved(rebuild: Rebuild, **changed: Any) -> Rebuild:
    """Return an index that is a step further."""
    return rebuild._replace(version=rebuild.version + 1, **changed)


def written(before: Rebuild | None, after: Rebuild) -> Put:
    """Return the write of an index that nobody else has worked at since `before`."""
    item = records.to_item(key(after.collection_id), "IndexRebuild", after)
    item["fields"] = [each._asdict() for each in after.fields]
    if after.next is not None:
        item["next"] = after.next._asdict()
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
