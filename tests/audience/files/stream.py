"""The table's stream as the collector gets it: what has changed of leads and messages since somebody last looked."""

from collections.abc import Mapping
from typing import Any

from functions.audience.files import changes, collector
from shared import clock
from shared.storage import attributes
from shared.storage.attributes import Item
from tests.aws.entries import Context
from tests.aws.quick.table import everything

Record = dict[str, Any]
_WATCHED = {changes.LEAD, changes.MESSAGE}


class Stream:
    """Compares the table with what it was before; one record for each item that has changed."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], Item] = {}
        self._number = 0

    def take(self) -> list[Record]:
        """Return the records of what has changed since the last time."""
        now = {(item["PK"], item["SK"]): item for item in everything() if item.get("entity") in _WATCHED}
        before, self._seen = self._seen, now
        places = [each for each in {**before, **now} if before.get(each) != now.get(each)]
        return [self._record(before.get(each), now.get(each)) for each in places]

    def _record(self, before: Item | None, after: Item | None) -> Record:
        self._number += 1
        item = after or before or {}
        images = {"OldImage": before, "NewImage": after}
        return {
            "eventName": "INSERT" if before is None else "REMOVE" if after is None else "MODIFY",
            "dynamodb": {
                "ApproximateCreationDateTime": float(clock.now() // clock.SECOND),
                "Keys": attributes.dump({"PK": item["PK"], "SK": item["SK"]}),
                "SequenceNumber": f"{self._number:021d}",
                **{name: attributes.dump(each) for name, each in images.items() if each is not None},
            },
        }


def collect(*batches: list[Record]) -> None:
    """Hand the collector batches, one after the other."""
    for batch in batches:
        if batch:
            assert collector.handler({"Records": batch}, Context()) == {"batchItemFailures": []}


def removed(record: Mapping[str, Any]) -> bool:
    return record["eventName"] == "REMOVE"
