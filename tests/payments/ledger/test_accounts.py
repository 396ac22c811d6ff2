"""The accounts of a ledger and their trial balance, as callers read them."""

from typing import Any

import pytest

from functions.payments.ledger import accounts
from shared.callers import tenant_settings
from shared.callers.tenant_settings import TenantSettings
from shared.storage import records, table
from shared.storage.writes import Add, Put
from tests.aws import hooks
from tests.payments.people import Person

ESCROW = accounts.of_project("escrow", "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H")
OTHER_ESCROW = accounts.of_project("escrow", "prj_01KAFX3V5N8T2J6Q4W9Y7ZC0DE")


def moves(person: Person, code: str, currency: str = "EUR", **amounts: int) -> None:
    table.transact([Add(accounts.key(person.tenant_id, currency, code), amounts)])


@pytest.fixture
def moved(ada: Person) -> Person:
    moves(ada, "receivable", debits_posted=33187500, credits_pending=500)
    moves(ada, "retention_receivable", debits_posted=3125000)
    moves(ada, "revenue", credits_posted=31250000)
    moves(ada, "tax_payable", credits_posted=5062500)
    moves(ada, "clearing", debits_pending=500)
    return ada


def test_an_account_says_what_has_moved_and_its_balance(moved: Person):
    listed = moved.get("/ledger/accounts", "currency=EUR").body["items"]

    assert [each["code"] for each in listed] == [
        "clearing",
        "receivable",
        "retention_receivable",
        "revenue",
        "tax_payable",
    ]
    assert listed[1] == {
        "code": "receivable",
        "name": "Invoices to be paid",
        "category": "asset",
        "currency": "EUR",
        "project_id": None,
        "debits_minor_units": 33187500,
        "credits_minor_units": 0,
        "pending_debits_minor_units": 0,
        "pending_credits_minor_units": 500,
        "balance_minor_units": 33187500,
    }
    assert listed[3]["balance_minor_units"] == 31250000


def test_accounts_are_listed_page_by_page(moved: Person):
    first = moved.get("/ledger/accounts", "currency=EUR&limit=3").body
    rest = moved.get("/ledger/accounts", f"currency=EUR&limit=3&cursor={first['next_cursor']}").body

    assert [each["code"] for each in first["items"] + rest["items"]] == [
        "clearing",
        "receivable",
        "retention_receivable",
        "revenue",
        "tax_payable",
    ]
    assert rest["next_cursor"] is None


def test_a_trial_balance_sums_both_sides(moved: Person):
    shown = moved.get("/ledger/trial-balance", "currency=EUR").body

    assert (shown["debits_minor_units"], shown["credits_minor_units"]) == (36312500, 36312500)
    assert (shown["pending_debits_minor_units"], shown["pending_credits_minor_units"]) == (500, 500)
    assert shown["is_balanced"]


def test_accounts_of_projects_are_one_row_of_a_trial_balance(ada: Person):
    moves(ada, ESCROW, credits_posted=700, debits_posted=200)
    moves(ada, OTHER_ESCROW, credits_posted=50)
    moves(ada, "clearing", debits_posted=550)

    (_, escrow) = ada.get("/ledger/trial-balance", "currency=EUR").body["accounts"]

    assert (escrow["code"], escrow["project_id"], escrow["balance_minor_units"]) == ("escrow", None, 550)


def test_an_account_of_a_project_names_it(ada: Person):
    moves(ada, ESCROW, credits_posted=700)

    (listed,) = ada.get("/ledger/accounts", "currency=EUR").body["items"]

    assert (listed["code"], listed["project_id"]) == (ESCROW, "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H")


def test_what_is_not_balanced_says_so(ada: Person):
    moves(ada, "clearing", debits_posted=1)

    assert ada.get("/ledger/trial-balance", "currency=EUR").body["is_balanced"] is False


def test_half_a_transaction_is_not_taken_for_a_ledger_out_of_balance(ada: Person):
    moves(ada, "clearing", debits_posted=1)

    def the_other_half(**_: Any) -> None:
        hooks.unregister("after-call.dynamodb.Query", the_other_half)
        moves(ada, "revenue", credits_posted=1)

    hooks.register("after-call.dynamodb.Query", the_other_half)

    assert ada.get("/ledger/trial-balance", "currency=EUR").body["is_balanced"]


def test_currencies_are_apart(moved: Person):
    moves(moved, "clearing", "JPY", debits_posted=7)

    (listed,) = moved.get("/ledger/accounts", "currency=JPY").body["items"]

    assert (listed["currency"], listed["debits_minor_units"]) == ("JPY", 7)


def test_a_ledger_in_which_nothing_has_moved_is_balanced(ada: Person):
    shown = ada.get("/ledger/trial-balance", "currency=KWD").body

    assert (shown["accounts"], shown["debits_minor_units"], shown["is_balanced"]) == ([], 0, True)


def test_without_a_currency_it_is_that_of_the_tenant(moved: Person):
    settings = TenantSettings(currency="EUR")
    table.transact([Put(records.to_item(tenant_settings.key(moved.tenant_id), "Tenant", settings))])

    assert moved.get("/ledger/trial-balance").body["currency"] == "EUR"


@pytest.mark.parametrize("query", ["", "currency=EUX", "currency=eur", "currency=EURO", "currency="])
def test_a_currency_that_there_is_not_is_refused_by_name(ada: Person, query: str):
    refused = ada.get("/ledger/trial-balance", query)

    assert (refused.status, refused.fields) == (422, ["currency"])


def test_another_tenant_has_a_ledger_of_its_own(moved: Person, eve: Person):
    assert eve.get("/ledger/accounts", "currency=EUR").body["items"] == []


@pytest.mark.parametrize("path", ["accounts", "trial-balance"])
def test_whoever_does_not_administer_payments_sees_no_ledger(moved: Person, path: str):
    assert moved.acting_as("member").get(f"/ledger/{path}", "currency=EUR").status == 403
    assert moved.acting_as("guest").get(f"/ledger/{path}", "currency=EUR").status == 403


def test_graphql_shows_amounts_as_money(moved: Person):
    moves(moved, "revenue", credits_posted=3_000_000_000)
    moves(moved, "clearing", debits_posted=3_000_000_000)

    shown = moved.ask("trialBalance", currency="EUR").data
    listed = moved.ask("ledgerAccounts", currency="EUR", limit=1).data

    assert shown["debits"] == {"minorUnits": "3036312500", "currency": "EUR"}
    assert next(each["code"] for each in shown["accounts"]) == "clearing"
    assert listed["items"][0]["pendingDebits"] == {"minorUnits": "500", "currency": "EUR"}
    assert listed["nextToken"] is not None
