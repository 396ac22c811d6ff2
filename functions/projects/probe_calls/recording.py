"""What came of a call is written once, under the version of the probes, and moves the milestone as an answer does.

It moves it in the name of whoever has set the call, by what they may do now, and by the guards of their own routes.
What these refuse is said with the run, for nobody is there who could be told.
"""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects.milestones import milestones, transition
from functions.projects.milestones import opening as milestone_opening
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people import access, members
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.probe_calls.calling import Result
from functions.projects.probes import answering, asking, probes
from functions.projects.probes.answering import Moved, Sent
from functions.projects.probes.calls import Call, Called
from functions.projects.probes.opening import Opened
from shared import clock
from shared.callers import auth, project_members
from shared.clock import Instant
from shared.errors import Conflict, Forbidden, NotAllowed
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Check, Write, unchanged


class Begun(NamedTuple):
    """Which run has begun to call an address."""

    tenant_id: str
    project_milestone_id: str
    probe_id: str
    run_id: str


class _Tried(NamedTuple):
    """A milestone as an answer leaves it, the checks of that, and the code of what has refused to move it."""

    moved: Moved
    still: Sequence[Write] = ()
    unmoved: str | None = None


def waiting(which: Begun) -> Opened | None:
    """Return a probe that waits for its call; None if it does no more, or the milestone is over. Two calls or three."""
    place = probes.key(milestones.partition(which.tenant_id, which.project_milestone_id))
    every = probes.of(table.get(place, consistent=True))
    probe = next((each for each in every.probes if each.run_id == which.run_id), None)
    found = None if probe is None else milestone_opening.by_itself(which.tenant_id, which.project_milestone_id)
    if probe is None or probe.call is None or found is None or found.milestone.status in transition.FINAL:
        return None
    return Opened(probe, every, found)


def record(which: Begun, call: Call, result: Result) -> None:
    """Write what came of a call, unless its run waits no more: somebody else has written it, or it has ended.

    The call is the one that was made, whatever the probe calls by now.
    """

    def plan() -> Plan[None]:
        now, opened = clock.now(), waiting(which)
        if opened is None:
            return Plan(None)
        if result.sent is None:
            return Plan(None, _failed(opened, result, now))
        return Plan(None, _answered(opened, call, result.called, result.sent, now))

    changes.make(plan)


def _failed(opened: Opened, result: Result, now: Instant) -> list[Write]:
    after, writes = asking.missed(opened.milestone, opened.probe, now, result.called)
    after = after._replace(updated_at=clock.to_rfc3339(now), version=opened.probe.version + 1)
    return [probes.with_one(opened.partition, opened.every, after), *writes]


def _answered(opened: Opened, call: Call, called: Called, sent: Sent, now: Instant) -> list[Write]:
    tried = _tried(opened, call, sent, now)
    said = called._replace(unmoved=tried.unmoved)
    _, writes = answering.answered(opened, None, sent, tried.moved, now, called=said)
    return [*writes, *tried.still]


def _tried(opened: Opened, call: Call, sent: Sent, now: Instant) -> _Tried:
    """Return what an answer does to the milestone; it stays as it is if whoever has set the call may not move it."""
    if sent.state != "done" and sent.progress in (None, opened.milestone.progress):
        return _Tried(Moved(opened.milestone))
    try:
        standing, still = _author(opened.milestone, call.set_by)
        of = opened.of._replace(standing=standing)
        return _Tried(answering.moved(opened._replace(of=of), sent, now), still)
    except (Conflict, Forbidden, NotAllowed) as refusal:
        return _Tried(Moved(opened.milestone), unmoved=refusal.code)


def _author(milestone: ProjectMilestone, user_id: str) -> tuple[Standing, list[Write]]:
    """Return who has set a call, as they stand in the project, and the checks of that. Raises RoleRequired."""
    keys = [
        project_members.key(milestone.tenant_id, milestone.project_id, user_id),
        auth.membership_key(milestone.tenant_id, user_id),
    ]
    member, of_tenant = items = table.get_many(keys, consistent=True)
    if of_tenant is None or not auth.is_member(of_tenant) or of_tenant["role"] not in access.WORKING:
        raise RoleRequired("manager", "primary owner")
    roles = frozenset(members.from_item(member).roles) if member is not None else frozenset()
    still: list[Write] = [
        Check(key, unchanged(item["version"])) for key, item in zip(keys, items, strict=True) if item is not None
    ]
    return Standing(user_id, roles, of_tenant["role"] in access.LEADING), still
