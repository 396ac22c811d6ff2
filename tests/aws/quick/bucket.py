"""A bucket in this process, for tests that read and write many files: moto takes 20 ms a call, this a hundredth.

It answers what `shared/storage/files.py` asks for, with S3's conditions on writes. `troubles.py` reaches its calls too.
"""

import hashlib
import io
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError
from botocore.response import StreamingBody

from shared import clock

Raw = Mapping[str, Any]


class QuickBucket:
    """Files by their keys, of one bucket without versions."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, datetime]] = {}

    def stand_in(self, patch: pytest.MonkeyPatch) -> None:
        """Answer whatever is asked of S3 through boto3 from now on."""
        theirs: Callable[..., Any] = BaseClient._make_api_call

        def call(client: BaseClient, operation: str, request: dict[str, Any]) -> Any:
            if client.meta.service_model.service_name != "s3":
                return theirs(client, operation, request)
            # Who counts calls hears of them as they do of those that are sent.
            model = client.meta.service_model.operation_model(operation)
            name = f"after-call.s3.{operation}"
            tell = partial(client.meta.events.emit, name, model=model, context={}, http_response=None)
            try:
                answered = self.answer(operation, request)
            except ClientError as refused:
                tell(parsed=refused.response)
                raise
            tell(parsed=answered)
            return answered

        patch.setattr(BaseClient, "_make_api_call", call)

    def answer(self, operation: str, request: Raw) -> dict[str, Any]:
        """Return what S3 answers. Raises ClientError."""
        answered: dict[str, Any] = getattr(self, f"_{operation}")(request)
        return answered

    def _HeadObject(self, request: Raw) -> dict[str, Any]:  # noqa: N802 - the name of the operation
        body = self._found("HeadObject", request, missing="404")
        return {"ContentLength": len(body), "ETag": _etag(body)}

    def _GetObject(self, request: Raw) -> dict[str, Any]:  # noqa: N802
        body = self._found("GetObject", request, missing="NoSuchKey")
        if request.get("IfMatch", _etag(body)) != _etag(body):
            raise _refused("GetObject", "PreconditionFailed")
        first, last = request.get("Range", "bytes=0-").removeprefix("bytes=").split("-")
        part = body[int(first) : int(last) + 1 if last else None]
        if "Range" in request and not part:
            raise _refused("GetObject", "InvalidRange")
        return {"ContentLength": len(part), "ETag": _etag(body), "Body": StreamingBody(io.BytesIO(part), len(part))}

    def _PutObject(self, request: Raw) -> dict[str, Any]:  # noqa: N802
        before = self._files.get(request["Key"])
        if "IfNoneMatch" in request and before is not None:
            raise _refused("PutObject", "PreconditionFailed")
        if "IfMatch" in request and before is None:
            raise _refused("PutObject", "NoSuchKey")
        if before is not None and request.get("IfMatch", _etag(before[0])) != _etag(before[0]):
            raise _refused("PutObject", "PreconditionFailed")
        at = datetime.fromtimestamp(clock.now() / clock.SECOND, UTC)
        self._files[request["Key"]] = (bytes(request["Body"]), at)
        return {"ETag": _etag(request["Body"])}

    def _DeleteObject(self, request: Raw) -> dict[str, Any]:  # noqa: N802
        self._files.pop(request["Key"], None)
        return {}

    def _ListObjectsV2(self, request: Raw) -> dict[str, Any]:  # noqa: N802
        after, prefix = request.get("StartAfter", ""), request["Prefix"]
        keys = sorted(each for each in self._files if each.startswith(prefix) and each > after)[: request["MaxKeys"]]
        found = [(key, *self._files[key]) for key in keys]
        return {"Contents": [{"Key": key, "LastModified": at, "ETag": _etag(body)} for key, body, at in found]}

    def _found(self, operation: str, request: Raw, *, missing: str) -> bytes:
        if request["Key"] not in self._files:
            raise _refused(operation, missing)
        return self._files[request["Key"]][0]


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'


def _refused(operation: str, code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}}, operation)
