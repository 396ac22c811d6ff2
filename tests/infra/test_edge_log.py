"""The log of the front: all requests, none of their secrets, and an end."""

import pytest

from tests.infra.stages import Stage, Stages

REGION = "eu-central-1"


@pytest.fixture(scope="module")
def fronted(stages: Stages) -> Stage:
    """A stage with a front, and nothing more said of it."""
    return stages.stage("dev", domain="api.example.com", hosted_zone="Z0123456789EXAMPLE", region=REGION, front=True)


def test_the_log_has_every_request_and_neither_query_nor_cookies(fronted: Stage) -> None:
    (distribution,) = fronted.of_type("AWS::CloudFront::Distribution")
    (delivery,) = fronted.of_type("AWS::Logs::Delivery")
    (source,) = fronted.of_type("AWS::Logs::DeliverySource")
    read = {"StackName": "milepost-dev-front", "OutputName": "DistributionId", "Region": REGION}

    assert source["LogType"] == "ACCESS_LOGS"
    assert source["ResourceArn"]["Fn::Join"][1][-1] == {"Fn::GetStackOutput": read}
    assert {"c-ip", "cs-method", "cs-uri-stem", "sc-status"} <= set(delivery["RecordFields"])
    assert {each for each in delivery["RecordFields"] if "query" in each or "(" in each} == set()
    assert "Logging" not in distribution["DistributionConfig"]


def test_the_log_is_private_and_has_an_end(fronted: Stage) -> None:
    (bucket,) = [
        each for name, each in fronted.find("AWS::S3::Bucket").items() if fronted.stack_of(name) == "edge-logs"
    ]
    (policy,) = [
        each["Properties"]["PolicyDocument"]["Statement"]
        for name, each in fronted.find("AWS::S3::BucketPolicy").items()
        if fronted.stack_of(name) == "edge-logs"
    ]
    (writing,) = [statement for statement in policy if statement["Effect"] == "Allow"]

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["Properties"]["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"] == 14
    assert writing["Action"] == "s3:PutObject"
    assert writing["Principal"] == {"Service": "delivery.logs.amazonaws.com"}
    assert writing["Condition"]["StringEquals"]["aws:SourceAccount"] == {"Ref": "AWS::AccountId"}
