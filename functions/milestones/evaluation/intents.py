"""What a milestone has to tell the evaluator, as it is written with the milestone: the turn to make the next call."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from functions.milestones import happenings, sync
from functions.milestones.evaluation import client
from functions.milestones.milestones import Milestone
from functions.milestones.sync import Step
from shared.clock import Instant
from shared.storage.writes import Write


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to make a step, as it was written with the milestone; `step` is the one that is due."""

    milestone: Milestone
    token: str
    step: Step


@dataclass(frozen=True, slots=True)
class Intent:
    """A milestone as it is written, with the turn to tell the evaluator, and the writes that let the queue do so."""

    milestone: Milestone
    turn: Turn | None = None
    writes: Sequence[Write] = ()

    def written(self) -> "Intent":
        """Return the intent at the version that the milestone has once it is written."""
        after = self.milestone._replace(version=self.milestone.version + 1)
        return Intent(after, None if self.turn is None else Turn(after, self.turn.token, self.turn.step))


def intent(milestone: Milestone, now: Instant) -> Intent:
    """Return the milestone as it is written with the intent to tell the evaluator what it does not know yet."""
    known, is_deleted = milestone.sync, milestone.deleted_at is not None
    step = sync.next_step(known, milestone.target, now, is_deleted=is_deleted)
    if not known.is_wanted:
        return Intent(milestone)
    if step is None and not sync.is_held(known, now):
        return Intent(milestone._replace(sync=sync.settled(known, milestone.target, now, is_deleted=is_deleted)))
    waiting = known._replace(state="waiting", attempts=0, last_error=None, next_attempt_at=now)
    milestone = milestone._replace(sync=waiting)
    taken = turn(milestone, now)
    return Intent(taken.milestone if taken else milestone, taken, requested(milestone, now))


def requested(milestone: Milestone, now: Instant) -> list[Write]:
    """Return the write of the event that lets the queue bring a milestone in step; none without an evaluator."""
    return [happenings.requested(milestone, now)] if client.is_configured() else []


def turn(milestone: Milestone, at: Instant) -> Turn | None:
    """Return the turn to be written together with a change of the milestone, None when there is nothing to do now."""
    step = sync.next_step(milestone.sync, milestone.target, at, is_deleted=milestone.deleted_at is not None)
    if step is None or sync.is_held(milestone.sync, at) or not client.is_configured():
        return None
    token = secrets.token_hex(8)
    return Turn(milestone._replace(sync=sync.leased(milestone.sync, token, step, at)), token, step)
