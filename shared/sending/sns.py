"""Amazon SNS as senders use it: one client, and what its answers mean."""

import functools
from typing import TYPE_CHECKING, Final, cast

from shared.sending import attempts
from shared.sending.answers import Outcome
from shared.sending.attempts import Limits

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

# https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
_ACCOUNT: Final = frozenset({"KMSAccessDenied", "KMSDisabled", "KMSOptInRequired", "PlatformApplicationDisabled"})


@functools.cache
def client(limits: Limits | None = None) -> "SNSClient":
    """Return the client of this process with these limits."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests send something

    return cast("SNSClient", session.get_session().create_client("sns", config=attempts.once(limits)))


def judged(code: str, _: str) -> Outcome | None:
    """Return what an answer of SNS means that others do not give."""
    return "account" if code in _ACCOUNT else None
