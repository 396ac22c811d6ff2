"""How a milestone of a project is created, changed and deleted."""

from collections.abc import Mapping
from typing import Any, Final

from functions.projects import open_escalations, projects, requirements, totals
from functions.projects.dependencies import graph
from functions.projects.dependencies.graph import Graph
from functions.projects.layers import policy
from functions.projects.lifecycle import ProjectStatusNotPossible
from functions.projects.milestones import (
    children,
    counting,
    entries,
    gates,
    happenings,
    milestones,
    opening,
    parents,
    progress,
    transition,
    views,
    writing,
)
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.milestones.refusals import (
    DependantsExist,
    EscalationsKept,
    EvidenceKept,
    MilestoneFinal,
    MilestoneNotDeletable,
    SubjectFrozen,
    TooManyMilestones,
    UnderReview,
)
from functions.projects.milestones.views import View
from functions.projects.people import access, owners, workloads
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.people.owners import Primary
from functions.projects.sources import binding, sources
from functions.projects.sources.sources import Source
from shared import clock, ids
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.clock import Instant
from shared.errors import InvalidInput
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Check, Delete, Put, Write, unchanged

_AGREED: Final = (
    *("amount_minor_units", "completion_criteria", "evidence_requirements", "acceptance"),
    *sorted(binding.FIELDS),
)
"""What stays as it is from completion on."""


def create(caller: Caller, project_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Create a draft in an active project and return it.

    Raises ProjectNotFound, RoleRequired, ProjectStatusNotPossible, TooManyMilestones, InvalidInput, ParentNotPossible.
    """
    milestone_id = ids.new(milestones.ID, at=clock.now())
    counter = totals.key(caller.tenant_id, project_id)

    def plan() -> Plan[View]:
        now = clock.now()
        opened = access.open_project(caller, project_id, also=[counter])
        _require_author(opened.standing, fields)
        if opened.project.status != "active":
            raise ProjectStatusNotPossible(opened.project.status, "given milestones")
        if totals.of(opened.others[0]).milestones >= milestones.MOST:
            raise TooManyMilestones
        currency = opened.project.currency
        milestone = _priced(_drafted(caller, project_id, milestone_id, fields, clock.to_rfc3339(now)), currency)
        _require_sound(milestone)
        milestone, checks = parents.placed(milestone)
        writes = [
            *writing.born(milestone),
            *checks,
            *_bound(caller, milestone, None, now),
            Check(projects.key(caller.tenant_id, project_id), projects.is_in_currency(currency)),
            *happenings.happened("created", milestone, now),
        ]
        drafted = Opened(milestone, opened.standing, None, None, False, time_zone=opened.project.time_zone)
        return Plan(views.milestone(milestone, drafted, now), writes)

    return changes.make(plan, claim=claim)


def _drafted(
    caller: Caller, project_id: str, milestone_id: str, fields: Mapping[str, Any], moment: str
) -> ProjectMilestone:
    return ProjectMilestone(
        tenant_id=caller.tenant_id,
        project_milestone_id=milestone_id,
        project_id=project_id,
        status="draft",
        progress=0,
        attempt=1,
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        **fields,
    )


def change(caller: Caller, milestone_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of a milestone and return it.

    Raises ProjectMilestoneNotFound, RoleRequired, versions.VersionChanged, MilestoneFinal, UnderReview, SubjectFrozen,
    InvoiceOpen, InvalidInput, HasChildren, ParentNotPossible, DependencyCycle.
    """
    counter = children.key(caller.tenant_id, milestone_id)

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id, also=[counter])
        before = opened.milestone
        versions.require(if_match, before.version)
        _require_author(opened.standing, fields)
        after, more = _patched(opened, fields)
        after = after._replace(updated_at=clock.to_rfc3339(now), version=before.version + 1)
        moved = {} if before.parent_id in (None, after.parent_id) else {"former_parent_id": before.parent_id}
        told = happenings.happened("updated", after, now, more=moved)
        if binding.is_other(before, after, opened.source, fields):
            told, opened = [*told, *_bound(caller, after, opened.source, now)], opened._replace(source=None)
        writes = [*writing.changed(before, after), *more, *told]
        return Plan(views.milestone(after, opened, now), writes)

    return changes.make(plan)


def _bound(caller: Caller, milestone: ProjectMilestone, before: Source | None, now: Instant) -> list[Write]:
    """Return the writes that bind a milestone to the source that it names. Raises InvalidInput."""
    writes, event, asked = binding.bound(caller, milestone, before, now)
    return writes if event is None else [*writes, *happenings.happened(event, milestone, now, more=asked)]


