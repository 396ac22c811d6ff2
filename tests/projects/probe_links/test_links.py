"""Links that answer a probe: who gets one, what it shows, what an answer does, and when it is good no more."""

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.projects import api
from functions.projects.following import consumers
from tests.aws import troubles
from tests.aws.entries import Context, call, http_event
from tests.aws.messages import delivered
from tests.aws.quick import table as table_in_process
from tests.aws.stored_items import readable
from tests.identity.codes import challenged as codes
from tests.projects.following.telling import follow, leaves, of_milestone
from tests.projects.probe_links.mailed import MARY, addressees, asks, read, replies, token, told
from tests.projects.probes.asking import DAILY, QUESTION, answers, draft, makes, outcomes
from tests.projects.team import Person
from tests.projects.timers.clockwork import concerned, fire, happened, id_of, tell

DAY = timedelta(days=1)


def asked(ada: Person, milestone: str, **more: Any) -> tuple[str, str]:
    """Have a probe ask now; return its path and the token that was mailed."""
    probe = makes(ada, milestone, **more)
    assert ada.post(f"{probe}/run").status == 200
    told(ada, milestone)
    return probe, token()


def waiting(person: Person) -> list[str]:
    return [each["kind"] for each in person.get("/worklist").body["items"]]


def test_the_owner_is_mailed_a_link_that_shows_the_question_and_answers_once(ada: Person, ben: Person, milestone: str):
    probe, given = asked(ada, milestone)
    seen = asks("view", given).body
    answered = replies(given, "at_risk", progress=40)
    (run,) = ada.get(f"{probe}/runs").body["items"]

    assert addressees() == ["ben@example.com"]
    assert (seen["question"], seen["title"], seen["project"]) == (QUESTION, "Mill assembled", "Engine No. 2")
    assert (seen["moves_milestone"], seen["progress"], seen["name"]) == (True, 0, None)
    assert (answered.status, answered.body["answer"]) == (200, "at_risk")
    assert (run["outcome"], run["state"], run["answered_by"]) == ("answered", "at_risk", ben.user_id)
    assert ada.get(milestone).body["progress"] == 40
    assert [each.code for each in (asks("view", given), replies(given))] == ["ProbeLinkOver", "ProbeLinkOver"]
    assert replies(given).status == 410


def test_done_completes_the_milestone_by_its_own_guards(ada: Person, ben: Person, project: str, milestone: str):
    guarded = ada.begins(project, ben, completion_criteria=[{"key": "drawings", "text": "Drawings are signed"}])
    _, first = asked(ada, milestone)
    second_probe, second = asked(ada, guarded)
    done, refused = replies(first, "done"), replies(second, "done")

    assert (done.status, ada.get(milestone).body["status"]) == (200, "approved")
    assert (refused.status, refused.code) == (409, "CriteriaOpen")
    assert outcomes(ada, second_probe) == ["open"]
    assert asks("view", second).status == 200


def test_somebody_from_outside_is_asked_by_mail_alone_and_moves_nothing(ada: Person, ben: Person, milestone: str):
    probe, given = asked(ada, milestone, outside=MARY)
    seen = asks("view", given).body
    refused, done = replies(given, progress=40), replies(given, "done")
    (run,) = ada.get(f"{probe}/runs").body["items"]

    assert (addressees(), waiting(ben)) == (["mary@example.com"], [])
    assert concerned(happened(ada, milestone, "probe.asked")) == [[]]
    assert (seen["name"], seen["moves_milestone"], seen["progress"]) == ("Mary Somerville", False, None)
    assert (refused.status, refused.code, done.status) == (403, "RoleRequired", 200)
    assert (run["state"], run["answered_by"].startswith("ext_")) == ("done", True)
    assert ada.get(milestone).body["status"] == "in_progress"


def test_the_owner_answers_for_somebody_from_outside_and_ends_their_link(ada: Person, ben: Person, milestone: str):
    probe, given = asked(ada, milestone, outside=MARY)

    assert answers(ben, probe).status == 200
    assert asks("view", given).code == "ProbeLinkOver"


