"""A stage whose front is the only way in: what comes past it is refused at every operation, before anything is read."""

import json
import secrets
from collections.abc import Callable, Iterator

import boto3
import pytest

from shared.api import front
from tests.aws import entries, hooks
from tests.aws.entries import Answer
from tests.platform.operations import HANDLERS, OPERATIONS, Operation, send
from tests.platform.tenants import Tenants

SECRET = "a-secret-that-the-front-and-the-stage-share"
GONE = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone"
HEALTH = "/api/v1/health"
FILES = ["/", "/dashboard/nothing.js", "/api/v1/docs", "/api/v1/nothing-of-the-kind"]

Store = Callable[..., None]


@pytest.fixture
def closed(tenants: Tenants, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A stage with its front as the only way in; the function stores another secret."""
    manager = boto3.client("secretsmanager")
    text = json.dumps({"current": SECRET, "previous": ""})
    arn = manager.create_secret(Name=f"front-{secrets.token_hex(8)}", SecretString=text)["ARN"]
    monkeypatch.setenv("FRONT_SECRET_ID", arn)
    monkeypatch.setenv("FRONT_ADDRESS_HEADER", "x-viewer-address")
    monkeypatch.setenv("FRONT_IS_THE_ONLY_WAY_IN", "true")
    front.forget()

    def store(**values: str) -> None:
        manager.put_secret_value(SecretId=arn, SecretString=json.dumps(values))

    yield store
    front.forget()


def through(path: str, secret: str) -> Answer:
    return send("GET", path, headers={"x-front-secret": secret, "x-viewer-address": "198.51.100.10"})


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
@pytest.mark.usefixtures("closed")
def test_no_operation_answers_past_the_front(operation: Operation) -> None:
    called: list[str] = []
    path = operation.path.replace("{", "").replace("}", "")
    with hooks.registered("before-call", lambda model, **_: called.append(model.name)):
        answers = [send(operation.method, path, headers=headers) for headers in ({}, {"authorization": "Bearer x.y.z"})]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(403, "FrontBypassed")}
    assert called == []


@pytest.mark.parametrize("path", FILES)
@pytest.mark.parametrize("context", HANDLERS)
@pytest.mark.usefixtures("closed")
def test_pages_and_unknown_paths_are_closed_too(context: str, path: str) -> None:
    event = entries.http_event("GET", path)
    answer = HANDLERS[context](event, entries.Context())

    assert answer["statusCode"] == 403
    assert json.loads(answer["body"])["code"] == "FrontBypassed"
    assert answer["headers"]["Cache-Control"] == "no-store"


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], f"{SECRET},{SECRET}", "\ud800"])
@pytest.mark.usefixtures("closed")
def test_a_wrong_secret_opens_nothing(secret: str) -> None:
    answer = through(HEALTH, secret)

    assert (answer.status, answer.body["code"]) == (403, "FrontBypassed")


@pytest.mark.usefixtures("closed")
def test_the_front_is_let_through_to_health_keys_and_reference() -> None:
    paths = [HEALTH, "/.well-known/jwks.json", "/.well-known/openid-configuration", "/api/v1/openapi.json"]

    assert {path: through(path, SECRET).status for path in paths} == dict.fromkeys(paths, 200)


def test_while_the_secret_is_changed_both_values_open(closed: Store) -> None:
    closed(current="the next secret", previous=SECRET)

    assert [through(HEALTH, secret).status for secret in (SECRET, "the next secret")] == [200, 200]


@pytest.mark.usefixtures("closed")
def test_a_secret_that_was_never_read_is_an_outage_and_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONT_SECRET_ID", GONE)
    by_front, past_it = through(HEALTH, SECRET), send("GET", HEALTH)

    assert (by_front.status, by_front.body["code"]) == (503, "Unavailable")
    assert past_it.status == 403


@pytest.mark.usefixtures("closed")
def test_a_front_that_only_names_addresses_closes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONT_IS_THE_ONLY_WAY_IN")

    assert send("GET", HEALTH).status == 200
