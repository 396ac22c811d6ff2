"""Series: the numbers of the documents of a month, one after the other, none left out and none given twice.

A counter says how many there are, and each number has an item, so one query proves that they are dense. Both are
written in the transaction of the document; whoever loses the counter to another reads it again.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from functions.payments.billing import months
from functions.payments.billing.numbers import Series
from shared import clock, days
from shared.clock import Instant
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Condition, Put, Write

_BEHIND: Final = 12 * 60 * 60 * clock.SECOND
_AHEAD: Final = 14 * 60 * 60 * clock.SECOND
NUMBER: Final = "NUMBER#"


def partition(tenant_id: str, series: Series, month: str) -> str:
    """Return the partition of a series in a month such as `202611`: the counter and all its numbers."""
    return f"TENANT#{tenant_id}#SERIES#{series}#{month}"


def counters(tenant_id: str, series: Series, now: Instant) -> list[Key]:
    """Return the keys of the counters of the months that it is now in some zone; on most days one."""
    found = dict.fromkeys(months.code(days.day_of(at, "UTC")) for at in (now - _BEHIND, now + _AHEAD))
    return [counter_key(tenant_id, series, month) for month in found]


def counter_key(tenant_id: str, series: Series, month: str) -> Key:
    """Return the key of the counter of a month."""
    return Key(partition(tenant_id, series, month), "COUNTER")


def count(read: Sequence[Item | None], tenant_id: str, series: Series, day: date) -> int:
    """Return how many documents the month of a day has, by the counters that were read."""
    place = partition(tenant_id, series, months.code(day))
    return next((item["count"] for item in read if item is not None and item["PK"] == place), 0)


def taken(tenant_id: str, series: Series, day: date, *, before: int, document_id: str) -> list[Write]:
    """Return the writes that give a document the number after `before`, which still is the latest."""
    pk, sk = counter_key(tenant_id, series, months.code(day))
    still = Condition("#count = :before", {"#count": "count"}, {":before": before}) if before else ABSENT
    counter = {"PK": pk, "SK": sk, "entity": "Series", "count": before + 1}
    number = {
        "PK": pk,
        "SK": f"{NUMBER}{before + 1:06}",
        "entity": "SeriesNumber",
        "document_id": document_id,
    }
    return [Put(counter, still), Put(number, ABSENT)]
