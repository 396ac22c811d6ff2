"""Dependencies between the milestones of a project: none may, by whatever way, depend on itself.

All edges of a project are one item under a version. Every change of them is made of what was read of it, so that of two
halves of a circle, added at the same time, one is refused.
"""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from functions.milestones import milestone_writes, milestones
from functions.milestones.milestones import Milestone, MilestoneNotFound
from shared.callers.auth import Caller
from shared.errors import Conflict, InvalidInput, NotAllowed
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, PRESENT, Check, Put, Write, unchanged

MOST_OF_A_MILESTONE: Final = 20
MOST_OF_A_PROJECT: Final = 2000

Edges = Mapping[str, list[str]]


class DependencyCycle(NotAllowed):
    """422: the milestone would depend on itself; the refusal shows the way round."""


class TooManyDependencies(Conflict):
    """409: the milestone or its project has as many dependencies as it may have."""


def key(tenant_id: str, project_id: str) -> Key:
    """Return the key of the edges of a project."""
    return Key(milestones.project_list(tenant_id, project_id), "DEPENDENCIES")


def add(caller: Caller, milestone_uid: str, depends_on: str, *, claim: Claim | None = None) -> None:
    """Let a milestone depend on another one of its project; one that does already stays as it is.

    Raises MilestoneNotFound, InvalidInput for another that is not of the project, DependencyCycle, TooManyDependencies.
    """

    def plan() -> Plan[Answer]:
        found = milestones.read(caller.tenant_id, milestone_uid)
        other = _other(caller, found, depends_on)
        if depends_on in found.depends_on:
            return Plan({})
        stored = table.get(key(found.tenant_id, found.project_id), consistent=True)
        wanted = (*found.depends_on, depends_on)
        edges = {**_edges(stored), milestone_uid: list(wanted)}
        _require_few(edges, milestone_uid)
        _require_acyclic(edges)
        now = milestones.present(found)
        changed = milestone_writes.changed(found, found._replace(depends_on=wanted), now)
        # Another that is deleted meanwhile has no entry any more.
        there = [] if other == found else [Check(milestones.entry_key(other), PRESENT)]
        return Plan({}, [*changed, _stored(found, stored, edges), *there])

    changes.make(plan, claim=claim)


def remove(caller: Caller, milestone_uid: str, depends_on: str | None) -> None:
    """Let a milestone not depend on another any more, or on none for None; one that does not stays as it is.

    Raises MilestoneNotFound.
    """

    def plan() -> Plan[None]:
        found = milestones.read(caller.tenant_id, milestone_uid)
        left = tuple(each for each in found.depends_on if depends_on not in (None, each))
        if left == found.depends_on:
            return Plan(None)
        stored = table.get(key(found.tenant_id, found.project_id), consistent=True)
        edges = {**_edges(stored), milestone_uid: list(left)}
        now = milestones.present(found)
        changed = milestone_writes.changed(found, found._replace(depends_on=left), now)
        return Plan(None, [*changed, _stored(found, stored, edges)])

    changes.make(plan)


def freed(milestone: Milestone) -> list[Write]:
    """Return the writes that take a milestone out of the dependencies of its project, as it is deleted.

    Those that depended on it go on naming it, and are not blocked by it any more.
    """
    stored = table.get(key(milestone.tenant_id, milestone.project_id), consistent=True)
    edges = _edges(stored)
    uid = milestone.milestone_uid
    if uid not in edges and not any(uid in others for others in edges.values()):
        # Checked, or an edge that is added at this moment would lead to a milestone that is gone.
        condition = ABSENT if stored is None else unchanged(stored["version"])
        return [Check(key(milestone.tenant_id, milestone.project_id), condition)]
    left = {each: [other for other in others if other != uid] for each, others in edges.items() if each != uid}
    return [_stored(milestone, stored, left)]


def open_ones(found: Iterable[Milestone]) -> dict[str, list[str]]:
    """Return by milestone which of those it depends on are not completed; a call for 100 of them."""
    known = list(found)
    asked = list(dict.fromkeys((each.tenant_id, uid) for each in known for uid in each.depends_on))
    items = [
        item
        for start in range(0, len(asked), 100)
        for item in table.get_many([milestones.key(*each) for each in asked[start : start + 100]])
        if item is not None
    ]
    others = [milestones.from_item(item) for item in items]
    blocking = {each.milestone_uid for each in others if each.deleted_at is None and each.status != "completed"}
    return {each.milestone_uid: [uid for uid in each.depends_on if uid in blocking] for each in known}


def _other(caller: Caller, found: Milestone, depends_on: str) -> Milestone:
    if depends_on == found.milestone_uid:
        return found
    try:
        other = milestones.read(caller.tenant_id, depends_on)
    except MilestoneNotFound:
        other = None
    if other is None or other.project_id != found.project_id:
        raise InvalidInput.of("depends_on", "must be another milestone of the same project")
    return other


def _require_few(edges: Edges, milestone_uid: str) -> None:
    if len(edges[milestone_uid]) > MOST_OF_A_MILESTONE:
        raise TooManyDependencies(f"A milestone depends on {MOST_OF_A_MILESTONE} others at most.")
    if sum(len(others) for others in edges.values()) > MOST_OF_A_PROJECT:
        raise TooManyDependencies(f"A project has {MOST_OF_A_PROJECT} dependencies at most.")


def _require_acyclic(edges: Edges) -> None:
    try:
        TopologicalSorter(edges).prepare()
    except CycleError as error:
        # graphlib names each before the one that depends on it.
        way = " → ".join(reversed(error.args[1]))
        reason = f"would close a circle: {way}"
        raise DependencyCycle(f"depends_on: {reason}", errors=[{"field": "depends_on", "reason": reason}]) from error


def _edges(stored: Item | None) -> dict[str, list[str]]:
    return {} if stored is None else dict(stored["edges"])


def _stored(milestone: Milestone, before: Item | None, edges: Edges) -> Put:
    pk, sk = key(milestone.tenant_id, milestone.project_id)
    item = {
        "PK": pk,
        "SK": sk,
        "entity": "Dependencies",
        "edges": {each: others for each, others in edges.items() if others},
        "version": 1 if before is None else before["version"] + 1,
    }
    return Put(item, ABSENT if before is None else unchanged(before["version"]))
