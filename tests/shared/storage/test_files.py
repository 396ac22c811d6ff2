"""Files, on S3 as moto has it; what signed addresses bind is in tests/infra/test_signed_files.py."""

from collections.abc import Iterator

import boto3
import pytest

from shared.errors import Unavailable
from shared.storage import files
from shared.storage.files import Content, FileChanged, FileNotFound, FileTooLarge, Found
from tests.aws.buckets import keep_versions, make_files_bucket

TENANT = "tenant_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"


@pytest.fixture(autouse=True)
def bucket(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    name = make_files_bucket()
    monkeypatch.setenv("FILES_BUCKET", name)
    files.client.cache_clear()
    yield name
    files.client.cache_clear()


def written(body: bytes = b"text") -> str:
    key = files.new_key("exports", TENANT)
    files.put_once(key, body, media_type="text/plain")
    return key


def test_the_key_of_a_file_names_purpose_and_tenant_and_is_never_the_same():
    keys = {files.new_key("exports", TENANT) for _ in range(100)}

    assert {key.rpartition("/")[0] for key in keys} == {f"exports/{TENANT}"}
    assert {len(key.rpartition("/")[2]) for key in keys} == {48}
    assert len(keys) == 100


@pytest.mark.parametrize("part", ["", "..", "a/b", "a#b", "a" * 65, "ä", "a\n"])
def test_no_part_of_a_key_leads_out_of_its_folder(part: str):
    with pytest.raises(ValueError, match="is no part of a key"):
        files.new_key(part, TENANT)
    with pytest.raises(ValueError, match="is no part of a key"):
        files.new_key("exports", part)


def test_what_was_written_is_read(bucket: str):
    key = written(b"line\n")
    stored = boto3.client("s3").get_object(Bucket=bucket, Key=key)

    assert files.read(key, most_bytes=5) == Content(b"line\n", stored["ETag"])
    assert files.find(key) == Found(5, stored["ETag"])
    assert stored["ContentType"] == "text/plain"


def test_an_empty_file_is_read():
    assert files.read(written(b""), most_bytes=0).body == b""


def test_a_file_is_read_from_a_place_on():
    key = written(b"0123456789")

    assert files.read_from(key, 4, most_bytes=3) == b"456"
    assert files.read_from(key, 8, most_bytes=100) == b"89"


def test_a_file_that_is_larger_than_may_be_read_is_refused():
    key = written(b"12345")

    with pytest.raises(FileTooLarge, match="has 5 bytes, 4 may be read"):
        files.read(key, most_bytes=4)


def test_a_missing_file_says_so():
    key = files.new_key("exports", TENANT)

    assert files.find(key) is None
    with pytest.raises(FileNotFound):
        files.read(key, most_bytes=1)


def test_a_file_that_was_removed_is_not_there_and_can_be_removed_again():
    key = written()
    files.remove(key)
    files.remove(key)

    assert files.find(key) is None


def test_a_version_that_was_removed_is_not_there(bucket: str):
    keep_versions(bucket)
    key = written()
    version = files.latest(key)
    assert version is not None
    files.remove_version(key, version.version_id)

    assert files.latest(key) is None
    with pytest.raises(FileNotFound):
        list(files.pieces(key, version.version_id))
    with pytest.raises(FileNotFound):
        files.tags(key, version.version_id)


def test_a_file_is_written_once():
    key = written(b"first")

    with pytest.raises(FileChanged):
        files.put_once(key, b"second", media_type="text/plain")
    assert files.read(key, most_bytes=100).body == b"first"


def test_a_version_is_replaced_once():
    key = written(b"first")
    etag = files.read(key, most_bytes=100).etag
    after = files.replace(key, b"second", media_type="text/plain", etag=etag)

    with pytest.raises(FileChanged):
        files.replace(key, b"third", media_type="text/plain", etag=etag)
    assert files.read(key, most_bytes=100) == Content(b"second", after)


def test_a_bucket_that_refuses_is_unavailable(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("FILES_BUCKET", "there-is-no-such-bucket")

    with pytest.raises(Unavailable):
        files.put_once("exports/tenant/id", b"", media_type="text/plain")
