"""What is told: read strictly, in any number, and refused with the name of the field."""

import json

import pytest

from functions.audience.receipts.receipts import MOST_BYTES
from functions.audience.recipients import counters, outcomes
from shared import clock
from shared.egress import signature
from tests.audience.people import Person
from tests.audience.receipts.telling import INBOUND, RECEIPT, Post, has_provider
from tests.audience.recipients.rows import step, stored
from tests.aws.entries import Answer

TENANT = "tenant_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
NAMED = {
    "campaign_id": "campaign_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "lead_id": "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "status": "delivered",
}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "status"),
        ({"status": "delivered"}, "vendor_message_id"),
        ({**NAMED, "status": "arrived"}, "status"),
        ({**NAMED, "lead_id": None}, "vendor_message_id"),
        ({**NAMED, "lead_id": "lead_1"}, "lead_id"),
        ({**NAMED, "campaign_id": "campaign_IIIIIIIIIIIIIIIIIIIIIIIIII"}, "campaign_id"),
        ({**NAMED, "colour": "red"}, "colour"),
        ({**NAMED, "occurred_at": "yesterday"}, "occurred_at"),
        ({**NAMED, "reason": "x" * 101}, "reason"),
        ({"receipts": []}, "receipts"),
        ({"receipts": [NAMED] * 501}, "receipts"),
        ({"receipts": [NAMED, {**NAMED, "status": 1}]}, "receipts.1.status"),
    ],
)
def test_what_is_no_receipt_is_refused_with_the_field(post: Post, said: object, field: str) -> None:
    provider, secret = has_provider(TENANT)

    answer = post.tells(provider, secret, said)

    assert (answer.status, answer.fields) == (422, [field])
    assert post.waiting == []


@pytest.mark.parametrize("text", ["", "[]", "1", "{", "[" * 100_000, '{"status": NaN'])
def test_what_is_no_object_is_malformed(post: Post, text: str) -> None:
    provider, secret = has_provider(TENANT)

    assert post.tells(provider, secret, text).status == 400


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"receipts": None}, "receipts"),
        ({"receipts": {"0": NAMED}}, "receipts"),
        ({"receipts": [[NAMED]]}, "receipts.0"),
        ({**NAMED, "status": ["delivered"]}, "status"),
        ({**NAMED, "occurred_at": 1_795_176_000}, "occurred_at"),
        ({**NAMED, "occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"status": "delivered", "vendor_message_id": 17}, "vendor_message_id"),
        ({"status": "delivered", "vendor_message_id": "x" * 257}, "vendor_message_id"),
        (json.dumps({**NAMED, "reason": "@"}).replace("@", r"\ud800"), "reason"),
    ],
)
def test_what_is_of_another_type_is_refused_with_the_field(post: Post, said: object, field: str) -> None:
    provider, secret = has_provider(TENANT)

    answer = post.tells(provider, secret, said)

    assert (answer.status, answer.fields) == (422, [field])


@pytest.mark.parametrize("raw", [r'"\ud800"', r'{"\udfff": [1, "\ud83d"]}', "[" * 800 + "]" * 800])
def test_whatever_a_provider_says_besides_is_kept_or_refused(post: Post, raw: str) -> None:
    provider, secret = has_provider(TENANT)
    answer = post.tells(provider, secret, json.dumps({**NAMED, "raw_payload": "@"}).replace('"@"', raw))
    post.brings()

    assert answer.status in {202, 400}


def test_a_request_may_have_256_kib(post: Post) -> None:
    provider, secret = has_provider(TENANT)
    text = json.dumps({**NAMED, "raw_payload": ""})
    whole = text[:-2] + "x" * (MOST_BYTES - len(text)) + text[-2:]

    assert post.tells(provider, secret, whole).status == 202
    assert post.tells(provider, secret, f"{whole} ").status == 413


def test_500_receipts_are_taken_at_once_and_stay_below_what_a_message_may_have(post: Post) -> None:
    provider, secret = has_provider(TENANT)
    told = {"receipts": [{**NAMED, "raw_payload": "é" * 150}] * 500}

    assert post.tells(provider, secret, told).body == {"accepted": 500}
    assert max(len(each.encode()) for each in post.waiting) < MOST_BYTES


def test_receipts_that_grow_on_their_way_stay_below_what_a_message_may_have(post: Post) -> None:
    provider, secret = has_provider(TENANT)
    named = {**NAMED, "vendor_message_id": "\1" * 256, "reason": "\1" * 100}
    told = {"receipts": [{**named, "raw_payload": '"' * 1_024}] * 56}

    assert post.tells(provider, secret, told).body == {"accepted": 56}
    assert max(len(each.encode()) for each in post.waiting) < MOST_BYTES


