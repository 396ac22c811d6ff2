"""Files: what is too large for the table, in the bucket of the stage (S3).

A file lies under `<purpose>/<tenant>/<id>`: the purpose says when S3 removes it (infra/constructs/files.py), and nobody
can guess the id. Whoever looks after files may have folders more before the id.
The bucket keeps versions: who names the id of one reads the same bytes for good, whatever is written under the key.
Callers send and fetch files at addresses that are signed for one file and a few minutes.
Whole files pass through memory, so every read has a limit.
"""

import base64
import functools
import re
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import quote

from shared import config
from shared.aws import endpoints
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Unavailable

UPLOAD_SECONDS: Final = 15 * 60
DOWNLOAD_SECONDS: Final = 300

_PART_OF_A_KEY: Final = re.compile(r"[A-Za-z0-9_-]{1,64}", re.ASCII)
_ID_BYTES: Final = 24
_PIECE_BYTES: Final = 1024 * 1024
_SAID: Final = "The bucket of files did not answer in time. Repeat the request."
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
_NOT_AS_ASKED: Final = frozenset({"PreconditionFailed", "412"})
_MISSING: Final = frozenset({"404", "NoSuchKey", "NoSuchVersion", "NotFound"})


class FileNotFound(Exception):
    """Nothing lies under the key."""


class FileTooLarge(Exception):
    """The file has more bytes than may be read."""


class FileChanged(Conflict):
    """409: somebody else wrote the file first; read it again."""


class NotUploaded(Conflict):
    """409: the file is not there yet; send it by PUT to the address that you were given."""

    def __init__(self) -> None:
        super().__init__("The file is not there yet. Send it by PUT to the address that you were given.")


class Found(NamedTuple):
    """A file that is there."""

    size: int
    etag: str


class Version(NamedTuple):
    """The latest version of a file: its id, its size, and its SHA-256 (hexadecimal) if S3 was told it by the sender."""

    version_id: str
    size: int
    sha256: str | None


class Listed(NamedTuple):
    """A file in a list, when it was written, and the tag of that version."""

    key: str
    written_at: Instant
    etag: str


class Content(NamedTuple):
    """The bytes of a file, and the tag of that version."""

    body: bytes
    etag: str


class Upload(NamedTuple):
    """Where a file is to be sent by PUT, and with which headers; S3 refuses any other."""

    url: str
    headers: Mapping[str, str]


def new_key(purpose: str, tenant_id: str, *folders: str) -> str:
    """Return a key that nobody can guess. Raises ValueError for what would leave the tenant's folder."""
    return key(purpose, tenant_id, *folders, secrets.token_hex(_ID_BYTES))


def key(purpose: str, tenant_id: str, *parts: str) -> str:
    """Return the key of a file whose name is known, such as its hash. Raises ValueError as `new_key`."""
    named = (purpose, tenant_id, *parts)
    for part in named:
        if not _PART_OF_A_KEY.fullmatch(part):
            raise ValueError(f"{part!r} is no part of a key")
    return "/".join(named)


def presigned_put(key: str, *, size: int, sha256: str, media_type: str) -> Upload:
    """Return where a file of this size, hash (hexadecimal) and media type can be sent, once, for 15 minutes."""
    checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
    url = client().generate_presigned_url(
        "put_object",
        Params=_place(key)
        | {"ContentLength": size, "ContentType": media_type, "ChecksumSHA256": checksum, "IfNoneMatch": "*"},
        ExpiresIn=UPLOAD_SECONDS,
    )
    headers = {
        "Content-Length": str(size),
        "Content-Type": media_type,
        "If-None-Match": "*",
        "x-amz-checksum-sha256": checksum,
    }
    return Upload(url, headers)


def presigned_get(key: str, *, file_name: str, media_type: str, version_id: str | None = None) -> str:
    """Return where a file can be fetched for five minutes; a browser saves it under the name and does not show it.

    With a `version_id` it is that version, otherwise the latest.
    """
    asked = {} if version_id is None else {"VersionId": version_id}
    asked |= {
        "ResponseContentDisposition": f"attachment; filename*=UTF-8''{quote(file_name, safe='')}",
        "ResponseContentType": media_type,
        "ResponseCacheControl": "private, no-store",
    }
    url: str = client().generate_presigned_url("get_object", Params=_place(key) | asked, ExpiresIn=DOWNLOAD_SECONDS)
    return url


def find(key: str) -> Found | None:
    """Return the size of a file, None if there is none. Raises Unavailable."""
    try:
        answer = _call("head_object", **_place(key))
    except FileNotFound:
        return None
    return Found(answer["ContentLength"], answer["ETag"])


def read(key: str, *, most_bytes: int) -> Content:
    """Return a whole file. Raises FileNotFound, FileTooLarge, Unavailable."""
    answer = _call("get_object", **_place(key))
    if answer["ContentLength"] > most_bytes:
        answer["Body"].close()
        raise FileTooLarge(f"{key} has {answer['ContentLength']} bytes, {most_bytes} may be read")
    return Content(_received(answer), answer["ETag"])


def read_from(key: str, start: int, *, most_bytes: int) -> bytes:
    """Return the bytes of a file from a place on that it has, as many as may be read. Raises as `read`."""
    return _received(_call("get_object", **_place(key), Range=f"bytes={start}-{start + most_bytes - 1}"))


