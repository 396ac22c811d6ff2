"""A deadline is a day in the goal's own time zone, and a goal is late only when that day is over there."""

import pytest

from shared.callers import tenant_settings
from shared.storage import table
from tests.goals.conftest import Travel
from tests.goals.days import DAYS
from tests.goals.people import MARATHON, Person


@pytest.mark.parametrize(("time_zone", "day", "end"), DAYS)
def test_time_has_run_out_when_the_day_is_over_in_the_zone(
    time_zone: str, day: str, end: str, ada: Person, travel: Travel
):
    goal = ada.sets_goal(deadline=day, time_zone=time_zone, weights={"task": 0, "time": 100})

    complete = ada.progress(goal["goal_id"])["milestones"][3]

    assert complete["predicted_at"] == end


@pytest.mark.parametrize(
    ("zone", "start_at", "day", "end"),
    [
        ("America/Sao_Paulo", "2018-11-01T03:00:00Z", "2018-11-03", "2018-11-04T03:00:00.000Z"),
        ("Pacific/Apia", "2011-12-29T10:00:00Z", "2011-12-29", "2011-12-30T10:00:00.000Z"),
    ],
)
def test_a_day_whose_midnight_was_skipped_ends_with_the_first_instant_after_it(
    zone: str, start_at: str, day: str, end: str, ada: Person, travel: Travel
):
    goal = ada.sets_goal(start_at=start_at, deadline=day, time_zone=zone, weights={"task": 0, "time": 100})

    complete = ada.progress(goal["goal_id"])["milestones"][3]

    assert complete["achieved_at"] == end


@pytest.mark.parametrize(
    ("instant", "overdue_urgent_on_track"),
    [
        ("2026-01-01T00:00:00.000Z", (False, False, True)),
        ("2026-01-23T23:59:59.999Z", (False, False, False)),
        ("2026-01-24T00:00:00.000Z", (False, True, False)),
        ("2026-01-30T00:00:00.000Z", (False, True, False)),
        ("2026-01-30T23:59:59.999Z", (False, True, False)),
        ("2026-01-31T00:00:00.000Z", (True, False, False)),
        ("2027-01-31T00:00:00.000Z", (True, False, False)),
    ],
)
def test_urgent_in_the_last_week_and_overdue_after_the_last_day(
    instant: str, overdue_urgent_on_track: tuple[bool, ...], ada: Person, travel: Travel
):
    goal = ada.sets_goal(**MARATHON)
    travel(instant)

    progress = ada.progress(goal["goal_id"])

    assert (progress["is_overdue"], progress["is_urgent"], progress["is_on_track"]) == overdue_urgent_on_track


@pytest.mark.parametrize("action", ["pause", "complete", "archive"])
@pytest.mark.parametrize("instant", ["2026-01-30T12:00:00Z", "2026-03-01T00:00:00Z"])
def test_only_an_active_goal_is_urgent_overdue_or_on_track(action: str, instant: str, ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)
    ada.post(f"/goals/{goal['goal_id']}/{action}")
    travel(instant)

    progress = ada.progress(goal["goal_id"])

    assert (progress["is_overdue"], progress["is_urgent"], progress["is_on_track"]) == (False, False, False)


def test_a_goal_is_on_track_as_long_as_tasks_keep_pace_with_time(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)
    tasks = [ada.adds_task(goal["goal_id"]) for _ in range(2)]
    ada.completes(tasks[0])

    travel("2026-01-16T00:00:00Z")
    level = ada.progress(goal["goal_id"])
    travel("2026-01-16T00:00:00.001Z")
    behind = ada.progress(goal["goal_id"])

    assert (level["task_progress"], level["time_progress"], level["pace"], level["is_on_track"]) == (50, 50, 0, True)
    assert (behind["pace"], behind["is_on_track"]) == (0, False)


def test_a_goal_without_a_deadline_has_no_time_progress(ada: Person, travel: Travel):
    goal = ada.sets_goal()
    travel("2030-01-01T00:00:00Z")

    progress = ada.progress(goal["goal_id"])

    assert (progress["time_progress"], progress["pace"]) == (None, None)
    assert (progress["is_overdue"], progress["is_urgent"]) == (False, False)
    assert [milestone["predicted_at"] for milestone in progress["milestones"]] == [None] * 4


def test_another_time_zone_moves_the_end_of_the_day(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON, weights={"task": 0, "time": 100})

    moved = ada.patch(f"/goals/{goal['goal_id']}", {"time_zone": "America/New_York"}).body

    assert moved["milestones"][3]["predicted_at"] == "2026-01-31T05:00:00.000Z"


def test_a_deadline_before_the_day_the_goal_starts_is_refused_in_its_own_zone(ada: Person, travel: Travel):
    travel("2026-06-15T23:00:00Z")

    in_utc = ada.post("/goals", {"title": "Run", "deadline": "2026-06-15"})
    in_berlin = ada.post("/goals", {"title": "Run", "deadline": "2026-06-15", "time_zone": "Europe/Berlin"})

    assert in_utc.status == 201
    assert (in_berlin.status, in_berlin.fields) == (422, ["deadline"])


def test_a_start_after_the_deadline_is_refused(ada: Person, travel: Travel):
    goal = ada.sets_goal(**MARATHON)

    answer = ada.patch(f"/goals/{goal['goal_id']}", {"start_at": "2026-02-01T00:00:00Z"})

    assert (answer.status, answer.fields) == (422, ["deadline"])


def test_a_day_that_the_zone_skipped_still_lies_after_the_start(ada: Person, travel: Travel):
    goal = ada.sets_goal(start_at="2011-12-29T12:00:00Z", deadline="2011-12-30", time_zone="Pacific/Apia")

    assert ada.progress(goal["goal_id"])["time_progress"] == 100


@pytest.mark.parametrize("sent", [{}, {"time_zone": None}])
def test_a_goal_without_a_time_zone_has_that_of_its_tenant(ada: Person, sent: dict):
    in_zone(ada.tenant_id, "Pacific/Kiritimati")

    goal = ada.sets_goal(deadline="2030-06-15", weights={"task": 0, "time": 100}, **sent)

    assert goal["time_zone"] == "Pacific/Kiritimati"
    assert ada.progress(goal["goal_id"])["milestones"][3]["predicted_at"] == "2030-06-15T10:00:00.000Z"
    assert ada.sets_goal(deadline="2030-06-15", time_zone="UTC")["time_zone"] == "UTC"


def test_a_goal_keeps_its_time_zone_when_its_tenant_gets_another(ada: Person):
    goal = ada.sets_goal(deadline="2030-06-15")
    in_zone(ada.tenant_id, "Asia/Tokyo")

    assert ada.get(f"/goals/{goal['goal_id']}").body["time_zone"] == "UTC"


def in_zone(tenant_id: str, time_zone: str) -> None:
    """Give the tenant a time zone, as identity keeps it."""
    pk, sk = tenant_settings.key(tenant_id)
    table.put_many([{"PK": pk, "SK": sk, "time_zone": time_zone}])
    tenant_settings.forget()
