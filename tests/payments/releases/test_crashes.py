"""Whoever dies between any two calls leaves a payment that the sweep alone brings to the same end."""

from datetime import timedelta

import pytest
import time_machine

from functions.payments.ledger import accounts
from shared.errors import Unavailable
from tests.aws import troubles
from tests.aws.quick.table import QuickTable
from tests.payments.releases import returning
from tests.payments.releases import world as worlds
from tests.payments.releases.untrue import Trouble, Untrue
from tests.payments.releases.world import TOTAL, World

Traveller = time_machine.Traveller
MOST_CALLS = 40


@pytest.fixture
def quick(aws: None) -> QuickTable:
    table = QuickTable()
    table.stand_in()
    return table


def bring_to_its_end(world: World, time: Traveller) -> None:
    """Let a day pass, with a sweep every so often."""
    for minutes in (1, 1, 5, 10, 45, 60, 60):
        time.shift(timedelta(minutes=minutes))
        world.sweeps()


@pytest.mark.parametrize(
    ("trouble", "is_escrow"), [("none", False), ("none", True), ("lost after", False), ("refused", True)]
)
@pytest.mark.parametrize("takes_effect", [False, True])
def test_after_a_crash_at_any_call_there_is_one_effect_and_one_released_event(
    trouble: Trouble,
    is_escrow: bool,  # noqa: FBT001 - a parameter of the test
    takes_effect: bool,  # noqa: FBT001 - as above
    quick: QuickTable,
    time: Traveller,
):
    died = 0
    for number in range(1, MOST_CALLS):
        quick.items.clear()
        world = worlds.made()
        world.gateway = Untrue(troubles=[trouble])
        world.holds(TOTAL, escrow=is_escrow)
        payment_id = world.invoiced()
        with troubles.dying_at(number, takes_effect=takes_effect) as made:
            try:
                world.advances(payment_id)
            except Unavailable:
                died += 1
        bring_to_its_end(world, time)

        assert isinstance(world.gateway, Untrue)
        assert world.payment(payment_id).status == "completed", number
        assert len(world.gateway.standing(payment_id)) == 1, number
        assert world.events(payment_id).count("released") == 1, number
        assert (world.billing().open_invoices, world.billing().released_minor_units) == (0, TOTAL), number
        assert world.held()["available"] == (0 if is_escrow else TOTAL), number
        assert accounts.total(accounts.by_kind(world.tenant_id, "EUR").values()).is_balanced, number
        if len(made) < number:
            break
    assert died >= 10


@pytest.mark.parametrize("trouble", ["none", "lost before", "lost after"])
@pytest.mark.parametrize("takes_effect", [False, True])
def test_after_a_crash_at_any_call_a_refund_is_made_once(
    trouble: Trouble,
    takes_effect: bool,  # noqa: FBT001 - a parameter of the test
    quick: QuickTable,
    time: Traveller,
):
    died = 0
    for number in range(1, MOST_CALLS):
        quick.items.clear()
        world, gateway, payment_id = returning.paid()
        returning.asks_back(world, payment_id, 10_000)
        gateway.troubles = [trouble]
        with troubles.dying_at(number, takes_effect=takes_effect) as made:
            try:
                world.advances(payment_id)
            except Unavailable:
                died += 1
        bring_to_its_end(world, time)

        assert (world.payment(payment_id).status, world.payment(payment_id).refunding) == ("partially_refunded", None)
        assert [each.amount_minor_units for each in gateway.returned] == [10_000], number
        assert world.events(payment_id).count("refunded") == 1, number
        assert world.billing().refunded_minor_units == 10_000
        ledger = accounts.by_kind(world.tenant_id, "EUR")
        assert accounts.total(ledger.values()).is_balanced
        assert ledger["clearing"].debits_posted - ledger["clearing"].credits_posted == TOTAL - 10_000
        if len(made) < number:
            break
    assert died >= 5
