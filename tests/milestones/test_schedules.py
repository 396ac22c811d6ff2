"""A milestone is missed when its time is over, not when somebody looks."""

import json
from typing import Any

import pytest

from functions.milestones import schedule_consumers
from shared import clock
from shared.messaging import schedules as clock_work
from shared.storage import events
from tests.aws import scheduler
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.conftest import Travel
from tests.goals.schedules.asked import Killed
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, happened, reports

LAST_DAY, OVER = "2026-11-25", "2026-11-26T00:00:00Z"
DONE = {"batchItemFailures": []}


@pytest.fixture(autouse=True)
def _scheduler(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage a group of schedules, and the function its queue."""
    scheduler.make_surroundings(monkeypatch)


def told(person: Person, uid: str) -> dict[str, Any]:
    """Deliver every event of a milestone, the newest first."""
    stored = happened(person.tenant_id, uid)
    return schedule_consumers.handler(delivered(events.stored(item) for item in reversed(stored)), Context())


def fired(uid: str) -> dict[str, Any]:
    return schedule_consumers.handler(batch([scheduler.message_of(uid)]), Context())


def types(person: Person, uid: str) -> list[str]:
    return [each["event_type"].rpartition(".")[2] for each in happened(person.tenant_id, uid)]


def test_an_open_milestone_has_a_schedule_at_the_end_of_its_last_day(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to=LAST_DAY)

    assert told(ada, uid) == DONE
    assert scheduler.scheduled(uid) == OVER
    about = {"tenant_id": ada.tenant_id, "milestone_uid": uid, "due_at": clock.from_rfc3339(OVER)}
    assert json.loads(scheduler.message_of(uid)) == about


def test_who_dies_at_the_call_leaves_it_to_the_message_that_comes_again(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to=LAST_DAY)
    told_of = delivered(events.stored(item) for item in happened(ada.tenant_id, uid))
    bodies = [record["body"] for record in told_of["Records"]]

    def die(**_: object) -> None:
        raise Killed

    clock_work.client().meta.events.register("before-call.scheduler.UpdateSchedule", die)
    with pytest.raises(Killed):
        schedule_consumers.handler(batch(bodies), Context())
    clock_work.client().meta.events.unregister("before-call.scheduler.UpdateSchedule", die)
    lost = scheduler.scheduled(uid)
    schedule_consumers.handler(batch(bodies, receives=2), Context())

    assert (lost, scheduler.scheduled(uid)) == (None, OVER)


def test_it_is_missed_when_its_time_is_over_and_announced_once(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created(timeframe_to=LAST_DAY)
    told(ada, uid)
    message = scheduler.message_of(uid)
    travel(OVER)
    scheduler.remove(uid)
    answers = [schedule_consumers.handler(batch([message, message]), Context()) for _ in range(2)]

    assert answers == [DONE] * 2
    assert ada.sees(uid)["status"] == "missed"
    assert types(ada, uid).count("missed") == 1
    assert scheduler.scheduled(uid) is None


def test_a_message_that_comes_early_misses_nothing_and_is_not_lost(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created(timeframe_to=LAST_DAY)
    told(ada, uid)
    travel("2026-11-25T23:59:57Z")
    fired(uid)

    assert ada.sees(uid)["status"] == "pending"
    # Never less than five seconds ahead.
    assert scheduler.scheduled(uid) == "2026-11-26T00:00:02Z"


def test_one_that_is_completed_in_time_is_not_missed(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created(timeframe_to=LAST_DAY)
    told(ada, uid)
    stale = scheduler.message_of(uid)
    reports(ada.sees(uid)["forse_milestone_id"], "completed", completed_at="2026-11-20T11:00:00Z")
    told(ada, uid)
    gone = scheduler.scheduled(uid)
    travel(OVER)
    schedule_consumers.handler(batch([stale]), Context())

    assert gone is None
    assert ada.sees(uid)["status"] == "completed"
    assert "missed" not in types(ada, uid)


def test_one_that_is_reopened_has_its_schedule_again(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to=LAST_DAY)
    reports(ada.sees(uid)["forse_milestone_id"], "completed", current_value=1000000)
    told(ada, uid)
    ada.retargets(uid, 2000000)
    told(ada, uid)

    assert ada.sees(uid)["status"] == "in_progress"
    assert scheduler.scheduled(uid) == OVER


def test_one_that_is_deleted_has_none(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to=LAST_DAY)
    told(ada, uid)
    ada.deletes(uid)
    told(ada, uid)

    assert scheduler.scheduled(uid) is None


def test_one_without_a_last_day_asks_the_scheduler_nothing(ada: Person, wire: Wire):
    uid = ada.created()

    assert told(ada, uid) == DONE
    assert scheduler.scheduled(uid) is None


def test_what_nobody_can_read_comes_again_and_its_neighbours_do_not(ada: Person, wire: Wire):
    uid = ada.created(timeframe_to=LAST_DAY)
    stored = [events.stored(item) for item in happened(ada.tenant_id, uid)]
    bodies = [record["body"] for record in delivered(stored)["Records"]]
    answer = schedule_consumers.handler(batch([*bodies, "[]", "no JSON"]), Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": f"message-{len(bodies) + n}"} for n in range(2)]}
    assert scheduler.scheduled(uid) == OVER
