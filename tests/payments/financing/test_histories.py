"""Random histories of advances, with whoever dies at any call. `make soak` lives through more of them.

Whatever happens: the ledger is balanced and says what is owed, no more is repaid than was lent, what is pledged is
pledged for one advance that is neither rejected nor repaid, and each pledged payment repays once.
"""

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from functions.payments.billing import billings
from functions.payments.financing import (
    deciding,
    defaulting,
    disbursing,
    financings,
    repaying,
    repayments,
    requesting,
)
from functions.payments.financing.financings import Financing
from functions.payments.financing.requesting import Asked
from functions.payments.gateways import choosing
from functions.payments.ledger import accounts
from functions.payments.releases import commands, process
from shared import ids
from shared.callers.caller import Caller
from shared.errors import Refusal, Unavailable
from shared.storage import table
from tests.aws import troubles
from tests.aws.quick.table import QuickTable
from tests.payments.invoices.ground import Ground
from tests.soaking import histories, soaks

STEPS = 30
PARTS = 4
HISTORIES = histories(60, soaking=400)
AMOUNT = 1_000_000
SHARES = (100_000, 300_000, 600_000)


class History:
    """A tenant with two milestones, who asks for advances on them, and what happens at random."""

    def __init__(self, seed: int, time: time_machine.Traveller) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.time = time
        self.ground = Ground()
        self.ben = Caller(ids.new("user"), self.ground.tenant_id, (), self.ground.ada.scopes, None, (), None)
        self.milestones = [self.ground.milestone(AMOUNT) for _ in range(2)]
        self.invoices: list[str] = []
        self.payments: list[str] = []
        self.begin()

    @property
    def requests(self) -> list[Financing]:
        place = financings.listing(self.ground.tenant_id)
        keys = [
            financings.key(self.ground.tenant_id, item["financing_id"])
            for item in table.query_all(place, financings.LISTED)
        ]
        return [financings.from_item(item) for item in (table.get_many(keys, consistent=True) if keys else []) if item]

    def begin(self) -> None:
        """Have an advance on one of the milestones, paid out as a rule."""
        requesting.request(self.ground.ada, Asked(AMOUNT // 2, "EUR", 120_000, 6, "", self.milestones[:1], []))
        self.approve()
        if self.random.random() < 0.8:
            self.disburse()

    def step(self) -> None:
        """Do something, or die at any call of it."""
        does = self.random.choice(
            [self.ask, self.approve, self.reject, self.disburse, self.repay, self.issue, self.pay, self.tell, self.look]
        )
        if self.random.random() < 0.6:
            with contextlib.suppress(Refusal):
                does()
            return
        dying = troubles.dying_at(self.random.randint(1, 12), takes_effect=self.random.random() < 0.5)
        with contextlib.suppress(Refusal, Unavailable), dying:
            does()

    def ask(self) -> None:
        milestones = self.random.sample(self.milestones, self.random.randint(0, 2))
        invoices = self.random.sample(self.invoices, min(len(self.invoices), 0 if milestones else 1))
        amount, rate = self.random.randint(10_000, AMOUNT), self.random.choice([0, 120_000])
        if milestones or invoices:
            requesting.request(
                self.ground.ada, Asked(amount, "EUR", rate, self.random.randint(1, 6), "", milestones, invoices)
            )

    def approve(self) -> None:
        deciding.approve(self.ben, self.any_request("pending"), "", if_match=None)

    def reject(self) -> None:
        if self.random.random() < 0.2:
            deciding.reject(self.ben, self.any_request("approved"), "No.", if_match=None)

    def disburse(self) -> None:
        disbursing.disburse(self.ben, self.any_request("approved"), if_match=None)

    def repay(self) -> None:
        amount = self.random.choice([None, *[self.random.randint(1, AMOUNT // 3) for _ in range(6)]])
        repaying.repay(self.ben, self.any_request("active", "defaulted"), amount, if_match=None)

    def issue(self) -> None:
        made = self.ground.issues(self.random.choice(self.milestones), self.random.choice(SHARES))
        self.invoices.append(made["invoice_id"])
        self.payments.append(made["payment_id"])

    def pay(self) -> None:
        payment_id = self.random.choice(self.payments or [ids.new("pay")])
        with contextlib.suppress(Refusal):
            commands.release(self.ben, payment_id, if_match=None)
        process.advance(self.ground.tenant_id, payment_id, choosing.gateway)

    def tell(self) -> None:
        for payment_id in self.payments:
            repaying.by_pledge(self.ground.tenant_id, payment_id)

    def look(self) -> None:
        self.time.shift(timedelta(days=self.random.randint(0, 25)))
        for each in self.requests:
            defaulting.look(each.tenant_id, each.financing_id)

    def any_request(self, *statuses: str) -> str:
        """Return the id of a request in one of these statuses, of any if there is none."""
        every = self.requests
        found = [each for each in every if each.status in statuses] or every
        return self.random.choice(found).financing_id if found else ids.new("fin")


def hold(history: History) -> None:
    """Assert what is always so."""
    found, tenant_id = history.requests, history.ground.tenant_id
    lent = [each for each in found if each.disbursed_at]
    ledger = accounts.by_kind(tenant_id, "EUR")
    assert accounts.total(ledger.values()).is_balanced
    back, interest = 0, 0
    for each in lent:
        listed, _ = repayments.page(each, limit=100, cursor=None)
        repaid = sum(one.principal_minor_units for one in listed)
        assert [one.number for one in listed] == [*range(1, each.repayments + 1)]
        assert repaid <= each.amount_minor_units
        assert (each.ended_at is not None) == (repaid == each.amount_minor_units)
        own = [one.payment_id for one in listed if one.payment_id]
        assert len(own) == len({*own})
        back += repaid
        interest += sum(one.interest_minor_units for one in listed)
    owed = ledger.get("advance_payable", accounts.Totals())
    assert (owed.credits_posted, owed.debits_posted) == (sum(each.amount_minor_units for each in lent), back)
    assert ledger.get("interest", accounts.Totals()).debits_posted == interest
    assert pledged(history) == sorted(
        (each.financing_id, pledge.project_milestone_id, pledge.invoice_id or "")
        for each in found
        if each.ended_at is None
        for pledge in each.own_pledges
    )


def pledged(history: History) -> list[tuple[str, str, str]]:
    """Return for which advance what is pledged, and require that nothing is for two."""
    found = []
    for milestone_id in history.milestones:
        item = table.get(billings.key(history.ground.tenant_id, milestone_id), consistent=True) or {}
        own = [(each["financing_id"], milestone_id, each["invoice_id"] or "") for each in item.get("pledges", [])]
        assert len({each[2] for each in own}) == len(own)
        found += own
    return sorted(found)


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_an_advance_is_lent_and_repaid_as_the_ledger_says(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        for seed in range(part, HISTORIES, PARTS):
            history = History(seed, time)
            for _ in range(STEPS):
                history.step()
                hold(history)
            quick.items.clear()
