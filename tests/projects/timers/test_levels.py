"""The levels of escalations and time: each once, whether the clock comes on time, late, twice, or not at all."""

from datetime import datetime, timedelta

import pytest
import time_machine

from tests.aws import scheduler
from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person
from tests.projects.timers.clockwork import concerned, escalations, fire, happened, id_of, scheduled, sweep, tell
from tests.projects.verification.review import Review

HOUR = timedelta(hours=1)


@pytest.fixture
def milestone(review: Review) -> str:
    return review.ada.begins(review.project, review.ben)


def level(person: Person, milestone: str) -> tuple[int, str]:
    (found,) = escalations(person, milestone)
    return found["level"], found["status"]


@pytest.mark.parametrize(
    ("severity", "response", "hours"), [("critical", 1, 4), ("high", 6, 24), ("medium", 12, 48), ("low", 18, 72)]
)
def test_somebody_is_to_see_to_it_within_a_quarter_of_its_time(
    severity: str, response: int, hours: int, review: Review, milestone: str, time: time_machine.Traveller
):
    raises(review.ada, milestone, severity=severity)
    tell(review.ada, milestone)
    first = scheduled(milestone)
    time.shift(response * HOUR - timedelta(seconds=1))
    tell(review.ada, milestone)
    before = level(review.ada, milestone)
    time.shift(timedelta(seconds=1))
    fire(milestone, times=2)
    (found,) = escalations(review.ada, milestone)
    told = happened(review.ada, milestone, "escalation.escalated")

    assert first is not None
    assert (before, level(review.ada, milestone)) == ((1, "pending"), (2, "pending"))
    assert concerned(told) == [[review.ada.user_id]]
    assert told[0]["actor"]["kind"] == "system"
    assert found["due_at"] == _later(found["updated_at"], hours)


def _later(moment: str, hours: int) -> str:
    return (datetime.fromisoformat(moment) + hours * HOUR).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def test_the_last_level_is_reached_once(review: Review, milestone: str, time: time_machine.Traveller):
    raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    for _ in range(5):
        time.shift(10 * HOUR)
        sweep()
        tell(review.ada, milestone)

    assert level(review.ada, milestone) == (2, "pending")
    assert len(happened(review.ada, milestone, "escalation.escalated")) == 1


def test_who_sees_to_it_ends_the_wait_but_not_the_time_to_resolve_it(
    review: Review, milestone: str, time: time_machine.Traveller
):
    escalation = raises(review.ada, milestone, severity="critical")
    asks(review.ben, escalation, "acknowledge")
    tell(review.ada, milestone)
    due = scheduled(milestone)
    time.shift(2 * HOUR)
    tell(review.ada, milestone)
    between = level(review.ada, milestone)
    time.shift(2 * HOUR)
    fire(milestone)

    assert due == "2026-11-20T19:30:00Z"
    assert (between, level(review.ada, milestone)) == ((1, "in_progress"), (2, "in_progress"))


def test_what_is_seen_to_and_forgotten_for_two_months_goes_up_once(
    review: Review, milestone: str, time: time_machine.Traveller
):
    asks(review.ben, raises(review.ada, milestone, severity="low"), "acknowledge")
    tell(review.ada, milestone)
    scheduler.remove(id_of(milestone))
    time.shift(timedelta(days=61))
    lost = sweep()
    tell(review.ada, milestone)

    assert lost == 1
    assert level(review.ada, milestone) == (2, "in_progress")
    assert len(happened(review.ada, milestone, "escalation.escalated")) == 1


def test_what_is_resolved_in_time_does_not_go_up(review: Review, milestone: str, time: time_machine.Traveller):
    escalation = raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    time.shift(HOUR / 2)
    asks(review.ben, escalation, "resolve")
    time.shift(10 * HOUR)
    fire(milestone, times=2)

    assert level(review.ada, milestone) == (1, "resolved")


def test_a_level_that_has_nobody_passes_on_at_once(review: Review):
    draft = review.ada.plans(review.project)
    raises(review.ada, draft)
    tell(review.ada, draft)

    assert level(review.ada, draft) == (2, "pending")
