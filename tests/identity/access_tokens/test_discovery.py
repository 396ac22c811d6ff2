import base64
import hashlib
from collections.abc import Callable, Iterator

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from functions.identity.access_tokens import signing_keys
from shared import clock
from shared.aws.client import AwsRefused
from shared.callers import verification_keys
from shared.errors import Unavailable
from shared.storage import table
from tests.aws import hooks
from tests.identity.entries import rest


def test_the_keys_are_public_and_cacheable():
    answer = rest("GET", "/.well-known/jwks.json")

    (key,) = answer.body["keys"]
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert {name: key[name] for name in ("kty", "crv", "use", "alg")} == {
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
        "alg": "ES256",
    }
    assert set(key) == {"kty", "crv", "use", "alg", "x", "y", "kid"}


def test_the_kid_is_the_thumbprint_of_the_key():
    (key,) = rest("GET", "/.well-known/jwks.json").body["keys"]

    thumbed = f'{{"crv":"P-256","kty":"EC","x":"{key["x"]}","y":"{key["y"]}"}}'
    digest = hashlib.sha256(thumbed.encode()).digest()
    assert key["kid"] == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def test_the_thumbprint_is_the_one_others_compute():
    """The key of RFC 7517, appendix A.1, whose thumbprint is known from other implementations."""
    x, y = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
    public_key = jwt.PyJWK({"kty": "EC", "crv": "P-256", "x": x, "y": y}).key

    jwk = signing_keys.jwk_of(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    assert jwk["kid"] == "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"
    assert (jwk["x"], jwk["y"]) == (x, y)


def test_a_kms_key_of_another_kind_is_a_mistake_of_the_stage():
    public_key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()

    with pytest.raises(TypeError, match="ECC_NIST_P256"):
        signing_keys.jwk_of(public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def test_the_record_is_written_once():
    first = signing_keys.active(now=clock.now())
    signing_keys.forget()
    second = signing_keys.active(now=clock.now())

    assert first == second
    assert len(rest("GET", "/.well-known/jwks.json").body["keys"]) == 1


def test_every_key_that_verifies_is_listed(issuer):
    active = signing_keys.active(now=clock.now())

    listed = {key["kid"] for key in rest("GET", "/.well-known/jwks.json").body["keys"]}

    assert listed == {active.key_id, issuer.kid}


def test_a_signature_is_raw_and_of_the_active_key():
    key = signing_keys.active(now=clock.now())

    signature = key.sign(b"signed")

    found = verification_keys.find(key.key_id, now=clock.now())
    (record,) = table.query_all(verification_keys.PARTITION, verification_keys.PREFIX)
    reader = jwt.PyJWK(record["jwk"], "ES256")
    assert len(signature) == 64
    assert reader.Algorithm.verify(b"signed", reader.key, signature)
    assert found.public_numbers() == reader.key.public_numbers()


def test_discovery_tells_issuer_keys_and_algorithm():
    answer = rest("GET", "/.well-known/openid-configuration")

    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.body == {
        "issuer": "https://milepost.example",
        "jwks_uri": "https://milepost.example/.well-known/jwks.json",
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
    }


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/v1/auth/login"), ("DELETE", "/api/v1/auth/me"), ("POST", "/.well-known/jwks.json")],
)
def test_another_method_is_a_405(method: str, path: str):
    answer = rest(method, path)

    assert (answer.status, answer.code) == (405, "MethodNotSupported")


def test_another_path_is_a_404():
    answer = rest("GET", "/api/v1/auth/users")

    assert (answer.status, answer.code) == (404, "RouteNotFound")


@pytest.fixture
def kms_answers() -> Iterator[Callable[[str], None]]:
    """Let the next calls of KMS' Sign answer with an error code."""
    codes: list[str] = []

    def answer(**_: object) -> None:
        if codes:
            raise AwsRefused("Sign", 400, codes[-1], {})

    with hooks.registered("before-call.kms.Sign", answer):
        yield codes.append


@pytest.mark.parametrize("code", ["ThrottlingException", "KMSInternalException", "DependencyTimeoutException"])
def test_a_signing_key_that_is_too_busy_asks_to_come_back(kms_answers: Callable[[str], None], code: str):
    key = signing_keys.active(now=clock.now())
    kms_answers(code)

    with pytest.raises(Unavailable) as refused:
        key.sign(b"signed")

    assert refused.value.headers == {"Retry-After": "1"}


def test_a_signing_key_that_is_disabled_is_not_something_to_wait_for(kms_answers: Callable[[str], None]):
    key = signing_keys.active(now=clock.now())
    kms_answers("DisabledException")

    with pytest.raises(AwsRefused, match="DisabledException"):
        key.sign(b"signed")