def test_a_text_of_twilio_that_is_on_its_way_is_no_receipt(post: Post) -> None:
    provider, _ = has_provider(TENANT, {"auth_token": "token"}, kind="twilio", channel="sms")
    form = {"MessageSid": "SM1", "MessageStatus": "queued"}

    answer = post.tells_as_twilio("token", form, query=f"provider={provider.provider_id}")

    assert (answer.status, answer.body) == (202, {"accepted": 0})
    assert post.waiting == []


def test_an_inbound_message_without_a_sender_is_refused(post: Post) -> None:
    provider, secret = has_provider(TENANT)

    assert post.tells(provider, secret, {"text": "STOP"}, path=INBOUND).fields == ["from"]


@pytest.mark.parametrize(("name", "longest"), [("From", 320), ("Body", 10_000), ("MessageSid", 256)])
def test_an_inbound_message_of_twilio_is_no_longer_than_of_others(post: Post, name: str, longest: int) -> None:
    provider, _ = has_provider(TENANT, {"auth_token": "token"}, kind="twilio", channel="sms")
    query = f"provider={provider.provider_id}"
    form = {"From": "+442079460958", "Body": "STOP", "MessageSid": "SM1"}

    def tells(length: int) -> Answer:
        return post.tells_as_twilio("token", {**form, name: "1" * length}, query=query, path=INBOUND)

    assert (tells(longest).status, len(post.waiting)) == (202, 1)
    assert (tells(longest + 1).fields, len(post.waiting)) == ([name], 1)


def test_the_status_of_delivery_is_public(ada: Person) -> None:
    assert ada.get("/delivery/status").body == {"status": "ok", "most_receipts": 500, "most_bytes": 262144}


def test_a_request_that_is_replayed_counts_once_and_is_good_for_its_provider_alone(post: Post, ada: Person) -> None:
    provider, secret = has_provider(ada.tenant_id)
    another, _ = has_provider(ada.tenant_id)
    row = stored(tenant_id=ada.tenant_id, provider_id=provider.provider_id)
    outcomes.record([(row, step(row, "sent"))])
    text = json.dumps({"campaign_id": row.campaign_id, "lead_id": row.lead_id, "status": "delivered"})
    headers = signature.headers([secret], webhook_id="rcp_1", at=clock.now(), payload=text.encode())

    answers = [
        post.posts(text, headers, query=f"provider={each.provider_id}", path=path)
        for each, path in ((provider, RECEIPT), (provider, RECEIPT), (another, RECEIPT), (provider, INBOUND))
    ]
    post.brings()

    assert [each.status for each in answers] == [202, 202, 401, 422]
    assert counters.totals(ada.tenant_id, row.campaign_id) == {"delivered": 1}


def test_a_provider_tells_nothing_of_messages_of_another_tenant(post: Post, ada: Person, eve: Person) -> None:
    provider, secret = has_provider(eve.tenant_id)
    row = stored(tenant_id=ada.tenant_id)
    outcomes.record([(row, step(row, "sent"))])
    told = {"campaign_id": row.campaign_id, "lead_id": row.lead_id, "status": "bounced"}

    assert post.tells(provider, secret, told).status == 202
    post.brings()

    assert counters.totals(ada.tenant_id, row.campaign_id) == {"sent": 1}
    assert counters.totals(eve.tenant_id, row.campaign_id) == {}


def test_a_recipient_is_shown_with_what_its_provider_has_said(post: Post, ada: Person, eve: Person) -> None:
    provider, secret = has_provider(ada.tenant_id)
    row = stored(tenant_id=ada.tenant_id, provider_id=provider.provider_id)
    outcomes.record([(row, step(row, "sent"))])
    told = {"campaign_id": row.campaign_id, "lead_id": row.lead_id, "status": "delivered", "raw_payload": {"a": "b"}}
    post.tells(provider, secret, told)
    post.brings()
    path = f"/campaigns/{row.campaign_id}/recipients/{row.lead_id}"

    shown = ada.get(path).body

    assert (shown["status"], shown["receipts"][0]["raw_payload"]) == ("delivered", '{"a": "b"}')
    assert eve.get(path).code == "RecipientNotFound"
    assert ada.get("/campaigns/1/recipients/2").code == "RecipientNotFound"
