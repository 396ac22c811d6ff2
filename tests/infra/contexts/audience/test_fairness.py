"""That a tenant with 100,000 recipients waiting does not delay another's 50.

The queue of chunks is fair because it is a standard one, and because each message has its tenant as its group. The
model below does what AWS says of such queues; fairness itself was not measured on AWS.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from functions.audience.campaigns.sending import work_queue
from functions.audience.campaigns.sending.worker import Task
from tests.aws import hooks
from tests.infra.stages import Stage

QUEUE = "https://sqs.eu-west-1.amazonaws.com/123456789012/chunks"
MANY = 100_000 // 200
"""How many chunks a campaign of 100,000 has; one of 50 has one."""
NOISY = 0.1
"""The share of the time of all consumers beyond which a tenant has to wait for others."""
WORKERS = 16


def sent(monkeypatch: pytest.MonkeyPatch, tasks: Sequence[Task]) -> list[Mapping[str, Any]]:
    """Put chunks on the queue, and return the messages as SQS gets them."""
    found: list[Mapping[str, Any]] = []

    def taken(params: Mapping[str, Any], **_: Any) -> Mapping[str, Any]:
        entries = json.loads(params["body"])["Entries"]
        found.extend(entries)
        return {"Successful": [{"Id": each["Id"]} for each in entries], "Failed": []}

    monkeypatch.setenv("CAMPAIGN_CHUNKS_QUEUE_URL", QUEUE)
    with hooks.registered("before-call.sqs.SendMessageBatch", taken):
        for each in tasks:
            work_queue.put_again(each, at=0)
    return found


def order(waiting: Sequence[str]) -> list[str]:
    """Return the groups of messages that wait, all of which take as long, in the order in which they are received."""
    left, received = [*waiting], list[str]()
    while left:
        used = Counter(received)
        quiet = [each for each in left if used[each] <= NOISY * len(received)]
        received.append((quiet or left)[0])
        left.remove(received[-1])
    return received


@pytest.mark.usefixtures("aws")
def test_50_recipients_do_not_wait_for_100_000_of_another_tenant(monkeypatch: pytest.MonkeyPatch) -> None:
    chunks = [Task("tenant_many", "campaign_1", number, 1) for number in range(MANY)]
    few = Task("tenant_few", "campaign_2", 0, 1)
    groups = [each.get("MessageGroupId") for each in sent(monkeypatch, [*chunks, few])]

    assert groups == ["tenant_many"] * MANY + ["tenant_few"]
    assert order([str(each) for each in groups]).index("tenant_few") < WORKERS


def test_the_queue_of_chunks_is_a_standard_one_whose_messages_come_one_by_one(prod: Stage) -> None:
    (name,) = (each for each in prod.find("AWS::SQS::Queue") if each.startswith("BusCampaignChunksQueue"))
    mappings = prod.of_type("AWS::Lambda::EventSourceMapping")
    (mapping,) = (each for each in mappings if each["EventSourceArn"] == {"Fn::GetAtt": [name, "Arn"]})

    assert "FifoQueue" not in prod.resources[name]["Properties"]
    assert mapping["BatchSize"] == 1
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": WORKERS}
