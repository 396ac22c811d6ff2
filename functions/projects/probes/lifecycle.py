"""How people create probes of a milestone, change, pause and delete them, and let them ask now."""

from collections.abc import Mapping
from typing import Any, Final

from functions.projects.milestones import milestones, transition
from functions.projects.probes import asking, calls, opening, probes
from functions.projects.probes import schedule as schedules
from functions.projects.probes.calls import Called
from functions.projects.probes.opening import Opened
from functions.projects.probes.probes import Probe, Run, TooManyProbes
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, NotAllowed, TooManyRequests
from shared.storage import changes, records, table, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

View = dict[str, Any]

_BETWEEN_CALLS: Final = 60 * SECOND
_PATIENCE: Final = 600 * SECOND
_OF_QUESTIONS: Final = frozenset({"channels", "outside"})


class ProbeNotPossible(Conflict):
    """409: nobody is asked about this milestone, or by this probe, now."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class ProbeTooOften(NotAllowed):
    """422: people from outside are asked once a day at most."""

    def __init__(self) -> None:
        super().__init__("People from outside are asked once a day at most. Name one hour, or some days or weeks.")


class ProbeTooSoon(TooManyRequests):
    """429: a probe calls its address once a minute at most."""

    def __init__(self, seconds: int) -> None:
        super().__init__(
            "The probe has called its address less than a minute ago. Try again later.",
            headers={"Retry-After": str(seconds)},
        )


class ProbeKindFixed(NotAllowed):
    """422: a probe that calls an address asks no people, and one that asks people calls none."""

    def __init__(self) -> None:
        super().__init__(
            "A probe with a call has no channels and no outside, and one without gets none. Create another."
        )


def create(caller: Caller, milestone_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Create a probe of a milestone and return it.

    Raises ProjectMilestoneNotFound, RoleRequired, TooManyProbes, ProbeNotPossible, ProbeTooOften, Unavailable.
    """
    probe_id = ids.new(probes.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        every, found = opening.of_milestone(caller, milestone_id)
        found.require_worker()
        if found.milestone.status in transition.FINAL:
            raise ProbeNotPossible(f"The milestone is {found.milestone.status}. Nobody is asked about it any more.")
        if len(every.probes) >= probes.MOST:
            raise TooManyProbes
        moment = clock.to_rfc3339(now)
        probe = Probe(
            probe_id,
            **_sealed(caller, probe_id, fields),
            created_by=caller.user_id,
            created_at=moment,
            updated_at=moment,
            version=1,
        )
        _require_seldom(probe)
        probe = probe._replace(next_at=probe.follows(now))
        place = milestones.partition(caller.tenant_id, milestone_id)
        writes: list[Write] = [
            probes.with_one(place, every, probe),
            probes.pointing(caller.tenant_id, probe_id, milestone_id),
            *asking.happened("created", found.milestone, probe, now),
        ]
        return Plan(view(Opened(probe, every, found)), writes)

    return changes.make(plan, claim=claim)


def change(caller: Caller, probe_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of a probe and return it; it asks next when its schedule comes after now.

    Raises ProbeNotFound, RoleRequired, versions.VersionChanged, ProbeTooOften, ProbeKindFixed, Unavailable.
    """

    def changed(opened: Opened, now: Instant) -> tuple[Probe, list[Write]]:
        if _OF_QUESTIONS & {*fields} if opened.probe.call is not None else "call" in fields:
            raise ProbeKindFixed
        after = opened.probe._replace(**_sealed(caller, probe_id, fields))
        _require_seldom(after)
        next_at = None if opened.probe.next_at is None else after.follows(now)
        return _written(opened, after._replace(next_at=next_at), "updated", now)

    shown: View = _moved(caller, probe_id, changed, if_match=if_match)
    return shown


def pause(caller: Caller, probe_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Let a probe ask no more until it is resumed, and return it; what it waits for has ended.

    Raises ProbeNotFound, RoleRequired, versions.VersionChanged, ProbeNotPossible.
    """

    def paused(opened: Opened, now: Instant) -> tuple[Probe, list[Write]]:
        if opened.probe.status == "paused":
            raise ProbeNotPossible("The probe is paused already.")
        run = probes.run_of(opened.probe, outcome="ended", ended_at=clock.to_rfc3339(now))
        after = probes.waiting_no_more(opened.probe)._replace(status="paused", next_at=None, misses=0)
        after, writes = _written(opened, after, "paused", now)
        return after, [*writes, *([] if run is None else [probes.ran(opened.partition, run)])]

    answer: Answer = _moved(caller, probe_id, paused, if_match=if_match, claim=claim)
    return answer


def resume(caller: Caller, probe_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Let a paused probe ask again, and return it.

    Raises ProbeNotFound, RoleRequired, versions.VersionChanged, ProbeNotPossible.
    """

    def resumed(opened: Opened, now: Instant) -> tuple[Probe, list[Write]]:
        _require_asking(opened)
        if opened.probe.status == "active":
            raise ProbeNotPossible("The probe is not paused.")
        after = opened.probe._replace(status="active")
        return _written(opened, after._replace(next_at=after.follows(now)), "resumed", now)

    answer: Answer = _moved(caller, probe_id, resumed, if_match=if_match, claim=claim)
    return answer


def run(caller: Caller, probe_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Let a probe ask now, also a paused one, and return it.

    Raises ProbeNotFound, RoleRequired, versions.VersionChanged, ProbeNotPossible, ProbeTooSoon.
    """

    def asked(opened: Opened, now: Instant) -> tuple[Probe, list[Write]]:
        _require_asking(opened)
        _require_free(opened.probe, now)
        after, writes = asking.asked(opened.milestone, opened.every, opened.probe, opened.of.primary, now)
        if after.run_id is None:
            raise ProbeNotPossible("The milestone has no primary owner who has accepted, or is a draft.")
        return after, writes

    answer: Answer = _moved(caller, probe_id, asked, if_match=if_match, claim=claim)
    return answer


def delete(caller: Caller, probe_id: str, *, if_match: str | None) -> None:
    """Delete a probe; its runs stay with the milestone. Raises ProbeNotFound, RoleRequired, versions.VersionChanged."""

    def plan() -> Plan[None]:
        now, opened = clock.now(), opening.probe(caller, probe_id)
        opened.of.require_worker()
        versions.require(if_match, opened.probe.version)
        after = opened.probe._replace(misses=0, version=opened.probe.version + 1)
        writes: list[Write] = [
            probes.without(opened.partition, opened.every, probe_id),
            probes.unpointed(caller.tenant_id, probe_id),
            *asking.happened("deleted", opened.milestone, after, now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def show(caller: Caller, probe_id: str) -> View:
    """Return what a caller sees of a probe. Raises ProbeNotFound."""
    return view(opening.probe(caller, probe_id, consistent=False))


def listed(caller: Caller, milestone_id: str) -> list[View]:
    """Return the probes of a milestone. Raises ProjectMilestoneNotFound."""
    every, found = opening.of_milestone(caller, milestone_id, consistent=False)
    return [view(Opened(each, every, found)) for each in every.probes if opening.is_shown(each, found)]


def runs(caller: Caller, probe_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the runs of a probe, the newest first. Raises ProbeNotFound, Malformed."""
    opened = opening.probe(caller, probe_id, consistent=False)
    prefix = f"{probes.RUNS}{probe_id}#"
    found = table.query(opened.partition, prefix, limit=limit, cursor=cursor, newest_first=True)
    return [_shown(records.from_item(Run, item)) for item in found.items], found.next_cursor


def view(opened: Opened) -> View:
    """Return what members of the project see of a probe."""
    shown = opened.probe._asdict()
    del shown["remind_at"]
    # Addresses may say more than their names: they are for those who may change them.
    call = opened.probe.call if opened.of.is_worker else None
    shown |= {"kind": opened.probe.kind, "call": None if call is None else calls.view(call)}
    schedule = {name: opened.probe.schedule.get(name) for name in ("cron", "every", "unit")}
    milestone = opened.milestone
    of = {"project_milestone_id": milestone.project_milestone_id, "project_id": milestone.project_id}
    channels = [*opened.probe.channels]
    return shown | of | {"schedule": schedule, "channels": channels, "is_silent": opened.probe.is_silent}


def _moved(caller: Caller, probe_id: str, does: Any, *, if_match: str | None, claim: Claim | None = None) -> Any:
    def plan() -> Plan[View]:
        now, opened = clock.now(), opening.probe(caller, probe_id)
        opened.of.require_worker()
        versions.require(if_match, opened.probe.version)
        after, writes = does(opened, now)
        return Plan(view(opened._replace(probe=after)), writes)

    return changes.make(plan, claim=claim)


def _written(opened: Opened, after: Probe, what: str, now: Instant) -> tuple[Probe, list[Write]]:
    after = after._replace(updated_at=clock.to_rfc3339(now), version=opened.probe.version + 1)
    told = asking.happened(what, opened.milestone, after, now)
    return after, [probes.with_one(opened.partition, opened.every, after), *told]


def _require_seldom(probe: Probe) -> None:
    if probe.outside is not None and not schedules.is_daily_at_most(probe.schedule):
        raise ProbeTooOften


def _shown(run: Run) -> View:
    called = None if run.called is None else Called(**run.called)._asdict()
    return run._asdict() | {"called": called}


def _sealed(caller: Caller, probe_id: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return fields as they are stored: a call with its secret sealed, and with who has sent it. Raises Unavailable."""
    if "call" not in fields:
        return fields
    return {**fields, "call": calls.made(fields["call"], probe_id=probe_id, set_by=caller.user_id)}


def _require_free(probe: Probe, now: Instant) -> None:
    """Require that a probe waits for nothing, and has not called a moment ago. Raises ProbeNotPossible, ProbeTooSoon.

    A call of which nothing came in ten minutes is waited for no more.
    """
    since = None if probe.called_at is None else now - clock.from_stored(probe.called_at)
    if probe.run_id is not None and (since is None or since < _PATIENCE):
        raise ProbeNotPossible("The probe waits for an answer already.")
    if since is not None and since < _BETWEEN_CALLS:
        raise ProbeTooSoon(-(-(_BETWEEN_CALLS - since) // SECOND))


def _require_asking(opened: Opened) -> None:
    if opened.milestone.status in transition.FINAL:
        raise ProbeNotPossible(f"The milestone is {opened.milestone.status}. Nobody is asked about it any more.")
