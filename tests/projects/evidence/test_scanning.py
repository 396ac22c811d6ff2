"""A stage with a scanner: no file counts, or is read, before there is a verdict, and none that is infected after it."""

import boto3
import pytest
import time_machine

from functions.projects.evidence import sweeping
from tests.projects.evidence.bringing import (
    announces,
    brings,
    declared,
    pdf_of,
    s3_says,
    says,
    scanner_says,
    scanner_tags,
    sends,
)
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("bucket")
HOUR = 3600


@pytest.fixture(autouse=True)
def _scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_SCANNER", "guardduty")


def waiting(person: Person, milestone: str) -> tuple[str, str]:
    """Bring a file that waits for the scanner; return the path of the evidence, and the key of the file."""
    announced = announces(person, milestone, requirement="drawings")
    key = sends(announced)
    assert says(person, announced).body["status"] == "scanning"
    return f"/evidence/{announced['evidence']['evidence_id']}", key


def told(person: Person, milestone: str) -> list[str]:
    items = person.get(f"{milestone}/history", "limit=100").body["items"]
    found = [each["event_type"] for each in reversed(items)]
    return [each.removeprefix("projects.evidence.") for each in found if each.startswith("projects.evidence.")]


def used(person: Person) -> int:
    return int(person.get("/evidence-usage").body["files"])


def test_a_file_waits_for_the_verdict_and_counts_for_nothing_until_then(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    wanted = [{"key": "drawings", "title": "Drawings", "wanted": "uploaded"}]
    milestone = ada.begins(project, ben, evidence_requirements=wanted, acceptance="manager")
    path, key = waiting(ben, milestone)

    assert ben.get(f"{path}/download").code == "EvidenceNotReadable"
    assert ben.post(f"{path}/submit").code == "EvidenceStatusNotPossible"
    assert ben.post(f"{path}/upload-url").code == "EvidenceNotPending"
    assert ben.put(f"{milestone}/progress", {"progress": 100}).body["completion_blocked_by"] == ["evidence:drawings"]
    assert scanner_says(key, "NO_THREATS_FOUND") == {"batchItemFailures": []}
    assert ben.get(path).body["status"] == "uploaded"
    assert ada.get(milestone).body["status"] != "in_progress"
    assert ben.get(f"{path}/download").status == 200
    assert told(ada, milestone) == ["announced", "scan_started", "uploaded", "downloaded"]


@pytest.mark.parametrize(("status", "reason"), [("THREATS_FOUND", "infected"), ("UNSUPPORTED", "not_scannable")])
def test_what_is_infected_or_cannot_be_scanned_is_refused_and_gone(
    status: str, reason: str, ada: Person, ben: Person, milestone: str, bucket: str
):
    path, key = waiting(ben, milestone)
    scanner_says(key, status)
    shown = ben.get(path).body

    assert (shown["status"], shown["reason"]) == ("rejected", reason)
    assert ben.get(f"{path}/download").code == "EvidenceNotReadable"
    assert boto3.client("s3").list_object_versions(Bucket=bucket, Prefix=key).get("Versions") is None
    assert used(ben) == 0
    assert told(ada, milestone)[-1] == "rejected"
    scanner_says(key, "NO_THREATS_FOUND", version_id="another")
    assert ben.get(path).body == shown


def test_a_verdict_that_is_there_before_the_uploader_says_so_is_seen(ben: Person, milestone: str):
    announced = announces(ben, milestone)
    key = sends(announced)
    scanner_tags(key, "NO_THREATS_FOUND")

    assert says(ben, announced).body["status"] == "uploaded"


def test_an_event_of_the_scanner_that_comes_first_is_the_verdict(ben: Person, milestone: str):
    announced = announces(ben, milestone)
    scanner_says(sends(announced), "THREATS_FOUND")

    assert says(ben, announced).body["reason"] == "infected"


def test_a_verdict_on_another_version_is_none_of_this_one(ben: Person, milestone: str):
    path, key = waiting(ben, milestone)

    scanner_says(key, "NO_THREATS_FOUND", version_id="another")
    assert ben.get(path).body["status"] == "scanning"
    s3_says(key)
    assert ben.get(path).body["status"] == "scanning"


@pytest.mark.parametrize("status", ["FAILED", "ACCESS_DENIED", "SOMETHING_NEW"])
def test_a_scanner_that_has_not_looked_gives_no_verdict(status: str, ben: Person, milestone: str):
    path, key = waiting(ben, milestone)

    assert scanner_says(key, status) == {"batchItemFailures": []}
    assert ben.get(path).body["status"] == "scanning"


def test_the_sweep_finds_a_verdict_of_which_no_event_has_told(
    ben: Person, milestone: str, time: time_machine.Traveller
):
    path, key = waiting(ben, milestone)
    scanner_tags(key, "NO_THREATS_FOUND")
    time.shift(HOUR - 1)
    sweeping.run(lambda: True)
    assert ben.get(path).body["status"] == "scanning"
    time.shift(2)
    sweeping.run(lambda: True)

    assert ben.get(path).body["status"] == "uploaded"


def test_what_is_never_scanned_is_given_up(ben: Person, milestone: str, time: time_machine.Traveller):
    path, _ = waiting(ben, milestone)
    time.shift(25 * HOUR - 1)
    sweeping.run(lambda: True)
    assert ben.get(path).body["status"] == "scanning"
    time.shift(2)
    sweeping.run(lambda: True)

    assert ben.get(path).body["reason"] == "not_scanned"
    assert used(ben) == 0


def test_what_waits_when_the_scanner_is_taken_away_is_there(
    ben: Person, milestone: str, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    path, _ = waiting(ben, milestone)
    monkeypatch.setenv("EVIDENCE_SCANNER", "none")
    time.shift(HOUR + 1)
    sweeping.run(lambda: True)

    assert ben.get(path).body["status"] == "uploaded"


def test_a_new_version_takes_the_place_of_the_old_one_with_its_verdict(ben: Person, milestone: str):
    old, key = waiting(ben, milestone)
    scanner_says(key, "NO_THREATS_FOUND")
    body = pdf_of(b"second")
    announced = ben.post(f"{old}/new-version", declared(body)).body
    sent = sends(announced, body)
    says(ben, announced)
    assert ben.get(old).body["status"] == "uploaded"
    scanner_says(sent, "NO_THREATS_FOUND")

    assert ben.get(old).body["status"] == "superseded"


def test_a_file_that_waits_can_be_deleted(ben: Person, milestone: str, bucket: str):
    path, key = waiting(ben, milestone)

    assert ben.delete(path).status == 204
    assert scanner_says(key, "NO_THREATS_FOUND", version_id="gone") == {"batchItemFailures": []}
    assert boto3.client("s3").list_object_versions(Bucket=bucket, Prefix=key).get("Versions") is None
    assert used(ben) == 0


def test_without_a_scanner_nothing_waits(ben: Person, milestone: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("EVIDENCE_SCANNER", "none")

    assert brings(ben, milestone)