def download(key: str, to: Path, *, etag: str) -> int:
    """Write the version of a file with this tag to the disk, some of it at a time, and return its bytes.

    What is at `to` is the whole file or nothing new. Raises FileNotFound also for a file of another tag, Unavailable.
    """
    unfinished = to.with_name(f"{to.name}.{secrets.token_hex(4)}")
    try:
        answer = _call("get_object", **_place(key), IfMatch=etag)
        with unfinished.open("wb") as file:
            for piece in _pieces(answer):
                file.write(piece)
        unfinished.replace(to)
    except FileChanged as error:
        raise FileNotFound(key) from error
    finally:
        unfinished.unlink(missing_ok=True)
    size: int = answer["ContentLength"]
    return size


def latest(key: str) -> Version | None:
    """Return the latest version of a file, None if there is none. Raises Unavailable."""
    try:
        answer = _call("head_object", **_place(key), ChecksumMode="ENABLED")
    except FileNotFound:
        return None
    checksum = answer.get("ChecksumSHA256")
    sha256 = None if checksum is None else base64.b64decode(checksum).hex()
    return Version(answer["VersionId"], answer["ContentLength"], sha256)


def pieces(key: str, version_id: str) -> Iterator[bytes]:
    """Yield the bytes of a version, a megabyte at a time. Raises FileNotFound, Unavailable."""
    yield from _pieces(_call("get_object", **_place(key), VersionId=version_id))


def tags(key: str, version_id: str) -> dict[str, str]:
    """Return the tags of a version. Raises FileNotFound, Unavailable."""
    answer = _call("get_object_tagging", **_place(key), VersionId=version_id)
    return {each["Key"]: each["Value"] for each in answer["TagSet"]}


def remove_version(key: str, version_id: str) -> None:
    """Remove a version for good; one that is not there is as good. Raises Unavailable."""
    _call("delete_object", **_place(key), VersionId=version_id)


def put_once(key: str, body: bytes, *, media_type: str) -> str:
    """Write a new file, and return its tag. Raises FileChanged if there is one, Unavailable."""
    return _put(key, body, media_type, IfNoneMatch="*")


def replace(key: str, body: bytes, *, media_type: str, etag: str) -> str:
    """Write a file in place of the version with this tag, and return the new tag. Raises FileChanged, Unavailable."""
    return _put(key, body, media_type, IfMatch=etag)


def remove(key: str) -> None:
    """Remove a file; one that is not there is as good. Raises Unavailable."""
    _call("delete_object", **_place(key))


def listed(prefix: str, *, after: str, limit: int) -> list[Listed]:
    """Return the files that begin so and come after a key, 1,000 at most, in the order of their keys.

    Raises Unavailable.
    """
    answer = _call("list_objects_v2", Bucket=config.files_bucket(), Prefix=prefix, StartAfter=after, MaxKeys=limit)
    found = answer.get("Contents", [])
    return [Listed(each["Key"], int(each["LastModified"].timestamp()) * SECOND, each["ETag"]) for each in found]


def _put(key: str, body: bytes, media_type: str, **condition: str) -> str:
    answer = _call("put_object", **_place(key), Body=body, ContentType=media_type, **condition)
    etag: str = answer["ETag"]
    return etag


def _place(key: str) -> dict[str, Any]:
    return {"Bucket": config.files_bucket(), "Key": key}


def _received(answer: Mapping[str, Any]) -> bytes:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - for a cold start: few requests are about files

    try:
        body: bytes = answer["Body"].read()
    except BotoCoreError as error:
        raise Unavailable(_SAID) from error
    return body


def _pieces(answer: Mapping[str, Any]) -> Iterator[bytes]:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - for a cold start

    try:
        yield from answer["Body"].iter_chunks(_PIECE_BYTES)
    except BotoCoreError as error:
        raise Unavailable(_SAID) from error


def _call(operation: str, **parameters: Any) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - for a cold start

    try:
        return getattr(client(), operation)(**parameters)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _MISSING:
            raise FileNotFound(parameters["Key"]) from error
        if code in _NOT_AS_ASKED:
            raise FileChanged("Somebody else wrote the file first. Read it again.") from error
        raise Unavailable(_SAID) from error
    except BotoCoreError as error:
        raise Unavailable(_SAID) from error


@functools.cache
def client() -> Any:
    """Return the one client of this process."""
    from botocore import session  # noqa: PLC0415 - for a cold start: few requests are about files
    from botocore.config import Config  # noqa: PLC0415

    # A bucket has a host of its own on AWS. Nothing answers to names below the host of a local stage.
    addressing: Literal["path", "virtual"] = "path" if endpoints.named("s3") else "virtual"
    settings = Config(
        connect_timeout=1,
        read_timeout=10,
        retries={"mode": "standard", "total_max_attempts": 3},
        # An address that is signed has to name the region, and no header that the sender does not know of.
        signature_version="s3v4",
        s3={"addressing_style": addressing, "us_east_1_regional_endpoint": "regional"},
        request_checksum_calculation="when_required",
    )
    return session.get_session().create_client("s3", config=settings)
