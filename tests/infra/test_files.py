"""The bucket of files: closed, encrypted, emptied by purpose, and open to the pages that may call the API."""

import json
from collections.abc import Mapping
from typing import Any

from tests.infra.stages import Stage

# What each function does in which place of the bucket.
REACHED = {
    ("GoalsApi", "['s3:GetObject', 's3:PutObject']", "/uploads/*"),
    ("GoalsApi", "s3:ListBucket", ""),
    ("GoalJobs", "s3:PutObject", "/exports/*"),
    ("GoalJobs", "['s3:GetObject', 's3:PutObject']", "/parts/*"),
    ("GoalJobs", "s3:GetObject", "/uploads/*"),
    ("ProjectsApi", "['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObjectVersion', 's3:PutObject']", "/evidence/*"),
    ("ProjectsApi", "s3:ListBucket", ""),
    ("EvidenceUploads", "['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObjectVersion']", "/evidence/*"),
    ("EvidenceUploads", "s3:ListBucket", ""),
    ("EvidenceSweeper", "['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObjectVersion']", "/evidence/*"),
    ("EvidenceSweeper", "s3:ListBucket", ""),
    ("JobsApi", "s3:GetObject", "/exports/*"),
    ("InvoicePapers", "['s3:GetObject', 's3:PutObject']", "/papers/*"),
    ("PaymentsApi", "s3:GetObject", "/papers/*"),
    ("SearchApi", "['s3:GetObject', 's3:PutObject']", "/uploads/*"),
    ("SearchApi", "s3:ListBucket", ""),
    ("AudienceApi", "['s3:GetObject', 's3:PutObject']", "/uploads/*"),
    ("AudienceApi", "s3:GetObject", "/exports/*"),
    ("AudienceApi", "s3:ListBucket", ""),
    ("CampaignPreparer", "s3:GetObject", "/audience/*"),
    ("CampaignPreparer", "['s3:GetObject', 's3:PutObject', 's3:DeleteObject']", "/campaigns/*"),
    ("CampaignPreparer", "s3:ListBucket", ""),
    ("CampaignSender", "s3:GetObject", "/campaigns/*"),
    ("CampaignSender", "s3:ListBucket", ""),
    ("CampaignStarter", "['s3:GetObject', 's3:PutObject', 's3:DeleteObject']", "/campaigns/*"),
    ("CampaignStarter", "s3:ListBucket", ""),
    ("LeadImports", "s3:PutObject", "/exports/*"),
    ("LeadImports", "['s3:GetObject', 's3:PutObject']", "/parts/*"),
    ("LeadImports", "s3:GetObject", "/uploads/*"),
    ("SearchJobs", "s3:PutObject", "/exports/*"),
    ("SearchJobs", "['s3:GetObject', 's3:PutObject']", "/parts/*"),
    ("SearchJobs", "s3:GetObject", "/uploads/*"),
    ("SearchIndexer", "['s3:GetObject', 's3:PutObject', 's3:DeleteObject']", "/search/*"),
    ("SearchIndexer", "s3:ListBucket", ""),
    ("SearchQueries", "s3:GetObject", "/search/*"),
    ("SearchSweeps", "s3:DeleteObject", "/search/*"),
    ("SearchSweeps", "s3:ListBucket", ""),
    ("SearchQueries", "s3:ListBucket", ""),
    ("AudienceFilesCollector", "s3:ListBucket", ""),
    ("AudienceFilesCollector", "s3:PutObject", "/audience/*"),
    ("AudienceFilesCompactor", "['s3:GetObject', 's3:PutObject', 's3:DeleteObject']", "/audience/*"),
    ("AudienceFilesCompactor", "s3:ListBucket", ""),
    ("AudienceFilesSweeper", "s3:DeleteObject", "/audience/*"),
    ("AudienceFilesSweeper", "s3:ListBucket", ""),
    ("AudienceLooks", "s3:GetObject", "/audience/*"),
    ("AudienceLooks", "['s3:GetObject', 's3:PutObject', 's3:DeleteObject']", "/audience-members/*"),
    ("AudienceLooks", "['s3:GetObject', 's3:PutObject']", "/parts/*"),
    ("AudienceLooks", "s3:PutObject", "/exports/*"),
    ("AudienceLooks", "s3:ListBucket", ""),
    ("AudienceQueries", "s3:GetObject", "/audience/*"),
    ("AudienceQueries", "s3:ListBucket", ""),
}


def bucket_of(stage: Stage) -> tuple[str, Mapping[str, Any]]:
    (found,) = [each for each in stage.find("AWS::S3::Bucket").items() if each[0].startswith("Files")]
    return found


