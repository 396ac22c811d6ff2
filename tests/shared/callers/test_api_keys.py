"""What looking at an API key costs, and everything that can come of it. Their shape: test_api_key_shape.py."""

from datetime import UTC, datetime, timedelta

import boto3
import pytest
import time_machine

from shared import clock
from shared.aws.client import NoAnswer
from shared.callers import api_keys, auth
from shared.callers.api_keys import ApiKey, Outcome
from shared.errors import Unavailable
from shared.storage import table
from tests.aws import hooks

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def noon():
    with time_machine.travel(NOON, tick=False) as time:
        yield time


@pytest.fixture
def calls(aws: None) -> list[str]:
    """The calls of the table, in order."""
    made: list[str] = []
    hooks.register("before-call.dynamodb", lambda model, **_: made.append(model.name))
    return made


def issued(**state: object) -> ApiKey:
    """Return a key whose record says this."""
    key = api_keys.new()
    pk, sk = api_keys.record_key(key.key_id)
    record = {
        "PK": pk,
        "SK": sk,
        "key_id": key.key_id,
        "tenant_id": "tenant_1",
        "user_id": "user_1",
        "scopes": ["goals:read"],
        "pepper_version": api_keys.pepper.current().name,
        "digest": api_keys.digest(key.text, api_keys.pepper.current()),
        "valid_until": None,
        "disabled": False,
        "revoked": False,
    }
    table.put_many([record | state])
    return key


def outcome(text: str) -> Outcome:
    return api_keys.examine(text, now=clock.now())[0]


def another_secret(key: ApiKey) -> str:
    """Return a key of the same id and stage, with a secret and a checksum of its own."""
    signed = f"mlp_local_{key.key_id}_{'x' * 43}"
    return signed + api_keys.checksum(signed)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, Outcome.VALID),
        ({"revoked": True}, Outcome.REVOKED),
        ({"revoked": True, "disabled": True, "valid_until": 0}, Outcome.REVOKED),
        ({"valid_until": 0, "disabled": True}, Outcome.EXPIRED),
        ({"disabled": True}, Outcome.DISABLED),
    ],
)
def test_the_outcome_is_the_state_of_the_key(state: dict, expected: Outcome):
    assert outcome(issued(**state).text) is expected


def test_who_has_not_the_secret_learns_nothing_of_the_key():
    keys = [issued(), issued(revoked=True), issued(disabled=True), issued(valid_until=0), api_keys.new()]

    assert {outcome(another_secret(key)) for key in keys} == {Outcome.NOT_FOUND}


@pytest.mark.parametrize(
    ("expected", "refusal"),
    [
        ({"revoked": True}, auth.ApiKeyRevoked),
        ({"disabled": True}, auth.ApiKeyDisabled),
        ({"valid_until": 0}, auth.ApiKeyExpired),
    ],
)
def test_every_refusal_has_a_name_and_asks_for_a_credential(expected: dict, refusal: type):
    key = issued(**expected)

    with pytest.raises(refusal) as refused:
        auth.from_headers({"x-api-key": key.text})

    assert refused.value.status == 401
    assert refused.value.headers["WWW-Authenticate"].startswith('Bearer realm="milepost", error="invalid_token"')


def test_a_key_is_read_once_a_minute_and_its_use_is_written_once_a_day(calls: list[str], noon):
    key = issued()
    calls.clear()
    for _ in range(60):
        auth.from_headers({"x-api-key": key.text})
        noon.shift(2)
    within = calls.copy()
    noon.shift(timedelta(days=1))
    auth.from_headers({"x-api-key": key.text})

    assert within == ["BatchGetItem", "TransactWriteItems", "BatchGetItem"]
    assert calls[3:] == ["BatchGetItem", "TransactWriteItems"]
    assert table.get(api_keys.use_key(key.key_id))["last_used_on"] == "2026-11-21"


