"""The log of a distribution: every request, in a bucket, without its query, its cookies and its credentials.

CloudFront's other way of logging takes all fields or none. This one, of CloudWatch, is set up in CloudFront's region.
"""

from typing import Final

from aws_cdk import Aws, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.function import allow
from infra.settings import Settings

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html
FIELDS: Final = (
    "date",
    "time",
    "c-ip",
    "cs-method",
    "cs-uri-stem",
    "cs-protocol-version",
    "ssl-protocol",
    "sc-status",
    "sc-bytes",
    "time-taken",
    "x-edge-location",
    "x-edge-result-type",
    "x-edge-request-id",
)
_READERS = "Read by operators only, and written by one service; CloudTrail has both."
_PASSING = "Lines of a log are written once, never changed, and gone when their time is over."
_KEY_OF_AWS = (
    "The log has neither credentials nor queries, S3 encrypts it with a key of its own, and the key of a stage is in "
    "another region."
)


class EdgeLog(Construct):
    """The bucket, and what has CloudFront write there."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, distribution_id: str) -> None:
        super().__init__(scope, id_)
        bucket = self._bucket(settings)
        name = f"milepost-{settings.stage}-front"
        source = logs.CfnDeliverySource(
            self,
            "Source",
            name=name,
            log_type="ACCESS_LOGS",
            resource_arn=f"arn:{Aws.PARTITION}:cloudfront::{Aws.ACCOUNT_ID}:distribution/{distribution_id}",
        )
        destination = logs.CfnDeliveryDestination(
            self, "Destination", name=name, destination_resource_arn=bucket.bucket_arn, output_format="json"
        )
        delivery = logs.CfnDelivery(
            self,
            "Delivery",
            delivery_source_name=name,
            delivery_destination_arn=destination.attr_arn,
            record_fields=[*FIELDS],
            s3_suffix_path="{yyyy}/{MM}/{dd}",
        )
        delivery.node.add_dependency(source)
        if bucket.policy:
            # Who may write is looked at when the delivery is made.
            delivery.node.add_dependency(bucket.policy)

    def _bucket(self, settings: Settings) -> s3.Bucket:
        bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(
                    expiration=Duration.days(settings.log_days),
                    abort_incomplete_multipart_upload_after=Duration.days(1),
                )
            ],
            removal_policy=settings.removal_policy,
        )
        acknowledge(bucket, _READERS, "AwsSolutions-S1", f"{NIST}-S3BucketLoggingEnabled")
        acknowledge(bucket, _PASSING, f"{NIST}-S3BucketReplicationEnabled", f"{NIST}-S3BucketVersioningEnabled")
        acknowledge(bucket, _KEY_OF_AWS, f"{NIST}-S3DefaultEncryptionKMS")
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-S3.html
        writing = allow("s3:PutObject", resources=[bucket.arn_for_objects("*")])
        writing.add_principals(iam.ServicePrincipal("delivery.logs.amazonaws.com"))
        sources = Stack.of(self).format_arn(service="logs", resource="delivery-source", resource_name="*")
        writing.add_condition(
            "StringEquals", {"aws:SourceAccount": Aws.ACCOUNT_ID, "s3:x-amz-acl": "bucket-owner-full-control"}
        )
        writing.add_condition("ArnLike", {"aws:SourceArn": sources.replace("/*", ":*")})
        bucket.add_to_resource_policy(writing)
        return bucket
