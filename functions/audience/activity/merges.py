"""Two leads that are one person: one of them stays, and whatever names the other reaches it from then on.

Fields, totals and identifiers are merged in one transaction. Orders, visits and consents follow in parts
(`follow_ups.py`); until then the lead names the other one in `absorbing`, so that nothing is counted or given twice.
"""

import json
from typing import Final

from functions.audience import money, values
from functions.audience.leads import changing, consent, happenings, identifiers, leads, lifecycle, mergers
from functions.audience.leads.leads import Lead, View
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.errors import InvalidInput, NotAllowed
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

MOST_ABSORBING: Final = 20


class MergedAlready(NotAllowed):
    """422: both ids are those of one lead."""

    def __init__(self) -> None:
        super().__init__("Both ids are those of one lead.")


class TooManyMerges(NotAllowed):
    """422: orders of 20 merged leads are still on their way to this one. Repeat the request in a minute."""

    def __init__(self) -> None:
        super().__init__("Orders of merged leads are still on their way to this one. Repeat the request in a minute.")


def merge(tenant_id: str, lead_id: str, other_id: str, *, claim: Claim | None = None) -> Answer:
    """Merge another lead into this one, and return this one.

    Raises leads.LeadNotFound, MergedAlready, TooManyMerges, changing.TooManyIdentifiers, InvalidInput,
    money.TotalTooLarge, changing.CountTooLarge.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        stays, goes = leads.get(tenant_id, lead_id), leads.get(tenant_id, other_id)
        if stays.lead_id == goes.lead_id:
            raise MergedAlready
        after = leads.next_version(joined(stays, goes), now)
        gone = _gone(goes, into=after.lead_id, at=after.updated_at)
        writes: list[Write] = [
            leads.written(stays, after),
            leads.written(goes, gone),
            mergers.noted(tenant_id, after.lead_id, merged_id=goes.lead_id),
            *_passed_on(settings.of(tenant_id), goes, after),
            *happenings.consents(stays, after),
            happenings.of_lead("lead.merged", after, now, data={"merged_id": goes.lead_id}),
        ]
        return Plan(leads.view(after, money.find(tenant_id)), writes)

    return changes.make(plan, claim=claim)


def joined(stays: Lead, goes: Lead) -> Lead:
    """Return a lead with what another one adds: its own fields win, totals add up, an opt-out of either wins."""
    external_id = stays.external_id or goes.external_id
    others = changing.united(stays.other_external_ids, goes.external_ids)
    absorbing = changing.united(stays.absorbing, (goes.lead_id, *goes.absorbing))
    if len(absorbing) > MOST_ABSORBING:
        raise TooManyMerges
    consents = consent.joined(stays.consent, goes.consent)
    if consent.are_too_many(consents):
        raise InvalidInput.of("consent", f"must be for {consent.MOST} topics at most")
    money.total(stays.total_spend + goes.total_spend)
    after = changing.fitting(
        stays._replace(
            external_id=external_id,
            other_external_ids=tuple(each for each in others if each != external_id),
            name=stays.name or goes.name,
            emails=changing.united(stays.emails, goes.emails),
            phones=changing.united(stays.phones, goes.phones),
            tags=changing.united(stays.tags, goes.tags),
            status=stays.status or goes.status,
            locale=stays.locale or goes.locale,
            time_zone=stays.time_zone or goes.time_zone,
            base_spend=stays.base_spend + goes.base_spend,
            base_orders=stays.base_orders + goes.base_orders,
            base_visits=stays.base_visits + goes.base_visits,
            stated_order_at=leads.latest(stays.stated_order_at, goes.stated_order_at),
            stated_visit_at=leads.latest(stays.stated_visit_at, goes.stated_visit_at),
            order_spend=stays.order_spend + goes.order_spend,
            orders=stays.orders + goes.orders,
            visits=stays.visits + goes.visits,
            order_at=leads.latest(stays.order_at, goes.order_at),
            visit_at=leads.latest(stays.visit_at, goes.visit_at),
            consent=consents,
            metadata=_metadata(stays, goes),
            absorbing=absorbing,
        )
    )
    return changing.counted(after)


def _metadata(stays: Lead, goes: Lead) -> str:
    try:
        return values.packed({**json.loads(goes.metadata), **json.loads(stays.metadata)})
    except ValueError as error:
        raise InvalidInput.of("metadata", f"{error} after the merge") from error


def _gone(lead: Lead, *, into: str, at: str) -> Lead:
    """Return what is kept of a lead that was merged into another."""
    return Lead(lead.tenant_id, lead.lead_id, lead.created_at, at, lead.version + 1, merged_into=into)


def _passed_on(audience: Audience, goes: Lead, after: Lead) -> list[Write]:
    """Return the writes by which the identifiers of a lead become those of another."""
    return [
        identifiers.passed_on(goes.tenant_id, audience, each, by=goes.lead_id, to=after.lead_id)
        for each in lifecycle.held_by(audience, goes)
    ]
