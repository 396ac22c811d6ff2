"""The goals of a removed or disabled member, taken over by an owner of the tenant, as a job."""

import pytest

from functions.goals import goals
from functions.goals.jobs import transfers
from shared.errors import Unavailable
from shared.jobs import jobs
from shared.storage import table
from tests.aws import hooks
from tests.aws.messages import batch
from tests.goals.conftest import Happened, enrol
from tests.goals.jobs.working import does, requested, rows, shown, stage, waiting, works
from tests.goals.people import Person
from tests.goals.transfer.carrying import original

__all__ = ["original", "stage"]
pytestmark = pytest.mark.usefixtures("stage")


def begun(taker: Person, left: Person) -> str:
    """Disable a member, and have an owner of the tenant take over their goals."""
    enrol(left, disabled=True)
    enrol(taker, role="owner")
    answer = taker.post(f"/goals/orphaned/{left.user_id}/transfer-jobs")
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def titles(person: Person) -> list[str]:
    return sorted(goal["title"] for goal in person.get("/goals", "limit=100").body["items"])


def test_goals_become_those_of_their_new_owner_and_are_as_they_were(ada: Person, bob: Person, original: str):
    other = ada.sets_goal(title="Learn to swim")["goal_id"]
    before = ada.get(f"/goals/{original}/export").body
    job_id = begun(bob, ada)
    works(bob, job_id)
    first, second = rows(bob, job_id)
    after = bob.get(f"/goals/{first['result']}/export").body
    enrol(ada)

    assert [first["reference"], second["reference"]] == [original, other]
    assert after["goal"] == before["goal"]
    assert [task["title"] for task in after["tasks"]] == [task["title"] for task in before["tasks"]]
    assert titles(ada) == []
    assert (shown(bob, job_id)["status"], shown(bob, job_id)["done"]) == ("completed", 2)


def test_what_a_job_does_whoever_asked_for_it_has_done(ada: Person, bob: Person, original: str, happened: Happened):
    job_id = begun(bob, ada)
    works(bob, job_id)
    (row,) = rows(bob, job_id)
    told = [*happened(ada, original), *happened(bob, row["result"]), *happened(bob, job_id)]
    by_bob = [event["event_type"] for event in told if event["actor"] == {"kind": "user", "id": bob.user_id}]
    enrol(ada)

    assert by_bob.count("goals.goal.deleted") == by_bob.count("goals.goal.imported") == 1
    assert {event["event_type"]: event["actor"]["kind"] for event in told[-2:]} == {
        "jobs.job.requested": "user",
        "jobs.job.completed": "system",
    }


def test_every_part_may_come_twice(ada: Person, bob: Person):
    for number in range(3):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(bob, ada)
    event = requested(bob, job_id)
    while event["Records"]:
        does(event)
        does(event)
        event = batch(waiting()[:1])
    enrol(ada)

    assert titles(bob) == [f"Goal {number}" for number in range(3)]
    assert titles(ada) == []
    assert [row["status"] for row in rows(bob, job_id)] == ["done"] * 3


def test_a_part_that_dies_behind_its_work_gives_nothing_twice(ada: Person, bob: Person):
    ada.sets_goal(title="Once")
    job_id = begun(bob, ada)
    job = jobs.find(bob.user_id, job_id)
    assert job is not None
    died = transfers.work(job)
    works(bob, job_id)

    assert [row.result for row in died.rows] == [row["result"] for row in rows(bob, job_id)]
    assert titles(bob) == ["Once"]


def test_a_goal_that_nobody_could_send_stays_and_keeps_no_other_from_being_given(ada: Person, bob: Person):
    long, short = (ada.sets_goal(title=title)["goal_id"] for title in ("Long", "Short"))
    stored = table.get(goals.key(ada.user_id, long))
    assert stored is not None
    table.put_many([stored | {"title": "x" * 5000}])
    job_id = begun(bob, ada)
    works(bob, job_id)
    refused, given = rows(bob, job_id)
    enrol(ada)

    assert (refused["reference"], refused["status"]) == (long, "refused")
    assert refused["reason"].startswith("title: ")
    assert (given["reference"], given["status"]) == (short, "done")
    assert titles(ada) == ["x" * 5000]
    assert titles(bob) == ["Short"]


def test_a_table_that_is_busy_refuses_no_goal(ada: Person, bob: Person, original: str):
    job_id = begun(bob, ada)
    busy: list[str] = []

    def fail(**_: object) -> None:
        if not busy:
            busy.append("once")
            raise Unavailable("The table did not answer in time.")

    hooks.register("before-call.dynamodb.BatchWriteItem", fail)
    failed = does(requested(bob, job_id))
    works(bob, job_id)

    assert failed == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert [(row["reference"], row["status"]) for row in rows(bob, job_id)] == [(original, "done")]


def test_a_member_who_is_back_keeps_what_was_not_given_yet(ada: Person, bob: Person):
    for number in range(2):
        ada.sets_goal(title=f"Goal {number}")
    job_id = begun(bob, ada)
    enrol(ada)
    works(bob, job_id)

    assert (shown(bob, job_id)["status"], shown(bob, job_id)["reason"]) == ("failed", "not_allowed")
    assert titles(ada) == ["Goal 0", "Goal 1"]
    assert titles(bob) == []


def test_an_owner_who_was_demoted_takes_nothing_over(ada: Person, bob: Person):
    ada.sets_goal()
    job_id = begun(bob, ada)
    enrol(bob, role="member")
    works(bob, job_id)

    assert (shown(bob, job_id)["status"], shown(bob, job_id)["reason"]) == ("failed", "not_allowed")
    assert titles(bob) == []


def test_only_an_owner_of_the_tenant_takes_goals_over_and_only_of_who_has_left(ada: Person, bob: Person, eve: Person):
    ada.sets_goal()
    path = f"/goals/orphaned/{ada.user_id}/transfer-jobs"
    enrol(bob, role="owner")
    active = bob.post(path)
    enrol(ada, disabled=True)
    enrol(bob, role="admin")
    enrol(eve, role="owner")

    assert (active.status, active.code) == (409, "OwnerIsActive")
    assert (bob.post(path).status, bob.post(path).code) == (403, "NotTenantOwner")
    assert (eve.post(path).status, eve.post(path).code) == (404, "OwnerNotFound")
