"""The events of leads, and the evidence of their consents, as the writes of the transaction that makes them so."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.audience.leads import consent, leads
from functions.audience.leads.consent import Consent
from functions.audience.leads.leads import Lead
from shared.clock import Instant
from shared.storage import events, records
from shared.storage.attributes import Key
from shared.storage.events import Event
from shared.storage.writes import Put

CONSENTS = "CONSENT#"


def of_lead(
    what: str, lead: Lead, at: Instant, *, status: str = "present", data: Mapping[str, Any] | None = None
) -> Put:
    """Return the write of the event `audience.<what>` of a lead, with the lead's state."""
    return events.occurred(
        f"audience.{what}",
        partition=leads.partition(lead.tenant_id, lead.lead_id),
        subject_id=lead.lead_id,
        tenant_id=lead.tenant_id,
        at=at,
        data={"lead_id": lead.lead_id, **(data or {})},
        state=leads.stated(lead, status),
    )


def restated(lead: Lead) -> Event:
    """Return the event that says how a lead is stored now."""
    return events.stated(
        "audience.lead",
        subject_id=lead.lead_id,
        tenant_id=lead.tenant_id,
        data={"lead_id": lead.lead_id},
        state=leads.stated(lead),
    )


def imported(
    tenant_id: str, at: Instant, *, inserted: Sequence[str], updated: Sequence[str], import_id: str | None = None
) -> Put:
    """Return the write of the one event of a part of many rows: which leads are new, and which were changed."""
    return events.occurred(
        "audience.lead.imported",
        partition=f"TENANT#{tenant_id}#LEADIMPORTS",
        subject_id=tenant_id,
        tenant_id=tenant_id,
        at=at,
        data={"inserted_ids": [*inserted], "updated_ids": [*updated], "import_id": import_id},
    )


def consents(before: Lead | None, after: Lead) -> list[Put]:
    """Return the writes that keep, as evidence, which consents a change of a lead has brought."""
    changed = consent.changes({} if before is None else before.consent, after.consent)
    return [evidence(after, subject, each) for subject, each in changed.items()]


def evidence(lead: Lead, subject: str, given: Consent, *, text: str | None = None) -> Put:
    """Return the write of one consent in the history of a lead.

    Its key is unique by the lead and its version, also in the history of a lead that this one is merged into.
    """
    channel, _, topic = subject.partition("/")
    sort_key = f"{CONSENTS}{given.at}#{channel}#{topic}#{lead.lead_id}#{lead.version}"
    place = Key(leads.partition(lead.tenant_id, lead.lead_id), sort_key)
    return Put(records.to_item(place, "LeadConsent", given) | {"subject": subject} | ({"text": text} if text else {}))
