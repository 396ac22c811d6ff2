"""Bringing a milestone in step with the evaluator: hold its lease, make the calls that are due, write down each answer.

`functions/milestones/sync.py` says what is due. Every step is written before and after it is made, so whoever is
stopped between any two of them leaves a record from which the next one, here, from the queue or by the hour, goes on.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from functions.milestones import happenings, lookups, milestone_writes, milestones, number, sync
from functions.milestones.evaluation import client
from functions.milestones.evaluation.client import Effect, EvaluatorFailed, EvaluatorRefused, MilestoneLost
from functions.milestones.evaluation.intents import Turn, turn
from functions.milestones.milestones import Milestone
from shared import actors, clock
from shared.actors import EVALUATOR, SYSTEM
from shared.clock import SECOND, Instant
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write

SECONDS_IN_A_REQUEST = 2.0
_WORTH_TRYING_SECONDS = 0.05

Learned = str | Effect | MilestoneLost | None
"""What a call has taught: an id, an effect, that the milestone is lost there, or nothing but that it is done."""


class EvaluatorIdTaken(Exception):
    """The evaluator gave two milestones one id."""


class Written(NamedTuple):
    """What a step left behind: the milestone, None for one that is gone, and the turn of the next step."""

    after: Milestone | None
    turn: Turn | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: `in_step`, `failed`, `refused`, still `waiting`, `held` by another, or `gone` on both sides."""

    state: Literal["in_step", "failed", "refused", "waiting", "held", "gone"]
    milestone: Milestone | None
    effect: dict[str, Any] | None = None
    free_at: Instant | None = None


def take(tenant_id: str, milestone_uid: str, *, ask: bool = False, seconds: float, retry_in: Instant) -> Outcome:
    """Bring a milestone in step as far as these seconds carry; `ask` sends the target even if it is known there.

    What the evaluator has refused is tried again only with `ask`, or after a change of the milestone. `retry_in` is
    when it will be tried again should it fail, in milliseconds from now.
    """

    def plan() -> Plan[Outcome | Turn]:
        found = milestones.find(tenant_id, milestone_uid)
        if found is None:
            return Plan(Outcome("gone", None))
        if found.sync.state == "refused" and not ask:
            return Plan(Outcome("refused", found))
        now = milestones.present(found)
        if sync.is_held(found.sync, now) and found.sync.lease is not None:
            return Plan(Outcome("held", found, free_at=found.sync.lease.until))
        asked = found._replace(sync=sync.forgotten(found.sync)) if ask and found.sync.is_wanted else found
        next_turn = turn(asked, now)
        if next_turn is None:
            return Plan(_outcome(found))
        held = next_turn.milestone._replace(version=found.version + 1)
        return Plan(Turn(held, next_turn.token, next_turn.step), milestone_writes.changed(found, held, now))

    planned = changes.make(plan)
    return planned if isinstance(planned, Outcome) else use(planned, seconds=seconds, retry_in=retry_in)


def use(given: Turn, *, seconds: float, retry_in: Instant = 5 * SECOND) -> Outcome:
    """Make the steps of a turn, one after the other, as long as there are any and the seconds last."""
    until = time.monotonic() + seconds
    effect = None
    while True:
        started_at = clock.now()
        try:
            learned = _made(given, seconds=until - time.monotonic())
        except MilestoneLost as lost:
            learned = lost
        except EvaluatorFailed as failure:
            return _failed(given, failure, retry_in)
        effect = learned if isinstance(learned, Effect) else effect
        may_go_on = until - time.monotonic() > _WORTH_TRYING_SECONDS
        try:
            after, next_turn = _written(given, learned, started_at, may_go_on=may_go_on)
        except EvaluatorIdTaken:
            return _failed(given, EvaluatorFailed("the evaluator gave two milestones one id", was_sent=True), retry_in)
        if next_turn is None:
            said = None if effect is None else effect.said
            return Outcome("gone", None) if after is None else _outcome(after, said)
        given = next_turn


