"""What comes signed is believed when a known key has signed it just now, and nothing else is."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from shared import clock
from shared.clock import SECOND
from shared.egress import signature
from shared.egress.signature import NotVerified

SENT_AT = 1674087231 * SECOND
ID = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W"
BODY = '{"type":"contact.created","name":"Zoë"}'.encode()
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = signature.new_secret()

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SEED = bytes(range(32))
POINT = KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
PRIVATE = "whsk_" + base64.b64encode(SEED).decode()
PUBLIC = "whpk_" + base64.b64encode(POINT).decode()
OTHER_PUBLIC = (
    "whpk_"
    + base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
)


def signed(*keys: str) -> dict[str, str]:
    return signature.headers(keys, webhook_id=ID, at=SENT_AT, payload=BODY)


def is_believed(
    sent: dict[str, str],
    *secrets: str,
    public_keys: tuple[str, ...] = (),
    payload: bytes = BODY,
    now: int = SENT_AT,
) -> bool:
    try:
        return signature.verified(payload, sent, secrets=secrets, public_keys=public_keys, now=now) == ID
    except NotVerified:
        return False


def test_what_the_reference_library_signs_is_believed():
    made = Webhook(SECRET).sign(ID, clock.to_datetime(SENT_AT), BODY.decode())

    assert is_believed({**signed(), "webhook-signature": made}, SECRET)


@pytest.mark.parametrize("secrets", [(SECRET, OTHER), (OTHER, SECRET), (SECRET,)])
def test_either_of_two_secrets_is_enough(secrets: tuple[str, ...]):
    assert is_believed(signed(SECRET), *secrets)


def test_either_of_two_signatures_is_enough():
    assert is_believed(signed(OTHER, SECRET), SECRET)
    assert is_believed(signed(SECRET, OTHER), SECRET)


@pytest.mark.parametrize("public_keys", [(PUBLIC, OTHER_PUBLIC), (OTHER_PUBLIC, PUBLIC), (PUBLIC,)])
def test_either_of_two_public_keys_is_enough(public_keys: tuple[str, ...]):
    assert is_believed(signed(PRIVATE), public_keys=public_keys)


def test_a_message_with_both_kinds_of_signature_is_believed_by_who_knows_either():
    both = signed(PRIVATE, SECRET)

    assert [each.split(",")[0] for each in both["webhook-signature"].split(" ")] == ["v1a", "v1"]
    assert is_believed(both, SECRET)
    assert is_believed(both, public_keys=(PUBLIC,))


def test_the_reference_library_takes_a_message_with_both_kinds_of_signature():
    now = clock.now()
    both = signature.headers([PRIVATE, SECRET], webhook_id=ID, at=now, payload=BODY)

    assert Webhook(SECRET).verify(BODY, both)["name"] == "Zoë"


def test_what_is_signed_asymmetrically_is_what_the_specification_says():
    (made,) = signed(PRIVATE)["webhook-signature"].split(" ")

    KEY.public_key().verify(base64.b64decode(made.removeprefix("v1a,")), f"{ID}.1674087231.".encode() + BODY)


def test_a_private_key_with_its_public_key_behind_it_signs_as_well():
    assert signed("whsk_" + base64.b64encode(SEED + POINT).decode()) == signed(PRIVATE)


@pytest.mark.parametrize("key", [PUBLIC, "", "whsec_", "whsk_", "whsk_AAAA", "whsec_A"])
def test_what_is_no_key_signs_nothing(key: str):
    with pytest.raises(ValueError, match=r"\w"):
        signed(key)


@pytest.mark.parametrize("as_secret", [PUBLIC, PUBLIC.removeprefix("whpk_")])
def test_a_public_key_is_no_secret_that_everybody_could_sign_with(as_secret: str):
    forged = signed("whsec_" + PUBLIC.removeprefix("whpk_"))

    assert not is_believed(forged, PUBLIC)
    assert not is_believed(forged, public_keys=(PUBLIC,))
    assert not is_believed(forged, public_keys=(as_secret,))


@pytest.mark.parametrize("key", [PRIVATE, PUBLIC, "", "whsec_", "whsec_A", "nonsense!", "whsec_ä"])
def test_a_secret_that_is_none_verifies_nothing_and_leaves_the_other_in_force(key: str):
    assert not is_believed(signed(SECRET), key)
    assert is_believed(signed(SECRET), key, SECRET)


@pytest.mark.parametrize("key", [SECRET, "", "whpk_", "whpk_AAAA", "whpk_ä", PRIVATE])
def test_a_public_key_that_is_none_verifies_nothing_and_leaves_the_other_in_force(key: str):
    assert not is_believed(signed(PRIVATE), public_keys=(key,))
    assert is_believed(signed(PRIVATE), public_keys=(key, PUBLIC))


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_another"},
        {"webhook-id": ""},
        {"webhook-id": "x" * 257},
        {"webhook-timestamp": "1674087232"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "-1674087231"},
        {"webhook-timestamp": "1674087231.0"},
        {"webhook-timestamp": " 1674087231"},
        {"webhook-timestamp": "+1674087231"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "nan"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": "١٦٧٤٠٨٧٢٣١"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1"},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,ä"},
        {"webhook-signature": "v1a,AAAA"},
        {"webhook-signature": signed(SECRET)["webhook-signature"].replace("v1,", "v2,")},
        {"webhook-signature": signed(SECRET)["webhook-signature"].replace("v1,", "v1a,")},
        {"webhook-signature": signed(SECRET)["webhook-signature"].replace("v1,", "v1,!")},
        {"webhook-signature": signed(OTHER)["webhook-signature"]},
        {"webhook-signature": signed(PRIVATE)["webhook-signature"].replace("v1a,", "v1,")},
    ],
)
def test_what_was_changed_is_not_believed(changed: dict[str, str]):
    assert not is_believed(signed(SECRET) | changed, SECRET, public_keys=(PUBLIC,))


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_what_lacks_a_header_is_not_believed(missing: str):
    sent = {name: value for name, value in signed(SECRET).items() if name != missing}

    assert not is_believed(sent, SECRET)


def test_what_is_malformed_beside_a_good_signature_does_no_harm():
    good = signed(SECRET)

    assert is_believed(good | {"webhook-signature": f"v1 v9,x,y  ,, {good['webhook-signature']}"}, SECRET)


def test_only_so_many_signatures_are_looked_at():
    good = signed(SECRET)

    assert not is_believed(good | {"webhook-signature": "v1,AAAA " * 20 + good["webhook-signature"]}, SECRET)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_a_message_is_believed_five_minutes_either_way(seconds: int):
    assert is_believed(signed(SECRET), SECRET, now=SENT_AT + seconds * SECOND)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_message_is_believed_no_longer(seconds: int):
    assert not is_believed(signed(SECRET), SECRET, now=SENT_AT + seconds * SECOND)


@given(payload=st.binary(max_size=200), other=st.binary(max_size=200))
def test_any_body_is_believed_and_no_other_in_its_place(payload: bytes, other: bytes):
    sent = signature.headers([SECRET, PRIVATE], webhook_id=ID, at=SENT_AT, payload=payload)

    assert is_believed(sent, SECRET, payload=payload)
    assert is_believed(sent, public_keys=(PUBLIC,), payload=payload)
    assert is_believed(sent, SECRET, payload=other) is (payload == other)
    assert is_believed(sent, public_keys=(PUBLIC,), payload=other) is (payload == other)
