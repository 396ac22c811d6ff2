"""How dependencies are added and removed."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects.dependencies import cycle, dependencies, facts, graph
from functions.projects.dependencies.dependencies import MOST, MOST_PAYMENTS, Dependency
from functions.projects.dependencies.refusals import DependencyCycle
from functions.projects.milestones import happenings, milestones, opening, transition, writing
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.conditions import conditions
from shared.conditions.errors import ExpressionError
from shared.errors import Conflict, InvalidInput, NotAllowed, NotFound
from shared.storage import changes, table, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Check, Write, unchanged

View = dict[str, Any]


class DependencyExists(Conflict):
    """409: the milestone depends on that one already."""

    def __init__(self) -> None:
        super().__init__("The milestone depends on that one already. Remove that dependency first.")


class DependencyNotFound(NotFound):
    """404: the milestone does not depend on that one."""

    def __init__(self) -> None:
        super().__init__("The milestone does not depend on that one.")


class TooManyPrerequisites(Conflict):
    """409: a milestone has 50 dependencies at most, 40 of them on payments."""

    def __init__(self) -> None:
        super().__init__(f"A milestone has {MOST} dependencies at most, {MOST_PAYMENTS} of them on payments.")


class DependenciesFixed(Conflict):
    """409: from completion on, what a milestone depended on stays."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The milestone is {status}. What it depended on stays as it is.")


class AmountMissing(NotAllowed):
    """422: nothing is paid for the milestone that the payment of is waited for."""

    def __init__(self) -> None:
        super().__init__("The milestone that it depends on has no amount, so no payment can be waited for.")


def add(caller: Caller, milestone_id: str, dependency: Dependency, *, claim: Claim | None = None) -> Answer:
    """Let a milestone depend on another of its project, and return the dependency.

    Raises ProjectMilestoneNotFound, RoleRequired, DependenciesFixed, DependencyExists, TooManyPrerequisites,
    DependencyCycle, AmountMissing, InvalidInput.
    """
    _require_condition(dependency)
    if not ids.is_valid(dependency.from_id, milestones.ID):
        raise InvalidInput.of("from_id", "must be a milestone of the same project")

    def plan() -> Plan[View]:
        now = clock.now()
        prerequisite = milestones.key(caller.tenant_id, dependency.from_id)
        opened = opening.milestone(caller, milestone_id, also=[prerequisite])
        found, other = opened.milestone, opened.others[0]
        _require_planner(opened)
        # After the version of the graph, which a deletion changes too: what is in the graph is still there then.
        read = graph.read(caller.tenant_id, found.project_id)
        if other is None or dependency.from_id not in read.entries:
            raise InvalidInput.of("from_id", "must be a milestone of the same project")
        checks = _require_payable(dependency, milestones.from_item(other))
        _require_room(dependency, dependencies.of(found.dependencies))
        path = cycle.closed_by(read.waits(), dependency.from_id, milestone_id)
        if path is not None:
            raise DependencyCycle(path)
        kept = [*found.dependencies, dependencies.stored(dependency)]
        writes = [*_changed("added", found, kept, dependency, read.version, now), *checks]
        return Plan(view(dependency, milestone_id), writes)

    return changes.make(plan, claim=claim)


def remove(caller: Caller, milestone_id: str, from_id: str, *, if_match: str | None) -> None:
    """Let a milestone not depend on another any more.

    Raises ProjectMilestoneNotFound, RoleRequired, versions.VersionChanged, DependenciesFixed, DependencyNotFound.
    """

    def plan() -> Plan[None]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id)
        found = opened.milestone
        versions.require(if_match, found.version)
        _require_planner(opened)
        removed = [each for each in dependencies.of(found.dependencies) if each.from_id == from_id]
        if not removed:
            raise DependencyNotFound
        version = graph.version_of(table.get(graph.key(caller.tenant_id, found.project_id), consistent=True))
        kept = [each for each in found.dependencies if each["from_id"] != from_id]
        return Plan(None, _changed("removed", found, kept, removed[0], version, now))

    changes.make(plan)


def view(dependency: Dependency, milestone_id: str) -> View:
    """Return what members of the project see of a dependency."""
    return {**dependency._asdict(), "to_id": milestone_id}


def _require_planner(opened: Opened) -> None:
    """Require that the caller plans, and that the milestone is not complete yet. Raises RoleRequired."""
    opened.standing.require("manager", "creator")
    if opened.milestone.status in transition.SUBMITTED | transition.FINAL:
        raise DependenciesFixed(opened.milestone.status)


def _require_condition(dependency: Dependency) -> None:
    """Require that a condition is one over what it may name. Raises InvalidInput."""
    if dependency.condition is None:
        return
    try:
        conditions.read(dependency.condition, facts.NAMES)
    except ExpressionError as error:
        raise InvalidInput.of("condition", str(error)) from error


def _require_payable(dependency: Dependency, prerequisite: ProjectMilestone) -> list[Write]:
    """Return the check that what is to be paid has an amount. Raises AmountMissing."""
    if dependency.type != "payment_to_start":
        return []
    if prerequisite.amount_minor_units is None:
        raise AmountMissing
    place = milestones.key(prerequisite.tenant_id, prerequisite.project_milestone_id)
    return [Check(place, unchanged(prerequisite.version))]


def _require_room(dependency: Dependency, found: Sequence[Dependency]) -> None:
    if dependency.from_id in {each.from_id for each in found}:
        raise DependencyExists
    payments = sum(each.type == "payment_to_start" for each in (*found, dependency))
    if len(found) >= MOST or payments > MOST_PAYMENTS:
        raise TooManyPrerequisites


def _changed(
    what: str,
    before: ProjectMilestone,
    kept: Sequence[Mapping[str, Any]],
    dependency: Dependency,
    version: int,
    now: Instant,
) -> list[Write]:
    """Return the writes of a milestone whose dependencies are others now, and of the next version of the graph."""
    moment = clock.to_rfc3339(now)
    after = before._replace(dependencies=kept, version=before.version + 1, updated_at=moment)
    more = {"from_id": dependency.from_id, "dependency_type": dependency.type}
    return [
        *writing.changed(before, after),
        graph.changed(before.tenant_id, before.project_id, version),
        *happenings.happened("updated", after, now),
        *happenings.happened(what, after, now, noun="dependency", more=more),
    ]
