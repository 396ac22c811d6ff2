"""How a probe is opened for a caller: itself, its milestone, and who the caller is there."""

from typing import NamedTuple

from functions.projects.milestones import milestones, opening
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.milestones.opening import Opened as OpenedMilestone
from functions.projects.people import access
from functions.projects.probes import probes
from functions.projects.probes.probes import Pointer, Probe, ProbeNotFound, Probes
from shared.callers.caller import Caller
from shared.storage import records, table


class Opened(NamedTuple):
    """A probe that the caller may see, all probes of its milestone, and that."""

    probe: Probe
    every: Probes
    of: OpenedMilestone

    @property
    def milestone(self) -> ProjectMilestone:
        """The milestone."""
        return self.of.milestone

    @property
    def partition(self) -> str:
        """The partition of the milestone."""
        return milestones.partition(self.milestone.tenant_id, self.milestone.project_milestone_id)


def probe(caller: Caller, probe_id: str, *, consistent: bool = True) -> Opened:
    """Return a probe that the caller may see; three calls. Raises ProbeNotFound."""
    pointer = table.get(probes.pointer_key(caller.tenant_id, probe_id), consistent=consistent)
    if pointer is None:
        raise ProbeNotFound
    milestone_id = records.from_item(Pointer, pointer).project_milestone_id
    try:
        every, found = of_milestone(caller, milestone_id, consistent=consistent)
    except ProjectMilestoneNotFound as error:
        raise ProbeNotFound from error
    opened = Opened(every.find(probe_id), every, found)
    if not is_shown(opened.probe, found):
        raise ProbeNotFound
    return opened


def is_shown(probe: Probe, found: OpenedMilestone) -> bool:
    """Return whether the caller may know of a probe: what calls addresses is for the project's own people alone."""
    standing = found.standing
    return probe.call is None or (not standing.is_guest and (found.is_primary or standing.is_any(*access.SEES_NOTES)))


def of_milestone(caller: Caller, milestone_id: str, *, consistent: bool = True) -> tuple[Probes, OpenedMilestone]:
    """Return the probes of a milestone that the caller may see; two calls. Raises ProjectMilestoneNotFound."""
    own = probes.key(milestones.partition(caller.tenant_id, milestone_id))
    found = opening.milestone(caller, milestone_id, also=[own], consistent=consistent)
    return probes.of(found.others[0]), found
