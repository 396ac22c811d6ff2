"""What stays when its stack goes has no name that we choose: CloudFormation refuses to make a name that is there."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.infra.stages import Stage, Stages

# The property of a type that names it, in its account and region or in the world. Others are named by AWS.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-template-resource-type-ref.html
NAMES = {
    "AWS::AppSync::Api": "Name",
    "AWS::Backup::BackupPlan": None,
    "AWS::Backup::BackupVault": "BackupVaultName",
    "AWS::CertificateManager::Certificate": None,
    "AWS::CloudFront::Distribution": None,
    "AWS::CloudWatch::Alarm": "AlarmName",
    "AWS::CloudWatch::Dashboard": "DashboardName",
    "AWS::Cognito::UserPool": None,
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::ECR::Repository": "RepositoryName",
    "AWS::Events::Archive": "ArchiveName",
    "AWS::Events::EventBus": "Name",
    "AWS::Events::Rule": "Name",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
    "AWS::KMS::Alias": "AliasName",
    "AWS::KMS::Key": None,
    "AWS::Kinesis::Stream": "Name",
    "AWS::KinesisFirehose::DeliveryStream": "DeliveryStreamName",
    "AWS::Lambda::Function": "FunctionName",
    "AWS::Lambda::Version": None,
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::OpenSearchService::Domain": "DomainName",
    "AWS::Route53::HostedZone": None,
    "AWS::S3::Bucket": "BucketName",
    "AWS::S3::BucketPolicy": None,
    "AWS::SES::ConfigurationSet": "Name",
    "AWS::SES::EmailIdentity": "EmailIdentity",
    "AWS::SNS::Topic": "TopicName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SSM::Parameter": "Name",
    "AWS::Scheduler::ScheduleGroup": "Name",
    "AWS::SecretsManager::Secret": "Name",
    "AWS::StepFunctions::StateMachine": "StateMachineName",
    "AWS::WAFv2::WebACL": "Name",
}


@pytest.fixture(params=["production", "backed up", "development", "fronted", "local"])
def stage(request: pytest.FixtureRequest, stages: Stages) -> Stage:
    """A stage of each kind."""
    if request.param == "fronted":
        names = {
            "domain": "api.example.com",
            "graphql_domain": "graphql.example.com",
            "hosted_zone": "Z0123456789EXAMPLE",
        }
        return stages.stage("dev", region="eu-central-1", front=True, **names)
    if request.param == "development":
        return stages.stage("dev", sms_countries=["+49", "+43"], sms_sender_id="Milepost")
    if request.param == "backed up":
        return stages.stage("prod", backup=True)
    made: Stage = request.getfixturevalue("prod" if request.param == "production" else "local")
    return made


def test_what_stays_when_its_stack_goes_has_no_chosen_name(stage: Stage) -> None:
    assert list(_named_and_kept(stage.templates)) == []


def test_only_data_and_logs_stay(stage: Stage) -> None:
    kept = {each["Type"] for each in stage.resources.values() if _stays(each)}
    data = {
        "Table": "AWS::DynamoDB",
        "Key": "AWS::KMS",
        "Secret": "AWS::SecretsManager",
        "Bucket": "AWS::S3",
        "BucketPolicy": "AWS::S3",
    }
    expected = {f"{service}::{name}" for name, service in data.items()}
    expected |= {"AWS::Scheduler::ScheduleGroup", "AWS::Logs::LogGroup", "AWS::SQS::Queue"}

    assert kept in (expected, expected | {"AWS::Backup::BackupVault"}, set())


def test_of_the_queues_dead_letters_stay(prod: Stage) -> None:
    stays = {_stays(each): set[str]() for each in prod.find("AWS::SQS::Queue").values()}
    for each in prod.find("AWS::SQS::Queue").values():
        stays[_stays(each)] |= {tag["Value"] for tag in each["Properties"]["Tags"] if tag["Key"] == "part"}

    assert stays == {True: {"DeadLetters"}, False: {"Queue"}}


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
@pytest.mark.parametrize("keeping", ["Retain", "RetainExceptOnCreate"])
def test_a_chosen_name_is_seen(policy: str, keeping: str) -> None:
    address = {"Type": "AWS::SES::EmailIdentity", policy: keeping, "Properties": {"EmailIdentity": "a@b.example"}}

    assert list(_named_and_kept({"stack": {"Resources": {"Sender": address}}})) == ["stack: Sender"]


def test_a_type_whose_name_nobody_has_looked_up_is_seen() -> None:
    unknown = {"Type": "AWS::New::Thing", "DeletionPolicy": "Retain", "Properties": {}}

    with pytest.raises(KeyError, match="AWS::New::Thing"):
        list(_named_and_kept({"stack": {"Resources": {"Thing": unknown}}}))


def _named_and_kept(templates: Mapping[str, Any]) -> Iterator[str]:
    for stack, template in templates.items():
        for name, resource in template["Resources"].items():
            if _stays(resource) and _is_chosen(resource["Properties"].get(NAMES[resource["Type"]])):
                yield f"{stack}: {name}"


def _stays(resource: Mapping[str, Any]) -> bool:
    policies = (resource.get(policy, "Delete") for policy in ("DeletionPolicy", "UpdateReplacePolicy"))
    return any(policy.startswith("Retain") for policy in policies)


def _is_chosen(name: Any) -> bool:
    """Return whether a name is the same whenever the stack is made: it holds no id that AWS gives to a new resource."""
    return name is not None and "Fn::GetAtt" not in str(name)
