"""Invoices, payments and the ledger from the command line, on the real application."""

from pathlib import Path

import boto3
import httpx
import pytest

from functions.payments.gateways import choosing
from functions.payments.papers import making
from functions.payments.papers.papers import Document
from functions.payments.releases import process
from milepost_cli.projects import amounts
from milepost_cli.stops import Misused
from shared.currencies import DECIMALS
from tests.aws.buckets import make_files_bucket
from tests.cli.invoiced import danas, issued, milestone
from tests.cli.shell import Ran, Shell
from tests.identity.people import Person
from tests.payments.invoicing import CLIENT, SELLER

__all__ = ["danas", "issued", "milestone"]

TOTAL = "1180.00"


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


def test_an_issued_invoice_is_mailed_to_whom_the_project_has_as_its_client(adas: Shell, issued: dict[str, str]):
    unknown = adas.types("invoices", "send", issued["invoice_id"])
    adas.asks("PATCH", f"/projects/{issued['project_id']}", {"client": {"name": "Ahrn", "email": "mill@example.org"}})
    sent = dict(adas.types("invoices", "send", issued["invoice_id"]).rows)
    hasty = adas.types("invoices", "send", issued["invoice_id"])

    assert (unknown.exit_code, "e-mail" in unknown.err) == (1, True)
    assert sent["mail"] == "waiting to mill@example.org"
    assert (hasty.exit_code, "being sent" in hasty.err) == (1, True)


def test_a_draft_is_edited_until_it_is_issued(adas: Shell, milestone: str):
    draft = adas.types("invoices", "create", milestone, "--percentage", "40", "--draft", "--json").json["invoice_id"]
    lines = ("--line", "Wheels=2x100.00", "--line", "Assembly=100.00")
    edited = dict(adas.types("invoices", "edit", draft, "--percentage", "30", *lines, "--note", "Thank you.").rows)
    stale = adas.types("invoices", "edit", draft, "--percentage", "50", "--if-version", "1")
    wrong = adas.types("invoices", "edit", draft, "--line", "Wheels")
    whole = dict(adas.types("invoices", "edit", draft, "--clear", "percentage", "--clear", "lines").rows)
    adas.types("invoices", "issue", draft)

    assert (edited["line 1"], edited["line 2"]) == (
        "Wheels: 20000 minor units of EUR",
        "Assembly: 10000 minor units of EUR",
    )
    assert (stale.exit_code, wrong.exit_code, adas.types("invoices", "edit", draft).exit_code) == (1, 2, 2)
    assert whole["line 1"] == "Mill assembled: 100000 minor units of EUR"
    assert adas.types("invoices", "edit", draft, "--note", "Late.").exit_code == 1


def test_documents_are_written_to_files(
    adas: Shell, ada: Person, issued: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    monkeypatch.setenv("PAPERS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName="papers")["QueueUrl"])
    adas.meanwhile = lambda: making.make(Document(ada.tenant_id, issued["invoice_id"]))
    place, page = tmp_path / "invoice.pdf", tmp_path / "invoice.html"
    saved = adas.types("invoices", "download", issued["invoice_id"], str(place))
    again = adas.types("invoices", "download", issued["invoice_id"], str(place))
    adas.types("invoices", "download", issued["invoice_id"], str(page), "--format", "html")
    unknown = adas.types("invoices", "download", issued["invoice_id"], "--credit-note", "crn_1")

    assert (saved.exit_code, again.exit_code, unknown.exit_code) == (0, 2, 4)
    assert (place.read_bytes()[:5], len(adas.pauses)) == (b"%PDF-", 1)
    assert issued["number"] in page.read_text(encoding="utf-8")


def test_a_document_for_programs_is_written_or_what_it_lacks_is_said(adas: Shell, milestone: str, tmp_path: Path):
    place = tmp_path / "invoice.xml"
    first = adas.types("invoices", "create", milestone, "--percentage", "40", "--json").json
    lacking = adas.types("invoices", "download", first["invoice_id"], str(place), "--format", "xml")
    wrote = place.exists()
    seller = {**SELLER, "address": ["London", "GB"], "tax_ids": ["GB123456789"]}
    adas.asks("PATCH", "/payment-settings", {"seller": seller})
    adas.asks("PATCH", f"/projects/{first['project_id']}", {"client": {**CLIENT, "address": "Mill Lane 1, GB"}})
    second = adas.types("invoices", "create", milestone, "--percentage", "30", "--json").json
    saved = adas.types("invoices", "download", second["invoice_id"], str(place), "--format", "xml")

    assert (lacking.exit_code, "seller.address" in lacking.err, wrote) == (1, True, False)
    assert saved.exit_code == 0, saved.err
    assert f"<cbc:ID>{second['number']}</cbc:ID>" in place.read_text(encoding="utf-8")


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
