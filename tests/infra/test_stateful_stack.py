"""What holds data: the table, the signing key, the secret of one-time codes."""

from collections.abc import Mapping
from typing import Any

from tests.infra.stages import VALUE, Stage

FUNCTION = "AWS::Lambda::Function"


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
    policies = {each["Type"]: (each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in _data(prod)}

    # A protected table could not be removed after a failure; everything else that was just made can.
    assert policies.pop("AWS::DynamoDB::Table") == ("Retain", "Retain")
    assert set(policies.values()) == {("RetainExceptOnCreate", "Retain")}
    assert prod.of_type("AWS::DynamoDB::Table")[0]["DeletionProtectionEnabled"] is True


def test_data_goes_with_its_stack_on_a_laptop(local: Stage) -> None:
    assert {resource["DeletionPolicy"] for resource in _data(local)} == {"Delete"}
    assert local.of_type("AWS::DynamoDB::Table")[0]["DeletionProtectionEnabled"] is False


def test_the_secret_of_one_time_codes_is_generated_where_it_lies(prod: Stage) -> None:
    secrets = prod.of_type("AWS::SecretsManager::Secret")

    assert {"PasswordLength": 64, "ExcludePunctuation": True} in [each["GenerateSecretString"] for each in secrets]
    assert [each for each in secrets if "SecretString" in each] == []


def test_an_address_that_e_mail_comes_from_belongs_to_no_stack(local: Stage) -> None:
    (told,) = {each["Environment"]["Variables"].get("MAIL_SENDER", "") for each in local.of_type(FUNCTION)} - {""}

    assert told == "no-reply@milepost.example"
    assert local.of_type("AWS::SES::EmailIdentity") == []


def _data(stage: Stage) -> list[Mapping[str, Any]]:
    """Return what the stateful stack holds besides the values that others read."""
    return [each for each in stage.templates["stateful"]["Resources"].values() if each["Type"] != VALUE]
