"""How a milestone is brought in step with the evaluator, one call after the other. Pure: no I/O, no clock.

Whoever makes a call holds the milestone's lease, written before the call is made, so that calls follow each other. A
call that was given up may still take effect later. That is harmless for creating, which the evaluator does once per
`Idempotency-Key`, and for removing; a target that may yet arrive late is kept in mind until it cannot any more, and the
present target is sent once more after that, unless it is the same.
"""

from decimal import Decimal
from typing import Literal, NamedTuple

from shared.instants import SECOND, Instant

LEASE = 15 * SECOND
SETTLED_AFTER = 120 * SECOND

State = Literal["in_step", "waiting", "failed", "refused"]
"""`failed` ends tries that might have helped; `refused` is the evaluator's own no, which is not tried again soon."""


class Step(NamedTuple):
    """The next call: `create` it there, `retarget` it to a target, `remove` it."""

    kind: Literal["create", "retarget", "remove"]
    target: Decimal | None = None


class Lease(NamedTuple):
    """Who may call until when; `target` is the one that is being sent."""

    token: str
    until: Instant
    target: Decimal | None


class Sync(NamedTuple):
    """What is known of a milestone's other half at the evaluator.

    `known_target` is the target it has there, None if that is not certain; `late_targets` may still arrive there until
    `late_until`. `first_target` is what it was created with: a repeated creation must be the same request.
    A lost milestone (`is_lost`) keeps its old id until it has a new one; `losses` counts how often it was lost.
    `may_exist` when a creation was sent whose answer never came: the evaluator may have one that we do not know.
    """

    is_wanted: bool
    first_target: Decimal
    heard_at: Instant
    state: State = "in_step"
    evaluator_id: str | None = None
    known_target: Decimal | None = None
    attempts: int = 0
    last_error: str | None = None
    next_attempt_at: Instant | None = None
    tried_at: Instant | None = None
    lease: Lease | None = None
    late_targets: tuple[Decimal, ...] = ()
    late_until: Instant | None = None
    is_lost: bool = False
    losses: int = 0
    may_exist: bool = False


def idempotency_key(milestone_uid: str, sync: Sync) -> str:
    """Return the key of every call about a milestone: a new one each time the evaluator has lost it."""
    return f"{milestone_uid}.{sync.losses}" if sync.losses else milestone_uid


def is_unknown(sync: Sync) -> bool:
    """Return whether the evaluator has no milestone for this one, as far as we know."""
    return sync.evaluator_id is None or sync.is_lost


def next_step(sync: Sync, target: Decimal, now: Instant, *, is_deleted: bool) -> Step | None:
    """Return the call to make now, None when there is none to make, or none yet."""
    if not sync.is_wanted:
        return None
    if is_unknown(sync):
        return Step("create", sync.first_target)
    if is_deleted:
        return Step("remove")
    is_settled = sync.late_until is None or now >= sync.late_until
    if sync.known_target != target or (sync.late_targets and is_settled):
        return Step("retarget", target)
    return None


def is_held(sync: Sync, now: Instant) -> bool:
    """Tell whether somebody else may be calling."""
    return sync.lease is not None and sync.lease.until > now


def leased(sync: Sync, token: str, step: Step, now: Instant) -> Sync:
    """Return the sync with a lease for the step; whoever left an old one behind may have sent what it names."""
    if sync.lease is not None and sync.lease.token != token:
        sync = _doubted(sync, sync.lease.target, now)
    target = step.target if step.kind == "retarget" else None
    return sync._replace(lease=Lease(token, now + LEASE, target), tried_at=now)


def created(sync: Sync, evaluator_id: str) -> Sync:
    """Return the sync of a milestone that is there, with the target it was created with."""
    return sync._replace(evaluator_id=evaluator_id, known_target=sync.first_target, is_lost=False, may_exist=False)


def lost(sync: Sync, target: Decimal) -> Sync:
    """Return the sync of a milestone that the evaluator does not know any more, to be created with this target."""
    sync = sync._replace(known_target=None, late_targets=(), late_until=None)
    return sync._replace(is_lost=True, losses=sync.losses + 1, first_target=target, may_exist=False)


def retargeted(sync: Sync, target: Decimal, started_at: Instant) -> Sync:
    """Return the sync after the evaluator has taken a target by a call that began at this instant."""
    is_settled = sync.late_until is None or started_at >= sync.late_until or set(sync.late_targets) <= {target}
    sync = sync._replace(known_target=target)
    return sync._replace(late_targets=(), late_until=None) if is_settled else sync


def forgotten(sync: Sync) -> Sync:
    """Return the sync when it is no longer certain which target the evaluator has."""
    return sync._replace(known_target=None) if sync.evaluator_id else sync


def settled(sync: Sync, target: Decimal, now: Instant, *, is_deleted: bool) -> Sync:
    """Return the sync after a call that was answered: in step, or waiting for what is left to do."""
    if next_step(sync, target, now, is_deleted=is_deleted) is not None:
        return sync._replace(state="waiting", attempts=0, last_error=None, next_attempt_at=now)
    state: State = "waiting" if sync.late_targets else "in_step"
    return sync._replace(state=state, attempts=0, last_error=None, next_attempt_at=sync.late_until)


def unanswered(sync: Sync, error: str, retry_at: Instant, now: Instant, *, was_sent: bool) -> Sync:
    """Return the sync after a call that was not answered as it should be; the lease goes back."""
    if sync.lease is not None and was_sent:
        sync = _doubted(sync, sync.lease.target, now)
    return sync._replace(
        state="waiting", attempts=sync.attempts + 1, last_error=error, next_attempt_at=retry_at, lease=None
    )


def refused(sync: Sync, error: str) -> Sync:
    """Return the sync after a call that the evaluator refused for good; the lease goes back."""
    return sync._replace(
        state="refused", attempts=sync.attempts + 1, last_error=error, next_attempt_at=None, lease=None
    )


def is_never_to_be(sync: Sync, *, is_deleted: bool) -> bool:
    """Return whether a creation that was refused for good leaves nothing to remove, there or later."""
    return is_deleted and is_unknown(sync) and not sync.may_exist


def _doubted(sync: Sync, target: Decimal | None, now: Instant) -> Sync:
    """Return the sync after a call that may yet take effect: a creation, or a target that is kept in mind."""
    if is_unknown(sync):
        return sync._replace(may_exist=True)
    if target is None:
        return sync
    late = tuple(dict.fromkeys((*sync.late_targets, target)))
    return sync._replace(known_target=None, late_targets=late, late_until=now + SETTLED_AFTER)
