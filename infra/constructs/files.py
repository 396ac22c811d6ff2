"""The bucket of files: what callers send and fetch at signed addresses, and what functions write for them.

A file lies under `<purpose>/<tenant>/<id>` (shared/storage/files.py), so that a rule by purpose can remove it. Nothing
is public, and a function reaches the purposes that its context names for it, with the actions that it names.
"""

from collections.abc import Callable, Mapping
from typing import Final

from aws_cdk import Acknowledgment, Aws, Duration, Stack, Validations
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.function import Function, allow
from infra.constructs.values import Values
from infra.settings import Settings

EXPORTS: Final = "exports"
UPLOADS: Final = "uploads"
PARTS: Final = "parts"
# What Athena answers about leads, and which files it reads for that (functions/audience/querying/athena).
ATHENA_ANSWERS: Final = "audience-answers"
ATHENA_MANIFESTS: Final = "audience-manifests"
# What of these is wanted longer is fetched or brought in by then.
KEPT: Final[Mapping[str, Duration]] = {
    EXPORTS: Duration.days(7),
    UPLOADS: Duration.days(7),
    PARTS: Duration.days(2),
    ATHENA_ANSWERS: Duration.days(1),
    ATHENA_MANIFESTS: Duration.days(2),
}
# How long a version can be brought back that was replaced or deleted.
OLD_VERSIONS_KEPT: Final = Duration.days(7)

_ANY_FILE = "The id of a file is made when it is written; the purpose before it is named."
_KEY_OF_AWS = (
    "S3 encrypts with a key of its own, and only functions of the stage read and write, or sign for a caller. An owner "
    "who wants a key of the account sets customer_managed_key (docs/deploying.md)."
)
_ONE_REGION = "Files are in one region, as the table is whose items name them."
_LOGGED = "CloudTrail has who changed the bucket, the functions log what they sign, and a log would tell the addresses."


class Files(Construct):
    """The bucket. It has no name of its own choosing, and stays where data is kept."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, key: kms.IKey | None) -> None:
        super().__init__(scope, id_)
        self.bucket = s3.Bucket(
            self,
            "Bucket",
            encryption=s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS,
            encryption_key=key,
            bucket_key_enabled=None if key is None else True,
            enforce_ssl=True,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=True,
            lifecycle_rules=_rules(),
            cors=[_cors(settings)],
            removal_policy=settings.removal_policy,
        )
        _announce(self.bucket)
        policy = self.bucket.policy
        assert policy is not None  # noqa: S101 - `enforce_ssl` makes one
        # Whoever removes the stack leaves a bucket that is as closed as before.
        policy.apply_removal_policy(settings.removal_policy)
        acknowledge(self.bucket, _ONE_REGION, f"{NIST}-S3BucketReplicationEnabled")
        acknowledge(self.bucket, _LOGGED, "AwsSolutions-S1", f"{NIST}-S3BucketLoggingEnabled")
        if key is None:
            acknowledge(self.bucket, _KEY_OF_AWS, f"{NIST}-S3DefaultEncryptionKMS")

    def publish(self, values: Values) -> None:
        """Let other stacks know where the bucket is."""
        values.publish(self, "FilesBucketName", self.bucket.bucket_name)
        values.publish(self, "FilesBucketArn", self.bucket.bucket_arn)


class FilesPlace:
    """How the bucket is reached from other stacks than its own. `read` is called for what is asked for."""

    def __init__(self, read: Callable[[str], str]) -> None:
        self._read = read

    def open(self, function: Function, purpose: str, *actions: str) -> None:
        """Let a function do this with the files of a purpose, and tell it where the bucket is."""
        arn = self._read("FilesBucketArn")
        function.role.add_to_policy(allow(*actions, resources=[f"{arn}/{purpose}/*"]))
        name = Stack.of(function).resolve(arn)["Ref"]
        finding = f"AwsSolutions-IAM5[Resource::<{name}>/{purpose}/*]"
        Validations.of(function.role).acknowledge(Acknowledgment(id=finding, reason=_ANY_FILE))
        self.name(function)

    def name(self, function: Function) -> None:
        """Tell a function where the bucket is, which gives it no right to anything there."""
        function.function.add_environment("FILES_BUCKET", self._read("FilesBucketName"))

    def let_look(self, function: Function) -> None:
        """Let a function learn that a file is missing; without this S3 answers 403 for one that is not there.

        https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        """
        function.role.add_to_policy(allow("s3:ListBucket", resources=[self._read("FilesBucketArn")]))

    def let_list(self, function: Function, purpose: str) -> None:
        """Let a function list the files of a purpose.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html
        """
        listing = allow("s3:ListBucket", resources=[self._read("FilesBucketArn")])
        listing.add_condition("StringLike", {"s3:prefix": f"{purpose}/*"})
        function.role.add_to_policy(listing)


def _announce(bucket: s3.Bucket) -> None:
    """Have S3 tell the bus of the account what is written, for who waits for an upload.

    The construct of the CDK would do that by a function of its own; the bucket has a property for it.
    """
    resource = bucket.node.default_child
    assert isinstance(resource, s3.CfnBucket)  # noqa: S101 - as the CDK makes it
    resource.add_property_override("NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", True)


def _rules() -> list[s3.LifecycleRule]:
    every = s3.LifecycleRule(
        id="every",
        abort_incomplete_multipart_upload_after=Duration.days(1),
        noncurrent_version_expiration=OLD_VERSIONS_KEPT,
        expired_object_delete_marker=True,
    )
    return [
        every,
        *(s3.LifecycleRule(id=purpose, prefix=f"{purpose}/", expiration=kept) for purpose, kept in KEPT.items()),
    ]


def _cors(settings: Settings) -> s3.CorsRule:
    """Return which pages may send and fetch files: those of the allowed origins, and the dashboard.

    The dashboard is at the issuer, or else at the API's own address. That one is not known before the bucket is there,
    so any API in the region passes: what opens a file is its signed address, not the origin.
    """
    dashboard = settings.issuer or f"https://*.execute-api.{Aws.REGION}.{Aws.URL_SUFFIX}"
    return s3.CorsRule(
        allowed_origins=[*settings.allowed_origins, dashboard],
        allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.PUT],
        allowed_headers=["content-type", "if-none-match", "x-amz-checksum-sha256"],
        exposed_headers=["ETag"],
        max_age=3600,
    )
