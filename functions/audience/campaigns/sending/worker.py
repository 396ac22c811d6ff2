"""A worker: it looks at the rows of a chunk, and does what is missing, whoever was at it before.

The claim of a recipient comes before the call, and the outcome after it; who dies in between leaves a claim whose lease
ends. Then a provider that dedupes is called again with the same id, and of any other nobody knows what it did.
"""

import random
import secrets
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Final

from functions.audience import money
from functions.audience.campaigns import campaigns, chunks, finishing, pausing, rendering
from functions.audience.campaigns.campaigns import Campaign, CampaignNotFound
from functions.audience.campaigns.freezing import arranging, audiences, frozen
from functions.audience.campaigns.freezing.audiences import Entry
from functions.audience.campaigns.freezing.frozen import Frozen
from functions.audience.campaigns.sending import capping, checks, quiet, retries, rows, standing, waking
from functions.audience.campaigns.sending.checks import Ready
from functions.audience.campaigns.sending.ledger import Ledger
from functions.audience.campaigns.sending.pacing import MOST_AT_ONCE, Level, TooLate, Turns, levels
from functions.audience.campaigns.sending.work_queue import Task
from functions.audience.campaigns.variants import variants
from functions.audience.campaigns.waiting import waits
from functions.audience.delivery import providers, senders, vendor_messages
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider
from functions.audience.delivery.vendor_messages import VendorPointer
from functions.audience.recipients import claims, recipients, state
from functions.audience.recipients.state import Recipient, Status
from functions.audience.respect import quiet_hours
from functions.audience.settings import settings
from functions.audience.tracking import frozen_links
from functions.audience.tracking.frozen_links import Links
from functions.audience.tracking.tracked import Tracking, tracked
from shared import clock
from shared.clock import SECOND, Instant
from shared.errors import Unavailable
from shared.sending.answers import Answer
from shared.storage.files import FileNotFound
from shared.templates.templates import TemplateFailed

_HEARD_EVERY: Final[Instant] = SECOND
_UNAVAILABLE_PAUSE: Final[Instant] = 60 * SECOND


def _tracking(campaign: Campaign) -> Tracking:
    """Return what is counted of the messages of a campaign."""
    known = frozen_links.find(campaign.tenant_id, campaign.campaign_id) if campaign.track_clicks else Links()
    return Tracking(campaign.track_opens, known.addresses)


class _Ended(Exception):
    """The worker is done with the chunk for now; `at` is when to look again, None if nobody has to."""

    def __init__(self, at: Instant | None) -> None:
        super().__init__("the worker ends")
        self.at = at


def work(task: Task, *, ends_at: Instant) -> Instant | None:
    """Do what is missing of a chunk; return when it is to be looked at again, None if that is not needed.

    Nobody is claimed any more at `ends_at`. Raises Unavailable.
    """
    try:
        campaign = campaigns.get(task.tenant_id, task.campaign_id)
    except CampaignNotFound:
        return None
    chunk = chunks.find(task.tenant_id, task.campaign_id, task.chunk)
    if chunk is None or not campaign.runs(task.run):
        return None
    if chunk.is_done:
        finishing.settle(campaign)
        return None
    if not waits.is_due(campaign, chunk, clock.now()):
        waking.too_early(campaign, chunk)
        return None
    provider = providers.for_channel(task.tenant_id, campaign.channel, campaign.sends_through or campaign.provider_id)
    if provider is None:
        pausing.pause(campaign, "no_provider")
        return None
    return _Worker(campaign, provider, ends_at).do(chunk)


