"""Somebody unsubscribes by a link: from topics, or from all messages of a channel. Twice is once.

The address is suppressed at once; the lead who still has it denies the same, and the campaign's recipient is announced.
"""

from collections.abc import Sequence
from typing import Final

from functions.audience.leads import consent, happenings, leads, suppression
from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from functions.audience.leads.suppression import Cause, Suppression
from functions.audience.recipients import marks, recipients, send_ids
from functions.audience.respect import suppressions
from functions.audience.respect.links import Link
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.clock import Instant
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write

SOURCE: Final = "unsubscribe link"


def unsubscribe(link: Link, topics: Sequence[str]) -> None:
    """Suppress the address of a link for these topics, or for all of its channel where there are none."""
    now = clock.now()

    def plan() -> Plan[None]:
        before = suppressions.stored(link.tenant_id, link.channel, link.digest)
        known = before or suppression.new(link.tenant_id, link.channel, link.digest, now)
        after = _left(known, topics, Cause(clock.to_rfc3339(now), SOURCE))
        if after is known:
            return Plan(None)
        writes: list[Write] = [suppression.written(before, after), *_of_the_lead(link, topics, now)]
        return Plan(None, [*writes, *_of_the_recipient(link, now)])

    changes.make(plan)


def _left(known: Suppression, topics: Sequence[str], cause: Cause) -> Suppression:
    if topics:
        return known if "unsubscribed" in known.reasons else suppression.left(known, topics, cause)
    return suppression.with_reason(known, "unsubscribed", cause)


def _of_the_lead(link: Link, topics: Sequence[str], now: Instant) -> list[Put]:
    """Return the writes by which the lead of a link denies the same; none for one that has not the address any more."""
    before = _lead(link)
    if before is None:
        return []
    told = Consent("denied", clock.to_rfc3339(now), SOURCE)
    subjects = [f"{link.channel}/{each}" for each in topics] or [link.channel]
    denied = {each: told for each in subjects if not consent.is_denied(before.consent, each)}
    consents = {**before.consent, **denied}
    if not denied or consent.are_too_many(consents):
        return []
    after = leads.next_version(before._replace(consent=consents), now)
    told_of = [
        happenings.of_lead("lead.consent_recorded", after, now, data={"subject": each, "consent": "denied"})
        for each in denied
    ]
    return [leads.written(before, after), *happenings.consents(before, after), *told_of]


def _lead(link: Link) -> Lead | None:
    parts = send_ids.read(link.about)
    found = None if parts is None else leads.find(link.tenant_id, parts.lead_id)
    audience = settings.find(link.tenant_id)
    return found if found is not None and audience is not None and has(audience, found, link) else None


def has(audience: Audience, lead: Lead, link: Link) -> bool:
    """Return whether a lead has the address that a link was sent to."""
    addresses = lead.emails if link.channel == "email" else lead.phones
    return any(suppression.digest(audience, link.channel, each) == link.digest for each in addresses)


def _of_the_recipient(link: Link, now: Instant) -> list[Write]:
    """Return the writes that mark, count and announce the recipient, once; none where the campaign is gone."""
    parts = send_ids.read(link.about)
    owner = None if parts is None else send_ids.campaign_of(parts.label)
    if parts is None or owner is None or owner.tenant_id != link.tenant_id:
        return []
    recipient = recipients.get(link.tenant_id, owner.campaign_id, parts.lead_id)
    if recipient is None:
        return []
    return marks.writes(recipient, "unsubscribed", at=clock.to_rfc3339(now), now=now)
