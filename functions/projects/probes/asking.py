"""How a probe asks, reminds, and gives up: what time does, and people who let it ask now.

A run that is not answered when the next one is due is missed. What was due several times is asked once.
"""

from collections.abc import Mapping
from typing import Any

from functions.projects.layers import outsiders
from functions.projects.milestones import happenings, milestones, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.owners import Primary
from functions.projects.probes import calls, probes
from functions.projects.probes.calls import Called
from functions.projects.probes.probes import Probe, Probes
from shared import clock, ids
from shared.clock import Instant
from shared.storage.events import Concern
from shared.storage.writes import Write

_UNASKED = transition.FINAL | {"draft"}
"""Nobody is asked about a milestone in these statuses."""
_NO_RESULT = Called(took_ms=0, failure="no_result")
"""What is said of a call that was never made, or of which nobody could say what came of it."""


def due(milestone: ProjectMilestone, found: Probes, primary: Primary | None, now: Instant) -> list[Write]:
    """Return the writes of the next thing that is due of the probes of a milestone, none if nothing is."""
    for probe in found.probes:
        if milestone.status in transition.FINAL:
            if _is_under_way(probe):
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
    """Return a probe that asks the primary owner now, or who is outside, and the writes; else nobody is asked.

    One that calls an address waits for the call, which begins with the event.
    """
    place, moment = _place(milestone), clock.to_rfc3339(now)
    after, writes = missed(milestone, probe, now, _NO_RESULT if probe.call is not None else None)
    following = after.follows(now) if probe.status == "active" else None
    after = after._replace(next_at=following, updated_at=moment, version=probe.version + 1)
    asked_id = _whom(milestone, probe, primary)
    if asked_id is None:
        return after, [probes.with_one(place, found, after), *writes]
    after = after._replace(run_id=ids.new(probes.RUN_ID, at=now), asked_id=asked_id, asked_at=moment)
    if probe.call is None:
        after = after._replace(remind_at=clock.to_rfc3339(now + probes.REMINDED_AFTER))
        more = {}
    else:
        after = after._replace(called_at=moment)
        more = {"run_id": after.run_id}
    run = probes.run_of(after)
    writes += [] if run is None else [probes.ran(place, run)]
    told = happened("asked", milestone, after, now, concerns=_concerned(after), more=more)
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
    call = None if probe.call is None else calls.without_secret(probe.call)
    after = probes.waiting_no_more(probe)._replace(next_at=None, misses=0, outside=None, call=call)
    after = after._replace(updated_at=moment, version=probe.version + 1)
    ran = [] if run is None else [probes.ran(place, run)]
    return [probes.with_one(place, found, after), *ran, *happened(what, milestone, after, now)]


def missed(
    milestone: ProjectMilestone, probe: Probe, now: Instant, called: Called | None = None
) -> tuple[Probe, list[Write]]:
    """Return a probe that waits for nothing, and the writes of the run that nobody has answered, if there was one."""
    said = None if called is None else called._asdict()
    run = probes.run_of(probe, outcome="missed", ended_at=clock.to_rfc3339(now), called=said)
    if run is None:
        return probe, []
    after = probes.waiting_no_more(probe)._replace(misses=probe.misses + 1)
    more = {} if called is None else {"failure": called.failure}
    return after, [probes.ran(_place(milestone), run), *happened("missed", milestone, after, now, more=more)]


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


def _is_under_way(probe: Probe) -> bool:
    """Return whether a probe asks or waits, or, paused or not, knows an address or a secret to do so."""
    knows = probe.outside is not None or (probe.call or {}).get("sealed") is not None
    return knows or probe.next_at is not None or probe.run_id is not None


def _reminded(milestone: ProjectMilestone, found: Probes, probe: Probe, now: Instant) -> list[Write]:
    after = probe._replace(remind_at=None, updated_at=clock.to_rfc3339(now), version=probe.version + 1)
    told = happened("reminded", milestone, after, now, concerns=_concerned(probe))
    return [probes.with_one(_place(milestone), found, after), *told]


def _whom(milestone: ProjectMilestone, probe: Probe, primary: Primary | None) -> str | None:
    """Return whom a probe asks now, or that it calls an address; None for nobody."""
    if milestone.status in _UNASKED:
        return None
    if probe.call is not None:
        return calls.ADDRESS
    if probe.outsider is not None:
        return outsiders.id_of(milestone.project_milestone_id, probe.outsider.address)
    return primary.user_id if primary is not None and primary.is_active else None


def _concerned(probe: Probe) -> list[Concern]:
    """Return who hears of what a probe asks: people from outside by mail alone, of a call nobody."""
    if probe.asked_id is None or probe.call is not None or outsiders.is_outside(probe.asked_id):
        return []
    return [Concern(probe.asked_id, "owner")]


def _place(milestone: ProjectMilestone) -> str:
    return milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
