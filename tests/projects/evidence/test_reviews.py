"""Evidence that is submitted, reviewed, replaced, and what it means for its milestone."""

import boto3
import httpx
import pytest
import time_machine

from functions.projects.evidence import sweeping
from tests.projects.evidence.bringing import PDF, announces, brings, declared, says, sends
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("bucket")
COMMENT = {"comment": "The drawing is of another mill."}
OTHER = PDF.replace(b"1.7", b"1.6")


def test_evidence_is_submitted_and_verified_by_somebody_else(ada: Person, ben: Person, milestone: str):
    path = brings(ben, milestone)
    assert ada.post(f"{path}/verify").code == "EvidenceStatusNotPossible"
    assert ben.post(f"{path}/submit").body["status"] == "submitted"
    assert ben.post(f"{path}/verify").code == "RoleRequired"
    verified = ada.post(f"{path}/verify").body

    assert (verified["status"], verified["reviewed_by"]) == ("verified", ada.user_id)
    assert ada.delete(path).code == "EvidenceStatusNotPossible"
    assert ada.post(f"{path}/reject", COMMENT).code == "EvidenceStatusNotPossible"


def test_whoever_brought_it_does_not_review_it(ada: Person, milestone: str):
    path = brings(ada, milestone)
    ada.post(f"{path}/submit")

    assert ada.post(f"{path}/verify").code == "SeparationOfDuties"
    assert ada.post(f"{path}/reject", COMMENT).code == "SeparationOfDuties"


def test_what_is_rejected_is_gone_and_its_bytes_may_come_again(ada: Person, ben: Person, milestone: str, bucket: str):
    path = brings(ben, milestone)
    ben.post(f"{path}/submit")
    rejected = ada.post(f"{path}/reject", COMMENT).body

    assert (rejected["status"], rejected["reason"], rejected["comment"]) == ("rejected", "review", COMMENT["comment"])
    assert boto3.client("s3").list_object_versions(Bucket=bucket).get("Versions") is None
    assert ben.get(f"{path}/download").code == "EvidenceNotReadable"
    assert brings(ben, milestone)


def test_a_repeated_review_has_the_same_answer(ada: Person, ben: Person, milestone: str):
    path = brings(ben, milestone)
    ben.post(f"{path}/submit")
    first = ada.post(f"{path}/verify", key="once", if_match='"3"')

    assert first.status == 200
    assert ada.post(f"{path}/verify", key="once", if_match='"3"').body == first.body
    assert ada.post(f"{path}/submit", if_match='"3"').status == 412


def test_many_are_reviewed_each_by_itself(ada: Person, ben: Person, milestone: str):
    first, second = brings(ben, milestone), brings(ben, milestone, OTHER)
    ben.post(f"{first}/submit")
    ids = [path.rpartition("/")[2] for path in (first, second)]
    decisions = [
        {"evidence_id": ids[0], "decision": "verify"},
        {"evidence_id": ids[1], "decision": "reject", **COMMENT},
        {"evidence_id": "evd_none", "decision": "verify"},
    ]
    outcomes = ada.post("/evidence/bulk-review", {"decisions": decisions}).body["items"]

    assert [(each["status"], each["code"]) for each in outcomes] == [
        ("verified", None),
        (None, "EvidenceStatusNotPossible"),
        (None, "EvidenceNotFound"),
    ]
    without_reason = {"decisions": [{"evidence_id": ids[1], "decision": "reject"}]}
    assert ada.post("/evidence/bulk-review", without_reason).code == "InvalidInput"


def test_a_new_version_supersedes_the_old_one_once_it_is_there(ada: Person, ben: Person, milestone: str):
    old = brings(ben, milestone, requirement="drawings")
    announced = ben.post(f"{old}/new-version", declared(OTHER, requirement="drawings"), key="once").body
    assert ben.get(old).body["status"] == "uploaded"
    sends(announced, OTHER)
    new = says(ben, announced).body

    assert (new["status"], new["supersedes"]) == ("uploaded", old.rpartition("/")[2])
    shown = ben.get(old).body
    assert (shown["status"], shown["superseded_by"]) == ("superseded", new["evidence_id"])
    assert ben.post(f"{old}/new-version", declared(OTHER, requirement="drawings"), key="once").status == 201
    assert ben.post(f"{old}/new-version", declared(b"x", "x.txt", "text/plain")).code == "EvidenceStatusNotPossible"
    assert ben.post(f"{old}/submit").code == "EvidenceStatusNotPossible"


def test_a_milestone_is_complete_with_the_evidence_it_wants(ada: Person, ben: Person, milestone: str):
    refused = ben.post(f"{milestone}/complete")
    assert (refused.code, refused.body["completion_blocked_by"]) == ("CriteriaOpen", ["evidence:drawings"])
    path = brings(ben, milestone, requirement="drawings")
    ben.post(f"{path}/submit")
    assert ben.post(f"{milestone}/complete").code == "CriteriaOpen"
    ada.post(f"{path}/verify")

    assert ben.post(f"{milestone}/complete").body["status"] == "verified"