def test_a_link_ends_when_somebody_else_is_to_be_asked(ada: Person, milestone: str):
    probe, given = asked(ada, milestone, outside=MARY)
    ada.patch(probe, {"outside": {"name": "Ada", "address": "ada@example.com"}})
    of_another = asks("view", given).status
    ada.patch(probe, {"outside": None})

    assert (of_another, asks("view", given).status, ada.get(probe).body["outside"]) == (410, 410, None)


@pytest.mark.parametrize("schedule", [{"every": 12, "unit": "hours"}, {"cron": "0 9,17 * * *"}])
def test_people_from_outside_are_asked_once_a_day_at_most(schedule: dict[str, Any], ada: Person, milestone: str):
    refused = ada.post("/probes", draft(milestone, outside=MARY, schedule=schedule))
    inside = makes(ada, milestone, schedule=schedule)
    changed = ada.patch(inside, {"outside": MARY})

    assert [(each.status, each.body["code"]) for each in (refused, changed)] == [(422, "ProbeTooOften")] * 2


def test_the_next_question_ends_the_link_of_the_one_before(ada: Person, milestone: str, time: time_machine.Traveller):
    makes(ada, milestone)
    tell(ada, milestone)
    tokens = []
    for _ in range(2):
        time.shift(DAY)
        fire(milestone)
        told(ada, milestone)
        tokens.append(token())
        tell(ada, milestone)

    assert [asks("view", each).status for each in tokens] == [410, 200]


def test_a_link_is_good_for_fourteen_days_and_to_the_instant(ada: Person, milestone: str, time: time_machine.Traveller):
    _, given = asked(ada, milestone, schedule={"every": 4, "unit": "weeks"})
    time.shift(14 * DAY - timedelta(seconds=1))
    last = asks("view", given).status
    time.shift(timedelta(seconds=1))

    assert (last, asks("view", given).status) == (200, 410)


def test_a_pause_an_end_and_a_deletion_end_links(ada: Person, ben: Person, project: str, milestone: str):
    paused, first = asked(ada, milestone)
    deleted, second = asked(ada, milestone)
    other = ada.begins(project, ben)
    _, third = asked(ada, other)
    ada.post(f"{paused}/pause")
    ada.delete(deleted)
    ada.post(f"{other}/cancel", {"reason": "Not needed."})

    assert [asks("view", each).status for each in (first, second, third)] == [410, 410, 410]
    assert [replies(each).status for each in (first, second, third)] == [410, 410, 410]


@pytest.mark.parametrize("how", ["project", "tenant"])
def test_whoever_has_left_answers_no_more(how: str, ada: Person, ben: Person, project: str, milestone: str):
    _, given = asked(ada, milestone)
    if how == "project":
        assert ada.delete(f"{project}/members/{ben.user_id}").status == 204
    else:
        leaves(ben)

    assert [asks("view", given).status, replies(given).status] == [410, 410]


def test_who_was_the_owner_answers_and_moves_the_milestone_no_more(
    ada: Person, ben: Person, project: str, milestone: str
):
    cleo = ada.brings(project, ada.colleague(), "creator")
    _, given = asked(ada, milestone)
    ada.post(f"{milestone}/owners/transfer", {"user_id": cleo.user_id})
    cleo.post(f"{milestone}/owners/accept")

    assert (replies(given, "done").code, replies(given, "blocked").status) == ("RoleRequired", 200)


@pytest.mark.parametrize("change", [lambda token: token[:-1] + ("A" if token[-1] != "A" else "Q"), lambda _: "x"])
def test_a_link_that_was_changed_is_refused(change: Any, ada: Person, milestone: str):
    forged = change(asked(ada, milestone)[1])

    for each in (asks("view", forged), replies(forged)):
        assert (each.status, each.code) == (403, "ProbeLinkForged")


def test_the_signature_of_one_link_is_no_good_for_another(ada: Person, milestone: str):
    (_, first), (_, second) = asked(ada, milestone), asked(ada, milestone)

    assert asks("view", f"{second.partition('.')[0]}.{first.partition('.')[2]}").code == "ProbeLinkForged"