def test_another_instance_that_was_faster_is_no_refusal(noon):
    key = issued()
    auth.from_headers({"x-api-key": key.text})
    ahead = table.get(api_keys.use_key(key.key_id)) | {"last_used_on": "2026-11-23"}
    api_keys.forget()
    noon.shift(timedelta(days=1))
    auth.from_headers({"x-api-key": key.text})
    noon.shift(timedelta(days=1))
    hooks.register("after-call.dynamodb.BatchGetItem", lambda **_: table.put_many([ahead]))

    assert auth.from_headers({"x-api-key": key.text}).key_id == key.key_id
    assert table.get(api_keys.use_key(key.key_id))["last_used_on"] == "2026-11-23"


def test_a_table_that_takes_no_writes_refuses_nobody(noon):
    key = issued()
    hooks.register("before-call.dynamodb.TransactWriteItems", _break_off)

    assert auth.from_headers({"x-api-key": key.text}).key_id == key.key_id


def test_a_refused_key_is_not_in_use(noon):
    revoked, wrong = issued(revoked=True), issued()
    for text in (revoked.text, another_secret(wrong)):
        with pytest.raises(auth.UnknownApiKey):
            auth.from_headers({"x-api-key": text})

    assert table.get_many([api_keys.use_key(revoked.key_id), api_keys.use_key(wrong.key_id)]) == [None, None]


def test_many_secrets_tried_for_one_key_cost_one_read_a_minute(calls: list[str], noon):
    key = issued()
    calls.clear()
    for _ in range(30):
        assert outcome(another_secret(key)) is Outcome.NOT_FOUND

    assert calls == ["BatchGetItem"]


def test_a_revocation_is_seen_after_a_minute_and_not_remembered_away(noon):
    key = issued()
    auth.from_headers({"x-api-key": key.text})
    record = table.get(api_keys.record_key(key.key_id)) | {"revoked": True}
    table.put_many([record])
    noon.shift(59)
    assert auth.from_headers({"x-api-key": key.text}).key_id == key.key_id
    noon.shift(1)

    with pytest.raises(auth.ApiKeyRevoked):
        auth.from_headers({"x-api-key": key.text})


def test_a_caller_is_remembered_no_longer_than_the_key_is_good(noon):
    key = issued(valid_until=clock.now() + 20_000)

    assert auth.identify({"x-api-key": key.text}).until == clock.now() + 20_000
    noon.shift(20)
    with pytest.raises(auth.ApiKeyExpired):
        auth.from_headers({"x-api-key": key.text})


def test_a_new_pepper_leaves_the_keys_of_the_one_before_good(pepper: str):
    before = issued()
    boto3.client("secretsmanager").put_secret_value(SecretId=pepper, SecretString="another pepper")
    auth.forget()
    after = issued()

    assert (outcome(before.text), outcome(after.text)) == (Outcome.VALID, Outcome.VALID)
    versions = {table.get(api_keys.record_key(key.key_id))["pepper_version"] for key in (before, after)}
    assert len(versions) == 2


def test_the_table_alone_proves_no_key(monkeypatch: pytest.MonkeyPatch):
    key = issued()
    other = boto3.client("secretsmanager").create_secret(
        Name="other", SecretString="another pepper", ClientRequestToken=api_keys.pepper.current().name
    )
    monkeypatch.setenv("PEPPER_SECRET_ID", other["ARN"])
    auth.forget()

    assert outcome(key.text) is Outcome.NOT_FOUND


def test_a_pepper_that_does_not_answer_is_not_the_callers_fault(monkeypatch: pytest.MonkeyPatch):
    key = issued()
    auth.forget()
    monkeypatch.setenv("PEPPER_SECRET_ID", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gone")

    with pytest.raises(Unavailable):
        auth.from_headers({"x-api-key": key.text})


def test_the_pepper_is_read_once_for_all_keys():
    keys = [issued(), issued()]
    auth.forget()
    asked: list[str] = []
    hooks.register("before-call.secrets-manager", lambda model, **_: asked.append(model.name))
    for key in (*keys, *keys):
        auth.from_headers({"x-api-key": key.text})

    assert asked == ["GetSecretValue"]


def _break_off(**_: object) -> None:
    raise NoAnswer("unreachable")
