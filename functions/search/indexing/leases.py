"""The lease of a collection: who may publish its index now, under a number that grows with every holder (a fence).

A holder that sleeps for longer than its lease wakes up with a fence that is not the newest, and cannot publish. It says
before it uploads which objects it is going to make, so that the next holder can discard what it left behind.
"""

import contextlib
from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.search.collections import pointers
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key
from shared.storage.table import UpdateRefused
from shared.storage.writes import Condition, Put

HELD: Final = 60 * SECOND
"""Longer than a batch takes from its beginning to its publication, by far."""


class LeaseHeld(Exception):
    """Somebody else may publish until then."""

    def __init__(self, until: Instant) -> None:
        super().__init__("another writer holds the lease of the collection")
        self.until = until


class LeaseLost(Exception):
    """Somebody else has taken the lease: what this writer does is not published."""


class Lease(NamedTuple):
    """The lease of a collection: its fence, until when it holds, and the objects that are being uploaded under it."""

    collection_id: str
    fence: int
    expires_at: Instant
    planned: Sequence[str]


def key(collection_id: str) -> Key:
    """Return the key of a lease."""
    return Key(pointers.partition(collection_id), "LEASE")


def take(collection_id: str) -> Lease:
    """Return the lease of a collection, with what the last holder had planned and not published. Raises LeaseHeld."""
    now = clock.now()
    try:
        item = table.update(
            key(collection_id),
            "SET #entity = :entity, #collection = :collection, #expires = :expires, "
            "#planned = if_not_exists(#planned, :none) ADD #fence :one",
            names={
                "#entity": "entity",
                "#collection": "collection_id",
                "#expires": "expires_at",
                "#planned": "planned",
                "#fence": "fence",
            },
            values={
                ":entity": "IndexLease",
                ":collection": collection_id,
                ":expires": now + HELD,
                ":none": [],
                ":one": 1,
            },
            condition=Condition("attribute_not_exists(#held) OR #held <= :now", {"#held": "expires_at"}, {":now": now}),
        )
    except UpdateRefused as error:
        raise LeaseHeld(error.item["expires_at"] if error.item else now) from error
    return records.from_item(Lease, item)


def find(collection_id: str) -> Lease | None:
    """Return the lease of a collection as it is, None if nobody has taken it yet."""
    item = table.get(key(collection_id), consistent=True)
    return None if item is None else records.from_item(Lease, item)


def find_all(collection_ids: Sequence[str]) -> list[Lease]:
    """Return the leases of collections that somebody has taken once; a call for each hundred."""
    items = table.get_many([key(each) for each in collection_ids], consistent=True)
    return [records.from_item(Lease, item) for item in items if item is not None]


def plan(lease: Lease, objects: Sequence[str]) -> Lease:
    """Renew a lease, and say which objects are going to be uploaded. Raises LeaseLost."""
    try:
        item = table.update(
            key(lease.collection_id),
            "SET #entity = :entity, #expires = :expires, #planned = :planned",
            names={"#entity": "entity", "#expires": "expires_at", "#planned": "planned"},
            values={
                ":entity": "IndexLease",
                ":expires": clock.now() + HELD,
                ":planned": [*lease.planned, *objects],
            },
            condition=_held(lease),
        )
    except UpdateRefused as error:
        raise LeaseLost from error
    return records.from_item(Lease, item)


def release(lease: Lease) -> None:
    """Let go of a lease; what is planned stays so, for the next holder. One that was lost is somebody else's."""
    with contextlib.suppress(UpdateRefused):
        table.update(
            key(lease.collection_id),
            "SET #entity = :entity, #expires = :expires",
            names={"#entity": "entity", "#expires": "expires_at"},
            values={":entity": "IndexLease", ":expires": 0},
            condition=_held(lease),
        )


def published(lease: Lease) -> Put:
    """Return the write that renews a lease with nothing planned any more, if it still is this holder's."""
    return renewed(fulfilled(lease))


def renewed(lease: Lease) -> Put:
    """Return the write that renews a lease, with what is planned, if it still is this holder's."""
    return Put(_to_item(lease._replace(expires_at=clock.now() + HELD)), _held(lease))


def fulfilled(lease: Lease) -> Lease:
    """Return the lease as it is after `published`."""
    return lease._replace(planned=[])


def _held(lease: Lease) -> Condition:
    return Condition("#fence = :fence", {"#fence": "fence"}, {":fence": lease.fence})


def _to_item(lease: Lease) -> Item:
    return records.to_item(key(lease.collection_id), "IndexLease", lease)
