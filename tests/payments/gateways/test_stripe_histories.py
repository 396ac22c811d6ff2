"""Random histories of three payments of one project by Stripe, out of deposits or not, with refunds and webhooks.

`make soak` lives through 600 of them. Whatever happens: a payment has at most one transfer, what is drawn is what was
made of it or may have been, no deposits are overdrawn, and the ledger is balanced.
"""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.payments.ledger import accounts
from functions.payments.ledger.accounts import Totals
from functions.payments.payments import Payment
from functions.payments.transition import SETTLED
from shared.errors import Refusal
from tests.aws import troubles
from tests.aws.quick.table import QuickTable
from tests.payments.gateways.paying import TROUBLES, paying, refund, tells
from tests.payments.gateways.stripe_stand_in import StandIn
from tests.payments.releases.world import TOTAL
from tests.soaking import histories, soaks

STEPS = 25
PARTS = 2
HISTORIES = histories(30, soaking=600)
MINUTES = (0.2, 1, 1, 4, 10, 45, 60, 60 * 24)


class History:
    """A project with three payments, a Stripe, and what happens to them at random."""

    def __init__(self, seed: int, there: StandIn, time: time_machine.Traveller) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.there, self.time = there, time
        self.world = paying(there)
        self.world.holds(self.random.choice([TOTAL, 2 * TOTAL]))
        self.ids = [each.invoiced() for each in (self.world, self.world.beside(), self.world.beside())]

    @property
    def payments(self) -> list[Payment]:
        return [self.world.payment(each) for each in self.ids]

    def step(self) -> None:
        steps = [self.advance, self.sweep, self.sweep, self.die, self.trouble, self.trouble, self.refund]
        with contextlib.suppress(Refusal):
            self.random.choice([*steps, self.tell, self.deposit, self.wake, self.switch])()

    def advance(self) -> None:
        self.world.advances(self.random.choice(self.ids))

    def sweep(self) -> None:
        self.time.shift(timedelta(minutes=self.random.choice(MINUTES)))
        self.world.sweeps()

    def die(self) -> None:
        """Die at any call of the table."""
        with troubles.dying_at(self.random.randint(1, 12), takes_effect=self.random.random() < 0.5):
            self.sweep()

    def trouble(self) -> None:
        self.there.troubles = self.random.choices(TROUBLES, k=self.random.randint(1, 4))

    def refund(self) -> None:
        refund(self.world, self.random.choice(self.ids), self.random.choice([1, TOTAL // 3, TOTAL]))

    def tell(self) -> None:
        """Have Stripe tell of a transfer, perhaps once more."""
        made = [each for payment_id in self.ids for each in self.there.standing(payment_id)]
        if made:
            tells(self.random.choice(made), f"evt_{self.random.randint(1, 5)}")

    def deposit(self) -> None:
        self.world.deposits(self.random.choice([1, TOTAL // 2, TOTAL]))

    def wake(self) -> None:
        self.world.wakes()

    def switch(self) -> None:
        """Have the project pay out of its deposits alone, or not."""
        self.world.holds(escrow=self.random.random() < 0.7)

    def end(self) -> None:
        """Let everything be well again, and three days pass."""
        self.world.deposits(3 * TOTAL)
        self.there.troubles = []
        for minutes in [1, 5, 10, 45, *[60] * 72]:
            self.time.shift(timedelta(minutes=minutes))
            self.world.sweeps()


def hold(history: History) -> None:
    """Assert what is always so."""
    payments, held = history.payments, history.world.held()
    for payment in payments:
        hold_one(history, payment)
    escrow = accounts.totals(held)
    assert (escrow.debits_posted, escrow.debits_pending) == out(payments, is_from_escrow=True)
    left = escrow.credits_posted - escrow.debits_posted - escrow.debits_pending
    assert held[accounts.AVAILABLE] == left >= 0
    ledger = accounts.by_kind(history.world.tenant_id, "EUR")
    assert accounts.total(ledger.values()).is_balanced
    clearing, (paid, on_its_way) = ledger.get("clearing", Totals()), out(payments, is_from_escrow=False)
    assert (clearing.debits_posted, clearing.debits_pending) == (paid + escrow.credits_posted, on_its_way)
    assert clearing.credits_posted == sum(each.refunded_minor_units for each in payments)
    waiting = [each.payment_id for each in payments if each.waits_for_deposit]
    assert sorted(history.world.waiting()) == sorted(waiting)


def hold_one(history: History, payment: Payment) -> None:
    """Assert what is always so of a payment and of what Stripe has made of it."""
    made = history.there.standing(payment.payment_id)
    is_settled = payment.status in SETTLED
    assert len(made) <= 1
    assert history.world.events(payment.payment_id).count("released") == is_settled
    if made:
        asked = 0 if payment.refunding is None else payment.refunding["amount_minor_units"]
        assert is_settled or "processing" in (payment.status, payment.held_from)
        assert made[0]["amount_reversed"] - payment.refunded_minor_units in (0, asked)
    assert made or not is_settled


def out(payments: list[Payment], *, is_from_escrow: bool) -> tuple[int, int]:
    """Return what of the payments that draw on deposits, or do not, was paid, and what is on its way."""
    drawing = [each for each in payments if each.is_from_escrow == is_from_escrow]
    paid = sum(each.amount_minor_units for each in drawing if each.status in SETTLED)
    on_its_way = [each for each in drawing if "processing" in (each.status, each.held_from)]
    return paid, sum(each.amount_minor_units for each in on_its_way)


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_payments_by_stripe_draw_on_deposits_what_it_has_made_and_no_more(part: int, aws: None, there: StandIn):
    quick = QuickTable()
    quick.stand_in()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        for seed in range(part, HISTORIES, PARTS):
            history = History(seed, there, time)
            for _ in range(STEPS):
                history.step()
                hold(history)
            history.end()
            hold(history)
            for payment in history.payments:
                is_for_people = payment.status == "on_hold" or (payment.status == "failed" and payment.due_at is None)
                assert is_for_people or payment.status in SETTLED, payment
            quick.items.clear()
