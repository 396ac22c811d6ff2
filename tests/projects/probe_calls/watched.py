"""A milestone with probes as histories see it: what stands in the table, and what must come of it by the rules."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from functions.projects.milestones import transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probes import probes
from functions.projects.probes.probes import Probe, Run
from functions.projects.timers.seeing import Subject
from shared.storage import records, table
from tests.projects.verification.court import Court


class Left(NamedTuple):
    """What a call comes back to: whether its run still waits, the run, and the milestone."""

    waits: bool
    run: Run
    milestone: ProjectMilestone


class Watched:
    """A milestone of a court."""

    def __init__(self, court: Court, milestone_id: str) -> None:
        self.court, self.which = court, Subject(court.tenant_id, court.project_id, milestone_id)

    @property
    def probes(self) -> list[Probe]:
        return probes.of(table.get(probes.key(self.which.partition), consistent=True)).probes

    @property
    def runs(self) -> list[Run]:
        return [records.from_item(Run, item) for item in table.query_all(self.which.partition, probes.RUNS)]

    @property
    def milestone(self) -> ProjectMilestone:
        return self.court.milestone(self.which.project_milestone_id)

    @property
    def is_over(self) -> bool:
        return self.milestone.status in transition.FINAL

    def run(self, run_id: str) -> Run:
        return next(each for each in self.runs if each.run_id == run_id)

    def waiting(self, run_id: str) -> Probe | None:
        """Return the probe that waits for a run, None if none does."""
        found = next((each for each in self.probes if each.run_id == run_id), None)
        return None if self.is_over else found

    def left(self, run_id: str) -> Left:
        return Left(self.waiting(run_id) is not None, self.run(run_id), self.milestone)


def misses(probe: Probe, runs: Iterable[Run], forgiven: Collection[str]) -> int:
    """Return how many runs of a probe in a row were missed, recounted; those before a pause are forgiven."""
    counted = 0
    for each in sorted(runs, key=lambda each: each.asked_at):
        if each.probe_id == probe.probe_id and each.run_id not in forgiven:
            counted = {"missed": counted + 1, "answered": 0}.get(each.outcome, counted)
    return counted


def wants(before: ProjectMilestone, state: str, percent: int | None) -> bool:
    """Return whether an answer would move a milestone."""
    return state == "done" or percent not in (None, before.progress)


def unmoved(before: ProjectMilestone, state: str, percent: int | None, *, is_there: bool) -> str | None:
    """Return what must refuse an answer to move a milestone, None for nothing; `is_there`: whoever has set the call."""
    if not wants(before, state, percent):
        return None
    is_met = all(each["is_met"] for each in before.completion_criteria)
    reasons = {
        "RoleRequired": not is_there,
        "TransitionNotAllowed": before.status != "in_progress",
        "CriteriaOpen": state == "done" and not is_met,
        "ProgressDerived": percent is not None and before.progress_source != "manual",
        "ProgressDecreased": percent is not None and percent < before.progress and not before.allow_decrease,
    }
    return next((code for code, applies in reasons.items() if applies), None)
