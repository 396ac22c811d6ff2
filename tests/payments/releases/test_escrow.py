"""Payments of a project in escrow: out of its deposits alone, and waiting for one that they do not cover."""

import contextlib
import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.ledger import accounts
from functions.payments.payments import Payment
from tests.aws import hooks, troubles
from tests.aws.races import at_once
from tests.payments.releases.untrue import Untrue
from tests.payments.releases.world import TOTAL, World


@pytest.fixture
def escrow(world: World) -> Iterator[World]:
    """The same milestone, whose project is in escrow, without a deposit; its ledger is balanced in the end."""
    world.holds()
    yield world
    for currency in ("EUR", "JPY"):
        assert accounts.total(accounts.by_kind(world.tenant_id, currency).values()).is_balanced


@contextlib.contextmanager
def before_its_second_write(do: Callable[[], object]) -> Iterator[None]:
    """Do something before the second transaction: the first asks for the release, and that one claims it or waits."""
    number = itertools.count(1)

    def hook(**_: Any) -> None:
        if next(number) == 2:
            do()

    with hooks.registered("before-call.dynamodb.TransactWriteItems", hook):
        yield


def available(world: World) -> int:
    return int(world.held().get(accounts.AVAILABLE, 0))


def shown(payment: Payment) -> tuple[str, list[str]]:
    return payment.status, [*payment.reasons]


def test_a_payment_that_its_deposits_cover_is_made_out_of_them(escrow: World):
    escrow.deposits(TOTAL + 7)
    settled = escrow.advances(escrow.invoiced())
    moved = accounts.by_kind(escrow.tenant_id, "EUR")

    assert (settled.status, settled.is_from_escrow) == ("completed", True)
    assert (moved["escrow"].debits_posted, moved["escrow"].debits_pending, available(escrow)) == (TOTAL, 0, 7)
    assert moved["clearing"] == accounts.Totals(debits_posted=TOTAL + 7)
    assert moved["receivable"].credits_posted == TOTAL


@pytest.mark.parametrize("deposited", [None, 1, TOTAL - 1])
def test_what_they_cover_in_part_or_not_at_all_waits_with_its_reason_and_asks_nobody(
    deposited: int | None, escrow: World
):
    if deposited is not None:
        escrow.deposits(deposited)
    payment_id = escrow.invoiced()
    waiting = escrow.advances(payment_id)

    assert shown(waiting) == ("release_requested", ["deposit_missing"])
    assert escrow.waiting() == [payment_id]
    assert escrow.advances(payment_id) == waiting
    assert escrow.events(payment_id).count("deposit_awaited") == 1
    assert available(escrow) == (deposited or 0)
    assert isinstance(escrow.gateway, Untrue)
    assert escrow.gateway.moved == []


def test_it_goes_on_when_a_deposit_arrives(escrow: World):
    escrow.deposits(1)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    nobody = escrow.wakes()
    escrow.deposits(TOTAL - 1)

    assert (nobody, escrow.wakes()) == ([], [payment_id])
    assert escrow.payment(payment_id).status == "completed"
    assert (escrow.waiting(), available(escrow)) == ([], 0)


def test_a_deposit_that_arrives_while_it_is_about_to_wait_is_not_missed(escrow: World):
    payment_id = escrow.invoiced()
    with before_its_second_write(lambda: escrow.deposits(TOTAL)):
        settled = escrow.advances(payment_id)

    assert settled.status == "completed"
    assert escrow.events(payment_id).count("deposit_awaited") == 0
    assert escrow.waiting() == []


def test_a_deposit_that_is_drawn_while_it_is_about_to_be_claimed_makes_it_wait(escrow: World):
    escrow.deposits(TOTAL)
    first, second = escrow.beside(), escrow.beside()
    one, other = first.invoiced(), second.invoiced()
    with before_its_second_write(lambda: second.advances(other)):
        waiting = first.advances(one)

    assert second.payment(other).status == "completed"
    assert shown(waiting) == ("release_requested", ["deposit_missing"])
    assert available(escrow) == 0


