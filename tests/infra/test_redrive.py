"""The redrive: what ended in a dead-letter queue is back in the queue it came from."""

import json
from typing import Any

import boto3
import pytest

from infra.commands import redrive


@pytest.fixture
def queues(aws: None) -> dict[str, str]:
    """The two queues of two consumers of two stages, called as CloudFormation calls what has no name of its own."""
    return {
        f"milepost-{stage}-{name}-{part}": make_queue(stage, name, part)
        for stage in ("dev", "prod")
        for name in ("Audit", "Hooks")
        for part in ("Queue", "DeadLetters")
    }


def make_queue(stage: str, name: str, part: str, *, end: str = "1A2B", **attributes: str) -> str:
    tags = {"project": "milepost", "stage": stage, "consumer": name, "part": part}
    called = f"milepost-{stage}-some-Bus{name}{part}0C4F-{end}"
    return boto3.client("sqs").create_queue(QueueName=called, tags=tags, Attributes=attributes)["QueueUrl"]


def send(url: str, count: int) -> None:
    for number in range(count):
        boto3.client("sqs").send_message(QueueUrl=url, MessageBody=f"message {number}")


def bodies(url: str) -> list[str]:
    found: list[Any] = []
    while messages := boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found += [message["Body"] for message in messages]
    return sorted(found)


