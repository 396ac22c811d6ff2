"""Reports as callers get them: in JSON and as sheets, over REST and GraphQL."""

import csv
import io
from typing import Any

import pytest
import time_machine

from tests.aws import hooks
from tests.payments.people import Person
from tests.payments.reports.firms import Firm

READS = ("outstanding", "outstanding/clients", "inflow", "days-to-paid")


def issued(firm: Firm, amount: int, *, client: str = "Royal Society", currency: str = "EUR", days: int = 30) -> str:
    """Issue an invoice that is due in so many days, and return its id."""
    milestone = firm.milestone(firm.project(client), amount, currency, net_days=days)
    return str(firm.issues(milestone)["invoice_id"])


def lines(text: str) -> list[list[str]]:
    return [*csv.reader(io.StringIO(text))]


def test_what_is_outstanding_has_an_age_and_is_never_added_up_over_currencies(
    firm: Firm, boss: Person, time: time_machine.Traveller
):
    for days in (0, 29, 30, 60, 90, 120):
        issued(firm, 1000 + days, days=days)
    issued(firm, 500, currency="JPY")
    time.shift(91 * 24 * 3600)
    found = boss.get("/reports/outstanding").body

    assert found["as_of"] == "2027-02-19"
    assert [(each["currency"], each["invoices"], each["due_minor_units"]) for each in found["currencies"]] == [
        ("EUR", 6, 6329),
        ("JPY", 1, 500),
    ]
    assert [(each["age"], each["due_minor_units"]) for each in found["currencies"][0]["ages"]] == [
        ("not_due", 1120),
        ("days_1_to_30", 1090),
        ("days_31_to_60", 1060),
        ("days_61_to_90", 1029 + 1030),
        ("over_90_days", 1000),
    ]
    assert [each["currency"] for each in boss.get("/reports/outstanding", "currency=JPY").body["currencies"]] == ["JPY"]


def test_clients_are_listed_by_their_names_a_page_at_a_time(firm: Firm, boss: Person):
    for client in ("=SUM(A1:A9)", "Åbo #1 % AB", "Royal Society"):
        for days in (10, 60):
            issued(firm, 1000, client=client, days=days)
    gone = issued(firm, 1000, client="Babbage & Co")
    firm.cancels(gone)
    found, cursor = [], ""
    while cursor is not None:
        page = boss.get(
            "/reports/outstanding/clients", f"currency=EUR&limit=1&cursor={cursor}".removesuffix("&cursor=")
        )
        found += [(each["client"], each["invoices"], each["due_minor_units"]) for each in page.body["items"]]
        cursor = page.body["next_cursor"]

    assert found == [("=SUM(A1:A9)", 2, 2000), ("Royal Society", 2, 2000), ("Åbo #1 % AB", 2, 2000)]


def test_a_sheet_has_no_formula_and_says_where_it_goes_on(firm: Firm, boss: Person):
    issued(firm, 1000, client="=SUM(A1:A9)")
    issued(firm, 1000)
    sheet = boss.get("/reports/outstanding/clients", "currency=EUR&format=csv&limit=1")

    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert lines(sheet.body) == [
        ["client", "currency", "age", "invoices", "due_minor_units"],
        ["'=SUM(A1:A9)", "EUR", "not_due", "1", "1000"],
    ]
    following = boss.get(
        "/reports/outstanding/clients", f"currency=EUR&format=csv&cursor={sheet.headers['X-Next-Cursor']}"
    )
    assert [each[0] for each in lines(following.body)] == ["client", "Royal Society"]
    assert "X-Next-Cursor" not in following.headers


def test_what_comes_in_is_what_is_due_times_how_often_clients_paid_in_time(
    firm: Firm, boss: Person, time: time_machine.Traveller
):
    for received in ("2026-11-20", "2026-12-20", "2026-12-21"):
        firm.receives(issued(firm, 1000), 1000, received)
    issued(firm, 100, days=1)
    issued(firm, 200, days=3)
    issued(firm, 400, days=30)
    issued(firm, 800, days=120)
    time.shift(2 * 24 * 3600)
    [found] = boss.get("/reports/inflow", "weeks=5").body["currencies"]

    assert (found["paid_on_time_percent"], found["overdue_minor_units"]) == ("66.7", 100)
    assert found["later_minor_units"] == 800
    assert [(each["week"], each["due_minor_units"], each["expected_minor_units"]) for each in found["weeks"]] == [
        ("2026-W47", 0, 0),
        ("2026-W48", 200, 133),
        ("2026-W49", 0, 0),
        ("2026-W50", 0, 0),
        ("2026-W51", 400, 267),
    ]


def test_without_a_paid_invoice_nobody_knows_what_is_to_be_expected(firm: Firm, boss: Person):
    issued(firm, 1000)
    [found] = boss.get("/reports/inflow").body["currencies"]

    assert found["paid_on_time_percent"] is None
    assert {each["expected_minor_units"] for each in found["weeks"]} == {None}


