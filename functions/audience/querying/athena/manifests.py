"""Manifests: which shards and deltas a state of a tenant's files is, as files that Athena reads as partitions.

The folder of shards also has those that were replaced within a day, so a table over the folder would show leads twice.
A partition is named after its files and the day, and is removed by S3 two days later: never on the day of a question.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-athena-query.html
"""

import contextlib
import hashlib
from collections.abc import Sequence
from typing import Final

from functions.audience.files.reading import File, Snapshot
from shared import clock, config
from shared.storage import files
from shared.storage.files import FileChanged

PURPOSE: Final = "audience-manifests"
SHARDS: Final = "shards"
DELTAS: Final = "deltas"
_MEDIA_TYPE: Final = "text/plain"
_DIGITS: Final = 40


def written(tenant_id: str, snapshot: Snapshot) -> str:
    """Write the manifests of a state of files, unless they are there, and return its name. Raises Unavailable."""
    name = _name(snapshot)
    for table, listed in ((SHARDS, snapshot.shards), (DELTAS, snapshot.deltas)):
        if listed:
            with contextlib.suppress(FileChanged):
                files.put_once(f"{PURPOSE}/{tenant_id}/{name}/{table}/files", _body(listed), media_type=_MEDIA_TYPE)
    return name


def _name(snapshot: Snapshot) -> str:
    keys = "\n".join(each.key for each in (*snapshot.shards, *snapshot.deltas))
    today = clock.to_rfc3339(clock.now())[:10]
    return f"{today}-{hashlib.sha256(keys.encode()).hexdigest()[:_DIGITS]}"


def _body(listed: Sequence[File]) -> bytes:
    return "".join(f"s3://{config.files_bucket()}/{each.key}\n" for each in listed).encode()
