"""Every change of a goal tells of itself by an event of the version it made, with the state that was stored then."""

import pytest

from functions.goals import goals
from shared import actors
from shared.actors import SYSTEM
from shared.storage import table
from tests.goals.catalogue import BEFORE, OF_A_GOAL_THAT_IS_THERE, Route, Scene
from tests.goals.conftest import Happened
from tests.goals.people import Person

CHANGING = [route for route in OF_A_GOAL_THAT_IS_THERE if route.method != "GET"]
BODIES = {
    "PATCH /goals/{goal_id}": {"deadline": "2027-03-01"},
    "PATCH /goals/{goal_id}/tasks/{task_id}": {"weight": 7},
}


@pytest.mark.parametrize("route", CHANGING, ids=str)
def test_what_changes_a_goal_writes_an_event_of_the_new_version(
    route: Route, ada: Person, scene: Scene, happened: Happened
):
    if route.template in BEFORE:
        ada.rest("POST", BEFORE[route.template].format(goal_id=scene.goal_id, task_id=scene.task_id))
    before = ada.get(f"/goals/{scene.goal_id}").body["version"]
    known = len(happened(ada, scene.goal_id))
    answer = ada.rest(route.method, route.path(scene), BODIES.get(str(route), route.body))
    read = ada.get(f"/goals/{scene.goal_id}")
    version = read.body["version"] if read.status == 200 else before + 1
    events = happened(ada, scene.goal_id)[known:]
    stored = table.get(goals.key(ada.user_id, scene.goal_id))
    gone = {"status": "deleted", "version": before + 1}
    state = events[-1]["state"] | gone if stored is None else goals.stated(goals.from_item(stored))

    assert answer.status < 300, answer.body
    assert events != []
    assert {event["data"]["goal_version"] for event in events} == {version}
    assert [event["state"] for event in events] == [state] * len(events)
    assert [event["actor"] for event in events] == [{"kind": "user", "id": ada.user_id}] * len(events)
    assert {"user_id": ada.user_id, "reason": "owner"} in events[0]["concerns"]
    assert actors.current() == SYSTEM
