"""What dependencies do: milestones wait, are told when they need not any more, and never start too early."""

from datetime import UTC, datetime

import pytest
import time_machine

from shared import ids
from shared.storage.events import Event
from tests.projects.billing import bills
from tests.projects.following import telling
from tests.projects.planning.plan import begins, finishes, follow, id_of, of_milestone, prepares, waits
from tests.projects.team import Person

REASON = {"reason": "Not needed."}


def reasons(somebody: Person, milestone: str) -> list[str | None]:
    return [each["reason"] for each in somebody.get(f"{milestone}/dependencies").body["items"]]


def test_a_milestone_waits_until_what_it_depends_on_is_done(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first)
    assert prepares(ada, then) == "pending"
    shown = ada.get(then).body
    assert (shown["is_blocked"], shown["allowed"]) == (True, ["start", "cancel"])

    refused = ada.post(f"{then}/start")
    assert (refused.status, refused.code) == (409, "DependenciesOpen")
    assert refused.body["open_dependencies"] == [{"from_id": id_of(first), "reason": "not_finished"}]

    finishes(ada, first)
    follow(ada, first)
    shown = ada.get(then).body
    assert (shown["status"], shown["is_blocked"]) == ("active", False)
    assert [each.event_type for each in of_milestone(ada, then)].count("projects.milestone.unblocked") == 1
    assert ada.post(f"{then}/start").status == 200


def test_a_start_does_not_wait_for_the_news(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first)
    prepares(ada, then)
    finishes(ada, first)

    assert ada.status(then) == "pending"
    assert ada.post(f"{then}/start").body["status"] == "in_progress"
    follow(ada, first, then)
    assert ada.get(then).body["is_blocked"] is False


def test_what_is_reopened_before_the_start_blocks_and_after_it_is_only_shown(ada: Person, project: str):
    first, then, later = ada.plans(project, acceptance="manager"), ada.plans(project), ada.plans(project)
    ben = ada.brings(project, ada.colleague(), "creator", "manager")
    finishes(ben, first)
    for each in (then, later):
        waits(ada, each, first)
        assert prepares(ada, each) == "active"
    assert ada.post(f"{later}/start").status == 200

    assert ada.post(f"{first}/refuse", REASON).status == 200
    follow(ada, first)

    assert (ada.status(then), ada.status(later)) == ("pending", "in_progress")
    assert ada.get(later).body["is_blocked"] is True
    assert ada.post(f"{later}/complete").status == 200


def test_an_added_dependency_blocks_and_a_removed_one_does_not_any_more(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    assert prepares(ada, then) == "active"
    waits(ada, then, first)
    follow(ada, then)
    assert ada.status(then) == "pending"

    ada.delete(f"{then}/dependencies/{id_of(first)}")
    follow(ada, then)
    assert ada.status(then) == "active"


def test_a_cancelled_prerequisite_stays_open(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first)
    prepares(ada, then)
    ada.post(f"{first}/cancel", REASON)
    follow(ada, first)

    assert ada.status(then) == "pending"
    assert ada.post(f"{then}/start").code == "DependenciesOpen"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("finish_to_start", "not_finished", None),
        ("start_to_start", None, None),
        ("verified_to_start", "not_verified", None),
    ],
)
def test_types_guard_the_start_until_the_prerequisite_is_that_far(
    kind: str, before: str | None, after: str | None, ada: Person, project: str
):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, type=kind)
    begins(ada, first)
    assert reasons(ada, then) == [before]
    assert prepares(ada, then) == ("pending" if before else "active")

    ada.post(f"{first}/complete")

    assert reasons(ada, then) == [after]
    assert ada.post(f"{then}/start").status == 200


def test_a_milestone_waits_until_another_is_paid(ada: Person, project: str):
    first, then = ada.plans(project, amount_minor_units=500), ada.plans(project)
    waits(ada, then, first, type="payment_to_start")
    finishes(ada, first)
    assert prepares(ada, then) == "pending"
    bills(ada, first, open_invoices=1, is_committed=True)
    assert reasons(ada, then) == ["not_paid"]
    bills(ada, first, open_invoices=0, is_committed=True)

    assert reasons(ada, then) == [None]
    assert ada.post(f"{then}/start").status == 200


