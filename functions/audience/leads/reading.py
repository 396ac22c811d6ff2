"""Leads as callers read them: one by its id or by what it is known by, or all of them, the newest first."""

from collections.abc import Mapping

from functions.audience import money, values
from functions.audience.leads import identifiers, leads
from functions.audience.leads.identifiers import Identifier, Kind
from functions.audience.leads.leads import View
from functions.audience.settings import settings
from shared.callers import tenant_settings
from shared.errors import InvalidInput, NotAllowed


class PhonesDoNotIdentify(NotAllowed):
    """422: several leads of your tenant may share a telephone number, so nobody is looked up by one."""

    def __init__(self) -> None:
        super().__init__("Several leads of your tenant may share a telephone number, so nobody is looked up by one.")


def show(tenant_id: str, lead_id: str) -> View:
    """Return a lead, or the one that it was merged into. Raises LeadNotFound."""
    return leads.view(leads.get(tenant_id, lead_id), money.find(tenant_id))


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the leads of a tenant, the newest first. Raises Malformed for a foreign cursor."""
    found, behind = leads.page(tenant_id, limit=limit, cursor=cursor)
    currency = money.find(tenant_id)
    return [leads.view(each, currency) for each in found], behind


def look_up_one(
    tenant_id: str, *, email: str | None = None, phone: str | None = None, external_id: str | None = None
) -> list[View]:
    """Return the lead that is known by the one of these that is given, none if nobody is. Raises InvalidInput."""
    asked: Mapping[Kind, str | None] = {"email": email, "phone": phone, "external": external_id}
    given = [(kind, text) for kind, text in asked.items() if text is not None]
    if len(given) != 1:
        raise InvalidInput.of("email", "look a lead up by one of e-mail address, telephone number and external id")
    return _looked_up(tenant_id, *given[0])


def _looked_up(tenant_id: str, kind: Kind, text: str) -> list[View]:
    """Return the lead that is known by this, as it is now."""
    wanted = Identifier(kind, _normal(tenant_id, kind, text))
    audience = settings.find(tenant_id)
    if audience is None:
        return []
    if kind == "phone" and not audience.phones_identify:
        raise PhonesDoNotIdentify
    holder = identifiers.holders(tenant_id, audience, [wanted]).get(wanted)
    found = None if holder is None else leads.find(tenant_id, holder)
    return [] if found is None else [leads.view(found, money.find(tenant_id))]


def _normal(tenant_id: str, kind: Kind, text: str) -> str:
    """Return an identifier as it is kept. Raises InvalidInput."""
    try:
        if kind == "email":
            return values.email(text)
        if kind == "phone":
            return values.phone(text, region=tenant_settings.of(tenant_id).phone_region)
        return values.text(text)
    except ValueError as error:
        raise InvalidInput.of("external_id" if kind == "external" else kind, str(error)) from error
