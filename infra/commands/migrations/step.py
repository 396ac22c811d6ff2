"""A step of a migration: what it does with each item of one entity."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.storage.attributes import Item


@dataclass(frozen=True, slots=True)
class Step:
    """Brings the items of an entity to a shape. `begin` returns what mends them in one run of the migration.

    That gets each item as it was read and returns the write units it took. It may get an item twice, beside live
    traffic and long after it was read: it reads again what it relies on, writes under a condition, and writes nothing
    where nothing is to be done.
    """

    shape: int
    entity: str
    begin: Callable[[], Callable[[Item], int]]
