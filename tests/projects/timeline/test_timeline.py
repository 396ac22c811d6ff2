"""The timeline of a project: when milestones are worked on, as numbers and as a picture, and how that was planned."""

from typing import Any

import pytest
import time_machine

from shared.charts import themes
from tests.projects.planning.plan import id_of, waits
from tests.projects.team import Person


@pytest.fixture
def plan(ada: Person, time: time_machine.Traveller) -> tuple[str, str, str]:
    """A project with drawings of a week, and a mill that waits for them."""
    project = ada.creates()
    drawings = ada.plans(project, title="Drawings", start_on="2026-11-23", due_on="2026-11-27")
    mill = ada.plans(project, title="<b>Mill</b>", start_on="2026-11-23", due_on="2026-11-24")
    waits(ada, mill, drawings)
    ada.post(f"{ada.plans(project, title='Nobody wants it')}/cancel", {"reason": "Not needed."})
    return project, drawings, mill


def one(timeline: Any, milestone: str) -> dict[str, Any]:
    [found] = [each for each in timeline["milestones"] if each["project_milestone_id"] == id_of(milestone)]
    return dict(found)


def test_a_timeline_has_the_earliest_days_in_their_order(ada: Person, plan: tuple[str, str, str]):
    project, drawings, mill = plan
    shown = ada.get(f"{project}/timeline").body

    assert (shown["today"], shown["starts_on"], shown["ends_on"]) == ("2026-11-20", "2026-11-23", "2026-12-01")
    assert [each["title"] for each in shown["milestones"]] == ["Drawings", "<b>Mill</b>"]
    assert (one(shown, mill)["start_on"], one(shown, mill)["finish_on"]) == ("2026-11-30", "2026-12-01")
    assert one(shown, drawings)["is_critical"]
    assert one(shown, mill)["baseline_start_on"] is None
    assert (shown["baseline"], shown["late_by_days"]) == (None, None)
    assert [(each["from_id"], each["to_id"]) for each in shown["dependencies"]] == [(id_of(drawings), id_of(mill))]
    assert ada.ask("projectTimeline", projectId=project[10:]).data["endsOn"] == "2026-12-01"


def test_a_baseline_stays_and_the_timeline_says_how_late_it_is(ada: Person, plan: tuple[str, str, str]):
    project, drawings, mill = plan
    frozen = ada.post(f"{project}/baseline", key="once")
    ada.patch(drawings, {"due_on": "2026-12-01"})
    later = ada.plans(project, title="Test", start_on="2026-11-23", due_on="2026-11-23")
    shown = ada.get(f"{project}/timeline").body

    assert (frozen.status, frozen.body["milestones"], frozen.body["ends_on"]) == (201, 2, "2026-12-01")
    assert ada.post(f"{project}/baseline", key="once").body == frozen.body
    assert shown["baseline"] == frozen.body
    assert (shown["ends_on"], shown["late_by_days"]) == ("2026-12-03", 2)
    assert one(shown, drawings)["late_by_days"] == one(shown, mill)["late_by_days"] == 2
    assert (one(shown, mill)["baseline_start_on"], one(shown, later)["late_by_days"]) == ("2026-11-30", None)
    again = ada.ask("freezeProjectBaseline", projectId=project[10:]).data
    assert (again["version"], again["milestones"]) == (2, 3)
    assert ada.get(f"{project}/timeline").body["late_by_days"] == 0


def test_who_plans_freezes_and_every_member_looks(ada: Person, ben: Person, eve: Person, plan: tuple[str, str, str]):
    project, *_ = plan
    for path in ("timeline", "timeline.svg"):
        assert eve.get(f"{project}/{path}").status == ben.get(f"{project}/{path}").status == 404
    assert ben.post(f"{project}/baseline").code == "ProjectNotFound"
    ada.brings(project, ben, "viewer")
    assert ben.get(f"{project}/timeline").status == 200
    assert ben.post(f"{project}/baseline").code == "RoleRequired"
    ada.brings(project, ben, "creator")
    assert ben.post(f"{project}/baseline").status == 201


def test_a_project_that_is_over_keeps_its_baseline(ada: Person, project: str):
    ada.post(f"{project}/complete")
    assert ada.post(f"{project}/baseline").code == "ProjectStatusNotPossible"
    assert ada.get(f"{project}/timeline").body["milestones"] == []


def test_the_picture_is_inert_and_says_what_it_may_do(ada: Person, plan: tuple[str, str, str]):
    project, *_ = plan
    drawn = ada.get(f"{project}/timeline.svg", "theme=dark")

    assert (drawn.status, drawn.headers["Content-Type"]) == (200, "image/svg+xml")
    assert drawn.headers["Content-Security-Policy"] == themes.policy(themes.GANTT_STYLES["dark"])
    assert "&lt;b&gt;Mill" in str(drawn.body)
    assert "<b>" not in str(drawn.body)
    assert "Nobody wants it" not in str(drawn.body)
    assert ada.get(f"{project}/timeline.svg", "theme=pink").status == 422
