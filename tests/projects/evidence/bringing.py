"""How people bring evidence, in process: what is sent to a signed address is put into the bucket instead."""

import base64
import hashlib
import json
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3

from functions.projects.evidence import consumers
from shared import config
from tests.aws.entries import Answer
from tests.aws.messages import batch
from tests.projects.team import Person

PDF = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n"


def pdf_of(text: bytes) -> bytes:
    """Return a PDF with this in its last line but one."""
    return PDF.replace(b"%%EOF", b"%" + text + b"\n%%EOF")


def declared(
    body: bytes = PDF, name: str = "drawings.pdf", kind: str = "application/pdf", **more: Any
) -> dict[str, Any]:
    """Return what is declared of a file."""
    sha256 = hashlib.sha256(body).hexdigest()
    return {"file_name": name, "media_type": kind, "size_bytes": len(body), "sha256": sha256, **more}


def announces(person: Person, milestone: str, body: bytes = PDF, **more: Any) -> dict[str, Any]:
    """Announce a file, and return the answer."""
    made = person.post(f"{milestone}/evidence", declared(body, **more))
    assert made.status == 201, made.body
    return dict(made.body)


def sends(announced: dict[str, Any], body: bytes = PDF) -> str:
    """Put a file where it is to be sent, and return its key; S3 would hold it against what was signed."""
    key = place_of(announced)
    checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
    boto3.client("s3").put_object(Bucket=config.files_bucket(), Key=key, Body=body, ChecksumSHA256=checksum)
    return key


def place_of(announced: dict[str, Any]) -> str:
    path = unquote(urlsplit(announced["upload"]["url"]).path)
    return path[path.index("evidence/") :]


def says(person: Person, announced: dict[str, Any]) -> Answer:
    """Say that a file is there."""
    return person.post(f"/evidence/{announced['evidence']['evidence_id']}/complete")


def brings(person: Person, milestone: str, body: bytes = PDF, **more: Any) -> str:
    """Announce and send a file, say so, and return the path of the evidence."""
    announced = announces(person, milestone, body, **more)
    sends(announced, body)
    assert says(person, announced).body["status"] == "uploaded"
    return f"/evidence/{announced['evidence']['evidence_id']}"


def s3_says(*keys: str) -> dict[str, Any]:
    """Have the consumer told that files were written."""
    told = [{"detail-type": "Object Created", "detail": {"object": {"key": key}}} for key in keys]
    return consumers.handler(batch(map(json.dumps, told)), None)


def scanner_says(key: str, status: str, *, version_id: str | None = None) -> dict[str, Any]:
    """Have the consumer told what GuardDuty has found in the latest version of a file, or in another."""
    if version_id is None:
        version_id = boto3.client("s3").head_object(Bucket=config.files_bucket(), Key=key)["VersionId"]
    found = {"objectKey": key, "versionId": version_id, "bucketName": config.files_bucket()}
    detail = {"s3ObjectDetails": found, "scanResultDetails": {"scanResultStatus": status, "threats": None}}
    told = [{"detail-type": "GuardDuty Malware Protection Object Scan Result", "detail": detail}]
    return consumers.handler(batch(map(json.dumps, told)), None)


def scanner_tags(key: str, status: str) -> None:
    """Have the latest version of a file tagged as GuardDuty does it."""
    tags = {"TagSet": [{"Key": "GuardDutyMalwareScanStatus", "Value": status}]}
    boto3.client("s3").put_object_tagging(Bucket=config.files_bucket(), Key=key, Tagging=tags)
