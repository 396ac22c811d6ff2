"""Webhooks of the evaluator: believed by their signature, counted once, and only ever forward."""

import base64
import json
import os
from datetime import UTC, datetime

import boto3
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from standardwebhooks import Webhook

from functions.milestones import lookups
from functions.milestones.evaluation import settings
from shared import clock
from shared.egress import signature
from shared.storage import table
from tests.goals.conftest import Stored, Travel
from tests.milestones.evaluation.calls import NOW, known, sealed
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import (
    MILESTONES,
    PLAIN_KEY,
    SECRET_BEFORE,
    WEBHOOK,
    Person,
    anonymous,
    happened,
    reports,
)

__all__ = ["known"]

OTHER_SECRET = "whsec_" + "QQ" * 16


def test_a_completion_completes_and_is_told(ada: Person, known: tuple[str, str], travel: Travel):
    uid, there = known
    travel("2026-11-20T13:00:00Z")
    answer = reports(there, "completed", current_value=1050000, target=1000000, completed_at="2026-11-20T12:30:00Z")

    record = ada.sees(uid)
    assert answer.body == {"status": "received", "milestone_uid": uid, "updated": True}
    assert (record["status"], record["is_completed"]) == ("completed", True)
    assert record["completed_at"] == "2026-11-20T12:30:00.000Z"
    assert (record["current_value"], record["progress_percentage"]) == (1050000, 100.0)
    (completed,) = [e for e in happened(ada.tenant_id, uid) if e["event_type"] == "milestones.milestone.completed"]
    assert completed["actor"] == {"kind": "system", "id": "evaluator"}
    assert completed["state"]["status"] == "completed"


def test_it_takes_three_calls_of_the_table(known: tuple[str, str], calls: list[str]):
    reports(known[1], "in_progress", current_value=5)

    assert [call for call in calls if call != "UpdateItem"] == ["GetItem", "BatchGetItem", "TransactWriteItems"]


def test_a_webhook_counts_once(ada: Person, known: tuple[str, str]):
    uid, there = known
    first = reports(there, "in_progress", current_value=5, webhook_id="msg_same")
    version = ada.sees(uid)["version"]
    again = reports(there, "completed", current_value=9, webhook_id="msg_same")

    assert (first.body["updated"], again.body["updated"]) == (True, False)
    assert (ada.sees(uid)["status"], ada.sees(uid)["version"]) == ("in_progress", version)


def test_a_late_report_does_not_reopen(ada: Person, known: tuple[str, str]):
    uid, there = known
    reports(there, "completed", current_value=1000000, completed_at="2026-11-20T12:00:00Z")
    answer = reports(there, "in_progress", current_value=10, completed_at=None, webhook_id="msg_2")

    record = ada.sees(uid)
    assert (answer.status, answer.body["updated"]) == (200, False)
    assert (record["status"], record["is_completed"], record["current_value"]) == ("completed", True, 1000000)
    assert record["completed_at"] == "2026-11-20T12:00:00.000Z"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("2020-01-01T00:00:00Z", "2026-11-20T12:00:00.000Z"),
        ("2099-01-01T00:00:00Z", "2026-11-20T12:00:00.000Z"),
        (None, "2026-11-20T12:00:00.000Z"),
    ],
)
def test_a_completion_is_not_earlier_than_its_milestone_nor_later_than_now(
    ada: Person, known: tuple[str, str], said: str | None, expected: str
):
    reports(known[1], "completed", completed_at=said)

    assert ada.sees(known[0])["completed_at"] == expected


@pytest.mark.parametrize("said", [{}, {"milestone_id": ""}, {"milestone_id": None}, {"milestone_id": 7}])
def test_a_webhook_that_does_not_say_which_milestone_changes_none(ada: Person, said: dict[str, object], stored: Stored):
    ada.creates(sync_to_forse=False)
    before = stored()
    body = json.dumps({"status": "completed", "current_value": 9, "completed_at": "x", **said})
    answer = anonymous("POST", WEBHOOK, body, headers=sealed(body))

    assert (answer.status, answer.code) == (400, "MilestoneIdMissing")
    assert without_rates(stored()) == without_rates(before)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "COMPLETED"}, "status"),
        ({"status": "done"}, "status"),
        ({"status": None}, "status"),
        ({"status": "completed", "current_value": "9"}, "current_value"),
        ({"status": "completed", "completed_at": "x"}, "completed_at"),
    ],
)
def test_a_webhook_of_another_shape_is_refused(
    ada: Person, known: tuple[str, str], said: dict[str, object], field: str
):
    body = json.dumps({"milestone_id": known[1], **said})
    answer = anonymous("POST", WEBHOOK, body, headers=sealed(body))

    assert (answer.status, answer.fields) == (422, [field])
    assert ada.sees(known[0])["status"] == "pending"