def delete(caller: Caller, milestone_id: str, *, if_match: str | None) -> None:
    """Delete a milestone that is a draft or cancelled; its history stays.

    Raises ProjectMilestoneNotFound, RoleRequired, versions.VersionChanged, MilestoneNotDeletable, EvidenceKept,
    EscalationsKept, DependantsExist, InvoiceOpen, HasChildren.
    """
    counter = children.key(caller.tenant_id, milestone_id)

    def plan() -> Plan[None]:
        now = clock.now()
        opened = opening.milestone(caller, milestone_id, also=[counter])
        found = opened.milestone
        versions.require(if_match, found.version)
        opened.standing.require("manager", "creator")
        read = _deletable(opened)
        gone = found._replace(version=found.version + 1)
        place = milestones.partition(found.tenant_id, found.project_milestone_id)
        writes: list[Write] = [
            Delete(milestones.key(found.tenant_id, milestone_id), unchanged(found.version)),
            Delete(entries.key(found)),
            Delete(gates.key(found)),
            graph.changed(found.tenant_id, found.project_id, read.version),
            *_uncounted(opened),
            *([] if opened.source is None else [sources.gone(opened.source)]),
            *children.added(found, None),
            Delete(counter, children.require_none(found, children.of(opened.others[0])).condition),
            *_disowned(found.tenant_id, place, opened.primary),
            *totals.added(found.tenant_id, found.project_id, counting.change(found, None)),
            gates.require_uninvoiced(found, opened.billing),
            open_escalations.still(place, opened.escalations),
            *happenings.happened("deleted", gone, now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def _deletable(opened: Opened) -> Graph:
    """Require that a milestone may be deleted, and return the graph of its project.

    Raises MilestoneNotDeletable, EvidenceKept, EscalationsKept, DependantsExist.
    """
    found = opened.milestone
    if found.status not in ("draft", "cancelled"):
        raise MilestoneNotDeletable(found.status)
    if opened.counts.pieces:
        raise EvidenceKept
    if opened.escalations.version:
        raise EscalationsKept
    read = graph.read(found.tenant_id, found.project_id)
    dependants = read.dependants(found.project_milestone_id)
    if dependants:
        raise DependantsExist(dependants)
    return read


def _disowned(tenant_id: str, place: str, primary: Primary | None) -> list[Write]:
    """Return the writes that end all ownership of a milestone."""
    items = _owners(place)
    people = [owners.from_item(item) for item in items]
    # Whoever is listed no more has given their work back when the milestone was closed.
    busy = [owners.from_item(item) for item in items if owners.is_listed(item)]
    back = workloads.given_back(tenant_id, busy)
    lock = [] if primary is None else [owners.released(place, primary)]
    return [*[Delete(owners.key(place, each.user_id), unchanged(each.version)) for each in people], *lock, *back]


def _uncounted(opened: Opened) -> list[Write]:
    """Return the write that removes the counts of evidence, of which there is still none."""
    found = opened.milestone
    place = milestones.partition(found.tenant_id, found.project_milestone_id)
    check = requirements.still(place, opened.counts)
    return [Delete(check.key, check.condition)] if opened.counts.version else [check]


def _require_author(standing: Standing, fields: Mapping[str, Any]) -> None:
    """Require that somebody may write these fields: amounts are for those who see them. Raises RoleRequired."""
    standing.require("manager", "creator")
    tells_amount = fields.get("amount_minor_units") is not None or policy.tells_amounts(
        fields.get("verification_policy")
    )
    if tells_amount and not standing.sees_amounts:
        raise RoleRequired("manager")


def _priced(milestone: ProjectMilestone, currency: str) -> ProjectMilestone:
    return milestone._replace(currency=None if milestone.amount_minor_units is None else currency)


def _require_sound(milestone: ProjectMilestone) -> None:
    """Require that the fields of a milestone fit each other. Raises InvalidInput."""
    if milestone.start_on and milestone.due_on and milestone.due_on < milestone.start_on:
        raise InvalidInput.of("due_on", "must not be before start_on")
    if milestone.progress_source == "checklist" and not milestone.completion_criteria:
        raise InvalidInput.of("progress_source", "must not be checklist without completion_criteria")
    if milestone.progress_source == "hours" and not milestone.estimated_hours:
        raise InvalidInput.of("progress_source", "must not be hours without estimated_hours")
    if milestone.amount_minor_units is not None and policy.approves_by_time(milestone.verification_policy):
        raise InvalidInput.of("verification_policy", "must not approve by time (on_timeout) where an amount is due")
    binding.require_sound(milestone)


def _patched(opened: Opened, fields: Mapping[str, Any]) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone with other fields, and the writes and checks that go with that."""
    before = opened.milestone
    if before.status in transition.FINAL:
        raise MilestoneFinal(before.status)
    after = before._replace(**fields)
    agreed = [name for name in _AGREED if getattr(after, name) != getattr(before, name)]
    if agreed and before.stage in transition.SUBMITTED:
        raise UnderReview if before.stage == "completed" else SubjectFrozen
    _require_sound(after)
    more: list[Write] = []
    is_leaf = after.amount_minor_units is not None and "amount_minor_units" in agreed
    if is_leaf or after.parent_id != before.parent_id:
        more.append(children.require_none(before, children.of(opened.others[0])))
    if after.parent_id != before.parent_id:
        after, unmoved = parents.placed(after)
        more += unmoved
    if "amount_minor_units" in agreed:
        after, checks = _repriced(opened, after)
        more += checks
    if before.stage == "in_progress":
        after = progress.followed(after)
    return after, [*more, *_owners_due(before, after)]


def _repriced(opened: Opened, after: ProjectMilestone) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone with another amount, in the currency that the project has, and the checks of that."""
    if not opened.standing.sees_amounts:
        raise RoleRequired("manager")
    place = projects.key(after.tenant_id, after.project_id)
    item = table.get(place, consistent=True)
    if item is None:
        raise ProjectNotFound
    currency = projects.from_item(item).currency
    checks: list[Write] = [
        gates.require_uninvoiced(after, opened.billing),
        Check(place, projects.is_in_currency(currency)),
    ]
    return _priced(after, currency), checks


def _owners_due(before: ProjectMilestone, after: ProjectMilestone) -> list[Write]:
    """Return the writes that list the owners of a milestone by another due date."""
    if before.due_on == after.due_on:
        return []
    place = milestones.partition(after.tenant_id, after.project_milestone_id)
    found = [owners.from_item(item) for item in _owners(place)]
    return [Put(owners.to_item(place, each, after.due_on), unchanged(each.version)) for each in found]


def _owners(partition: str) -> list[Item]:
    return table.query(partition, owners.PREFIX, limit=owners.MOST, consistent=True).items
