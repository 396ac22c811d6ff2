"""Where Lambda keeps the records of a stream that it gave up on: whole, in a bucket, until they are sent again.

A queue would hold the position of a record only, and the stream forgets the record after a day.
`make republish` (infra/commands/republish.py) sends what is here to its function again.
"""

import jsii
from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.function import Function, allow
from infra.settings import Settings

KEPT = Duration.days(90)
_FILTER = "Everything"
_ANY_OBJECT = "Lambda chooses the names of the objects; nothing but discarded records is in this bucket."
_RARE = "Objects are rare, written by the readers of the stream and read by an operator; CloudTrail has both."
_KEY_OF_AWS = (
    "S3 encrypts with a key of its own, and only the functions of the stream and operators may read or write. An owner "
    "who wants a key of the account sets customer_managed_key (docs/deploying.md)."
)
_ACKNOWLEDGED = {
    f"{NIST}-S3BucketVersioningEnabled": "Lambda writes each object once, under a name of its own. When it was sent "
    "again it has to be gone, for it has personal data.",
    f"{NIST}-S3BucketReplicationEnabled": "What is here was given up by a stream whose records the table has too: it "
    "can be sent again from there, for seven days (make republish).",
}


class Discarded(Construct):
    """The bucket of discarded records. This stage's stream consumers write to it; what looks after files reads it."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS,
            encryption_key=key,
            # A key for the bucket, made with that of the stage, instead of a call of KMS for each object.
            bucket_key_enabled=None if key is None else True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            lifecycle_rules=[
                s3.LifecycleRule(expiration=KEPT, abort_incomplete_multipart_upload_after=Duration.days(1))
            ],
            # Request metrics cost nothing until there is a request, and the alarm needs them.
            metrics=[s3.BucketMetrics(id=_FILTER)],
            removal_policy=settings.removal_policy,
        )
        for rule, reason in _ACKNOWLEDGED.items():
            acknowledge(self.bucket, reason, rule)
        acknowledge(self.bucket, _RARE, "AwsSolutions-S1", f"{NIST}-S3BucketLoggingEnabled")
        if key is None:
            acknowledge(self.bucket, _KEY_OF_AWS, f"{NIST}-S3DefaultEncryptionKMS")

    def metric_written(self, period: Duration) -> cloudwatch.Metric:
        """Return how many objects were written."""
        return cloudwatch.Metric(
            namespace="AWS/S3",
            metric_name="PutRequests",
            statistic="Sum",
            period=period,
            dimensions_map={"BucketName": self.bucket.bucket_name, "FilterId": _FILTER},
        )


def destination_of(consumer: Function, *, bucket_name: str, bucket_arn: str) -> lambda_.IEventSourceDlq:
    """Return the bucket as on-failure destination of a stream consumer, which may write there from now on.

    The function itself puts records there that it cannot read (`shared/messaging/discarded.py`).
    """
    consumer.role.add_to_policy(allow("s3:PutObject", resources=[f"{bucket_arn}/*"]))
    # Lambda asks for it before it writes:
    # https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    consumer.role.add_to_policy(allow("s3:ListBucket", resources=[bucket_arn]))
    read = Stack.of(consumer).resolve(bucket_arn)["Ref"]
    finding = f"AwsSolutions-IAM5[Resource::<{read}>/*]"
    Validations.of(consumer.role).acknowledge(Acknowledgment(id=finding, reason=_ANY_OBJECT))
    consumer.function.add_environment("DISCARDED_BUCKET", bucket_name)
    return _Destination(bucket_arn)


def let_read(function: Function, *, bucket_name: str, bucket_arn: str) -> None:
    """Let a function look for the batches that Lambda has kept here."""
    function.role.add_to_policy(allow("s3:GetObject", resources=[f"{bucket_arn}/*"]))
    function.role.add_to_policy(allow("s3:ListBucket", resources=[bucket_arn]))
    read = Stack.of(function).resolve(bucket_arn)["Ref"]
    Validations.of(function.role).acknowledge(
        Acknowledgment(id=f"AwsSolutions-IAM5[Resource::<{read}>/*]", reason=_ANY_OBJECT)
    )
    function.function.add_environment("DISCARDED_BATCHES_BUCKET", bucket_name)


@jsii.implements(lambda_.IEventSourceDlq)
class _Destination:
    """A bucket as on-failure destination. The CDK's own one lets the function read and delete there as well."""

    def __init__(self, arn: str) -> None:
        self._arn = arn

    def bind(
        self,
        _target: lambda_.IEventSourceMapping,
        _target_handler: lambda_.IFunction,
    ) -> lambda_.DlqDestinationConfig:
        """Return the destination."""
        return lambda_.DlqDestinationConfig(destination=self._arn)
