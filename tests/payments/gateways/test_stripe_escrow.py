"""Payments by Stripe out of the deposits of their project: what is drawn is what Stripe has made, or may have made."""

from collections.abc import Iterator

import pytest
import time_machine

from functions.payments.gateways.gateways import Transfer
from functions.payments.ledger import accounts
from functions.payments.payments import Payment
from functions.payments.releases import concluding, opening
from shared import clock
from shared.storage import changes
from shared.storage.changes import Plan
from tests.aws.races import at_once
from tests.payments.gateways.paying import ACCOUNT, is_paid_to, let_pass, refund, tells
from tests.payments.gateways.stripe_stand_in import StandIn, Trouble
from tests.payments.releases.world import TOTAL, World


@pytest.fixture
def escrow(world: World) -> Iterator[World]:
    """The same tenant, whose project is in escrow without a deposit; its ledger is balanced in the end."""
    world.holds()
    yield world
    assert accounts.total(accounts.by_kind(world.tenant_id, "EUR").values()).is_balanced


def drawn(world: World) -> tuple[int, int, int]:
    """Return what was paid out of the deposits, what is on its way out, and what is available."""
    held = world.held()
    moved = accounts.totals(held)
    return moved.debits_posted, moved.debits_pending, int(held.get(accounts.AVAILABLE, 0))


def shown(payment: Payment) -> tuple[str, list[str]]:
    return payment.status, [*payment.reasons]


def people_say(world: World, payment_id: str, *, is_made: bool) -> None:
    """Confirm what became of a payment, as the API does."""

    def plan() -> Plan[None]:
        opened = opening.by_itself(world.tenant_id, payment_id)
        assert opened is not None
        now = clock.now()
        step = concluding.settled(opened, "tr_1", now) if is_made else concluding.failed(opened, "not_made", now)
        return Plan(None, step[1])

    changes.make(plan)


def test_a_transfer_is_made_out_of_the_deposits_that_cover_it(escrow: World, there: StandIn):
    escrow.deposits(TOTAL + 7)
    payment_id = escrow.invoiced()
    settled = escrow.advances(payment_id)
    moved = accounts.by_kind(escrow.tenant_id, "EUR")

    assert (settled.status, settled.gateway, settled.is_from_escrow) == ("completed", "stripe", True)
    assert [(each["amount"], each["destination"]) for each in there.standing(payment_id)] == [(TOTAL, ACCOUNT)]
    assert drawn(escrow) == (TOTAL, 0, 7)
    assert moved["clearing"] == accounts.Totals(debits_posted=TOTAL + 7)
    assert moved["receivable"].credits_posted == TOTAL


def test_stripe_is_not_asked_before_the_deposits_cover_it(escrow: World, there: StandIn):
    escrow.deposits(TOTAL - 1)
    payment_id = escrow.invoiced()
    waiting = escrow.advances(payment_id)
    asked = [*there.requests]
    escrow.deposits(1)

    assert (shown(waiting), asked) == (("release_requested", ["deposit_missing"]), [])
    assert escrow.wakes() == [payment_id]
    assert (escrow.payment(payment_id).status, len(there.standing(payment_id))) == ("completed", 1)


