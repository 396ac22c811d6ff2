"""The command that has all schedules set anew: it forgets nobody, keeps to its pace, and goes on where it stopped."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.goals import goals, progress
from functions.goals.goals import Goal
from functions.goals.schedules import consumers as goal_schedules
from functions.goals.schedules import schedules as goal_pages
from functions.identity.accounts import memberships, tenants
from functions.identity.api_keys import records as api_keys
from functions.identity.api_keys.records import Principal
from functions.milestones import schedule_consumers as milestone_schedules
from infra.commands import rebuild_schedules, walks
from infra.commands.migrate import Pace
from infra.commands.rebuild_schedules import Queues
from infra.commands.roles import NotDeployed
from infra.commands.walks import FIRST
from shared import clock, ids
from shared.storage import table
from tests.aws import lambdas, scheduler, troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.goals.conftest import issuer, travel
from tests.goals.conftest import person as member
from tests.goals.people import MARATHON
from tests.infra.permissions import actions_in, statements_in
from tests.infra.stages import Stage
from tests.milestones.conftest import person as tracker
from tests.milestones.conftest import secret, wire

__all__ = ["issuer", "secret", "travel", "wire"]

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")


@pytest.fixture
def to(aws: None) -> Queues:
    """The queues of the consumers."""
    return Queues(*(boto3.client("sqs").create_queue(QueueName=name)["QueueUrl"] for name in Queues._fields))


def sets_goal(tenant_id: str, user_id: str) -> None:
    """Let somebody have a goal, without what follows from it."""
    ledger = progress.open_ledger(start=NOON, end=None, task_share=100, opened_at=NOON)
    goal = Goal(ids.new("goal"), user_id, tenant_id, "Run", "active", "UTC", ledger, NOON, NOON, 1)
    table.put_many([goals.to_item(goal)])


def founds(*user_ids: str) -> str:
    """Found a tenant with these members, who have a goal each."""
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=NOON))
    for user_id in user_ids:
        table.transact([memberships.joined(tenant_id=tenant_id, user_id=user_id, role="member", at=NOON)])
        sets_goal(tenant_id, user_id)
    return tenant_id


def rebuild(to: Queues, *, wait: Callable[[float], None] = lambda _: None) -> rebuild_schedules.Done:
    return rebuild_schedules.run(to, rebuild_schedules.walk(anew=False), pace=Pace(1_000_000), wait=wait)


def sent(url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while messages := boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append(json.loads(message["Body"]))
    return found


def people_of(url: str) -> list[str]:
    return sorted(message["returned_id"] for message in sent(url))


def test_everybody_who_may_own_goals_is_asked_for_once(to: Queues) -> None:
    people = [ids.new("user") for _ in range(23)]
    service, removed = ids.new("user"), ids.new("user")
    tenant_id = founds(*people[:20])
    founds(*people[20:])
    acting = api_keys.acting(tenant_id, "nightly", Principal(service))
    gone = {"PK": f"TENANT#{tenant_id}", "SK": f"REMOVED#{removed}", "entity": "RemovedMember", "user_id": removed}
    table.transact([acting])
    table.put_many([gone])
    for user_id in (service, removed):
        sets_goal(tenant_id, user_id)
    done = rebuild(to)

    assert people_of(to.goals) == sorted([*people, service, removed])
    assert (done.tenants, done.messages) == (2, 25)


def test_who_has_no_goals_costs_no_message(to: Queues) -> None:
    tenant_id = founds(ids.new("user"))
    without = ids.new("user")
    table.transact([memberships.joined(tenant_id=tenant_id, user_id=without, role="member", at=NOON)])
    done = rebuild(to)

    assert done.messages == 1
    assert without not in people_of(to.goals)


def test_lost_schedules_of_goals_and_milestones_are_there_again(
    to: Queues, wire: Any, issuer: Any, travel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler.make_surroundings(monkeypatch)
    travel("2026-01-10T12:00:00Z")
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=NOON))
    ada, grace = member(issuer, tenant_id), tracker(issuer, tenant_id)
    for each in (ada, grace):
        joined = memberships.joined(tenant_id=tenant_id, user_id=each.user_id, role="member", at=NOON)
        table.put_many([joined.item])
    goal_ids = [ada.sets_goal(**MARATHON)["goal_id"] for _ in range(3)]
    uid = grace.created(timeframe_to="2026-11-25")
    grace.created()
    looks = [{"goal_id": goal_id, "owner_id": ada.user_id} for goal_id in goal_ids]
    goal_schedules.handler(batch(json.dumps(each) for each in looks), Context())
    milestone_schedules.handler(batch([json.dumps({"tenant_id": tenant_id, "milestone_uid": uid})]), Context())
    for name in (*goal_ids, uid):
        scheduler.remove(name)
    rebuild(to)
    goal_schedules.handler(batch(json.dumps(each) for each in sent(to.goals)), Context())
    about = sent(to.milestones)
    milestone_schedules.handler(batch(json.dumps(each) for each in about), Context())

    assert [scheduler.scheduled(goal_id) for goal_id in goal_ids] == ["2026-01-26T00:00:00Z"] * 3
    assert about == [{"tenant_id": tenant_id, "milestone_uid": uid}]
    assert scheduler.scheduled(uid) == "2026-11-26T00:00:00Z"


@pytest.mark.parametrize("stopped_at", [1, 5, 12])
def test_it_goes_on_where_it_was_stopped(to: Queues, monkeypatch: pytest.MonkeyPatch, stopped_at: int) -> None:
    monkeypatch.setattr(walks, "TENANTS_AT_ONCE", 2)
    people = sorted(ids.new("user") for _ in range(30))
    for user_id in people:
        founds(user_id)
    waits: list[float] = []

    def stop(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == stopped_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(to, wait=stop)
    first = people_of(to.goals)
    second = rebuild(to)

    assert len(first) == stopped_at
    # Two tenants of the page it was at come twice at most.
    assert 30 - stopped_at <= second.tenants <= 32 - stopped_at
    assert sorted({*first, *people_of(to.goals)}) == people
    assert table.get(rebuild_schedules.POSITION) is None


@pytest.mark.parametrize(
    ("later", "said", "is_whole"),
    [
        ("2026-01-11T12:00:00Z", ", where a run stopped at 2026-01-10T12:00:00.000Z;", False),
        ("2026-01-11T12:00:01Z", "begins with the first tenants", True),
    ],
)
def test_a_run_that_was_given_up_more_than_a_day_ago_hides_no_tenant(
    to: Queues, travel: Any, monkeypatch: pytest.MonkeyPatch, later: str, said: str, *, is_whole: bool
) -> None:
    monkeypatch.setattr(walks, "TENANTS_AT_ONCE", 2)
    travel("2026-01-10T12:00:00Z")
    for _ in range(30):
        founds(ids.new("user"))
    waits: list[float] = []

    def stop(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 12:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rebuild(to, wait=stop)
    travel(later)
    walk = rebuild_schedules.walk(anew=False)

    assert said in walk.told()
    assert (walk.place == FIRST) is is_whole
    assert (rebuild(to).tenants == 30) is is_whole


def test_a_run_of_an_earlier_version_that_was_given_up_hides_no_tenant(to: Queues) -> None:
    table.put_many([{"PK": "TABLE", "SK": "REBUILD", "entity": "Rebuild", "shard": 7}])

    assert rebuild_schedules.walk(anew=False).place == FIRST


def test_the_further_pages_of_somebody_keep_to_the_pace_too(
    to: Queues, issuer: Any, travel: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    scheduler.make_surroundings(monkeypatch)
    monkeypatch.setattr(goal_pages, "LOOKED_AT_TOGETHER", 2)
    monkeypatch.setattr(rebuild_schedules, "LOOKED_AT_TOGETHER", 2)
    travel("2026-01-10T12:00:00Z")
    ada = member(issuer, ids.new("tenant"))
    goal_ids = [ada.sets_goal(**MARATHON)["goal_id"] for _ in range(5)]
    table.transact(tenants.founded(tenant_id=ada.tenant_id, name="Engines", at=NOON))
    joined = memberships.joined(tenant_id=ada.tenant_id, user_id=ada.user_id, role="member", at=NOON)
    table.put_many([joined.item])
    done = rebuild(to)
    pages = sent(to.goals)
    with troubles.counting() as calls:
        goal_schedules.handler(batch(json.dumps(each) for each in pages), Context())

    assert (done.messages, len(pages)) == (3, 3)
    # No page has another one sent, which nobody would have paced.
    assert not any(call.startswith("sqs:") for call in calls)
    assert [scheduler.scheduled(goal_id) for goal_id in goal_ids] == ["2026-01-26T00:00:00Z"] * 5


def test_what_it_has_set_a_second_is_less_than_half_of_what_the_scheduler_takes() -> None:
    assert rebuild_schedules.MESSAGES_A_SECOND * rebuild_schedules.LOOKED_AT_TOGETHER <= 250 // 2


def test_it_keeps_to_its_pace(to: Queues) -> None:
    founds(*(ids.new("user") for _ in range(25)))
    pauses: list[float] = []
    rebuild_schedules.run(to, rebuild_schedules.walk(anew=True), pace=Pace(10), wait=pauses.append)

    assert len(pauses) == 3
    # 25 messages of ten a second; what the calls themselves take is not waited for again.
    assert 2.0 < max(pauses) <= 2.5


def test_ten_messages_are_one_call(to: Queues) -> None:
    founds(*(ids.new("user") for _ in range(25)))
    with troubles.counting() as calls:
        rebuild(to)

    assert calls.count("sqs:SendMessageBatch") == 3
    assert "sqs:SendMessage" not in calls


def test_the_queues_are_those_that_the_consumers_of_the_stage_know() -> None:
    listed = [
        {
            "FunctionName": f"milepost-{stage}-{context}-FunctionsSchedules",
            "Handler": handler,
            "Environment": {"Variables": {"SCHEDULE_QUEUE_URL": f"https://{stage}/{context}"}},
        }
        for stage in ("dev", "prod")
        for context, handler in (
            ("goals", "functions.goals.schedules.consumers.handler"),
            ("milestones", "functions.milestones.schedule_consumers.handler"),
            ("projects", "functions.projects.timers.consumers.handler"),
        )
    ]
    functions = lambdas.client({}, listed)

    assert rebuild_schedules.find(functions, "dev") == Queues(
        "https://dev/goals", "https://dev/milestones", "https://dev/projects"
    )
    with pytest.raises(NotDeployed):
        rebuild_schedules.find(functions, "test")


def test_its_role_reads_tenants_lists_goals_keeps_its_position_and_does_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["RebuildRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    allowed = {
        (*sorted(actions_in(statement)), "/index/" in json.dumps(statement["Resource"])): statement["Condition"][
            "ForAllValues:StringLike"
        ]["dynamodb:LeadingKeys"]
        for statement in statements_in(policy)
    }

    assert allowed == {
        ("dynamodb:Query", False): ["TENANTS#*", "TENANT#*"],
        ("dynamodb:Query", True): ["USER#*", "TENANT#*"],
        ("dynamodb:BatchWriteItem", "dynamodb:GetItem", False): ["TABLE"],
    }


def test_the_queues_of_schedules_let_its_role_send_and_no_other_queue_does(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["RebuildRoleArn"]["Value"]
    told = {
        variables["SCHEDULE_QUEUE_ARN"]["Fn::GetAtt"][0]
        for variables in (each["Environment"]["Variables"] for each in prod.of_type("AWS::Lambda::Function"))
        if "SCHEDULE_QUEUE_ARN" in variables
    }
    letting = {
        policy["Queues"][0]["Ref"]
        for policy in prod.of_type("AWS::SQS::QueuePolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow" and statement["Principal"] == {"AWS": role}
    }

    assert letting == told
    assert len(letting) == len(Queues._fields)
