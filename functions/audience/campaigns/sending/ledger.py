"""What became of the recipients that a worker has seen to, until it is recorded: every 10 of them, or every 2 seconds.

Before its first recipient and with each record the worker looks at the counters, and pauses a campaign that goes wrong:
what receipts have told meanwhile is in them too.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.campaigns import finishing, pausing
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.sending.troubles import Watch
from functions.audience.delivery.vendor_messages import VendorPointer
from functions.audience.receipts import applying, parking
from functions.audience.recipients import counters, outcomes
from functions.audience.recipients.counters import Change
from shared import clock
from shared.clock import SECOND, Instant
from shared.storage import table

_MOST: Final = 10
_LONGEST: Final[Instant] = 2 * SECOND


class Ledger:
    """The outcomes of one worker that are not recorded yet."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._changes: list[Change] = []
        self._pointers: list[VendorPointer] = []
        self._first: Instant = 0
        self._told: Instant = clock.now()
        self._watch = Watch(campaign.accepted)

    def add(self, change: Change, pointer: VendorPointer | None = None) -> None:
        """Take an outcome, and what points to it, and record those there are when it is time. Raises Unavailable."""
        if not self._changes:
            self._first = clock.now()
        self._changes.append(change)
        if pointer is not None:
            self._pointers.append(pointer)
        self.look()

    def look(self) -> None:
        """Record what there is when it is time. Raises Unavailable."""
        if len(self._changes) >= _MOST or (self._changes and clock.now() - self._first >= _LONGEST):
            self.close()

    def close(self) -> None:
        """Record what there is. Raises Unavailable."""
        if not self._changes:
            return
        table.put_many([each.item for each in self._pointers])
        outcomes.record(self._changes)
        pointers, self._changes, self._pointers = self._pointers, [], []
        self._take_parked(pointers)
        self.watch()

    def watch(self) -> bool:
        """Look at the counters, tell of them, and return whether the campaign goes on; if not, it is paused.

        Raises Unavailable.
        """
        totals = counters.totals(self._campaign.tenant_id, self._campaign.campaign_id)
        reason = self._watch.reason(totals)
        if reason is not None:
            pausing.pause(self._campaign, reason)
        if clock.now() - self._told >= finishing.TOLD_EVERY:
            self._told = clock.now()
            finishing.tell_progress(self._campaign, dict(totals))
        return reason is None

    def _take_parked(self, pointers: Sequence[VendorPointer]) -> None:
        """Apply the receipts that came before anybody knew whose message they were of."""
        parked = [receipt for each in pointers for receipt in parking.waiting(each.provider_id, each.message_id)]
        if parked:
            applying.apply(self._campaign.tenant_id, self._campaign.campaign_id, parked)
