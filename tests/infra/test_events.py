"""What is read from the table's stream, what is removed from a queue, and where failures end."""

import json
from collections.abc import Mapping
from typing import Any

from tests.infra.stages import Stage
from tests.infra.watched import alarms_of


def test_nothing_but_the_outbox_reads_the_stream_and_it_reads_events_only(prod: Stage) -> None:
    """A shard takes two readers, and the second seat is kept free."""
    (mapping,) = _of_the_stream(prod)
    (only,) = mapping["FilterCriteria"]["Filters"]
    reader = prod.resources[mapping["FunctionName"]["Ref"]]["Properties"]
    reading = [
        policy["Roles"]
        for policy in prod.of_type("AWS::IAM::Policy")
        if "dynamodb:GetRecords" in json.dumps(policy["PolicyDocument"])
    ]

    assert reader["Handler"] == "functions.outbox.consumers.handler"
    assert json.loads(only["Pattern"]) == {
        "eventName": ["INSERT"],
        "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}},
    }
    assert reading == [[{"Ref": reader["Role"]["Fn::GetAtt"][0]}]]


def test_the_outbox_publishes_as_milepost_and_as_nobody_else(prod: Stage) -> None:
    restating = prod.templates["stateless"]["Outputs"]["RestateRoleArn"]["Value"]["Fn::GetAtt"][0]
    statements = [
        statement
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "events:PutEvents" and policy["Roles"] != [{"Ref": restating}]
    ]

    # The key has a value for each event of a call: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    assert [each["Condition"] for each in statements] == [{"ForAllValues:StringEquals": {"events:source": "milepost"}}]


def test_a_deleted_goal_is_removed_from_a_queue_one_part_at_a_time(prod: Stage) -> None:
    rules = [rule for rule in prod.of_type("AWS::Events::Rule") if "EventPattern" in rule]
    (rule,) = [each for each in rules if each["EventPattern"].get("detail-type") == ["goals.goal.deleted"]]
    queue = prod.queue("GoalRemovals", "Queue")
    (mapping,) = [
        each for each in prod.of_type("AWS::Lambda::EventSourceMapping") if "GoalRemovals" in str(each["FunctionName"])
    ]

    assert "GoalRemovals" in str(rule["Targets"][0]["Arn"])
    assert (queue["VisibilityTimeout"], queue["RedrivePolicy"]["maxReceiveCount"]) == (6 * 60, 8)
    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})


def test_a_removal_that_cannot_be_done_rings_somebody(prod: Stage) -> None:
    alarms = [
        alarm
        for alarm in alarms_of(prod, "ApproximateNumberOfMessagesVisible")
        if "GoalRemovals" in str(alarm.metrics[0].dimensions)
    ]

    assert len(alarms) == 1
    assert alarms[0].properties["AlarmActions"]


def test_the_stream_is_retried_for_as_long_as_it_remembers(prod: Stage) -> None:
    mappings = _of_the_stream(prod)

    assert [each["FunctionResponseTypes"] for each in mappings] == [["ReportBatchItemFailures"]]
    assert [each["BisectBatchOnFunctionError"] for each in mappings] == [True]
    assert [each["MaximumRetryAttempts"] for each in mappings] == [-1]
    assert [each["MaximumRecordAgeInSeconds"] for each in mappings] == [23 * 3600]


def test_what_fails_even_then_is_kept_whole_in_a_bucket(prod: Stage) -> None:
    (name, bucket) = _bucket_of_discarded(prod)
    targets = [each["DestinationConfig"]["OnFailure"]["Destination"] for each in _of_the_stream(prod)]
    readers = {each["FunctionName"]["Ref"] for each in _of_the_stream(prod)}
    told = {
        id_
        for id_, each in prod.find("AWS::Lambda::Function").items()
        if each["Properties"]["Environment"]["Variables"].get("DISCARDED_BUCKET") == {"Ref": name}
    }

    assert targets == [{"Fn::GetAtt": [name, "Arn"]}]
    assert told == readers
    assert "BucketName" not in bucket["Properties"]
    assert bucket["DeletionPolicy"] == "RetainExceptOnCreate"


def test_the_bucket_of_discarded_records_is_closed_and_ends_what_is_in_it(prod: Stage) -> None:
    (name, bucket) = _bucket_of_discarded(prod)
    properties = bucket["Properties"]
    (policy,) = [each for each in prod.of_type("AWS::S3::BucketPolicy") if each["Bucket"] == {"Ref": name}]
    (statement,) = policy["PolicyDocument"]["Statement"]
    (rule,) = properties["LifecycleConfiguration"]["Rules"]
    (encryption,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert encryption == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert properties["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert (statement["Effect"], statement["Action"]) == ("Deny", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 90)


def test_the_reader_of_the_stream_writes_to_the_bucket_and_nobody_does_anything_else_there(prod: Stage) -> None:
    (name, _) = _bucket_of_discarded(prod)
    arn = {"Fn::GetAtt": [name, "Arn"]}
    statements = [
        (policy["Roles"][0]["Ref"].removesuffix("Role")[:18], statement["Action"], statement["Resource"])
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "s3:" in json.dumps(statement["Action"]) and json.dumps(arn) in json.dumps(statement["Resource"])
    ]
    objects = {"Fn::Join": ["", [arn, "/*"]]}

    assert sorted(statements, key=str) == [
        ("FunctionsOutboxRol", "s3:ListBucket", arn),
        ("FunctionsOutboxRol", "s3:PutObject", objects),
    ]


def test_a_discarded_record_rings_somebody(prod: Stage) -> None:
    (name, bucket) = _bucket_of_discarded(prod)
    (alarm,) = [each for each in prod.of_type("AWS::CloudWatch::Alarm") if each.get("Namespace") == "AWS/S3"]
    dimensions = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}

    assert (alarm["MetricName"], alarm["Threshold"]) == ("PutRequests", 1)
    assert [{"Id": dimensions["FilterId"]}] == bucket["Properties"]["MetricsConfigurations"]
    assert dimensions["BucketName"] == {"Ref": name}


def _of_the_stream(stage: Stage) -> list[Mapping[str, Any]]:
    return [each for each in stage.of_type("AWS::Lambda::EventSourceMapping") if "StartingPosition" in each]


def _bucket_of_discarded(stage: Stage) -> tuple[str, Mapping[str, Any]]:
    buckets = stage.find("AWS::S3::Bucket")
    (found,) = [each for each in buckets.items() if each[0].startswith("EventsDiscarded")]
    return found


def test_only_alarms_of_this_account_ring_at_its_topic(prod: Stage) -> None:
    (policy,) = [each for each in prod.of_type("AWS::SNS::TopicPolicy") if "Alarms" in json.dumps(each["Topics"])]
    (allowing,) = [each for each in policy["PolicyDocument"]["Statement"] if each["Effect"] == "Allow"]

    assert allowing["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    assert allowing["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
    assert json.dumps(allowing["Condition"]["ArnLike"]["aws:SourceArn"]).endswith(
        '{"Ref": "AWS::AccountId"}, ":alarm:*"]]}'
    )
