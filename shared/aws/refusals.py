"""What a service of AWS says no with, and what kind of no it is."""

from collections.abc import Mapping
from typing import Any, Final

THROTTLED: Final = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
        # The first try of a transaction has not ended: it may yet take effect.
        "TransactionInProgressException",
    }
)
PASSING: Final = frozenset(
    {
        "DependencyTimeoutException",
        "InternalServerError",
        "KMSInternalException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
    }
)
SKEWED: Final = frozenset({"InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed"})
EXPIRED: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"})
_BROKEN: Final = 500


class AwsRefused(Exception):
    """The service answered with an error: its `code`, the status, and its `fields` as they came."""

    def __init__(
        self, operation: str, status: int, code: str, fields: Mapping[str, Any], *, answered_at: float | None = None
    ) -> None:
        super().__init__(f"{operation}: {code} {fields.get('message') or fields.get('Message') or ''}".rstrip())
        self.code = code
        self.status = status
        self.fields = fields
        self.answered_at = answered_at

    @property
    def is_passing(self) -> bool:
        """Whether the same request may be taken another time."""
        return self.status >= _BROKEN or self.code in THROTTLED or self.code in PASSING


def code_of(headers: Mapping[str, str], fields: Mapping[str, Any]) -> str:
    """Return the code of an error without its namespace and its address; `Unknown` when it has none.

    https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html#operation-error-serialization
    """
    said = headers.get("x-amzn-errortype") or fields.get("__type") or fields.get("code") or "Unknown"
    return str(said).split(":")[0].rpartition("#")[2]
