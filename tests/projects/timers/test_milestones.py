"""Milestones that are late, and those that wait for one that was cancelled: escalated by themselves, once."""

import json
from datetime import timedelta

import time_machine

from tests.aws import scheduler
from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person
from tests.projects.timers.clockwork import counted, escalations, fire, hand_over, id_of, scheduled, tell
from tests.projects.verification.review import Review

DAY = timedelta(days=1)


def raised(person: Person, milestone: str) -> list[tuple[str, str, str]]:
    return [(each["trigger"], each["trigger_id"], each["status"]) for each in escalations(person, milestone)]


def test_a_milestone_is_escalated_when_its_last_day_is_over_where_the_project_is(
    review: Review, time: time_machine.Traveller
):
    milestone = review.ada.begins(review.project, review.ben, due_on="2026-11-21", priority="high")
    tell(review.ada, milestone)
    due = scheduled(milestone)
    time.shift(2 * DAY)
    fire(milestone, times=2)
    (found,) = escalations(review.ada, milestone)

    assert due == "2026-11-21T23:00:00Z"
    assert (found["kind"], found["severity"], found["reason_code"]) == ("delay", "high", "other")
    assert raised(review.ada, milestone) == [("overdue_milestone", "2026-11-21", "pending")]
    assert review.ada.status(milestone) == "in_progress"


def test_another_day_ends_the_escalation_and_may_be_missed_again(review: Review, time: time_machine.Traveller):
    milestone = review.ada.begins(review.project, review.ben, due_on="2026-11-21")
    tell(review.ada, milestone)
    time.shift(2 * DAY)
    fire(milestone)
    review.ada.patch(milestone, {"due_on": "2026-11-25"})
    tell(review.ada, milestone)
    between = raised(review.ada, milestone)
    time.shift(5 * DAY)
    fire(milestone)

    assert between == [("overdue_milestone", "2026-11-21", "resolved")]
    assert raised(review.ada, milestone) == [
        ("overdue_milestone", "2026-11-25", "pending"),
        ("overdue_milestone", "2026-11-21", "resolved"),
    ]


def test_completion_ends_the_escalation(review: Review, time: time_machine.Traveller):
    milestone = review.ada.begins(review.project, review.ben, due_on="2026-11-21")
    tell(review.ada, milestone)
    time.shift(2 * DAY)
    fire(milestone)
    review.ben.post(f"{milestone}/complete")
    tell(review.ada, milestone)

    assert raised(review.ada, milestone) == [("overdue_milestone", "2026-11-21", "resolved")]
    assert scheduled(milestone) is None


def test_where_people_have_raised_a_delay_no_other_is_raised(review: Review, time: time_machine.Traveller):
    milestone = review.ada.begins(review.project, review.ben, due_on="2026-11-21")
    theirs = raises(review.ada, milestone, kind="delay")
    tell(review.ada, milestone)
    time.shift(2 * DAY)
    fire(milestone)
    asks(review.ada, theirs, "resolve")
    tell(review.ada, milestone)

    assert counted(review.ada, milestone)["escalation.raised"] == 1


def test_what_waits_for_a_cancelled_milestone_is_escalated_until_it_does_not(review: Review):
    ada = review.ada
    before = ada.plans(review.project, title="Wheels")
    after = ada.begins(review.project, review.ben)
    added = ada.post(f"{after}/dependencies", {"from_id": id_of(before), "type": "finish_to_finish"})
    assert added.status == 201, added.body
    ada.post(f"{before}/cancel", {"reason": "Nobody wants wheels."})
    tell(ada, before)
    hand_over(*[json.dumps(each) for each in scheduler.waiting()])
    found = raised(ada, after)
    removed = ada.delete(f"{after}/dependencies/{id_of(before)}")
    tell(ada, after)

    assert found == [("dependency_delay", id_of(before), "pending")]
    assert removed.status == 204
    assert raised(ada, after) == [("dependency_delay", id_of(before), "resolved")]


def test_a_deleted_milestone_has_no_schedule(review: Review):
    milestone = review.ada.begins(review.project, review.ben, due_on="2026-12-21")
    tell(review.ada, milestone)
    had = scheduled(milestone)
    review.ada.post(f"{milestone}/cancel", {"reason": "No."})
    review.ada.delete(milestone)
    tell(review.ada, milestone)

    assert had is not None
    assert scheduled(milestone) is None
