"""Why milestones were escalated: the report is a count of the escalations, whoever asks and however often they came."""

from datetime import timedelta

import pytest
import time_machine

from functions.projects.reports import delays
from tests.projects.escalation.asking import asks, draft, raises
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person

REPORT = "/reports/delay-reasons"


@pytest.fixture
def milestone(time: time_machine.Traveller, ada: Person, ben: Person, project: str) -> str:
    """A milestone of Ada's project at noon of 20 November 2026, which belongs to Ben."""
    ada.brings(project, ben, "creator")
    return ada.begins(project, ben)


def of(project: str, **more: str) -> str:
    return "&".join(f"{name}={value}" for name, value in {"project_id": project[10:], **more}.items())


def row(month: str, kind: str, reason: str, escalations: int, days: int) -> dict[str, object]:
    counted = {"escalations": escalations, "delay_days": days}
    return {"month": month, "kind": kind, "reason_code": reason, **counted}


def test_a_report_counts_escalations_and_days_by_month_kind_and_reason(
    ada: Person, project: str, milestone: str, time: time_machine.Traveller
):
    raises(ada, milestone, kind="delay", delay_days=5)
    raises(ada, milestone, kind="quality", reason_code="technical")
    other = ada.begins(project, ada)
    raises(ada, other, kind="delay", delay_days=3)
    time.shift(timedelta(days=20))
    raises(ada, milestone, kind="budget", delay_days=2)
    report = ada.get(REPORT, of(project)).body

    assert report["rows"] == [
        row("2026-11", "delay", "supplier", 2, 8),
        row("2026-11", "quality", "technical", 1, 0),
        row("2026-12", "budget", "supplier", 1, 2),
    ]
    assert report["reasons"] == [
        {"reason_code": "supplier", "escalations": 3, "delay_days": 10},
        {"reason_code": "technical", "escalations": 1, "delay_days": 0},
    ]
    assert (report["from_month"], report["to_month"]) == ("2026-01", "2026-12")
    assert (report["escalations"], report["delay_days"]) == (4, 10)


def test_what_comes_twice_counts_once(ada: Person, project: str, milestone: str):
    for _ in range(2):
        ada.post("/escalations", draft(milestone, delay_days=5), key="raising")
    happened = [each for each in of_milestone(ada, milestone) if each.event_type.startswith("projects.escalation")]
    follow(*happened)

    assert ada.get(REPORT, of(project)).body["rows"] == [row("2026-11", "technical", "supplier", 1, 5)]


def test_what_was_rejected_does_not_count_whenever_that_is(
    ada: Person, project: str, milestone: str, time: time_machine.Traveller
):
    raised = raises(ada, milestone, delay_days=5)
    resolved = raises(ada, milestone, kind="delay")
    time.shift(timedelta(days=20))
    asks(ada, raised, "reject")
    again = asks(ada, raised, "reject")
    asks(ada, resolved, "resolve")

    assert again.status == 409
    assert ada.get(REPORT, of(project)).body["rows"] == [row("2026-11", "delay", "supplier", 1, 0)]


def test_months_are_chosen_and_twelve_at_most(ada: Person, project: str, milestone: str):
    raises(ada, milestone)
    before = ada.get(REPORT, of(project, from_month="2025-11", to_month="2026-10")).body
    within = ada.get(REPORT, of(project, from_month="2026-11", to_month="2026-11")).body

    assert (before["escalations"], within["escalations"]) == (0, 1)
    for wrong in (
        {"from_month": "2025-11", "to_month": "2026-11"},
        {"from_month": "2026-12"},
        {"from_month": "2026-13"},
        {"to_month": "26-11"},
        {"to_month": "0000-01"},
    ):
        assert ada.get(REPORT, of(project, **wrong)).status == 422


def test_all_projects_are_for_admins_and_one_is_for_its_members(
    ada: Person, ben: Person, eve: Person, project: str, milestone: str
):
    raises(ada, milestone, delay_days=5)
    elsewhere = ben.creates()
    raises(ben, ben.plans(elsewhere), delay_days=2)
    admin, stranger, guest = (ada.colleague(role) for role in ("admin", "member", "guest"))
    ada.brings(project, guest, "client")

    assert admin.get(REPORT).body["rows"] == [row("2026-11", "technical", "supplier", 2, 7)]
    assert (ben.get(REPORT).status, guest.get(REPORT).status) == (403, 404)
    assert [each.get(REPORT, of(project)).status for each in (ben, guest, stranger, eve)] == [200, 200, 404, 404]
    assert eve.get(REPORT).body["rows"] == []


def test_a_report_of_many_projects_is_one_call(ada: Person, milestone: str, time: time_machine.Traveller):
    for _ in range(20):
        raises(ada, ada.plans(ada.creates()), delay_days=1)
    counted = delays.of_tenant(ada.tenant_id, ["2026-11"])

    assert [(each.escalations, each.delay_days) for each in counted] == [(20, 20)]


def test_the_sheet_has_the_rows(ada: Person, project: str, milestone: str):
    raises(ada, milestone, delay_days=5)
    sheet = ada.get(f"{REPORT}.csv", of(project))

    assert sheet.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert sheet.body == ("month,kind,reason_code,escalations,delay_days\r\n2026-11,technical,supplier,1,5\r\n")


def test_graphql_reports_as_rest_does(ada: Person, project: str, milestone: str):
    raises(ada, milestone, delay_days=5)
    report = ada.ask("delayReasons", projectId=project[10:], fromMonth="2026-11").data

    assert report["rows"] == [
        {"month": "2026-11", "kind": "technical", "reasonCode": "supplier", "escalations": 1, "delayDays": 5}
    ]
