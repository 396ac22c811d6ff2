"""When a milestone is overdue, and when it may become so."""

from typing import Any

import pytest
import time_machine

from functions.projects.milestones import progress
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.progress import Outlook
from shared.clock import from_rfc3339
from tests.projects.planning.plan import prepares, waits
from tests.projects.team import Person

STARTED = {"started_at": "2027-03-01T11:00:00.000Z"}


def milestone(**fields: Any) -> ProjectMilestone:
    usual = {
        "tenant_id": "ten", "project_milestone_id": "pms", "project_id": "prj", "title": "Mill", "kind": "deliverable",
        "status": "in_progress", "progress": 0, "attempt": 1, "created_by": "usr", "created_at": "", "updated_at": "",
        "version": 1, "moments": STARTED,
    }  # fmt: skip
    return ProjectMilestone(**usual | fields)


@pytest.mark.parametrize(
    ("fields", "at", "overdue"),
    [
        ({"due_on": "2027-03-10"}, "2027-03-10T22:59:59.999Z", False),
        ({"due_on": "2027-03-10"}, "2027-03-10T23:00:00Z", True),
        ({"due_on": "2027-03-10", "status": "rejected"}, "2027-03-11T00:00:00Z", True),
        ({"due_on": "2027-03-10", "status": "pending"}, "2027-03-11T00:00:00Z", True),
        ({"due_on": "2027-03-10", "status": "escalated", "escalated_from": "active"}, "2027-03-11T00:00:00Z", True),
        ({"due_on": "2027-03-10", "status": "escalated", "escalated_from": "completed"}, "2027-03-11T00:00:00Z", False),
        ({"due_on": "2027-03-10", "status": "draft"}, "2027-03-11T00:00:00Z", False),
        ({"due_on": "2027-03-10", "status": "completed"}, "2027-03-11T00:00:00Z", False),
        ({"due_on": "2027-03-10", "status": "cancelled"}, "2027-03-11T00:00:00Z", False),
        ({"due_on": "9999-12-31"}, "2027-03-11T00:00:00Z", False),
        ({}, "2027-03-11T00:00:00Z", False),
    ],
)
def test_a_milestone_is_overdue_when_its_last_day_is_over_where_the_project_is(
    fields: dict[str, Any],
    at: str,
    overdue: bool,  # noqa: FBT001
):
    found = progress.outlook(milestone(progress=100, **fields), from_rfc3339(at), "Europe/Berlin")

    assert found.is_overdue is overdue
    assert not (found.is_overdue and found.risks)


@pytest.mark.parametrize(
    ("fields", "at", "risks"),
    [
        # Of ten days from the first to the tenth five are over on the sixth.
        ({"start_on": "2027-03-01", "due_on": "2027-03-10", "progress": 30}, "2027-03-06T00:00:00Z", []),
        ({"start_on": "2027-03-01", "due_on": "2027-03-10", "progress": 29}, "2027-03-06T00:00:00Z", ["behind"]),
        ({"start_on": "2027-03-01", "due_on": "2027-03-10"}, "2027-02-01T00:00:00Z", []),
        ({"start_on": "2027-03-01", "progress": 0}, "2027-03-06T00:00:00Z", []),
        # Without a planned start its time runs from when it was started.
        ({"due_on": "2027-03-11", "progress": 29}, "2027-03-06T23:00:00Z", ["behind"]),
        ({"due_on": "2027-03-11", "progress": 33}, "2027-03-06T23:00:00Z", []),
        ({"due_on": "2027-03-11", "moments": {}}, "2027-03-06T23:00:00Z", []),
        ({"status": "active", "start_on": "2027-03-01", "due_on": "2027-03-10"}, "2027-03-01T23:59:59Z", []),
        ({"status": "active", "start_on": "2027-03-01"}, "2027-03-02T00:00:00Z", ["not_started"]),
        ({"status": "pending", "is_blocked": True}, "2027-03-01T00:00:00Z", ["blocked"]),
        ({"status": "pending", "is_blocked": True, "start_on": "2027-03-02"}, "2027-03-01T23:59:59Z", []),
        (
            {"status": "pending", "is_blocked": True, "start_on": "2027-03-02"},
            "2027-03-03T00:00:00Z",
            ["blocked", "not_started"],
        ),
        ({"status": "escalated", "escalated_from": "in_progress"}, "2027-03-01T00:00:00Z", ["escalated"]),
        ({"status": "draft", "start_on": "2027-03-01"}, "2027-03-09T00:00:00Z", []),
        ({"status": "approved", "start_on": "2027-03-01", "due_on": "2027-03-10"}, "2027-03-09T00:00:00Z", []),
    ],
)
def test_a_milestone_is_at_risk_for_reasons(fields: dict[str, Any], at: str, risks: list[str]):
    assert progress.outlook(milestone(**fields), from_rfc3339(at), "UTC") == Outlook(is_overdue=False, risks=risks)


def test_a_milestone_says_by_what_it_is_blocked_and_that_it_may_be_late(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first)
    assert prepares(ada, then) == "pending"

    shown = ada.get(then).body

    assert shown["open_dependencies"] == [{"from_id": first.rpartition("/")[2], "reason": "not_finished"}]
    assert (shown["is_overdue"], shown["is_at_risk"], shown["risks"]) == (False, True, ["blocked"])
    assert ada.get(first).body["open_dependencies"] == []


def test_the_day_ends_where_the_project_is(ada: Person):
    with time_machine.travel("2027-03-10T12:00:00Z", tick=False):
        east = ada.creates(time_zone="Pacific/Kiritimati")
        milestone = ada.begins(east, ada, due_on="2027-03-10")
        assert ada.get(milestone).body["is_overdue"] is True
        assert ada.put(f"{milestone}/progress", {"progress": 40}).body["is_overdue"] is True
        assert ada.patch(milestone, {"due_on": "2027-03-12"}).body["is_overdue"] is False
