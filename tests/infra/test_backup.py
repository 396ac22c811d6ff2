"""Backups by AWS Backup: what is kept for how long, who may make and delete it, and that a failure is heard of."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from tests.infra.stages import Stage, Stages

VAULT = "arn:aws:backup:eu-central-1:210987654321:backup-vault:milepost"
STREAM = "arn:aws:dynamodb:eu-central-1:123456789012:table/milepost-prod-restored/stream/2026-11-26T11:30:00.000"


@pytest.fixture(scope="module")
def backed_up(stages: Stages) -> Stage:
    """Production with backups that stay in its account."""
    return stages.stage("prod", backup=True)


@pytest.fixture(scope="module")
def copied(stages: Stages) -> Stage:
    """Production with copies of its backups in another account."""
    return stages.stage("prod", backup=True, backup_copy_to=VAULT)


def rules(stage: Stage) -> dict[str, Mapping[str, Any]]:
    (plan,) = stage.of_type("AWS::Backup::BackupPlan")
    return {rule["RuleName"]: rule for rule in plan["BackupPlan"]["BackupPlanRule"]}


def statements(stage: Stage) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """Return what AWS Backup may do, by the actions of the statement."""
    (selection,) = stage.of_type("AWS::Backup::BackupSelection")
    role = selection["BackupSelection"]["IamRoleArn"]["Fn::GetAtt"][0]
    (policy,) = [each for each in stage.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    return {
        tuple(each["Action"] if isinstance(each["Action"], list) else [each["Action"]]): each
        for each in policy["PolicyDocument"]["Statement"]
    }


def end_of(arn: Any) -> str:
    """Return how an ARN ends that is put together in the template."""
    return str(arn["Fn::Join"][1][-1])


def test_there_is_none_unless_it_is_asked_for(prod: Stage) -> None:
    assert [each["Type"] for each in prod.resources.values() if each["Type"].startswith("AWS::Backup::")] == []


def test_one_a_day_is_kept_for_35_days_and_one_a_month_for_a_year(backed_up: Stage) -> None:
    assert {name: (rule["ScheduleExpression"], rule["Lifecycle"]) for name, rule in rules(backed_up).items()} == {
        "Daily": ("cron(0 3 * * ? *)", {"DeleteAfterDays": 35}),
        "Monthly": ("cron(0 4 1 * ? *)", {"DeleteAfterDays": 365, "MoveToColdStorageAfterDays": 30}),
    }
    assert [rule.get("CopyActions") for rule in rules(backed_up).values()] == [None, None]


def test_what_is_moved_to_cold_storage_stays_there_for_the_90_days_that_aws_wants(backed_up: Stage) -> None:
    lifecycle = rules(backed_up)["Monthly"]["Lifecycle"]

    assert lifecycle["DeleteAfterDays"] - lifecycle["MoveToColdStorageAfterDays"] >= 90


def test_the_vault_is_locked_for_as_long_as_its_backups_are_kept(backed_up: Stage) -> None:
    (vault,) = backed_up.of_type("AWS::Backup::BackupVault")
    kept = [rule["Lifecycle"]["DeleteAfterDays"] for rule in rules(backed_up).values()]

    assert vault["LockConfiguration"] == {"MinRetentionDays": min(kept), "MaxRetentionDays": max(kept)}


def test_the_vault_has_a_key_that_copies_to_other_accounts_may_be_made_of(backed_up: Stage) -> None:
    (vault,) = backed_up.of_type("AWS::Backup::BackupVault")
    key = backed_up.resources[vault["EncryptionKeyArn"]["Fn::GetAtt"][0]]

    assert key["Properties"]["EnableKeyRotation"] is True
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_the_table_of_the_stage_is_what_is_backed_up(backed_up: Stage, stages: Stages) -> None:
    adopting = stages.stage("prod", backup=True, adopted_table=STREAM)
    (own,) = backed_up.of_type("AWS::Backup::BackupSelection")
    (adopted,) = adopting.of_type("AWS::Backup::BackupSelection")
    (table,) = backed_up.find("AWS::DynamoDB::Table")

    assert own["BackupSelection"]["Resources"] == [{"Fn::GetAtt": [table, "Arn"]}]
    assert adopted["BackupSelection"]["Resources"] == [STREAM.partition("/stream/")[0]]


def test_aws_backup_may_read_one_table_and_write_one_vault(backed_up: Stage) -> None:
    (table,), (vault,) = backed_up.find("AWS::DynamoDB::Table"), backed_up.find("AWS::Backup::BackupVault")
    allowed = {actions: each["Resource"] for actions, each in statements(backed_up).items()}
    key = allowed.pop(("kms:CreateGrant",))
    points = allowed.pop(("backup:TagResource",))

    assert allowed == {
        (
            "dynamodb:DescribeTable",
            "dynamodb:CreateBackup",
            "dynamodb:StartAwsBackupJob",
            "dynamodb:ListTagsOfResource",
        ): {"Fn::GetAtt": [table, "Arn"]},
        ("backup:DescribeBackupVault", "backup:CopyIntoBackupVault"): {"Fn::GetAtt": [vault, "BackupVaultArn"]},
        ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey"): key,
    }
    assert backed_up.resources[key["Fn::GetAtt"][0]]["Type"] == "AWS::KMS::Key"
    assert end_of(points).endswith(":recovery-point:*")


def test_only_aws_backup_of_this_account_takes_the_role(backed_up: Stage) -> None:
    (selection,) = backed_up.of_type("AWS::Backup::BackupSelection")
    role = backed_up.resources[selection["BackupSelection"]["IamRoleArn"]["Fn::GetAtt"][0]]["Properties"]

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Principal"] == {"Service": "backup.amazonaws.com"}
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    assert "ManagedPolicyArns" not in role


def test_every_backup_is_copied_and_kept_there_as_long_as_here(copied: Stage) -> None:
    copies = {name: rule["CopyActions"] for name, rule in rules(copied).items()}

    assert copies == {
        name: [{"DestinationBackupVaultArn": VAULT, "Lifecycle": rule["Lifecycle"]}]
        for name, rule in rules(copied).items()
    }


def test_copies_may_be_made_into_the_one_vault_alone(copied: Stage, backed_up: Stage) -> None:
    copying = statements(copied)[("backup:CopyFromBackupVault",)]
    into = statements(copied)[("backup:DescribeBackupVault", "backup:CopyIntoBackupVault")]

    assert copying["Condition"] == {"ForAllValues:StringEquals": {"backup:CopyTargets": [VAULT]}}
    assert [each for each in into["Resource"] if isinstance(each, str)] == [VAULT]
    assert ("backup:CopyFromBackupVault",) not in statements(backed_up)


def test_a_backup_or_copy_that_fails_is_told_where_alarms_are(copied: Stage) -> None:
    (rule_id,) = [
        name
        for name, each in copied.find("AWS::Events::Rule").items()
        if "aws.backup" in json.dumps(each["Properties"].get("EventPattern", {}))
    ]
    rule = copied.resources[rule_id]["Properties"]
    (target,) = rule["Targets"]
    (topic,) = [name for name in copied.find("AWS::SNS::Topic") if "Alarms" in name]
    (policy,) = [each for each in copied.of_type("AWS::SNS::TopicPolicy") if each["Topics"] == [{"Ref": topic}]]
    letting = [each for each in policy["PolicyDocument"]["Statement"] if "events.amazonaws.com" in json.dumps(each)]

    assert rule["EventPattern"]["detail"]["state"] == ["ABORTED", "EXPIRED", "FAILED"]
    assert rule["EventPattern"]["detail-type"] == ["Backup Job State Change", "Copy Job State Change"]
    assert target["Arn"] == {"Ref": topic}
    assert "DeadLetterConfig" in target
    assert [each["Condition"] for each in letting] == [
        {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule_id, "Arn"]}}}
    ]
