"""Feedback on e-mail: who may tell the topic, and what of it comes to which queue."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra import sender
from tests.infra.permissions import statements_of
from tests.infra.stages import Stage, Stages

SENDER = "no-reply@example.com"
CONSUMER = "functions.identity.codes.consumers.handler"


def topic_of(stage: Stage) -> tuple[str, Mapping[str, Any]]:
    """Return the topic by its logical id: the one that is not for alarms."""
    ((name, topic),) = (each for each in stage.find("AWS::SNS::Topic").items() if "Feedback" in each[0])
    return name, topic["Properties"]


def policy_of(stage: Stage, kind: str, property_name: str, name: str) -> list[Mapping[str, Any]]:
    """Return the statements that let somebody do something with a topic or a queue."""
    return [
        statement
        for policy in stage.of_type(kind)
        if policy[property_name] == [{"Ref": name}]
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Allow"
    ]


def test_ses_alone_publishes_for_the_identities_of_the_sender(prod: Stage) -> None:
    name, _ = topic_of(prod)
    (statement,) = policy_of(prod, "AWS::SNS::TopicPolicy", "Topics", name)
    identities = [json.dumps(each) for each in statement["Condition"]["ArnEquals"]["aws:SourceArn"]]

    assert (statement["Action"], statement["Principal"]) == ("sns:Publish", {"Service": "ses.amazonaws.com"})
    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert [
        each.endswith(f':identity/{name}"]]}}')
        for each, name in zip(identities, sender.identities(SENDER), strict=True)
    ] == [True, True]


@pytest.mark.parametrize(
    ("queue", "context", "kinds"),
    [
        ("CodeFeedback", "identity", ["Bounce", "Complaint"]),
        ("CampaignFeedback", "audience", ["Bounce", "Complaint", "Delivery"]),
        ("ProjectFollowers", "projects", ["Bounce", "Complaint"]),
        ("InvoicePapers", "payments", ["Bounce", "Complaint"]),
    ],
)
def test_a_context_hears_of_what_it_has_sent_and_of_nothing_else(
    prod: Stage, queue: str, context: str, kinds: list[str]
) -> None:
    name, _ = topic_of(prod)
    subscriptions = [each for each in prod.of_type("AWS::SNS::Subscription") if each["Protocol"] == "sqs"]
    (subscription,) = [each for each in subscriptions if f"{queue}DeadLetters" in json.dumps(each["RedrivePolicy"])]

    assert len(subscriptions) == 4
    assert subscription["TopicArn"] == {"Ref": name}
    assert subscription["FilterPolicy"] == {
        "mail": {"source": [{"prefix": f"no-reply+{context}."}]},
        "notificationType": kinds,
    }
    assert (subscription["FilterPolicyScope"], subscription["RawMessageDelivery"]) == ("MessageBody", True)


@pytest.mark.parametrize("queue", ["CodeFeedback", "CampaignFeedback"])
def test_both_queues_take_messages_of_that_topic_of_this_account_only(prod: Stage, queue: str) -> None:
    topic, _ = topic_of(prod)
    queues = [name for name in prod.find("AWS::SQS::Queue") if queue in name]
    allowed = [statement for name in queues for statement in policy_of(prod, "AWS::SQS::QueuePolicy", "Queues", name)]

    assert len(queues) == len(allowed) == 2
    for statement in allowed:
        assert (statement["Action"], statement["Principal"]) == ("sqs:SendMessage", {"Service": "sns.amazonaws.com"})
        assert statement["Condition"] == {
            "ArnEquals": {"aws:SourceArn": {"Ref": topic}},
            "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
        }


@pytest.mark.parametrize("queue", ["CodeFeedback", "CampaignFeedback"])
def test_somebody_is_told_of_feedback_that_nobody_could_handle(prod: Stage, queue: str) -> None:
    watched = [
        json.dumps(each["Dimensions"])
        for each in prod.of_type("AWS::CloudWatch::Alarm")
        if each.get("MetricName") == "ApproximateNumberOfMessagesVisible"
    ]

    assert any(f"{queue}DeadLetters" in each for each in watched)


def test_the_consumer_writes_about_addresses_only(prod: Stage) -> None:
    (statement,) = [each for each in statements_of(prod, CONSUMER) if "dynamodb" in json.dumps(each["Action"])]

    assert statement["Action"] == "dynamodb:PutItem"
    assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["EMAIL#*"]}}


def test_whoever_deploys_finds_the_topic_under_its_name(prod: Stage) -> None:
    name, _ = topic_of(prod)
    named = {each["Name"]: each["Value"] for each in prod.of_type("AWS::SSM::Parameter")}

    assert named[sender.topic_parameter("prod")] == {"Ref": name}


def test_a_key_of_the_account_lets_ses_publish(full: Stage) -> None:
    policies = [each["KeyPolicy"] for each in full.of_type("AWS::KMS::Key")]
    statements = [statement for policy in policies for statement in policy["Statement"]]
    (statement,) = [each for each in statements if '"ses.' in json.dumps(each["Principal"])]

    assert topic_of(full)[1]["KmsMasterKeyId"] != {"Ref": "AWS::NoValue"}
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_a_stage_that_mails_nothing_has_none_of_it(stages: Stages) -> None:
    silent = stages.stage("dev")

    assert [name for name in silent.resources if "Feedback" in name] == []