def _made(given: Turn, *, seconds: float) -> Learned:
    """Make the call of a step and return what it teaches: an id, an effect, or nothing but that it is done."""
    milestone = given.milestone
    key, known_as = sync.idempotency_key(milestone.milestone_uid, milestone.sync), milestone.sync.evaluator_id
    if known_as is None or milestone.sync.is_lost:
        return client.create(key, _wanted(milestone), seconds=seconds)
    if given.step.target is not None:
        return client.retarget(key, known_as, given.step.target, seconds=seconds)
    client.remove(key, known_as, seconds=seconds)
    return None


def _wanted(milestone: Milestone) -> dict[str, Any]:
    wanted = {
        "project_id": milestone.project_id,
        "kpi_id": milestone.kpi_id,
        "target": number.shown(milestone.sync.first_target),
        "milestone_index": milestone.milestone_index,
        "timeframe_from": milestone.timeframe_from,
        "timeframe_to": milestone.timeframe_to,
        "scopes": list(milestone.scopes),
    }
    return {name: value for name, value in wanted.items() if value is not None}


def _written(given: Turn, learned: Learned, started_at: Instant, *, may_go_on: bool) -> Written:
    """Write down what a step has taught; return the milestone as it now is, and the next turn if there is one."""

    def plan() -> Plan[Written]:
        found = milestones.find(given.milestone.tenant_id, given.milestone.milestone_uid)
        if found is None:
            return Plan(Written(None))
        now = milestones.present(found)
        is_ours = found.sync.lease is not None and found.sync.lease.token == given.token
        writes: list[Write] = []
        if isinstance(learned, str) and _is_awaited(given, found):
            after, writes = _known(found, learned, now)
        elif not is_ours:
            # Somebody else has taken over; what they write is newer than what we have to say.
            return Plan(Written(found))
        elif learned is None or (isinstance(learned, MilestoneLost) and found.deleted_at is not None):
            return Plan(Written(None), _gone(found))
        else:
            after = _taught(given, found, learned, started_at, now)
        return _gone_on(found, after, writes, given.token if is_ours else None, now, may_go_on=may_go_on)

    with actors.acting(EVALUATOR):
        return changes.make(plan)


def _is_awaited(given: Turn, found: Milestone) -> bool:
    """Return whether the id that this turn has brought is the one that the milestone waits for."""
    return sync.is_unknown(found.sync) and found.sync.losses == given.milestone.sync.losses


def _taught(given: Turn, found: Milestone, learned: Learned, started_at: Instant, now: Instant) -> Milestone:
    """Return the milestone after a target was taken there, or after the evaluator has said that it has none."""
    if isinstance(learned, MilestoneLost):
        logger.warning("the evaluator has lost a milestone", milestone_uid=found.milestone_uid)
        return found._replace(sync=sync.lost(found.sync, found.target))
    if isinstance(learned, Effect) and given.step.target is not None:
        after = milestones.reported(found, learned.report, now)
        return after._replace(sync=sync.retargeted(found.sync, given.step.target, started_at))
    return found


def _gone_on(
    before: Milestone, after: Milestone, writes: list[Write], token: str | None, now: Instant, *, may_go_on: bool
) -> Plan[Written]:
    """Return the plan that writes the milestone with the lease of its next step, or without one."""
    is_deleted = after.deleted_at is not None
    settled = sync.settled(after.sync._replace(heard_at=now), after.target, now, is_deleted=is_deleted)
    step = sync.next_step(settled, after.target, now, is_deleted=is_deleted) if token and may_go_on else None
    if token is not None:
        settled = settled._replace(lease=None) if step is None else sync.leased(settled, token, step, now)
    after = after._replace(sync=settled)
    writes = [*milestone_writes.changed(before, after, now), *writes]
    after = after._replace(version=before.version + 1)
    return Plan(Written(after, Turn(after, token, step) if step and token else None), writes)


