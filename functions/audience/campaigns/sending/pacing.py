"""How fast a campaign is sent, over all workers: slots of the provider and of the campaign itself.

A worker reserves the slots of about a second of its sending in one write a level, the slowest level first. A slot is
waited for, and given up when it has grown old: so a worker that was held up does not make up for it all at once.
"""

from collections import deque
from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.delivery.providers import Provider
from shared import clock, pauses
from shared.clock import SECOND, Instant
from shared.pace import Pace
from shared.storage import slots
from shared.storage.slots import NoSlot

MOST_AT_ONCE: Final = 10
AHEAD: Final[Instant] = SECOND // 2
"""A slot that is later than this is not reserved: until then a pause, or another rate, would not be heard of."""


class TooLate(Exception):
    """There is no slot before the worker has to end; `at` is when it is worth looking again."""

    def __init__(self, at: Instant) -> None:
        super().__init__("no slot in time")
        self.at = at


class Level(NamedTuple):
    """Whose pace it is, by a name that nobody else has, and the pace."""

    name: str
    pace: Pace


def levels(campaign: Campaign, provider: Provider) -> list[Level]:
    """Return the levels of a campaign, the slowest first; none when nothing limits it.

    Another rate of a campaign is another name: it holds at once, whatever was reserved before.
    """
    rates = {f"{provider.provider_id}": provider.per_minute, f"{campaign.campaign_id}": campaign.rate_per_minute}
    found = [Level(f"{name}#{rate}", Pace(rate)) for name, rate in rates.items() if rate is not None]
    return sorted(found, key=lambda level: -level.pace.interval)


class Turns:
    """The slots that a worker has reserved; the caller says at which levels, for they may change meanwhile."""

    def __init__(self) -> None:
        self._reserved = deque[tuple[tuple[Level, Instant], ...]]()

    def has_one(self) -> bool:
        """Return whether a slot is left that can still be used."""
        while self._reserved and not _usable(self._reserved[0]):
            self._reserved.popleft()
        return bool(self._reserved)

    def reserve(self, wanted: int, at: Sequence[Level], *, ends_at: Instant) -> None:
        """Reserve slots for at most so many messages, or wait until there will be some near.

        The caller looks again after it, for a pause or another rate. Raises TooLate, Unavailable.
        """
        if not at:
            return
        count, now = min(wanted, MOST_AT_ONCE, at[0].pace.per_second), clock.now()
        try:
            taken = [(level, slots.reserve(level.name, count, level.pace, now=now, within=AHEAD)) for level in at]
        except NoSlot as full:
            look_at = full.until - AHEAD
            if look_at >= ends_at:
                raise TooLate(look_at) from full
            _wait_until(look_at)
            return
        self._reserved = deque(tuple((level, each[number]) for level, each in taken) for number in range(count))

    def use(self) -> bool:
        """Wait for the next slot, and return whether it is good: one that grew old meanwhile is given up."""
        turn = self._reserved.popleft()
        _wait_until(max(slot for _, slot in turn))
        return _usable(turn)


def _usable(turn: Sequence[tuple[Level, Instant]]) -> bool:
    now = max(clock.now(), *(slot for _, slot in turn))
    return all(level.pace.is_good(slot, now) for level, slot in turn)


def _wait_until(instant: Instant) -> None:
    left = instant - clock.now()
    if left > 0:
        pauses.until(pauses.now() + left / SECOND)
