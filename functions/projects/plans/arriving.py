"""How a plan arrives: its rows are staged, one write publishes them all, and then each milestone is told of.

Whatever breaks off is begun again, and what was done has no second effect: rows are staged as often as that may be,
as nobody sees them, and never after the plan was published or dropped.
"""

import functools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from functions.projects import arrivals, projects, totals
from functions.projects.dependencies import graph
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones import counting, entries, gates, happenings, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.refusals import TooManyMilestones
from functions.projects.ownership import seats
from functions.projects.people import owners, workloads
from functions.projects.people.owners import Owner, Primary
from functions.projects.plans import plans
from functions.projects.plans.plans import Arrival, Made
from shared import clock
from shared.callers import project_members
from shared.callers.project_members import ProjectNotFound
from shared.clock import Instant
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed
from shared.storage.writes import PRESENT, Check, Put, Write, unchanged

_ROWS: Final = 99
"""How many rows a transaction stages, beside the check of the plan."""
_ACTIONS: Final = 96
"""How many actions it takes to tell of milestones in one transaction, beside those of the plan."""
_DELETED: Final = 100


class PlanMemberLeft(Exception):
    """Somebody who is to own a milestone of the plan has left the project."""


class _Overtaken(Exception):
    """Somebody else has published or dropped the plan."""


def stage(plan: Arrival, made: Made) -> bool:
    """Write all rows of a plan, and return whether they are staged: not if it was published or dropped meanwhile."""
    rows = [Put(item) for item in _rows(plan, made)]
    try:
        for place in range(0, len(rows), _ROWS):
            planned = Plan(None, [plans.still_staged(plan), *rows[place : place + _ROWS]], _refuse)
            changes.make(functools.partial(_same, planned))
    except _Overtaken:
        return False
    return True


def _refuse(_failure: ConditionFailed) -> None:
    raise _Overtaken


def _same(planned: Plan[None]) -> Plan[None]:
    return planned


def publish(plan: Arrival, made: Made) -> None:
    """Let all rows of a staged plan be seen at once; a plan that is published, or gone, stays so.

    Raises ProjectNotFound, ProjectStatusNotPossible, TooManyMilestones, PlanMemberLeft.
    """
    planned = [_milestone(plan, *each) for each in made.milestones.items()]
    people = sorted({each["user_id"] for of_one in made.owners.values() for each in of_one})

    def publishing() -> Plan[None]:
        current = plans.find(plan.arriving)
        if current is None or current.status != "staged":
            return Plan(None)
        _require_room(plan)
        members = [project_members.key(plan.tenant_id, plan.project_id, each) for each in people]
        if None in (table.get_many(members, consistent=True) if members else []):
            raise PlanMemberLeft
        version = graph.version_of(table.get(graph.key(plan.tenant_id, plan.project_id), consistent=True))
        writes: list[Write] = [
            plans.moved(current, status="published"),
            plans.instantiated(current, clock.now()),
            graph.changed(plan.tenant_id, plan.project_id, version),
            Check(projects.key(plan.tenant_id, plan.project_id), projects.is_in_currency(plan.currency)),
            *totals.added(plan.tenant_id, plan.project_id, _counted(planned)),
            *[Check(place, PRESENT) for place in members],
        ]
        return Plan(None, writes)

    changes.make(publishing)


def tell(plan: Arrival, made: Made) -> None:
    """Write the events of the milestones of a published plan, once each, and let its rows be as any others."""
    while True:
        current = changes.make(lambda: _telling(plan, made))
        if current is None:
            return


def _telling(plan: Arrival, made: Made) -> Plan[Arrival | None]:
    """Return the change that tells of the next milestones, and that ends the plan behind the last of them."""
    current = plans.find(plan.arriving)
    if current is None or current.status != "published":
        return Plan(None)
    ids = [*made.milestones][current.told :]
    if not ids:
        return Plan(None, plans.ended(current))
    some = _fitting(ids, made)
    now, writes, found = clock.now(), list[Write](), _read(current, made, some)
    for milestone_id in some:
        item, of_owners = found[milestone_id]
        if item is not None:
            writes += _told(current, item, of_owners, now)
    after = plans.moved(current, told=current.told + len(some))
    return Plan(current, [after, *writes, *workloads.taken(plan.tenant_id, _owning(current, made, some))])


def _fitting(milestone_ids: Sequence[str], made: Made) -> list[str]:
    """Return as many of the milestones as one transaction tells of: four writes each, and three an owner."""
    taken, actions = list[str](), 0
    for each in milestone_ids:
        actions += 4 + 3 * len(made.owners.get(each, ()))
        if taken and actions > _ACTIONS:
            break
        taken.append(each)
    return taken


def _owning(plan: Arrival, made: Made, milestone_ids: Sequence[str]) -> list[Owner]:
    """Return the owners of milestones as they were planned: whoever has given that up since, has given work back."""
    return [
        Owner(project_milestone_id=milestone_id, created_at=plan.created_at, version=1, **each)
        for milestone_id in milestone_ids
        for each in made.owners.get(milestone_id, ())
    ]


