"""Where Lambda keeps the records of a stream that it gave up on: whole, in a bucket, until they are sent again.

A queue would hold the position of a record only, and the stream forgets the record after a day.
`make republish` (infra/commands/republish.py) sends what is here to its function again.
"""

import jsii
from aws_cdk import Acknowledgment, Duration, Stack, Validations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.function import Function, allow
from infra.settings import Settings

KEPT = Duration.days(90)
_FILTER = "Everything"
_ANY_OBJECT = "Lambda chooses the names of the objects; nothing but discarded records is in this bucket."


class Discarded(Construct):
    """The bucket of discarded records. Only this stage's stream consumers write to it; no function reads it."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED,
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
        reason = "Objects are rare, written by two functions and read by an operator; CloudTrail has both."
        Validations.of(self.bucket).acknowledge(Acknowledgment(id="AwsSolutions-S1", reason=reason))

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
