"""What documents say, to the minor unit and with the decimals of the currency."""

import pytest

from functions.payments.billing.totals import Line
from functions.payments.credits.credit_notes import CreditNote
from functions.payments.papers import content
from functions.payments.terms.terms import Terms
from tests.payments.papers.paperwork import BUYER, MILL, MOMENT, issued


def test_an_invoice_says_who_what_how_much_and_until_when():
    paper = content.invoice(issued(note="Thank you.\nCome again."))

    assert (paper.title, paper.number) == ("Invoice", "INV-202611-0001")
    assert paper.facts == [
        ("Date of issue", "2026-11-20"),
        ("Date of supply", "2026-11-18"),
        ("Due date", "2026-12-20"),
    ]
    seller, buyer = (list(each.lines) for each in paper.parties)
    assert seller == ["Analytical Engines Ltd", "1 Dorset Street", "London", "Tax ID: GB123456789"]
    assert buyer == ["Royal Society", "Burlington House", "Tax ID: GB987654321"]
    assert paper.sums == [
        ("Net", "312,500.00"),
        ("Retention, invoiced later", "-31,250.00"),
        ("Tax, 18 % of 281,250.00", "50,625.00"),
        ("To be paid, EUR", "331,875.00"),
    ]
    assert paper.bank_lines == ["IBAN GB33BUKB20201555555555"]
    assert paper.notes == [
        "Payable within 30 days of the date of issue.",
        "10 % of the net is kept back, and invoiced once the project is completed.",
        "Thank you.",
        "Come again.",
    ]


def test_each_rate_has_its_tax_and_a_reverse_charge_its_note():
    lines = [Line("Mill", 1000, "standard", 180_000, 25_000, 400), Line("Wheel", 500, "reverse_charge", 0)]
    paper = content.invoice(issued(*lines, retention=0, terms=Terms(end_of_month=True, net_days=14)))

    assert [(row.quantity, row.price, row.tax, row.net) for row in paper.rows] == [
        ("2.5", "4.00", "18 %", "10.00"),
        ("", "", "Reverse charge", "5.00"),
    ]
    assert paper.sums[1:] == [
        ("Tax, 18 % of 10.00", "1.80"),
        ("Reverse charge of 5.00", "0.00"),
        ("To be paid, EUR", "16.80"),
    ]
    assert paper.notes == [
        "Payable within 14 days of the end of the month of issue.",
        "Reverse charge: the recipient is liable for the tax.",
    ]


@pytest.mark.parametrize(("currency", "total"), [("JPY", "33,187,500"), ("KWD", "33,187.500"), ("CLF", "3,318.7500")])
def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str):
    assert content.invoice(issued(currency=currency)).sums[-1] == (f"To be paid, {currency}", total)


def test_a_credit_note_names_its_invoice_and_the_lines_that_it_takes_back():
    invoice = issued()
    note = CreditNote(
        tenant_id="tenant_1",
        credit_note_id="crn_1",
        invoice_id="inv_1",
        invoice_number="INV-202611-0001",
        project_id="prj_1",
        number="CN-202611-0001",
        currency="EUR",
        issued_at=MOMENT,
        issued_on="2026-11-21",
        created_by="user_1",
        lines=[{"number": 1, "net_minor_units": MILL.net_minor_units}],
        totals=invoice.totals,
        seller=invoice.seller or {},
        buyer=BUYER,
        reason="The order was withdrawn.",
    )
    paper = content.credit_note(note, invoice)

    assert (paper.title, paper.number) == ("Credit note", "CN-202611-0001")
    assert ("Corrects invoice", "INV-202611-0001 of 2026-11-20") in paper.facts
    assert [(row.number, row.description, row.net) for row in paper.rows] == [("1", "Mill assembled", "312,500.00")]
    assert paper.sums[-1] == ("Credited, EUR", "331,875.00")
    assert paper.notes == ["The order was withdrawn."]