def test_days_to_paid_go_from_the_issue_to_the_last_payment(firm: Firm, boss: Person):
    parts = issued(firm, 1000)
    firm.receives(parts, 400, "2026-11-30")
    firm.receives(parts, 600, "2026-11-25")
    firm.receives(issued(firm, 500), 500, "2026-12-25")
    [found] = boss.get("/reports/days-to-paid").body["currencies"]

    assert (found["invoices"], found["average_days"], found["paid_on_time_percent"]) == (2, "22.5", "50")
    assert [(each["month"], each["average_days"]) for each in found["months"]] == [("2026-11", "10"), ("2026-12", "35")]


def test_a_released_payment_is_paid_on_the_day_of_the_tenant(boss: Person, time: time_machine.Traveller):
    firm = Firm("Pacific/Kiritimati")
    made = firm.issues(firm.milestone(firm.project("Royal Society"), 1000, "EUR"))
    firm.releases(made["payment_id"])
    somebody = Person(firm.ada.user_id, firm.tenant_id, boss.issuer)
    shown = somebody.get(f"/invoices/{made['invoice_id']}").body

    assert (shown["status"], shown["last_paid_on"]) == ("paid", "2026-11-21")
    assert somebody.get("/reports/outstanding").body["currencies"] == []


@pytest.mark.parametrize("asked", ["format=csv", ""])
@pytest.mark.parametrize("report", READS)
def test_every_report_is_a_sheet_for_who_asks_for_one(firm: Firm, boss: Person, report: str, asked: str):
    issued(firm, 1000)
    accepted = {} if asked else {"accept": "text/csv"}
    sheet = boss.rest("GET", f"/reports/{report}", headers=accepted, query=f"currency=EUR&{asked}".rstrip("&"))

    assert sheet.headers["Content-Type"].startswith("text/csv")
    assert lines(sheet.body)[0][0] in ("currency", "client")


@pytest.mark.parametrize("report", READS)
def test_a_member_without_the_scope_sees_no_report(firm: Firm, boss: Person, report: str):
    refused = boss.acting_as("member").get(f"/reports/{report}")

    assert (refused.status, refused.body["code"]) == (403, "InsufficientScope")


@pytest.mark.parametrize(
    ("report", "query", "field"),
    [
        ("outstanding", "currency=XXQ", "currency"),
        ("outstanding/clients", "", "currency"),
        ("inflow", "weeks=53", "weeks"),
        ("days-to-paid", "months=0", "months"),
        ("inflow", "format=pdf", "format"),
    ],
)
def test_what_no_report_has_is_refused(boss: Person, report: str, query: str, field: str):
    refused = boss.get(f"/reports/{report}", query)

    assert refused.status == 422
    assert [each["field"] for each in refused.body["errors"]] == [field]


def test_graphql_has_the_same_with_its_amounts_as_money(firm: Firm, boss: Person):
    firm.receives(issued(firm, 1000), 1000, "2026-11-25")
    issued(firm, 1000)
    due = {"minorUnits": "1000", "currency": "EUR"}
    outstanding = boss.ask("outstandingReport").data
    [client] = boss.ask("outstandingClients", currency="EUR").data["items"]
    [inflow] = boss.ask("inflowReport", weeks=6).data["currencies"]
    [paid] = boss.ask("daysToPaidReport").data["currencies"]

    assert outstanding["currencies"][0]["due"] == outstanding["currencies"][0]["ages"][0]["due"] == due
    assert (client["client"], client["due"]) == ("Royal Society", due)
    assert [each["expected"] for each in inflow["weeks"] if each["due"] == due] == [due]
    assert (paid["averageDays"], paid["paid"], paid["months"][0]["paid"]) == ("5", due, due)
    assert boss.ask("inflowReport", weeks=0).error_type == "InvalidInput"


def calls_of(boss: Person, path: str) -> list[str]:
    """Return what somebody's request asks of the table."""
    calls: list[str] = []

    def note(model: Any, **_: Any) -> None:
        calls.append(model.name)

    with hooks.registered("before-call.dynamodb", note):
        assert boss.get(path, "currency=EUR").status == 200
    return calls


@pytest.mark.parametrize("report", READS)
def test_what_a_report_reads_does_not_grow_with_the_invoices(firm: Firm, boss: Person, report: str):
    path, project = f"/reports/{report}", firm.project("Royal Society")
    boss.get(path, "currency=EUR")
    read = []
    for _ in range(2):
        for _ in range(8):
            firm.issues(firm.milestone(project, 1000, "EUR"))
        read.append(calls_of(boss, path))

    assert read[0] == read[1]
    assert read[0].count("Query") <= 2
