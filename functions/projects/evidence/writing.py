"""The writes by which evidence changes: itself, the counts of its milestone, what is told, and a completion."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects import requirements
from functions.projects.evidence import counting, evidence, losing
from functions.projects.evidence.evidence import PRESENT, Evidence
from functions.projects.milestones import commands, happenings, milestones, transition, writing
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.refusals import SubjectFrozen, UnderReview
from functions.projects.requirements import Counts
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Check, Condition, Write, unchanged

_NOT_FINAL = Condition(
    "#status <> :approved AND #status <> :cancelled",
    {"#status": "status"},
    {f":{status}": status for status in sorted(transition.FINAL)},
)
_FOR_THE_UPLOADER = frozenset({"verified", "rejected", "expired"})


class Change(NamedTuple):
    """A piece of evidence before and after something happens to it; None where it is not there."""

    what: str
    before: Evidence | None
    after: Evidence | None

    @property
    def present(self) -> Evidence:
        """The piece as it is after that, or as it was when it went."""
        found = self.after or self.before
        assert found is not None  # noqa: S101 - one of them is there
        return found


def written(milestone: ProjectMilestone, counts: Counts, changes: Sequence[Change], now: Instant) -> list[Write]:
    """Return the writes of changes of the evidence of a milestone; the last that was missing completes it."""
    after = counting.changed(counts, [(each.before, each.after) for each in changes])
    writes: list[Write] = [requirements.put(_partition(milestone), counts, after)]
    for each in changes:
        writes += [*_stored(each), *told(each.what, milestone, each.present, now)]
    moved, more = losing.followed(milestone, counts, after, now)
    writes += more
    return writes if moved != milestone else [*writes, *_completion(milestone, after, now)]


def require_unreviewed(milestone: ProjectMilestone, piece: Evidence) -> None:
    """Require that no layer has decided, or is to decide, on evidence that is about to go.

    Raises UnderReview, SubjectFrozen.
    """
    if piece.status in PRESENT and is_kept(milestone):
        raise UnderReview if milestone.stage == "completed" else SubjectFrozen


def is_kept(milestone: ProjectMilestone) -> bool:
    """Return whether evidence stays because layers decide on it, or have; what comes now supersedes nothing."""
    return milestone.stage == "completed" or (
        milestone.stage in transition.SUBMITTED and milestone.verification_policy is not None
    )


def told(what: str, milestone: ProjectMilestone, piece: Evidence, now: Instant) -> list[Write]:
    """Return the writes of the event `projects.evidence.<what>` and of its entry in the history of the milestone.

    It has no text that people wrote, and no name of a file.
    """
    more = {"evidence_id": piece.evidence_id, "evidence_status": piece.status}
    concerns = [Concern(piece.uploaded_by, "owner")] if what in _FOR_THE_UPLOADER else []
    return happenings.happened(what, milestone, now, noun="evidence", more=more, concerns=concerns)


def _partition(milestone: ProjectMilestone) -> str:
    return milestones.partition(milestone.tenant_id, milestone.project_milestone_id)


def _stored(change: Change) -> list[Write]:
    before, after = change.before, change.after
    if after is None:
        return [*evidence.gone(change.present)]
    return [*evidence.born(after)] if before is None else [evidence.changed(before, after)]


def _completion(milestone: ProjectMilestone, counts: Counts, now: Instant) -> list[Write]:
    """Return the writes that complete a milestone for which this was all that was missing, or else a check of it."""
    if milestone.status in transition.FINAL:
        return []
    place = milestones.key(milestone.tenant_id, milestone.project_milestone_id)
    if milestone.status != "in_progress" or not milestone.evidence_requirements:
        return [Check(place, _NOT_FINAL)]
    if not commands.is_proved(milestone, counts):
        return [Check(place, unchanged(milestone.version))]
    steps = commands.steps_of(milestone, "complete", None, is_complete=True)
    done, announced = commands.through(milestone, milestone, steps, now)
    return [*writing.changed(milestone, done), *announced]