@pytest.mark.parametrize(("body", "status"), [("{bad", 400), ("[]", 400), ('"text"', 400), ("x" * 65537, 413)])
def test_a_signed_body_that_cannot_be_read_is_refused(ada: Person, body: str, status: int):
    assert anonymous("POST", WEBHOOK, body, headers=sealed(body)).status == status


def test_an_unknown_milestone_is_not_found(ada: Person, known: tuple[str, str]):
    answers = [reports(each, "completed") for each in ("m_nobody", "__proto__", "a#b", "x" * 300)]

    assert {(answer.status, answer.code) for answer in answers} == {(404, "UnknownEvaluatorMilestone")}


def test_an_early_webhook_is_applied_when_its_id_becomes_known(ada: Person, wire: Wire):
    wire.mishaps.append("lost after")
    uid = ada.created()
    (there,) = wire.evaluator.store.all()
    early = [
        reports(there["id"], "in_progress", current_value=5, webhook_id="msg_1"),
        reports(there["id"], "completed", current_value=7, target=1000000, webhook_id="msg_2"),
        reports(there["id"], "completed", current_value=7, target=1000000, webhook_id="msg_2"),
    ]
    ada.syncs(uid)
    again = reports(there["id"], "completed", current_value=7, target=1000000, webhook_id="msg_2")

    assert [answer.status for answer in early] == [404] * 3
    assert ada.sees(uid)["status"] == "completed"
    assert (again.status, again.body["updated"]) == (200, False)


def test_of_early_webhooks_a_few_are_kept_for_a_day(ada: Person, stored: Stored):
    for number in range(25):
        reports("m_unknown", "in_progress", webhook_id=f"msg_{number}")

    kept = stored()[lookups.key("m_unknown")]
    assert [each["webhook_id"] for each in kept["early"]] == [f"msg_{number}" for number in range(5, 25)]
    assert kept["ttl"] == clock.now() // 1000 + 86400


def test_a_milestone_that_was_deleted_here_is_not_found(ada: Person, known: tuple[str, str]):
    uid, there = known
    ada.deletes(uid, query="delete_from_forse=false")

    assert reports(there, "completed").status == 404
    assert table.get(lookups.key(there)).get("milestone_uid") is None  # type: ignore[union-attr]


def test_both_secrets_of_a_rotation_are_good(known: tuple[str, str]):
    assert reports(known[1], "in_progress", secret=SECRET_BEFORE).status == 200


def signed_by_a_pair(known: tuple[str, str], secret: dict[str, str], name: str) -> int:
    """Return how a webhook is answered that is signed with a private key, of which the stage has the public one."""
    key = Ed25519PrivateKey.generate()
    public_key = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    private_key = base64.b64encode(key.private_bytes_raw()).decode()
    said = json.dumps({**secret, "webhook_secret": "", "webhook_secret_before": "", name: f"whpk_{public_key}"})
    boto3.client("secretsmanager").put_secret_value(SecretId=os.environ["EVALUATOR_SECRET_ID"], SecretString=said)
    settings.forget()
    body = json.dumps({"milestone_id": known[1], "status": "in_progress"})
    at = clock.now()
    sent = signature.headers([f"whsk_{private_key}"], webhook_id="msg_1", at=at, payload=body.encode())
    return anonymous("POST", WEBHOOK, body, headers=sent).status


@pytest.mark.parametrize("name", ["webhook_public_key", "webhook_public_key_before"])
def test_an_evaluator_may_sign_with_a_pair_of_keys(known: tuple[str, str], secret: dict[str, str], name: str):
    assert signed_by_a_pair(known, secret, name) == 200


def test_a_public_key_that_stands_where_a_secret_should_verifies_nothing(
    known: tuple[str, str], secret: dict[str, str]
):
    assert signed_by_a_pair(known, secret, "webhook_secret") == 401


