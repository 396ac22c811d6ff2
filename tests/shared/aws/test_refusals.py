"""What a client does about each kind of refusal: it repeats the request, sets its clock, or passes the refusal on."""

import json
import time
from email.utils import formatdate

import pytest
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker

from shared.aws import refusals, retries
from shared.aws.client import AwsRefused
from tests.shared.aws.conftest import Connect
from tests.shared.aws.servers import answers, serving

THROTTLED = (
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
    "TransactionInProgressException",
)
PASSING = (
    "DependencyTimeoutException",
    "InternalServerError",
    "KMSInternalException",
    "RequestTimeout",
    "RequestTimeoutException",
    "ServiceUnavailable",
)


@pytest.mark.parametrize("code", [*THROTTLED, *PASSING])
def test_a_refusal_that_passes_is_tried_again(connect: Connect, code: str):
    refused = answers(json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}"}).encode(), status="400 No")
    with serving(refused) as server, pytest.raises(AwsRefused) as failure:
        connect(server).call("GetItem", {})

    assert failure.value.is_passing
    assert len(server.requests) == retries.TRIES


def test_a_refusal_because_of_too_many_requests_is_known_as_one():
    assert set(THROTTLED) == refusals.THROTTLED


def test_what_botocore_tries_again_is_tried_again():
    theirs = {*ThrottledRetryableChecker._THROTTLED_ERROR_CODES, *TransientRetryableChecker._TRANSIENT_ERROR_CODES}

    # No client here calls EC2.
    assert theirs - {"EC2ThrottledException"} <= refusals.THROTTLED | refusals.PASSING


@pytest.mark.parametrize("code", ["InvalidSignatureException", "RequestExpired", "RequestTimeTooSkewed"])
def test_a_clock_that_is_wrong_is_set_by_the_answer(connect: Connect, code: str):
    then = time.time() + 7200
    skewed = answers(
        json.dumps({"__type": code}).encode(), status="400 Bad Request", date=formatdate(then, usegmt=True)
    )
    with serving(skewed, answers(b"{}")) as server:
        made = connect(server)
        made.call("GetItem", {})
        made.call("GetItem", {})
    dates = [line for request in server.requests for line in request.split(b"\r\n") if line.startswith(b"x-amz-date")]
    hours = [date.split(b"T")[1][:2] for date in dates]

    assert hours[1] == hours[2] == time.strftime("%H", time.gmtime(then)).encode()
    assert hours[0] != hours[1]


def test_a_signature_that_is_refused_for_another_reason_is_refused(connect: Connect):
    wrong = answers(
        b'{"__type": "InvalidSignatureException"}', status="400 Bad Request", date=formatdate(time.time(), usegmt=True)
    )
    with serving(wrong) as server, pytest.raises(AwsRefused):
        connect(server).call("GetItem", {})

    assert len(server.requests) == 1
