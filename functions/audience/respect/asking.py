"""Asking a lead for a consent by a message with a link (double opt-in).

The consent is recorded as `pending`, with the text that will be shown; an opt-out stays until the link is confirmed.
The message is a notice, written in the same transaction: it goes out once, whatever happens after.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.audience.activity.consents import TooManyConsents
from functions.audience.delivery import notices, providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.notices import Notice, NoticeDropped, Prepared
from functions.audience.leads import consent, happenings, leads
from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from functions.audience.recipients import send_ids
from functions.audience.respect import links, opt_ins, suppressions, wording
from functions.audience.respect.links import Link
from functions.audience.respect.refusals import NobodyToAsk, NotToBeAsked, OptInNotSent, OptInOver
from functions.audience.settings import settings
from shared import clock
from shared.callers import tenant_settings
from shared.errors import NotAllowed, Unavailable
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

View = dict[str, Any]


class Wanted(NamedTuple):
    """The consent to be asked for: a channel or a topic of one, where it was asked for, and the text to be shown."""

    subject: str
    source: str
    text: str


def ask(tenant_id: str, lead_id: str, wanted: Wanted, *, claim: Claim | None = None) -> Answer:
    """Have a lead asked for a consent, and return what is pending.

    Raises leads.LeadNotFound, NobodyToAsk, NotToBeAsked, OptInNotSent, TooManyConsents.
    """
    now = clock.now()
    moment = clock.to_rfc3339(now)
    label = send_ids.new_label()

    def plan() -> Plan[View]:
        before = leads.get(tenant_id, lead_id)
        _require_askable(before, wanted.subject)
        told = Consent("pending", moment, wanted.source)
        after = leads.next_version(_pending(before, wanted.subject, told), now)
        send_id = send_ids.make(label, after.lead_id)
        about = {"lead_id": after.lead_id, "subject": wanted.subject}
        writes = [
            leads.written(before, after),
            happenings.evidence(after, wanted.subject, told, text=wanted.text),
            opt_ins.recorded(after, wanted.subject, "pending", now),
            notices.intended(notices.new(tenant_id, send_id, about=about, at=now)),
            happenings.of_lead("lead.asked", after, now, data={"subject": wanted.subject, "send_id": send_id}),
        ]
        until = clock.to_rfc3339(now + opt_ins.GOOD_FOR)
        return Plan({"subject": wanted.subject, "state": "pending", "asked_at": moment, "expires_at": until}, writes)

    return changes.make(plan, claim=claim)


def send(tenant_id: str, send_id: str, *, is_last_try: bool) -> None:
    """Send the message by which a lead is asked, if it is to be sent (still). Raises Unavailable: look again."""
    notice = notices.find(tenant_id, send_id)
    if notice is not None:
        notices.send(
            notice,
            lambda: _prepared(notice, is_last_try=is_last_try),
            is_last_try=is_last_try,
            ended=_told,
        )


def _prepared(notice: Notice, *, is_last_try: bool) -> Prepared:
    """Return the message to a lead as they are now. Raises NoticeDropped, Unavailable."""
    tenant_id, subject = notice.tenant_id, notice.about["subject"]
    lead = leads.find(tenant_id, notice.about["lead_id"])
    if lead is None:
        raise NoticeDropped("erased")
    try:
        provider, address = _require_askable(lead, subject)
    except NotAllowed as refusal:
        raise NoticeDropped(type(refusal).__name__) from refusal
    link = _link(notice, lead, address)
    try:
        opt_ins.shown(link)
    except OptInOver as over:
        # Of a lead that was just merged, the question itself may still be on its way to the other.
        if lead.lead_id != notice.about["lead_id"] and not is_last_try:
            raise Unavailable("The lead is being merged.") from over
        raise NoticeDropped(OptInOver.__name__) from over
    return Prepared(provider, _message(notice, lead, link, address))


def _link(notice: Notice, lead: Lead, address: str) -> Link:
    channel, _, topic = notice.about["subject"].partition("/")
    digest = suppressions.digest(settings.of(lead.tenant_id), channel, address)
    at = clock.from_rfc3339(notice.created_at)
    return Link("opt_in", lead.tenant_id, channel, digest, topic or None, lead.lead_id, at)


def _message(notice: Notice, lead: Lead, link: Link, address: str) -> Message:
    audience = settings.of(lead.tenant_id)
    texts = wording.of(audience.settings.language, tenant_settings.of(lead.tenant_id).locale)
    return Message(
        send_id=notice.send_id,
        campaign_id="",
        lead_id=lead.lead_id,
        channel=link.channel,  # type: ignore[arg-type]
        to=address,
        text=texts.mail.format(url=links.url(audience, link)),
        subject=texts.confirm,
    )


def _told(notice: Notice) -> Sequence[Write]:
    """Return the event of a question that did not reach its lead, or that may not have."""
    lead = leads.find(notice.tenant_id, notice.about["lead_id"]) if notice.state != "sent" else None
    if lead is None:
        return ()
    data: Mapping[str, Any] = {
        "subject": notice.about["subject"],
        "send_id": notice.send_id,
        "outcome": notice.state,
        "reason": notice.reason,
    }
    return (happenings.of_lead("lead.not_asked", lead, clock.now(), data=data),)


def _require_askable(lead: Lead, subject: str) -> tuple[providers.Provider, str]:
    """Return by which provider and at which address a lead can be asked, where it would be of use.

    Raises NobodyToAsk, NotToBeAsked, OptInNotSent.
    """
    channel = subject.partition("/")[0]
    address = _address(lead, channel)
    if address is None:
        raise NobodyToAsk
    digest = suppressions.digest(settings.of(lead.tenant_id), channel, address)
    found = suppressions.find(lead.tenant_id, channel, [digest]).get(digest)
    reasons = frozenset(found.reasons if found is not None else ())
    left_all = consent.is_denied(lead.consent, channel) or "unsubscribed" in reasons
    if reasons - {"unsubscribed"} or (left_all and subject != channel):
        raise NotToBeAsked
    provider = providers.for_channel(lead.tenant_id, channel)  # type: ignore[arg-type]
    if provider is None:
        raise OptInNotSent
    return provider, address


def _pending(lead: Lead, subject: str, told: Consent) -> Lead:
    """Return a lead who was asked; what they denied stays denied until they confirm."""
    if consent.is_denied(lead.consent, subject):
        return lead
    consents = {**lead.consent, subject: told}
    if consent.are_too_many(consents):
        raise TooManyConsents
    return lead._replace(consent=consents)


def _address(lead: Lead, channel: str) -> str | None:
    addresses = {"email": lead.emails, "sms": lead.phones, "whatsapp": lead.phones}.get(channel, ())
    return addresses[0] if addresses else None
