"""A client of a service that speaks AWS's JSON protocol: it signs, sends, tries again, and says what came of it.

https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html
"""

import itertools
import time
import zlib
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import orjson

from shared import pauses
from shared.aws import credentials, endpoints, refusals, retries, sigv4, wire
from shared.aws.credentials import Credentials, NoCredentials
from shared.aws.refusals import AwsRefused
from shared.aws.wire import Answer, Limits, NoAnswer
from shared.pauses import Backoff

__all__ = [
    "ATHENA",
    "DYNAMODB",
    "EVENTS",
    "FAILURES",
    "KMS",
    "SECRETS_MANAGER",
    "SQS",
    "AwsRefused",
    "Client",
    "Limits",
    "NoAnswer",
    "NoCredentials",
    "Service",
]

FAILURES: Final = (AwsRefused, NoAnswer, NoCredentials)
"""What a call may raise, for callers to whom all of it is the same."""

_OK: Final = 200
# AWS takes five minutes; what is nearer is no skew, but another reason to refuse a signature.
_SKEW_SECONDS: Final = 4 * 60


class Service(NamedTuple):
    """A service: the name of its endpoint, the prefix of its operations, the version of its protocol."""

    name: str
    target: str
    version: str


ATHENA: Final = Service("athena", "AmazonAthena", "1.1")
DYNAMODB: Final = Service("dynamodb", "DynamoDB_20120810", "1.0")
EVENTS: Final = Service("events", "AWSEvents", "1.1")
KMS: Final = Service("kms", "TrentService", "1.1")
SECRETS_MANAGER: Final = Service("secretsmanager", "secretsmanager", "1.1")
SQS: Final = Service("sqs", "AmazonSQS", "1.0")


class Client:
    """A client of a service, for all threads of a process."""

    def __init__(self, service: Service, limits: Limits, *, tries: int = retries.TRIES) -> None:
        self._service = service
        self._limits = limits
        self._tries = tries
        self._budget = retries.Budget()
        self._skew_seconds = 0.0

    def call(self, operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to a request. Raises AwsRefused, NoAnswer, and NoCredentials.

        After NoAnswer it is not known whether the request took effect.
        """
        body = orjson.dumps(request)
        spent = 0
        for tries in itertools.count(1):
            begun, key = pauses.now(), credentials.current()
            try:
                answered = self._try(operation, body, key)
            except (AwsRefused, NoAnswer) as failure:
                spent = self._spend(failure, key) if tries < self._tries else 0
                if not spent:
                    raise
                pauses.after(_backoff(failure), tries, took_seconds=pauses.now() - begun)
            else:
                self._budget.give_back(spent)
                return answered
        raise AssertionError("the last try returns or raises")

    def _spend(self, failure: AwsRefused | NoAnswer, key: Credentials) -> int:
        """Return what trying again costs, 0 when that does not help or is not afforded."""
        if isinstance(failure, NoAnswer):
            return self._budget.spend(timed_out=failure.timed_out)
        if failure.is_passing or self._has_learned(failure, key):
            return self._budget.spend(timed_out=False)
        return 0

    def _has_learned(self, failure: AwsRefused, key: Credentials) -> bool:
        """Return whether the next try is another request: the clock is set right, or the credentials are new ones."""
        if failure.code in refusals.EXPIRED:
            credentials.forget(key)
            return credentials.current() != key
        if failure.code in refusals.SKEWED and failure.answered_at is not None:
            skew = failure.answered_at - time.time()
            differs = abs(skew - self._skew_seconds) > _SKEW_SECONDS
            self._skew_seconds = skew if differs else self._skew_seconds
            return differs
        return False

    def _try(self, operation: str, body: bytes, key: Credentials) -> dict[str, Any]:
        endpoint = endpoints.of(self._service.name)
        headers = self._signed(operation, body, endpoint.authority, key)
        answer = wire.send(endpoint, headers, body, self._limits)
        try:
            fields = _read(answer)
        except ValueError as error:
            raise NoAnswer(f"{operation}: {answer.status}, {error}") from error
        if answer.status == _OK:
            return fields
        code = refusals.code_of(answer.headers, fields)
        answered_at = _date(answer) if code in refusals.SKEWED else None
        raise AwsRefused(operation, answer.status, code, fields, answered_at=answered_at)

    def _signed(self, operation: str, body: bytes, host: str, key: Credentials) -> dict[str, str]:
        """Return the headers of a request, signed."""
        headers = {
            "content-type": f"application/x-amz-json-{self._service.version}",
            "host": host,
            "x-amz-date": time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(time.time() + self._skew_seconds)),
            "x-amz-target": f"{self._service.target}.{operation}",
        }
        if key.session_token:
            headers["x-amz-security-token"] = key.session_token
        signature = sigv4.authorization(
            headers,
            body,
            access_key_id=key.access_key_id,
            secret=key.secret,
            region=endpoints.region(),
            service=self._service.name,
        )
        return {**headers, "authorization": signature, "user-agent": "milepost/1"}


def _backoff(failure: AwsRefused | NoAnswer) -> Backoff:
    is_throttled = isinstance(failure, AwsRefused) and failure.code in refusals.THROTTLED
    return retries.PAUSES_OF_THROTTLED if is_throttled else retries.PAUSES


def _read(answer: Answer) -> dict[str, Any]:
    """Return the fields of an answer. Raises ValueError for one that is damaged or no JSON object."""
    said = answer.headers.get("x-amz-crc32")
    if said is not None and int(said) != zlib.crc32(answer.body):
        raise ValueError("its checksum is wrong")
    if not answer.body:
        return {}
    fields = orjson.loads(answer.body)
    if not isinstance(fields, dict):
        raise ValueError("it is no JSON object")
    return fields


def _date(answer: Answer) -> float | None:
    """Return when the service answered by its own clock, in seconds of the epoch."""
    from email.utils import parsedate_to_datetime  # noqa: PLC0415 - for a refusal only

    try:
        return parsedate_to_datetime(answer.headers["date"]).timestamp()
    except (KeyError, ValueError):
        return None
