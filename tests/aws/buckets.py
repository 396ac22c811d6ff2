"""The bucket of files, for tests in process."""

import secrets
from typing import Any

import boto3

from shared import config


def make_files_bucket() -> str:
    """Make a bucket in the region of the tests, and return its name."""
    return _made(f"files-{secrets.token_hex(8)}")


def make_the_bucket() -> None:
    """Make the bucket that the environment of the tests names."""
    _made(config.files_bucket())


def _made(name: str) -> str:
    place: Any = {"LocationConstraint": "eu-west-1"}
    boto3.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration=place)
    return name


def keep_versions(name: str) -> None:
    """Have a bucket keep versions, as that of a stage does."""
    boto3.client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
