"""One attempt at a service of AWS: the SDK tries nothing again, for a second attempt might be a second message."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from shared.aws import refusals
from shared.sending.answers import Answer, Outcome

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.exceptions import ClientError

Judge = Callable[[str, str], Outcome | None]
"""What a service's code and message mean where that is its own; None where they mean what they mean everywhere."""

_BROKEN: Final = 500
_THROTTLED: Final = frozenset({429, 503})
_UNKNOWN_OR_FORBIDDEN: Final = frozenset({401, 403})
# https://docs.aws.amazon.com/ses/latest/APIReference/CommonErrors.html
_ACCOUNT: Final = frozenset(
    {
        "IncompleteSignature",
        "InvalidClientTokenId",
        "MissingAuthenticationToken",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        *refusals.EXPIRED,
        *refusals.SKEWED,
    }
)


class Limits(NamedTuple):
    """How long an attempt may wait for a connection, and then for each part of the answer."""

    connect_seconds: float
    read_seconds: float


SOON: Final = Limits(1, 3)
"""Somebody waits, as for a code."""
PATIENT: Final = Limits(3, 10)
"""Nobody waits, and an answer that comes late is better than none: what was sent without one cannot be sent again."""


def once(limits: Limits | None) -> "Config":
    """Return the configuration of a client that tries nothing again; somebody waits unless limits say otherwise."""
    from botocore.config import Config  # noqa: PLC0415 - for a cold start: few requests send something

    connect_seconds, read_seconds = limits or SOON
    return Config(
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
        retries={"mode": "standard", "total_max_attempts": 1},
    )


def make(operation: Callable[..., Mapping[str, Any]], request: Mapping[str, Any], judge: Judge) -> Answer:
    """Call an operation of such a client, and return what came of it."""
    from botocore import exceptions  # noqa: PLC0415 - for a cold start, as above
    from botocore.parsers import ResponseParserError  # noqa: PLC0415

    try:
        message_id = operation(**request)["MessageId"]
    except exceptions.ClientError as error:
        return _refused(error, judge)
    except (exceptions.ParamValidationError, UnicodeError) as error:
        # Half a surrogate pair is no text that could be sent.
        return Answer("refused", type(error).__name__)
    except (
        exceptions.NoCredentialsError,
        exceptions.PartialCredentialsError,
        exceptions.CredentialRetrievalError,
    ) as error:
        return Answer("account", type(error).__name__)
    except (exceptions.EndpointConnectionError, exceptions.ConnectTimeoutError) as error:
        return Answer("retry", type(error).__name__)
    except (exceptions.BotoCoreError, ResponseParserError, KeyError) as error:
        # A time-out while reading, a connection that ended, an answer that nobody can read: the request was sent.
        # For XML without a result botocore raises KeyError.
        return Answer("ambiguous", type(error).__name__)
    return Answer("accepted", message_id=message_id)


def _refused(error: "ClientError", judge: Judge) -> Answer:
    code = error.response["Error"].get("Code", "Unknown")
    status = error.response["ResponseMetadata"]["HTTPStatusCode"]
    own = judge(code, error.response["Error"].get("Message", ""))
    return Answer(own or _usual(code, status), code)


def _usual(code: str, status: int) -> Outcome:
    """Return what a code means at every service."""
    if status in _THROTTLED or code in refusals.THROTTLED:
        return "retry"
    if status >= _BROKEN:
        return "ambiguous"
    if status in _UNKNOWN_OR_FORBIDDEN or code in _ACCOUNT:
        return "account"
    return "refused"
