"""The history of a project: what was seen on each day stays as it was seen, whatever comes later."""

from typing import Any

import pytest

from functions.milestones import lifecycle, milestones
from functions.milestones.projects import consumers as history_consumers
from functions.milestones.projects import points as project_points
from functions.milestones.projects.standing import Standing
from shared import clock
from shared.storage import table
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.conftest import Travel
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, reports
from tests.milestones.projects.hearing import CHART, consume, heard, told


def days(person: Person) -> list[tuple[Any, ...]]:
    """Return the chart without its first sample, which shows nothing: the day, scope, done and missed."""
    shown = person.get(CHART).body["samples"][1:]
    return [(each["date"][-2:], each["scope_weight"], each["done_weight"], each["missed_milestones"]) for each in shown]


def test_scope_added_later_shows_as_scope_added_later(ada: Person, wire: Wire, travel: Travel):
    told(ada, ada.created(weight=2))
    travel("2026-11-22T09:00:00Z")
    told(ada, ada.created(weight=3))
    travel("2026-11-24T00:00:00Z")

    assert days(ada) == [("20", 2, 0, 0), ("22", 5, 0, 0), ("24", 5, 0, 0)]


def test_completed_retargeted_missed_and_deleted_milestones_all_show(ada: Person, wire: Wire, travel: Travel):
    done, late, gone = ada.creates(target=10).body, ada.created(timeframe_to="2026-11-22"), ada.created()
    told(ada, done["milestone_uid"], late, gone)
    travel("2026-11-21T09:00:00Z")
    reports(done["forse_milestone_id"], "completed", current_value=10, target=10)
    told(ada, done["milestone_uid"])
    travel("2026-11-23T09:00:00Z")
    lifecycle.miss(ada.tenant_id, late)
    told(ada, late)
    travel("2026-11-24T09:00:00Z")
    ada.deletes(gone)
    told(ada, gone)
    travel("2026-11-25T09:00:00Z")
    ada.retargets(done["milestone_uid"], 40)
    told(ada, done["milestone_uid"])
    travel("2026-11-26T09:00:00Z")
    shown = ada.get(CHART).body

    assert days(ada) == [
        ("20", 3, 0, 0),
        ("21", 3, 1, 0),
        ("23", 3, 1, 1),
        ("24", 2, 1, 1),
        ("25", 2, 0, 1),
        ("26", 2, 0, 1),
    ]
    assert [each["weighted_progress"] for each in shown["samples"][-3:]] == [50.0, 0.0, 0.0]
    assert shown["last_day"] == "2026-11-22"


def test_the_present_is_shown_before_its_events_have_come(ada: Person, wire: Wire):
    ada.created(weight=4)

    assert days(ada) == [("20", 4, 0, 0)]


def test_a_change_on_the_same_day_takes_the_place_of_the_one_before(ada: Person, wire: Wire, travel: Travel):
    told(ada, ada.created())
    travel("2026-11-20T18:00:00Z")
    told(ada, ada.created())
    travel("2026-11-21T00:00:00Z")

    assert days(ada) == [("20", 2, 0, 0), ("21", 2, 0, 0)]


def test_what_comes_again_changes_nothing_of_the_past(ada: Person, wire: Wire, travel: Travel):
    kept, gone = ada.created(), ada.created()
    told(ada, kept, gone)
    travel("2026-11-22T09:00:00Z")
    early = heard(ada, kept)
    ada.deletes(gone)
    travel("2026-11-23T09:00:00Z")
    consume(early)

    assert days(ada) == [("20", 2, 0, 0), ("23", 1, 0, 0)]


def test_an_event_that_comes_after_midnight_belongs_to_its_own_day(ada: Person, wire: Wire, travel: Travel):
    travel("2026-11-20T23:59:59Z")
    uid = ada.created()
    travel("2026-11-21T00:00:03Z")
    told(ada, uid)
    travel("2026-11-22T09:00:00Z")

    assert days(ada) == [("20", 1, 0, 0), ("22", 1, 0, 0)]


