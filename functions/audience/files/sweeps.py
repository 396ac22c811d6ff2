"""The last sweep that found the files of all tenants in step with the table, as the table remembers it.

A table that was restored to a point before that sweep remembers an earlier one, or none. So what that sweep has looked
at, and nobody has written since, needs no second look: whatever the table forgets is in files that are newer.
"""

from typing import Final, NamedTuple

from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Key

_PLACE: Final = Key("AUDIENCE#SWEEPS", "FILES")
_ENTITY: Final = "AudienceFilesSweep"


class Sweep(NamedTuple):
    """When a sweep began that looked at all files and found none of another time than the table."""

    began_at: Instant


def last() -> Instant | None:
    """Return when the last such sweep began, None before the first. Raises Unavailable."""
    item = table.get(_PLACE, consistent=True)
    return None if item is None else records.from_item(Sweep, item).began_at


def note(began_at: Instant) -> None:
    """Note a sweep, once it has looked at everything. Raises Unavailable."""
    table.put_many([records.to_item(_PLACE, _ENTITY, Sweep(began_at))])
