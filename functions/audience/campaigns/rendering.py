"""The texts of a campaign: checked when they are written, and rendered for one lead after the other.

A template is Liquid (`shared/templates`). What it may name is the lead's, and nothing that a lead says of itself is
read as a template.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.delivery.messages import Channel, Message
from functions.audience.leads.leads import Lead
from functions.audience.money import Currency
from functions.audience.recipients import send_ids
from functions.audience.respect import letterhead, links
from functions.audience.respect.permission import UNSUBSCRIBE_URL
from functions.audience.settings import settings
from shared import clock
from shared.callers import tenant_settings
from shared.errors import InvalidInput
from shared.templates import templates
from shared.templates.templates import Kind, Template, Value

VARIABLES: Final = (
    "name",
    "email",
    "phone",
    "total_spend",
    "visits",
    "last_order_at",
    "metadata.*",
    UNSUBSCRIBE_URL,
    "postal_address",
)
_KINDS: Final[Mapping[str, Kind]] = {"message_template": "text", "html_template": "html", "subject": "text"}


class Written(NamedTuple):
    """The templates of a campaign, read."""

    text: Template
    html: Template | None
    subject: Template | None
    variables: Mapping[str, Template]


class Addressed(NamedTuple):
    """To whom a message goes: the lead, its address, and where it can be opted out of."""

    lead: Lead
    to: str
    unsubscribe_url: str
    headers: Mapping[str, str]


def addressed(campaign: Campaign, lead: Lead, to: str, digest: str, *, is_preview: bool = False) -> Addressed:
    """Return to whom a message goes, with the link by which they get no more of them, and the headers of it.

    The link of a preview does nothing.
    """
    url = links.unsubscribe_url(
        settings.of(campaign.tenant_id),
        tenant_id=campaign.tenant_id,
        channel=campaign.channel,
        digest=digest,
        topic=campaign.topic,
        send_id=send_ids.make(campaign.label, lead.lead_id),
        at=clock.now(),
        is_preview=is_preview,
    )
    is_marketing_mail = campaign.channel == "email" and campaign.purpose == "marketing"
    return Addressed(lead, to, url, links.headers(url) if is_marketing_mail else {})


def read(message: Mapping[str, Any], channel: Channel) -> Written:
    """Return the templates of a message after every check that needs no lead.

    Raises templates.BadTemplate, and InvalidInput for a part that its channel has no use for, or lacks.
    """
    _require_parts(message, channel)
    found = {name: _template(message[name], kind, name) for name, kind in _KINDS.items() if message.get(name)}
    named = message.get("template_variables") or {}
    variables = {name: _template(source, "text", "template_variables") for name, source in named.items()}
    return Written(found["message_template"], found.get("html_template"), found.get("subject"), variables)


def names(written: Written) -> set[str]:
    """Return the variables that templates use."""
    each = (written.text, written.html, written.subject, *written.variables.values())
    return {name for template in each if template is not None for name in template.variables}


def render(campaign: Campaign, written: Written, addressed: Addressed, currency: Currency | None) -> Message:
    """Return the message of a campaign to a lead. Raises templates.TemplateFailed."""
    lead, reader = addressed.lead, _reader(campaign.tenant_id, addressed.lead)
    values = _values(addressed, currency, _postal_address(campaign.tenant_id))
    html, subject = written.html, written.subject
    return Message(
        send_id=send_ids.make(campaign.label, lead.lead_id),
        campaign_id=campaign.campaign_id,
        lead_id=lead.lead_id,
        channel=campaign.channel,
        to=addressed.to,
        text=written.text.render(values, **reader),
        html=None if html is None else html.render(values, **reader),
        subject=None if subject is None else _one_line(subject.render(values, **reader)),
        headers=addressed.headers,
        template_name=campaign.message.get("template_name"),
        variables={name: each.render(values, **reader) for name, each in written.variables.items()},
    )


def _require_parts(message: Mapping[str, Any], channel: Channel) -> None:
    if channel == "email" and not message.get("subject"):
        raise InvalidInput.of("subject", "an e-mail needs one")
    if channel == "whatsapp" and not message.get("template_name"):
        raise InvalidInput.of("template_name", "WhatsApp takes approved templates only")
    for name, only in (("html_template", "email"), ("subject", "email"), ("template_name", "whatsapp")):
        if message.get(name) and channel != only and not (name == "subject" and channel == "push"):
            raise InvalidInput.of(name, f"a message by {channel} has none")


def _template(source: str, kind: Kind, field: str) -> Template:
    return templates.read(source, kind=kind, variables=VARIABLES, field=field)


def _values(addressed: Addressed, currency: Currency | None, postal_address: str) -> dict[str, Value]:
    lead = addressed.lead
    traits = lead.traits
    spent = None if currency is None else str(currency.units(lead.total_spend))
    return {
        "name": lead.name,
        "email": lead.emails[0] if lead.emails else None,
        "phone": lead.phones[0] if lead.phones else None,
        "total_spend": spent,
        "visits": traits.visits,
        "last_order_at": traits.last_order_at,
        "metadata": _plain(traits.metadata),
        UNSUBSCRIBE_URL: addressed.unsubscribe_url,
        "postal_address": postal_address,
    }


def _plain(value: Any) -> Value:
    """Return metadata as templates take them: a number with a fraction is a text."""
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, float) else value


def _reader(tenant_id: str, lead: Lead) -> dict[str, str]:
    tenant = tenant_settings.of(tenant_id)
    return {"locale": lead.locale or tenant.locale, "time_zone": lead.time_zone or tenant.time_zone}


def _postal_address(tenant_id: str) -> str:
    audience = settings.of(tenant_id)
    return letterhead.postal_address(audience.settings, tenant_settings.of(tenant_id)) or ""


def _one_line(text: str) -> str:
    """Return a subject without what would end its header."""
    return " ".join(text.split())