def test_of_twenty_releases_at_once_as_many_are_made_as_the_deposits_cover(escrow: World):
    escrow.deposits(7 * TOTAL + TOTAL // 2)
    milestones = [escrow.beside() for _ in range(20)]
    due = [(each, each.invoiced()) for each in milestones]

    at_once(*[lambda each=each, payment=payment: each.advances(payment) for each, payment in due])
    ended = [shown(each.payment(payment)) for each, payment in due]

    assert sorted(ended) == [("completed", [])] * 7 + [("release_requested", ["deposit_missing"])] * 13
    assert (available(escrow), len(escrow.waiting())) == (TOTAL // 2, 13)
    assert isinstance(escrow.gateway, Untrue)
    assert len(escrow.gateway.moved) == 7


def test_those_that_were_asked_for_first_go_first_and_one_that_is_not_covered_keeps_no_other_out(
    escrow: World, time: time_machine.Traveller
):
    asked = []
    for _ in range(3):
        each = escrow.beside()
        asked.append(each.invoiced())
        each.advances(asked[-1])
        time.shift(timedelta(minutes=1))
    queued = escrow.waiting()
    escrow.deposits(2 * TOTAL)

    assert queued == asked
    assert escrow.wakes() == asked
    assert escrow.waiting() == asked[2:]


def test_what_a_failed_attempt_gives_back_is_there_for_others(escrow: World, time: time_machine.Traveller):
    escrow.deposits(TOTAL)
    first, second = escrow.beside(gateway=Untrue(troubles=["refused"])), escrow.beside()
    failing, other = first.invoiced(), second.invoiced()
    during: list[int] = []
    first.gateway.send = _then(first.gateway.send, lambda: during.append(available(escrow)))  # type: ignore[method-assign]
    failed = first.advances(failing)

    assert (failed.status, during, available(escrow)) == ("failed", [0], TOTAL)
    assert second.advances(other).status == "completed"
    time.shift(timedelta(minutes=2))
    assert shown(first.advances(failing)) == ("release_requested", ["deposit_missing"])
    assert first.payment(failing).attempt == 1


def _then(send: Callable[..., Any], do: Callable[[], None]) -> Callable[..., Any]:
    def sent(transfer: Any) -> Any:
        do()
        return send(transfer)

    return sent


def test_a_project_that_leaves_escrow_lets_go_on_what_has_waited(escrow: World):
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    escrow.holds(escrow=False)

    assert escrow.wakes() == [payment_id]
    settled = escrow.payment(payment_id)
    assert (settled.status, settled.is_from_escrow, escrow.waiting()) == ("completed", False, [])
    assert escrow.held() == {}


@pytest.mark.parametrize("is_on", [True, False])
def test_a_project_that_changes_that_while_a_payment_is_claimed_has_it_as_it_is_then(
    is_on: bool,  # noqa: FBT001 - a parameter of the test
    world: World,
):
    world.holds(TOTAL, escrow=not is_on)
    payment_id = world.invoiced()
    with before_its_second_write(lambda: world.holds(escrow=is_on)):
        settled = world.advances(payment_id)

    assert (settled.status, settled.is_from_escrow) == ("completed", is_on)
    assert available(world) == (0 if is_on else TOTAL)


def test_a_claim_that_drew_on_deposits_settles_so_after_the_project_has_left_escrow(
    escrow: World, time: time_machine.Traveller
):
    assert isinstance(escrow.gateway, Untrue)
    escrow.gateway.troubles = ["lost after"]
    escrow.deposits(TOTAL)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    escrow.holds(escrow=False)
    time.shift(timedelta(minutes=1))
    escrow.sweeps()

    assert escrow.payment(payment_id).status == "completed"
    assert escrow.held()["debits_posted"] == TOTAL


def test_what_waits_is_held_by_a_closed_gate_and_waits_no_more(escrow: World):
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    escrow.gate(status="escalated", holds=["esc_1"])
    escrow.deposits(TOTAL)
    woken = escrow.wakes()

    assert woken == [payment_id]
    assert shown(escrow.payment(payment_id)) == ("on_hold", ["milestone_escalated", "milestone_held"])
    assert (escrow.waiting(), available(escrow)) == ([], TOTAL)


def test_without_any_event_it_is_looked_at_once_a_day(escrow: World, time: time_machine.Traveller):
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    looked = []
    for hours in (23, 1, 23):
        time.shift(timedelta(hours=hours))
        looked.append(escrow.sweeps())
    escrow.deposits(TOTAL)
    time.shift(timedelta(hours=1))
    escrow.sweeps()

    assert looked == [0, 1, 0]
    assert escrow.payment(payment_id).status == "completed"
    assert escrow.events(payment_id).count("deposit_awaited") == 1


def test_each_project_draws_on_its_own_deposits_in_its_own_currency(escrow: World):
    other = World(tenant_id=escrow.tenant_id, currency="JPY", gateway=escrow.gateway)
    other.gate()
    other.holds(TOTAL)
    here, there = escrow.invoiced(), other.invoiced()

    assert shown(escrow.advances(here)) == ("release_requested", ["deposit_missing"])
    assert other.advances(there).status == "completed"
    assert (available(escrow), available(other)) == (0, 0)
    assert accounts.by_kind(escrow.tenant_id, "EUR") == {}


def test_a_claim_from_deposits_is_as_many_calls_as_any_other(world: World):
    world.holds(TOTAL)
    made = []
    for is_on in (False, True):
        each = world.beside()
        world.holds(escrow=is_on)
        payment_id = each.invoiced()
        with troubles.counting() as calls:
            each.advances(payment_id)
        made.append(len(calls))

    assert made[0] == made[1]
