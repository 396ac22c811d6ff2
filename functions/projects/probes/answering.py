"""How whoever was asked answers a probe, and what that does to the milestone, by the guards of its own routes."""

from typing import NamedTuple

from functions.projects.milestones import commands, guards
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probes import asking, lifecycle, opening, probes
from functions.projects.probes.lifecycle import View
from functions.projects.probes.opening import Opened
from functions.projects.probes.probes import State
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, Forbidden
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


class ProbeNotOpen(Conflict):
    """409: the probe waits for no answer."""

    def __init__(self) -> None:
        super().__init__("The probe waits for no answer: it was answered, or asks again later.")


class ProbeNotYours(Forbidden):
    """403: a probe is answered by whom it has asked, or by who is the primary owner now."""

    def __init__(self) -> None:
        super().__init__("The probe has asked somebody else, and you are not the primary owner of the milestone.")


class Sent(NamedTuple):
    """What somebody answers."""

    state: State
    comment: str
    progress: int | None = None


def answer(caller: Caller, probe_id: str, sent: Sent, *, claim: Claim | None = None) -> Answer:
    """Answer a probe and return it. `done` completes the milestone, and progress is set as by its own route.

    Raises ProbeNotFound, ProbeNotYours, ProbeNotOpen, and what guards the events `complete` and `progress`.
    """

    def plan() -> Plan[View]:
        now, opened = clock.now(), opening.probe(caller, probe_id)
        if caller.user_id != opened.probe.asked_id and not opened.of.is_primary:
            raise ProbeNotYours
        run = probes.run_of(
            opened.probe,
            outcome="answered",
            state=sent.state,
            progress=sent.progress,
            comment=sent.comment,
            answered_by=caller.user_id,
            ended_at=clock.to_rfc3339(now),
        )
        if run is None:
            raise ProbeNotOpen
        milestone, writes = _followed(opened, sent, now)
        after = probes.waiting_no_more(opened.probe)._replace(
            misses=0, updated_at=clock.to_rfc3339(now), version=opened.probe.version + 1
        )
        told = asking.happened("answered", milestone, after, now, more={"state": sent.state})
        written = [probes.with_one(opened.partition, opened.every, after), probes.ran(opened.partition, run)]
        return Plan(lifecycle.view(opened._replace(probe=after)), [*written, *writes, *told])

    return changes.make(plan, claim=claim)


def _followed(opened: Opened, sent: Sent, now: Instant) -> tuple[ProjectMilestone, list[Write]]:
    """Return the milestone after an answer, and the writes of that. Raises what guards its events."""
    if sent.state == "done":
        return commands.happening(opened.of, "complete", guards.GUARDS["complete"], now)
    if sent.progress is not None and sent.progress != opened.milestone.progress:
        return commands.happening(opened.of, "progress", commands.progressed(sent.progress), now)
    return opened.milestone, []
