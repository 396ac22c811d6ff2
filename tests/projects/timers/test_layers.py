"""Layers and time: reminders at half of it and at four fifths, what becomes of those that are due, and pauses."""

from datetime import timedelta

import pytest
import time_machine

from functions.projects.timers import timeouts
from functions.projects.verification import striking
from tests.aws import scheduler
from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person
from tests.projects.timers.clockwork import (
    concerned,
    counted,
    escalations,
    fire,
    hand_over,
    happened,
    scheduled,
    sweep,
    tell,
)
from tests.projects.verification.review import Review, layer

HOUR = timedelta(hours=1)


def shown(review: Review, milestone: str) -> dict[str, str | None]:
    (found,) = review.layers(milestone)
    return {name: found[name] for name in ("opened_at", "due_at", "status")}


def test_people_are_reminded_at_half_of_the_time_and_at_four_fifths(review: Review, time: time_machine.Traveller):
    milestone = review.submits(layer(due_hours=10, mode="all"))
    tell(review.ada, milestone)
    first = scheduled(milestone)
    time.shift(5 * HOUR)
    fire(milestone, times=2)
    cleo, *others = review.verifiers
    review.decides(cleo, *review.layers(milestone))
    tell(review.ada, milestone)
    second = scheduled(milestone)
    time.shift(3 * HOUR)
    fire(milestone, times=2)

    reminders = happened(review.ada, milestone, "layer.reminded")
    assert (first, second, scheduled(milestone)) == (
        "2026-11-20T20:30:00Z",
        "2026-11-20T23:30:00Z",
        "2026-11-21T01:30:00Z",
    )
    assert concerned(reminders) == [
        sorted(each.user_id for each in review.verifiers),
        sorted(each.user_id for each in others),
    ]
    assert [each["data"]["due_at"] for each in reminders] == ["2026-11-21T01:30:00.000Z"] * 2


def test_many_people_are_reminded_by_several_events(review: Review, time: time_machine.Traveller):
    others = [review.ada.brings(review.project, review.ada.colleague(), "verifier") for _ in range(3)]
    milestone = review.submits(layer(due_hours=10))
    tell(review.ada, milestone)
    time.shift(5 * HOUR)
    fire(milestone, times=2)
    told = concerned(happened(review.ada, milestone, "layer.reminded"))

    assert sorted(map(len, told)) == [2, 4]
    assert {each for some in told for each in some} == {each.user_id for each in (*review.verifiers, *others)}


def test_a_layer_that_is_due_is_escalated_once_and_a_late_decision_ends_it(
    review: Review, time: time_machine.Traveller
):
    milestone = review.submits(layer(due_hours=10))
    tell(review.ada, milestone)
    time.shift(10 * HOUR)
    fire(milestone, times=3)
    (raised,) = escalations(review.ada, milestone)
    status = review.ada.status(milestone)
    decided = review.decides(review.verifiers[0], *review.layers(milestone))
    tell(review.ada, milestone)
    (over,) = escalations(review.ada, milestone)

    assert (raised["kind"], raised["trigger"], raised["raised_by"]) == ("stakeholder", "overdue_verification", "system")
    assert (raised["blocks_work"], raised["status"], status) == (False, "pending", "completed")
    assert decided.status == 200
    assert over["status"] == "resolved"
    assert counted(review.ada, milestone)["escalation.raised"] == 1
    assert counted(review.ada, milestone)["layer.reminded"] == 0
    assert scheduled(milestone) is None


def test_what_people_have_resolved_is_not_raised_again(review: Review, time: time_machine.Traveller):
    milestone = review.submits(layer(due_hours=10))
    tell(review.ada, milestone)
    time.shift(10 * HOUR)
    fire(milestone)
    (raised,) = escalations(review.ada, milestone)
    asks(review.ada, f"/escalations/{raised['escalation_id']}", "resolve")
    time.shift(50 * HOUR)
    tell(review.ada, milestone)

    assert [each["status"] for each in escalations(review.ada, milestone)] == ["resolved"]


def test_schedules_that_are_lost_are_made_good_by_the_sweep(review: Review, time: time_machine.Traveller):
    milestone = review.submits(layer(due_hours=10))
    tell(review.ada, milestone)
    time.shift(5 * HOUR)
    scheduler.remove(milestone.rpartition("/")[2])
    early = sweep()
    time.shift(HOUR)
    found = sweep()
    again = sweep()

    assert (early, found, again) == (0, 1, 0)
    assert counted(review.ada, milestone)["layer.reminded"] == 1
    assert scheduled(milestone) == "2026-11-20T23:30:00Z"


def test_all_that_comes_weeks_late_is_done_once(review: Review, time: time_machine.Traveller):
    milestone = review.submits(layer(due_hours=10), layer(2, due_hours=10))
    tell(review.ada, milestone)
    time.shift(timedelta(days=60))
    sweep()
    fire(milestone) if scheduled(milestone) else None
    tell(review.ada, milestone)
    found = counted(review.ada, milestone)

    assert (found["layer.reminded"], found["escalation.raised"]) == (0, 1)


