"""What did not get from the stream to its consumers is sent again: from the bucket, and from the table."""

import json
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.identity import api as identity_api
from functions.outbox import consumers as outbox
from infra.commands import redrive, republish, tenant_events
from infra.commands.republish import NotRepublished, Sent
from shared import clock, config, ids
from shared.storage import attributes, events, table
from shared.storage.attributes import Item, Key
from tests.aws import hooks, lambdas
from tests.aws.discarded import Kept
from tests.aws.entries import call, http_event

OUTBOX = "milepost-dev-outbox-FunctionsOutboxFunction91A8-Zq1"
COLLECTOR = "milepost-dev-audience-FunctionsCollectorFunction-Xy2"
TENANT, OTHER = ids.new("tenant"), ids.new("tenant")
NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
PASSWORD = "a sentence is easy to remember"


@pytest.fixture
def on_bus(aws: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Give the stage a bus; the function returns the ids of what was put on it."""
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-dev")
    boto3.client("events").create_event_bus(Name="milepost-dev")
    put: list[str] = []
    hooks.register(
        "provide-client-params.events.PutEvents",
        lambda params, **_: put.extend(json.loads(entry["Detail"])["event_id"] for entry in params["Entries"]),
    )
    return lambda: put


@pytest.fixture
def collected() -> list[Any]:
    """The records that another reader of the stream was given, which no context has by now."""
    return []


@pytest.fixture
def functions(kept: Kept, collected: list[Any]) -> Any:
    """The functions of the stage, and those of another."""

    def collect(event: dict[str, Any], _context: object) -> dict[str, Any]:
        collected.extend(event["Records"])
        return {"batchItemFailures": []}

    variables = {"TABLE_NAME": "milepost", "DISCARDED_BUCKET": config.discarded_bucket()}
    listed = [
        {"FunctionName": name, "Handler": handler, "Environment": {"Variables": variables}}
        for name, handler in (
            (OUTBOX.replace("dev", "prod"), republish.OUTBOX),
            (COLLECTOR, "functions.audience.collector.handler"),
            (OUTBOX, republish.OUTBOX),
        )
    ]
    return lambdas.client({OUTBOX: outbox.handler, COLLECTOR: collect}, listed)


def happened(number: int, *, partition: str = "USER#user_1", tenant_id: str = TENANT) -> Item:
    at = NOON + number * clock.SECOND
    write = events.occurred(
        "goals.task.completed",
        partition=partition,
        subject_id="goal_1",
        tenant_id=tenant_id,
        at=at,
        data={"goal_id": "goal_1", "owner_id": "user_1", "goal_version": number + 1, "task_id": "task_1"},
    )
    return write.item


def inserted(item: Item) -> dict[str, Any]:
    change = {"SequenceNumber": item["event_id"], "NewImage": attributes.dump(item)}
    return {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}


def discard(records: list[Any], *, function: str = OUTBOX, name: str = "1") -> str:
    """Put an object into the bucket as Lambda does.

    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html, with the name it says as well.
    """
    shard = "shardId-00000001573689847184-864758bb"
    key = f"aws/lambda/4a1b5a5e-xmpl/{shard}/2026/11/20/2026-11-20T12.00.00-{name}"
    content = {
        "requestContext": {
            "requestId": "316aa6d0-8154-xmpl-9af7-85d5f4a6bc81",
            "functionArn": f"arn:aws:lambda:us-east-2:123456789012:function:{function}",
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2019-11-14T00:13:49.717Z",
        "DDBStreamBatchInfo": {
            "shardId": shard,
            "startSequenceNumber": "800000000003126276362",
            "endSequenceNumber": "800000000003126276362",
            "approximateArrivalOfFirstRecord": "2019-11-14T00:13:19Z",
            "approximateArrivalOfLastRecord": "2019-11-14T00:13:19Z",
            "batchSize": len(records),
            "streamArn": "arn:aws:dynamodb:us-east-2:123456789012:table/milepost/stream/2019-11-14T00:04:06.388",
        },
        "payload": json.dumps({"Records": records}),
    }
    boto3.client("s3").put_object(Bucket=config.discarded_bucket(), Key=key, Body=json.dumps(content).encode())
    return key


def resend(functions: Any) -> Sent:
    return republish.resend(functions, boto3.client("s3"), republish.find(functions, "dev"))


def test_what_lambda_discarded_is_sent_and_gone(functions: Any, on_bus: Callable[[], list[str]], kept: Kept) -> None:
    items = [happened(number) for number in range(30)]
    discard([inserted(item) for item in items[:20]], name="1")
    discard([inserted(item) for item in items[20:]], name="2")
    sent = [resend(functions), resend(functions)]

    assert sent == [Sent(2, []), Sent(0, [])]
    assert sorted(on_bus()) == sorted(item["event_id"] for item in items)
    assert kept() == []


def test_each_batch_goes_to_the_function_it_was_meant_for(
    functions: Any, on_bus: Callable[[], list[str]], collected: list[Any]
) -> None:
    gone = attributes.dump_key(Key("USER#user_1", "GOAL#goal_1"))
    removal = {"eventName": "REMOVE", "eventSource": "aws:dynamodb", "dynamodb": {"Keys": gone, "SequenceNumber": "1"}}
    discard([removal], function=COLLECTOR)

    assert resend(functions) == Sent(1, [])
    assert collected == [removal]
    assert on_bus() == []


# Where the name of the stack is longer, less of the logical id has room.
@pytest.mark.parametrize(
    "place", ["outbox-{}91A8-Old", "stateless-{}91A8-ZZZZ9999", "stateless-{}9-ZZZZ9999", "stateless-{}A561FD33BFCCD"]
)
def test_a_function_that_was_deployed_anew_under_another_name_takes_it(
    functions: Any, on_bus: Callable[[], list[str]], place: str
) -> None:
    item = happened(1)
    discard([inserted(item)], function=f"milepost-dev-{place.format('FunctionsOutboxFunction')}")

    assert resend(functions) == Sent(1, [])
    assert on_bus() == [item["event_id"]]


# The third has as much of a name as two functions have in common.
@pytest.mark.parametrize(
    "name", ["milepost-dev-goals-Nobody-X1", OUTBOX.replace("dev", "prod"), "milepost-dev-stateless-Functions-X1"]
)
def test_what_cannot_be_sent_stays(functions: Any, on_bus: Callable[[], list[str]], kept: Kept, name: str) -> None:
    items = [happened(number) for number in range(2)]
    stranger = discard([inserted(items[0])], function=name, name="1")
    discard([inserted(items[1])], name="2")
    sent = resend(functions)

    assert sent == Sent(1, [f"{stranger}: The stage has no function {name}."])
    assert kept() == [inserted(items[0])]


@pytest.mark.parametrize(
    "content", ["x", "null", "[]", "{}", '{"payload": "x"}', '{"requestContext": {"functionArn": 1}}']
)
def test_what_is_no_batch_stays_and_holds_up_no_other(
    functions: Any, on_bus: Callable[[], list[str]], content: str
) -> None:
    boto3.client("s3").put_object(Bucket=config.discarded_bucket(), Key="a", Body=content.encode())
    item = happened(1)
    discard([inserted(item)], name="b")
    sent = resend(functions)

    assert (sent.batches, len(sent.refusals)) == (1, 1)
    assert sent.refusals[0].startswith("a: It holds no batch of the stream.")
    assert on_bus() == [item["event_id"]]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--until", "2026-11-20T09:00:00Z"],
        ["--tenant", TENANT, "--since", "2026-11-20T09:00:00Z", "--until", "2026-11-20T09:00:00Z"],
    ],
)
def test_a_range_that_holds_nothing_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        republish.main(["dev", *arguments])


def test_a_bus_that_is_down_leaves_everything_where_it_is(
    functions: Any, on_bus: Callable[[], list[str]], kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    discard([inserted(happened(1))])
    with monkeypatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL_EVENTBRIDGE", "http://127.0.0.1:9")
        sent = resend(functions)

    assert sent.batches == 0
    assert "failed with Unavailable" in sent.refusals[0]
    assert len(kept()) == 1


def test_a_record_that_still_cannot_be_read_is_not_lost(functions: Any, on_bus: Any, kept: Kept) -> None:
    malformed = {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "1"}}
    discard([malformed, inserted(happened(1))])
    first, second = resend(functions), resend(functions)

    assert first == Sent(1, [])
    assert second.batches == 0
    assert "still cannot read it" in second.refusals[0]
    assert kept() == [malformed]
    assert len(on_bus()) == 1


def test_the_events_of_a_tenant_are_sent_from_the_table(functions: Any, on_bus: Callable[[], list[str]]) -> None:
    mine = [happened(number, partition=f"TENANT#{TENANT}") for number in range(60)]
    table.put_many([*mine, happened(5, partition="USER#user_2", tenant_id=OTHER)])
    since, until = NOON + 10 * clock.SECOND, NOON + 50 * clock.SECOND
    found = tenant_events.between(TENANT, since, until)
    republish.publish(functions, republish.find(functions, "dev"), found)

    assert on_bus() == [item["event_id"] for item in mine[10:50]]


def test_whatever_happened_in_a_tenant_is_found_by_key(aws: None, kept: Kept) -> None:
    registration = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Ada Lovelace"}
    identity("/api/v1/auth/register", registration)
    for password in ("wrong " + PASSWORD, PASSWORD):
        identity("/api/v1/auth/login", {"email": "ada@example.com", "password": password})
    stored = [attributes.load(raw) for raw in boto3.client("dynamodb").scan(TableName="milepost")["Items"]]
    all_of_them = sorted(item["event_id"] for item in stored if item["entity"] == "Event")
    (tenant_id,) = {item["tenant_id"] for item in stored if item["entity"] == "Event"}
    (member,) = [item for item in stored if item["entity"] == "Member"]
    removed = happened(1, partition=f"TENANT#{tenant_id}", tenant_id=tenant_id)
    removed |= {
        "event_type": "identity.member.removed",
        "data": {"user_id": "user_gone", "by": "user_1", "role": "member"},
    }
    of_the_removed = happened(2, partition="USER#user_gone", tenant_id=tenant_id)
    table.put_many([removed, of_the_removed, happened(3, partition=f"USER#{member['user_id']}", tenant_id=OTHER)])
    found = [item["event_id"] for item in tenant_events.between(tenant_id, 0, clock.now() + clock.DAY)]

    assert len(all_of_them) >= 3
    assert found == sorted([*all_of_them, removed["event_id"], of_the_removed["event_id"]])


def test_a_stage_that_is_not_deployed_sends_nothing(functions: Any) -> None:
    with pytest.raises(NotRepublished, match="The stage nowhere is not deployed"):
        republish.find(functions, "nowhere")


@pytest.mark.parametrize(
    "arguments",
    [
        ["dev", "--tenant", TENANT],
        ["dev", "--since", "2026-11-20T12:00:00Z"],
        ["dev", "--tenant", "all"],
        ["dev", "--tenant", "tenant_1", "--since", "2026-11-20T12:00:00Z"],
        ["dev", "--tenant", TENANT, "--since", "yesterday"],
    ],
)
def test_what_cannot_be_asked_for_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        republish.main(arguments)

    assert refused.value.code == 2


def test_the_redrive_says_what_waits_elsewhere(
    functions: Any, kept: Kept, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    discard([inserted(happened(1))])
    url = boto3.client("sqs").create_queue(
        QueueName="milepost-dev-stateless-EventsDeadLetters0C4F-1A2B",
        tags={"consumer": "schedules", "part": "DeadLetters"},
    )["QueueUrl"]
    boto3.client("sqs").send_message(QueueUrl=url, MessageBody="a schedule that failed")
    made = boto3.Session.client
    monkeypatch.setattr(boto3.Session, "client", lambda of, name: functions if name == "lambda" else made(of, name))
    code = redrive.main(["dev"])

    assert code == 0
    assert capsys.readouterr().out.splitlines() == [
        "schedules: 1 waiting; their next run does the work, and these end after 14 days",
        "stream: 1 batches waiting; make republish sends them again",
    ]


def identity(path: str, body: object) -> None:
    call(identity_api.handler, identity_api.api, http_event("POST", path, body))
