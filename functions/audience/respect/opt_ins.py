"""Double opt-in: somebody is asked for a consent by a message, and confirms it by the link in it within seven days.

Asking records the consent as `pending`, with the text that will be shown; an opt-out stays until it is confirmed. The
confirmation grants it, with that text as evidence, and ends an unsubscription of the same.
"""

from typing import Any, Final, NamedTuple

from functions.audience.activity.consents import TooManyConsents
from functions.audience.delivery import providers, senders
from functions.audience.delivery.messages import Message
from functions.audience.leads import consent, happenings, leads, suppression
from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from functions.audience.leads.suppression import Suppression
from functions.audience.recipients import send_ids
from functions.audience.respect import links, suppressions, unsubscribing, wording
from functions.audience.respect.links import Link
from functions.audience.respect.refusals import NobodyToAsk, NotToBeAsked, OptInNotSent, OptInOver
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.callers import tenant_settings
from shared.clock import DAY, Instant
from shared.errors import Unavailable
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

GOOD_FOR: Final[Instant] = 7 * DAY
SOURCE: Final = "opt-in link"
_AT_ONE_INSTANT: Final = 10

View = dict[str, Any]


class Wanted(NamedTuple):
    """The consent to be asked for: a channel or a topic of one, where it was asked for, and the text to be shown."""

    subject: str
    source: str
    text: str

    @property
    def channel(self) -> str:
        """The channel on which the lead is asked."""
        return self.subject.partition("/")[0]


def ask(tenant_id: str, lead_id: str, wanted: Wanted, *, claim: Claim | None = None) -> Answer:
    """Ask a lead for a consent, and return what is pending.

    Raises leads.LeadNotFound, NobodyToAsk, NotToBeAsked, OptInNotSent, Unavailable, TooManyConsents.
    """
    now = clock.now()
    moment = clock.to_rfc3339(now)

    def plan() -> Plan[View]:
        before = leads.get(tenant_id, lead_id)
        _require_askable(settings.of(tenant_id), before, wanted)
        told = Consent("pending", moment, wanted.source)
        after = leads.next_version(_pending(before, wanted.subject, told), now)
        writes = [
            leads.written(before, after),
            happenings.evidence(after, wanted.subject, told, text=wanted.text),
            _recorded(after, wanted.subject, "pending", now),
        ]
        until = clock.to_rfc3339(now + GOOD_FOR)
        return Plan({"subject": wanted.subject, "state": "pending", "asked_at": moment, "expires_at": until}, writes)

    made = changes.make(plan, claim=claim)
    # A request that is repeated asks nobody again.
    if made["asked_at"] == moment:
        _send(settings.of(tenant_id), leads.get(tenant_id, lead_id), wanted, now)
    return made


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
            _recorded(after, link.subject, "granted", now),
        ]
        return Plan(None, [*writes, *_resubscribed(link, told.at)])

    changes.make(plan)


def _require_askable(audience: Audience, lead: Lead, wanted: Wanted) -> None:
    """Require that a lead can be asked, and that it would be of use. Raises NobodyToAsk, NotToBeAsked."""
    address = _address(lead, wanted.channel)
    if address is None:
        raise NobodyToAsk
    digest = suppressions.digest(audience, wanted.channel, address)
    found = suppressions.find(lead.tenant_id, wanted.channel, [digest]).get(digest)
    reasons = frozenset(found.reasons if found is not None else ())
    left_all = consent.is_denied(lead.consent, wanted.channel) or "unsubscribed" in reasons
    if reasons - {"unsubscribed"} or (left_all and wanted.subject != wanted.channel):
        raise NotToBeAsked
    if providers.for_channel(lead.tenant_id, wanted.channel) is None:  # type: ignore[arg-type]
        raise OptInNotSent("The channel has no delivery provider.")


def _pending(lead: Lead, subject: str, told: Consent) -> Lead:
    """Return a lead who was asked; what they denied stays denied until they confirm."""
    if consent.is_denied(lead.consent, subject):
        return lead
    consents = {**lead.consent, subject: told}
    if consent.are_too_many(consents):
        raise TooManyConsents
    return lead._replace(consent=consents)


def _send(audience: Audience, lead: Lead, wanted: Wanted, now: Instant) -> None:
    """Send a lead the message with the link. Raises OptInNotSent, Unavailable."""
    tenant_id, channel = lead.tenant_id, wanted.channel
    address, provider = _address(lead, channel), providers.for_channel(tenant_id, channel)  # type: ignore[arg-type]
    if address is None or provider is None:
        raise OptInNotSent("The lead or the provider has changed.")
    _, _, topic = wanted.subject.partition("/")
    digest = suppressions.digest(audience, channel, address)
    link = Link("opt_in", tenant_id, channel, digest, topic or None, lead.lead_id, now)
    texts = wording.of(audience.settings.language, tenant_settings.of(tenant_id).locale)
    message = Message(
        send_id=send_ids.make(send_ids.new_label(), lead.lead_id),
        campaign_id="",
        lead_id=lead.lead_id,
        channel=channel,  # type: ignore[arg-type]
        to=address,
        text=texts.mail.format(url=links.url(audience, link)),
        subject=texts.confirm,
    )
    outcome = senders.send(provider, message).outcome
    if outcome in {"refused", "account"}:
        raise OptInNotSent("The provider does not take the message.")
    if outcome != "accepted":
        raise Unavailable("The provider did not answer. Repeat the request with another Idempotency-Key.")


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


def _address(lead: Lead, channel: str) -> str | None:
    addresses = {"email": lead.emails, "sms": lead.phones, "whatsapp": lead.phones}.get(channel, ())
    return addresses[0] if addresses else None


def _recorded(lead: Lead, subject: str, state: str, now: Instant) -> Write:
    return happenings.of_lead("lead.consent_recorded", lead, now, data={"subject": subject, "consent": state})
