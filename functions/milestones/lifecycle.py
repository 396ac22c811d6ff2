"""What a caller can do with a tracked milestone: create, retarget, delete it, and have it brought in step again.

A change and the intent to tell the evaluator are one transaction. Then the evaluator is tried at once, for two seconds
at most; if that fails the answer says so, and the queue goes on.
"""

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from functions.milestones import dependencies, due, lookups, milestone_writes, milestones, number
from functions.milestones.evaluation import intents as evaluation_intents
from functions.milestones.evaluation import turns
from functions.milestones.evaluation.intents import Intent
from functions.milestones.evaluation.turns import SECONDS_IN_A_REQUEST, Outcome
from functions.milestones.milestones import Milestone
from functions.milestones.report import OPEN
from functions.milestones.sync import Sync
from shared import clock
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

if TYPE_CHECKING:
    from functions.milestones.shapes import MilestoneDraft


class NotSynced(Conflict):
    """409: the milestone was created with `sync_to_forse: false`; the evaluator does not know it."""


@dataclass(frozen=True, slots=True)
class Created:
    """A milestone that was created; `version` is None when it has been deleted since."""

    answer: dict[str, Any]
    version: int | None


class _Retargeting(NamedTuple):
    """A milestone as it was before it got another target, and the intent to tell the evaluator."""

    before: Milestone
    intent: Intent


def create(caller: Caller, draft: "MilestoneDraft", *, claim: Claim | None = None) -> Created:
    """Create a milestone and try to create it at the evaluator; the answer says whether that has happened."""
    drafted = _drafted(caller, draft, clock.now())
    intent = evaluation_intents.intent(drafted, drafted.created_at)
    writes = [*milestone_writes.born(intent.milestone), *intent.writes]
    uid = changes.make(lambda: Plan({"milestone_uid": drafted.milestone_uid}, writes), claim=claim)["milestone_uid"]
    is_first = uid == drafted.milestone_uid
    shown = _tried(intent).milestone if is_first else milestones.find(caller.tenant_id, uid)
    answer = {
        "milestone_uid": uid,
        "forse_milestone_id": shown.sync.evaluator_id if shown else None,
        "status": "created",
        "forse_synced": shown.is_synced if shown else False,
    }
    return Created(answer, shown.version if shown and shown.deleted_at is None else None)


def retarget(caller: Caller, milestone_uid: str, target: Decimal, *, if_match: str | None = None) -> dict[str, Any]:
    """Give a milestone a new target and try to give it to the evaluator; `forse_effect` is what that has changed there.

    A completed milestone whose target is raised above its value is in progress again. Raises MilestoneNotFound, Stale.
    """

    def plan() -> Plan[_Retargeting]:
        found = milestones.read(caller.tenant_id, milestone_uid)
        versions.require(if_match, found.version)
        now = milestones.present(found)
        if found.target == target:
            return Plan(_Retargeting(found, Intent(found)))
        intent = evaluation_intents.intent(_retargeted(found, target), now)
        writes = [*milestone_writes.changed(found, intent.milestone, now), *intent.writes]
        return Plan(_Retargeting(found, intent.written()), writes)

    before, intent = changes.make(plan)
    outcome = _tried(intent)
    after = outcome.milestone or intent.milestone
    return {
        "milestone_uid": milestone_uid,
        "status": "updated",
        "old_target": number.shown(before.target),
        "new_target": number.shown(target),
        "forse_effect": outcome.effect,
        "forse_synced": after.is_synced,
        "version": after.version,
    }


