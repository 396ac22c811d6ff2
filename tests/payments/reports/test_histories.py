"""Random histories of invoices: drafted, issued, paid in parts, credited, cancelled and released, by callers who die
anywhere, in zones at both ends of the world. `make soak` lives through 2,000 of them.

Whatever happens: every report says what the invoices say, and working the sums out anew changes nothing.
"""

import contextlib
import random
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.invoices import reading
from functions.payments.reports import dues, inflow, outstanding, paid, rebuilding
from shared import clock, days
from shared.callers import tenant_settings
from shared.errors import Refusal
from tests.aws import troubles
from tests.aws.quick.table import QuickTable
from tests.payments.reports.firms import Firm
from tests.soaking import histories, soaks

STEPS = 18
PARTS = 4
HISTORIES = histories(48, soaking=2000)
ZONES = ("UTC", "Pacific/Kiritimati", "Pacific/Niue", "Europe/Berlin")
CLIENTS = ("Royal Society", "Åbo #1 % AB", "東京")


class History:
    """A firm, and what happens to its invoices at random."""

    def __init__(self, seed: int, time: time_machine.Traveller) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.time = time
        self.zone = self.random.choice(ZONES)
        self.firm = Firm(self.zone)
        self.projects = [self.firm.project(each) for each in CLIENTS]

    @property
    def today(self) -> date:
        return days.day_of(clock.now(), self.zone)

    def invoices(self) -> list[dict[str, Any]]:
        """Return all invoices as the API shows them."""
        return reading.page_of_tenant(self.firm.ada, None, None, limit=100, cursor=None)[0]

    def step(self) -> None:
        self.time.shift(timedelta(hours=self.random.choice((0, 1, 13, 24, 24 * 20, 24 * 50))))
        does = self.random.choice([self.issue, self.issue, self.draft, self.pay, self.pay, self.credit, self.release])
        number = self.random.randint(1, 6) if self.random.random() < 0.2 else None
        with contextlib.suppress(Refusal):
            if number is None:
                does()
            else:
                with troubles.dying_at(number, takes_effect=self.random.random() < 0.5):
                    does()

    def issue(self) -> None:
        project, currency = self.random.choice(self.projects), self.random.choice(("EUR", "JPY"))
        terms = {"net_days": self.random.choice((0, 14, 60)), "retention_rate": 100_000, "tax_rate": 180_000}
        milestone = self.firm.milestone(project, self.random.randint(100, 10**7), currency, **terms)
        self.firm.issues(milestone, self.random.choice((None, 400_000)))

    def draft(self) -> None:
        self.firm.issues(self.firm.milestone(self.projects[0], 1000, "EUR"), as_draft=True)

    def pay(self) -> None:
        one = self.any()
        amount = self.random.choice((one["amount_due_minor_units"], 1 + one["amount_due_minor_units"] // 3))
        self.firm.receives(
            one["invoice_id"], amount, (self.today - timedelta(days=self.random.randint(0, 3))).isoformat()
        )

    def credit(self) -> None:
        one = self.any()
        if self.random.random() < 0.5:
            self.firm.cancels(one["invoice_id"])
        else:
            self.firm.credits(one["invoice_id"], 1 + one["net_minor_units"] // 3)

    def release(self) -> None:
        self.firm.releases(self.any()["payment_id"] or "")

    def any(self) -> dict[str, Any]:
        if not (found := self.invoices()):
            self.issue()
            found = self.invoices()
        return self.random.choice(found)


def hold(history: History) -> None:
    """Assert that the reports are what the invoices say."""
    tenant_id, today, shown = history.firm.tenant_id, history.today, history.invoices()
    for currency in ("EUR", "JPY"):
        mine = [each for each in shown if each["currency"] == currency]
        waiting = [each for each in mine if each["status"] == "issued"]
        hold_outstanding(tenant_id, today, currency, waiting)
        hold_inflow(tenant_id, today, currency, waiting)
        hold_paid(tenant_id, today, currency, [each for each in mine if each["status"] == "paid"])


def hold_outstanding(tenant_id: str, today: date, currency: str, waiting: list[dict[str, Any]]) -> None:
    found = outstanding.report(tenant_id, today, currency)["currencies"]
    by_age, by_client = Counter[str](), Counter[str]()
    for each in waiting:
        by_age[age(each, today)] += each["amount_due_minor_units"]
        by_client[each["buyer"]["name"]] += each["amount_due_minor_units"]
    assert [each["invoices"] for each in found] == ([len(waiting)] if waiting else [])
    for each in found:
        assert {age["age"]: age["due_minor_units"] for age in each["ages"] if age["due_minor_units"]} == by_age
    clients, _ = outstanding.of_clients(tenant_id, today, currency, limit=100, cursor=None)
    assert {each["client"]: each["due_minor_units"] for each in clients} == by_client


def age(invoice: dict[str, Any], today: date) -> str:
    late = (today - date.fromisoformat(invoice["due_on"])).days
    names = ("days_1_to_30", "days_31_to_60", "days_61_to_90")
    return "not_due" if late <= 0 else names[(late - 1) // 30] if late <= 90 else "over_90_days"


def hold_inflow(tenant_id: str, today: date, currency: str, waiting: list[dict[str, Any]]) -> None:
    for each in inflow.report(tenant_id, today, currency, 4)["currencies"]:
        parts = [each["overdue_minor_units"], each["later_minor_units"]]
        assert sum(parts + [week["due_minor_units"] for week in each["weeks"]]) == sum(
            invoice["amount_due_minor_units"] for invoice in waiting
        )
        for week in each["weeks"]:
            begin = date.fromisoformat(week["begins_on"])
            here = [
                invoice["amount_due_minor_units"]
                for invoice in waiting
                if max(today, begin) <= date.fromisoformat(invoice["due_on"]) < begin + timedelta(days=7)
            ]
            assert week["due_minor_units"] == sum(here)


def hold_paid(tenant_id: str, today: date, currency: str, settled: list[dict[str, Any]]) -> None:
    by_month: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for each in settled:
        by_month[each["last_paid_on"][:7]].append(each)
    found = dict(paid.of_tenant(tenant_id, today, 240).get(currency, ()))
    assert {*found} == {*by_month}
    for month, several in by_month.items():
        waited = [date.fromisoformat(each["last_paid_on"]) - date.fromisoformat(each["issued_on"]) for each in several]
        assert found[month] == (
            len(several),
            sum(each["last_paid_on"] <= each["due_on"] for each in several),
            sum(max(0, each.days) for each in waited),
            sum(each["paid_minor_units"] for each in several),
        )


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_the_reports_are_what_the_invoices_say(part: int, aws: None):
    quick = QuickTable()
    quick.stand_in()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False) as time:
        for seed in range(part, HISTORIES, PARTS):
            tenant_settings.forget()
            history = History(seed, time)
            for _ in range(STEPS):
                history.step()
            hold(history)
            assert rebuilding.rebuild(history.firm.tenant_id) == 0
            assert dues.of_tenant(history.firm.tenant_id).keys() <= {"EUR", "JPY"}
            quick.items.clear()
