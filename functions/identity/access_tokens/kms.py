"""AWS KMS, where the private halves of the signing keys are made, used, and never leave."""

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

from botocore import session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from shared import config
from shared.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

PURPOSE = "milepost-access-tokens"
"""The tag `purpose` of the keys that `create` makes: what a role may sign with is told by it."""

_PENDING_WINDOW_DAYS = 7
_BUSY_CODES = frozenset(
    {"ThrottlingException", "LimitExceededException", "KMSInternalException", "DependencyTimeoutException"}
)


@functools.cache
def client() -> "KMSClient":
    """Return the one client of this process, as light as that of the table (`shared/storage/table.py`)."""
    made = session.get_session().create_client(
        "kms",
        config=Config(
            user_agent="milepost/1",
            parameter_validation=False,
            connect_timeout=1,
            read_timeout=3,
            retries={"mode": "standard", "total_max_attempts": 3},
        ),
    )
    return cast("KMSClient", made)


def sign(key_id: str, message: bytes) -> bytes:
    """Return the ECDSA signature, as DER, of at most 4,096 bytes. Raises Unavailable."""
    answer = _call(client().sign, KeyId=key_id, Message=message, MessageType="RAW", SigningAlgorithm="ECDSA_SHA_256")
    return bytes(answer["Signature"])


def public_key(key_id: str) -> bytes:
    """Return the public half of a key, as DER. Raises Unavailable."""
    return bytes(_call(client().get_public_key, KeyId=key_id)["PublicKey"])


def create() -> str:
    """Make a key that signs ES256 and return its id. Raises Unavailable."""
    tags = {"project": "milepost", "stage": config.stage(), "purpose": PURPOSE}
    made = _call(
        client().create_key,
        Description=f"Signs the access tokens of Milepost, stage {config.stage()}",
        KeySpec="ECC_NIST_P256",
        KeyUsage="SIGN_VERIFY",
        Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()],
    )
    return str(made["KeyMetadata"]["KeyId"])


def schedule_deletion(key_id: str) -> None:
    """Let KMS delete a key after seven days, in which it can be called off; twice is as good as once."""
    try:
        _call(client().schedule_key_deletion, KeyId=key_id, PendingWindowInDays=_PENDING_WINDOW_DAYS)
    except ClientError as error:
        # What is pending deletion already is in a state that allows no second one.
        if error.response["Error"]["Code"] != "KMSInvalidStateException":
            raise


def _call(operation: Callable[..., Any], **request: Any) -> Any:
    """Call KMS and return its answer; only what a caller can wait out becomes a refusal."""
    refusal = Unavailable("The signing key did not answer in time; repeat the request.", headers={"Retry-After": "1"})
    try:
        return operation(**request)
    except ClientError as error:
        if error.response["Error"]["Code"] in _BUSY_CODES:
            raise refusal from error
        raise
    except BotoCoreError as error:
        raise refusal from error
