"""Whoever dies at any call of an issue, a credit note or a receipt leaves what a repetition and the sweep complete."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product
from typing import Any

import pytest
import time_machine

from functions.payments import payments
from functions.payments.credits import crediting
from functions.payments.gateways.ledger import Ledger
from functions.payments.invoices import lifecycle, receipts
from functions.payments.invoices.asking import Asked
from functions.payments.payments import Payment
from functions.payments.releases import process
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from shared import clock
from shared.errors import Unavailable
from shared.messaging import timers
from shared.storage import idempotency, table
from tests.aws import troubles
from tests.payments.invoices.ground import Ground
from tests.payments.invoicing import SELLER

MONTH = "202611"
MOST_CALLS = 20
CRASHES = [*product(range(1, MOST_CALLS), (False, True))]
Again = Callable[[], Any]


@pytest.fixture
def ground(aws: None, time: time_machine.Traveller) -> Ground:
    """A tenant whose payments are released by themselves, up to a limit that most are above."""
    made = Ground()
    usual = PaymentSettings(made.tenant_id, version=1, seller=SELLER, auto_release_limits={"EUR": 1000})
    table.put_many([settings.to_item(usual)])
    return made


def approved(ground: Ground, amount: int) -> str:
    """Return a milestone that somebody from outside has approved."""
    milestone_id = ground.milestone(amount)
    ground.becomes(
        milestone_id, "verified", amount, approved_by=["ext_0123456789abcdef"], created_by=ground.ada.user_id
    )
    return milestone_id


def claimed(key: str) -> idempotency.Claim:
    return idempotency.claim(partition="USER#ada", idempotency_key=key, operation="it", request={})


def sweeps(time: time_machine.Traveller) -> None:
    """Let a minute pass, and have every payment looked at that is due."""
    time.shift(61)
    shards = [timers.partition(payments.KIND, shard) for shard in range(timers.SHARDS)]
    until = f"DUE#{clock.to_rfc3339(clock.now())}~"
    for item in [each for shard in shards for each in table.query(shard, "DUE#", index=True, limit=100).items]:
        if item["GSI1SK"] <= until:
            process.advance(item["tenant_id"], item["payment_id"], lambda _: Ledger())


def dies(again: Again, number: int, *, takes_effect: bool) -> bool:
    """Die at a call, do it again, and return whether there was such a call."""
    with troubles.dying_at(number, takes_effect=takes_effect) as made, suppress(Unavailable):
        again()
    again()
    return len(made) >= number


def payment(ground: Ground, payment_id: str) -> Payment:
    found = payments.find(ground.tenant_id, payment_id)
    assert found is not None
    return found


def test_an_issue_is_repeated_and_the_sweep_has_it_paid(ground: Ground, time: time_machine.Traveller):
    issued = 0
    for number, takes_effect in CRASHES:
        milestone_id = approved(ground, 1000)
        issue = partial(lifecycle.create, ground.ada, milestone_id, Asked(), claim=claimed(f"{number}{takes_effect}"))
        has_died = dies(issue, number, takes_effect=takes_effect)
        made = issue()
        issued += 1
        sweeps(time)

        assert ground.numbers(MONTH) == [*range(1, issued + 1)]
        assert payment(ground, made["payment_id"]).status == "completed"
        assert ground.balance() == {"revenue": 1000 * issued, "clearing": 1000 * issued}
        assert (ground.billing(milestone_id)["open_invoices"], ground.billing(milestone_id)["share"]) == (0, 1_000_000)
        if not has_died and takes_effect:
            break
    assert issued >= 6


@pytest.mark.parametrize("what", ["credited", "paid outside"])
def test_a_payment_that_waited_for_people_is_cancelled_by_the_sweep_with_its_invoice(
    what: str, ground: Ground, time: time_machine.Traveller
):
    ended = 0
    for number, takes_effect in CRASHES:
        made = ground.issues(approved(ground, 5000))
        sweeps(time)
        assert payment(ground, made["payment_id"]).reasons == ["above_limit"]
        invoice_id, claim = made["invoice_id"], claimed(f"{number}{takes_effect}")
        again: Again = partial(crediting.cancel, ground.ada, invoice_id, "Withdrawn.", if_match=None, claim=claim)
        if what == "paid outside":
            received = {"amount_minor_units": 5000, "received_on": "2026-11-20"}
            again = partial(receipts.record, ground.ada, invoice_id, received, if_match=None, claim=claim)
        has_died = dies(again, number, takes_effect=takes_effect)
        ended += 1
        sweeps(time)

        assert again()["status"] == ("cancelled" if what == "credited" else "paid")
        assert ground.numbers(MONTH, "CN") == (list(range(1, ended + 1)) if what == "credited" else [])
        assert payment(ground, made["payment_id"]).status == "cancelled"
        assert ground.balance() == ({} if what == "credited" else {"revenue": 5000 * ended, "clearing": 5000 * ended})
        if not has_died and takes_effect:
            break
    assert ended >= 6
