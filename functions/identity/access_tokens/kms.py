"""AWS KMS, where the private halves of the signing keys are made, used, and never leave."""

import base64
from typing import Any, Final

from shared import config
from shared.aws.client import KMS, AwsRefused, Client, Limits, NoAnswer, NoCredentials
from shared.errors import Unavailable

PURPOSE = "milepost-access-tokens"
"""The tag `purpose` of the keys that `create` makes: what a role may sign with is told by it."""

_PENDING_WINDOW_DAYS = 7
_CLIENT: Final = Client(KMS, Limits(connect_seconds=1, answer_seconds=3))


def sign(key_id: str, message: bytes) -> bytes:
    """Return the ECDSA signature, as DER, of at most 4,096 bytes. Raises Unavailable."""
    encoded = base64.b64encode(message).decode()
    answer = _call("Sign", KeyId=key_id, Message=encoded, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
    return base64.b64decode(answer["Signature"])


def public_key(key_id: str) -> bytes:
    """Return the public half of a key, as DER. Raises Unavailable."""
    return base64.b64decode(_call("GetPublicKey", KeyId=key_id)["PublicKey"])


def create() -> str:
    """Make a key that signs ES256 and return its id. Raises Unavailable."""
    tags = {"project": "milepost", "stage": config.stage(), "purpose": PURPOSE}
    made = _call(
        "CreateKey",
        Description=f"Signs the access tokens of Milepost, stage {config.stage()}",
        KeySpec="ECC_NIST_P256",
        KeyUsage="SIGN_VERIFY",
        Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()],
    )
    return str(made["KeyMetadata"]["KeyId"])


def schedule_deletion(key_id: str) -> None:
    """Let KMS delete a key after seven days, in which it can be called off; twice is as good as once."""
    try:
        _call("ScheduleKeyDeletion", KeyId=key_id, PendingWindowInDays=_PENDING_WINDOW_DAYS)
    except AwsRefused as error:
        # What is pending deletion already is in a state that allows no second one. What is deleted is not found: a
        # table that was restored may name it.
        if error.code not in {"KMSInvalidStateException", "NotFoundException"}:
            raise


def _call(operation: str, **request: Any) -> dict[str, Any]:
    """Call KMS and return its answer; only what a caller can wait out becomes a refusal."""
    refusal = Unavailable("The signing key did not answer in time; repeat the request.", headers={"Retry-After": "1"})
    try:
        return _CLIENT.call(operation, request)
    except AwsRefused as error:
        if error.is_passing:
            raise refusal from error
        raise
    except (NoAnswer, NoCredentials) as error:
        raise refusal from error
