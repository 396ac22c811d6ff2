"""Every request leaves one line in the log, which says what it was and what came of it, and nothing that is secret."""

import json
from typing import Any

import pytest

from functions.identity import authorizer
from shared import correlation
from shared.api.graphql import Fields, UnknownField
from shared.api.request import Response
from shared.api.rest import PUBLIC, Api, answer, handler
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import Conflict
from shared.observability import logger
from shared.storage import events
from tests.aws.entries import REQUEST_ID, Context, appsync_event, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.shared import log
from tests.shared.log import lines

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SECRET = "a sentence that is nobody else's"
WHO = {"tenant_id": "tenant_1", "user_id": "user_1"}
SERVICE = Caller("user_2", "tenant_1", (), frozenset({"things:read"}), "4kQzT0bX9aLm", (), None)

api = Api()
fields = Fields()
HAPPENED: list[dict[str, Any]] = []


class ThingTaken(Conflict):
    """409: somebody has it."""


@api.operation("POST", "/api/v1/things/<name>", scope=PUBLIC, summary="Keep a thing", answers={201: None})
def keep_thing(name: str) -> Response:
    """Keep it."""
    if name == "taken":
        raise ThingTaken(f"{SECRET} is taken.")
    if name == "broken":
        logger.warning("about to break")
        raise ZeroDivisionError
    happened = events.occurred(
        "things.thing.kept", partition="THINGS", subject_id=name, tenant_id="tenant_1", at=0, data={}
    )
    HAPPENED.append(happened.item)
    return answer(201, {"name": name})


@api.operation("GET", "/api/v1/things", scope="things:read", summary="List things", answers={200: None})
def list_things() -> Response:
    """List them."""
    return answer(200, {"items": []})


@fields.field("Query", "things", scope="things:read")
def things(kind: str) -> Any:
    """Tell things."""
    if kind == "taken":
        raise ThingTaken(f"{SECRET} is taken.")
    if kind == "broken":
        raise ZeroDivisionError
    return {"kind": kind}


def rest(method: str, path: str, *, request_id: str = "Hs7dXhQ4joEEMbg=", **headers: str) -> dict[str, Any]:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    event = http_event(method, path, {"word": SECRET} if method == "POST" else None, headers=sent, query=f"q={SECRET}")
    event["requestContext"]["requestId"] = request_id
    return handler(api)(event, Context())


def ask(kind: str, caller: Caller | None = SERVICE, **headers: str) -> Any:
    context = None if caller is None else auth.to_resolver_context(caller)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return fields.resolve(
        appsync_event("Query", "things", {"kind": kind}, resolver_context=context, headers=sent), Context()
    )


def test_an_answer_leaves_a_line(aws: None, capsys: pytest.CaptureFixture[str]):
    issuer = Issuer()
    issuer.publish()
    token = issuer.token(claims=issuer.claims(sub="user_1", tid="tenant_1", scope="things:read"))

    rest("GET", "/api/v1/things", authorization=f"Bearer {token}", traceparent=TRACEPARENT)
    (line,) = lines(capsys, "request")

    assert line.pop("timestamp").endswith("Z")
    assert line.pop("duration_ms") >= 0
    line.pop("cold_start", None)
    assert line == {
        "level": "INFO",
        "message": "request",
        "service": "milepost",
        "protocol": "rest",
        "operation": "list_things",
        "status": 422,
        "code": "InvalidInput",
        "caller": "user",
        **WHO,
        "request_id": "Hs7dXhQ4joEEMbg=",
        "traceparent": TRACEPARENT,
    }


@pytest.mark.parametrize(
    ("path", "operation", "status", "code"),
    [
        ("/api/v1/things/taken", "keep_thing", 409, "ThingTaken"),
        ("/api/v1/things/broken", "keep_thing", 500, "InternalError"),
        ("/api/v1/nothing", None, 404, "RouteNotFound"),
    ],
)
def test_so_does_a_refusal(
    path: str, operation: str | None, status: int, code: str, capsys: pytest.CaptureFixture[str]
):
    answered = http_event("POST", path)
    response = handler(api)(answered, Context())
    (line,) = lines(capsys, "request")

    assert (line.get("operation"), line["status"], line["code"]) == (operation, status, code)
    assert (line["caller"], line["request_id"]) == ("anonymous", "Hs7dXhQ4joEEMbg=")
    assert response["headers"]["X-Request-Id"] == json.loads(response["body"])["request_id"] == line["request_id"]


