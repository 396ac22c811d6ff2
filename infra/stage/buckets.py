"""Pages of the local stage that are not of the product: in buckets of MiniStack, whose S3 sends them to the browser.

So there is no second server, such a page and the API have one origin, and nothing of it is in a bundle for AWS.
"""

import json
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from infra.stage import aws
from infra.stage.deployment import Addresses

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}


def address(addresses: Addresses, bucket: str) -> str:
    """Return the address of the page in a bucket."""
    return f"{addresses.endpoint_url}/{bucket}/index.html"


def publish(addresses: Addresses, bucket: str, files: Mapping[str, bytes]) -> None:
    """Put files into a bucket by name, for everybody who reaches it to read; those that are there are replaced."""
    client = aws.client("s3", endpoint=addresses.endpoint_url)
    client.create_bucket(Bucket=bucket)
    _open(client, bucket)
    for name, content in files.items():
        media_type = MEDIA_TYPES[PurePosixPath(name).suffix]
        client.put_object(Bucket=bucket, Key=name, Body=content, ContentType=media_type, CacheControl="no-cache")


def _open(client: Any, bucket: str) -> None:
    """Let a browser read what is in a bucket: it signs nothing. Only this machine reaches the emulator."""
    client.delete_public_access_block(Bucket=bucket)
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{bucket}/*"}
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
