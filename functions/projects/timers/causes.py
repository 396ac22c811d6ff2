"""What there is to escalate of a milestone although nobody says so. No I/O."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from functions.projects import escalations
from functions.projects.dependencies import dependencies
from functions.projects.escalations import Kind, ReasonCode, Severity, Trigger
from functions.projects.layers import clocks
from functions.projects.layers.layers import Layer
from functions.projects.milestones import progress, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.payment_troubles import Trouble
from functions.projects.timers import timeouts
from functions.projects.timers.seeing import Seen
from shared import clock
from shared.clock import Instant
from shared.teamwork.absences import Absence

_TROUBLES: Final[Mapping[Trouble, str]] = {
    "failed": "A payment has failed, and is not tried again by itself.",
    "held": "A payment is held, and does not go on by itself.",
    "stalled": "The gateway has not brought a payment or a refund to its end in time.",
    "deposit_awaited": "A payment has failed, and the deposits do not cover its next attempt.",
    "contradicted": "The gateway tells of a transfer that does not agree with a payment.",
    "refund_failed": "The gateway has not paid back what was asked.",
}


class Cause(NamedTuple):
    """Why an escalation is raised by itself, and what that is like."""

    trigger: Trigger
    trigger_id: str
    kind: Kind
    severity: Severity
    reason_code: ReasonCode
    details: str = ""
    blocks_work: bool = False

    @property
    def key(self) -> str:
        """What it is known by."""
        return escalations.cause(self.trigger, self.trigger_id)


def all_of(seen: Seen, now: Instant) -> list[Cause]:
    """Return what there is to escalate of a milestone, whether or not it is known."""
    return [*_late(seen, now), *_of_layers(seen, now), *_without_prerequisite(seen), *_silent(seen), *_unpaid(seen)]


def waits(cause: Cause, seen: Seen) -> bool:
    """Return whether a cause is not escalated yet: clocks stand still while a milestone is escalated.

    One that blocks work has an escalation of its own, of another kind if need be, and waits while there is one of each.
    """
    if cause.blocks_work:
        return seen.opened.escalations.free(cause.kind) is None
    return seen.is_stopped and cause.trigger in ("overdue_milestone", "overdue_verification")


def late_at(seen: Seen) -> Instant | None:
    """Return when the last day of a milestone is over, None without one, or when nobody works on it any more."""
    milestone = seen.milestone
    if milestone.due_on is None or milestone.stage not in progress.WORKED_ON or seen.is_stopped:
        return None
    return progress.end_of(milestone.due_on, seen.project.time_zone)


def _late(seen: Seen, now: Instant) -> Iterator[Cause]:
    milestone = seen.milestone
    if milestone.due_on is None or milestone.stage not in progress.WORKED_ON:
        return
    end = progress.end_of(milestone.due_on, seen.project.time_zone)
    if end is not None and end <= now:
        yield Cause("overdue_milestone", milestone.due_on, "delay", _severity(milestone), "other")


def _of_layers(seen: Seen, now: Instant) -> Iterator[Cause]:
    severity = _severity(seen.milestone)
    for layer in seen.layers:
        if clocks.is_due(layer, now) and timeouts.choice(seen, layer) is None:
            yield Cause("overdue_verification", layer.verification_id, "stakeholder", severity, _who_waits(layer))
        if layer.is_stalled or _lacks_people(layer, seen, now):
            yield Cause("approver_unavailable", layer.verification_id, "resource", severity, "resource_unavailable")


def next_absence(seen: Seen, now: Instant) -> Instant | None:
    """Return when the next of those whom open layers wait for goes away or comes back, None for nobody."""
    found = [clock.from_stored(at) for each in seen.absences for at in (each.starts_at, each.ends_at)]
    return min((at for at in found if at > now), default=None)


def _lacks_people(layer: Layer, seen: Seen, now: Instant) -> bool:
    """Return whether a layer cannot be approved while those are away who have no backup, or allow none."""
    away = {each.user_id for each in seen.absences if each.is_away(now) and _stays_undecided(each, layer)}
    awaited = {*layer.awaited}
    if not away & awaited:
        return False
    decided = {each.user_id for each in layer.counting}
    there = [seat for seat in layer.people if not seat.is_struck and seat.person not in decided | away]
    reached = layer.tally.approving + sum(seat.weight for seat in there)
    return awaited <= away or reached < layer.tally.needed


def _stays_undecided(absence: Absence, layer: Layer) -> bool:
    """Return whether nobody decides in a layer for somebody who is away."""
    return absence.backup_id is None or not layer.policy.allow_delegation


def _without_prerequisite(seen: Seen) -> Iterator[Cause]:
    """Yield the prerequisites that were cancelled, so that what depends on them waits for ever."""
    read = seen.opened.prerequisites
    if read is None or seen.milestone.stage == "draft":
        return
    for each in dependencies.of(seen.milestone.dependencies):
        item = read.found[each.from_id].item
        if not each.is_optional and item is not None and item["status"] == "cancelled":
            yield Cause("dependency_delay", each.from_id, "delay", _severity(seen.milestone), "dependency_delay")


def _silent(seen: Seen) -> Iterator[Cause]:
    """Yield the probes that were not answered twice in a row."""
    if seen.milestone.status in transition.FINAL:
        return
    for each in seen.probes.probes:
        if each.is_silent:
            severity = _severity(seen.milestone)
            yield Cause("silent_probe", each.probe_id, "stakeholder", severity, "resource_unavailable")


def _unpaid(seen: Seen) -> Iterator[Cause]:
    """Yield the payments in trouble that does not end by itself; nobody sees to those of a cancelled milestone here."""
    if seen.milestone.status == "cancelled":
        return
    for payment_id, trouble in seen.payments.troubles.items():
        yield Cause(
            "failed_payment", payment_id, "budget", "high", "payment_issue", _TROUBLES[trouble], blocks_work=True
        )


def _severity(milestone: ProjectMilestone) -> Severity:
    return milestone.priority


def _who_waits(layer: Layer) -> ReasonCode:
    return "client_delay" if layer.policy.kind == "client_review" else "resource_unavailable"