def test_it_says_what_waits(queues: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    send(queues["milepost-dev-Audit-DeadLetters"], 3)
    code = redrive.main(["dev"])

    assert code == 0
    assert capsys.readouterr().out == "Audit: 3 waiting\nHooks: 0 waiting\n"


def test_it_moves_what_waits_and_nothing_of_others(queues: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("dev-Audit", "dev-Hooks", "prod-Audit"):
        send(queues[f"milepost-{name}-DeadLetters"], 25 if name == "dev-Audit" else 2)
    code = redrive.main(["dev", "Audit"])

    assert code == 0
    assert capsys.readouterr().out == "Audit: 25 moved\n"
    assert bodies(queues["milepost-dev-Audit-Queue"]) == sorted(f"message {number}" for number in range(25))
    assert bodies(queues["milepost-dev-Audit-DeadLetters"]) == []
    assert len(bodies(queues["milepost-dev-Hooks-DeadLetters"])) == 2
    assert len(bodies(queues["milepost-prod-Audit-DeadLetters"])) == 2


def test_what_a_schedule_could_not_send_comes_back_as_it_was_meant(queues: dict[str, str]) -> None:
    meant = json.dumps({"goal_id": "goal_1"})
    call = json.dumps({"MessageBody": meant, "QueueUrl": queues["milepost-dev-Audit-Queue"]})
    for body in (call, json.dumps({"MessageBody": "of somebody else"}), json.dumps([]), "no JSON"):
        boto3.client("sqs").send_message(QueueUrl=queues["milepost-dev-Audit-DeadLetters"], MessageBody=body)
    redrive.main(["dev", "Audit"])

    assert bodies(queues["milepost-dev-Audit-Queue"]) == sorted(
        [meant, json.dumps({"MessageBody": "of somebody else"}), "[]", "no JSON"]
    )


def test_a_name_that_is_none_moves_nothing(queues: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    send(queues["milepost-dev-Audit-DeadLetters"], 1)
    code = redrive.main(["dev", "Audit", "Nobody"])

    assert code == 2
    assert "no dead-letter queue Nobody; there are Audit, Hooks" in capsys.readouterr().err
    assert len(bodies(queues["milepost-dev-Audit-DeadLetters"])) == 1


def test_what_an_earlier_stack_left_is_counted_and_comes_back_too(
    queues: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    send(queues["milepost-dev-Audit-DeadLetters"], 1)
    send(make_queue("dev", "Audit", "DeadLetters", end="earlier"), 2)
    codes = [redrive.main(["dev"]), redrive.main(["dev", "Audit"])]

    assert codes == [0, 0]
    assert capsys.readouterr().out == "Audit: 3 waiting\nHooks: 0 waiting\nAudit: 3 moved\n"
    assert len(bodies(queues["milepost-dev-Audit-Queue"])) == 3


def test_what_has_no_queue_to_go_back_to_stays(queues: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    left = make_queue("dev", "Gone", "DeadLetters")
    send(left, 1)
    code = redrive.main(["dev", "Gone"])

    assert code == 2
    assert "the consumer Gone has no queue; deploy its stack first" in capsys.readouterr().err
    assert len(bodies(left)) == 1


@pytest.fixture
def ordered(aws: None) -> dict[str, str]:
    """The two queues of a consumer that gets its messages in order."""
    parts = ("Queue", "DeadLetters")
    return {part: make_queue("dev", "AuditLog", part, end="1A2B.fifo", FifoQueue="true") for part in parts}


def in_order(url: str) -> list[tuple[str, str]]:
    """Return the messages of a queue with their groups, and leave it empty."""
    found: list[Any] = []
    asked: dict[str, Any] = {"MaxNumberOfMessages": 10, "MessageSystemAttributeNames": ["MessageGroupId"]}
    while messages := boto3.client("sqs").receive_message(QueueUrl=url, **asked).get("Messages"):
        for message in messages:
            boto3.client("sqs").delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            found.append((message["Attributes"]["MessageGroupId"], message["Body"]))
    return found


def test_dead_letters_of_an_ordered_queue_go_back_in_their_order_and_group(
    ordered: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    sent = [(f"tenant_{number % 2}", f"message {number}") for number in range(12)]
    for group, body in sent:
        place = {"MessageGroupId": group, "MessageDeduplicationId": body}
        boto3.client("sqs").send_message(QueueUrl=ordered["DeadLetters"], MessageBody=body, **place)
    listed = redrive.main(["dev"])
    moved = redrive.main(["dev", "AuditLog"])

    back = in_order(ordered["Queue"])
    assert (listed, moved) == (0, 0)
    assert capsys.readouterr().out == "AuditLog: 12 waiting\nAuditLog: 12 moved\n"
    for tenant in ("tenant_0", "tenant_1"):
        assert [each for each in back if each[0] == tenant] == [each for each in sent if each[0] == tenant]
    assert in_order(ordered["DeadLetters"]) == []


def test_what_was_sent_within_the_last_five_minutes_is_not_dropped(ordered: dict[str, str]) -> None:
    place = {"MessageGroupId": "tenant_1", "MessageDeduplicationId": "evt_1"}
    for part in ("Queue", "DeadLetters"):
        boto3.client("sqs").send_message(QueueUrl=ordered[part], MessageBody="event", **place)
    consumed = in_order(ordered["Queue"])
    redrive.main(["dev", "AuditLog"])

    assert in_order(ordered["Queue"]) == consumed == [("tenant_1", "event")]


def test_a_message_of_a_fair_queue_keeps_its_group(queues: dict[str, str]) -> None:
    dead_letters = queues["milepost-dev-Hooks-DeadLetters"]
    boto3.client("sqs").send_message(QueueUrl=dead_letters, MessageBody="delivery", MessageGroupId="tenant_1")
    redrive.main(["dev", "Hooks"])

    assert in_order(queues["milepost-dev-Hooks-Queue"]) == [("tenant_1", "delivery")]


def test_a_message_still_says_for_which_request_it_was_sent(queues: dict[str, str]) -> None:
    said = {"RequestId": {"DataType": "String", "StringValue": "Hs7dXhQ4joEEMbg="}}
    dead_letters = queues["milepost-dev-Hooks-DeadLetters"]
    boto3.client("sqs").send_message(QueueUrl=dead_letters, MessageBody="delivery", MessageAttributes=said)
    redrive.main(["dev", "Hooks"])
    received = boto3.client("sqs").receive_message(
        QueueUrl=queues["milepost-dev-Hooks-Queue"], MessageAttributeNames=["All"]
    )

    assert [message["MessageAttributes"] for message in received["Messages"]] == [said]