def test_a_message_of_a_past_attempt_is_counted_and_changes_nothing(
    review: Review, time: time_machine.Traveller, capsys: pytest.CaptureFixture[str]
):
    milestone = review.submits(layer(due_hours=10))
    tell(review.ada, milestone)
    past = scheduler.message_of(milestone.rpartition("/")[2])
    review.ben.post(f"{milestone}/recall")
    tell(review.ada, milestone)
    capsys.readouterr()
    time.shift(12 * HOUR)
    hand_over(past, past)

    assert '"stale"' in capsys.readouterr().out
    assert counted(review.ada, milestone)["layer.reminded"] == 0
    assert escalations(review.ada, milestone) == []


@pytest.mark.parametrize(
    ("on_timeout", "layer_status", "status"),
    [("approve", "approved", "approved"), ("reject", "rejected", "rejected")],
)
def test_time_decides_where_the_policy_says_so(
    on_timeout: str, layer_status: str, status: str, review: Review, time: time_machine.Traveller
):
    milestone = review.submits(layer(due_hours=10, on_timeout=on_timeout))
    tell(review.ada, milestone)
    time.shift(10 * HOUR)
    fire(milestone, times=2)
    (decided,) = review.layers(milestone)

    assert (decided["status"], review.ada.status(milestone)) == (layer_status, status)
    assert [(each["actor"], each["user_id"], each["reason"]) for each in decided["decisions"]] == [
        ("system", "system", timeouts.REASON)
    ]
    assert escalations(review.ada, milestone) == []


def test_no_layer_with_checks_is_approved_by_time(review: Review, time: time_machine.Traveller):
    check = {"check": "evidence_count", "at_least": 1}
    hybrid = layer(due_hours=10, on_timeout="approve", kind="hybrid", auto_checks=[check])
    milestone = review.submits(hybrid)
    tell(review.ada, milestone)
    time.shift(10 * HOUR)
    fire(milestone, times=2)

    assert review.statuses(milestone) == ["open"]
    assert [each["kind"] for each in escalations(review.ada, milestone)] == ["stakeholder"]


def test_nothing_is_approved_by_time_where_an_amount_is_due(review: Review):
    approving = {"layers": [layer(on_timeout="approve")]}
    both = review.ada.post(
        f"{review.project}/project-milestones",
        {"title": "Mill", "kind": "payment", "amount_minor_units": 100, "verification_policy": approving},
    )
    milestone = review.ada.plans(review.project, verification_policy=approving)
    later = review.ada.patch(milestone, {"amount_minor_units": 100})

    assert [both.status, later.status] == [422, 422]
    assert [each.body["errors"][0]["field"] for each in (both, later)] == ["verification_policy"] * 2


def test_business_hours_leave_out_nights_weekends_and_holidays(review: Review):
    milestone = review.submits(layer(due_hours=9, calendar="business"))

    # Half an hour on Friday, eight hours on Monday; Tuesday is a holiday.
    assert shown(review, milestone)["due_at"] == "2026-11-25T08:30:00.000Z"


def test_business_hours_are_those_of_the_project(review: Review):
    review.ada.patch(review.project, {"working_hours": {"opens_at": "08:00", "closes_at": "18:30"}})
    milestone = review.submits(layer(due_hours=3, calendar="business"))

    assert shown(review, milestone)["due_at"] == "2026-11-23T08:00:00.000Z"


@pytest.mark.parametrize(
    ("calendar", "due_at"),
    [
        ("elapsed", "2026-11-22T00:30:00.000Z"),
        # Nobody works from Friday evening to Saturday, so the pause takes nothing.
        ("business", "2026-11-25T09:30:00.000Z"),
    ],
)
def test_hours_stop_while_the_milestone_is_escalated(
    calendar: str, due_at: str, review: Review, time: time_machine.Traveller
):
    milestone = review.submits(layer(due_hours=10, calendar=calendar))
    tell(review.ada, milestone)
    time.shift(HOUR)
    escalation = raises(review.ada, milestone, blocks_work=True)
    tell(review.ada, milestone)
    meanwhile = scheduled(milestone)
    time.shift(23 * HOUR)
    tell(review.ada, milestone)
    asks(review.ada, escalation, "resolve")
    tell(review.ada, milestone)

    # That of the escalation itself.
    assert meanwhile == "2026-11-20T22:30:00Z"
    assert shown(review, milestone)["due_at"] == due_at
    assert counted(review.ada, milestone)["layer.reminded"] == 0


def test_a_layer_that_nobody_can_approve_is_escalated_until_it_has_somebody(ada: Person, review: Review):
    cleo, *others = review.verifiers
    milestone = review.submits(layer(approvers=[{"user": cleo.user_id}]))
    ada.delete(f"{review.project}/members/{cleo.user_id}")
    (found,) = review.layers(milestone)
    striking.strike(ada.tenant_id, found["verification_id"])
    tell(ada, milestone)
    (raised,) = escalations(ada, milestone)
    given = ada.post(f"/verifications/{found['verification_id']}/reassign", {"user_id": others[0].user_id})
    tell(ada, milestone)

    assert (raised["trigger"], raised["trigger_id"]) == ("approver_unavailable", found["verification_id"])
    assert given.status == 200, given.body
    assert [each["status"] for each in escalations(ada, milestone)] == ["resolved"]
