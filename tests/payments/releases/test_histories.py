"""Random histories of payments: gateways that are away, slow, lying and repeating themselves, gates that close,
deposits that come late or in part, and processes that die anywhere. `make soak` lives through 2,000 of them.

Whatever happens: a payment id has at most one transfer that stands, and is settled exactly if it has one and somebody
has looked for it; what is released is what is paid; and every event of a release is the only one.
"""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.payments.ledger import accounts
from functions.payments.payments import Payment
from shared.errors import Refusal
from tests.aws import troubles
from tests.aws.quick.table import QuickTable
from tests.payments.releases import world as worlds
from tests.payments.releases.untrue import TROUBLES, ProcessDied, Untrue
from tests.soaking import histories, soaks

STEPS = 25
PARTS = 4
HISTORIES = histories(80, soaking=2000)
MINUTES = (0.2, 1, 1, 4, 10, 45, 60, 60 * 24)


class History:
    """A tenant with a milestone, a gateway, and what happens to both at random."""

    def __init__(self, seed: int, time: time_machine.Traveller) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.time = time
        self.world = worlds.made()
        self.gateway = Untrue()
        self.world.gateway = self.gateway
        if seed % 2:
            self.world.holds()
        self.payment_id = self.world.invoiced()

    @property
    def payment(self) -> Payment:
        return self.world.payment(self.payment_id)

    def step(self) -> None:
        often = [self.advance, self.sweep, self.sweep, self.die, self.trouble, self.leave]
        with contextlib.suppress(Refusal, ProcessDied):
            self.random.choice([*often, self.close, self.open, self.deposit, self.wake, self.switch])()

    def advance(self) -> None:
        self.world.advances(self.payment_id)

    def sweep(self) -> None:
        self.time.shift(timedelta(minutes=self.random.choice(MINUTES)))
        self.world.sweeps()

    def die(self) -> None:
        """Die at any call of the table, or of the gateway."""
        self.time.shift(timedelta(minutes=self.random.choice(MINUTES)))
        if self.random.random() < 0.4:
            self.gateway.dies = self.random.choice(["before", "after"])
            self.world.sweeps()
            return
        with troubles.dying_at(self.random.randint(1, 12), takes_effect=self.random.random() < 0.5):
            self.world.sweeps()

    def trouble(self) -> None:
        self.gateway.troubles = self.random.choices(TROUBLES, k=self.random.randint(1, 4))

    def leave(self) -> None:
        self.gateway.is_away = not self.gateway.is_away

    def close(self) -> None:
        self.world.gate(status="escalated", holds=["esc_1"])

    def open(self) -> None:
        self.world.gate()

    def deposit(self) -> None:
        self.world.deposits(self.random.choice([1, worlds.TOTAL // 2, worlds.TOTAL]))

    def wake(self) -> None:
        self.world.wakes()

    def switch(self) -> None:
        """Have the project pay out of its deposits alone, or not."""
        self.world.holds(escrow=self.random.random() < 0.7)

    def end(self) -> None:
        """Let everything be well again, and three days pass."""
        self.world.deposits(worlds.TOTAL)
        self.gateway.troubles, self.gateway.is_away, self.gateway.dies = [], False, "never"
        self.world.gate()
        for minutes in [1, 5, 10, 45, *[60] * 72]:
            self.time.shift(timedelta(minutes=minutes))
            self.world.sweeps()


def hold(history: History) -> None:
    """Assert what is always so."""
    payment, moved = history.payment, history.gateway.standing(history.payment_id)
    billing, invoice = history.world.billing(), history.world.invoice(history.payment_id)
    released = history.world.events(history.payment_id).count("released")
    is_settled = payment.status == "completed"
    assert len(moved) <= 1
    assert released == is_settled
    assert billing.released_minor_units == invoice.paid_minor_units == (worlds.TOTAL if is_settled else 0)
    assert billing.open_invoices == (not is_settled)
    assert invoice.is_in_release == ("processing" in (payment.status, payment.held_from))
    assert payment.due_at is None or payment.status in ("invoiced", "release_requested", "processing", "failed")
    ledger = accounts.by_kind(history.world.tenant_id, "EUR")
    assert accounts.total(ledger.values()).is_balanced
    held = history.world.held()
    moved_on = {"clearing": ledger.get("clearing", accounts.Totals()), "escrow": accounts.totals(held)}
    deposited = moved_on["escrow"].credits_posted
    drawn = "escrow" if payment.is_from_escrow else "clearing"
    for code, each in moved_on.items():
        paid, on_its_way = (worlds.TOTAL * (code == drawn and so) for so in (is_settled, invoice.is_in_release))
        put_in = deposited if code == "clearing" else 0
        assert (each.debits_posted, each.debits_pending) == (paid + put_in, on_its_way)
    left = deposited - moved_on["escrow"].debits_posted - moved_on["escrow"].debits_pending
    assert held.get(accounts.AVAILABLE, 0) == left >= 0
    assert history.world.waiting() == ([history.payment_id] if payment.waits_for_deposit else [])
    if is_settled or moved:
        assert len(moved) == 1
        assert payment.status in ("completed", "processing", "on_hold")


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_a_payment_has_one_effect_at_most_and_ends_as_its_gateway_has_it(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        for seed in range(part, HISTORIES, PARTS):
            history = History(seed, time)
            for _ in range(STEPS):
                history.step()
                hold(history)
            history.end()
            hold(history)
            payment = history.payment
            is_for_people = payment.status == "on_hold" or (payment.status == "failed" and payment.due_at is None)
            assert is_for_people or payment.status == "completed", payment
            quick.items.clear()