def delete(caller: Caller, milestone_uid: str, *, from_evaluator: bool, if_match: str | None = None) -> dict[str, Any]:
    """Delete a milestone, for every reader at once, and at the evaluator unless it is to stay there.

    Raises MilestoneNotFound, Stale.
    """

    def plan() -> Plan[Intent]:
        found = milestones.read(caller.tenant_id, milestone_uid)
        versions.require(if_match, found.version)
        now = milestones.present(found)
        freed = dependencies.freed(found)
        if not found.sync.is_wanted or not from_evaluator:
            return Plan(Intent(found), [*freed, *_removed_here(found, now)])
        intent = evaluation_intents.intent(found._replace(deleted_at=now), now)
        writes = [*freed, *milestone_writes.deleted(found, intent.milestone, now), *intent.writes]
        return Plan(intent.written(), writes)

    outcome = _tried(changes.make(plan))
    return {"milestone_uid": milestone_uid, "status": "deleted", "forse_deleted": outcome.state == "gone"}


def resume(caller: Caller, milestone_uid: str, *, claim: Claim | None = None) -> Milestone:
    """Try anew to bring a milestone in step, with all tries before it, and return it. Raises NotSynced."""

    def plan() -> Plan[Answer]:
        found = milestones.read(caller.tenant_id, milestone_uid)
        if not found.sync.is_wanted:
            raise NotSynced("The milestone was created with sync_to_forse: false; the evaluator does not know it.")
        if found.sync.state == "in_step":
            return Plan({})
        now = milestones.present(found)
        intent = evaluation_intents.intent(found, now)
        intents.append(intent.written())
        return Plan({}, [*milestone_writes.changed(found, intent.milestone, now), *intent.writes])

    intents: list[Intent] = []
    changes.make(plan, claim=claim)
    if intents:
        _tried(intents[-1])
    return milestones.read(caller.tenant_id, milestone_uid)


def miss(tenant_id: str, milestone_uid: str) -> None:
    """Say of an open milestone whose time is over that it was missed; of any other, nothing."""

    def plan() -> Plan[None]:
        found = milestones.find(tenant_id, milestone_uid)
        if found is None or found.deleted_at is not None or found.status not in OPEN or found.timeframe_to is None:
            return Plan(None)
        now = milestones.present(found)
        if now < due.end_of(found.timeframe_to):
            return Plan(None)
        return Plan(None, milestone_writes.changed(found, found._replace(status="missed"), now))

    changes.make(plan)


def _drafted(caller: Caller, draft: "MilestoneDraft", now: Instant) -> Milestone:
    return Milestone(
        milestone_uid=str(uuid.uuid4()),
        tenant_id=caller.tenant_id,
        project_id=draft.project_id,
        kpi_id=draft.kpi_id,
        target=draft.target,
        current_value=Decimal(0),
        status="pending",
        sync=Sync(is_wanted=draft.sync_to_forse, first_target=draft.target, heard_at=now),
        created_at=now,
        updated_at=now,
        version=1,
        milestone_index=draft.milestone_index,
        weight=draft.weight,
        timeframe_from=None if draft.timeframe_from is None else draft.timeframe_from.isoformat(),
        timeframe_to=None if draft.timeframe_to is None else draft.timeframe_to.isoformat(),
        scopes=tuple(draft.scopes),
        metadata=milestones.metadata_text(draft.metadata),
    )


def _retargeted(found: Milestone, target: Decimal) -> Milestone:
    """Return the milestone with another target; a completed one is in progress again if it was raised above the value.

    A lower target changes no completion, even above the value: what the evaluator has judged reached stays so.
    """
    after = found._replace(target=target)
    if found.status != "completed" or target <= max(found.target, found.current_value):
        return after
    return after._replace(status="in_progress", completed_at=None)


def _tried(intent: Intent) -> Outcome:
    if intent.turn is None:
        return Outcome("waiting", intent.milestone)
    return turns.use(intent.turn, seconds=SECONDS_IN_A_REQUEST)


def _removed_here(milestone: Milestone, now: Instant) -> list[Write]:
    known = milestone.sync.evaluator_id
    lookup = [] if known is None else [lookups.removed(known)]
    return [*milestone_writes.removed_here(milestone, now), *lookup]
