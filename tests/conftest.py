"""What every test that reaches the table shares: an in-process DynamoDB and KMS (moto), and nothing remembered."""

import os
from collections.abc import Iterator

import boto3
import pytest
from hypothesis import settings
from moto import mock_aws

os.environ |= {
    "ACCOUNT_RATE_LIMIT": "1000/5000",
    "ADDRESS_RATE_LIMIT": "1000/5000",
    "ALLOW_LOOPBACK_WEBHOOKS": "false",
    "API_URL": "https://milepost.example",
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "CREDENTIAL_RATE_LIMIT": "1000/5000",
    "FILES_BUCKET": "files",
    "INVITED_RATE_LIMIT": "1000/5000",
    "LOG_LEVEL": "INFO",
    "MAIL_SENDER": "",
    "POWERTOOLS_METRICS_NAMESPACE": "Milepost",
    "POWERTOOLS_SERVICE_NAME": "milepost",
    # Limits that no test meets, and that cost no call; `usual_limits` sets those of a stage.
    "RATE_LIMIT": "1000/5000",
    "REGISTRATION_RATE_LIMIT": "1000/5000",
    "SMS_COUNTRIES": "",
    "SMS_SENDER_ID": "",
    "STAGE": "local",
    "TABLE_NAME": "milepost",
    "TOKEN_AUDIENCE": "milepost-local",
    "TOKEN_ISSUER": "https://milepost.example",
}

from functions.audience.settings import (
    settings as audience_settings,  # Powertools reads the environment when it is imported
)
from functions.identity.second_factor import seals
from shared.api import rate_limits  # Powertools reads the environment when it is imported
from shared.callers import (  # Powertools reads the environment when it is imported
    auth,
    tenant_settings,
)
from shared.messaging import discarded  # Powertools reads the environment when it is imported
from shared.sending import mail, sns  # Powertools reads the environment when it is imported
from tests.aws import clients, hooks, quick_moto
from tests.aws.discarded import Kept, make_bucket
from tests.aws.discarded import kept as discarded_records
from tests.aws.quick.table import QuickTable
from tests.identity import hashing
from tests.identity.hashing import in_earnest
from tests.platform import declared

quick_moto.speed_up()
hooks.install()
# The same cases everywhere, however slow the machine: what hypothesis does by itself where CI is set.
settings.load_profile("ci")

__all__ = ["in_earnest"]


def pytest_configure() -> None:
    """Spare the tests, but not the bench, what takes long and is looked at by few of them."""
    clients.share()
    hashing.cheaply()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return the number of processes of `-n auto`: one more than cores, since tests of a stage mostly wait."""
    return (os.cpu_count() or 1) + 1


class ScanCalled(AssertionError):
    """The code under test scanned the table."""


def refuse_scan(**_: object) -> None:
    """Fail the test that made a Scan."""
    raise ScanCalled("Nothing scans: read by key or by query.")


@pytest.fixture(autouse=True)
def _nobody_has_called() -> None:
    rate_limits.forget()


@pytest.fixture
def usual_limits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hold whoever calls to the limits of a stage."""
    monkeypatch.setenv("RATE_LIMIT", "20/50")
    monkeypatch.delenv("ACCOUNT_RATE_LIMIT")
    monkeypatch.delenv("INVITED_RATE_LIMIT")
    monkeypatch.setenv("ADDRESS_RATE_LIMIT", "200/1000")
    monkeypatch.setenv("CREDENTIAL_RATE_LIMIT", "2/400")
    monkeypatch.setenv("REGISTRATION_RATE_LIMIT", "1/50")
    rate_limits.forget()
    yield
    rate_limits.forget()


@pytest.fixture
def quick_table() -> QuickTable | None:
    """Return the table that answers in place of moto's; a module that needs moto's says None."""
    return QuickTable()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch, quick_table: QuickTable | None) -> Iterator[None]:
    """Give the test a table and a signing key of its own; a Scan fails it."""
    with mock_aws():
        hooks.forget()
        auth.forget()
        tenant_settings.forget()
        audience_settings.forget()
        make_table()
        key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
        monkeypatch.setenv("SIGNING_KEY_ID", key["KeyMetadata"]["KeyId"])
        hooks.register("before-call.dynamodb.Scan", refuse_scan)
        if quick_table is not None:
            quick_table.stand_in()
        yield
        declared.hold_events()
        hooks.forget()


@pytest.fixture
def kept(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    """Give the stage the bucket of discarded records; the function returns the records in it."""
    monkeypatch.setenv("DISCARDED_BUCKET", make_bucket())
    discarded.client.cache_clear()
    yield discarded_records
    discarded.client.cache_clear()


@pytest.fixture
def pepper(aws: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give the stage the secret that API keys need, and return its ARN."""
    made = boto3.client("secretsmanager").create_secret(Name="pepper", SecretString="a pepper for tests")
    monkeypatch.setenv("PEPPER_SECRET_ID", made["ARN"])
    return made["ARN"]


@pytest.fixture
def otp(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage what second factors need: the secret that seals them, an address to send e-mail from, and SMS."""
    made = boto3.client("secretsmanager").create_secret(Name="otp", SecretString="a secret for tests, 40 characters")
    monkeypatch.setenv("OTP_SECRET_ID", made["ARN"])
    # moto does not know that a label needs no verification, but that a domain has any address.
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    monkeypatch.setenv("SMS_COUNTRIES", "+49,+1")
    monkeypatch.setenv("SMS_SENDER_ID", "Milepost")
    yield
    seals.secret.forget()
    mail.client.cache_clear()
    sns.client.cache_clear()


@pytest.fixture
def search_feed(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the stage the queues between contexts and search, and return the address of that of search."""
    client, made = boto3.client("sqs"), {}
    for name in ("SearchFeed", "GoalFeed", "AudienceFeed"):
        variable = f"{name.removesuffix('Feed').upper()}_FEED_QUEUE_URL"
        made[name] = client.create_queue(QueueName=f"milepost-local-{name}-Queue")["QueueUrl"]
        monkeypatch.setenv(variable, made[name])
    yield made["SearchFeed"]
    for queue_url in made.values():
        client.delete_queue(QueueUrl=queue_url)


@pytest.fixture
def removals_queue(search_feed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Give the stage the queue of goals that are to be removed, and return its address."""
    queue_url = boto3.client("sqs").create_queue(QueueName="milepost-local-GoalRemovals-Queue")["QueueUrl"]
    monkeypatch.setenv("REMOVALS_QUEUE_URL", queue_url)
    yield queue_url
    boto3.client("sqs").delete_queue(QueueUrl=queue_url)


def make_table() -> None:
    """Make the table as `infra/constructs/table.py` does."""
    boto3.client("dynamodb").create_table(
        TableName=os.environ["TABLE_NAME"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("PK", "SK", "GSI1PK", "GSI1SK")
        ],
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "GSI1",
                "KeySchema": [
                    {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                    {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
