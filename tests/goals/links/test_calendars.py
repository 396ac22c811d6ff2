"""The calendar of a link, as the `icalendar` library reads it: what is due and reached when, and nothing else."""

from datetime import UTC, date, datetime
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.goals.links import agenda, ics
from tests.goals.conftest import Stored, Travel
from tests.goals.links.looking import looks, makes_link, read
from tests.goals.people import MARATHON, Person

pytestmark = pytest.mark.usefixtures("travel")

TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=100)


def events(link: dict) -> dict[str, Any]:
    """Return when each event of a link's calendar is, by what it says."""
    return {str(event["SUMMARY"]): event["DTSTART"].dt for event in read(link).walk("VEVENT")}


def test_a_title_that_looks_like_json_hides_no_change(ada: Person):
    goal = ada.sets_goal(title='Run "as_of":"1"', deadline="2027-09-26")
    link = makes_link(ada, goal_id=goal["goal_id"])
    before = looks(link).headers["ETag"]
    ada.patch(f"/goals/{goal['goal_id']}", {"title": 'Run "as_of":"2"'})

    assert looks(link).headers["ETag"] != before


def escaped(text: str) -> str:
    """Return a text as it stands in a calendar; the library does not know that the names of calendars are texts."""
    return icalendar.vText(text).to_ical().decode()


def test_a_goal_has_its_deadline_its_due_tasks_and_its_milestones(ada: Person):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    run = ada.adds_task(goal_id, title="First 20 km run", due_at="2026-01-20T20:00:00+02:00")
    ada.adds_task(goal_id, title="Some time")
    ada.completes(ada.adds_task(goal_id, title="Buy shoes", due_at="2026-01-02T00:00:00Z"))

    found = events(makes_link(ada, goal_id=goal_id))

    assert found == {
        "Run a marathon: deadline": date(2026, 1, 30),
        "Run a marathon: First 20 km run": datetime(2026, 1, 20, 18, tzinfo=UTC),
        "Run a marathon: First Quarter (predicted)": date(2026, 1, 2),
        "Run a marathon: Halfway Point (predicted)": date(2026, 1, 27),
    }
    assert run["due_at"] == "2026-01-20T18:00:00.000Z"


def test_what_is_predicted_is_tentative_and_stays_the_same_event_when_it_is_reached(ada: Person, travel: Travel):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    task = ada.adds_task(goal_id)
    link = makes_link(ada, goal_id=goal_id)
    (predicted,) = [each for each in read(link).walk("VEVENT") if "First Quarter" in each["SUMMARY"]]
    travel("2026-01-04T09:00:00Z")
    ada.completes(task)
    (reached,) = [each for each in read(link).walk("VEVENT") if "First Quarter" in each["SUMMARY"]]

    assert (predicted["STATUS"], predicted["DTSTART"].dt) == ("TENTATIVE", date(2026, 1, 26))
    assert (reached["STATUS"], reached["DTSTART"].dt) == ("CONFIRMED", date(2026, 1, 4))
    assert reached["UID"] == predicted["UID"]
    assert reached["SEQUENCE"] > predicted["SEQUENCE"]
    assert reached["LAST-MODIFIED"].dt == reached["DTSTAMP"].dt == datetime(2026, 1, 4, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("time_zone", "reached"),
    [
        ("Pacific/Kiritimati", date(2026, 1, 1)),  # UTC+14
        ("UTC", date(2026, 1, 1)),
        ("Pacific/Pago_Pago", date(2025, 12, 31)),  # UTC-11
    ],
)
def test_days_are_those_of_the_time_zone_of_the_goal(time_zone: str, reached: date, ada: Person, travel: Travel):
    travel("2026-01-01T09:30:00Z")
    goal_id = ada.sets_goal(time_zone=time_zone, deadline="2026-03-29", start_at="2025-12-01T00:00:00Z")["goal_id"]
    ada.completes(ada.adds_task(goal_id))

    found = events(makes_link(ada, goal_id=goal_id))

    assert found["Run a marathon: deadline"] == date(2026, 3, 29)
    assert found["Run a marathon: Halfway Point"] == reached


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_deadline_on_the_day_on_which_clocks_change_is_on_that_day(day: str, ada: Person):
    goal_id = ada.sets_goal(time_zone="Europe/Berlin", deadline=day)["goal_id"]

    assert events(makes_link(ada, goal_id=goal_id))["Run a marathon: deadline"] == date.fromisoformat(day)


def test_a_goal_without_anything_to_say_is_a_calendar_all_the_same(ada: Person):
    calendar = read(makes_link(ada, goal_id=ada.sets_goal()["goal_id"]))

    assert calendar.walk("VEVENT") == []
    assert [each.name for each in calendar.subcomponents] == ["VTIMEZONE"]


