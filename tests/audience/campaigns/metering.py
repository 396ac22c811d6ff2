"""Write units of each partition, of the table and of its index, as calls use them."""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from math import ceil
from typing import Any

from shared.storage import attributes
from shared.storage.attributes import Item
from tests.aws import hooks
from tests.aws.quick.items import Place
from tests.aws.quick.table import QuickTable
from tests.aws.stored_items import size_of

KB = 1024


class Meter:
    """What is used from now on: a unit for each KB of an item, two in a transaction, one for its place in the index."""

    def __init__(self, quick: QuickTable) -> None:
        self.units = Counter[str]()
        self._quick = quick
        self._of_thread = threading.local()
        hooks.register("before-call.dynamodb", self._before)
        hooks.register_first("after-call.dynamodb", self._after)

    @property
    def together(self) -> int:
        """Return the units of all partitions, and of the index."""
        return self.units.total()

    def busiest(self) -> int:
        """Return the units of the partition, of the table or of the index, that has most of them."""
        return max(self.units.values())

    def _before(self, params: Mapping[str, Any], **_: Any) -> None:
        written = [*_written(json.loads(params["body"]))]
        self._of_thread.before = {place: self._item(place) for place in written}

    def _after(self, model: Any, parsed: Mapping[str, Any], **_: Any) -> None:
        before: dict[Place, Item | None] = self._of_thread.before
        if "Error" not in parsed:
            for place, was in before.items():
                self._count(place, was, self._item(place), 2 if model.name == "TransactWriteItems" else 1)

    def _count(self, place: Place, was: Item | None, then: Item | None, for_a_kilobyte: int) -> None:
        kilobytes = ceil(max([size_of(each) for each in (was, then) if each is not None], default=1) / KB)
        self.units[place[0]] += kilobytes * for_a_kilobyte
        if was != then:
            indexed = {(each["GSI1PK"], each["GSI1SK"]) for each in (was, then) if each and "GSI1PK" in each}
            self.units.update({f"GSI1 {partition}": kilobytes for partition, _ in indexed})

    def _item(self, place: Place) -> Item | None:
        raw = self._quick.items.get(place)
        return None if raw is None else attributes.load(raw)


def _written(request: Mapping[str, Any]) -> Iterator[Place]:
    """Yield the places of the items that a call writes."""
    actions = [action for each in request.get("TransactItems", ()) for action in each.values()]
    batches = [part for part in request.get("RequestItems", {}).values() if isinstance(part, list)]
    actions += [action for part in batches for each in part for action in each.values()]
    actions += [request] if "UpdateExpression" in request else []
    for action in actions:
        key = action.get("Item") or action["Key"]
        yield key["PK"]["S"], key["SK"]["S"]
