"""Statements and the journal, as callers read them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine

from tests.aws.troubles import counting
from tests.payments.ledger.keeping import EXAMPLE, PROJECT, Ledger
from tests.payments.people import Person


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 9, 30, 23, 59, 59, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ledger(ada: Person) -> Ledger:
    return Ledger(ada.tenant_id)


@pytest.fixture
def months(ledger: Ledger, time: time_machine.Traveller) -> Ledger:
    """A ledger with an invoice in September, a payment in October, and two in November."""
    ledger.post("invoice_issued", "inv_1#issued", **EXAMPLE)
    time.shift(1)
    ledger.moves("payment_recorded", "inv_1#paid1", 100)
    time.move_to(datetime(2026, 11, 2, tzinfo=UTC))
    ledger.moves("payment_recorded", "inv_1#paid2", 200)
    time.shift(1)
    ledger.moves("payment_recorded", "inv_1#paid3", 300)
    return ledger


RECEIVABLE = "/ledger/accounts/receivable/statement"


@pytest.mark.parametrize(
    ("month", "opening", "debits", "credits_", "closing"),
    [
        ("2026-08", 0, 0, 0, 0),
        ("2026-09", 0, 33187500, 0, 33187500),
        ("2026-10", 33187500, 0, 100, 33187400),
        ("2026-11", 33187400, 0, 500, 33186900),
        ("2026-12", 33186900, 0, 0, 33186900),
    ],
)
def test_a_statement_begins_where_the_month_before_has_ended(
    months: Ledger, ada: Person, month: str, opening: int, debits: int, credits_: int, closing: int
):
    shown = ada.get(RECEIVABLE, f"currency=EUR&month={month}").body

    assert [shown[f"{name}_minor_units"] for name in ("opening_balance", "debits", "credits", "closing_balance")] == [
        opening,
        debits,
        credits_,
        closing,
    ]


def test_a_statement_lists_what_was_posted_page_by_page(months: Ledger, ada: Person):
    first = ada.get(RECEIVABLE, "currency=EUR&month=2026-11&limit=1").body
    rest = ada.get(RECEIVABLE, f"currency=EUR&month=2026-11&limit=1&cursor={first['next_cursor']}").body

    assert first["items"] == [
        {
            "reference": "inv_1#paid2",
            "kind": "payment_recorded",
            "posted_at": "2026-11-02T00:00:00.000Z",
            "debit_minor_units": 0,
            "credit_minor_units": 200,
        }
    ]
    assert [each["reference"] for each in rest["items"]] == ["inv_1#paid3"]
    assert rest["next_cursor"] is None


def test_a_page_of_a_statement_is_two_queries(months: Ledger, ada: Person):
    ada.get(RECEIVABLE, "currency=EUR&month=2026-11")
    with counting() as calls:
        ada.get(RECEIVABLE, "currency=EUR&month=2026-11")

    assert calls.count("dynamodb:Query") == 2


def test_what_is_pending_is_in_no_statement(months: Ledger, ada: Person):
    months.moves("payment_released", "pay_1#claimed", 5, "pending")

    assert len(ada.get(RECEIVABLE, "currency=EUR&month=2026-11").body["items"]) == 2


def test_a_statement_is_of_the_present_month_unless_another_is_named(months: Ledger, ada: Person):
    assert ada.get(RECEIVABLE, "currency=EUR").body["month"] == "2026-11"


def test_what_a_project_has_deposited_has_a_statement(ledger: Ledger, ada: Person):
    ledger.moves("deposited", "dep_1#deposited", 1000)

    shown = ada.get(f"/ledger/accounts/escrow.{PROJECT}/statement", "currency=EUR").body

    assert (shown["code"], shown["closing_balance_minor_units"]) == (f"escrow.{PROJECT}", 1000)


@pytest.mark.parametrize(
    "code",
    [
        "revenue_return",
        "cash",
        "escrow",
        "escrow.",
        "escrow.prj_1",
        f"receivable.{PROJECT}",
        "receivable.",
        f"escrow.{PROJECT}.x",
    ],
)
def test_an_account_on_which_nothing_has_moved_is_not_found(months: Ledger, ada: Person, code: str):
    refused = ada.get(f"/ledger/accounts/{code}/statement", "currency=EUR")

    assert (refused.status, refused.code) == (404, "LedgerAccountNotFound")


def test_a_statement_without_a_currency_is_that_of_no_account(months: Ledger, ada: Person):
    assert ada.get(RECEIVABLE).code == "LedgerAccountNotFound"


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "202611x", "26-11-1", "2026-1a"])
@pytest.mark.parametrize("path", [RECEIVABLE, "/ledger/entries"])
def test_what_is_no_month_is_refused_by_name(months: Ledger, ada: Person, path: str, month: str):
    refused = ada.get(path, f"currency=EUR&month={month}")

    assert (refused.status, refused.fields) == (422, ["month"])


def test_a_cursor_of_another_list_is_refused(months: Ledger, ada: Person):
    cursor = ada.get(RECEIVABLE, "currency=EUR&month=2026-11&limit=1").body["next_cursor"]

    assert ada.get("/ledger/entries", f"currency=EUR&cursor={cursor}").status == 400


def test_the_journal_of_a_month_has_its_newest_entry_first(months: Ledger, ada: Person):
    listed = ada.get("/ledger/entries", "currency=EUR&month=2026-11").body["items"]

    assert [each["reference"] for each in listed] == ["inv_1#paid3", "inv_1#paid2"]
    assert listed[0] == {
        "reference": "inv_1#paid3",
        "kind": "payment_recorded",
        "status": "posted",
        "posted_at": "2026-11-02T00:00:01.000Z",
        "currency": "EUR",
        "project_id": PROJECT,
        "closes": None,
        "lines": [
            {"account": "clearing", "debit_minor_units": 300, "credit_minor_units": 0},
            {"account": "receivable", "debit_minor_units": 0, "credit_minor_units": 300},
        ],
    }


def test_the_journal_is_listed_page_by_page(months: Ledger, ada: Person):
    first = ada.get("/ledger/entries", "currency=EUR&limit=1").body
    rest = ada.get("/ledger/entries", f"currency=EUR&limit=1&cursor={first['next_cursor']}").body

    assert [each["reference"] for each in first["items"] + rest["items"]] == ["inv_1#paid3", "inv_1#paid2"]
    assert rest["next_cursor"] is None


def test_another_tenant_sees_nothing_of_it(months: Ledger, eve: Person):
    assert eve.get("/ledger/entries", "currency=EUR").body["items"] == []
    assert eve.get(RECEIVABLE, "currency=EUR").status == 404


@pytest.mark.parametrize("path", [RECEIVABLE, "/ledger/entries"])
def test_whoever_does_not_administer_payments_sees_none_of_it(ada: Person, path: str):
    assert ada.acting_as("member").get(path, "currency=EUR").status == 403


def test_graphql_shows_statements_and_the_journal(months: Ledger, ada: Person):
    statement = ada.ask("accountStatement", accountCode="receivable", currency="EUR", month="2026-11", limit=1).data
    journal = ada.ask("journalEntries", currency="EUR", month="2026-11", limit=1).data

    assert statement["openingBalance"] == {"minorUnits": "33187400", "currency": "EUR"}
    assert statement["items"][0]["credit"] == {"minorUnits": "200", "currency": "EUR"}
    assert statement["nextToken"] is not None
    assert journal["items"][0]["lines"][0]["debit"] == {"minorUnits": "300", "currency": "EUR"}
    assert journal["nextToken"] is not None
