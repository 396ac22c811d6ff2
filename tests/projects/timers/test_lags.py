"""Milestones that wait for some working days after another: time alone lets them begin."""

import json
from datetime import timedelta

import pytest
import time_machine

from functions.projects.following import unblocking
from functions.projects.following.unblocking import Moved
from tests.aws import scheduler
from tests.projects.following.telling import of_milestone
from tests.projects.timers.clockwork import fire, hand_over, id_of, scheduled, sweep, tell
from tests.projects.verification.review import Review

DAY = timedelta(days=1)


@pytest.fixture
def first(review: Review) -> str:
    """A milestone that is worked on; on its Friday afternoon in Berlin it is about to be complete."""
    return review.ada.begins(review.project, review.ben)


def waits(review: Review, first: str, **edge: object) -> str:
    """Return a milestone that waits for another, and two working days; the Tuesday is a holiday."""
    ada = review.ada
    then = ada.plans(review.project)
    ada.assigns(then, review.ben)
    added = ada.post(f"{then}/dependencies", {"from_id": id_of(first), "lag_days": 2, **edge})
    assert added.status == 201, added.body
    ada.post(f"{then}/activate")
    tell(ada, then)
    return then


def passes_on() -> None:
    """Hand over what the timers of a milestone have sent to those of others."""
    hand_over(*[json.dumps(each) for each in scheduler.waiting()])


def test_a_milestone_becomes_active_when_its_lag_ends(review: Review, first: str, time: time_machine.Traveller):
    then = waits(review, first)
    before = scheduled(then)
    review.ben.post(f"{first}/complete")
    tell(review.ada, first)
    passes_on()
    lag_ends = scheduled(then)
    time.shift(5 * DAY)
    fire(then, times=2)

    assert (before, lag_ends) == (None, "2026-11-24T23:00:00Z")
    assert review.ada.status(then) == "active"
    assert [each.event_type for each in of_milestone(review.ada, then)].count("projects.milestone.unblocked") == 1


def test_a_lag_is_seen_when_its_dependency_comes_after_the_fact(
    review: Review, first: str, time: time_machine.Traveller
):
    review.ben.post(f"{first}/complete")
    then = waits(review, first)
    status = review.ada.status(then)
    time.shift(5 * DAY)
    assert sweep() == 1

    assert (status, review.ada.status(then)) == ("pending", "active")


def test_work_that_was_blocked_by_a_lag_says_so_no_more(review: Review, first: str, time: time_machine.Traveller):
    then = waits(review, first, type="finish_to_finish")
    review.ben.post(f"{then}/start")
    unblocking.follow(Moved(review.ada.tenant_id, id_of(review.project), id_of(then)))
    review.ben.post(f"{first}/complete")
    tell(review.ada, first)
    passes_on()
    blocked = review.ada.get(then).body["is_blocked"]
    time.shift(5 * DAY)
    fire(then)

    assert (blocked, review.ada.get(then).body["is_blocked"]) == (True, False)


def test_a_lag_after_a_draft_has_no_end_yet(review: Review):
    then = waits(review, review.ada.plans(review.project))

    assert (review.ada.status(then), scheduled(then)) == ("pending", None)


def test_a_lag_of_plans_alone_wakes_nobody(review: Review, first: str):
    then = waits(review, first, is_optional=True)
    review.ben.post(f"{first}/complete")
    tell(review.ada, first)

    assert scheduler.waiting() == []
    assert scheduled(then) is None
