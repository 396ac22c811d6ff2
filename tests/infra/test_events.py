"""What is read from the table's stream, what is removed from a queue, and where failures end."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from infra.contexts.projects.functions import FOLLOWED
from tests.infra.stages import Stage
from tests.infra.watched import alarms_of

COLLECTOR = "functions.audience.files.collector.handler"
OUTBOX = "functions.outbox.consumers.handler"


def test_the_outbox_reads_events_of_the_stream_the_collector_leads_and_messages_and_nobody_else(prod: Stage) -> None:
    """A shard takes two readers, and both seats are taken."""
    mappings = {_reader_of(prod, each)["Handler"]: each for each in _of_the_stream(prod)}
    roles = {_reader_of(prod, each)["Role"]["Fn::GetAtt"][0] for each in mappings.values()}
    patterns = {
        handler: [json.loads(each["Pattern"]) for each in mapping["FilterCriteria"]["Filters"]]
        for handler, mapping in mappings.items()
    }
    reading = [
        policy["Roles"]
        for policy in prod.of_type("AWS::IAM::Policy")
        if "dynamodb:GetRecords" in json.dumps(policy["PolicyDocument"])
    ]

    watched = {"entity": {"S": ["Lead", "Recipient"]}}

    assert patterns == {
        OUTBOX: [{"eventName": ["INSERT"], "dynamodb": {"NewImage": {"entity": {"S": ["Event"]}}}}],
        COLLECTOR: [
            {"dynamodb": {"NewImage": watched}},
            {"eventName": ["REMOVE"], "dynamodb": {"OldImage": watched}},
        ],
    }
    assert {each["Ref"] for (each,) in reading} == roles
    assert len(reading) == len(mappings)


def test_the_collector_waits_until_a_batch_has_filled_and_the_outbox_does_not(prod: Stage) -> None:
    found = {
        _reader_of(prod, each)["Handler"]: (each["BatchSize"], each.get("MaximumBatchingWindowInSeconds"))
        for each in _of_the_stream(prod)
    }

    assert found == {OUTBOX: (25, None), COLLECTOR: (2_000, 20)}


def test_files_of_leads_are_looked_at_each_hour_and_folded_by_two_at_once(prod: Stage) -> None:
    (rule,) = [each for each in prod.of_type("AWS::Events::Rule") if "AudienceFilesSweeper" in json.dumps(each)]
    (mapping,) = [
        each
        for each in prod.of_type("AWS::Lambda::EventSourceMapping")
        if "AudienceFilesCompactor" in str(each["FunctionName"])
    ]

    assert rule["ScheduleExpression"] == "rate(1 hour)"
    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})


def test_evidence_is_looked_at_file_by_file_and_swept_every_hour(prod: Stage) -> None:
    (rule,) = [each for each in prod.of_type("AWS::Events::Rule") if "EvidenceSweeper" in json.dumps(each)]
    (mapping,) = [
        each
        for each in prod.of_type("AWS::Lambda::EventSourceMapping")
        if "EvidenceUploads" in str(each["FunctionName"])
    ]

    assert rule["ScheduleExpression"] == "rate(1 hour)"
    assert (mapping["BatchSize"], mapping["ScalingConfig"]) == (1, {"MaximumConcurrency": 2})


def test_the_outbox_publishes_as_milepost_and_as_nobody_else(prod: Stage) -> None:
    restating = prod.templates["stateless"]["Outputs"]["RestateRoleArn"]["Value"]["Fn::GetAtt"][0]
    statements = [
        statement
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Action"] == "events:PutEvents" and policy["Roles"] != [{"Ref": restating}]
    ]

    # The key has a value for each event of a call: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    as_milepost = {"ForAllValues:StringEquals": {"events:source": "milepost"}}
    only_stated = as_milepost | {"ForAllValues:StringLike": {"events:detail-type": "*.stated"}}
    conditions = [each["Condition"] for each in statements]
    assert conditions.count(as_milepost) == 1
    # Goals and tracked milestones answer how they are.
    assert conditions.count(only_stated) == len(conditions) - 1 == 2


def test_no_pattern_is_longer_than_aws_takes(prod: Stage) -> None:
    patterns = [each["EventPattern"] for each in prod.of_type("AWS::Events::Rule") if "EventPattern" in each]

    assert [len(json.dumps(each)) for each in patterns if len(json.dumps(each)) > 2_048] == []


def test_who_listens_to_many_types_has_several_rules_and_is_told_each_once(prod: Stage) -> None:
    told = Counter(
        matched
        for each in prod.of_type("AWS::Events::Rule")
        if "ProjectFollowers" in str(each["Targets"][0]["Arn"])
        for matched in each["EventPattern"]["detail-type"]
        if isinstance(matched, str)
    )

    assert told == {each: 1 for each in FOLLOWED if not each.endswith("*")}
    assert len(told) > 50


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

    assert [each["FunctionResponseTypes"] for each in mappings] == [["ReportBatchItemFailures"]] * 2
    assert [each["BisectBatchOnFunctionError"] for each in mappings] == [True] * 2
    assert [each["MaximumRetryAttempts"] for each in mappings] == [-1] * 2
    assert [each["MaximumRecordAgeInSeconds"] for each in mappings] == [23 * 3600] * 2


def test_what_fails_even_then_is_kept_whole_in_a_bucket(prod: Stage) -> None:
    (name, bucket) = _bucket_of_discarded(prod)
    targets = [each["DestinationConfig"]["OnFailure"]["Destination"] for each in _of_the_stream(prod)]
    readers = {each["FunctionName"]["Ref"] for each in _of_the_stream(prod)}
    told = {
        id_
        for id_, each in prod.find("AWS::Lambda::Function").items()
        if each["Properties"]["Environment"]["Variables"].get("DISCARDED_BUCKET") == {"Ref": name}
    }

    assert targets == [{"Fn::GetAtt": [name, "Arn"]}] * 2
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


def test_the_readers_of_the_stream_write_to_the_bucket_and_one_looks_there_for_batches(prod: Stage) -> None:
    (name, _) = _bucket_of_discarded(prod)
    arn = {"Fn::GetAtt": [name, "Arn"]}
    statements = [
        (policy["Roles"][0]["Ref"].partition("Role")[0], statement["Action"], statement["Resource"])
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "s3:" in json.dumps(statement["Action"]) and json.dumps(arn) in json.dumps(statement["Resource"])
    ]
    objects = {"Fn::Join": ["", [arn, "/*"]]}

    assert sorted(statements, key=str) == [
        ("FunctionsAudienceFilesCollector", "s3:ListBucket", arn),
        ("FunctionsAudienceFilesCollector", "s3:PutObject", objects),
        ("FunctionsAudienceFilesSweeper", "s3:GetObject", objects),
        ("FunctionsAudienceFilesSweeper", "s3:ListBucket", arn),
        ("FunctionsOutbox", "s3:ListBucket", arn),
        ("FunctionsOutbox", "s3:PutObject", objects),
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


def _reader_of(stage: Stage, mapping: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = stage.resources[mapping["FunctionName"]["Ref"]]["Properties"]
    return found


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
