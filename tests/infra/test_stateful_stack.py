"""What holds data: the table, the signing key, the secret of one-time codes."""

from collections.abc import Mapping
from typing import Any

from infra.settings import settings_for
from tests.infra.stages import VALUE, Stage


def test_the_table_is_the_one_of_the_design(prod: Stage) -> None:
    (table,) = prod.of_type("AWS::DynamoDB::Table")

    assert table["KeySchema"] == [
        {"AttributeName": "PK", "KeyType": "HASH"},
        {"AttributeName": "SK", "KeyType": "RANGE"},
    ]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}


def test_the_table_has_one_index_over_everything(prod: Stage) -> None:
    (table,) = prod.of_type("AWS::DynamoDB::Table")

    assert table["GlobalSecondaryIndexes"] == [
        {
            "IndexName": "GSI1",
            "KeySchema": [
                {"AttributeName": "GSI1PK", "KeyType": "HASH"},
                {"AttributeName": "GSI1SK", "KeyType": "RANGE"},
            ],
            "Projection": {"ProjectionType": "ALL"},
        }
    ]


def test_the_signing_key_can_only_sign(prod: Stage) -> None:
    (key,) = prod.of_type("AWS::KMS::Key")

    assert key["KeySpec"] == "ECC_NIST_P256"
    assert key["KeyUsage"] == "SIGN_VERIFY"


def test_data_outlives_its_stack_in_production(prod: Stage) -> None:
    assert {resource["DeletionPolicy"] for resource in _data(prod)} == {"Retain"}
    assert prod.of_type("AWS::DynamoDB::Table")[0]["DeletionProtectionEnabled"] is True


def test_data_goes_with_its_stack_on_a_laptop(local: Stage) -> None:
    assert {resource["DeletionPolicy"] for resource in _data(local)} == {"Delete"}
    assert local.of_type("AWS::DynamoDB::Table")[0]["DeletionProtectionEnabled"] is False


def test_the_secret_of_one_time_codes_is_generated_where_it_lies(prod: Stage) -> None:
    secrets = prod.of_type("AWS::SecretsManager::Secret")

    assert {"PasswordLength": 64, "ExcludePunctuation": True} in [each["GenerateSecretString"] for each in secrets]
    assert [each for each in secrets if "SecretString" in each] == []


def test_a_stage_sends_e_mail_only_from_an_address_it_was_given(prod: Stage, local: Stage) -> None:
    senders = [each["EmailIdentity"] for each in local.of_type("AWS::SES::EmailIdentity")]

    assert prod.of_type("AWS::SES::EmailIdentity") == []
    assert senders == [settings_for(stage="local").mail_sender]


def _data(stage: Stage) -> list[Mapping[str, Any]]:
    """Return what the stateful stack holds besides the values that others read."""
    return [each for each in stage.templates["stateful"]["Resources"].values() if each["Type"] != VALUE]
