"""The troubles with the payments of a milestone, as payments tell of them by events.

They lie beside the milestone in one item, which whoever looks at the milestone reads in the same call. Of each payment
the newest event counts, so they may come in any order.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple, get_args

from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.events import Event
from shared.storage.writes import ABSENT, Put, unchanged

Trouble = Literal["failed", "held", "stalled", "deposit_awaited", "contradicted", "refund_failed"]

PAYMENT: Final = "payments.payment."
_TROUBLES: Final[tuple[Trouble, ...]] = get_args(Trouble)
_ENDED: Final = ("released", "cancelled", "refunded")
_OF_THE_RELEASE: Final = ("failed", "held", "stalled", "deposit_awaited")
"""These are over once its invoice waits for no money any more."""
MOST: Final = 200
"""Of how many payments the last events are kept: of those in trouble first, then of those told of last."""


class Heard(NamedTuple):
    """What was heard of a payment: the trouble that its newest event has begun, and the newest contradiction.

    `version` and `event_id` are of the newest event that has begun or ended a trouble. A contradiction is for people,
    and nothing ends it. `is_closed` says that its invoice is paid or cancelled.
    """

    version: int = 0
    event_id: str = ""
    begun: Trouble | None = None
    contradiction: str = ""
    is_closed: bool = False

    @property
    def trouble(self) -> Trouble | None:
        """What is wrong with it, None if nothing is."""
        is_over = self.is_closed and self.begun in _OF_THE_RELEASE
        begun = None if is_over else self.begun
        return begun or ("contradicted" if self.contradiction else None)

    def after(self, happened: Event) -> "Heard":
        """Return this after an event of the payment or of its invoice; the same if that says nothing new."""
        if not happened.event_type.startswith(PAYMENT):
            return self._replace(is_closed=True)
        what = happened.event_type.removeprefix(PAYMENT)
        if what == "contradicted":
            return self._replace(contradiction=max(self.contradiction, happened.event_id))
        begun = what if what in _TROUBLES and happened.data.get("needs_people") else None
        found = self._replace(version=happened.data["payment_version"], event_id=happened.event_id)
        if found[:2] <= self[:2] or (begun is None and what not in _ENDED):
            return self
        return found._replace(begun=begun)


class PaymentTroubles(NamedTuple):
    """What was heard of the payments of a milestone, by their ids; version 0 if nothing was."""

    version: int = 0
    heard: Mapping[str, Mapping[str, Any]] = {}

    @property
    def troubles(self) -> dict[str, Trouble]:
        """The payments in trouble, by their ids."""
        found = {payment_id: self.of(payment_id).trouble for payment_id in self.heard}
        return {payment_id: trouble for payment_id, trouble in found.items() if trouble is not None}

    def of(self, payment_id: str) -> Heard:
        """Return what was heard of a payment."""
        return Heard(**self.heard[payment_id]) if payment_id in self.heard else Heard()

    def after(self, happened: Event) -> "PaymentTroubles":
        """Return this after an event. Raises KeyError for one that is of no payment."""
        payment_id = happened.data["payment_id"]
        before = self.of(payment_id)
        after = before.after(happened)
        if after == before:
            return self
        return self._replace(heard=_newest({**self.heard, payment_id: after._asdict()}))


def _newest(heard: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    ordered = sorted(heard, key=lambda each: (Heard(**heard[each]).trouble is not None, heard[each]["event_id"]))
    return {each: heard[each] for each in ordered[-MOST:]}


def key(partition: str) -> Key:
    """Return the key of the troubles of the milestone with this partition."""
    return Key(partition, "0PAYMENTS")


def of(item: Item | None) -> PaymentTroubles:
    """Return the troubles that an item holds."""
    return PaymentTroubles() if item is None else records.from_item(PaymentTroubles, item)


def changed(partition: str, before: PaymentTroubles, after: PaymentTroubles) -> Put:
    """Return the write of what was heard, which is still as it was read."""
    item = records.to_item(key(partition), "PaymentTroubles", after._replace(version=before.version + 1))
    return Put(item, unchanged(before.version) if before.version else ABSENT)
