"""Credit notes through the door: what they take back, and what becomes of the invoice and its milestone."""

import pytest

from tests.payments.invoicing import TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")
REASON = {"reason": "The order was withdrawn."}
PAID = {"amount_minor_units": 100, "received_on": "2026-11-20"}


@pytest.fixture
def firm(ada: Person) -> Firm:
    return Firm.opened(ada, **TERMS)


def test_cancelling_is_a_whole_credit_note_and_frees_the_share(firm: Firm):
    milestone = firm.verified(31_250_000, acceptance="client")
    made = firm.issues(milestone)
    path = f"/invoices/{made['invoice_id']}"

    assert firm.ada.post(f"{milestone}/cancel", REASON).code == "InvoiceOpen"
    cancelled = firm.post(f"{path}/cancel", REASON)
    assert (cancelled.body["status"], cancelled.body["amount_due_minor_units"]) == ("cancelled", 0)
    [note] = firm.get(f"{path}/credit-notes").body["items"]
    assert (note["number"], note["invoice_number"]) == ("CN-202611-0001", "INV-202611-0001")
    for name in ("net", "retention", "tax", "payable"):
        assert note[f"{name}_minor_units"] == made[f"{name}_minor_units"], name
    billing = firm.billing(milestone)
    assert (billing["open_invoices"], billing.get("share", 0), billing.get("net_minor_units", 0)) == (0, 0, 0)
    assert firm.post(f"{path}/cancel", REASON).code == "InvoiceNotOpen"
    assert firm.issues(milestone)["number"] == "INV-202611-0002"


def test_the_number_of_a_cancelled_invoice_stays_and_notes_have_their_own_series(firm: Firm):
    for _ in range(2):
        made = firm.issues(firm.verified(500))
        firm.post(f"/invoices/{made['invoice_id']}/cancel", REASON)

    assert firm.numbers() == ["NUMBER#000001", "NUMBER#000002", "2"]
    assert firm.numbers("CN") == ["NUMBER#000001", "NUMBER#000002", "2"]


def test_lines_are_credited_one_by_one_until_the_invoice_is_cancelled(firm: Firm):
    lines = [{"description": f"Part {net}", "unit_price_minor_units": net} for net in (6833, 6833, 5750, 8500)]
    milestone = firm.verified(sum(line["unit_price_minor_units"] for line in lines))
    made = firm.issues(milestone, lines=[line | {"tax_percent": "20"} for line in lines])
    path = f"/invoices/{made['invoice_id']}"
    notes = [
        firm.post(f"{path}/credit-notes", {**REASON, "lines": [{"number": number}]}).body for number in (3, 1, 4, 2)
    ]

    for name in ("net", "retention", "tax", "payable"):
        assert sum(note[f"{name}_minor_units"] for note in notes) == made[f"{name}_minor_units"], name
    shown = firm.get(path).body
    assert (shown["status"], shown["credit_notes"]) == ("cancelled", 4)
    assert [line["credited_minor_units"] for line in shown["lines"]] == [6833, 6833, 5750, 8500]
    assert firm.billing(milestone)["open_invoices"] == 0


def test_no_more_is_credited_than_is_left(firm: Firm):
    made = firm.issues(firm.verified(1000))
    path = f"/invoices/{made['invoice_id']}/credit-notes"

    def credits_(**line: int) -> object:
        answered = firm.post(path, {**REASON, "lines": [{"number": 1, **line}]})
        return answered.code if answered.status >= 400 else answered.body["net_minor_units"]

    assert credits_(net_minor_units=1001) == "CreditTooHigh"
    assert credits_(net_minor_units=400) == 400
    assert credits_(net_minor_units=601) == "CreditTooHigh"
    assert firm.post(path, {**REASON, "lines": [{"number": 2}]}).fields == ["lines"]
    assert firm.post(path, {**REASON, "lines": [{"number": 1}, {"number": 1}]}).fields == ["lines"]
    assert firm.numbers("CN") == ["NUMBER#000001", "1"]


def test_what_is_paid_is_not_credited(firm: Firm):
    made = firm.issues(firm.verified(1000))
    path = f"/invoices/{made['invoice_id']}"
    firm.post(f"{path}/record-payment", PAID)

    assert firm.post(f"{path}/cancel", REASON).code == "InvoicePartlyPaid"
    some = firm.post(f"{path}/credit-notes", {**REASON, "lines": [{"number": 1, "net_minor_units": 500}]})
    assert some.status == 201
    due = firm.get(path).body["amount_due_minor_units"]
    paid = firm.post(f"{path}/record-payment", {**PAID, "amount_minor_units": due})
    assert paid.body["status"] == "paid"
    assert firm.post(f"{path}/cancel", REASON).code == "InvoiceNotOpen"


def test_a_note_is_issued_once_for_a_key(firm: Firm):
    made = firm.issues(firm.verified(1000))
    path = f"/invoices/{made['invoice_id']}/credit-notes"
    asked = {**REASON, "lines": [{"number": 1, "net_minor_units": 10}]}

    assert firm.post(path, asked, key="k").body == firm.post(path, asked, key="k").body
    assert firm.numbers("CN") == ["NUMBER#000001", "1"]


def test_credit_notes_over_graphql_are_those_of_rest(firm: Firm):
    made = firm.issues(firm.verified(1000))
    lines = [{"number": 1, "netMinorUnits": "400"}]
    purse = firm.purse()
    note = purse.ask("createCreditNote", invoiceId=made["invoice_id"], input={**REASON, "lines": lines})
    cancelled = purse.ask("cancelInvoice", invoiceId=made["invoice_id"], **REASON)

    assert note.data["net"] == {"minorUnits": "400", "currency": "EUR"}
    assert cancelled.data["status"] == "cancelled"
    listed = purse.ask("creditNotes", invoiceId=made["invoice_id"]).data["items"]
    assert [each["net"]["minorUnits"] for each in listed] == ["400", "600"]
