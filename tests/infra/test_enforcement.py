"""The local stage refuses what AWS refuses: roles, signatures, the CORS of buckets."""

import io
import json
import secrets
import sys
import zipfile
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from infra.stage import aws
from infra.stage.client import call
from infra.stage.ministack import ACCOUNT, REGION, MiniStack
from tests.aws import ports

SENDS = """
import os

import boto3


def handler(event, context):
    queues = boto3.client("sqs")
    queues.send_message(QueueUrl=event["url"], MessageBody="sent")
    queues.send_message_batch(QueueUrl=event["url"], Entries=[{"Id": "0", "MessageBody": "sent together"}])
    return "sent"
"""
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    """One for the tests of this module."""
    port = ports.free()
    ministack = MiniStack(state=tmp_path_factory.mktemp("enforcement"), port=port)
    ministack.start()
    yield ministack
    ministack.stop()


def client(ministack: MiniStack, service: str) -> Any:
    return aws.client(service, endpoint=ministack.endpoint)


def test_a_function_may_do_what_its_role_allows_and_nothing_else(ministack: MiniStack) -> None:
    queues, roles = client(ministack, "sqs"), client(ministack, "iam")
    url = queues.create_queue(QueueName="allowed")["QueueUrl"]
    arn = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    role = roles.create_role(RoleName="sender", AssumeRolePolicyDocument=json.dumps(TRUST))["Role"]["Arn"]
    before = invoke(ministack, role, name="before", url=url)
    statement = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    roles.put_role_policy(RoleName="sender", PolicyName="sending", PolicyDocument=document)

    assert "AccessDenied" in before["errorMessage"]
    assert invoke(ministack, role, name="after", url=url) == "sent"


def invoke(ministack: MiniStack, role: str, *, name: str, url: str) -> Any:
    """Return what a new function with this role says when it sends a message."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("sends.py", SENDS)
    functions = client(ministack, "lambda")
    functions.create_function(
        FunctionName=name,
        Runtime=f"python3.{sys.version_info.minor}",
        Role=role,
        Handler="sends.handler",
        Code={"ZipFile": archive.getvalue()},
        Timeout=30,
    )
    answer = functions.invoke(FunctionName=name, Payload=json.dumps({"url": url}).encode())
    return json.loads(answer["Payload"].read())


def test_a_signed_address_is_good_for_nothing_else(ministack: MiniStack) -> None:
    buckets = client(ministack, "s3")
    buckets.create_bucket(Bucket="signed")
    for key in ("one", "two"):
        buckets.put_object(Bucket="signed", Key=key, Body=key.encode())
    reader = user(ministack, "s3", action="s3:GetObject", resource="*")
    address = reader.generate_presigned_url("get_object", Params={"Bucket": "signed", "Key": "one"})

    assert call("GET", address).text == "one"
    assert call("GET", address.replace("/one", "/two")).status == 403


def user(ministack: MiniStack, service: str, *, action: str, resource: str) -> Any:
    """Return a client of a service for a new user who may do one thing. The emulator knows the secret of such a one."""
    users, name = client(ministack, "iam"), f"user-{secrets.token_hex(4)}"
    users.create_user(UserName=name)
    statement = {"Effect": "Allow", "Action": action, "Resource": resource}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    users.put_user_policy(UserName=name, PolicyName="allowed", PolicyDocument=document)
    key = users.create_access_key(UserName=name)["AccessKey"]
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=ministack.endpoint,
        region_name=REGION,
        aws_access_key_id=key["AccessKeyId"],
        aws_secret_access_key=key["SecretAccessKey"],
        config=Config(signature_version="s3v4" if service == "s3" else None),
    )


def test_a_page_of_another_origin_reaches_a_bucket_that_lets_it(ministack: MiniStack) -> None:
    buckets = client(ministack, "s3")
    buckets.create_bucket(Bucket="shared")
    before = preflight(f"{ministack.endpoint}/shared/key")
    rule = {"AllowedMethods": ["PUT"], "AllowedOrigins": ["https://app.example.com"]}
    buckets.put_bucket_cors(Bucket="shared", CORSConfiguration={"CORSRules": [rule]})

    assert (before, preflight(f"{ministack.endpoint}/shared/key")) == (403, 200)


def preflight(address: str) -> int:
    headers = {"Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT"}
    return call("OPTIONS", address, headers=headers).status


def test_a_request_without_credentials_is_refused(ministack: MiniStack) -> None:
    assert call("GET", f"{ministack.endpoint}/?Action=ListQueues").status == 403


def test_what_refuses_requests_without_tls_takes_those_of_this_machine(ministack: MiniStack) -> None:
    buckets = client(ministack, "s3")
    buckets.create_bucket(Bucket="encrypted")
    plain = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "arn:aws:s3:::encrypted/*",
        "Condition": plain,
    }
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    buckets.put_bucket_policy(Bucket="encrypted", Policy=document)

    buckets.put_object(Bucket="encrypted", Key="key", Body=b"taken")

    assert buckets.get_object(Bucket="encrypted", Key="key")["Body"].read() == b"taken"


def test_schedules_are_made_in_the_group_that_is_allowed(ministack: MiniStack) -> None:
    for group in ("ours", "theirs"):
        client(ministack, "scheduler").create_schedule_group(Name=group)
    ours = f"arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/ours/*"
    scheduler = user(ministack, "scheduler", action="scheduler:*", resource=ours)
    made = schedule(scheduler, "ours")

    assert made["ScheduleArn"].endswith("schedule/ours/soon")
    for group in ("theirs", "default"):
        with pytest.raises(ClientError, match="AccessDenied"):
            schedule(scheduler, group)
    with pytest.raises(ClientError, match="AccessDenied"):
        scheduler.delete_schedule(Name="soon", GroupName="theirs")
    scheduler.delete_schedule(Name="soon", GroupName="ours")


def schedule(scheduler: Any, group: str) -> Any:
    target = {"Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:somewhere", "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/some"}
    at = "at(2090-01-01T00:00:00)"
    window = {"Mode": "OFF"}
    return scheduler.create_schedule(
        Name="soon", GroupName=group, ScheduleExpression=at, FlexibleTimeWindow=window, Target=target
    )


def test_e_mail_is_sent_from_the_address_that_is_allowed(ministack: MiniStack) -> None:
    client(ministack, "ses").verify_domain_identity(Domain="example.com")
    ours = f"arn:aws:ses:{REGION}:{ACCOUNT}:identity/ours@example.com"
    mail = user(ministack, "ses", action="ses:SendRawEmail", resource=ours)
    plain, labelled = send(mail, "ours@example.com"), send(mail, "ours+identity.otp_1@example.com")

    assert plain["MessageId"] != labelled["MessageId"]
    with pytest.raises(ClientError, match="AccessDenied"):
        send(mail, "theirs@example.com")


def send(mail: Any, sender: str) -> Any:
    return mail.send_raw_email(
        Source=sender,
        Destinations=["somebody@example.com"],
        RawMessage={"Data": f"From: {sender}\r\n\r\nHello".encode()},
    )
