"""The resolvers of fields, the one for all and those that concern subscribers, evaluated as AppSync would."""

from pathlib import Path
from typing import Any

import pytest
from ministack.core import appsync_js

from infra.constructs.graphql import DISCONNECT, PUBLISH, RESOLVER, SUBSCRIBE

CODE = RESOLVER.read_text()
ROLE = {"accountId": "123456789012", "userArn": "arn:aws:sts::123456789012:assumed-role/goal-progress/function"}
REQUEST = {"headers": {"x-amzn-requestid": "7c2ab0a5-0c3c-4ae1-8c1e-2d4a0c7a3f10"}}
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


def test_what_broke_inside_is_not_told_but_in_which_request() -> None:
    broken = {"error": {"message": "KeyError: 'secret'", "type": "Lambda:Unhandled"}, "request": REQUEST}
    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("response", broken)

    assert raised.value.error_type == "InternalError"
    assert raised.value.error_info == {"requestId": "7c2ab0a5-0c3c-4ae1-8c1e-2d4a0c7a3f10"}
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("argument", ["progress", "change"])
def test_what_a_role_publishes_is_the_answer(argument: str) -> None:
    told = {"goalId": "goal_1", "progressPercentage": 25.0}
    request = _evaluate("request", {"args": {argument: told}, "identity": ROLE}, code=PUBLISH.read_text())

    assert request == {"payload": told}
    assert _evaluate("response", {"result": told}, code=PUBLISH.read_text()) == told


@pytest.mark.parametrize("identity", [PERSON, None, {}])
@pytest.mark.parametrize("code", [PUBLISH, DISCONNECT], ids=lambda path: path.stem)
def test_only_roles_publish_or_disconnect(code: Path, identity: Any) -> None:
    context = {"args": {"progress": {"goalId": "goal_1"}, "whom": {"departedId": "user_1"}}, "identity": identity}

    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("request", context, code=code.read_text())

    assert raised.value.error_type == "Unauthorized"


def test_a_subscription_is_asked_for_like_any_field() -> None:
    event = {"arguments": {"goalId": "goal_1"}, "identity": PERSON, "info": {"fieldName": "onGoalProgress"}}
    context = {**event, "args": event["arguments"]}

    assert _evaluate("request", context, code=SUBSCRIBE.read_text()) == _evaluate("request", context)


@pytest.mark.parametrize(
    ("whom", "ends"),
    [
        ({"departedId": "user_owner"}, True),
        ({"departedId": "user_listener"}, True),
        ({"goalId": "goal_1", "listenerId": "user_listener"}, True),
        ({"departedId": "user_other"}, False),
        ({"goalId": "goal_2", "listenerId": "user_listener"}, False),
        ({"goalId": "goal_1", "listenerId": "user_other"}, False),
    ],
)
def test_a_subscription_ends_when_its_listener_may_listen_no_more(whom: dict[str, str], *, ends: bool) -> None:
    left = {"goalId": "goal_1", "listenerId": "user_listener"}
    subscribed = {"endedBy": [{"departedId": "user_owner"}, {"departedId": "user_listener"}, left]}
    (kept,) = _extensions("response", {"result": subscribed}, code=SUBSCRIBE)
    ending = {"args": {"whom": whom}, "identity": ROLE, "info": {"fieldName": "disconnectListeners"}}
    (invalidation,) = _extensions("response", ending, code=DISCONNECT)

    assert _evaluate("response", {"result": subscribed}, code=SUBSCRIBE.read_text()) is None
    assert kept["op"] == "setSubscriptionInvalidationFilter"
    assert invalidation == {
        "op": "invalidateSubscriptions",
        "payload": {"subscriptionField": "onGoalProgress", "payload": whom},
    }
    assert _matches(kept["filter"], whom) == ends


@pytest.mark.parametrize(
    ("field", "subscription"),
    [
        ("disconnectListeners", "onGoalProgress"),
        ("disconnectProjectListeners", "onProjectChanged"),
        ("disconnectWorklistListeners", "onWorklistChanged"),
    ],
)
def test_each_disconnection_ends_its_own_subscription(field: str, subscription: str) -> None:
    ending = {"args": {"whom": {"departedId": "user_1"}}, "identity": ROLE, "info": {"fieldName": field}}
    (invalidation,) = _extensions("response", ending, code=DISCONNECT)

    assert invalidation["payload"]["subscriptionField"] == subscription


def test_who_may_not_subscribe_is_told_why_and_nothing_is_kept() -> None:
    refusal = {"code": "GoalNotFound", "message": "There is no such goal.", "details": {}}

    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("response", {"result": {"__milepost_error": True, "error": refusal}}, code=SUBSCRIBE.read_text())

    assert raised.value.error_type == "GoalNotFound"


def test_what_broke_while_subscribing_is_not_told_but_in_which_request() -> None:
    broken = {"error": {"message": "KeyError: 'secret'"}, "request": REQUEST}
    with pytest.raises(appsync_js.AppSyncJsError) as raised:
        _evaluate("response", broken, code=SUBSCRIBE.read_text())

    assert raised.value.error_type == "InternalError"
    assert raised.value.error_info == {"requestId": "7c2ab0a5-0c3c-4ae1-8c1e-2d4a0c7a3f10"}


def _extensions(handler: str, context: dict[str, Any], *, code: Path) -> list[dict[str, Any]]:
    """Return what a resolver asks of AppSync besides its answer, as the emulator's worker records it."""
    found = appsync_js._pool.call({"code": code.read_text(), "fn": handler, "ctx": context})
    return list(found["extensions"])


def _matches(kept: dict[str, Any], payload: dict[str, str]) -> bool:
    """Tell whether a filter matches, as AWS documents it: in one group at least, all filters."""
    return any(
        all(each["operator"] == "eq" and payload.get(each["fieldName"]) == each["value"] for each in group["filters"])
        for group in kept["filterGroup"]
    )


def _evaluate(handler: str, context: dict[str, Any], *, code: str = CODE) -> Any:
    _, value, *_ = appsync_js.evaluate(code, handler, context)
    return value
