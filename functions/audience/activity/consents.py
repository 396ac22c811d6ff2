"""Consents that leads give or take back themselves, kept with the text that they saw."""

from typing import Any, NamedTuple

from functions.audience.leads import consent, happenings, leads
from functions.audience.leads.consent import Consent, State
from shared import clock
from shared.errors import NotAllowed
from shared.storage import changes
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

View = dict[str, Any]


class TooManyConsents(NotAllowed):
    """422: the consents of a lead are for 20 topics at most, besides the channels."""

    def __init__(self) -> None:
        super().__init__(f"The consents of a lead are for {consent.MOST} topics at most, besides the channels.")


class Given(NamedTuple):
    """What somebody has agreed to or refused: a channel or a topic of one, where, and the text that they saw."""

    subject: str
    state: State
    source: str
    text: str | None = None


def record(tenant_id: str, lead_id: str, given: Given, *, claim: Claim | None = None) -> Answer:
    """Record what a lead has agreed to or refused, and return it. Raises leads.LeadNotFound, TooManyConsents.

    The one way in which an opt-out becomes a consent again: the lead gives it, and what they saw is kept.
    """
    now = clock.now()
    told = Consent(given.state, clock.to_rfc3339(now), given.source)

    def plan() -> Plan[View]:
        before = leads.get(tenant_id, lead_id)
        consents = {**before.consent, given.subject: told}
        if consent.are_too_many(consents):
            raise TooManyConsents
        after = leads.next_version(before._replace(consent=consents), now)
        writes = [
            leads.written(before, after),
            happenings.evidence(after, given.subject, told, text=given.text),
            happenings.of_lead(
                "lead.consent_recorded", after, now, data={"subject": given.subject, "consent": given.state}
            ),
        ]
        return Plan({"subject": given.subject, **told._asdict(), "text": given.text}, writes)

    return changes.make(plan, claim=claim)


def view(item: Item) -> View:
    """Return what callers see of an entry of the history."""
    return {name: item.get(name) for name in ("subject", "state", "at", "source", "text")}