def _known(found: Milestone, evaluator_id: str, now: Instant) -> tuple[Milestone, list[Write]]:
    """Return the milestone with its id at the evaluator, and with what was said of that id before it was known.

    The lookup of an id that the evaluator has lost goes: what is said of that id later changes nothing.
    """
    item = table.get(lookups.key(evaluator_id), consistent=True)
    if lookups.found(item) not in (None, (found.tenant_id, found.milestone_uid)):
        raise EvaluatorIdTaken
    after = found._replace(sync=sync.created(found.sync, evaluator_id))
    lost_id = found.sync.evaluator_id
    writes: list[Write] = [] if lost_id in (None, evaluator_id) else [lookups.removed(str(lost_id))]
    for came in lookups.early(item):
        after = milestones.reported(after, came.report, now)
        writes.append(lookups.received(evaluator_id, came.webhook_id, now))
    known = lookups.learned(item, evaluator_id, tenant_id=found.tenant_id, milestone_uid=found.milestone_uid)
    return after, [known, *writes]


def _failed(given: Turn, failure: EvaluatorFailed, retry_in: Instant) -> Outcome:
    """Write down that a step failed or was refused, and give the lease back."""
    is_refused = isinstance(failure, EvaluatorRefused)

    def plan() -> Plan[Milestone | None]:
        found = milestones.find(given.milestone.tenant_id, given.milestone.milestone_uid)
        if found is None:
            return Plan(None)
        if found.sync.lease is None or found.sync.lease.token != given.token:
            return Plan(found)
        is_about_it = isinstance(failure, EvaluatorRefused) and not failure.is_about_key
        if is_about_it and sync.is_never_to_be(found.sync, is_deleted=found.deleted_at is not None):
            return Plan(None, _gone(found))
        now = milestones.present(found)
        if is_refused:
            following = sync.refused(found.sync, failure.reason)
        else:
            following = sync.unanswered(found.sync, failure.reason, now + retry_in, now, was_sent=failure.was_sent)
        after = found._replace(sync=following)
        told = [_told(found, after, now)] if is_refused and found.sync.state != "refused" else []
        return Plan(after._replace(version=found.version + 1), [*milestone_writes.changed(found, after, now), *told])

    with actors.acting(EVALUATOR if is_refused else SYSTEM):
        after = changes.make(plan)
    if after is None:
        return Outcome("gone", None)
    return Outcome("refused" if is_refused else "failed", after)


def _gone(found: Milestone) -> list[Write]:
    """Return the writes that remove a milestone which neither we nor the evaluator have any more."""
    known_as = found.sync.evaluator_id
    lookup = [] if known_as is None else [lookups.removed(known_as)]
    return [*milestone_writes.removed(found), *lookup]


def _told(before: Milestone, after: Milestone, now: Instant) -> Put:
    """Return the event that a milestone is not tried any more."""
    told = {"attempts": after.sync.attempts, "last_error": after.sync.last_error or ""}
    return happenings.happened("sync_failed", after._replace(version=before.version + 1), now, **told)


def give_up(tenant_id: str, milestone_uid: str) -> None:
    """Say of a milestone that is not in step that nobody tries any more, and announce it."""

    def plan() -> Plan[None]:
        found = milestones.find(tenant_id, milestone_uid)
        if found is None or found.sync.state != "waiting":
            return Plan(None)
        now = milestones.present(found)
        after = found._replace(sync=found.sync._replace(state="failed", next_attempt_at=None))
        return Plan(None, [*milestone_writes.changed(found, after, now), _told(found, after, now)])

    changes.make(plan)


def _outcome(milestone: Milestone, effect: dict[str, Any] | None = None) -> Outcome:
    return Outcome("in_step" if milestone.sync.state == "in_step" else "waiting", milestone, effect)