def test_no_get_or_head_answers(ada: Person, milestone: str):
    probe, given = asked(ada, milestone)
    for method in ("GET", "HEAD"):
        for what in ("view", "answer"):
            path = f"/api/v1/probe-replies/{what}"
            assert call(api.handler, api.api, http_event(method, path, query=f"token={given}")).status == 405

    assert (outcomes(ada, probe), asks("view", given).status) == (["open"], 200)


def test_the_token_is_in_no_log_event_or_item_and_the_address_in_no_event(
    ada: Person, milestone: str, capsys: pytest.CaptureFixture[str]
):
    _, given = asked(ada, milestone, outside=MARY)
    replies(given)
    signature = given.partition(".")[2]
    items = [readable(item) for item in table_in_process.everything()]
    announced = [item for item in items if item.get("entity") in {"Event", "HistoryEntry"}]

    assert signature not in capsys.readouterr().out
    assert signature not in json.dumps(items, default=str)
    assert "example.com" not in json.dumps(announced, default=str).lower()
    assert announced


def test_a_reminder_brings_the_same_link_once(ada: Person, milestone: str, time: time_machine.Traveller):
    _, given = asked(ada, milestone, schedule={"every": 1, "unit": "weeks"})
    tell(ada, milestone)
    time.shift(DAY)
    fire(milestone, times=2)
    told(ada, milestone)

    assert addressees() == ["ben@example.com"] * 2
    assert token() == given
    assert codes.as_read()["Subject"] == "Still waiting for your answer: Mill assembled"


def test_a_mail_that_is_throttled_goes_out_with_the_next_try(ada: Person, milestone: str):
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    (event,) = [each for each in of_milestone(ada, milestone) if each.event_type == "projects.probe.asked"]
    with troubles.throttling("ses"):
        failed = consumers.handler(delivered([event]), Context())
    before = addressees()
    follow(event)

    assert (len(failed["batchItemFailures"]), before) == (1, [])
    assert addressees() == ["ben@example.com"]
    assert QUESTION in read()


def test_what_was_answered_meanwhile_is_not_mailed(ada: Person, ben: Person, milestone: str):
    probe = makes(ada, milestone)
    ada.post(f"{probe}/run")
    answers(ben, probe)
    told(ada, milestone)

    assert addressees() == []


def test_an_owner_is_asked_where_the_probe_says(ada: Person, ben: Person, milestone: str):
    for channels in (["worklist"], ["email"]):
        probe = makes(ada, milestone, channels=channels)
        ada.post(f"{probe}/run")
        told(ada, milestone)

    assert (waiting(ben).count("probe"), addressees()) == (1, ["ben@example.com"])


def test_an_end_for_good_forgets_the_address(ada: Person, milestone: str):
    probe = makes(ada, milestone, outside=MARY)
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    tell(ada, milestone)

    assert ada.get(probe).body["outside"] is None
    assert "mary@example.com" not in json.dumps([readable(item) for item in table_in_process.everything()], default=str)


def test_graphql_asks_people_from_outside_as_rest_does(ada: Person, milestone: str):
    sent = {"projectMilestoneId": id_of(milestone), "question": QUESTION, "schedule": DAILY}
    made = ada.ask("createProbe", input={**sent, "outside": MARY, "channels": ["email"]}).data

    assert (made["outside"]["address"], made["channels"]) == ("mary@example.com", ["email"])


def test_graphql_asks_the_owner_again_where_it_is_told_null_and_only_there(ada: Person, milestone: str):
    probe_id = makes(ada, milestone, outside=MARY).rpartition("/")[2]
    absent = ada.ask("updateProbe", probeId=probe_id, input={"question": "Is it there?"}).data
    null = ada.ask("updateProbe", probeId=probe_id, input={"outside": None}).data

    assert (absent["outside"]["address"], absent["question"]) == ("mary@example.com", "Is it there?")
    assert (null["outside"], null["question"]) == (None, "Is it there?")
