"""What signed addresses of files bind, on the local stage, which holds signatures as S3 does."""

import hashlib
import json
import secrets
from collections.abc import Iterator

import httpx
import pytest

from infra.stage import aws
from infra.stage.ministack import REGION, MiniStack
from shared.storage import files
from shared.storage.files import Upload
from tests.aws import ports, signed

BODY = b'{"kind": "export"}\n'
TYPE = "application/jsonl"


@pytest.fixture(scope="module")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    port = ports.free()
    ministack = MiniStack(state=tmp_path_factory.mktemp("files"), port=port)
    ministack.start()
    yield ministack
    ministack.stop()


@pytest.fixture(autouse=True)
def bucket(ministack: MiniStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket, and a user who may read and write files in it, as a function may."""
    name = f"files-{secrets.token_hex(4)}"
    aws.client("s3", endpoint=ministack.endpoint).create_bucket(Bucket=name)
    users = aws.client("iam", endpoint=ministack.endpoint)
    users.create_user(UserName=name)
    allowed = {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"arn:aws:s3:::{name}/*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    users.put_user_policy(UserName=name, PolicyName="files", PolicyDocument=document)
    key = users.create_access_key(UserName=name)["AccessKey"]
    monkeypatch.setenv("AWS_ENDPOINT_URL", ministack.endpoint)
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    monkeypatch.setenv("FILES_BUCKET", name)
    files.client.cache_clear()
    yield name
    files.client.cache_clear()


@pytest.fixture
def key() -> str:
    return files.new_key("uploads", "tenant_1")


@pytest.fixture
def upload(key: str) -> Upload:
    return files.presigned_put(key, size=len(BODY), sha256=hashlib.sha256(BODY).hexdigest(), media_type=TYPE)


def sent(upload: Upload, body: bytes = BODY, url: str | None = None, **headers: str) -> int:
    changed = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = signed.put(url or upload.url, body, dict(upload.headers) | changed)
    return answer.status_code


def test_a_file_is_sent_once_as_it_was_announced(key: str, upload: Upload) -> None:
    assert sent(upload) == 200
    assert files.read(key, most_bytes=100).body == BODY
    assert sent(upload) == 412


def test_another_file_of_the_same_size_is_refused(key: str, upload: Upload) -> None:
    assert sent(upload, body=b"x" * len(BODY)) == 400
    assert files.find(key) is None


def test_nothing_that_was_announced_can_be_changed(upload: Upload) -> None:
    other = hashlib.sha256(b"other").digest().hex()

    assert sent(upload, Content_Type="text/html") == 403
    assert sent(upload, body=BODY + b"more", Content_Length=str(len(BODY) + 4)) == 403
    assert sent(upload, If_None_Match='"other"') == 403
    assert sent(upload, x_amz_checksum_sha256=other) == 403


def test_a_header_that_was_announced_cannot_be_left_out(upload: Upload) -> None:
    for name in ("Content-Type", "If-None-Match", "x-amz-checksum-sha256"):
        headers = {each: value for each, value in upload.headers.items() if each != name}
        assert signed.put(upload.url, BODY, headers).status_code == 403


def test_the_address_is_good_for_its_key_alone(key: str, upload: Upload) -> None:
    assert sent(upload, url=upload.url.replace(key, files.new_key("uploads", "tenant_1"))) == 403


def test_every_header_that_binds_is_signed_and_the_address_ends_after_a_quarter_of_an_hour(upload: Upload) -> None:
    asked = httpx.URL(upload.url).params

    assert asked["X-Amz-SignedHeaders"] == "content-length;content-type;host;if-none-match;x-amz-checksum-sha256"
    assert asked["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert asked["X-Amz-Expires"] == "900"


def test_a_file_is_fetched_as_an_attachment_under_its_name(key: str) -> None:
    files.put_once(key, BODY, media_type=TYPE)
    url = files.presigned_get(key, file_name='goals "ä".jsonl', media_type=TYPE)
    fetched = signed.get(url)

    assert fetched.content == BODY
    assert fetched.headers["Content-Disposition"] == "attachment; filename*=UTF-8''goals%20%22%C3%A4%22.jsonl"
    assert fetched.headers["Content-Type"] == TYPE
    assert httpx.URL(url).params["X-Amz-Expires"] == "300"
    assert signed.get(url.replace("attachment", "inline")).status_code == 403


def test_on_a_laptop_no_bucket_has_a_host_of_its_own(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    # As functions are told it there; nothing answers to names below `localhost` everywhere.
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://localhost:4566")
    monkeypatch.setenv("FILES_BUCKET", "files")
    files.client.cache_clear()
    url = httpx.URL(files.presigned_get(key, file_name="goals.jsonl", media_type=TYPE))

    assert (url.host, url.path) == ("localhost", f"/files/{key}")


def test_on_aws_an_address_names_the_bucket_and_the_region(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("FILES_BUCKET", "files")
    files.client.cache_clear()
    url = httpx.URL(files.presigned_get(key, file_name="goals.jsonl", media_type=TYPE))

    assert (url.scheme, url.host, url.path) == ("https", "files.s3.eu-central-1.amazonaws.com", f"/{key}")
