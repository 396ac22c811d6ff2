"""What invoices kept back, through the door and by itself: asked for once, with its tax, when it is due."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.billing import gates
from functions.payments.following import retaining
from functions.payments.invoices import retentions
from functions.payments.invoices.retentions import KIND
from shared import clock
from shared.errors import Unavailable
from shared.messaging import timers
from shared.storage import events, table
from tests.aws import troubles
from tests.payments.invoicing import TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")
REASON = {"reason": "The order was withdrawn."}
PAID = {"received_on": "2026-11-20"}
AMOUNT = 31_250_000
BY_HAND = {**TERMS, "auto_invoice": False}
BY_ITSELF = {**TERMS, "auto_invoice": True}


def completes(firm: Firm) -> None:
    """Complete the project of a firm, and deliver its event twice."""
    completed = firm.ada.post(f"{firm.project}/complete")
    assert completed.status == 200, completed.body
    place = f"TENANT#{firm.ada.tenant_id}#PRJ#{firm.project.rpartition('/')[2]}"
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    firm.delivers([each for each in found if each.event_type == "projects.project.completed"])


def sweeps(firm: Firm) -> int:
    """Have everything looked at that is due by now, as the sweep does, and return how much that was."""
    until = f"DUE#{clock.to_rfc3339(clock.now())}~"
    shards = [timers.partition(KIND, each) for each in range(timers.SHARDS)]
    due = [item for each in shards for item in table.query(each, "DUE#", index=True, limit=100).items]
    found = [item["message"] for item in due if item["GSI1SK"] <= until]
    for message in found:
        retaining.of_invoice(message["tenant_id"], message["invoice_id"])
    return len(found)


def asked(firm: Firm, milestone: str) -> list[dict[str, Any]]:
    """Return the invoices of a milestone that ask for retentions."""
    found = firm.get(f"{milestone}/invoices", "limit=100").body["items"]
    return [each for each in found if each["kind"] == "retention"]


def test_what_was_kept_back_is_invoiced_with_its_tax_when_the_project_is_completed(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    made = firm.issues(milestone)
    retaining.of_invoice(ada.tenant_id, made["invoice_id"])
    assert asked(firm, milestone) == []

    completes(firm)
    [new] = asked(firm, milestone)
    amounts = [new[f"{name}_minor_units"] for name in ("net", "retention", "tax", "payable", "amount_due")]
    assert amounts == [3_125_000, 0, 562_500, 3_687_500, 3_687_500]
    assert (new["retention_of"], new["number"], new["sequence"]) == (made["invoice_id"], "INV-202611-0002", 2)
    assert new["lines"][0]["description"] == "Retention of INV-202611-0001"
    assert firm.get(f"/invoices/{made['invoice_id']}").body["retention_invoice_id"] == new["invoice_id"]
    payment = firm.get(f"/payments/{new['payment_id']}").body
    assert (payment["kind"], payment["amount_minor_units"]) == ("retention", 3_687_500)
    assert firm.billing(milestone)["open_invoices"] == 2
    assert sweeps(firm) == 0


def test_the_ledger_moves_the_retention_to_what_is_to_be_paid(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    firm.issues(firm.verified(AMOUNT))
    completes(firm)

    found = firm.purse("admin").get("/ledger/trial-balance", "currency=EUR").body
    assert found["is_balanced"]
    assert {each["code"]: each["balance_minor_units"] for each in found["accounts"]} == {
        "receivable": 33_187_500 + 3_687_500,
        "retention_receivable": 0,
        "revenue": AMOUNT,
        "tax_payable": 5_062_500 + 562_500,
    }


@pytest.mark.parametrize(
    ("issued_on", "last_day"),
    [(date(2027, 3, 1), date(2028, 2, 29)), (date(2028, 2, 29), date(2029, 2, 28))],
)
def test_days_of_a_retention_end_also_over_a_leap_day(
    ada: Person, time: time_machine.Traveller, issued_on: date, last_day: date
):
    time.move_to(datetime(issued_on.year, issued_on.month, issued_on.day, 12, tzinfo=UTC))
    firm = Firm.opened(ada, **BY_ITSELF, retention_days=365)
    milestone = firm.verified(AMOUNT)
    path = f"/invoices/{firm.issues(milestone)['invoice_id']}/retention"
    start = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC)
    time.move_to(start - timedelta(milliseconds=1))
    refused = firm.post(path)
    assert (refused.code, last_day.isoformat() in refused.body["detail"]) == ("RetentionNotDue", True)
    assert sweeps(firm) == 0

    time.move_to(start)
    assert sweeps(firm) == 1
    assert sweeps(firm) == 0
    assert len(asked(firm, milestone)) == 1


def test_days_of_a_retention_are_not_ended_by_the_project(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF, retention_days=365)
    milestone = firm.verified(AMOUNT)
    firm.issues(milestone)
    completes(firm)

    assert asked(firm, milestone) == []


def test_an_invoice_of_a_completed_project_is_looked_at_a_minute_later(ada: Person, time: time_machine.Traveller):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    completes(firm)
    firm.issues(milestone)
    assert asked(firm, milestone) == []

    time.shift(60)
    assert sweeps(firm) == 1
    assert len(asked(firm, milestone)) == 1


def test_people_ask_for_it_where_nothing_is_invoiced_by_itself(ada: Person):
    firm = Firm.opened(ada, **BY_HAND)
    milestone = firm.verified(AMOUNT)
    path = f"/invoices/{firm.issues(milestone)['invoice_id']}"
    assert "invoice_retention" in firm.get(path).body["allowed"]
    assert firm.post(f"{path}/retention").code == "RetentionNotDue"

    completes(firm)
    assert asked(firm, milestone) == []
    made = [firm.post(f"{path}/retention", key="once").body for _ in range(2)]
    assert made[0] == made[1]
    assert firm.post(f"{path}/retention").code == "RetentionInvoiced"
    assert "invoice_retention" not in firm.get(path).body["allowed"]
    assert firm.numbers() == ["NUMBER#000001", "NUMBER#000002", "2"]


def test_only_managers_and_finance_of_the_project_ask_for_it(ada: Person):
    firm = Firm.opened(ada, **BY_HAND)
    path = f"/invoices/{firm.issues(firm.verified(AMOUNT))['invoice_id']}/retention"
    client = firm.purse(somebody=ada.brings(firm.project, ada.colleague(), "client"))
    viewer = firm.purse(somebody=ada.brings(firm.project, ada.colleague(), "viewer"))

    assert client.rest("POST", path).code == "FinanceRequired"
    assert viewer.rest("POST", path).code == "InvoiceNotFound"


def test_graphql_asks_for_it_too(ada: Person):
    firm = Firm.opened(ada, **BY_HAND)
    invoice_id = firm.issues(firm.verified(AMOUNT))["invoice_id"]
    assert firm.purse().ask("invoiceRetention", invoiceId=invoice_id).error_type == "RetentionNotDue"
    completes(firm)

    made = firm.purse().ask("invoiceRetention", invoiceId=invoice_id).data
    assert (made["kind"], made["payable"]["minorUnits"]) == ("retention", "3687500")


def test_an_invoice_is_credited_only_after_the_one_of_its_retention(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    path = f"/invoices/{firm.issues(milestone)['invoice_id']}"
    completes(firm)
    [new] = asked(firm, milestone)
    assert firm.post(f"{path}/cancel", REASON).code == "RetentionInvoiced"

    assert firm.post(f"/invoices/{new['invoice_id']}/cancel", REASON).body["status"] == "cancelled"
    assert firm.get(path).body["retention_invoice_id"] is None
    retaining.of_invoice(ada.tenant_id, path.rpartition("/")[2])
    assert [each["status"] for each in asked(firm, milestone)] == ["cancelled"]
    again = firm.post(f"{path}/retention").body
    assert firm.post(f"/invoices/{again['invoice_id']}/cancel", REASON).status == 200
    assert firm.post(f"{path}/cancel", REASON).body["status"] == "cancelled"
    found = firm.purse("admin").get("/ledger/trial-balance", "currency=EUR").body
    assert [each["balance_minor_units"] for each in found["accounts"]] == [0, 0, 0, 0]
    assert (firm.billing(milestone)["open_invoices"], firm.billing(milestone).get("share", 0)) == (0, 0)


def test_what_is_credited_is_not_asked_for(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone, other = firm.verified(AMOUNT), firm.verified(1000)
    lines = [{"number": 1, "net_minor_units": AMOUNT // 2}]
    firm.post(f"/invoices/{firm.issues(milestone)['invoice_id']}/credit-notes", {**REASON, "lines": lines})
    gone = f"/invoices/{firm.issues(other)['invoice_id']}"
    firm.post(f"{gone}/cancel", REASON)
    completes(firm)

    assert [each["net_minor_units"] for each in asked(firm, milestone)] == [3_125_000 // 2]
    assert asked(firm, other) == []
    assert firm.post(f"{gone}/retention").code == "NothingRetained"


def test_each_rate_has_its_part_of_the_retention(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(3000)
    lines = [{"description": f"Part {each}", "unit_price_minor_units": 1000} for each in range(3)]
    taxed = [line | {"tax_percent": percent} for line, percent in zip(lines, ("18", "5", "18"), strict=True)]
    firm.issues(milestone, lines=taxed)
    completes(firm)

    [new] = asked(firm, milestone)
    assert [(line["net_minor_units"], line["tax_percent"]) for line in new["lines"]] == [(200, "18"), (100, "5")]
    assert new["tax_minor_units"] == 36 + 5


def test_without_a_client_it_is_tried_again_a_day_later(ada: Person, time: time_machine.Traveller):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    firm.issues(milestone)
    ada.patch(firm.project, {"client": None})
    completes(firm)
    assert asked(firm, milestone) == []

    place = f"TENANT#{ada.tenant_id}#PRJ#{firm.project.rpartition('/')[2]}"
    [project] = table.query(place, "PROJECT", limit=1, consistent=True).items
    table.put_many([project | {"client": {"name": "Royal Society"}}])
    time.shift(timedelta(days=1))
    assert sweeps(firm) == 1
    assert len(asked(firm, milestone)) == 1


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("at", range(1, 5))
def test_whoever_dies_at_any_call_leaves_what_the_next_finishes(ada: Person, at: int, takes_effect: object):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    invoice_id = firm.issues(milestone)["invoice_id"]
    ada.post(f"{firm.project}/complete")
    with suppress(Unavailable), troubles.dying_at(at, takes_effect=bool(takes_effect)):
        retaining.of_invoice(ada.tenant_id, invoice_id)
    for _ in range(2):
        retaining.of_invoice(ada.tenant_id, invoice_id)

    assert len(asked(firm, milestone)) == 1
    assert firm.numbers() == ["NUMBER#000001", "NUMBER#000002", "2"]


def test_a_milestone_that_is_worked_on_again_waits(ada: Person):
    firm = Firm.opened(ada, **BY_ITSELF)
    milestone = firm.verified(AMOUNT)
    firm.issues(milestone)
    place = gates.key(ada.tenant_id, milestone.rpartition("/")[2])
    gate = table.get(place, consistent=True)
    assert gate is not None
    table.put_many([gate | {"status": "in_progress"}])
    completes(firm)

    assert asked(firm, milestone) == []
    assert [*retentions.of_project(ada.tenant_id, firm.project.rpartition("/")[2])] != []
