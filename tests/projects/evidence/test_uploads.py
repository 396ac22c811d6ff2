"""Files that are announced, sent and looked at."""

import boto3
import httpx
import pytest
import time_machine

from functions.projects.evidence import evidence, media_type, sweeping, usage
from functions.projects.evidence.media_type import MediaType
from functions.projects.milestones import milestones
from shared import config
from shared.callers import tenant_settings
from shared.storage import files, table
from shared.storage.writes import Put
from tests.projects.evidence.bringing import PDF, announces, brings, declared, place_of, s3_says, says, sends
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("bucket")


def used(person: Person) -> tuple[int, int]:
    shown = person.get("/evidence-usage").body
    return shown["used_bytes"], shown["files"]


def told(person: Person, milestone: str) -> list[str]:
    items = person.get(f"{milestone}/history", "limit=100").body["items"]
    return [each["event_type"] for each in reversed(items) if each["event_type"].startswith("projects.evidence")]


def sweeps() -> int:
    return sweeping.run(lambda: True)


def test_a_file_is_announced_sent_and_there(ada: Person, ben: Person, milestone: str):
    announced = announces(ben, milestone, requirement="drawings", tags=["mill"])
    assert announced["evidence"]["status"] == "pending"
    assert announced["upload"]["headers"]["If-None-Match"] == "*"
    assert says(ben, announced).code == "NotUploaded"
    sends(announced)
    there = says(ben, announced)

    assert (there.status, there.body["status"], there.body["uploaded_by"]) == (200, "uploaded", ben.user_id)
    assert not {"place", "version_id", "tenant_id"} & there.body.keys()
    assert says(ben, announced).body == there.body
    assert ada.get(f"{milestone}/evidence").body["items"] == [there.body]
    assert told(ada, milestone) == ["projects.evidence.announced", "projects.evidence.uploaded"]


@pytest.mark.parametrize(("kind", "asked"), media_type.ACCEPTED.items(), ids=media_type.ACCEPTED)
def test_each_type_that_is_listed_is_taken(kind: str, asked: MediaType, ben: Person, milestone: str):
    for ending in asked.endings:
        sent = declared(ending.encode(), f"roof{ending}", kind)

        assert ben.post(f"{milestone}/evidence", sent).status == 201


def test_s3_says_it_as_well_and_once_is_enough(ada: Person, ben: Person, milestone: str):
    announced = announces(ben, milestone)
    key = sends(announced)

    assert s3_says(key) == {"batchItemFailures": []}
    before = says(ben, announced)
    assert before.body["status"] == "uploaded"
    s3_says(key)
    assert says(ben, announced).body == before.body
    assert told(ada, milestone).count("projects.evidence.uploaded") == 1


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (b"", "empty"),
        (PDF + b"more", "too_large"),
        (PDF[:-1], "hash_mismatch"),
        (PDF.replace(b"1.7", b"1.6"), "hash_mismatch"),
    ],
)
def test_a_file_that_is_not_what_was_declared_is_rejected_and_gone(
    sent: bytes, reason: str, ben: Person, milestone: str, bucket: str
):
    announced = announces(ben, milestone)
    key = sends(announced, sent)
    rejected = says(ben, announced).body

    assert (rejected["status"], rejected["reason"]) == ("rejected", reason)
    assert boto3.client("s3").list_object_versions(Bucket=bucket, Prefix=key).get("Versions") is None
    assert used(ben) == (0, 0)
    assert brings(ben, milestone)