@pytest.mark.parametrize("how", ["released", "cancelled"])
def test_it_goes_on_once_the_other_is_paid_by_milepost_or_outside_of_it(ada: Person, project: str, how: str) -> None:
    """A payment is cancelled when its invoice is paid outside of Milepost."""
    first, then = ada.plans(project, amount_minor_units=500), ada.plans(project)
    waits(ada, then, first, type="payment_to_start")
    finishes(ada, first)
    assert prepares(ada, then) == "pending"
    bills(ada, first, open_invoices=0, is_committed=True)
    telling.follow(told_of_payment(ada, project, first, how))

    assert ada.status(then) == "active"


def told_of_payment(ada: Person, project: str, milestone: str, how: str) -> Event:
    """Return an event of a payment, as payments tells it."""
    data = {"project_id": project.rpartition("/")[2], "project_milestone_id": id_of(milestone)}
    at, event_id, payment_id = "2026-11-20T12:00:00.000Z", ids.new("evt"), ids.new("pay")
    return Event(event_id, f"payments.payment.{how}", 1, at, ada.tenant_id, payment_id, data)


def test_finish_edges_guard_the_completion(ada: Person, project: str):
    first, other, then = (ada.plans(project) for _ in range(3))
    waits(ada, then, first, type="finish_to_finish")
    waits(ada, then, other, type="start_to_finish")
    begins(ada, then)
    begins(ada, first)

    refused = ada.post(f"{then}/complete")
    assert (refused.code, len(refused.body["open_dependencies"])) == ("DependenciesOpen", 2)
    done = ada.put(f"{then}/progress", {"progress": 100})
    names = [f"dependency:{id_of(each)}" for each in (first, other)]
    assert (done.body["status"], done.body["completion_blocked_by"]) == ("in_progress", names)
    assert ada.get(then).body["completion_blocked_by"] == names

    ada.post(f"{first}/complete")
    begins(ada, other)
    assert ada.put(f"{then}/progress", {"progress": 100}).body["status"] == "approved"


def test_an_optional_dependency_is_for_plans_only(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, is_optional=True)
    waits(ada, then, ada.plans(project), is_optional=True, type="finish_to_finish")

    finishes(ada, then)
    assert ada.status(then) == "approved"


def test_a_condition_says_when_a_dependency_counts(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project, priority="high")
    waits(ada, then, first, condition='milestone.priority == "high" and prerequisite.progress < 50')
    assert prepares(ada, then) == "pending"
    begins(ada, first)
    ada.put(f"{first}/progress", {"progress": 50})

    assert reasons(ada, then) == [None]
    assert ada.post(f"{then}/start").status == 200


def test_a_condition_that_meets_nothing_leaves_the_dependency_open(ada: Person, project: str):
    first, then = ada.plans(project), ada.plans(project)
    waits(ada, then, first, condition="days_between(prerequisite.due_on, now) > 3")

    assert reasons(ada, then) == ["condition_failed"]
    assert prepares(ada, then) == "pending"


def test_a_lag_holds_for_working_days_of_the_project(ada: Person, time: time_machine.Traveller):
    project = ada.creates(time_zone="Europe/Berlin", holidays=["2026-11-24"])
    first, then, sooner = (ada.plans(project) for _ in range(3))
    waits(ada, then, first, lag_days=2)
    waits(ada, sooner, first, lag_days=-2)
    finishes(ada, first)
    assert reasons(ada, then) == ["lag"]
    assert prepares(ada, sooner) == "active"
    prepares(ada, then)

    time.move_to(datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC))
    assert ada.post(f"{then}/start").code == "DependenciesOpen"
    time.move_to(datetime(2026, 11, 24, 23, 0, tzinfo=UTC))
    assert ada.post(f"{then}/start").status == 200
