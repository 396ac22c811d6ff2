"""Double opt-in: the link by which somebody confirms, within seven days, the consent that they were asked for.

The confirmation grants it, with the text that was shown as evidence, and ends an unsubscription of the same.
"""

from typing import Final

from functions.audience.leads import happenings, leads, suppression
from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from functions.audience.leads.suppression import Suppression
from functions.audience.respect import suppressions, unsubscribing
from functions.audience.respect.links import Link
from functions.audience.respect.refusals import OptInOver
from functions.audience.settings import settings
from shared import clock
from shared.clock import DAY, Instant
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write

GOOD_FOR: Final[Instant] = 7 * DAY
SOURCE: Final = "opt-in link"
_AT_ONE_INSTANT: Final = 10


def shown(link: Link) -> str:
    """Return the text that somebody agrees to by a link. Raises OptInOver."""
    _, text = _asked(link, clock.now())
    return text


def confirm(link: Link) -> None:
    """Grant the consent that a link asks for; twice is once. Raises OptInOver."""
    now = clock.now()

    def plan() -> Plan[None]:
        before, text = _asked(link, now)
        if _state(before, link) == "granted":
            return Plan(None)
        told = Consent("granted", clock.to_rfc3339(now), SOURCE)
        after = leads.next_version(before._replace(consent={**before.consent, link.subject: told}), now)
        writes: list[Write] = [
            leads.written(before, after),
            happenings.evidence(after, link.subject, told, text=text),
            recorded(after, link.subject, "granted", now),
        ]
        return Plan(None, [*writes, *_resubscribed(link, told.at)])

    changes.make(plan)


def _asked(link: Link, now: Instant) -> tuple[Lead, str]:
    """Return who was asked by a link, and the text for them. Raises OptInOver where it is not good (any more)."""
    lead, audience = leads.find(link.tenant_id, link.about), settings.find(link.tenant_id)
    if lead is None or audience is None or now - link.at > GOOD_FOR or not unsubscribing.has(audience, lead, link):
        raise OptInOver
    moment = clock.to_rfc3339(link.at)
    changed = lead.consent.get(link.subject)
    if changed is not None and changed.at > moment and changed.state != "granted":
        raise OptInOver
    prefix = f"{happenings.CONSENTS}{moment}#{link.channel}#{link.topic or ''}#"
    found = table.query(leads.partition(lead.tenant_id, lead.lead_id), prefix, limit=_AT_ONE_INSTANT, consistent=True)
    for item in found.items:
        if item["state"] == "pending" and "text" in item:
            return lead, item["text"]
    raise OptInOver


def _state(lead: Lead, link: Link) -> str | None:
    found = lead.consent.get(link.subject)
    return None if found is None else found.state


def _resubscribed(link: Link, at: str) -> list[Write]:
    """Return the write that ends an unsubscription of what somebody has just agreed to, unless it is newer."""
    before = suppressions.stored(link.tenant_id, link.channel, link.digest)
    if before is None:
        return []
    left = before.reasons.get("unsubscribed") if link.topic is None else before.topics.get(link.topic)
    if left is None or left.at > clock.to_rfc3339(link.at):
        return []
    return [suppression.written(before, _without(before, link.topic, at))]


def _without(before: Suppression, topic: str | None, at: str) -> Suppression:
    if topic is None:
        return suppression.without(before, frozenset({"unsubscribed"}), at=at)
    return suppression.back(before, topic, at=at)


def recorded(lead: Lead, subject: str, state: str, now: Instant) -> Write:
    """Return the write of the event that a lead was asked for a consent, or has given it."""
    return happenings.of_lead("lead.consent_recorded", lead, now, data={"subject": subject, "consent": state})
