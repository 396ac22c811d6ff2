"""What became of the recipients that a worker has seen to, until it is recorded: every 10 of them, or every 2 seconds.

With each record the worker looks at the counters, and pauses a campaign that goes wrong.
"""

from typing import Final

from functions.audience.campaigns import finishing, pausing
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.troubles import Watch
from functions.audience.recipients import counters, outcomes
from functions.audience.recipients.counters import Change
from shared import clock
from shared.clock import SECOND, Instant

_MOST: Final = 10
_LONGEST: Final[Instant] = 2 * SECOND


class Ledger:
    """The outcomes of one worker that are not recorded yet."""

    def __init__(self, campaign: Campaign) -> None:
        self._campaign = campaign
        self._changes: list[Change] = []
        self._first: Instant = 0
        self._told: Instant = clock.now()
        self._watch = Watch()

    def add(self, change: Change) -> None:
        """Take an outcome, and record those there are when it is time. Raises Unavailable."""
        if not self._changes:
            self._first = clock.now()
        self._changes.append(change)
        self.look()

    def look(self) -> None:
        """Record what there is when it is time. Raises Unavailable."""
        if len(self._changes) >= _MOST or (self._changes and clock.now() - self._first >= _LONGEST):
            self.close()

    def close(self) -> None:
        """Record what there is. Raises Unavailable."""
        if not self._changes:
            return
        outcomes.record(self._changes)
        self._changes = []
        totals = counters.totals(self._campaign.tenant_id, self._campaign.campaign_id)
        reason = self._watch.reason(totals)
        if reason is not None:
            pausing.pause(self._campaign, reason)
        if clock.now() - self._told >= finishing.TOLD_EVERY:
            self._told = clock.now()
            finishing.tell_progress(self._campaign, dict(totals))
