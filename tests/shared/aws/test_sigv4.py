"""Signatures, against those that AWS publishes with its signing test suite, and for anything else against botocore."""

import string

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from shared.aws import sigv4

KEY_ID, SECRET = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
PLAIN = {"host": "example.amazonaws.com", "x-amz-date": "20150830T123600Z"}
TOKEN = (
    "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwt"
    "hAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXA"
    "kiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
)
# https://docs.aws.amazon.com/general/latest/gr/signature-v4-test-suite.html: the cases of a POST to / without a query.
PUBLISHED = {
    "post-vanilla": (PLAIN, "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    "post-header-key-sort": (
        {**PLAIN, "my-header1": "value1"},
        "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c",
    ),
    "post-header-value-case": (
        {**PLAIN, "my-header1": "VALUE1"},
        "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d",
    ),
    "post-sts-header-before": (
        {**PLAIN, "x-amz-security-token": TOKEN},
        "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
    ),
}


@pytest.mark.parametrize("case", PUBLISHED)
def test_a_signature_is_the_one_that_aws_publishes(case: str):
    headers, signature = PUBLISHED[case]
    header = sigv4.authorization(
        headers, b"", access_key_id=KEY_ID, secret=SECRET, region="us-east-1", service="service"
    )

    assert header == (
        f"AWS4-HMAC-SHA256 Credential={KEY_ID}/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders={';'.join(sorted(headers))}, Signature={signature}"
    )


@given(
    body=st.binary(max_size=300),
    value=st.text(string.ascii_letters + string.digits + " -_./", max_size=40),
    secret=st.text(string.ascii_letters + string.digits + "+/=", min_size=1, max_size=60),
    service=st.sampled_from(["dynamodb", "kms", "sqs", "events", "secretsmanager"]),
    region=st.sampled_from(["eu-west-1", "us-east-1", "cn-north-1"]),
)
def test_any_request_is_signed_as_botocore_signs_it(body: bytes, value: str, secret: str, service: str, region: str):
    given_headers = {"host": f"{service}.{region}.amazonaws.com", "x-amz-target": f"A.{value}", "content-type": "x"}
    request = AWSRequest(method="POST", url=f"https://{given_headers['host']}/", data=body, headers=given_headers)
    SigV4Auth(Credentials(KEY_ID, secret), service, region).add_auth(request)
    signed = {**given_headers, "x-amz-date": request.headers["X-Amz-Date"]}

    assert (
        sigv4.authorization(signed, body, access_key_id=KEY_ID, secret=secret, region=region, service=service)
        == request.headers["Authorization"]
    )
