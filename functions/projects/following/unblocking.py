"""Milestones that depend on others: they wait while a dependency is open, and may start when none is.

What is open is judged anew whenever something happens to a milestone or to what it depends on. A start is guarded by
its own transaction, whether or not this has come.
"""

from typing import NamedTuple

from functions.projects.dependencies import graph
from functions.projects.dependencies.dependencies import GUARDING
from functions.projects.dependencies.standing import Read
from functions.projects.milestones import commands, happenings, milestones, opening, writing
from functions.projects.milestones.commands import Step
from functions.projects.milestones.milestones import ProjectMilestone
from shared import clock
from shared.clock import Instant
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Write


class Moved(NamedTuple):
    """A milestone that something has happened to."""

    tenant_id: str
    project_id: str
    project_milestone_id: str


def follow(moved: Moved) -> None:
    """Judge the dependencies of a milestone, and those of the milestones that depend on it."""
    read = graph.of_project(moved.tenant_id, moved.project_id)
    dependants = graph.Graph(read, 0).dependants(moved.project_milestone_id)
    for each in (moved.project_milestone_id, *dependants):
        if each in read:
            _judge(moved.tenant_id, each)


def _judge(tenant_id: str, milestone_id: str) -> None:
    def plan() -> Plan[None]:
        now = clock.now()
        found = milestones.find(tenant_id, milestone_id)
        if found is None or found.status not in GUARDING:
            return Plan(None)
        keys = opening.beside(found)
        read = opening.read_beside(found, table.get_many(keys, consistent=True) if keys else [])
        return Plan(None, judged(found, read, now))

    changes.make(plan)


def judged(found: ProjectMilestone, read: Read | None, now: Instant) -> list[Write]:
    """Return the writes after which a milestone shows whether it is blocked; none if it does.

    `read` is what its dependencies are judged by, None without any.
    """
    types = GUARDING.get(found.status)
    if types is None:
        return []
    is_blocked = bool(read is not None and read.open(found, types, now))
    if found.status == "in_progress":
        return [] if is_blocked == found.is_blocked else _flagged(found, is_blocked=is_blocked, now=now)
    step = Step("dependencies_reopened", "pending") if is_blocked else Step("dependencies_satisfied", "active")
    if found.status == step.after:
        return []
    after, told = commands.through(found, found._replace(is_blocked=is_blocked), [step], now)
    return [*writing.changed(found, after), *told]


def _flagged(found: ProjectMilestone, *, is_blocked: bool, now: Instant) -> list[Write]:
    """Return the writes of a milestone that is being worked on: it stays where it is, and says that it is blocked."""
    moment = clock.to_rfc3339(now)
    after = found._replace(is_blocked=is_blocked, version=found.version + 1, updated_at=moment)
    what = "blocked" if is_blocked else "unblocked"
    return [*writing.changed(found, after), *happenings.happened(what, after, now, before=found.status)]
