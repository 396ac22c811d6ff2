"""The pure formulas of milestones by tables of cases: the circuit, when to look after one, and what is to be told."""

from decimal import Decimal
from typing import Any

import pytest

from functions.milestones import due, sync
from functions.milestones.evaluation.breaker import OPEN_SECONDS, OPENS_AFTER, Breaker
from functions.milestones.sync import LEASE, SETTLED_AFTER, Lease, Step, Sync
from shared.instants import DAY, SECOND, Instant, from_rfc3339

HOUR = DAY // 24
NOW = from_rfc3339("2026-11-20T12:00:00Z")
FIVE, SIX, SEVEN = Decimal(5), Decimal(6), Decimal(7)
KNOWN = Sync(is_wanted=True, first_target=FIVE, heard_at=NOW, evaluator_id="m_1", known_target=FIVE)
UNKNOWN = Sync(is_wanted=True, first_target=FIVE, heard_at=NOW)


def opened(failures: int = OPENS_AFTER) -> Breaker:
    """Return a circuit after failures in a row at second 0."""
    breaker = Breaker()
    for _ in range(failures):
        breaker.failed(0.0)
    return breaker


@pytest.mark.parametrize(
    ("failures", "asked_at", "expected"),
    [
        (0, [0.0, 0.0], [True, True]),
        (OPENS_AFTER - 1, [0.0, 0.0], [True, True]),
        (OPENS_AFTER, [0.0, OPEN_SECONDS - 0.1], [False, False]),
        # Half open: the first who asks may, and then nobody for as long again.
        (OPENS_AFTER, [OPEN_SECONDS, OPEN_SECONDS, OPEN_SECONDS + 1], [True, False, False]),
        (OPENS_AFTER, [OPEN_SECONDS, 2 * OPEN_SECONDS - 0.1, 2 * OPEN_SECONDS], [True, False, True]),
        (OPENS_AFTER, [100.0, 100.0, 100.0 + OPEN_SECONDS], [True, False, True]),
    ],
)
def test_a_circuit_lets_one_through_at_a_time(failures: int, asked_at: list[float], expected: list[bool]):
    breaker = opened(failures)

    assert [breaker.lets_through(each) for each in asked_at] == expected


def test_a_try_of_a_half_open_circuit_that_fails_keeps_it_open():
    breaker = opened()
    breaker.lets_through(OPEN_SECONDS)
    breaker.failed(OPEN_SECONDS + 2)

    assert [breaker.lets_through(OPEN_SECONDS + at) for at in (OPEN_SECONDS, OPEN_SECONDS + 2)] == [False, True]


def test_a_try_of_a_half_open_circuit_that_succeeds_closes_it():
    breaker = opened()
    breaker.lets_through(OPEN_SECONDS)
    breaker.succeeded()

    assert [breaker.lets_through(OPEN_SECONDS) for _ in range(3)] == [True] * 3
    assert (breaker.failures, breaker.is_open(OPEN_SECONDS)) == (0, False)


def test_looking_at_a_circuit_does_not_take_its_one_try():
    breaker = opened()

    assert [breaker.is_open(at) for at in (OPEN_SECONDS - 0.1, OPEN_SECONDS)] == [True, False]
    assert breaker.lets_through(OPEN_SECONDS)


@pytest.mark.parametrize(
    ("state", "is_open", "is_deleted", "expected"),
    [
        ("in_step", True, False, DAY),
        ("in_step", False, False, None),
        ("waiting", True, False, HOUR),
        ("waiting", False, False, HOUR),
        ("waiting", False, True, HOUR),
        ("failed", True, False, DAY),
        ("failed", False, False, DAY),
        ("failed", False, True, HOUR),
        ("refused", True, False, DAY),
        ("refused", False, False, DAY),
        ("refused", False, True, DAY),
        ("in_step", False, True, HOUR),
    ],
)
@pytest.mark.parametrize("tried", [None, 30 * SECOND])
def test_when_to_look_after_a_milestone(
    state: Any, *, is_open: bool, is_deleted: bool, expected: Instant | None, tried: Instant | None
):
    looked_at = KNOWN._replace(state=state, tried_at=None if tried is None else NOW + tried)
    found = due.at(looked_at, is_open=is_open, is_deleted=is_deleted, last_day=None)

    assert found == (None if expected is None else NOW + (tried or 0) + expected)


@pytest.mark.parametrize("state", ["in_step", "waiting", "failed", "refused"])
@pytest.mark.parametrize(("is_open", "expected"), [(True, "2026-11-21T00:00:00Z"), (False, None)])
def test_one_that_the_evaluator_need_not_know_is_looked_after_when_its_time_is_over(
    state: Any, *, is_open: bool, expected: str | None
):
    unwanted = KNOWN._replace(is_wanted=False, state=state)
    found = due.at(unwanted, is_open=is_open, is_deleted=False, last_day="2026-11-20")

    assert found == (None if expected is None else from_rfc3339(expected))


@pytest.mark.parametrize(
    ("last_day", "expected"), [("2026-11-20", "2026-11-21T00:00:00Z"), ("2026-11-30", "2026-11-21T12:00:00Z")]
)
def test_what_comes_first_counts(last_day: str, expected: str):
    assert due.at(KNOWN, is_open=True, is_deleted=False, last_day=last_day) == from_rfc3339(expected)


LATE = KNOWN._replace(known_target=SIX, late_targets=(SEVEN,), late_until=NOW)


