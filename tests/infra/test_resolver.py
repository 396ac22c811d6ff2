"""The resolvers of fields, the one for all and the one for what is published, evaluated as AppSync would."""

from typing import Any

import pytest
from ministack.core import appsync_js

from infra.graphql import PUBLISH, RESOLVER

CODE = RESOLVER.read_text()
ROLE = {"accountId": "123456789012", "userArn": "arn:aws:sts::123456789012:assumed-role/goal-progress/function"}
PERSON = {"resolverContext": {"user_id": "user_1"}}


def test_the_function_gets_the_event_that_its_router_reads() -> None:
    event = {
        "arguments": {"goalId": "goal_1"},
        "identity": {"resolverContext": {"user_id": "user_1"}},
        "info": {"fieldName": "goal", "parentTypeName": "Query"},
        "request": {"headers": {"x-a": "b"}},
        "source": {"goalId": "goal_0"},
        "stash": {},
        "prev": None,
    }

    request = _evaluate("request", event | {"args": event["arguments"]})

    assert request == {"operation": "Invoke", "payload": event}


@pytest.mark.parametrize("value", [{"goalId": "goal_1"}, [], 7, False, "text"])
def test_what_a_function_answers_is_passed_on(value: object) -> None:
    assert _evaluate("response", {"result": value}) == value


def test_a_refusal_becomes_an_error_with_its_code_and_details() -> None:
    refusal = {"code": "GoalNotFound", "message": "There is no such goal.", "details": {"goal_id": "goal_1"}}

    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("response", {"result": {"__milepost_error": True, "error": refusal}})

    assert raised.value.error_type == "GoalNotFound"
    assert str(raised.value) == "There is no such goal."
    assert raised.value.error_info == {"goal_id": "goal_1"}


def test_what_broke_inside_is_not_told() -> None:
    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("response", {"error": {"message": "KeyError: 'secret'", "type": "Lambda:Unhandled"}})

    assert raised.value.error_type == "InternalError"
    assert "secret" not in str(raised.value)


def test_what_a_role_publishes_is_the_answer() -> None:
    progress = {"goalId": "goal_1", "progressPercentage": 25.0}
    request = _evaluate("request", {"args": {"progress": progress}, "identity": ROLE}, code=PUBLISH.read_text())

    assert request == {"payload": progress}
    assert _evaluate("response", {"result": progress}, code=PUBLISH.read_text()) == progress


@pytest.mark.parametrize("identity", [PERSON, None, {}])
def test_only_roles_publish(identity: Any) -> None:
    context = {"args": {"progress": {"goalId": "goal_1"}}, "identity": identity}

    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("request", context, code=PUBLISH.read_text())

    assert raised.value.error_type == "Unauthorized"


def _evaluate(handler: str, context: dict[str, Any], *, code: str = CODE) -> Any:
    _, value, *_ = appsync_js.evaluate(code, handler, context)
    return value