@pytest.mark.parametrize("action", ["pause", "complete", "archive"])
def test_a_goal_that_is_not_active_reminds_of_nothing_and_keeps_what_it_reached(action: str, ada: Person):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    ada.adds_task(goal_id, title="Still open", due_at="2026-01-20T18:00:00Z")
    ada.completes(ada.adds_task(goal_id))
    link, everything = makes_link(ada, goal_id=goal_id), makes_link(ada)
    ada.post(f"/goals/{goal_id}/{action}")

    found = events(link)

    assert {"Run a marathon: First Quarter", "Run a marathon: Halfway Point"} >= found.keys() or action == "complete"
    assert found["Run a marathon: First Quarter"] == date(2026, 1, 1)
    assert [text for text in found if "deadline" in text or "open" in text or "predicted" in text] == []
    assert events(everything) == {}


def test_the_calendar_of_everything_has_all_active_goals(ada: Person, bob: Person):
    for title, deadline in (("Learn to swim", "2026-06-30"), ("Run far", "2026-01-30")):
        goal_id = ada.sets_goal(title=title, deadline=deadline, weights={"task": 100, "time": 0})["goal_id"]
        ada.adds_task(goal_id, title="First step", due_at="2026-01-15T12:00:00Z")
    bob.sets_goal(title="Not Ada's", deadline="2026-06-30")

    calendar = read(makes_link(ada))

    assert {str(event["SUMMARY"]) for event in calendar.walk("VEVENT")} == {
        "Learn to swim: deadline",
        "Learn to swim: First step",
        "Run far: deadline",
        "Run far: First step",
    }
    assert (calendar["X-WR-CALNAME"], calendar["NAME"]) == ("Milepost", "Milepost")


def test_the_tasks_of_everything_are_those_due_first_none_overdue_for_long(
    ada: Person, travel: Travel, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(agenda, "MOST_TASKS", 2)
    goal_id = ada.sets_goal()["goal_id"]
    for day in ("2026-03-03", "2026-02-01", "2026-01-05", "2026-02-02"):
        ada.adds_task(goal_id, title=day, due_at=f"{day}T00:00:00Z")
    travel("2026-02-10T00:00:00Z")

    assert list(events(makes_link(ada))) == ["Run a marathon: 2026-02-01", "Run a marathon: 2026-02-02"]


def test_goals_beyond_the_first_page_are_there_and_those_beyond_the_last_are_not(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(agenda, "_PAGE", 2)
    monkeypatch.setattr(agenda, "MOST_GOALS", 4)
    for day in range(1, 6):
        ada.sets_goal(title=f"Goal {day}", deadline=f"2026-12-0{day}", weights={"task": 100, "time": 0})

    assert list(events(makes_link(ada))) == [f"Goal {day}: deadline" for day in range(1, 5)]


def test_it_is_the_same_until_something_changes(ada: Person, travel: Travel):
    link = makes_link(ada, goal_id=ada.sets_goal(**MARATHON)["goal_id"])
    first = looks(link)
    travel("2026-01-02T00:00:00Z")
    second = looks(link)
    travel("2026-01-26T00:00:00Z")

    assert second == first
    assert looks(link).headers["ETag"] != first.headers["ETag"]


def test_programs_ask_again_every_hour(ada: Person):
    calendar = read(makes_link(ada))

    assert calendar["REFRESH-INTERVAL"].dt.total_seconds() == 3600
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert (calendar["VERSION"], calendar["PRODID"]) == ("2.0", "-//Milepost//Milepost//EN")


@settings(max_examples=150)
@given(name=TEXTS, summary=TEXTS)
def test_any_text_comes_out_as_it_went_in(name: str, summary: str):
    event = ics.Event("uid@milepost", date(2026, 1, 30), summary, 0, 1)

    text = ics.calendar(name, [event])

    calendar = icalendar.Calendar.from_ical(text)
    assert calendar["NAME"] == escaped(name)
    assert [str(each["SUMMARY"]) for each in calendar.walk("VEVENT")] == [summary]
    assert max(len(line) for line in text.encode().split(b"\r\n")) <= 75
    assert text.count("\n") == text.count("\r\n") == text.count("\r")


@pytest.mark.parametrize(
    "title",
    [
        "Run\\nBEGIN:VEVENT",
        "a;b,c:d\"e'f",
        "<script>alert(1)</script>",
        "END:VCALENDAR;X=1",
        "ä" * 80,
        "🏃" * 40,
        "ATTACH;VALUE=URI:https://evil.example",
    ],
)
def test_a_title_is_nothing_but_a_title(title: str, ada: Person, stored: Stored):
    goal_id = ada.sets_goal(title=title, deadline="2026-01-30", weights={"task": 100, "time": 0})["goal_id"]

    calendar = read(makes_link(ada, goal_id=goal_id))

    assert calendar["NAME"] == escaped(title)
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == f"{title}: deadline"
    assert set(event) == {
        "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "SUMMARY", "STATUS", "TRANSP"
    }  # fmt: skip
