"""Listeners: that somebody may be listening over GraphQL, so that nothing is published where nobody does.

AppSync asks the field of a subscription when somebody subscribes, and says nothing when they are gone. It ends a
connection after 24 hours, and who connects again subscribes again: so a subscription is over a day after it was asked
for (https://docs.aws.amazon.com/general/latest/gr/appsync.html).
"""

from typing import NamedTuple

from shared import clock
from shared.clock import DAY, SECOND, Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key

KEPT = DAY + DAY // 24
"""As long as a connection lasts, and an hour for clocks that differ."""


class Listened(NamedTuple):
    """That somebody may be listening until a second."""

    ttl: int


def note(place: Key, entity: str, *, now: Instant) -> None:
    """Note that somebody begins to listen. Raises Unavailable, and then they must not be told that they do.

    It is written before AppSync acknowledges the subscription, so every change after that is published.
    """
    listened = Listened((now + KEPT) // SECOND)
    # No transaction: thousands may begin to listen at once, and none of them is to wait for the others.
    table.put_many([records.to_item(place, entity, listened)])


def may_be(place: Key) -> bool:
    """Return whether somebody may be listening. The read is consistent: who has just begun counts."""
    return is_noted(table.get(place, consistent=True))


def is_noted(item: Item | None) -> bool:
    """Return whether somebody may be listening by the item where it is noted."""
    # DynamoDB removes an item up to two days after its time.
    return item is not None and int(item["ttl"]) > clock.now() // SECOND
