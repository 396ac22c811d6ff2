"""What each function may do, as its context says, and what the roles of a synthesised stage let it do."""

import importlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from infra import discovery
from tests.aws import hooks
from tests.infra.stages import Stage

# A transaction is allowed by the actions in it, a batch is an action of its own:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
TRANSACTED = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
INDEX = "the index"

# AWS knows no narrower resource for these: the service authorization reference lists none.
WITHOUT_RESOURCE = {"xray:PutTraceSegments", "xray:PutTelemetryRecords", "dynamodb:ListStreams"}
# What does not exist yet has no ARN; its tags are asked for instead.
BY_TAG = {"kms:CreateKey", "kms:TagResource"}

_DECLARED = [importlib.import_module(f"tests.infra.contexts.{context}.permissions") for context in discovery.contexts()]
TABLE_ACTIONS: dict[str, set[str]] = {handler: each for of in _DECLARED for handler, each in of.TABLE_ACTIONS.items()}
INDEX_READERS: set[str] = {handler for of in _DECLARED for handler in getattr(of, "INDEX_READERS", ())}
PEPPER_READERS: set[str] = {handler for of in _DECLARED for handler in getattr(of, "PEPPER_READERS", ())}
KEY_ACTIONS: dict[str, set[str]] = {
    handler: each for of in _DECLARED for handler, each in getattr(of, "KEY_ACTIONS", {}).items()
}
QUEUES_SENT_TO: dict[str, int] = {
    handler: count for of in _DECLARED for handler, count in getattr(of, "QUEUES_SENT_TO", {}).items()
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


@pytest.fixture
def used(aws: None) -> Iterator[set[str]]:
    """The IAM actions that the calls of the test would have asked for."""
    actions: set[str] = set()

    def note(params: dict[str, object], model: object, **_: object) -> None:
        operation = model.name  # type: ignore[attr-defined]
        writes = params.get("TransactItems", [])
        actions.update(TRANSACTED[kind] for write in writes for kind in write)  # type: ignore[attr-defined]
        actions.update(set() if writes else {operation})
        actions.update({INDEX} if "IndexName" in params else set())

    hooks.register("provide-client-params.dynamodb.*", note)
    yield actions
    hooks.unregister("provide-client-params.dynamodb.*", note)


def allowed(handler: str) -> set[str]:
    """Return what a function may do with the table, and whether with its index."""
    return TABLE_ACTIONS[handler] | ({INDEX} if handler in INDEX_READERS else set())
