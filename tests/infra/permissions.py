"""What each function may do, and what the roles of a synthesised stage let it do."""

from collections.abc import Mapping
from typing import Any

from tests.infra.stages import Stage

# AWS knows no narrower resource for these: the service authorization reference lists none.
WITHOUT_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"}


# What does not exist yet has no ARN; its tags are asked for instead.
BY_TAG = {"kms:CreateKey", "kms:TagResource"}


TABLE_ACTIONS = {
    "functions.goals.api.handler": {
        "BatchGetItem",
        "BatchWriteItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.goals.removal.stream_consumers.handler": {
        "DescribeStream",
        "GetRecords",
        "GetShardIterator",
        "ListStreams",
    },
    "functions.goals.removal.consumers.handler": {"BatchWriteItem", "GetItem", "Query"},
    "functions.goals.progress_consumers.handler": {"GetItem"},
    "functions.goals.schedules.consumers.handler": {"GetItem", "PutItem", "Query"},
    "functions.identity.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.identity.audit.consumers.handler": {"BatchGetItem", "PutItem"},
    "functions.identity.access_tokens.consumers.handler": {"DeleteItem", "PutItem", "Query"},
    "functions.identity.authorizer.handler": {"BatchGetItem", "PutItem", "Query"},
    "functions.milestones.projects.consumers.handler": {"GetItem", "PutItem", "Query"},
    "functions.milestones.schedule_consumers.handler": {"GetItem", "PutItem"},
    "functions.webhooks.api.handler": {
        "BatchGetItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.webhooks.consumers.handler": {"BatchGetItem", "PutItem", "Query"},
    "functions.webhooks.delivery_consumers.handler": {"BatchGetItem", "DeleteItem", "PutItem"},
    "functions.outbox.consumers.handler": {"DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"},
    "functions.milestones.api.handler": {
        "BatchGetItem",
        "ConditionCheckItem",
        "DeleteItem",
        "GetItem",
        "PutItem",
        "Query",
        "UpdateItem",
    },
    "functions.milestones.consumers.handler": {"DeleteItem", "GetItem", "PutItem", "Query"},
    "functions.portal.api.handler": {"DescribeTable", "UpdateItem"},
}


INDEX_READERS = {
    "functions.milestones.projects.consumers.handler",
    "functions.milestones.api.handler",
    "functions.milestones.consumers.handler",
    "functions.goals.api.handler",
    "functions.goals.removal.consumers.handler",
    "functions.goals.schedules.consumers.handler",
    "functions.identity.api.handler",
    "functions.webhooks.api.handler",
    "functions.webhooks.consumers.handler",
}


QUEUES_SENT_TO = {
    "functions.goals.removal.stream_consumers.handler": 1,
    "functions.goals.removal.consumers.handler": 1,
    "functions.webhooks.consumers.handler": 2,
    "functions.webhooks.delivery_consumers.handler": 1,
}


KEY_ACTIONS = {
    "functions.identity.access_tokens.consumers.handler": {
        "CreateKey",
        "GetPublicKey",
        "ScheduleKeyDeletion",
        "TagResource",
    },
    "functions.identity.api.handler": {"GetPublicKey", "Sign"},
    "functions.portal.api.handler": {"DescribeKey"},
}


def actions_of(stage: Stage, handler: str) -> set[tuple[str, str]]:
    actions = {action for statement in statements_of(stage, handler) for action in actions_in(statement)}
    return {(service, action) for service, action in (action.split(":") for action in actions)}


def statements_of(stage: Stage, handler: str) -> list[Mapping[str, Any]]:
    (role,) = (
        function["Role"]["Fn::GetAtt"][0]
        for function in stage.of_type("AWS::Lambda::Function")
        if function["Handler"] == handler
    )
    policies = [policy for policy in stage.of_type("AWS::IAM::Policy") if policy["Roles"] == [{"Ref": role}]]
    return [statement for policy in policies for statement in statements_in(policy)]


def statements_in(policy: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(policy["PolicyDocument"]["Statement"])


def actions_in(statement: Mapping[str, Any]) -> list[str]:
    return [str(action) for action in as_list(statement["Action"])]


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
