"""Visits of a lead, each once in a tenant by its id."""

from typing import Any, Final, NamedTuple

from functions.audience.leads import changing, happenings, leads
from functions.audience.leads.leads import Lead
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.errors import Conflict
from shared.storage import changes, records, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put

View = dict[str, Any]

PREFIX: Final = "VISIT#"
_ENTITY: Final = "LeadVisit"
_LOCK: Final = "LeadVisitLock"
_LOOKS: Final = 3
"""A visit may be on its way to another lead between two reads."""


class VisitDiffers(Conflict):
    """409: your tenant has a visit with this id, of another lead or at another time."""

    def __init__(self) -> None:
        super().__init__("Your tenant has a visit with this id, of another lead or at another time.")


class Visit(NamedTuple):
    """A visit as it is stored."""

    visit_id: str
    visited_at: str
    recorded_at: str
    source: str | None = None


class Placed(NamedTuple):
    """Where a visit lies: with which lead, and under which sort key."""

    lead_id: str
    place: str


class _Found(NamedTuple):
    """A visit that is there, and with which lead."""

    visit: Visit
    lead_id: str


def record(tenant_id: str, lead_id: str, visit: Visit, *, claim: Claim | None = None) -> Answer:
    """Record a visit and count it with its lead, and return it; one that is there already stays.

    Raises leads.LeadNotFound, VisitDiffers, changing.CountTooLarge.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        lead, audience = leads.get(tenant_id, lead_id), settings.of(tenant_id)
        found = _find(tenant_id, audience, visit.visit_id)
        if found is not None:
            return Plan(view(_as_it_is(lead, found, visit)))
        last = leads.latest(lead.visit_at, visit.visited_at)
        after = leads.next_version(changing.counted(lead._replace(visits=lead.visits + 1, visit_at=last)), now)
        event = happenings.of_lead("lead.visited", after, now)
        place = Key(leads.partition(tenant_id, lead.lead_id), _place(audience, visit))
        placed = records.to_item(lock_key(tenant_id, audience, visit.visit_id), _LOCK, Placed(lead.lead_id, place.sk))
        put = [Put(records.to_item(place, _ENTITY, visit), ABSENT), Put(placed, ABSENT)]
        return Plan(view(visit), [leads.written(lead, after), *put, event])

    return changes.make(plan, claim=claim)


def lock_key(tenant_id: str, audience: Audience, visit_id: str) -> Key:
    """Return the key of the item that says where a visit lies."""
    return Key(f"TENANT#{tenant_id}#VISIT#{audience.digests.of('visit', visit_id)}", "VISIT")


def from_item(item: Item) -> Visit:
    """Return the visit of an item."""
    return records.from_item(Visit, item)


def view(visit: Visit) -> View:
    """Return what callers see of a visit."""
    return visit._asdict()


def _find(tenant_id: str, audience: Audience, visit_id: str) -> _Found | None:
    """Return a visit by its id, wherever it lies; None if there is none."""
    for _ in range(_LOOKS):
        lock = table.get(lock_key(tenant_id, audience, visit_id), consistent=True)
        if lock is None:
            return None
        placed = records.from_item(Placed, lock)
        item = table.get(Key(leads.partition(tenant_id, placed.lead_id), placed.place), consistent=True)
        if item is not None:
            return _Found(from_item(item), placed.lead_id)
    return None


def _as_it_is(lead: Lead, found: _Found, visit: Visit) -> Visit:
    """Return a visit that was recorded before. Raises VisitDiffers."""
    same = visit._replace(recorded_at=found.visit.recorded_at)
    if same != found.visit or found.lead_id not in {lead.lead_id, *lead.absorbing}:
        raise VisitDiffers
    return found.visit


def _place(audience: Audience, visit: Visit) -> str:
    return f"{PREFIX}{visit.visited_at}#{audience.digests.of('visit', visit.visit_id)}"