def test_of_eight_at_once_stripe_makes_as_many_as_the_deposits_cover(escrow: World, there: StandIn):
    escrow.deposits(3 * TOTAL + TOTAL // 2)
    milestones = [escrow.beside() for _ in range(8)]
    due = [(each, each.invoiced()) for each in milestones]
    at_once(*[lambda each=each, payment=payment: each.advances(payment) for each, payment in due])

    assert (len(there.transfers), len(escrow.waiting())) == (3, 5)
    assert drawn(escrow) == (3 * TOTAL, 0, TOTAL // 2)


@pytest.mark.parametrize("trouble", ["429", "409", "500 after", "dies before", "dies after"])
def test_what_stripe_may_have_made_stays_drawn_until_it_is_known(
    trouble: Trouble, escrow: World, there: StandIn, time: time_machine.Traveller
):
    there.troubles = [trouble]
    escrow.deposits(TOTAL)
    unsure, other = escrow.invoiced(), escrow.beside()
    escrow.advances(unsure)
    meanwhile = drawn(escrow), shown(other.advances(other.invoiced()))
    let_pass(escrow, time, 1, 4, 10, 45, 1, 10)

    assert meanwhile == ((0, TOTAL, 0), ("release_requested", ["deposit_missing"]))
    assert escrow.payment(unsure).status == "completed"
    assert (drawn(escrow), len(there.transfers)) == ((TOTAL, 0, 0), 1)


def test_what_stripe_has_refused_is_available_for_others(escrow: World, there: StandIn, time: time_machine.Traveller):
    there.troubles = ["402"]
    escrow.deposits(TOTAL)
    refused, other = escrow.invoiced(), escrow.beside()
    failed = escrow.advances(refused)
    given_back = drawn(escrow)
    made = other.advances(other.invoiced())
    let_pass(escrow, time, 1, 1)

    assert (failed.status, failed.failure, given_back) == ("failed", "balance_insufficient", (0, 0, TOTAL))
    assert made.status == "completed"
    assert shown(escrow.payment(refused)) == ("release_requested", ["deposit_missing"])
    assert (there.standing(refused), drawn(escrow)) == ([], (TOTAL, 0, 0))


def test_an_error_that_stripe_keeps_draws_once_more_with_the_next_key(
    escrow: World, there: StandIn, time: time_machine.Traveller
):
    there.troubles = ["500"]
    escrow.deposits(TOTAL)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    let_pass(escrow, time, 1, 4, 10, 45, 1)

    assert (escrow.payment(payment_id).status, escrow.payment(payment_id).attempt) == ("completed", 2)
    assert (drawn(escrow), len(there.transfers)) == ((TOTAL, 0, 0), 1)


@pytest.mark.parametrize("is_made", [True, False])
def test_what_nobody_knows_for_a_day_stays_drawn_until_people_say_what_became_of_it(
    is_made: bool,  # noqa: FBT001 - a parameter of the test
    escrow: World,
    there: StandIn,
    time: time_machine.Traveller,
):
    there.troubles = ["dies before"] * 60
    escrow.deposits(TOTAL)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    let_pass(escrow, time, 1, 4, 10, 45, *[60] * 24)
    held, on_its_way = escrow.payment(payment_id), drawn(escrow)
    people_say(escrow, payment_id, is_made=is_made)

    assert (shown(held), on_its_way) == (("on_hold", ["no_answer"]), (0, TOTAL, 0))
    assert drawn(escrow) == ((TOTAL, 0, 0) if is_made else (0, 0, TOTAL))


def test_a_webhook_settles_what_was_drawn_also_after_the_project_has_left_escrow(escrow: World, there: StandIn):
    there.troubles = ["dies after"]
    escrow.deposits(TOTAL)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    escrow.holds(escrow=False)
    tells(there.standing(payment_id)[0], "evt_1")

    assert escrow.payment(payment_id).status == "completed"
    assert drawn(escrow) == (TOTAL, 0, 0)


def test_a_transfer_that_came_late_is_posted_once_deposits_cover_it_and_never_made_again(
    escrow: World, there: StandIn, time: time_machine.Traveller
):
    there.troubles = ["402"]
    escrow.deposits(TOTAL)
    late, other = escrow.invoiced(), escrow.beside()
    escrow.advances(late)
    other.advances(other.invoiced())
    there.gateway().send(Transfer(late, "key of a lost request", TOTAL, "EUR", ACCOUNT))
    let_pass(escrow, time, 1, 1)
    waiting = escrow.payment(late)
    escrow.deposits(TOTAL)

    assert shown(waiting) == ("release_requested", ["deposit_missing"])
    assert escrow.wakes() == [late]
    assert (escrow.payment(late).status, len(there.standing(late))) == ("completed", 1)
    assert drawn(escrow) == (2 * TOTAL, 0, 0)


def test_a_refund_is_a_reversal_and_does_not_go_back_into_the_deposits(escrow: World, there: StandIn):
    escrow.deposits(TOTAL)
    payment_id = escrow.invoiced()
    escrow.advances(payment_id)
    refund(escrow, payment_id, 10_000)
    back = refund(escrow, payment_id, TOTAL - 10_000)
    moved = accounts.by_kind(escrow.tenant_id, "EUR")

    assert (back.status, there.transfers[0]["amount_reversed"]) == ("refunded", TOTAL)
    assert drawn(escrow) == (TOTAL, 0, 0)
    assert moved["clearing"].credits_posted == TOTAL
    assert moved["revenue_return"].debits_posted + moved["tax_payable"].debits_posted == TOTAL


def test_what_stripe_cannot_make_draws_nothing(escrow: World, there: StandIn):
    is_paid_to(escrow, None)
    escrow.deposits(TOTAL)
    held = escrow.advances(escrow.invoiced())

    assert (shown(held), there.requests) == (("on_hold", ["payee_missing"]), [])
    assert drawn(escrow) == (0, 0, TOTAL)