def test_bytes_of_another_type_are_rejected(ben: Person, milestone: str):
    executable = b"MZ\x90\x00" + bytes(60)
    announced = announces(ben, milestone, executable)
    sends(announced, executable)

    assert says(ben, announced).body["reason"] == "type_mismatch"


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"media_type": "image/svg+xml", "file_name": "a.svg"}, 415, "EvidenceTypeNotAccepted"),
        ({"media_type": "text/html", "file_name": "a.html"}, 415, "EvidenceTypeNotAccepted"),
        ({"media_type": "application/x-msdownload", "file_name": "a.exe"}, 415, "EvidenceTypeNotAccepted"),
        ({"size_bytes": 10 * 1024 * 1024 + 1}, 413, "EvidenceTooLarge"),
        ({"media_type": "video/mp4", "file_name": "a.mp4", "size_bytes": 101 * 1024 * 1024}, 413, "EvidenceTooLarge"),
        ({"size_bytes": 0}, 422, "InvalidInput"),
        ({"file_name": "drawings.exe"}, 422, "InvalidInput"),
        ({"file_name": "../drawings.pdf"}, 422, "InvalidInput"),
        ({"file_name": "drawings\u202efdp.pdf"}, 422, "InvalidInput"),
        ({"sha256": "A" * 64}, 422, "InvalidInput"),
        ({"requirement": "unknown"}, 422, "InvalidInput"),
        ({"expires_on": "2020-01-01"}, 422, "InvalidInput"),
        ({"place": "elsewhere"}, 422, "InvalidInput"),
    ],
)
def test_what_is_not_taken_is_refused_before_anything_is_written(
    changed: dict[str, object], status: int, code: str, ben: Person, milestone: str
):
    refused = ben.post(f"{milestone}/evidence", declared() | changed)

    assert (refused.status, refused.code) == (status, code)
    assert used(ben) == (0, 0)
    assert ben.get(f"{milestone}/evidence").body["items"] == []


def test_the_same_bytes_are_refused_with_the_id_of_the_first(ada: Person, ben: Person, milestone: str, project: str):
    path = brings(ben, milestone)
    refused = ben.post(f"{milestone}/evidence", declared(name="other.pdf"))

    assert (refused.status, refused.code) == (409, "DuplicateEvidence")
    assert refused.body["evidence_id"] == path.rpartition("/")[2]
    assert brings(ada, ada.plans(project))


def test_a_repeated_announcement_has_the_same_answer(ben: Person, milestone: str):
    first, second = (ben.post(f"{milestone}/evidence", declared(), key="once") for _ in range(2))

    assert first.body["evidence"] == second.body["evidence"]
    assert place_of(first.body) == place_of(second.body)
    assert used(ben) == (len(PDF), 1)


def test_another_address_leads_to_the_same_place_while_the_file_is_waited_for(ada: Person, ben: Person, milestone: str):
    announced = announces(ben, milestone)
    path = f"/evidence/{announced['evidence']['evidence_id']}"
    renewed = ada.post(f"{path}/upload-url")

    assert place_of(renewed.body) == place_of(announced)
    sends(announced)
    says(ben, announced)
    assert ben.post(f"{path}/upload-url").code == "EvidenceNotPending"


def test_what_never_comes_is_given_up_after_a_day(
    ada: Person, ben: Person, milestone: str, time: time_machine.Traveller
):
    announced = announces(ben, milestone)
    time.shift(24 * 3600 - 1)
    assert sweeps() == 0
    time.shift(2)

    assert sweeps() == 1
    assert used(ben) == (0, 0)
    assert ben.get(f"/evidence/{announced['evidence']['evidence_id']}").code == "EvidenceNotFound"
    assert told(ada, milestone)[-1] == "projects.evidence.abandoned"
    assert sweeps() == 0
    assert brings(ben, milestone)


def test_what_came_unnoticed_is_noticed_by_the_sweep(ben: Person, milestone: str, time: time_machine.Traveller):
    announced = announces(ben, milestone)
    sends(announced)
    time.shift(25 * 3600)

    assert sweeps() == 0
    assert ben.get(f"/evidence/{announced['evidence']['evidence_id']}").body["status"] == "uploaded"


def test_what_is_sent_for_nobody_is_removed(ben: Person, milestone: str, bucket: str):
    announced = announces(ben, milestone)
    ben.delete(f"/evidence/{announced['evidence']['evidence_id']}")
    key = sends(announced)

    assert s3_says(key) == {"batchItemFailures": []}
    assert boto3.client("s3").list_object_versions(Bucket=bucket, Prefix=key).get("Versions") is None


def test_the_reviewed_version_stays_whatever_is_written_over_it(ben: Person, milestone: str, bucket: str):
    announced = announces(ben, milestone)
    key = sends(announced)
    says(ben, announced)
    boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    other = b"<html>another</html>"
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=other)
    s3_says(key)
    fetched = ben.get(f"/evidence/{announced['evidence']['evidence_id']}/download").body["url"]
    pinned = httpx.URL(fetched).params["versionId"]

    assert b"".join(files.pieces(key, pinned)) == PDF
    versions = boto3.client("s3").list_object_versions(Bucket=bucket, Prefix=key)["Versions"]
    assert [each["VersionId"] for each in versions] == [pinned]


