"""Probes: who makes them, whom they ask when, and what an answer does."""

from typing import Any

import pytest
import time_machine

from tests.aws import scheduler
from tests.projects.following.telling import follow, of_milestone
from tests.projects.probes.asking import DAY, answers, draft, falls_silent, makes, outcomes
from tests.projects.team import Person
from tests.projects.timers.clockwork import concerned, fire, happened, id_of, scheduled, sweep, tell


def waiting(person: Person) -> list[str]:
    return [each["work_id"] for each in person.get("/worklist").body["items"] if each["kind"] == "probe"]


def told(person: Person, milestone: str) -> None:
    """Deliver the events of the probes of a milestone twice to whoever follows, as a queue may."""
    follow(*[each for each in of_milestone(person, milestone) if each.event_type.startswith("projects.probe")])


def test_a_probe_asks_the_primary_owner_when_it_is_due(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone, schedule={"cron": "0 9 * * 1"})
    tell(ada, milestone)
    due = scheduled(milestone)
    time.move_to("2026-11-23T08:00:00+00:00")
    fire(milestone, times=3)
    told(ada, milestone)
    shown = ben.get(probe).body
    (entry,) = [each for each in ben.get("/worklist").body["items"] if each["kind"] == "probe"]

    assert due == "2026-11-23T08:00:00Z"
    assert concerned(happened(ada, milestone, "probe.asked")) == [[ben.user_id]]
    assert (shown["asked_id"], shown["next_at"]) == (ben.user_id, "2026-11-30T08:00:00.000Z")
    assert (entry["work_id"], entry["due_at"]) == (id_of(probe), shown["next_at"])
    assert outcomes(ada, probe) == ["open"]


def test_an_answer_sets_the_progress_and_ends_the_wait(ada: Person, ben: Person, milestone: str):
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    told(ada, milestone)
    before = waiting(ben)
    answered = answers(ben, probe, "at_risk", progress=40)
    again = answers(ben, probe, "on_track")
    told(ada, milestone)
    (run,) = ada.get(f"{probe}/runs").body["items"]

    assert (answered.status, answered.body["run_id"], again.status) == (200, None, 409)
    assert (before, waiting(ben)) == ([id_of(probe)], [])
    assert ada.get(milestone).body["progress"] == 40
    assert (run["outcome"], run["state"], run["progress"], run["comment"]) == ("answered", "at_risk", 40, "It turns.")
    assert happened(ada, milestone, "probe.answered")[0]["data"]["state"] == "at_risk"


def test_done_completes_the_milestone_by_its_own_guards(ada: Person, ben: Person, project: str, milestone: str):
    guarded = ada.begins(project, ben, completion_criteria=[{"key": "drawings", "text": "Drawings are signed"}])
    probes = [makes(ada, milestone), makes(ada, guarded)]
    for each in probes:
        ada.post(f"{each}/run")
    done, refused = (answers(ben, each, "done") for each in probes)

    assert (done.status, ada.get(milestone).body["status"]) == (200, "approved")
    assert (refused.status, refused.body["code"]) == (409, "CriteriaOpen")
    assert refused.body["completion_blocked_by"] == ["drawings"]
    assert outcomes(ada, probes[1]) == ["open"]


@pytest.mark.parametrize(
    ("more", "sent", "refusal"),
    [
        ({"progress_source": "hours", "estimated_hours": 5}, {"progress": 50}, (409, "ProgressDerived")),
        ({}, {"progress": 5}, (422, "ProgressDecreased")),
    ],
)
def test_progress_is_guarded_as_by_its_own_route(
    more: dict[str, Any],
    sent: dict[str, Any],
    refusal: tuple[int, str],
    ada: Person,
    ben: Person,
    project: str,
    milestone: str,
):
    other = ada.begins(project, ben, **more)
    ben.put(f"{other}/progress", {"progress": 10})
    probe = makes(ada, other)
    ada.post(f"{probe}/run")
    refused = answers(ben, probe, **sent)

    assert (refused.status, refused.body["code"]) == refusal
    assert outcomes(ada, probe) == ["open"]


def test_whoever_was_asked_and_the_primary_owner_of_now_answer_and_nobody_else(
    ada: Person, ben: Person, eve: Person, project: str, milestone: str
):
    cleo = ada.brings(project, ada.colleague(), "creator")
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    refused = [answers(each, probe).status for each in (ada, cleo, eve)]
    ada.post(f"{milestone}/owners/transfer", {"user_id": cleo.user_id})
    cleo.post(f"{milestone}/owners/accept")

    assert refused == [403, 403, 404]
    assert answers(cleo, probe).status == 200


def test_a_reminder_comes_after_a_day_and_once(ada: Person, ben: Person, milestone: str, time: time_machine.Traveller):
    probe = makes(ada, milestone, schedule={"every": 1, "unit": "weeks"})
    ada.post(f"{probe}/run")
    tell(ada, milestone)
    first = scheduled(milestone)
    time.shift(DAY)
    fire(milestone, times=2)
    scheduler.remove(id_of(milestone))
    time.shift(DAY)
    sweep()

    assert first == "2026-11-21T12:00:00Z"
    assert concerned(happened(ada, milestone, "probe.reminded")) == [[ben.user_id]]


def test_what_was_lost_for_weeks_is_asked_once(ada: Person, milestone: str, time: time_machine.Traveller):
    probe = makes(ada, milestone)
    tell(ada, milestone)
    scheduler.remove(id_of(milestone))
    time.shift(20 * DAY)
    lost = sweep()

    assert lost == 1
    assert outcomes(ada, probe) == ["open"]


@pytest.mark.parametrize("how", ["cancel", "approve"])
def test_nobody_is_asked_after_a_final_status(
    how: str, ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    if how == "cancel":
        ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    else:
        ben.post(f"{milestone}/complete")
    tell(ada, milestone)
    told(ada, milestone)
    time.shift(3 * DAY)
    sweep()
    shown = ada.get(probe).body

    assert (shown["next_at"], shown["run_id"], scheduled(milestone)) == (None, None, None)
    assert outcomes(ada, probe) == ["ended"]
    assert waiting(ben) == []
    refused = [
        ada.post(f"{probe}/run").status,
        ada.post("/probes", draft(milestone)).status,
        answers(ben, probe).status,
    ]
    assert refused == [409, 409, 409]


def test_a_paused_probe_asks_nobody_until_it_is_resumed(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    paused = ada.post(f"{probe}/pause")
    told(ada, milestone)
    tell(ada, milestone)
    time.shift(3 * DAY)
    sweep()
    between = outcomes(ada, probe)
    resumed = ada.post(f"{probe}/resume")

    assert (paused.body["status"], paused.body["next_at"], paused.body["run_id"]) == ("paused", None, None)
    assert (between, waiting(ben)) == (["ended"], [])
    assert (resumed.body["status"], resumed.body["next_at"]) == ("active", "2026-11-24T12:00:00.000Z")
    assert ada.post(f"{probe}/resume").status == 409


def test_without_an_owner_nobody_is_asked_and_nothing_is_missed(
    ada: Person, project: str, milestone: str, time: time_machine.Traveller
):
    plan = ada.plans(project)
    probe = makes(ada, plan)
    tell(ada, plan)
    falls_silent(plan, time)
    shown = ada.get(probe).body

    assert (shown["misses"], outcomes(ada, probe)) == (0, [])
    assert ada.post(f"{probe}/run").body["code"] == "ProbeNotPossible"