def test_the_last_evidence_completes_a_milestone_that_waits_for_it(ada: Person, ben: Person, milestone: str):
    shown = ben.put(f"{milestone}/progress", {"progress": 100}).body
    assert (shown["status"], shown["completion_blocked_by"]) == ("in_progress", ["evidence:drawings"])
    path = brings(ben, milestone, requirement="drawings")
    ben.post(f"{path}/submit")
    assert ada.status(milestone) == "in_progress"
    ada.post(f"{path}/verify")

    assert ada.status(milestone) == "verified"
    types = [each["event_type"] for each in ada.get(f"{milestone}/history").body["items"]]
    assert set(types[:3]) == {
        "projects.milestone.verified",
        "projects.milestone.completed",
        "projects.evidence.verified",
    }


def test_evidence_expires_when_its_day_is_over_where_the_project_is(
    ada: Person, ben: Person, time: time_machine.Traveller
):
    # In Auckland it is 13 hours later than in UTC, and one in the morning of the next day.
    project = ada.creates(time_zone="Pacific/Auckland")
    ada.brings(project, ben, "viewer")
    wanted = [{"key": "permit", "title": "Permit"}]
    milestone = ada.begins(project, ben, evidence_requirements=wanted)
    path = brings(ben, milestone, requirement="permit", expires_on="2026-11-21")
    time.shift(23 * 3600 - 1)
    assert sweeping.run(lambda: True) == 0
    time.shift(1)

    assert sweeping.run(lambda: True) == 1
    assert ben.get(path).body["status"] == "expired"
    assert ben.post(f"{milestone}/complete").body["completion_blocked_by"] == ["evidence:permit"]
    assert sweeping.run(lambda: True) == 0


def test_a_download_is_an_attachment_for_five_minutes_and_audited(ada: Person, ben: Person, milestone: str):
    path = brings(ben, milestone)
    asked = ada.get(f"{path}/download")
    params = httpx.URL(asked.body["url"]).params

    assert params["X-Amz-Expires"] == "300"
    assert params["response-content-disposition"] == "attachment; filename*=UTF-8''drawings.pdf"
    assert params["response-content-type"] == "application/pdf"
    assert asked.headers["X-Content-Type-Options"] == "nosniff"
    newest = ada.get(f"{milestone}/history").body["items"][0]
    assert (newest["event_type"], newest["by"]["id"]) == ("projects.evidence.downloaded", ada.user_id)
    assert newest["evidence_id"] == path.rpartition("/")[2]


def test_a_pdf_that_is_also_html_is_fetched_as_an_attachment_of_its_own_type(ada: Person, ben: Person, milestone: str):
    path = brings(ben, milestone, b"%PDF-1.7\n<!doctype html><script>alert(1)</script>\n%%EOF\n")
    params = httpx.URL(ada.get(f"{path}/download").body["url"]).params

    assert params["response-content-type"] == "application/pdf"
    assert params["response-content-disposition"].startswith("attachment;")


def test_a_link_is_kept_and_has_nothing_to_fetch(ada: Person, ben: Person, milestone: str):
    link = {"url": "https://example.org/measurements/17", "requirement": "drawings"}
    made = ben.post(f"{milestone}/evidence/links", link)
    path = f"/evidence/{made.body['evidence_id']}"

    assert (made.status, made.body["status"], made.body["url"]) == (201, "uploaded", link["url"])
    assert ben.get(f"{path}/download").code == "EvidenceNotReadable"
    ben.post(f"{path}/submit")
    ada.post(f"{path}/verify")
    assert ben.post(f"{milestone}/complete").status == 200


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://",
        "javascript:alert(1)",
        "https://ada@example.org/",
        "https://a b/",
        "https:///x",
    ],
)
def test_a_link_is_an_https_address(url: str, ben: Person, milestone: str):
    assert ben.post(f"{milestone}/evidence/links", {"url": url}).code == "InvalidInput"


def test_a_milestone_with_evidence_is_not_deleted(ada: Person, ben: Person, project: str):
    milestone = ada.plans(project)
    path = brings(ada, milestone)
    assert ada.delete(milestone).code == "EvidenceKept"
    assert ada.delete(path).status == 204

    assert ada.delete(milestone).status == 204


def test_wanted_evidence_stays_as_agreed_from_completion_on(ada: Person, ben: Person, project: str):
    ada.brings(project, ben, "viewer")
    milestone = ada.begins(project, ben, acceptance="manager")
    ben.post(f"{milestone}/complete")
    wanted = [{"key": "drawings", "title": "Signed drawings"}]

    assert ada.patch(milestone, {"evidence_requirements": wanted}).code == "SubjectFrozen"
    assert announces(ben, milestone)
