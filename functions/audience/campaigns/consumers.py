"""Background work: campaigns are started when their time has come, resumed, and ended; erased leads leave them.

Every message says what to look at, and no more: it may come late, twice, and out of order; what is true then decides.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from functions.audience.campaigns import cancelling, starting, timer
from functions.audience.campaigns.campaigns import Campaign, CampaignNotFound
from functions.audience.campaigns.erasing import rounds
from functions.audience.campaigns.erasing.rounds import Erasure
from functions.audience.campaigns.freezing import removing, sweeping
from functions.audience.campaigns.sending import waking
from functions.audience.leads import mergers
from shared import clock, config
from shared.clock import DAY, SECOND, Instant
from shared.messaging import batches, bus, handling, queues, sweep_parts, timers
from shared.messaging.batches import Message, is_event
from shared.messaging.queues import Outgoing
from shared.messaging.timers import Invocation

_KEPT: Final[Instant] = 30 * SECOND
"""So long before its function ends a part of those who wait is not begun any more."""

MINUTE: Final[Instant] = 60 * SECOND
"""How often it looks for what is due; in the first of a day it looks for files that campaigns have left."""


class _Erased(NamedTuple):
    """Leads that were erased, the first of whose rounds are to be asked for."""

    tenant_id: str
    lead_ids: tuple[str, ...]


class _About(NamedTuple):
    """Which campaign a message is about."""

    tenant_id: str
    campaign_id: str


def handler(event: dict[str, Any], context: Invocation) -> dict[str, Any] | int:
    """Resume, start and end the campaigns of a batch, or look for what is due."""
    if "Records" in event:
        ends_at = clock.now() + context.get_remaining_time_in_millis() - _KEPT
        return batches.per_subject(event, _about, lambda about, messages: _do(about, messages, ends_at))
    with handling.of_run(context):
        return sum(sweep_parts.run({**_due(context), **_files(context)}).values())


def _due(context: Invocation) -> dict[str, Callable[[], int]]:
    """Return the sweeps of the timers of campaigns, by shard."""
    send = partial(timers.sweep, timer.KIND, queue_url=config.campaigns_queue_url(), context=context)
    return {f"{timer.KIND}#{shard}": partial(send, shard) for shard in range(timers.SHARDS)}


def _files(context: Invocation) -> dict[str, Callable[[], int]]:
    """Return the sweep of the files that campaigns have left, in the first minute of a day."""
    if clock.now() % DAY >= MINUTE:
        return {}
    return {"files": lambda: sweeping.run(lambda: context.get_remaining_time_in_millis() > _KEPT)}


def _about(message: Message) -> _About | _Erased | Erasure:
    """Return what a message is about. Raises KeyError, TypeError or ValueError when it is about nothing."""
    if is_event(message):
        happened = bus.read(message)
        if "erased_ids" in happened.data:
            return _Erased(happened.tenant_id, tuple(happened.data["erased_ids"]))
        return _About(happened.tenant_id, happened.subject_id)
    if "erased_id" in message:
        return Erasure.read(message)
    return _About(str(message["tenant_id"]), str(message["campaign_id"]))


def _do(about: _About | _Erased | Erasure, messages: Sequence[Message], ends_at: Instant) -> None:
    match about:
        case _About():
            _look(about, messages, ends_at)
        case Erasure():
            _ask_for([following] if (following := rounds.run(about)) is not None else [], delay=rounds.APART)
        case _Erased():
            _ask_for([Erasure(about.tenant_id, each) for each in _who_were_erased(about)], delay=0)


def _who_were_erased(about: _Erased) -> list[str]:
    """Return the leads that were erased, and those that had been merged into them, however long ago."""
    merged = [each for lead_id in about.lead_ids for each in mergers.into(about.tenant_id, lead_id)]
    return [*dict.fromkeys((*about.lead_ids, *merged))]


def _ask_for(erasures: Sequence[Erasure], *, delay: Instant) -> None:
    asked = [Outgoing(each._asdict(), group=each.tenant_id, delay_seconds=delay // SECOND) for each in erasures]
    queues.send_all(config.campaigns_queue_url(), asked)


def _look(about: _About, messages: Sequence[Message], ends_at: Instant) -> None:
    """Do whatever there is to do for a campaign now."""
    try:
        campaign = starting.start_if_due(*about)
    except CampaignNotFound:
        return
    if campaign.status in ("running", "paused"):
        waking.look(campaign)
    elif campaign.status == "cancelled":
        _end(about, campaign, ends_at, is_first=any(map(is_event, messages)))
    if campaign.is_over:
        removing.remove(campaign)
        # Whoever looked at it in the moment of its end may have set it once more.
        timer.remove(campaign)


def _end(about: _About, campaign: Campaign, ends_at: Instant, *, is_first: bool) -> None:
    """Skip those who wait; go on at once where time ran out, and look again when every call has ended."""
    is_more = cancelling.skip_waiting(campaign, ends_at=ends_at)
    waits = [*([0] if is_more else []), *([cancelling.LOOK_AGAIN_AFTER] if is_first else [])]
    again = [Outgoing(about._asdict(), group=about.tenant_id, delay_seconds=each // SECOND) for each in waits]
    queues.send_all(config.campaigns_queue_url(), again)
