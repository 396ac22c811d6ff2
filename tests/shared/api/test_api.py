"""The REST resolver itself, with operations made for the purpose; those of a context are tested with it."""

import base64
import json
from typing import Annotated

import pytest
from pydantic import BaseModel

from shared.api.declarations import Body, Query
from shared.api.request import Response
from shared.api.rest import PUBLIC, Api, answer, handler
from shared.errors import Conflict, FieldError, Refusal, TooManyRequests
from tests.aws.entries import Answer, Context, http_event


class Thing(BaseModel):
    """A thing."""

    name: str


class ThingTaken(Conflict):
    """409: somebody has it."""


api = Api()
KEPT: list[str] = []


@api.operation("POST", "/api/v1/things", scope=PUBLIC, summary="Keep a thing", answers={201: Thing})
def keep_thing(sent: Annotated[Thing, Body()]) -> Response:
    """Keep it."""
    KEPT.append(sent.name)
    return answer(201, {"name": sent.name, "version": 7})


@api.operation("GET", "/api/v1/things/<name>", scope=PUBLIC, summary="Look at a thing", answers={200: Thing})
def look_at_thing(name: str, times: Annotated[int, Query(ge=1)] = 1) -> Response:
    """Look at it."""
    return answer(200, {"name": name * times})


@api.operation("DELETE", "/api/v1/things/<name>", scope=PUBLIC, summary="Drop a thing", answers={204: None})
def drop_thing(name: str) -> Response:
    """Drop it, or not."""
    errors: dict[str, Exception] = {
        "taken": ThingTaken("It is taken.", errors=[FieldError(field="name", reason="is taken")]),
        "busy": TooManyRequests("Slower.", headers={"Retry-After": "7"}),
        "broken": ZeroDivisionError("a secret of ours"),
    }
    if name in errors:
        raise errors[name]
    return answer(204)


@pytest.mark.parametrize(
    "value", [2**63 - 1, -(2**63), 2**64, 10**40, 0.1, 1e16, "ä€𝄞\u2028<&>", [None, True, {"a": []}]]
)
def test_an_answer_is_json_that_says_exactly_what_is_meant(value: object) -> None:
    body = answer(200, {"value": value}).body

    assert json.loads(body) == {"value": value}
    assert body.startswith('{"value":')
    assert body.isascii() is not isinstance(value, str)


def call(method: str, path: str, body: object = None, *, query: str = "", **changes: object) -> Answer:
    response = handler(api)({**http_event(method, path, body, query=query), **changes}, Context())
    return Answer(response["statusCode"], json.loads(response["body"] or "null"), response["headers"])


def test_an_answer_has_its_version_as_its_entity_tag_and_is_not_kept_by_caches():
    kept = call("POST", "/api/v1/things", {"name": "lamp"})

    assert (kept.status, kept.body) == (201, {"name": "lamp", "version": 7})
    assert kept.headers["ETag"] == '"7"'
    assert kept.headers["Cache-Control"] == "no-store"
    assert kept.headers["Content-Type"] == "application/json"


def test_no_content_has_no_body():
    dropped = call("DELETE", "/api/v1/things/lamp")

    assert (dropped.status, dropped.body) == (204, None)


def test_a_refusal_is_a_problem_document():
    refused = call("DELETE", "/api/v1/things/taken")

    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.headers["Cache-Control"] == "no-store"
    assert refused.body == {
        "type": "urn:milepost:error:ThingTaken",
        "title": "Conflict",
        "status": 409,
        "detail": "It is taken.",
        "code": "ThingTaken",
        "request_id": "Hs7dXhQ4joEEMbg=",
        "errors": [{"field": "name", "reason": "is taken"}],
    }


def test_a_refusal_can_say_when_to_come_back():
    refused = call("DELETE", "/api/v1/things/busy")

    assert (refused.status, refused.headers["Retry-After"]) == (429, "7")


def test_what_breaks_here_is_logged_and_told_without_its_cause(caplog: pytest.LogCaptureFixture):
    broken = call("DELETE", "/api/v1/things/broken")

    assert (broken.status, broken.code) == (500, "InternalError")
    assert "secret" not in json.dumps(broken.body)
    assert "a secret of ours" in caplog.text


def test_every_status_of_a_refusal_has_a_name():
    kinds = [Refusal, *Refusal.__subclasses__()]

    assert {kind.status for kind in kinds} >= {400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 500, 503}


@pytest.mark.parametrize("path", ["/", "/api/v1", "/api/v1/thing", "/api/v1/things/lamp/parts", "/api/v2/things"])
def test_a_path_that_there_is_not_is_not_found(path: str):
    answered = call("GET", path)

    assert (answered.status, answered.code) == (404, "RouteNotFound")


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_method_that_there_is_not_is_told_which_there_are(method: str):
    answered = call(method, "/api/v1/things")

    assert (answered.status, answered.code, answered.headers["Allow"]) == (405, "MethodNotSupported", "POST")


def test_where_a_get_is_allowed_so_is_a_head():
    answered = call("PUT", "/api/v1/things/lamp")

    assert (answered.status, answered.headers["Allow"]) == (405, "DELETE, GET, HEAD")


def test_a_body_may_come_in_base64():
    body = base64.b64encode(b'{"name": "l\xc3\xa4mp"}').decode()

    kept = call("POST", "/api/v1/things", body, isBase64Encoded=True)

    assert (kept.status, kept.body["name"]) == (201, "lämp")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\xff\xfe", "Malformed"),
        (b'{"name": "\xff"}', "Malformed"),
        (b"{", "Malformed"),
        (b"[" * 100_000, "Malformed"),
        (b"null", "InvalidInput"),
        (b"[]", "InvalidInput"),
    ],
)
def test_a_body_that_cannot_be_read_keeps_nothing(content: bytes, code: str):
    before = list(KEPT)

    refused = call("POST", "/api/v1/things", base64.b64encode(content).decode(), isBase64Encoded=True)

    assert refused.code == code
    assert before == KEPT


@pytest.mark.parametrize(
    "media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON", "application/json;v=1"]
)
def test_a_body_of_json_is_taken_however_it_is_spelled(media_type: str):
    event = http_event("POST", "/api/v1/things", {"name": "lamp"}, headers={"content-type": media_type})

    assert handler(api)(event, Context())["statusCode"] == 201


@pytest.mark.parametrize("times", ["0", "x", "1.5", ""])
def test_a_wrong_query_parameter_is_named(times: str):
    refused = call("GET", "/api/v1/things/lamp", query=f"times={times}")

    assert (refused.status, refused.fields) == (422, ["times"])


def test_a_value_of_the_path_is_taken_as_it_is():
    assert call("GET", "/api/v1/things/a b{c}").body == {"name": "a b{c}"}


def test_an_operation_without_a_scope_cannot_be_declared():
    with pytest.raises(TypeError, match="scope"):
        Api().operation("GET", "/api/v1/things", summary="Look", answers={})  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="scope"):
        Api().operation("GET", "/api/v1/things", scope="", summary="Look", answers={})
