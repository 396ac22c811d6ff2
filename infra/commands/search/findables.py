"""Everything of a tenant that search should have, by the lists of its contexts: what the feeds say of each item."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from typing import Final, TypeVar

from functions.audience.campaigns import campaigns
from functions.audience.finding import findables as of_audience
from functions.audience.finding import many
from functions.audience.leads import leads
from functions.goals import goals
from functions.goals.finding import findables as of_goals
from functions.goals.goals import Goal
from functions.goals.tasks import tasks
from functions.milestones import milestones
from functions.milestones.finding import findables as of_milestones
from functions.payments.finding import findables as of_payments
from functions.payments.finding import lists as payments
from functions.projects import projects
from functions.projects.finding import consumers as projects_feed
from functions.projects.finding import findables as of_projects
from functions.projects.milestones import entries
from functions.projects.projects import Project
from functions.sequences import elements, sequences
from functions.sequences.finding import findables as of_sequences
from functions.sequences.sequences import Place
from infra.commands import people
from shared.messaging.search_feed import Fed
from shared.storage import table

T = TypeVar("T")

_TOGETHER: Final = 100


def of_tenant(tenant_id: str) -> Iterator[Fed]:
    """Yield what search should have of a tenant."""
    for user_id in sorted(people.of_tenant(tenant_id)):
        for goal in _every(partial(goals.page, user_id, limit=_TOGETHER)):
            # A user of earlier versions is in one tenant, but a list says it.
            if goal.tenant_id == tenant_id:
                yield from _of_goal(goal)
    yield from _milestones(tenant_id)
    yield from _elements(tenant_id)
    for project in _every(partial(projects.listed, tenant_id, limit=_TOGETHER)):
        yield from _of_project(project)
    yield from _payments(tenant_id)
    for campaign in _every(partial(campaigns.stored, tenant_id, limit=_TOGETHER)):
        yield of_audience.of_campaign(tenant_id, campaigns.to_item(campaign))
    if not many.are_too_many(tenant_id):
        yield from _leads(tenant_id)


def at_will(tenant_id: str) -> Iterator[Fed]:
    """Yield what search may have of a tenant: the leads of one that has more than search is told of."""
    if many.are_too_many(tenant_id):
        yield from _leads(tenant_id)


def _of_goal(goal: Goal) -> Iterator[Fed]:
    yield of_goals.of_goal(goal)
    for item in table.query_all(goal.partition, tasks.prefix(goal.goal_id), page=_TOGETHER):
        yield of_goals.of_task(goal, tasks.from_item(item))


def _of_project(project: Project) -> Iterator[Fed]:
    yield of_projects.of_project(project)
    for milestone in _every(partial(entries.of_project, project.tenant_id, project.project_id, limit=_TOGETHER)):
        yield from (each for each in of_projects.of_milestone(milestone) if each.content is not None)
        yield from chain.from_iterable(projects_feed.below(milestone))


def _milestones(tenant_id: str) -> Iterator[Fed]:
    cursor: str | None = None
    while True:
        found, cursor = milestones.entries(tenant_id, None, limit=_TOGETHER, cursor=cursor)
        yield from map(of_milestones.of_milestone, milestones.of_entries(tenant_id, found))
        if cursor is None:
            return


def _elements(tenant_id: str) -> Iterator[Fed]:
    for entry in _every(partial(sequences.page, tenant_id, limit=_TOGETHER)):
        at = Place(tenant_id, entry["scope"], entry["element_type"])
        cursor: str | None = None
        while True:
            found, cursor = elements.listed(at, limit=_TOGETHER, cursor=cursor)
            yield from of_sequences.read(at, found)
            if cursor is None:
                break


def _payments(tenant_id: str) -> Iterator[Fed]:
    for invoice in _every(partial(payments.invoices_of, tenant_id, limit=_TOGETHER)):
        yield of_payments.of_invoice(invoice)
        yield from map(of_payments.of_note, payments.notes_of(invoice))
    yield from map(of_payments.of_financing, _every(partial(payments.financings_of, tenant_id, limit=_TOGETHER)))


def _leads(tenant_id: str) -> Iterator[Fed]:
    only = ("lead_id", "version", leads.MERGED, *of_audience.NAMED)
    every = leads.every_item(tenant_id, after=None, only=only, consistent=True)
    return (fed for fed in (of_audience.of_lead(tenant_id, item) for item in every) if fed.content is not None)


def _every(listed: Callable[..., tuple[Sequence[T], str | None]]) -> Iterator[T]:
    """Yield everything in a list, page by page."""
    cursor: str | None = None
    while True:
        found, cursor = listed(cursor=cursor)
        yield from found
        if cursor is None:
            return
