"""Who is believed: whoever has signed with a secret of the provider that they name, now."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine

from functions.audience.receipts import signed
from shared import clock, ids
from shared.egress import signature
from tests.audience.receipts.telling import RECEIPT, Post, has_provider

TENANT = "tenant_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
TOLD = {"vendor_message_id": "m-1", "status": "delivered"}
FORMS = "application/x-www-form-urlencoded"
FORM = {"MessageSid": "SM1", "MessageStatus": "delivered"}


def test_twilio_signs_as_its_documentation_says() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
        "Caller": "+14158675309",
    }
    made = signed.twilio_signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", [*form.items()])

    assert made == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_a_signed_receipt_is_taken(post: Post) -> None:
    provider, secret = has_provider(TENANT)

    answer = post.tells(provider, secret, TOLD)

    assert (answer.status, answer.body) == (202, {"accepted": 1})
    assert len(post.waiting) == 1


def test_another_secret_is_not_believed(post: Post) -> None:
    provider, _ = has_provider(TENANT)
    _, of_another = has_provider(TENANT)

    answer = post.tells(provider, of_another, TOLD)

    assert (answer.status, answer.code) == (401, "ReceiptNotVerified")
    assert post.waiting == []


def test_a_provider_that_there_is_not_is_refused_alike(post: Post) -> None:
    provider, secret = has_provider(TENANT)
    refused = post.tells(provider, "whsec_AAAA", TOLD)
    unknown = post.tells(provider._replace(provider_id=ids.new("prv")), secret, TOLD)

    assert (unknown.status, unknown.body) == (refused.status, refused.body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_receipt_that_is_too_old_or_too_early_is_not_believed(
    post: Post, time: time_machine.Traveller, minutes: int
) -> None:
    provider, secret = has_provider(TENANT)
    post.tells(provider, secret, TOLD)
    headers = {"webhook-id": "rcp_1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
    time.shift(timedelta(minutes=minutes))

    assert post.posts("{}", headers, query=f"provider={provider.provider_id}").status == 401


def test_a_receipt_without_a_signature_is_not_believed(post: Post) -> None:
    provider, _ = has_provider(TENANT)

    assert post.posts("{}", {}, query=f"provider={provider.provider_id}").status == 401


@pytest.mark.parametrize("is_base64", [False, True])
def test_twilio_is_believed_at_the_address_with_its_query(post: Post, *, is_base64: bool) -> None:
    provider, _ = has_provider(TENANT, {"auth_token": "of twilio"}, kind="twilio", channel="sms")
    query = f"provider={provider.provider_id}&campaign=campaign_1&lead=lead_1"

    assert post.tells_as_twilio("of twilio", FORM, query=query, is_base64=is_base64).status == 202
    assert post.tells_as_twilio("of another", FORM, query=query, is_base64=is_base64).status == 401


@pytest.mark.parametrize("given", ["", "é", "\ud800", "A" * 10_000])
def test_a_signature_that_is_no_text_of_base64_is_not_believed(post: Post, given: str) -> None:
    provider, secret = has_provider(TENANT)
    twilio, _ = has_provider(TENANT, {"auth_token": "of twilio"}, kind="twilio", channel="sms")
    now = signature.headers([secret], webhook_id="rcp_1", at=clock.now(), payload=b"{}")

    answers = [
        post.posts("{}", {**now, "webhook-signature": f"v1,{given}"}, query=f"provider={provider.provider_id}"),
        post.posts("{}", {"x-twilio-signature": given}, query=f"provider={twilio.provider_id}"),
    ]

    assert [each.status for each in answers] == [401, 401]


def test_twilio_is_not_believed_at_another_address_than_it_has_signed(post: Post) -> None:
    provider, _ = has_provider(TENANT, {"auth_token": "of twilio"}, kind="twilio", channel="sms")
    query = f"provider={provider.provider_id}&campaign=campaign_1&lead=lead_1"
    made = signed.twilio_signature("of twilio", f"https://api.example.com{RECEIPT}?{query}", [*FORM.items()])
    headers = {"content-type": "application/x-www-form-urlencoded", "x-twilio-signature": made}

    answer = post.posts("MessageSid=SM1&MessageStatus=delivered", headers, query=f"{query}2")

    assert answer.status == 401


def test_what_the_stage_sends_itself_is_not_told_here(post: Post) -> None:
    provider, secret = has_provider(TENANT, kind="ses", channel="email")

    assert post.tells(provider, secret, TOLD).status == 401


def test_json_that_is_sent_as_something_else_is_refused_once_it_is_believed(post: Post) -> None:
    provider, secret = has_provider(TENANT)
    query = f"provider={provider.provider_id}"
    headers = signature.headers([secret], webhook_id="rcp_1", at=clock.now(), payload=b"{}") | {"content-type": FORMS}

    refused, unsigned = post.posts("{}", headers, query=query), post.posts("{}", {"content-type": FORMS}, query=query)

    assert (refused.status, refused.code) == (415, "UnsupportedMedia")
    assert unsigned.status == 401
    assert post.waiting == []


def test_a_form_of_twilio_that_is_sent_as_json_is_refused_once_it_is_believed(post: Post) -> None:
    provider, _ = has_provider(TENANT, {"auth_token": "of twilio"}, kind="twilio", channel="sms")
    query = f"provider={provider.provider_id}"
    made = signed.twilio_signature("of twilio", f"https://api.example.com{RECEIPT}?{query}", [*FORM.items()])
    headers = {"content-type": "application/json", "x-twilio-signature": made}

    answer = post.posts(urlencode(FORM), headers, query=query)

    assert (answer.status, answer.code) == (415, "UnsupportedMedia")
    assert post.waiting == []
