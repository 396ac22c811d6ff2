"""Who acts while a request is answered: its caller once they are known, nobody before, and the system afterwards."""

from typing import Any

import pytest

from shared import actors
from shared.actors import ANONYMOUS, SYSTEM, Actor
from shared.api.graphql import Fields
from shared.api.request import Response
from shared.api.rest import PUBLIC, Api, answer, handler
from shared.callers import auth
from shared.callers.auth import Caller
from tests.aws.entries import Context, appsync_event, http_event
from tests.identity.access_tokens.issuer import Issuer

USER = Caller("user_1", "tenant_1", (), frozenset({"things:read"}), None, (), None)
SERVICE = Caller("user_2", "tenant_1", (), frozenset({"things:read"}), "4kQzT0bX9aLm", (), None)

api = Api()
fields = Fields()
acted: list[Actor] = []


@pytest.fixture(autouse=True)
def _nobody_has_acted() -> None:
    acted.clear()


@api.operation("POST", "/api/v1/things", scope=PUBLIC, summary="Keep a thing", answers={201: None})
def keep_thing() -> Response:
    """Keep it, whoever asks."""
    acted.append(actors.current())
    return answer(201, {})


@api.operation("GET", "/api/v1/things/<name>", scope="things:read", summary="Show a thing", answers={200: None})
def show_thing(name: str) -> Response:
    """Show it."""
    acted.append(actors.current())
    if name == "broken":
        raise ZeroDivisionError
    return answer(200, {})


@fields.field("Query", "thing", scope="things:read")
def thing(name: str) -> Any:
    """Tell it."""
    acted.append(actors.current())
    if name == "broken":
        raise ZeroDivisionError
    return {"name": name}


def rest(method: str, path: str, **headers: str) -> None:
    handler(api)(http_event(method, path, headers=headers), Context())


def ask(name: str, caller: Caller) -> None:
    context = auth.to_resolver_context(caller)
    fields.resolve(appsync_event("Query", "thing", {"name": name}, resolver_context=context), Context())


@pytest.mark.parametrize("name", ["whole", "broken"])
def test_the_caller_acts_and_nobody_does_behind_the_answer(aws: None, name: str) -> None:
    issuer = Issuer().publish()
    token = issuer.token(claims=issuer.claims(sub="user_1", tid="tenant_1", scope="things:read"))
    rest("GET", f"/api/v1/things/{name}", authorization=f"Bearer {token}")

    assert acted == [Actor("user", "user_1")]
    assert actors.current() == SYSTEM


def test_nobody_is_known_to_act_where_nobody_is_asked_for(aws: None) -> None:
    issuer = Issuer().publish()
    token = issuer.token(claims=issuer.claims(sub="user_1", tid="tenant_1", scope="things:read"))
    rest("GET", "/api/v1/things/whole", authorization=f"Bearer {token}")
    rest("POST", "/api/v1/things", authorization=f"Bearer {token}")

    assert acted == [Actor("user", "user_1"), ANONYMOUS]


@pytest.mark.parametrize(("caller", "actor"), [(USER, Actor("user", "user_1")), (SERVICE, Actor("service", "user_2"))])
def test_the_caller_of_a_field_acts(caller: Caller, actor: Actor) -> None:
    ask("whole", caller)
    with pytest.raises(ZeroDivisionError):
        ask("broken", caller)

    assert acted == [actor, actor]
    assert actors.current() == SYSTEM