class _Worker:
    """One worker at one chunk."""

    def __init__(self, campaign: Campaign, provider: Provider, ends_at: Instant) -> None:
        self._campaign = campaign
        self._provider = provider
        self._ends_at = ends_at
        self._token = secrets.token_hex(16)
        self._heard_at = clock.now()
        self._levels: Sequence[Level] = levels(campaign, provider)
        self._turns = Turns()
        self._ledger = Ledger(campaign)
        self._look_at: list[Instant] = []
        self._versions = [version for _, version in variants.versions(campaign)]
        self._written = [rendering.read(each.message, each.channel) for each in self._versions]
        self._is_rest = False
        self._currency = money.find(campaign.tenant_id)
        self._audience = settings.of(campaign.tenant_id)
        self._tracking = _tracking(campaign)

    def do(self, chunk: chunks.Chunk) -> Instant | None:
        """Do what is missing, and return when to look again."""
        kept = frozen.find(chunk.tenant_id, chunk.campaign_id)
        entries = None if kept is None else _entries(self._campaign, kept, chunk)
        if kept is None or entries is None:
            # There is nobody to be found any more. Where the campaign is over, nothing is paused.
            pausing.pause(self._campaign, "audience_lost")
            return None
        self._form, self._is_rest = kept.form, chunk.role == "rest"
        if not self._ledger.watch():
            return None
        try:
            self._go_through(entries)
        except (_Ended, TooLate) as ended:
            self._ledger.close()
            return ended.at
        if self._look_at:
            return min(self._look_at)
        finishing.chunk_done(self._campaign, chunk.number)
        return None

    def _go_through(self, entries: Sequence[Entry]) -> None:
        there = recipients.several(
            self._campaign.tenant_id, self._campaign.campaign_id, [each.lead_id for each in entries]
        )
        now, due = clock.now(), list[Entry]()
        for entry in entries:
            if entry.skipped == "erased":
                continue
            row = there.get(entry.lead_id)
            stands = standing.of(row, now, dedupes=self._provider.dedupes)
            if stands.next == "due":
                due.append(entry)
            elif stands.next == "wait":
                self._look_at.append(stands.until)
            elif stands.next == "lost" and row is not None:
                self._settle(row, "unknown", "lease_expired")
        waiting = iter(due)
        while together := list(islice(waiting, self._at_once())):
            self._see_to(together, there)
        self._ledger.close()

    def _at_once(self) -> int:
        """Return how many are looked at together: no more than are sent in a second, so that what is read is fresh."""
        return min(MOST_AT_ONCE, *(level.pace.per_second for level in self._levels), MOST_AT_ONCE)

    def _see_to(self, entries: Sequence[Entry], there: Mapping[str, Recipient]) -> None:
        self._hear()
        checked = checks.check(self._campaign, self._form, self._audience, entries)
        for lead_id, reason in checked.skipped.items():
            self._settle(there.get(lead_id) or self._new(lead_id), "skipped", reason, is_new=lead_id not in there)
        for number, ready in enumerate(checked.ready):
            self._write_to(ready, there.get(ready.entry.lead_id), wanted=len(checked.ready) - number)

    def _write_to(self, ready: Ready, row: Recipient | None, *, wanted: int) -> None:
        """Render, wait for a turn, claim, call, and note the outcome of one recipient."""
        before = row or self._new(ready.entry.lead_id)
        number = before.variant or 0
        if self._is_deferred(before, ready, is_new=row is None):
            return
        try:
            to = rendering.addressed(self._campaign, ready.lead, ready.to, ready.entry.digest or "")
            message = rendering.render(self._versions[number], self._written[number], to, self._currency)
        except TemplateFailed:
            self._settle(before, "failed", "template_failed", is_new=row is None)
            return
        message = tracked(message, self._tracking, self._audience, self._campaign.tenant_id)
        self._await_turn(wanted)
        self._claim_and_send(message, row, before, ready)

    def _new(self, lead_id: str) -> Recipient:
        """Return a recipient that has no row yet."""
        return rows.new(self._campaign, lead_id, variants.number_of(self._campaign, lead_id, is_rest=self._is_rest))

    def _claim_and_send(self, message: Message, row: Recipient | None, before: Recipient, ready: Ready) -> None:
        reserved = capping.reserve(self._campaign, self._audience, before, clock.now())
        if reserved is None:
            self._settle(before, "skipped", "frequency_cap", is_new=row is None)
            return
        claimed = rows.claimed(before, ready, token=self._token, provider_id=self._provider.provider_id)
        if not claims.claim(row, claimed, also=reserved):
            self._look_at.append(clock.now() + rows.LEASE)
            return
        self._note(claimed, message, self._send(message))

    def _is_deferred(self, before: Recipient, ready: Ready, *, is_new: bool) -> bool:
        """Return whether a message of marketing is not sent now, because it is quiet where the lead may be."""
        now = clock.now()
        opens = quiet.opens_at(self._campaign, self._audience, ready.lead, now)
        if opens is None:
            return False
        due = clock.from_stored(before.updated_at)
        if quiet_hours.is_expired(due, opens):
            self._settle(before, "skipped", "quiet_hours_expired", is_new=is_new)
            return True
        waits_until = clock.to_rfc3339(opens)
        waiting = before._replace(status="pending", waits_until=waits_until, version=before.version + 1)
        self._ledger.add((None if is_new else before, waiting))
        self._look_at.append(opens)
        return True

    def _await_turn(self, wanted: int) -> None:
        """Wait until a message may be sent. Raises _Ended when the campaign stops, or time runs out."""
        self._ledger.look()
        while True:
            if clock.now() >= self._ends_at:
                raise _Ended(clock.now())
            if not self._levels:
                self._hear()
                return
            if not self._turns.has_one():
                self._hear(at_once=True)
                self._turns.reserve(wanted, self._levels, ends_at=self._ends_at)
            elif self._turns.use():
                return

    def _hear(self, *, at_once: bool = False) -> None:
        """Read whether the campaign still runs, and at which rate. Raises _Ended when it does not."""
        if not at_once and clock.now() - self._heard_at < _HEARD_EVERY:
            return
        campaign = campaigns.get(self._campaign.tenant_id, self._campaign.campaign_id)
        if not campaign.runs(self._campaign.run):
            raise _Ended(None)
        self._heard_at = clock.now()
        self._levels = levels(campaign, self._provider)

    def _send(self, message: Message) -> Answer | None:
        """Make the one call; None when nothing was sent because the stage could not."""
        try:
            return senders.send(self._provider, message)
        except Unavailable:
            return None

    def _note(self, claimed: Recipient, message: Message, answer: Answer | None) -> None:
        """Note what follows from an answer."""
        if answer is None:
            self._wait(claimed, claimed.attempts, _UNAVAILABLE_PAUSE, "Unavailable")
            return
        jitter = random.random()  # noqa: S311 - not a secret
        follows = retries.after(answer, claimed.attempts, dedupes=self._provider.dedupes, jitter=jitter)
        if follows.status == "pending":
            self._wait(claimed, follows.attempts, follows.wait, answer.reason)
        else:
            self._settle(
                claimed._replace(attempts=follows.attempts, vendor_message_id=answer.message_id),
                follows.status,
                answer.reason,
                pointer=vendor_messages.pointed(self._provider, message, answer.message_id, at=clock.now()),
            )
        if follows.status == "failed":
            capping.give_back(self._audience, claimed)
        if answer.outcome == "account":
            self._ledger.close()
            pausing.pause(self._campaign, f"account: {answer.reason}")
            raise _Ended(None)

    def _wait(self, claimed: Recipient, attempts: int, wait: Instant, reason: str | None) -> None:
        until = clock.now() + wait
        moved = state.advanced(claimed, "pending", clock.to_rfc3339(clock.now()), reason)
        if moved is not None:
            self._ledger.add((claimed, moved._replace(attempts=attempts, waits_until=clock.to_rfc3339(until))))
            self._look_at.append(until)

    def _settle(
        self,
        before: Recipient,
        status: Status,
        reason: str | None,
        *,
        is_new: bool = False,
        pointer: VendorPointer | None = None,
    ) -> None:
        moved = state.advanced(before, status, clock.to_rfc3339(clock.now()), reason)
        if moved is not None:
            self._ledger.add((None if is_new else before, moved), pointer)


def _entries(campaign: Campaign, kept: Frozen, chunk: chunks.Chunk) -> Sequence[Entry] | None:
    """Return the entries of a chunk, None where their file is gone."""
    try:
        return audiences.read(arranging.file(campaign, kept), chunk.position, chunk.size)
    except FileNotFound:
        return None