def _read(plan: Arrival, made: Made, milestone_ids: Sequence[str]) -> dict[str, tuple[Item | None, list[Item]]]:
    """Return milestones and their owners as they are now, by the ids of the milestones."""
    keys = dict[str, list[Key]]()
    for each in milestone_ids:
        place = milestones.partition(plan.tenant_id, each)
        people = [owners.key(place, owner["user_id"]) for owner in made.owners.get(each, ())]
        keys[each] = [milestones.key(plan.tenant_id, each), *people]
    items = iter(table.get_many([key for some in keys.values() for key in some], consistent=True))
    read = {each: [next(items) for _ in some] for each, some in keys.items()}
    return {each: (item, [owner for owner in of_owners if owner]) for each, (item, *of_owners) in read.items()}


def _told(plan: Arrival, item: Item, of_owners: Sequence[Item], now: Instant) -> list[Write]:
    """Return the events of a milestone and its owners, and rows that name the plan no more.

    Whoever has changed a row since it was published has done that already.
    """
    milestone = milestones.from_item(item)
    guard = Check(milestones.key(plan.tenant_id, milestone.project_milestone_id), unchanged(milestone.version))
    settled: list[Write] = [guard]
    if arrivals.PLAN in item:
        settled = [
            Put(milestones.to_item(milestone), milestones.still(milestone)),
            Put(entries.to_item(milestone)),
        ]
    writes = [*settled, *happenings.happened("created", milestone, now)]
    for each in of_owners:
        writes += seats.told("assigned", milestone, owners.from_item(each), now)
    return writes


def drop(plan: Arrival, made: Made) -> None:
    """Remove the rows of a plan that was not published, and then the plan itself."""

    def dropping() -> Plan[bool]:
        current = plans.find(plan.arriving)
        if current is None or current.status == "published":
            return Plan(False)
        return Plan(True, [] if current.status == "dropped" else [plans.moved(current, status="dropped")])

    if not changes.make(dropping):
        return
    rows = [plans.removed(row) for row in _rows(plan, made)]
    for place in range(0, len(rows), _DELETED):
        changes.make(functools.partial(_same, Plan(None, rows[place : place + _DELETED])))
    changes.make(lambda: _ending(plan))


def _ending(plan: Arrival) -> Plan[None]:
    current = plans.find(plan.arriving)
    return Plan(None, [] if current is None else plans.ended(current))


def _require_room(plan: Arrival) -> None:
    """Require that the project may be given the plan. Raises as `publish` does."""
    keys = [projects.key(plan.tenant_id, plan.project_id), totals.key(plan.tenant_id, plan.project_id)]
    item, counted = table.get_many(keys, consistent=True)
    if item is None:
        raise ProjectNotFound
    project = projects.from_item(item)
    if project.status != "active" or project.currency != plan.currency:
        raise ProjectStatusNotPossible(project.status, "given milestones")
    if totals.of(counted).milestones + plan.milestones > milestones.MOST:
        raise TooManyMilestones


def _rows(plan: Arrival, made: Made) -> Iterator[Item]:
    """Yield the items of the milestones of a plan: each with its gate and its owners, and its entry in lists."""
    for milestone_id, fields in made.milestones.items():
        milestone = _owned(_milestone(plan, milestone_id, fields), made.owners.get(milestone_id, ()))
        yield {**milestones.to_item(milestone), arrivals.PLAN: plan.plan_id}
        yield gates.written(milestone).item
        place = milestones.partition(plan.tenant_id, milestone_id)
        for each in made.owners.get(milestone_id, ()):
            owner = Owner(
                project_milestone_id=milestone_id,
                created_at=plan.created_at,
                version=1,
                project_id=plan.project_id,
                **each,
            )
            yield owners.to_item(place, owner, milestone.due_on)
            if owner.role == "primary":
                yield owners.locked(place, Primary(owner.user_id, owner.status == "active")).item
        yield {**entries.to_item(milestone), arrivals.PLAN: plan.plan_id}


def _owned(milestone: ProjectMilestone, planned: Sequence[Mapping[str, Any]]) -> ProjectMilestone:
    """Return a milestone that names its primary owner and its secondary ones."""
    primary = next((each["user_id"] for each in planned if each["role"] == "primary"), None)
    secondary = tuple(sorted(each["user_id"] for each in planned if each["role"] == "secondary"))
    return milestone._replace(primary_owner_id=primary, secondary_owners=secondary)


def _milestone(plan: Arrival, milestone_id: str, fields: Mapping[str, Any]) -> ProjectMilestone:
    return ProjectMilestone(
        tenant_id=plan.tenant_id,
        project_milestone_id=milestone_id,
        project_id=plan.project_id,
        status="draft",
        progress=0,
        attempt=1,
        created_by=plan.user_id,
        created_at=plan.created_at,
        updated_at=plan.created_at,
        version=1,
        currency=None if fields["amount_minor_units"] is None else plan.currency,
        **fields,
    )


def _counted(planned: Sequence[ProjectMilestone]) -> dict[str, int]:
    """Return what all milestones of a plan add to the totals of the project."""
    counted = dict[str, int]()
    for each in planned:
        for name, by in counting.of(each).items():
            counted[name] = counted.get(name, 0) + by
    return counted