def test_it_stays_with_the_data_and_has_no_chosen_name(prod: Stage) -> None:
    (name, bucket) = bucket_of(prod)

    assert prod.stack_of(name) == "stateful"
    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert "BucketName" not in bucket["Properties"]
    policies = [
        each for each in prod.find("AWS::S3::BucketPolicy").values() if each["Properties"]["Bucket"] == {"Ref": name}
    ]
    assert [(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in policies] == [
        ("RetainExceptOnCreate", "Retain")
    ]


def test_it_is_closed_to_the_public_and_to_plain_http(prod: Stage) -> None:
    (name, bucket) = bucket_of(prod)
    (policy,) = [each for each in prod.of_type("AWS::S3::BucketPolicy") if each["Bucket"] == {"Ref": name}]
    (statement,) = policy["PolicyDocument"]["Statement"]

    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["Properties"]["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert (statement["Effect"], statement["Action"], statement["Principal"]) == ("Deny", "s3:*", {"AWS": "*"})
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_files_expire_by_their_purpose_and_old_versions_and_half_uploads_in_any_case(prod: Stage) -> None:
    properties = bucket_of(prod)[1]["Properties"]
    every, *by_purpose = properties["LifecycleConfiguration"]["Rules"]

    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert every == {
        "Id": "every",
        "Status": "Enabled",
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        "ExpiredObjectDeleteMarker": True,
        "NoncurrentVersionExpiration": {"NoncurrentDays": 7},
    }
    assert {(each["Prefix"], each["ExpirationInDays"], each["Status"]) for each in by_purpose} == {
        ("exports/", 7, "Enabled"),
        ("uploads/", 7, "Enabled"),
        ("parts/", 2, "Enabled"),
        ("audience-answers/", 1, "Enabled"),
        ("audience-manifests/", 2, "Enabled"),
    }


def test_s3_tells_the_bus_of_the_account_what_is_written_and_evidence_alone_is_listened_to(prod: Stage) -> None:
    (name, bucket) = bucket_of(prod)
    told = bucket["Properties"]["NotificationConfiguration"]
    (rule,) = [each for each in prod.of_type("AWS::Events::Rule") if "aws.s3" in json.dumps(each)]
    (target,) = rule["Targets"]

    assert told == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert rule["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [{"Ref": name}]}, "object": {"key": [{"prefix": "evidence/"}]}},
    }
    assert "EvidenceUploadsQueue" in json.dumps(target["Arn"])
    assert "EvidenceUploadsDeadLetters" in json.dumps(target["DeadLetterConfig"])


def test_no_function_may_hide_a_version_of_evidence_behind_a_delete_marker(prod: Stage) -> None:
    statements = [
        statement
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "/evidence/*" in json.dumps(statement["Resource"])
    ]

    assert len(statements) == 3
    assert not any("s3:DeleteObject" in statement["Action"] for statement in statements)


def test_evidence_is_kept_until_it_is_removed(prod: Stage) -> None:
    rules = bucket_of(prod)[1]["Properties"]["LifecycleConfiguration"]["Rules"]

    assert not [each for each in rules if each.get("Prefix", "").startswith("evidence")]


def test_it_is_encrypted(prod: Stage, full: Stage) -> None:
    (by_aws,) = bucket_of(prod)[1]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    (by_owner,) = bucket_of(full)[1]["Properties"]["BucketEncryption"]["ServerSideEncryptionConfiguration"]

    assert by_aws == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert by_owner["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
    assert by_owner["BucketKeyEnabled"] is True


def test_only_pages_that_may_call_the_api_send_and_fetch_files(prod: Stage, local: Stage) -> None:
    (rule,) = bucket_of(prod)[1]["Properties"]["CorsConfiguration"]["CorsRules"]
    (of_a_laptop,) = bucket_of(local)[1]["Properties"]["CorsConfiguration"]["CorsRules"]

    assert (rule["AllowedMethods"], rule["ExposedHeaders"]) == (["GET", "PUT"], ["ETag"])
    assert rule["AllowedHeaders"] == ["content-type", "if-none-match", "x-amz-checksum-sha256"]
    assert "https://*.execute-api." in json.dumps(rule["AllowedOrigins"][-1])
    assert of_a_laptop["AllowedOrigins"][:2] == ["http://localhost:3000", "http://localhost:5173"]


def test_a_function_reaches_the_purposes_it_must_and_does_there_what_it_must(prod: Stage) -> None:
    (name, _) = bucket_of(prod)
    arn = {"Fn::GetAtt": [name, "Arn"]}
    statements = [
        (policy["Roles"][0]["Ref"], statement["Action"], statement["Resource"])
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if json.dumps(arn) in json.dumps(statement["Resource"])
    ]
    found = {
        (role[len("Functions") : role.index("Role")], str(action), place(what)) for role, action, what in statements
    }

    assert found == REACHED


def place(resource: Mapping[str, Any]) -> str:
    """Return what is behind the ARN of the bucket."""
    return str(resource["Fn::Join"][1][1]) if "Fn::Join" in resource else ""
