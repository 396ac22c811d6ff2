"""Probes that call an address: when it is called, what its answer does, and what becomes of failures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.projects.probe_calls import consumers
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.aws.troubles import losing_answers
from tests.projects.following.telling import leaves
from tests.projects.probe_calls.addresses import Address, calling, calls, hand_over, messages
from tests.projects.probes.asking import answers, makes
from tests.projects.team import Person
from tests.projects.timers.clockwork import escalations, fire, happened, id_of, tell

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOURLY: dict[str, Any] = {"every": 1, "unit": "hours"}


def runs(person: Person, probe: str) -> list[dict[str, Any]]:
    return list(person.get(f"{probe}/runs").body["items"])


def runs_now(person: Person, probe: str, milestone: str) -> dict[str, Any]:
    """Let a probe call now, and return its run."""
    asked = person.post(f"{probe}/run")
    assert asked.status == 200, asked.body
    calls(person, milestone)
    return runs(person, probe)[0]


def test_an_address_is_called_when_the_probe_is_due_and_its_answer_is_written(
    ada: Person, milestone: str, address: Address
):
    with time_machine.travel(NOON, tick=False) as time:
        probe = makes(ada, milestone, call=calling(address, progress_pointer="/percent"), schedule=HOURLY)
        tell(ada, milestone)
        time.shift(HOUR)
        fire(milestone, times=3)
        waiting = ada.get(probe).body
        calls(ada, milestone)
        (run,) = runs(ada, probe)
        shown = ada.get(probe).body

    assert (waiting["kind"], waiting["asked_id"], waiting["called_at"]) == (
        "api",
        "address",
        "2026-11-20T13:00:00.000Z",
    )
    assert (run["outcome"], run["state"], run["progress"], run["answered_by"]) == ("answered", "on_track", 40, None)
    assert run["called"] == {
        "took_ms": run["called"]["took_ms"],
        "status": 200,
        "failure": None,
        "found": '"passed"',
        "is_true": True,
        "unmoved": None,
    }
    assert (shown["run_id"], shown["next_at"], shown["misses"]) == (None, "2026-11-20T14:00:00.000Z", 0)
    assert ada.get(milestone).body["progress"] == 40
    assert [each["data"]["state"] for each in happened(ada, milestone, "probe.answered")] == ["on_track"]
    assert len(address.asked) == 1


def test_a_message_that_comes_twice_calls_nobody_again(ada: Person, milestone: str, address: Address):
    probe = makes(ada, milestone, call=calling(address))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    hand_over(message)
    hand_over(message, message)

    assert [each["outcome"] for each in runs(ada, probe)] == ["answered"]
    assert (len(address.asked), len(happened(ada, milestone, "probe.answered"))) == (1, 1)


def test_two_who_call_at_once_write_one_run(ada: Person, milestone: str, address: Address):
    probe = makes(ada, milestone, call=calling(address, if_true="done"))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    # The other one takes the message, calls and writes while this one waits for its answer.
    address.before_answer = lambda: (setattr(address, "before_answer", lambda: None), hand_over(message))
    hand_over(message)

    assert len(address.asked) == 2
    assert [each["outcome"] for each in runs(ada, probe)] == ["answered"]
    assert len(happened(ada, milestone, "probe.answered")) == len(happened(ada, milestone, "milestone.completed")) == 1


def test_two_failures_are_escalated_once_and_the_next_answer_ends_that(ada: Person, milestone: str, address: Address):
    with time_machine.travel(NOON, tick=False) as time:
        probe = makes(ada, milestone, call=calling(address), schedule=HOURLY)
        address.status = 503
        tell(ada, milestone)
        for _ in range(4):
            time.shift(HOUR)
            fire(milestone)
            for message in messages(ada, milestone):
                hand_over(message, message)
            tell(ada, milestone)
        (escalation,) = escalations(ada, milestone)
        silent = ada.get(probe).body
        address.status = 200
        time.shift(HOUR)
        fire(milestone)
        calls(ada, milestone)
        tell(ada, milestone)
        (resolved,) = escalations(ada, milestone)
        heard = ada.get(probe).body

    assert (escalation["trigger"], escalation["kind"], escalation["status"]) == (
        "silent_probe",
        "stakeholder",
        "pending",
    )
    assert ((silent["misses"], silent["is_silent"]), (heard["misses"], heard["is_silent"])) == ((4, True), (0, False))
    assert resolved["status"] == "resolved"
    assert [each["called"]["failure"] for each in runs(ada, probe)] == [None, *["status_not_success"] * 4]
    assert [each["data"]["failure"] for each in happened(ada, milestone, "probe.missed")] == ["status_not_success"] * 4


def test_a_call_of_which_nothing_came_is_missed_when_the_next_is_due(ada: Person, milestone: str, address: Address):
    with time_machine.travel(NOON, tick=False) as time:
        probe = makes(ada, milestone, call=calling(address), schedule=HOURLY)
        tell(ada, milestone)
        time.shift(HOUR)
        fire(milestone)
        (lost,) = dict.fromkeys(messages(ada, milestone))
        time.shift(HOUR)
        fire(milestone)
        hand_over(lost)
        before = len(address.asked)
        calls(ada, milestone)
        found = runs(ada, probe)

    assert (before, len(address.asked)) == (0, 1)
    assert [(each["outcome"], each["called"]["failure"]) for each in found] == [
        ("answered", None),
        ("missed", "no_result"),
    ]


def test_done_completes_the_milestone_and_what_its_guards_refuse_is_said(
    ada: Person, ben: Person, project: str, milestone: str, address: Address
):
    guarded = ada.begins(project, ben, completion_criteria=[{"key": "drawings", "text": "Drawings are signed"}])
    hours = ada.begins(project, ben, progress_source="hours", estimated_hours=5)
    done = runs_now(ada, makes(ada, milestone, call=calling(address, if_true="done")), milestone)
    open_criteria = runs_now(ada, makes(ada, guarded, call=calling(address, if_true="done")), guarded)
    derived = runs_now(ada, makes(ada, hours, call=calling(address, progress_pointer="/percent")), hours)

    assert (done["called"]["unmoved"], ada.get(milestone).body["status"]) == (None, "approved")
    assert (open_criteria["called"]["unmoved"], open_criteria["outcome"]) == ("CriteriaOpen", "answered")
    assert (derived["called"]["unmoved"], derived["state"]) == ("ProgressDerived", "on_track")
    assert ada.get(guarded).body["status"] == "in_progress"


def test_it_moves_the_milestone_by_what_may_do_whoever_has_set_it(
    ada: Person, ben: Person, project: str, milestone: str, address: Address
):
    other = ada.begins(project, ben)
    mine, theirs = (makes(ben, each, call=calling(address, if_true="done")) for each in (milestone, other))
    first = runs_now(ada, mine, milestone)
    leaves(ben)
    after = runs_now(ada, theirs, other)

    assert (first["called"]["unmoved"], ada.get(milestone).body["status"]) == (None, "approved")
    assert (after["outcome"], after["called"]["unmoved"]) == ("answered", "RoleRequired")
    assert ada.get(other).body["status"] == "in_progress"


def test_a_call_that_is_changed_while_it_is_under_way_moves_nothing_in_the_name_of_another(
    ada: Person, ben: Person, milestone: str, address: Address
):
    probe = makes(ben, milestone, call=calling(address, if_true="done"))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    leaves(ben)
    address.before_answer = lambda: ada.patch(probe, {"call": calling(address)})
    hand_over(message)
    (run,) = runs(ada, probe)

    assert (run["state"], run["called"]["unmoved"]) == ("done", "RoleRequired")
    assert ada.get(milestone).body["status"] == "in_progress"


@pytest.mark.parametrize("event", ["cancel", "accept"])
def test_a_paused_probe_of_a_final_milestone_forgets_the_secret_also_one_that_is_set_later(
    event: str, ada: Person, ben: Person, project: str, address: Address
):
    ada.brings(project, ben, "creator")
    milestone = ada.begins(project, ben, acceptance="manager")
    probe = makes(ada, milestone, call=calling(address))
    ada.post(f"{probe}/pause")
    ben.post(f"{milestone}/complete")
    ada.post(f"{milestone}/{event}", {"reason": "The wheel is not wanted."} if event == "cancel" else None)
    tell(ada, milestone)
    ended = ada.get(probe).body["call"]["secret"]
    ada.patch(probe, {"call": calling(address)})
    tell(ada, milestone)
    changed = ada.get(probe).body["call"]["secret"]

    assert ada.status(milestone) in ("cancelled", "approved")
    assert ended == changed == {"header": "Authorization", "is_set": False}


def test_a_probe_of_a_final_milestone_calls_nobody_and_forgets_the_secret(
    ada: Person, milestone: str, address: Address
):
    probe = makes(ada, milestone, call=calling(address))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    ada.post(f"{milestone}/cancel", {"reason": "The wheel is not wanted."})
    hand_over(message)
    tell(ada, milestone)
    hand_over(message)
    shown = ada.get(probe).body

    assert (address.asked, [each["outcome"] for each in runs(ada, probe)]) == ([], ["ended"])
    assert shown["call"]["secret"] == {"header": "Authorization", "is_set": False}
    assert (shown["next_at"], ada.post(f"{probe}/run").status) == (None, 409)


@pytest.mark.parametrize("what", ["pause", "delete"])
def test_a_call_that_comes_back_to_a_probe_that_was_stopped_writes_nothing(
    what: str, ada: Person, milestone: str, address: Address
):
    probe = makes(ada, milestone, call=calling(address, if_true="done"))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    address.before_answer = lambda: ada.post(f"{probe}/pause") if what == "pause" else ada.delete(probe)
    hand_over(message)

    assert (len(address.asked), happened(ada, milestone, "probe.answered")) == (1, [])
    assert ada.get(milestone).body["status"] == "in_progress"


@pytest.mark.parametrize("takes_effect", [False, True])
@pytest.mark.parametrize("operation", ["BatchGetItem", "TransactWriteItems"])
def test_whoever_dies_at_the_table_is_made_good_by_the_next_try(
    operation: str,
    takes_effect: bool,  # noqa: FBT001 - a case of the table
    ada: Person,
    milestone: str,
    address: Address,
):
    probe = makes(ada, milestone, call=calling(address, if_true="done"))
    ada.post(f"{probe}/run")
    (message, *_) = messages(ada, milestone)
    with losing_answers(operation, takes_effect=takes_effect):
        failed = consumers.handler(batch([message]), Context())
    hand_over(message)
    hand_over(message)

    assert len(failed["batchItemFailures"]) == 1
    assert [each["outcome"] for each in runs(ada, probe)] == ["answered"]
    assert len(happened(ada, milestone, "probe.answered")) == len(happened(ada, milestone, "milestone.completed")) == 1
    assert len(address.asked) <= 2


def test_it_calls_once_a_minute_at_most_and_waits_for_one_at_a_time(ada: Person, milestone: str, address: Address):
    with time_machine.travel(NOON, tick=False) as time:
        probe = makes(ada, milestone, call=calling(address))
        first = ada.post(f"{probe}/run")
        waits = ada.post(f"{probe}/run")
        calls(ada, milestone)
        time.shift(timedelta(seconds=20))
        soon = ada.post(f"{probe}/run")
        time.shift(timedelta(seconds=40))
        again = ada.post(f"{probe}/run")
        time.shift(timedelta(minutes=10))
        lost = ada.post(f"{probe}/run")

    assert [each.status for each in (first, waits, soon, again, lost)] == [200, 409, 429, 200, 200]
    assert (soon.body["code"], soon.headers["Retry-After"]) == ("ProbeTooSoon", "40")
    assert [each["outcome"] for each in runs(ada, probe)] == ["open", "missed", "answered"]


def test_no_person_answers_for_an_address(ada: Person, ben: Person, milestone: str, address: Address):
    probe = makes(ada, milestone, call=calling(address))
    ada.post(f"{probe}/run")
    refused = answers(ben, probe)
    work = [each for each in ben.get("/worklist").body["items"] if each["work_id"] == id_of(probe)]

    assert (refused.status, refused.body["code"], work) == (409, "ProbeCallsAddress", [])
