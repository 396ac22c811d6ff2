"""Evidence over GraphQL does what it does over REST; and tags, which change at any time."""

from typing import Any

from shared.api import casing
from tests.projects.evidence.bringing import PDF, brings, declared, pdf_of, s3_says, sends
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def sent(person: Person, name: str, **arguments: Any) -> Any:
    """Ask for a field that answers, and return what it does."""
    answered = person.ask(name, **arguments)
    assert answered.error_type is None, answered.message
    return answered.data


def test_evidence_is_announced_sent_reviewed_and_shown_as_over_rest(ada: Person, ben: Person, milestone: str):
    milestone_id = milestone.rpartition("/")[2]
    draft = casing.camel(declared(PDF, requirement="drawings")) | {"tags": None}
    announced = sent(ben, "announceEvidence", projectMilestoneId=milestone_id, input=draft)
    evidence_id = announced["evidence"]["evidenceId"]
    renewed = sent(ben, "renewEvidenceUpload", evidenceId=evidence_id)
    headers = {each["name"]: each["value"] for each in renewed["upload"]["headers"]}
    sends(announced)
    assert headers["Content-Type"] == "application/pdf"
    assert sent(ben, "completeEvidence", evidenceId=evidence_id)["status"] == "uploaded"
    assert sent(ben, "submitEvidence", evidenceId=evidence_id)["status"] == "submitted"
    assert ben.ask("verifyEvidence", evidenceId=evidence_id).error_type == "RoleRequired"
    assert sent(ada, "verifyEvidence", evidenceId=evidence_id, expectedVersion=3)["status"] == "verified"

    shown = sent(ada, "evidence", evidenceId=evidence_id)
    assert shown == casing.camel(ada.get(f"/evidence/{evidence_id}").body)
    assert sent(ada, "projectMilestoneEvidence", projectMilestoneId=milestone_id)["items"] == [shown]
    assert "response-content-disposition" in sent(ada, "evidenceFile", evidenceId=evidence_id)["url"]
    assert sent(ada, "evidenceUsage") == casing.camel(ada.get("/evidence-usage").body)


def test_links_versions_rejections_and_removals_are_fields_too(ada: Person, ben: Person, milestone: str):
    milestone_id = milestone.rpartition("/")[2]
    links = [
        sent(ben, "addEvidenceLink", projectMilestoneId=milestone_id, input={"url": f"https://example.org/{number}"})
        for number in range(3)
    ]
    first, second, third = [each["evidenceId"] for each in links]
    for each in (first, second):
        sent(ben, "submitEvidence", evidenceId=each)
    rejected = sent(ada, "rejectEvidence", evidenceId=first, comment="It is of another mill.")
    decisions = [{"evidenceId": second, "decision": "verify"}, {"evidenceId": third, "decision": "verify"}]
    outcomes = sent(ada, "reviewEvidence", decisions=decisions)

    assert (rejected["status"], rejected["comment"]) == ("rejected", "It is of another mill.")
    assert [(each["status"], each["code"]) for each in outcomes] == [
        ("verified", None),
        (None, "EvidenceStatusNotPossible"),
    ]
    assert sent(ben, "deleteEvidence", evidenceId=third) == third
    again = pdf_of(b"again")
    path = brings(ben, milestone)
    newer = sent(
        ben, "announceEvidenceVersion", evidenceId=path.rpartition("/")[2], input=casing.camel(declared(again))
    )
    s3_says(sends(newer, again))
    assert ben.get(path).body["status"] == "superseded"


def test_tags_change_whatever_the_status_and_nothing_else_does(review: Review):
    milestone = review.begins(layer())
    link = {"url": "https://example.org/1", "tags": ["draft"]}
    path = f"/evidence/{review.ben.post(f'{milestone}/evidence/links', link).body['evidence_id']}"
    review.ben.post(f"{milestone}/complete")
    [before] = review.layers(milestone)
    changed = review.ben.patch(path, {"tags": ["as built", "signed"]}, if_match='"1"')
    told = [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]

    assert (changed.status, changed.body["tags"], changed.body["version"]) == (200, ["as built", "signed"], 2)
    assert review.layers(milestone) == [before]
    assert "projects.evidence.updated" in told
    assert review.ben.patch(path, {"tags": []}, if_match='"1"').code == "VersionChanged"
    assert review.verifiers[0].patch(path, {"tags": []}).code == "RoleRequired"
    assert review.ben.patch(path, {"tags": ["a", "a"]}).code == "InvalidInput"
    assert review.ben.patch(path, {"tags": ["a"], "url": "https://example.org/2"}).code == "InvalidInput"
    evidence_id = path.rpartition("/")[2]
    updated = sent(review.ada, "updateEvidence", evidenceId=evidence_id, input={"tags": []}, expectedVersion=2)
    assert updated["tags"] == []
