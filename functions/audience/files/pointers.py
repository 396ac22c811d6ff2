"""The pointer of a tenant: which shards its leads are in. A conditional write of it publishes a new generation."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import ABSENT, Condition, Put

_ENTITY: Final = "AudienceFiles"


class Superseded(Exception):
    """Somebody else has published files of the tenant in between: these are not published."""


class Shard(NamedTuple):
    """A file with the leads of one shard, its tag, and how many rows it has."""

    key: str
    etag: str
    rows: int


class Pointer(NamedTuple):
    """Files that are published. Shard number n is the n-th of `shards`; there are 1, 2, 4, 8, 16 or 32.

    `as_of` is when the newest change was made that they have.
    """

    tenant_id: str
    generation: int
    shards: Sequence[Shard]
    as_of: Instant
    published_at: str

    @property
    def rows(self) -> int:
        """How many rows all shards have."""
        return sum(each.rows for each in self.shards)


def key(tenant_id: str) -> Key:
    """Return the key of a pointer."""
    return Key(f"TENANT#{tenant_id}#AUDIENCEFILES", "POINTER")


def find(tenant_id: str) -> Pointer | None:
    """Return the pointer of a tenant as it is now, None before the first files."""
    item = table.get(key(tenant_id), consistent=True)
    return None if item is None else from_item(item)


def publish(before: Pointer | None, after: Pointer) -> None:
    """Publish files in place of those that were read before, and tell of it. Raises Superseded, Unavailable."""
    try:
        table.transact([Put(to_item(after), ABSENT if before is None else _is(before.generation)), _happened(after)])
    except (ConditionFailed, Contended) as error:
        raise Superseded from error


def _happened(pointer: Pointer) -> Put:
    return events.occurred(
        "audience.files.published",
        partition=key(pointer.tenant_id).pk,
        subject_id=pointer.tenant_id,
        tenant_id=pointer.tenant_id,
        at=clock.now(),
        data={"generation": pointer.generation},
    )


def to_item(pointer: Pointer) -> Item:
    """Return the item of a pointer."""
    shards: list[list[Any]] = [list(each) for each in pointer.shards]
    return records.to_item(key(pointer.tenant_id), _ENTITY, pointer) | {"shards": shards}


def from_item(item: Item) -> Pointer:
    """Return the pointer of an item."""
    return records.from_item(Pointer, item)._replace(shards=tuple(Shard(*each) for each in item["shards"]))


def _is(generation: int) -> Condition:
    return Condition("#generation = :generation", {"#generation": "generation"}, {":generation": generation})
