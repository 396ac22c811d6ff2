"""How one lead is created, changed and erased: the lead, its identifiers and what happened are one transaction."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeVar

from functions.audience import money
from functions.audience.leads import changing, happenings, identifiers, leads, opt_outs
from functions.audience.leads.changing import Sent
from functions.audience.leads.identifiers import Identifier
from functions.audience.leads.leads import Lead, View
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput, NotAllowed
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Delete, Write, unchanged

ERASED: Final = "erased"

T = TypeVar("T")


class LeadExists(Conflict):
    """409: other leads have the e-mail address, the number or the external id; `lead_ids` says which."""

    def __init__(self, lead_ids: Sequence[str]) -> None:
        super().__init__("Other leads have an identifier that was sent. Update or merge them.")
        self.lead_ids = lead_ids

    @property
    def members(self) -> Mapping[str, Any]:
        """Which leads they are."""
        return {"lead_ids": [*self.lead_ids]}


class LeadUnidentified(NotAllowed):
    """422: nothing would be left that says who the lead is. Keep one of its identifiers, or erase the lead."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing would be left that says who the lead is. "
            "Keep an e-mail address, a telephone number or an external id, or erase the lead."
        )


def create(tenant_id: str, sent: Sent, *, claim: Claim | None = None) -> Answer:
    """Create a lead and return it; two calls. Raises LeadExists, InvalidInput, NotAllowed."""
    if not (sent.external_ids or sent.emails or sent.phones):
        raise InvalidInput.of("emails", "send an e-mail address, a telephone number or an external id")
    audience, now = settings.of(tenant_id), clock.now()
    after = changing.updated(new(tenant_id, now), sent, at=clock.to_rfc3339(now))

    def plan() -> Plan[View]:
        writes = [
            *_changed(audience, None, after),
            *happenings.consents(None, after),
            happenings.of_lead("lead.created", after, now),
        ]
        return Plan(leads.view(after, money.find(tenant_id)), writes)

    return changes.make(plan, claim=claim)


def update(tenant_id: str, lead_id: str, sent: Sent, *, if_match: str | None) -> View:
    """Change fields of a lead and return it; three calls. E-mail addresses, numbers and tags that are sent replace all.

    Raises leads.LeadNotFound, versions.VersionChanged, LeadExists, InvalidInput, NotAllowed.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        before = leads.get(tenant_id, lead_id)
        versions.require(if_match, before.version)
        after = changing.updated(before, sent, at=clock.to_rfc3339(now))
        if before.is_identified and not after.is_identified:
            raise LeadUnidentified
        if after is before:
            return Plan(leads.view(before, money.find(tenant_id)))
        audience, after = settings.of(tenant_id), leads.next_version(after, now)
        lost_emails, lost_phones = _lost(before.emails, after.emails), _lost(before.phones, after.phones)
        # Before the change, for a transaction may have no room for all: what they say is true also without it.
        opt_outs.keep(audience, before, emails=lost_emails, phones=lost_phones, at=now)
        event = happenings.of_lead("lead.updated", after, now)
        writes = [*_changed(audience, before, after), *happenings.consents(before, after), event]
        return Plan(leads.view(after, money.find(tenant_id)), writes)

    return changes.make(plan)


def erase(tenant_id: str, lead_id: str, *, if_match: str | None) -> None:
    """Erase a lead: it and its identifiers now, what belongs to it soon after, as the event has it removed.

    What it has denied stays, as suppressions of its addresses.

    Raises leads.LeadNotFound, versions.VersionChanged.
    """
    now = clock.now()

    def plan() -> Plan[None]:
        before = leads.get(tenant_id, lead_id)
        versions.require(if_match, before.version)
        audience, gone = settings.of(tenant_id), leads.next_version(before, now)
        held = held_by(audience, before)
        removed = {"erased_ids": [before.lead_id, *before.absorbing]}
        writes: list[Write] = [
            Delete(leads.key(tenant_id, before.lead_id), unchanged(before.version)),
            *(identifiers.given_up(tenant_id, audience, each, before.lead_id) for each in held),
            *opt_outs.writes(audience, before, emails=before.emails, phones=before.phones, at=now),
            happenings.of_lead("lead.erased", gone, now, status=ERASED, data=removed),
        ]
        return Plan(None, writes)

    changes.make(plan)


def new(tenant_id: str, at: Instant) -> Lead:
    """Return a new lead of which nothing is known yet."""
    moment = clock.to_rfc3339(at)
    return Lead(tenant_id, ids.new("lead", at=at), moment, moment, version=1)


def identifiers_of(audience: Audience, lead: Lead) -> list[Identifier]:
    """Return what a lead is known by."""
    return identifiers.of(audience, external_ids=lead.external_ids, emails=lead.emails, phones=lead.phones)


def held_by(audience: Audience, lead: Lead) -> list[Identifier]:
    """Return the identifiers that are this lead's, also numbers from when they identified leads; one call."""
    wanted = _once_known_by(lead)
    holders = identifiers.holders(lead.tenant_id, audience, wanted)
    return [each for each in wanted if holders.get(each) == lead.lead_id]


def _once_known_by(lead: Lead) -> list[Identifier]:
    """Return what a lead is known by, and its numbers also where numbers identify leads no longer."""
    return [
        *(Identifier("external", each) for each in lead.external_ids),
        *(Identifier("email", each) for each in lead.emails),
        *(Identifier("phone", each) for each in lead.phones),
    ]


def _lost(before: Sequence[T], after: Sequence[T]) -> list[T]:
    return [each for each in before if each not in after]


def _changed(audience: Audience, before: Lead | None, after: Lead) -> list[Write]:
    """Return the writes of a lead and of the identifiers that it gets or gives up. Raises LeadExists."""
    tenant_id = after.tenant_id
    had = [] if before is None else identifiers_of(audience, before)
    has = identifiers_of(audience, after)
    wanted = [each for each in has if each not in had]
    left = [] if before is None else _lost(_once_known_by(before), has)
    holders = identifiers.holders(tenant_id, audience, [*wanted, *left])
    others = sorted({holders[each] for each in wanted if holders.get(each, after.lead_id) != after.lead_id})
    if others:
        raise LeadExists(others)
    return [
        leads.written(before, after),
        *(identifiers.taken(tenant_id, audience, each, after.lead_id) for each in wanted if each not in holders),
        *(
            identifiers.given_up(tenant_id, audience, each, after.lead_id)
            for each in left
            if holders.get(each) == after.lead_id
        ),
    ]
