"""Evidence over GraphQL, on the functions that REST calls too."""

from collections.abc import Mapping
from typing import Any

from functions.projects.evidence import labelling, links, reading, removal, reviews, uploads, usage
from functions.projects.graphql import View, claim, graphql, if_match, without_nulls
from functions.projects.resolver import DECIDE, READ, WRITE
from shared.api.graphql import connection, limit_of

# The shapes are imported where something is sent: no read waits for pydantic on a cold start.


@graphql.field("Query", "evidence", scope=READ)
def evidence(evidence_id: str) -> View:
    """Resolve one piece of evidence."""
    return reading.piece(graphql.caller, evidence_id)


@graphql.field("Query", "projectMilestoneEvidence", scope=READ)
def project_milestone_evidence(
    project_milestone_id: str, limit: int | None = None, next_token: str | None = None
) -> View:
    """Resolve a page of the evidence of a milestone."""
    most = limit_of(limit)
    return connection(reading.page(graphql.caller, project_milestone_id, limit=most, cursor=next_token))


@graphql.field("Query", "evidenceFile", scope=READ)
def evidence_file(evidence_id: str) -> View:
    """Resolve where the file of evidence can be fetched; the audit log says who asked."""
    return reading.download(graphql.caller, evidence_id)


@graphql.field("Query", "evidenceUsage", scope=READ)
def evidence_usage() -> View:
    """Resolve how much the files of the tenant take."""
    return usage.view(graphql.caller)


@graphql.field("Mutation", "announceEvidence", scope=WRITE)
def announce_evidence(project_milestone_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - the name clients expect
    """Announce a file."""
    return _announced(uploads.begin(graphql.caller, project_milestone_id, _draft(input), claim=claim()))


@graphql.field("Mutation", "announceEvidenceVersion", scope=WRITE)
def announce_evidence_version(evidence_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Announce a file in the place of another."""
    return _announced(uploads.replace(graphql.caller, evidence_id, _draft(input), claim=claim()))


@graphql.field("Mutation", "renewEvidenceUpload", scope=WRITE)
def renew_evidence_upload(evidence_id: str) -> View:
    """Ask once more where a file is to be sent."""
    return _announced(uploads.renew(graphql.caller, evidence_id))


@graphql.field("Mutation", "completeEvidence", scope=WRITE)
def complete_evidence(evidence_id: str) -> View:
    """Say that a file is there."""
    return uploads.complete(graphql.caller, evidence_id)


@graphql.field("Mutation", "addEvidenceLink", scope=WRITE)
def add_evidence_link(project_milestone_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Add a link."""
    from functions.projects.evidence import shapes  # noqa: PLC0415

    fields = shapes.EvidenceLinkDraft.model_validate(without_nulls(input)).fields()
    return links.add(graphql.caller, project_milestone_id, fields, claim=claim())


@graphql.field("Mutation", "updateEvidence", scope=WRITE)
def update_evidence(
    evidence_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change the tags of evidence."""
    from functions.projects.evidence import shapes  # noqa: PLC0415

    tags = shapes.EvidencePatch.model_validate(input).tags
    return labelling.label(graphql.caller, evidence_id, tags, if_match=if_match(expected_version))


@graphql.field("Mutation", "deleteEvidence", scope=WRITE)
def delete_evidence(evidence_id: str, expected_version: int | None = None) -> str:
    """Delete evidence that was never verified."""
    removal.delete(graphql.caller, evidence_id, if_match=if_match(expected_version))
    return evidence_id


@graphql.field("Mutation", "submitEvidence", scope=WRITE)
def submit_evidence(evidence_id: str, expected_version: int | None = None) -> View:
    """Ask for a review of evidence."""
    return reviews.submit(graphql.caller, evidence_id, if_match=if_match(expected_version), claim=claim())


@graphql.field("Mutation", "verifyEvidence", scope=DECIDE)
def verify_evidence(evidence_id: str, expected_version: int | None = None) -> View:
    """Verify evidence."""
    match = if_match(expected_version)
    return reviews.decide(graphql.caller, evidence_id, "verify", None, if_match=match, claim=claim())


@graphql.field("Mutation", "rejectEvidence", scope=DECIDE)
def reject_evidence(evidence_id: str, comment: str, expected_version: int | None = None) -> View:
    """Reject evidence."""
    from functions.projects.evidence import shapes  # noqa: PLC0415

    sent = shapes.EvidenceRejection.model_validate({"comment": comment})
    match = if_match(expected_version)
    return reviews.decide(graphql.caller, evidence_id, "reject", sent.comment, if_match=match, claim=claim())


@graphql.field("Mutation", "reviewEvidence", scope=DECIDE)
def review_evidence(decisions: list[dict[str, Any]]) -> list[View]:
    """Decide on several pieces of evidence."""
    from functions.projects.evidence import shapes  # noqa: PLC0415

    sent = shapes.EvidenceReview.model_validate({"decisions": [without_nulls(each) for each in decisions]})
    return reviews.decide_many(graphql.caller, [each.model_dump() for each in sent.decisions])


def _draft(sent: Mapping[str, Any]) -> dict[str, Any]:
    from functions.projects.evidence import shapes  # noqa: PLC0415

    return shapes.EvidenceDraft.model_validate(without_nulls(sent)).fields()


def _announced(view: View) -> View:
    """Return announced evidence as the schema has it: the headers of its upload are a list."""
    upload = view["upload"]
    if upload is None:
        return view
    headers = [{"name": name, "value": value} for name, value in upload["headers"].items()]
    return {**view, "upload": {**upload, "headers": headers}}