def test_what_is_logged_meanwhile_is_of_the_same_request(capsys: pytest.CaptureFixture[str]):
    log.follow()
    handler(api)(http_event("POST", "/api/v1/things/broken"), Context())
    logger.warning("of no request")

    assert [(line["message"], line.get("request_id")) for line in log.everything(capsys)] == [
        ("about to break", "Hs7dXhQ4joEEMbg="),
        ("unhandled exception", "Hs7dXhQ4joEEMbg="),
        ("request", "Hs7dXhQ4joEEMbg="),
        ("of no request", None),
    ]


def test_nothing_that_was_sent_is_in_the_line(capsys: pytest.CaptureFixture[str]):
    rest("POST", f"/api/v1/things/{SECRET}", authorization=f"Bearer {SECRET}", x_request_id=SECRET, traceparent=SECRET)
    rest("GET", f"/{SECRET}")
    ask("taken", traceparent=SECRET, x_amzn_requestid=SECRET)
    authorizer.handler({"authorizationToken": SECRET, "requestContext": {"requestId": "asked"}}, Context())

    written = lines(capsys, "request")

    assert len(written) == 4
    assert SECRET not in str(written)
    assert "203.0.113.7" not in str(written)


def test_an_id_that_the_caller_sends_is_not_believed(capsys: pytest.CaptureFixture[str]):
    answered = rest("POST", "/api/v1/things/lamp", request_id="ours", x_request_id="theirs")

    assert answered["headers"]["X-Request-Id"] == "ours"
    assert [line["request_id"] for line in lines(capsys, "request")] == ["ours"]


def test_an_event_says_for_which_request_it_happened():
    HAPPENED.clear()
    for path in ("lamp", "chair"):
        handler(api)(http_event("POST", f"/api/v1/things/{path}", headers={"traceparent": TRACEPARENT}), Context())
    outside = events.occurred("a.b.c", partition="P", subject_id="s", tenant_id="tenant_1", at=0, data={})

    said = {"request_id": "Hs7dXhQ4joEEMbg=", "traceparent": TRACEPARENT}
    assert [item["correlation"] for item in HAPPENED] == [said, said]
    assert "correlation" not in outside.item
    assert correlation.current() is None


def test_a_field_leaves_a_line(capsys: pytest.CaptureFixture[str]):
    answered = ask("lamp", traceparent=TRACEPARENT)
    (line,) = lines(capsys, "request")

    assert answered == {"kind": "lamp"}
    assert (line["protocol"], line["operation"], line["status"]) == ("graphql", "Query.things", 200)
    assert (line["caller"], line["tenant_id"], line["user_id"]) == ("service", "tenant_1", "user_2")
    assert (line["request_id"], line["traceparent"]) == (REQUEST_ID, TRACEPARENT)


def test_a_refused_field_names_its_request(capsys: pytest.CaptureFixture[str]):
    answered = ask("taken")
    (line,) = lines(capsys, "request")

    assert answered["error"]["details"]["requestId"] == line["request_id"] == REQUEST_ID
    assert (line["status"], line["code"]) == (409, "ThingTaken")


def test_a_field_that_breaks_leaves_a_line_too(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(ZeroDivisionError):
        ask("broken")
    (line,) = lines(capsys, "request")

    assert (line["status"], line["code"], line["request_id"]) == (500, "InternalError", REQUEST_ID)


def test_a_field_of_nobody_leaves_a_line_of_nobody(capsys: pytest.CaptureFixture[str]):
    ask("lamp", caller=None)
    (line,) = lines(capsys, "request")

    assert (line["status"], line["code"], line["caller"]) == (401, "MissingCredential", "anonymous")


def test_a_request_that_appsync_gave_no_id_is_known_by_the_call(capsys: pytest.CaptureFixture[str]):
    ask("lamp", x_amzn_requestid="not an id of AppSync")
    (line,) = lines(capsys, "request")

    assert line["request_id"] == Context().aws_request_id


def test_a_field_that_nobody_resolves_leaves_a_line(capsys: pytest.CaptureFixture[str]):
    event = appsync_event("Query", "nothing", {}, resolver_context=auth.to_resolver_context(SERVICE))
    with pytest.raises(UnknownField):
        fields.resolve(event, Context())

    assert [line["status"] for line in lines(capsys, "request")] == [500]


def test_the_authorizer_leaves_a_line(capsys: pytest.CaptureFixture[str]):
    event = {"authorizationToken": "nonsense", "requestContext": {"requestId": REQUEST_ID}, "requestHeaders": {}}

    refused = authorizer.handler(event, Context())
    (line,) = lines(capsys, "request")

    assert refused == {"isAuthorized": False}
    assert (line["protocol"], line["status"], line["request_id"]) == ("authorizer", 401, REQUEST_ID)
