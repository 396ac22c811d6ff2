"""What must hold before an event happens to a milestone: who may let it happen, and in which state of things."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects.dependencies.dependencies import BEFORE_FINISH, BEFORE_START
from functions.projects.dependencies.standing import Open
from functions.projects.layers import policy, seating
from functions.projects.milestones import gates, milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone, Source
from functions.projects.milestones.opening import Opened
from functions.projects.milestones.transition import Event, Status
from functions.projects.people import owners
from shared.callers import project_members
from shared.errors import Conflict, Forbidden, NotAllowed, NotFound
from shared.storage.writes import PRESENT, Check, Write


class TransitionNotAllowed(Conflict):
    """409: the present status does not allow this transition."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"A milestone that is {status} does not take `{event}`.")
        self._told = {"from": status, "event": event, "allowed": transition.allowed(status)}

    @property
    def members(self) -> Mapping[str, Any]:
        """The status, the event, and the events that the status takes."""
        return self._told


class OwnerMissing(Conflict):
    """409: a milestone is activated when it has a primary owner who has accepted and is a member of the project."""

    def __init__(self) -> None:
        super().__init__(
            "The milestone has no primary owner who has accepted and is a member of the project. Assign one first."
        )


class CriteriaOpen(Conflict):
    """409: criteria of the milestone are not met, or evidence is missing; `completion_blocked_by` says which."""

    def __init__(self, keys: list[str]) -> None:
        super().__init__("Criteria of the milestone are not met yet, or evidence of it is missing.")
        self._keys = keys

    @property
    def members(self) -> Mapping[str, Any]:
        """The keys of the open criteria, and of missing evidence as `evidence:<key>`."""
        return {"completion_blocked_by": self._keys}


class DependenciesOpen(Conflict):
    """409: milestones that this one depends on are not as far as it takes; `open_dependencies` says which and why."""

    def __init__(self, found: Sequence[Open]) -> None:
        super().__init__("The milestone depends on others that are not as far as it takes.")
        self._open = [each.view for each in found]

    @property
    def members(self) -> Mapping[str, Any]:
        """The open dependencies."""
        return {"open_dependencies": self._open}


class SeparationOfDuties(Forbidden):
    """403: those whose milestone it is, or who brought its evidence, do not decide on it."""

    def __init__(self) -> None:
        super().__init__(
            "Whoever submitted a milestone, is its primary owner, or brought its evidence does not decide on it. "
            "Ask somebody else."
        )


class ProgressDerived(Conflict):
    """409: the progress follows something else, and is not set."""

    def __init__(self, source: Source) -> None:
        super().__init__(f"The progress of this milestone follows its {source}, and is not set.")


class ProgressDecreased(NotAllowed):
    """422: the progress goes down only where `allow_decrease` is set."""

    def __init__(self, progress: int) -> None:
        super().__init__(f"The progress is {progress} % and goes down only where `allow_decrease` is set.")


class CriterionNotFound(NotFound):
    """404: the milestone has no criterion with this key."""

    def __init__(self) -> None:
        super().__init__("The milestone has no criterion with this key.")


class Guarded(NamedTuple):
    """A milestone as a command makes it before its status changes, and the checks of the guard.

    `after` is the status that follows where an event has several.
    """

    milestone: ProjectMilestone
    checks: list[Write]
    after: Status | None = None


def _activated(opened: Opened) -> Guarded:
    opened.standing.require("manager", "creator")
    found, primary = opened.milestone, opened.primary
    if primary is None or not primary.is_active:
        raise OwnerMissing
    place = milestones.partition(found.tenant_id, found.project_milestone_id)
    member = project_members.key(found.tenant_id, found.project_id, primary.user_id)
    if not opened.primary_is_member:
        raise OwnerMissing
    if found.verification_policy:
        people = seating.read(found.tenant_id, found.project_id, place)
        seating.require_enough(policy.rules_of(found.verification_policy), people, primary.user_id)
    is_blocked = bool(opened.open(found, BEFORE_START))
    checks: list[Write] = [owners.still_held(place, primary), Check(member, PRESENT)]
    return Guarded(found._replace(is_blocked=is_blocked), checks, "pending" if is_blocked else "active")


def _started(opened: Opened) -> Guarded:
    opened.require_worker()
    found = opened.milestone
    waiting_for = opened.open(found, BEFORE_START)
    if waiting_for:
        raise DependenciesOpen(waiting_for)
    return Guarded(found._replace(is_blocked=False), [*opened.still(BEFORE_START)])


def _completed(opened: Opened) -> Guarded:
    opened.require_worker()
    found = opened.milestone
    waiting_for = opened.open(found, BEFORE_FINISH)
    if waiting_for:
        raise DependenciesOpen(waiting_for)
    blocked_by = opened.blocked_by(found)
    if blocked_by:
        raise CriteriaOpen(blocked_by)
    return Guarded(found._replace(progress=100), [])


def _recalled(opened: Opened) -> Guarded:
    found = opened.milestone
    if found.submitted_by != opened.standing.user_id:
        opened.standing.require("manager")
    again = found._replace(attempt=found.attempt + 1)
    return Guarded(again, [gates.require_uncommitted(found, opened.billing)])


def _accepted(opened: Opened) -> Guarded:
    found = opened.milestone
    opened.standing.require("client" if found.acceptance == "client" else "manager")
    if opened.is_primary:
        raise SeparationOfDuties
    place = milestones.partition(found.tenant_id, found.project_milestone_id)
    primary = opened.primary
    approved = found._replace(approved_by=sorted({*found.approved_by, opened.standing.user_id}))
    return Guarded(approved, [owners.still_free(place) if primary is None else owners.still_held(place, primary)])


def _rejected(opened: Opened) -> Guarded:
    checks = [*_accepted(opened).checks, gates.require_uncommitted(opened.milestone, opened.billing)]
    return Guarded(opened.milestone._replace(approved_by=()), checks)


def _reworked(opened: Opened) -> Guarded:
    opened.require_worker()
    found = opened.milestone
    again = found._replace(attempt=found.attempt + 1, progress=found.rework_progress)
    return Guarded(again, [gates.require_uncommitted(found, opened.billing)])


def _cancelled(opened: Opened) -> Guarded:
    opened.standing.require("manager")
    found = opened.milestone._replace(held_by=[], held_for={})
    return Guarded(found, [gates.require_uninvoiced(opened.milestone, opened.billing)])


GUARDS: Final[Mapping[Event, Callable[[Opened], Guarded]]] = {
    "activate": _activated,
    "start": _started,
    "complete": _completed,
    "recall": _recalled,
    "accept": _accepted,
    "reject": _rejected,
    "rework": _reworked,
    "cancel": _cancelled,
}
"""The guard of each event that a person lets happen."""