def test_an_event_that_others_have_overtaken_by_a_day_shows_on_the_day_it_was_seen(
    ada: Person, wire: Wire, travel: Travel
):
    first = ada.created()
    travel("2026-11-21T09:00:00Z")
    second = ada.created()
    travel("2026-11-22T09:00:00Z")
    consume(heard(ada, first))
    told(ada, second)
    travel("2026-11-23T09:00:00Z")

    assert days(ada) == [("21", 2, 0, 0), ("22", 2, 0, 0), ("23", 2, 0, 0)]


def test_an_older_look_does_not_take_the_place_of_a_newer_one(ada: Person):
    newer, older = Standing(total=2, scope_weight=2), Standing(total=1, scope_weight=1)
    for stood, at in ((newer, "2026-11-20T12:00:01.000Z"), (older, "2026-11-20T12:00:00.000Z")):
        project_points.put(ada.tenant_id, "project_123", stood, day="2026-11-20", seen_at=at, unless_seen_since=at)

    assert [point.standing for point in project_points.history(ada.tenant_id, "project_123")] == [newer]


def test_a_list_that_is_behind_its_events_is_not_kept(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    (entry,), _ = milestones.entries(ada.tenant_id, "project_123", limit=10, cursor=None)
    travel("2026-11-20T12:00:01Z")
    ada.retargets(uid, 5)
    changed = heard(ada, uid)[-1:]
    table.put_many([entry])
    behind = consume(changed)
    table.delete_many([milestones.entry_key(milestones.read(ada.tenant_id, uid))])
    missing = consume(changed)

    assert behind == missing == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert project_points.history(ada.tenant_id, "project_123") == []


def test_what_nobody_can_read_comes_again_and_its_neighbours_do_not(ada: Person, wire: Wire):
    bodies = [record["body"] for record in delivered(heard(ada, ada.created()))["Records"]]

    assert history_consumers.handler(batch(["no JSON", *bodies]), Context()) == {
        "batchItemFailures": [{"itemIdentifier": "message-0"}]
    }
    assert len(project_points.history(ada.tenant_id, "project_123")) == 1


def test_projects_and_tenants_do_not_mix(ada: Person, eve: Person, wire: Wire, travel: Travel):
    told(ada, ada.created(), ada.created(project_id="another", weight=7))
    told(eve, eve.created(weight=9))
    travel("2026-11-21T09:00:00Z")

    assert days(ada) == [("20", 1, 0, 0), ("21", 1, 0, 0)]
    assert days(eve) == [("20", 9, 0, 0), ("21", 9, 0, 0)]


def test_a_project_whose_milestones_are_all_gone_keeps_its_history(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created()
    told(ada, uid)
    travel("2026-11-21T09:00:00Z")
    ada.deletes(uid)

    assert days(ada) == [("20", 1, 0, 0), ("21", 0, 0, 0)]


@pytest.mark.parametrize("what", ["chart", "chart.svg", "forecast"])
def test_a_project_without_milestones_is_not_found(ada: Person, eve: Person, what: str):
    ada.created()

    assert eve.get(f"/api/v1/projects/project_123/{what}").code == "ProjectNotFound"
    assert ada.get(f"/api/v1/projects/another/{what}").status == 404


def test_three_years_are_read_in_two_queries(ada: Person, wire: Wire, calls: list[str]):
    ada.created()
    stamps = [clock.to_rfc3339(clock.now() - (1096 - number) * clock.DAY) for number in range(1096)]
    table.put_many(
        [
            project_points.to_item(
                ada.tenant_id, "project_123", Standing(2000, done, 0, 2000, done), day=at[:10], seen_at=at
            )
            for done, at in enumerate(stamps)
        ]
    )
    ada.get(CHART)
    for what in ("chart", "chart.svg", "forecast"):
        calls.clear()
        answer = ada.get(f"/api/v1/projects/project_123/{what}")

        assert answer.status == 200
        assert calls.count("Query") == 2
        assert len(calls) <= 3
