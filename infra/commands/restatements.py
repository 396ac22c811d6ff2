"""What there is in a tenant to be restated: the lists of its contexts, page by page, and one subject by its id.

A subject that is gone is in no list, and nothing is said of it; what it was is in none of them.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Final, TypeVar

from functions.audience.campaigns import campaigns
from functions.audience.leads import happenings as lead_happenings
from functions.audience.leads import leads
from functions.goals import goals
from functions.identity.accounts import memberships
from functions.identity.api_keys import happenings as key_happenings
from functions.identity.api_keys import records as api_keys
from functions.identity.tenancy import members
from functions.milestones import happenings as milestone_happenings
from functions.milestones import milestones
from functions.milestones.milestones import MilestoneNotFound
from functions.payments.financing import financings
from functions.payments.finding import lists as payments
from functions.payments.invoices import invoices
from functions.projects import projects
from functions.projects.milestones import entries as plan_entries
from functions.projects.milestones import happenings as plan_happenings
from functions.projects.milestones import milestones as plan_milestones
from functions.sequences import elements, sequences
from functions.sequences.sequences import Place
from functions.webhooks import endpoints
from functions.webhooks import happenings as endpoint_happenings
from infra.commands import people
from shared import ids
from shared.callers import auth, project_members
from shared.storage import table
from shared.storage.events import Event

T = TypeVar("T")
Page = tuple[str, list[Event]]
"""Where a page begins, and what is to be said of its subjects."""

_TOGETHER: Final = 100


def pages(tenant_id: str, context: str | None, begin: str | None) -> Iterator[Page]:
    """Yield the pages of a tenant, of one context or of all, from the place on that a page before has said."""
    lists = {name: read for (of, name), read in _LISTS.items() if context in {of, None}}
    first, _, within = (begin or "").partition(" ")
    names = list(lists)
    for name in names[names.index(first) if first in lists else 0 :]:
        for place, found in lists[name](tenant_id, within if name == first else ""):
            yield f"{name} {place}", found


def of_subject(tenant_id: str, subject_id: str) -> Event | None:
    """Return what is to be said of one subject of a tenant, None if it has none with this id."""
    kind = subject_id.partition("_")[0]
    if kind in _SUBJECTS and ids.is_valid(subject_id, kind):
        return _SUBJECTS[kind](tenant_id, subject_id)
    if "/" in subject_id:
        return _element(tenant_id, subject_id)
    try:
        milestone = milestones.find(tenant_id, subject_id)
    except MilestoneNotFound:
        return None
    return None if milestone is None else milestone_happenings.restated(milestone)


def _goal(tenant_id: str, goal_id: str) -> Event | None:
    """Return what is to be said of a goal. Its id does not tell whose it is: everybody of the tenant is asked."""
    owners = sorted(people.of_tenant(tenant_id))
    for start in range(0, len(owners), _TOGETHER):
        asked = [goals.key(owner_id, goal_id) for owner_id in owners[start : start + _TOGETHER]]
        for item in table.get_many(asked, consistent=True):
            if item is not None:
                return goals.restated(goals.from_item(item))
    return None


def _endpoint(tenant_id: str, endpoint_id: str) -> Event | None:
    item = table.get(endpoints.key(tenant_id, endpoint_id), consistent=True)
    return None if item is None else endpoint_happenings.restated(endpoints.from_item(item))


def _lead(tenant_id: str, lead_id: str) -> Event | None:
    """Return what is to be said of a lead; one that was merged into another is gone."""
    lead = leads.stored(tenant_id, lead_id)
    return None if lead is None or lead.merged_into is not None else lead_happenings.restated(lead)


def _campaign(tenant_id: str, campaign_id: str) -> Event | None:
    item = table.get(campaigns.key(tenant_id, campaign_id), consistent=True)
    return None if item is None else campaigns.restated(campaigns.from_item(item))


def _member(tenant_id: str, user_id: str) -> Event | None:
    """Return what is to be said of a member, or of the service that acts as this user."""
    if user_id in people.of_services(tenant_id):
        return next((each for _, page in _services(tenant_id, "") for each in page if each.subject_id == user_id), None)
    item = table.get(auth.membership_key(tenant_id, user_id), consistent=True)
    return None if item is None else members.restated(memberships.from_item(item))


def _project(tenant_id: str, project_id: str) -> Event | None:
    found = projects.find(tenant_id, project_id)
    return None if found is None else projects.restated(found)


def _plan(tenant_id: str, milestone_id: str) -> Event | None:
    found = plan_milestones.find(tenant_id, milestone_id)
    return None if found is None else plan_happenings.restated(found)


def _invoice(tenant_id: str, invoice_id: str) -> Event | None:
    item = table.get(invoices.key(tenant_id, invoice_id), consistent=True)
    return None if item is None else invoices.restated(invoices.from_item(item))


def _financing(tenant_id: str, financing_id: str) -> Event | None:
    item = table.get(financings.key(tenant_id, financing_id), consistent=True)
    return None if item is None else financings.restated(financings.from_item(item))


def _element(tenant_id: str, subject_id: str) -> Event | None:
    """Return what is to be said of an element, by its scope, its type and its id."""
    scope, element_type, element_id = [*subject_id.split("/"), "", ""][:3]
    found = elements.get_all(Place(tenant_id, scope, element_type), [element_id] if element_id else [])
    return elements.restated(found[0]) if found else None


def _elements(tenant_id: str, begin: str) -> Iterator[Page]:
    first, _, within = begin.partition(" ")
    for _, entries in _paged(partial(sequences.page, tenant_id, limit=_TOGETHER), ""):
        for entry in entries:
            name, at = (
                f"{entry['scope']}/{entry['element_type']}",
                Place(tenant_id, entry["scope"], entry["element_type"]),
            )
            if name.split("/") < first.split("/"):
                continue
            for place, found in _paged(partial(elements.listed, at, limit=_TOGETHER), within if name == first else ""):
                yield f"{name} {place}", [elements.restated(each) for each in found]


def _goals(tenant_id: str, begin: str) -> Iterator[Page]:
    first, _, within = begin.partition(" ")
    for user_id in sorted(people.of_tenant(tenant_id)):
        if user_id < first:
            continue
        listed = partial(goals.page, user_id, limit=_TOGETHER)
        for place, found in _paged(listed, within if user_id == first else ""):
            yield f"{user_id} {place}", [goals.restated(each) for each in found]


def _milestones(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, entries in _paged(partial(milestones.entries, tenant_id, None, limit=_TOGETHER), begin):
        found = milestones.of_entries(tenant_id, [*entries])
        yield place, [milestone_happenings.restated(each) for each in found]


def _projects(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(projects.listed, tenant_id, limit=_TOGETHER), begin):
        yield place, [projects.restated(each) for each in found]


def _plans(tenant_id: str, begin: str) -> Iterator[Page]:
    """Yield the milestones of all projects, project by project."""
    first, _, within = begin.partition(" ")
    listed = partial(projects.listed, tenant_id, limit=_TOGETHER)
    for project_id in sorted(each.project_id for _, page in _paged(listed, "") for each in page):
        if project_id < first:
            continue
        planned = partial(plan_entries.of_project, tenant_id, project_id, limit=_TOGETHER)
        for place, found in _paged(planned, within if project_id == first else ""):
            yield f"{project_id} {place}", [plan_happenings.restated(each) for each in found]


def _leads(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(leads.page, tenant_id, limit=_TOGETHER), begin):
        yield place, [lead_happenings.restated(each) for each in found]


def _campaigns(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(campaigns.stored, tenant_id, limit=_TOGETHER), begin):
        yield place, [campaigns.restated(each) for each in found]


def _invoices(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(payments.invoices_of, tenant_id, limit=_TOGETHER), begin):
        yield place, [invoices.restated(each) for each in found]


def _financings(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(payments.financings_of, tenant_id, limit=_TOGETHER), begin):
        yield place, [financings.restated(each) for each in found]


def _members(tenant_id: str, begin: str) -> Iterator[Page]:
    """Yield the members but for services, of which there are events of their own."""
    services = people.of_services(tenant_id)
    for place, found in _paged(partial(members.listed, tenant_id, limit=_TOGETHER), begin):
        yield place, [members.restated(each) for each in found if each.user_id not in services]


def _services(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(api_keys.listed, tenant_id, limit=_TOGETHER), begin):
        yield place, [key_happenings.restated(each) for each in found]


def _endpoints(tenant_id: str, begin: str) -> Iterator[Page]:
    for place, found in _paged(partial(endpoints.listed, tenant_id, limit=_TOGETHER), begin):
        yield place, [endpoint_happenings.restated(each) for each in found]


def _paged(listed: Callable[..., tuple[Sequence[T], str | None]], begin: str) -> Iterator[tuple[str, Sequence[T]]]:
    """Yield the pages of a list, each with the cursor that it begins with; the first one's is empty."""
    cursor: str | None = begin or None
    while True:
        found, further = listed(cursor=cursor)
        yield cursor or "", found
        if further is None:
            return
        cursor = further


_SUBJECTS: Final[dict[str, Callable[[str, str], Event | None]]] = {
    "goal": _goal,
    "endpoint": _endpoint,
    "lead": _lead,
    campaigns.ID: _campaign,
    "user": _member,
    project_members.ID: _project,
    plan_milestones.ID: _plan,
    invoices.ID: _invoice,
    financings.ID: _financing,
}
"""What is to be said of a subject, by what its id begins with."""
_LISTS: Final[dict[tuple[str, str], Callable[[str, str], Iterator[Page]]]] = {
    ("audience", "leads"): _leads,
    ("audience", "campaigns"): _campaigns,
    ("goals", "goals"): _goals,
    ("milestones", "milestones"): _milestones,
    ("projects", "projects"): _projects,
    ("projects", "project_milestones"): _plans,
    ("payments", "invoices"): _invoices,
    ("payments", "financing_requests"): _financings,
    ("identity", "members"): _members,
    ("identity", "services"): _services,
    ("sequences", "elements"): _elements,
    ("webhooks", "endpoints"): _endpoints,
}
CONTEXTS: Final = tuple(dict.fromkeys(context for context, _ in _LISTS))
"""The contexts that have something to restate."""
