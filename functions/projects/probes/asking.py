"""How a probe asks, reminds, and gives up: what time does, and people who let it ask now.

A run that is not answered when the next one is due is missed. What was due several times is asked once.
"""

from collections.abc import Mapping
from typing import Any

from functions.projects.layers import outsiders
from functions.projects.milestones import happenings, milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.owners import Primary
from functions.projects.probes import probes
from functions.projects.probes.probes import Probe, Probes
from shared import clock, ids
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write

_UNASKED = transition.FINAL | {"draft"}
"""Nobody is asked about a milestone in these statuses."""


def due(milestone: ProjectMilestone, found: Probes, primary: Primary | None, now: Instant) -> list[Write]:
    """Return the writes of the next thing that is due of the probes of a milestone, none if nothing is."""
    for probe in found.probes:
        if milestone.status in transition.FINAL:
            if probe.next_at is not None or probe.run_id is not None:
                return ended(milestone, found, probe, now)
        elif probe.next_at is not None and clock.from_stored(probe.next_at) <= now:
            return asked(milestone, found, probe, primary, now)[1]
        elif probe.remind_at is not None and clock.from_stored(probe.remind_at) <= now:
            return _reminded(milestone, found, probe, now)
    return []


def next_at(milestone: ProjectMilestone, found: Probes) -> list[Instant]:
    """Return the instants at which something will be due of probes."""
    if milestone.status in transition.FINAL:
        return []
    moments = [at for each in found.probes for at in (each.next_at, each.remind_at) if at is not None]
    return [clock.from_stored(at) for at in moments]


def asked(
    milestone: ProjectMilestone, found: Probes, probe: Probe, primary: Primary | None, now: Instant
) -> tuple[Probe, list[Write]]:
    """Return a probe that asks the primary owner now, or who is outside, and the writes; else nobody is asked."""
    place, moment = _place(milestone), clock.to_rfc3339(now)
    after, writes = _missed(milestone, probe, now)
    following = after.follows(now) if probe.status == "active" else None
    after = after._replace(next_at=following, updated_at=moment, version=probe.version + 1)
    asked_id = _whom(milestone, probe, primary)
    if asked_id is None:
        return after, [probes.with_one(place, found, after), *writes]
    remind_at = clock.to_rfc3339(now + probes.REMINDED_AFTER)
    after = after._replace(
        run_id=ids.new(probes.RUN_ID, at=now), asked_id=asked_id, asked_at=moment, remind_at=remind_at
    )
    run = probes.run_of(after)
    writes += [] if run is None else [probes.ran(place, run)]
    told = happened("asked", milestone, after, now, concerns=_concerned(after))
    return after, [probes.with_one(place, found, after), *writes, *told]


def ended(milestone: ProjectMilestone, found: Probes, probe: Probe, now: Instant) -> list[Write]:
    """Return the writes by which a probe asks no more, waits for nothing, and has no address any more."""
    return _closed("ended", milestone, found, probe, now)


def unasked(milestone: ProjectMilestone, found: Probes, probe: Probe, now: Instant) -> list[Write]:
    """Return the writes by which a probe pauses, waits for nothing, and has no address any more."""
    return _closed("paused", milestone, found, probe._replace(status="paused"), now)


def _closed(what: str, milestone: ProjectMilestone, found: Probes, probe: Probe, now: Instant) -> list[Write]:
    place, moment = _place(milestone), clock.to_rfc3339(now)
    run = probes.run_of(probe, outcome="ended", ended_at=moment)
    after = probes.waiting_no_more(probe)._replace(next_at=None, misses=0, outside=None)
    after = after._replace(updated_at=moment, version=probe.version + 1)
    ran = [] if run is None else [probes.ran(place, run)]
    return [probes.with_one(place, found, after), *ran, *happened(what, milestone, after, now)]


def happened(
    what: str,
    milestone: ProjectMilestone,
    probe: Probe,
    now: Instant,
    *,
    concerns: list[Concern] | None = None,
    more: Mapping[str, Any] | None = None,
) -> list[Write]:
    """Return the writes of the event `projects.probe.<what>` and of its entry in the history of the milestone."""
    named = {"probe_id": probe.probe_id, "misses": probe.misses, **(more or {})}
    return happenings.happened(what, milestone, now, noun="probe", more=named, concerns=concerns or [])


def _missed(milestone: ProjectMilestone, probe: Probe, now: Instant) -> tuple[Probe, list[Write]]:
    """Return a probe that waits for nothing, and the writes of the run that nobody has answered."""
    run = probes.run_of(probe, outcome="missed", ended_at=clock.to_rfc3339(now))
    if run is None:
        return probe, []
    after = probes.waiting_no_more(probe)._replace(misses=probe.misses + 1)
    return after, [probes.ran(_place(milestone), run), *happened("missed", milestone, after, now)]


def _reminded(milestone: ProjectMilestone, found: Probes, probe: Probe, now: Instant) -> list[Write]:
    after = probe._replace(remind_at=None, updated_at=clock.to_rfc3339(now), version=probe.version + 1)
    told = happened("reminded", milestone, after, now, concerns=_concerned(probe))
    return [probes.with_one(_place(milestone), found, after), *told]


def _whom(milestone: ProjectMilestone, probe: Probe, primary: Primary | None) -> str | None:
    """Return whom a probe asks now, None for nobody."""
    if milestone.status in _UNASKED:
        return None
    if probe.outsider is not None:
        return outsiders.id_of(milestone.project_milestone_id, probe.outsider.address)
    return primary.user_id if primary is not None and primary.is_active else None


def _concerned(probe: Probe) -> list[Concern]:
    """Return who hears of what a probe asks: people from outside by mail alone."""
    if probe.asked_id is None or outsiders.is_outside(probe.asked_id):
        return []
    return [Concern(probe.asked_id, "owner")]


def _place(milestone: ProjectMilestone) -> str:
    return milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
