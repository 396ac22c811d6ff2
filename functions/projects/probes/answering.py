"""How whoever was asked answers a probe, and what that does to the milestone, by the guards of its own routes."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects.milestones import commands, guards
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.probes import asking, lifecycle, opening, probes
from functions.projects.probes.calls import Called
from functions.projects.probes.lifecycle import View
from functions.projects.probes.opening import Opened
from functions.projects.probes.probes import Probe, State
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


class ProbeCallsAddress(Conflict):
    """409: an address answers this probe."""

    def __init__(self) -> None:
        super().__init__("An address answers this probe, and no person. Run it to call the address now.")


class Sent(NamedTuple):
    """What somebody answers."""

    state: State
    comment: str
    progress: int | None = None


class Moved(NamedTuple):
    """A milestone as an answer leaves it, and the writes of that."""

    milestone: ProjectMilestone
    writes: Sequence[Write] = ()


def answer(caller: Caller, probe_id: str, sent: Sent, *, claim: Claim | None = None) -> Answer:
    """Answer a probe and return it. `done` completes the milestone, and progress is set as by its own route.

    Raises ProbeNotFound, ProbeCallsAddress, ProbeNotYours, ProbeNotOpen, and what guards the events `complete` and
    `progress`.
    """

    def plan() -> Plan[View]:
        now, opened = clock.now(), opening.probe(caller, probe_id)
        if opened.probe.call is not None:
            raise ProbeCallsAddress
        if caller.user_id != opened.probe.asked_id and not opened.of.is_primary:
            raise ProbeNotYours
        after, writes = answered(opened, caller.user_id, sent, moved(opened, sent, now), now)
        return Plan(lifecycle.view(opened._replace(probe=after)), writes)

    return changes.make(plan, claim=claim)


def answered(
    opened: Opened, person: str | None, sent: Sent, moved: Moved, now: Instant, *, called: Called | None = None
) -> tuple[Probe, list[Write]]:
    """Return a probe that somebody has answered, or an address, and the writes of that and of what it moves.

    Raises ProbeNotOpen.
    """
    run = probes.run_of(
        opened.probe,
        outcome="answered",
        state=sent.state,
        progress=sent.progress,
        comment=sent.comment,
        answered_by=person,
        ended_at=clock.to_rfc3339(now),
        called=None if called is None else called._asdict(),
    )
    if run is None:
        raise ProbeNotOpen
    after = probes.waiting_no_more(opened.probe)._replace(
        misses=0, updated_at=clock.to_rfc3339(now), version=opened.probe.version + 1
    )
    told = asking.happened("answered", moved.milestone, after, now, more={"state": sent.state})
    written = [probes.with_one(opened.partition, opened.every, after), probes.ran(opened.partition, run)]
    return after, [*written, *moved.writes, *told]


def moved(opened: Opened, sent: Sent, now: Instant) -> Moved:
    """Return the milestone after an answer, and the writes of that. Raises ProbeNotOpen, and what guards its events."""
    if opened.probe.run_id is None:
        raise ProbeNotOpen
    if sent.state == "done":
        return Moved(*commands.happening(opened.of, "complete", guards.GUARDS["complete"], now))
    if sent.progress is not None and sent.progress != opened.milestone.progress:
        return Moved(*commands.happening(opened.of, "progress", commands.progressed(sent.progress), now))
    return Moved(opened.milestone)