def without_rates(items: dict[tuple[str, str], dict[str, object]]) -> dict[tuple[str, str], dict[str, object]]:
    return {key: item for key, item in items.items() if not key[0].startswith("RATE#")}


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-signature": None},
        {"webhook-id": None},
        {"webhook-timestamp": None},
        {"webhook-id": "msg_2"},
        {"webhook-id": "m" * 300},
        {"webhook-timestamp": str(int(NOW) + 1)},
        {"webhook-timestamp": "yesterday"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "1e400"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,not base64"},
        {"webhook-signature": "v2,QUJD"},
        {"webhook-signature": "v1,QUJD"},
        {"webhook-signature": "v1," + "é"},
    ],
)
def test_a_signature_that_is_not_good_is_refused(ada: Person, known: tuple[str, str], changed: dict[str, str | None]):
    body = json.dumps({"milestone_id": known[1], "status": "completed"})
    answer = anonymous("POST", WEBHOOK, body, headers=sealed(body, **changed))

    assert (answer.status, answer.code) == (401, "WebhookNotVerified")
    assert ada.sees(known[0])["status"] == "pending"


@pytest.mark.parametrize(("seconds", "status"), [(-301, 401), (-299, 200), (299, 200), (302, 401)])
def test_a_webhook_is_good_for_five_minutes(known: tuple[str, str], seconds: int, status: int):
    assert reports(known[1], "in_progress", at=NOW + seconds).status == status


def test_what_somebody_else_signed_is_refused(ada: Person, known: tuple[str, str]):
    assert reports(known[1], "completed", secret=OTHER_SECRET).status == 401


def test_one_good_signature_of_several_is_enough(known: tuple[str, str]):
    body = json.dumps({"milestone_id": known[1], "status": "in_progress"})
    moment = datetime.fromtimestamp(NOW, UTC)
    signatures = [Webhook(secret).sign("msg_1", moment, body) for secret in (OTHER_SECRET, SECRET_BEFORE)]

    answer = anonymous("POST", WEBHOOK, body, headers=sealed(body, **{"webhook-signature": " ".join(signatures)}))

    assert answer.status == 200


def test_another_body_than_the_signed_one_is_refused(ada: Person, known: tuple[str, str]):
    body = json.dumps({"milestone_id": known[1], "status": "in_progress"})
    answer = anonymous("POST", WEBHOOK, body + " ", headers=sealed(body))

    assert answer.status == 401


def test_the_key_of_a_client_is_no_secret_of_the_webhook(ada: Person, known: tuple[str, str]):
    answer = ada.rest("POST", WEBHOOK, {"milestone_id": known[1], "status": "completed"})

    assert answer.code == "WebhookNotVerified"


def test_the_plain_key_is_good_only_where_the_stage_says_so(
    ada: Person, known: tuple[str, str], monkeypatch: pytest.MonkeyPatch
):
    body = {"milestone_id": known[1], "status": "in_progress", "current_value": 1}
    refused = anonymous("POST", WEBHOOK, body, headers={"x-api-key": PLAIN_KEY})
    monkeypatch.setenv("ALLOW_UNSIGNED_WEBHOOKS", "true")
    wrong = anonymous("POST", WEBHOOK, body, headers={"x-api-key": PLAIN_KEY + "x"})
    taken = anonymous("POST", WEBHOOK, body, headers={"x-api-key": PLAIN_KEY})

    assert [answer.status for answer in (refused, wrong, taken)] == [401, 401, 200]


def test_another_media_type_is_refused(known: tuple[str, str]):
    body = json.dumps({"milestone_id": known[1], "status": "completed"})
    answer = anonymous("POST", WEBHOOK, body, headers={**sealed(body), "content-type": "text/plain"})

    assert answer.status == 415


def test_the_secret_of_webhooks_opens_nothing_else(ada: Person):
    assert anonymous("GET", MILESTONES, headers={"x-api-key": PLAIN_KEY}).status == 401


def test_a_completion_by_an_older_target_does_not_complete(ada: Person, known: tuple[str, str]):
    uid, there = known
    ada.retargets(uid, 2000000)
    reports(there, "completed", current_value=1050000, target=1000000)
    record = ada.sees(uid)

    assert (record["status"], record["is_completed"], record["current_value"]) == ("in_progress", False, 1050000)
