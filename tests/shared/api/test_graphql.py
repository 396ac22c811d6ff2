"""The GraphQL resolver itself, with fields made for the purpose; those of a context are tested with it."""

from typing import Any

import pytest
import time_machine
from pydantic import BaseModel

from shared.api.graphql import Fields, UnknownField, connection, limit_of
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import InvalidInput, NotFound, Unavailable
from tests.aws.emf import Measured, counted
from tests.aws.entries import REQUEST_ID, Context, appsync_event

CALLER = Caller("user_1", "tenant_1", ("owner",), frozenset({"things:read"}), None, ("pwd",), 7)
fields = Fields(verbatim=frozenset({"verbatim"}))


class ThingDraft(BaseModel):
    """A thing."""

    due_at: int


class ThingLost(NotFound):
    """404: it is lost."""


@fields.field("Query", "things", scope="things:read")
def things(owner_id: str, input: Any = None, verbatim: Any = None) -> dict[str, Any]:  # noqa: A002
    """Tell what was asked for, and by whom."""
    asked = {"owner_id": owner_id, "input": input, "by_whom": fields.caller.user_id}
    return {**asked, "verbatim": verbatim, "deep_ones": [{"is_in": 1}]}


@fields.field("Query", "wrong", scope="things:read")
def wrong(kind: str) -> Any:
    """Go wrong."""
    if kind == "lost":
        raise ThingLost("It is lost.")
    if kind == "busy":
        raise Unavailable("It is busy.")
    if kind == "value":
        raise ValueError("a mistake of ours")
    if kind == "model":
        return ThingDraft.model_validate({"due_at": "soon"})
    raise InvalidInput.of("history.3.due_at", "is wrong")


@fields.field("Mutation", "secret", scope="things:write")
def secret() -> str:
    """Be out of reach."""
    return "secret"


def ask(type_name: str, name: str, caller: Caller | None = CALLER, **arguments: Any) -> Any:
    context = None if caller is None else auth.to_resolver_context(caller)
    return fields.resolve(appsync_event(type_name, name, arguments, resolver_context=context), Context())


def test_names_are_turned_from_one_case_to_the_other_and_back():
    asked = {"dueAt": 1, "manyTags": [{"isIn": 2}]}

    assert ask("Query", "things", ownerId="user_2", input=asked) == {
        "ownerId": "user_2",
        "input": asked,
        "byWhom": "user_1",
        "verbatim": None,
        "deepOnes": [{"isIn": 1}],
    }


def test_what_is_the_callers_own_is_left_as_it_was_sent():
    sent = {"firstStep": 1, "second_step": {"thirdStep": 2}}

    assert ask("Query", "things", ownerId="user_2", verbatim=sent)["verbatim"] == sent


def test_a_field_takes_a_megabyte_and_no_more():
    around = len('{"ownerId":""}')
    taken, refused = (ask("Query", "things", ownerId="x" * (size - around)) for size in (1024**2, 1024**2 + 1))

    assert taken["byWhom"] == "user_1"
    assert (refused["error"]["code"], refused["error"]["details"]["status"]) == ("TooLarge", 413)


def test_a_refusal_is_an_envelope():
    assert ask("Query", "wrong", kind="lost") == {
        "__milepost_error": True,
        "error": {
            "code": "ThingLost",
            "message": "It is lost.",
            "details": {"status": 404, "errors": [], "requestId": REQUEST_ID},
        },
    }


@pytest.mark.parametrize(("kind", "named"), [("field", "history.3.dueAt"), ("model", "dueAt")])
def test_a_refused_field_is_named_in_the_case_of_the_client(kind: str, named: str):
    error = ask("Query", "wrong", kind=kind)["error"]

    assert (error["code"], [each["field"] for each in error["details"]["errors"]]) == ("InvalidInput", [named])


def test_a_caller_without_the_scope_is_refused():
    error = ask("Mutation", "secret")["error"]

    assert (error["code"], error["details"]["status"]) == ("InsufficientScope", 403)


def test_a_request_that_no_authorizer_let_in_is_refused():
    error = ask("Query", "things", caller=None, ownerId="user_2")["error"]

    assert (error["code"], error["details"]["status"]) == ("MissingCredential", 401)


@pytest.mark.parametrize(("limit", "size"), [(None, 20), (1, 1), (100, 100)])
def test_a_page_has_20_items_unless_asked_for_otherwise(limit: int | None, size: int):
    assert limit_of(limit) == size


@pytest.mark.parametrize("limit", [0, -1, 101])
def test_a_page_of_another_size_is_refused(limit: int):
    with pytest.raises(InvalidInput):
        limit_of(limit)


def test_a_list_is_a_connection():
    assert connection(([{"a": 1}], "next")) == {"items": [{"a": 1}], "next_token": "next"}


@pytest.mark.usefixtures("aws", "usual_limits")
@time_machine.travel("2026-11-20T12:00Z", tick=False)
def test_who_asks_too_often_is_told_when_to_come_back():
    for _ in range(50):
        ask("Query", "things", ownerId="user_2")

    refused = ask("Query", "things", ownerId="user_2")["error"]

    assert refused["code"] == "RateLimited"
    assert refused["details"] == {"status": 429, "errors": [], "requestId": REQUEST_ID, "retryAfter": 1}


def test_what_belongs_to_an_object_is_not_counted_again():
    context = auth.to_resolver_context(CALLER)
    nested = appsync_event("Query", "things", {"ownerId": "user_2"}, resolver_context=context, source={"id": 1})

    answers = [fields.resolve(nested, Context()) for _ in range(60)]

    assert all("__milepost_error" not in answer for answer in answers)
    assert ask("Query", "things", ownerId="user_2")["ownerId"] == "user_2"


def test_a_mistake_of_ours_is_no_refusal():
    with pytest.raises(ValueError, match="a mistake of ours"):
        ask("Query", "wrong", kind="value")


def test_a_field_that_nobody_resolves_is_a_mistake_of_ours():
    with pytest.raises(UnknownField, match=r"Query\.nothing"):
        ask("Query", "nothing")


def test_what_a_field_refuses_is_counted_by_its_status(capsys: pytest.CaptureFixture[str]):
    ask("Mutation", "secret")
    ask("Query", "things", caller=None)
    ask("Query", "wrong", kind="lost")

    assert [(each.service, each.value) for each in counted(capsys, "RequestsRefused")] == [
        ("graphql", "403"),
        ("graphql", "401"),
    ]


def test_a_field_that_is_unavailable_is_counted(capsys: pytest.CaptureFixture[str]):
    ask("Query", "wrong", kind="busy")

    assert counted(capsys, "RequestsRefused") == [Measured("graphql", "RequestsRefused", "503", [1.0])]
