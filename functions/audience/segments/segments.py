"""A segment: its record, its keys, and how it is read."""

import json
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.audience.segments.rules.rule import Rule
from shared import ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import events, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import Put

View = dict[str, Any]

PREFIX: Final = "SEGMENT#"
ID: Final = "segment"
_ENTITY: Final = "Segment"


class SegmentNotFound(NotFound):
    """404: your tenant has no segment with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no segment with this id.")


class Segment(NamedTuple):
    """A segment as it is stored. `rule_ast` is JSON as text; `time_zone` is that of its days and months."""

    tenant_id: str
    segment_id: str
    name: str
    rule_ast: str
    created_by: str
    created_at: str
    updated_at: str
    version: int
    time_zone: str = "UTC"

    @property
    def rule(self) -> Rule:
        """The rule as it was written."""
        return Rule(json.loads(self.rule_ast), self.time_zone)


def partition(tenant_id: str) -> str:
    """Return the partition of the segments of a tenant."""
    return f"TENANT#{tenant_id}#SEGMENTS"


def key(tenant_id: str, segment_id: str) -> Key:
    """Return the key of a segment. Raises SegmentNotFound for an id that none can have."""
    if not ids.is_valid(segment_id, ID):
        raise SegmentNotFound
    return Key(partition(tenant_id), f"{PREFIX}{segment_id}")


def get(tenant_id: str, segment_id: str, *, consistent: bool = True) -> Segment:
    """Return a segment. Raises SegmentNotFound."""
    item = table.get(key(tenant_id, segment_id), consistent=consistent)
    if item is None:
        raise SegmentNotFound
    return from_item(item)


def find(tenant_id: str, segment_id: str) -> Segment | None:
    """Return a segment as it is now, None if there is none."""
    item = table.get(key(tenant_id, segment_id), consistent=True)
    return None if item is None else from_item(item)


def every_id(tenant_id: str) -> list[str]:
    """Return the ids of all segments of a tenant."""
    return [from_item(item).segment_id for item in table.query_all(partition(tenant_id), PREFIX)]


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of segments, the newest first. Raises Malformed for a foreign cursor."""
    found = table.query(partition(tenant_id), PREFIX, limit=limit, cursor=cursor, newest_first=True)
    return [view(from_item(item)) for item in found.items], found.next_cursor


def several(tenant_id: str, segment_ids: Sequence[str]) -> dict[str, Segment]:
    """Return those of the segments that there are, by their ids; a call for each hundred."""
    keys = [key(tenant_id, each) for each in segment_ids if ids.is_valid(each, ID)]
    found = [from_item(item) for item in table.get_many(keys, consistent=True) if item is not None] if keys else []
    return {each.segment_id: each for each in found}


def to_item(segment: Segment) -> Item:
    """Return the item of a segment."""
    return records.to_item(key(segment.tenant_id, segment.segment_id), _ENTITY, segment)


def from_item(item: Item) -> Segment:
    """Return the segment of an item."""
    return records.from_item(Segment, item)


def happened(what: str, segment: Segment, at: Instant, **data: Any) -> Put:
    """Return the write of the event `audience.segment.<what>`, with more data if it has any."""
    return events.occurred(
        f"audience.segment.{what}",
        partition=f"TENANT#{segment.tenant_id}#SEGMENT#{segment.segment_id}",
        subject_id=segment.segment_id,
        tenant_id=segment.tenant_id,
        at=at,
        data={"segment_id": segment.segment_id, "segment_version": segment.version, **data},
    )


def view(segment: Segment) -> View:
    """Return what callers see of a segment."""
    shown = segment._asdict() | {"rule_ast": json.loads(segment.rule_ast)}
    del shown["tenant_id"]
    return shown
