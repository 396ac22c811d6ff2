"""Invoices, payments and the ledger from the command line, on the real application."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from functions.payments.gateways import choosing
from functions.payments.releases import process
from milepost_cli.projects import amounts
from milepost_cli.stops import Misused
from shared.currencies import DECIMALS
from tests.cli.shell import Ran, Shell
from tests.identity.people import Person
from tests.payments.invoicing import CLIENT, SELLER

File = Callable[..., str]
TOTAL = "1180.00"


@pytest.fixture
def milestone(adas: Shell, ada: Person, file: File) -> str:
    """A verified milestone of 1,000.00 that is taxed with 18 %, in a project with a client."""
    adas.asks("PATCH", "/payment-settings", {"seller": SELLER})
    adas.asks("PUT", "/payment-terms", {"auto_invoice": False, "tax_percent": "18"})
    project = adas.types("projects", "add", "Engine No. 2", "--json").json["project_id"]
    adas.asks("PATCH", f"/projects/{project}", {"client": CLIENT})
    draft = {"title": "Mill assembled", "kind": "deliverable", "amount_minor_units": 100_000}
    plan = file(json.dumps(draft), name="plan.json")
    planned = adas.types("projects", "plan", project, plan, "--json").json["project_milestone_id"]
    adas.types("projects", "assign", planned, ada.user_id)
    for event in ("activate", "start", "complete"):
        assert adas.types("projects", event, planned).exit_code == 0
    return str(planned)


@pytest.fixture
def issued(adas: Shell, milestone: str) -> dict[str, str]:
    ran = adas.types("invoices", "create", milestone, "--json")
    assert ran.exit_code == 0, ran.err
    return dict(ran.json)


@pytest.fixture
def danas(adas: Shell, ada: Person, issued: dict[str, str], tmp_path: Path) -> Shell:
    """The machine of Dana, who is in the finance of the project and has nothing to do with milestones."""
    dana = ada.invites("dana", "member")
    adas.asks("PUT", f"/projects/{issued['project_id']}/members/{dana.user_id}", {"roles": ["finance"]})
    machine = Shell(tmp_path / "dana")
    assert machine.signs_in(dana.email, dana.password).exit_code == 0
    return machine


def settle(ada: Person, payment: str) -> None:
    """Let the process of payments do what is due."""
    assert process.advance(ada.tenant_id, payment, choosing.gateway) is not None


def test_a_draft_is_made_issued_and_listed(adas: Shell, milestone: str):
    draft = adas.types("invoices", "create", milestone, "--percentage", "40", "--draft", "--json").json
    other = adas.types("invoices", "create", milestone, "--percentage", "10", "--draft", "--json").json
    gone = adas.types("invoices", "delete", other["invoice_id"], "--yes")
    issued = dict(adas.types("invoices", "issue", draft["invoice_id"]).rows)
    (row,) = adas.types("invoices", "list", "--project", "engine no. 2").rows

    assert (draft["number"], gone.exit_code) == (None, 0)
    assert (issued["status"], issued["payable"]) == ("issued", "47200 minor units of EUR")
    assert (issued["line 1"], issued["tax standard 18 %"]) == (
        "Mill assembled: 40000 minor units of EUR",
        "7200 minor units of EUR",
    )
    assert row[1:4] + row[5:] == [issued["number"], "issued", "False", "47200", "47200", "EUR"]
    assert adas.types("invoices", "list", "--overdue").rows == []
    assert adas.types("invoices", "list", "--overdue", "--status", "paid").exit_code == 2


def test_what_a_client_paid_is_recorded_and_no_more_than_is_due(adas: Shell, issued: dict[str, str]):
    record = ("invoices", "record-payment", issued["invoice_id"])
    part = adas.types(*record, "1000.50", "--received-on", "2026-11-20", "--json")
    more = adas.types(*record, TOTAL, "--received-on", "2026-11-20")
    words = adas.types(*record, "1.005", "--received-on", "2026-11-20")

    assert part.json["amount_due_minor_units"] == 17_950
    assert (more.exit_code, words.exit_code) == (1, 2)
    assert "1.005 is no amount of EUR, such as 1250.50" in words.err


def test_an_invoice_is_credited_by_line_and_cancelled(adas: Shell, issued: dict[str, str]):
    invoice = issued["invoice_id"]
    note = dict(adas.types("invoices", "credit", invoice, "--line", "1=250.00", "--reason", "Less.").rows)
    cancelled = dict(adas.types("invoices", "cancel", invoice, "--reason", "Withdrawn.").rows)
    listed = adas.types("invoices", "credit-notes", invoice, "--csv").out.splitlines()

    assert (note["net"], note["tax"]) == ("25000 minor units of EUR", "4500 minor units of EUR")
    assert (cancelled["status"], cancelled["amount due"]) == ("cancelled", "0 minor units of EUR")
    assert listed[0] == "credit_note_id,number,issued_on,payable_minor_units,currency,reason"
    assert [each.split(",")[3] for each in listed[1:]] == ["29500", "88500"]
    assert adas.types("invoices", "credit", invoice, "--line", "all", "--reason", "Less.").exit_code == 2


def test_a_payment_is_held_resumed_and_released_by_somebody_else(adas: Shell, danas: Shell, issued: dict[str, str]):
    payment = issued["payment_id"]
    own = adas.types("payments", "release", payment)
    held = dict(danas.types("payments", "hold", payment, "--reason", "Another account.").rows)
    ((listed, *_, waits),) = danas.types("payments", "list", "--status", "on_hold").rows
    resumed = dict(danas.types("payments", "resume", payment).rows)
    released = dict(danas.types("payments", "release", payment).rows)

    assert (own.exit_code, "SeparationOfPayment" in own.err) == (6, True)
    assert (held["status"], held["note"], listed, waits) == ("on_hold", "Another account.", payment, "people")
    assert (resumed["status"], released["status"]) == ("invoiced", "release_requested")
    assert danas.types("payments", "retry", payment).exit_code == 1


def test_a_settled_payment_is_refunded_in_parts(ada: Person, danas: Shell, issued: dict[str, str]):
    payment = issued["payment_id"]
    danas.types("payments", "release", payment)
    settle(ada, payment)
    part = danas.types("payments", "refund", payment, "--amount", "100.00", "--reason", "A wheel.", "--json").json
    rest = dict(danas.types("payments", "refund", payment, "--reason", "All of it.").rows)
    shown = dict(danas.types("payments", "show", payment).rows)

    assert (part["status"], part["refunded_minor_units"]) == ("partially_refunded", 10_000)
    assert (rest["status"], rest["next"]) == ("refunded", "")
    assert shown["attempt 1"].startswith("ledger, 20")
    assert shown["attempt 1"].endswith(": made")


def test_a_dispute_is_settled_by_a_third_person(adas: Shell, danas: Shell, issued: dict[str, str]):
    payment = issued["payment_id"]
    disputed = dict(adas.types("payments", "dispute", payment, "--reason", "A wheel is missing.").rows)
    split = ("--release", "1170.00", "--refund", "10.00", "--reason", "Without it.")
    stopped = danas.types("payments", "resume", payment)
    settled = danas.types("payments", "resolve", payment, *split, "--json").json

    assert (disputed["status"], disputed["dispute"]) == ("on_hold", "A wheel is missing.")
    assert (stopped.exit_code, "DisputeOpen" in stopped.err) == (1, True)
    assert (settled["status"], settled["dispute"]["refund_minor_units"]) == ("release_requested", 1_000)


def test_what_a_person_pays_is_confirmed(adas: Shell, ada: Person, danas: Shell, issued: dict[str, str]):
    adas.asks("PATCH", "/payment-settings", {"gateway": "manual"})
    payment = issued["payment_id"]
    danas.types("payments", "release", payment)
    settle(ada, payment)
    unsaid = danas.types("payments", "confirm", payment)
    made = dict(danas.types("payments", "confirm", payment, "--made", "--reference", "Statement 12").rows)

    assert unsaid.exit_code == 2
    assert (made["status"], made["gateway"]) == ("completed", "manual")


def test_what_waits_for_a_deposit_is_shown_and_goes_on_once_one_is_recorded(
    adas: Shell, ada: Person, danas: Shell, issued: dict[str, str]
):
    project, payment = issued["project_id"], issued["payment_id"]
    escrow = dict(adas.types("projects", "escrow", project, "--on").rows)
    danas.types("payments", "release", payment)
    settle(ada, payment)
    waiting = dict(danas.types("projects", "deposits", project).rows)
    waits_for = dict(danas.types("payments", "show", payment).rows)["waits for"]
    made = danas.types("projects", "deposit", project, "1200.00", "--json").json
    settle(ada, payment)
    shown = dict(danas.types("payments", "show", payment).rows)
    left = danas.types("projects", "deposits", project, "--json").json

    assert (escrow["escrow"], dict(adas.types("projects", "show", project).rows)["escrow"]) == ("yes", "yes")
    assert (waits_for, waiting[f"waits {payment}"]) == ("deposit_missing", "118000 minor units of EUR")
    assert (made["amount_minor_units"], made["currency"]) == (120_000, "EUR")
    assert (shown["status"], shown["from escrow"]) == ("completed", "yes")
    assert (left["available_minor_units"], left["waiting"]) == (2_000, [])
    assert danas.types("projects", "escrow", project, "--off").exit_code == 6


def test_the_ledger_is_shown_and_balanced(adas: Shell, danas: Shell, issued: dict[str, str]):
    def ledger(*words: str) -> Ran:
        return adas.types("ledger", *words, "--currency", "EUR")

    accounts = ledger("accounts").rows
    *kinds, total = ledger("trial-balance").rows
    statement = ledger("statement", "receivable").rows
    document = ledger("statement", "revenue", "--json").json
    refused = danas.types("ledger", "accounts")

    assert sorted(each[0] for each in accounts) == ["receivable", "revenue", "tax_payable"]
    assert total == ["total", "118000", "118000", "0", "0", "EUR"]
    assert [each[0] for each in kinds] == ["receivable", "revenue", "tax_payable"]
    assert ["closing balance", "118000 minor units of EUR"] in statement
    assert [each[1:5] for each in statement if len(each) > 2] == [["invoice_issued", "118000", "0", "EUR"]]
    assert [each["credit_minor_units"] for each in document["items"]] == [100_000]
    assert (refused.exit_code, ledger("statement", "nothing").exit_code) == (6, 4)


def test_debits_and_credits_that_differ_end_with_a_failure(adas: Shell):
    untrue = {"currency": "EUR", "accounts": [], "is_balanced": False}
    adas.instead = lambda request: httpx.Response(200, json=untrue) if "trial-balance" in request.url.path else None
    ran = adas.types("ledger", "trial-balance", "--json", "--currency", "EUR")

    assert (ran.exit_code, ran.json["is_balanced"]) == (1, False)
    assert "Debits and credits are not the same." in ran.err


def test_amounts_have_the_decimals_of_their_currency():
    assert {code: amounts.decimals(code) for code in DECIMALS} == DECIMALS
    assert [amounts.written(each, "EUR") for each in (0, 5, -123_456_789)] == [
        "0.00 EUR",
        "0.05 EUR",
        "-1,234,567.89 EUR",
    ]
    assert (amounts.written(1_250, "JPY"), amounts.read("1250", "JPY"), amounts.read("1.5", "KWD")) == (
        "1,250 JPY",
        1_250,
        1_500,
    )
    for typed in ("1250.5", "-1", "", "1e3", "1,250"):
        with pytest.raises(Misused):
            amounts.read(typed, "JPY")


def test_on_a_terminal_amounts_have_the_decimals_of_their_currency(
    adas: Shell, issued: dict[str, str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "200")
    heading, row = adas.types("invoices", "list").out.splitlines()
    shown = adas.types("invoices", "show", issued["invoice_id"]).out

    assert ("payable" in heading, "payable_minor_units" in heading) == (True, False)
    assert row.count("1,180.00 EUR") == 2
    assert "Mill assembled: 1,000.00 EUR" in shown
