"""The key of a stage, where its owner wants one: what it encrypts, and who may use it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from infra.constructs.encryption import PUBLISHED
from tests.infra.stages import Stage

ROTATED = "EnableKeyRotation"


@pytest.fixture
def key(full: Stage) -> tuple[str, Mapping[str, Any]]:
    """The key, by its logical id."""
    (found,) = [(name, each) for name, each in full.find("AWS::KMS::Key").items() if name.startswith("Encryption")]
    assert found[1]["Properties"][ROTATED] is True
    return found


def encrypted_by(stage: Stage) -> dict[str, set[str]]:
    """Return by what each kind of resource says that it is encrypted."""
    buckets = [
        rule["ServerSideEncryptionByDefault"]
        for each in stage.of_type("AWS::S3::Bucket")
        for rule in each["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    ]
    named = {
        "logs": [each.get("KmsKeyId") for each in stage.of_type("AWS::Logs::LogGroup")],
        "secrets": [each.get("KmsKeyId") for each in stage.of_type("AWS::SecretsManager::Secret")],
        "topics": [each.get("KmsMasterKeyId") for each in stage.of_type("AWS::SNS::Topic")],
        "buckets": [each.get("KMSMasterKeyID") for each in buckets],
    }
    return {kind: {json.dumps(each) for each in keys} for kind, keys in named.items()}


def principals(key: tuple[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return the statements of the key's policy but that of the account, by whom they are about."""
    statements = key[1]["Properties"]["KeyPolicy"]["Statement"]
    return {json.dumps(each["Principal"]): each for each in statements if "root" not in json.dumps(each["Principal"])}


def test_it_encrypts_all_logs_secrets_alarms_files_and_discarded_records(
    full: Stage, key: tuple[str, Mapping[str, Any]]
) -> None:
    by_key = {json.dumps({"Fn::GetAtt": [key[0], "Arn"]})}

    assert encrypted_by(full) == {"logs": by_key, "secrets": by_key, "topics": by_key, "buckets": by_key}


def test_without_it_there_are_keys_of_aws_and_none_is_to_be_paid(prod: Stage) -> None:
    keys = [each for each in prod.of_type("AWS::KMS::Key") if ROTATED in each]

    assert set().union(*encrypted_by(prod).values()) == {"null"}
    assert keys == []


def test_it_outlives_its_stack_and_is_rotated(full: Stage, key: tuple[str, Mapping[str, Any]]) -> None:
    name, resource = key

    assert full.stack_of(name) == "stateful"
    assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
    assert resource["UpdateReplacePolicy"] == "Retain"
    assert resource["Properties"][ROTATED] is True
    assert f"/milepost/full/{PUBLISHED}" in json.dumps(full.templates["stateful"])


def test_only_log_groups_of_the_stage_are_encrypted_by_it(key: tuple[str, Mapping[str, Any]]) -> None:
    (statement,) = [each for who, each in principals(key).items() if "logs." in who]
    groups = statement["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]
    named = [json.dumps(each) for each in groups]

    assert list(statement["Condition"]) == ["ArnLike"]
    assert ":log-group:milepost-full-*" in named[0]
    assert ":log-group:/aws/appsync/apis/*" in named[1]
    assert ":log-group:aws-waf-logs-milepost-full-*" in named[2]
    assert len(named) == 3


def test_only_alarms_of_the_account_use_it_for_the_topic(key: tuple[str, Mapping[str, Any]]) -> None:
    (statement,) = [each for who, each in principals(key).items() if "cloudwatch" in who]

    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}


def test_rules_of_the_event_bus_use_it_for_the_topic(key: tuple[str, Mapping[str, Any]]) -> None:
    (statement,) = [each for who, each in principals(key).items() if "events." in who]

    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey*"]


def test_the_account_uses_it_through_secrets_manager_and_s3_and_by_no_other_way(
    key: tuple[str, Mapping[str, Any]],
) -> None:
    (statement,) = [each for who, each in principals(key).items() if who == json.dumps({"AWS": "*"})]
    conditions = statement["Condition"]["StringEquals"]
    services = [json.dumps(each) for each in conditions["kms:ViaService"]]

    assert conditions["kms:CallerAccount"] == {"Ref": "AWS::AccountId"}
    assert ["secretsmanager." in services[0], "s3." in services[1], len(services)] == [True, True, 2]


def test_every_other_group_of_the_stage_has_a_name_that_the_key_knows(full: Stage) -> None:
    # CloudFormation begins a name of its own with that of the stack.
    named = [each["LogGroupName"] for each in full.of_type("AWS::Logs::LogGroup") if "LogGroupName" in each]

    assert len(named) == 1
    assert "/aws/appsync/apis/" in json.dumps(named[0])