def test_a_file_that_would_go_beyond_the_quota_is_refused(ben: Person, milestone: str):
    pk, sk = usage.key(ben.tenant_id)
    full = tenant_settings.EVIDENCE_QUOTA - len(PDF)
    table.transact([Put({"PK": pk, "SK": sk, "entity": "EvidenceUsage", "bytes": full + 1, "files": 9})])

    assert ben.post(f"{milestone}/evidence", declared()).code == "EvidenceQuotaExceeded"
    table.transact([Put({"PK": pk, "SK": sk, "entity": "EvidenceUsage", "bytes": full, "files": 9})])
    assert announces(ben, milestone)
    assert ben.get("/evidence-usage").body["left_bytes"] == 0


def test_the_quota_is_a_setting_of_the_tenant(ben: Person, milestone: str):
    pk, sk = usage.key(ben.tenant_id)
    quota, taken = 2 * tenant_settings.EVIDENCE_QUOTA, tenant_settings.EVIDENCE_QUOTA
    place = tenant_settings.key(ben.tenant_id)
    table.transact([Put({"PK": pk, "SK": sk, "entity": "EvidenceUsage", "bytes": taken, "files": 9})])
    assert ben.post(f"{milestone}/evidence", declared()).code == "EvidenceQuotaExceeded"
    table.transact([Put({"PK": place.pk, "SK": place.sk, "entity": "Tenant", "evidence_quota_bytes": quota})])

    assert announces(ben, milestone)
    shown = ben.get("/evidence-usage").body
    assert (shown["quota_bytes"], shown["left_bytes"]) == (quota, quota - taken - len(PDF))
    table.transact([Put({"PK": place.pk, "SK": place.sk, "entity": "Tenant", "evidence_quota_bytes": taken})])
    assert ben.post(f"{milestone}/evidence", declared(PDF + b"\n")).code == "EvidenceQuotaExceeded"
    assert ben.get("/evidence-usage").body["left_bytes"] == 0


def test_a_milestone_has_a_hundred_pieces_of_evidence(ben: Person, milestone: str):
    for number in range(100):
        link = {"url": f"https://example.org/{number}"}
        assert ben.post(f"{milestone}/evidence/links", link).status == 201

    assert ben.post(f"{milestone}/evidence", declared()).code == "TooMuchEvidence"
    assert len(ben.get(f"{milestone}/evidence", "limit=100").body["items"]) == 100


def test_nobody_else_learns_of_evidence(ada: Person, ben: Person, eve: Person, milestone: str):
    path = brings(ben, milestone)
    stranger = ada.colleague()
    for somebody in (eve, stranger):
        asked = [somebody.get(path), somebody.get(f"{path}/download"), somebody.post(f"{path}/complete")]
        asked += [somebody.post(f"{path}/submit"), somebody.post(f"{path}/verify"), somebody.delete(path)]
        assert {(each.status, each.code) for each in asked} == {(404, "EvidenceNotFound")}
    assert stranger.get(f"{milestone}/evidence").status == 404
    assert ben.get("/evidence/evd_1").code == "EvidenceNotFound"


def test_a_guest_is_not_told_what_the_tenant_has(ada: Person):
    assert ada.acting_as("guest").get("/evidence-usage").code == "UsageNotForGuests"


def test_who_does_not_work_on_a_milestone_brings_nothing(ada: Person, project: str, milestone: str):
    viewer = ada.brings(project, ada.colleague(), "viewer")

    assert viewer.post(f"{milestone}/evidence", declared()).code == "RoleRequired"
    ada.assigns(milestone, viewer, "contributor")
    assert brings(viewer, milestone)


def test_a_final_milestone_takes_no_evidence(ada: Person, ben: Person, milestone: str):
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})

    assert ben.post(f"{milestone}/evidence", declared()).code == "MilestoneFinal"


def test_the_file_lies_under_the_tenant_the_milestone_and_the_evidence(ben: Person, milestone: str):
    announced = announces(ben, milestone)
    _, tenant_id, milestone_id, evidence_id, secret = place_of(announced).split("/")

    assert (tenant_id, milestone_id) == (ben.tenant_id, milestone.rpartition("/")[2])
    assert evidence_id == announced["evidence"]["evidence_id"]
    assert len(secret) == 48
    item = table.get(evidence.key(tenant_id, milestone_id, evidence_id))
    assert item is not None
    assert item["PK"] == milestones.partition(tenant_id, milestone_id)
    assert config.files_bucket() in announced["upload"]["url"]