@pytest.mark.parametrize(
    ("known", "target", "at", "is_deleted", "expected"),
    [
        (KNOWN._replace(is_wanted=False, known_target=None), FIVE, 0, False, None),
        (UNKNOWN, SIX, 0, False, Step("create", FIVE)),
        (UNKNOWN, SIX, 0, True, Step("create", FIVE)),
        (KNOWN, FIVE, 0, True, Step("remove")),
        (KNOWN, FIVE, 0, False, None),
        (KNOWN, SIX, 0, False, Step("retarget", SIX)),
        (KNOWN._replace(known_target=None), FIVE, 0, False, Step("retarget", FIVE)),
        # A target that may still arrive late is sent over once it cannot arrive any more, not before.
        (LATE, SIX, -1, False, None),
        (LATE, SIX, 0, False, Step("retarget", SIX)),
        (LATE, SEVEN, -1, False, Step("retarget", SEVEN)),
        # One that was lost is created again, also to be removed: nobody knows whether that has happened already.
        (sync.lost(KNOWN, SIX), SIX, 0, False, Step("create", SIX)),
        (sync.lost(KNOWN, SIX), SEVEN, 0, True, Step("create", SIX)),
    ],
)
def test_what_is_to_be_told_next(known: Sync, target: Decimal, at: int, *, is_deleted: bool, expected: Step | None):
    assert sync.next_step(known, target, NOW + at, is_deleted=is_deleted) == expected


@pytest.mark.parametrize(
    ("late", "until", "started", "expected"),
    [
        ((), None, 0, ()),
        ((SEVEN,), 10, 0, (SEVEN,)),
        ((SEVEN,), 10, 9, (SEVEN,)),
        ((SEVEN,), 10, 10, ()),
        ((SIX,), 10, 0, ()),
        ((SIX, SEVEN), 10, 0, (SIX, SEVEN)),
        ((SIX, SEVEN), 10, 11, ()),
    ],
)
def test_a_target_that_was_taken_forgets_no_late_one(
    late: tuple[Decimal, ...], until: int | None, started: int, expected: tuple[Decimal, ...]
):
    before = KNOWN._replace(late_targets=late, late_until=None if until is None else NOW + until)
    after = sync.retargeted(before, SIX, NOW + started)

    assert (after.known_target, after.late_targets) == (SIX, expected)
    assert after.late_until == (before.late_until if expected else None)


@pytest.mark.parametrize(("was_sent", "expected"), [(True, (SEVEN, SIX)), (False, (SEVEN,))])
def test_a_call_without_an_answer_adds_its_target_to_the_late_ones(*, was_sent: bool, expected: tuple[Decimal, ...]):
    leased = LATE._replace(known_target=FIVE, lease=Lease("ours", NOW + LEASE, SIX))
    after = sync.unanswered(leased, "no answer", NOW + 9, NOW + 1, was_sent=was_sent)

    assert after.late_targets == expected
    assert (after.known_target, after.late_until) == ((None, NOW + 1 + SETTLED_AFTER) if was_sent else (FIVE, NOW))
    assert (after.state, after.attempts, after.lease, after.next_attempt_at) == ("waiting", 1, None, NOW + 9)


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (Lease("theirs", NOW - 1, SIX), (SEVEN, SIX)),
        (Lease("theirs", NOW - 1, SEVEN), (SEVEN,)),
        (Lease("theirs", NOW - 1, None), (SEVEN,)),
        (Lease("ours", NOW - 1, SIX), (SEVEN,)),
        (None, (SEVEN,)),
    ],
)
def test_whoever_takes_a_lease_over_keeps_what_it_was_sending(left: Lease | None, expected: tuple[Decimal, ...]):
    after = sync.leased(LATE._replace(lease=left), "ours", Step("retarget", SIX), NOW)

    assert after.late_targets == expected
    assert after.lease == Lease("ours", NOW + LEASE, SIX)


@pytest.mark.parametrize(
    ("known", "target", "state", "next_attempt_at"),
    [
        (KNOWN, FIVE, "in_step", None),
        (KNOWN, SIX, "waiting", NOW),
        (LATE._replace(late_until=NOW + 60), SIX, "waiting", NOW + 60),
        (UNKNOWN, FIVE, "waiting", NOW),
        (KNOWN._replace(state="refused", attempts=3, last_error="no"), FIVE, "in_step", None),
    ],
)
def test_a_call_that_was_answered_leaves_what_is_left(
    known: Sync, target: Decimal, state: str, next_attempt_at: Instant | None
):
    after = sync.settled(known, target, NOW, is_deleted=False)

    assert (after.state, after.next_attempt_at, after.attempts, after.last_error) == (state, next_attempt_at, 0, None)


def test_a_loss_forgets_what_was_late_at_the_old_id_and_takes_a_new_key():
    after = sync.lost(LATE, SEVEN)

    assert (after.evaluator_id, after.is_lost, after.first_target) == ("m_1", True, SEVEN)
    assert (after.known_target, after.late_targets, after.late_until) == (None, (), None)
    assert [sync.idempotency_key("uid", each) for each in (LATE, after, sync.lost(after, SIX))] == [
        "uid",
        "uid.1",
        "uid.2",
    ]
    assert sync.created(after, "m_2") == after._replace(evaluator_id="m_2", known_target=SEVEN, is_lost=False)
