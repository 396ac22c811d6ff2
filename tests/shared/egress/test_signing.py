"""The signature is the specification's, and the reference library takes ours and refuses every other."""

import base64
import hashlib
import hmac

import pytest
import time_machine
from standardwebhooks import Webhook, WebhookVerificationError

from shared import clock
from shared.egress import signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_" + base64.b64encode(b"another secret of 24 bytes").decode()
# The example of the specification: its id, its timestamp, its body.
WEBHOOK_ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
SENT_AT = 1674087231
PAYLOAD = (
    '{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z",'
    '"data":{"id":"1f81eb52-5198-4599-803e-771906343485"}}'
)


def signed(*keys: str, payload: str = PAYLOAD) -> dict[str, str]:
    return signature.headers(keys, webhook_id=WEBHOOK_ID, at=SENT_AT * clock.SECOND, payload=payload.encode())


def test_the_content_that_is_signed_is_that_of_the_specification():
    content = f"msg_2KWPBgLlAfxdpx2AI54pPJ85f4W.1674087231.{PAYLOAD}".encode()
    digest = hmac.new(base64.b64decode(SECRET.removeprefix("whsec_")), content, hashlib.sha256).digest()

    assert signed(SECRET) == {
        "webhook-id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
        "webhook-timestamp": "1674087231",
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def test_the_vector_that_the_reference_libraries_share_is_met():
    made = signature.headers(
        [SECRET], webhook_id="msg_p5jXN8AQM9LWM0D4loKWxJek", at=1614265330000, payload=b'{"test": 2432232314}'
    )

    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@time_machine.travel(SENT_AT, tick=False)
def test_the_reference_library_takes_what_is_signed():
    assert Webhook(SECRET).verify(PAYLOAD, signed(SECRET))["type"] == "contact.created"


@time_machine.travel(SENT_AT, tick=False)
@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_during_a_rotation_either_secret_verifies(secret: str):
    both = signed(OTHER, SECRET)

    assert len(both["webhook-signature"].split(" ")) == 2
    assert Webhook(secret).verify(PAYLOAD, both)["type"] == "contact.created"


@time_machine.travel(SENT_AT, tick=False)
@pytest.mark.parametrize(
    ("changed", "payload"),
    [
        ({}, PAYLOAD.replace("created", "deleted")),
        ({}, PAYLOAD + " "),
        ({"webhook-id": "msg_another"}, PAYLOAD),
        ({"webhook-timestamp": str(SENT_AT + 1)}, PAYLOAD),
        ({"webhook-timestamp": str(SENT_AT - 301)}, PAYLOAD),
        ({"webhook-timestamp": str(SENT_AT + 301)}, PAYLOAD),
        ({"webhook-signature": signed(OTHER)["webhook-signature"]}, PAYLOAD),
        ({"webhook-signature": "v1,AAAA"}, PAYLOAD),
        ({"webhook-signature": signed(SECRET)["webhook-signature"].replace("v1,", "v2,")}, PAYLOAD),
        ({"webhook-signature": ""}, PAYLOAD),
    ],
)
def test_what_was_changed_is_refused(changed: dict[str, str], payload: str):
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(payload, signed(SECRET) | changed)


def test_what_is_kept_and_sent_again_later_is_refused():
    with time_machine.travel(SENT_AT + 301, tick=False), pytest.raises(WebhookVerificationError, match="too old"):
        Webhook(SECRET).verify(PAYLOAD, signed(SECRET))


def test_a_secret_is_as_the_specification_wants_it_and_not_given_twice():
    made = {signature.new_secret() for _ in range(100)}
    lengths = {len(base64.b64decode(each.removeprefix("whsec_"))) for each in made}

    assert len(made) == 100
    assert all(each.startswith("whsec_") for each in made)
    assert lengths == {32}
