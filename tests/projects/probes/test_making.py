"""Who makes and changes probes, over REST and GraphQL."""

from typing import Any

import pytest

from tests.projects.probes.asking import draft, makes, outcomes
from tests.projects.team import Person
from tests.projects.timers.clockwork import id_of


def test_probes_are_for_managers_and_the_primary_owner_to_make_and_five_at_most(
    ada: Person, ben: Person, eve: Person, project: str, milestone: str
):
    cleo = ada.brings(project, ada.colleague(), "creator")
    made = [makes(somebody, milestone) for somebody in (ada, ben, ada, ada, ada)]
    tenth = ada.post("/probes", draft(milestone))

    assert (tenth.status, tenth.body["code"]) == (409, "TooManyProbes")
    assert [each.post("/probes", draft(milestone)).status for each in (cleo, eve)] == [403, 404]
    assert (cleo.get(made[0]).status, cleo.delete(made[0]).status, eve.get(made[0]).status) == (200, 403, 404)
    listed = cleo.get("/probes", f"project_milestone_id={id_of(milestone)}").body["items"]
    assert [f"/probes/{each['probe_id']}" for each in listed] == made
    assert (ada.delete(made[0]).status, ada.get(made[0]).status) == (204, 404)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"schedule": {}}, "schedule"),
        ({"schedule": {"cron": "0 9 * * 1", "every": 1, "unit": "days"}}, "schedule"),
        ({"schedule": {"every": 1}}, "schedule"),
        ({"schedule": {"every": 0, "unit": "days"}}, "schedule.every"),
        ({"schedule": {"cron": "* * * * *"}}, "schedule.cron"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"question": ""}, "question"),
        ({"color": "red"}, "color"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(wrong: dict[str, Any], field: str, ada: Person, milestone: str):
    refused = ada.post("/probes", {**draft(milestone), **wrong})

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, field)


def test_a_change_moves_the_next_time_and_a_stale_one_is_refused(ada: Person, milestone: str):
    probe = makes(ada, milestone)
    changed = ada.patch(probe, {"schedule": {"cron": "30 18 * * *"}}, if_match='"1"')
    stale = ada.patch(probe, {"question": "Well?"}, if_match='"1"')

    assert (changed.body["next_at"], changed.body["schedule"]["every"]) == ("2026-11-20T17:30:00.000Z", None)
    assert stale.status == 412


def test_the_same_key_asks_once(ada: Person, milestone: str):
    probe = makes(ada, milestone)
    first, again = (ada.post(f"{probe}/run", key="asking") for _ in range(2))

    assert (first.status, again.body) == (200, first.body)
    assert outcomes(ada, probe) == ["open"]


def test_graphql_asks_and_answers_as_rest_does(ada: Person, ben: Person, milestone: str):
    given = {"projectMilestoneId": id_of(milestone), "question": "Well?", "schedule": {"every": 4, "unit": "hours"}}
    made = ada.ask("createProbe", input=given).data
    probe_id = made["probeId"]
    changed = ada.ask("updateProbe", probeId=probe_id, input={"timeZone": "Europe/Berlin"}, expectedVersion=1).data
    ada.ask("runProbe", probeId=probe_id)
    answered = ben.ask("answerProbe", probeId=probe_id, input={"answer": "blocked", "comment": "It jams."}).data

    assert (made["timeZone"], changed["timeZone"], answered["runId"]) == ("UTC", "Europe/Berlin", None)
    assert ada.ask("probeRuns", probeId=probe_id).data["items"][0]["state"] == "blocked"
    assert ada.ask("pauseProbe", probeId=probe_id).data["status"] == "paused"
    assert ada.ask("resumeProbe", probeId=probe_id).data["status"] == "active"
    assert [each["probeId"] for each in ada.ask("probes", projectMilestoneId=id_of(milestone)).data] == [probe_id]
    assert ada.ask("deleteProbe", probeId=probe_id).data == probe_id
    assert ada.ask("probe", probeId=probe_id).error_type == "ProbeNotFound"
