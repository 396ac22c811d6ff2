"""Comments over GraphQL, on the functions that REST calls too."""

from functions.projects.comments import commenting
from functions.projects.comments.commenting import Open
from functions.projects.graphql import View, claim, graphql, if_match
from functions.projects.resolver import DECIDE, READ
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "verificationComments", scope=READ)
def verification_comments(verification_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the comments on a layer."""
    return _page(verification_id, commenting.on_layer, limit, next_token)


@graphql.field("Query", "evidenceComments", scope=READ)
def evidence_comments(evidence_id: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the comments on a piece of evidence."""
    return _page(evidence_id, commenting.on_evidence, limit, next_token)


@graphql.field("Mutation", "addVerificationComment", scope=DECIDE)
def add_verification_comment(verification_id: str, text: str) -> View:
    """Comment on a layer."""
    return commenting.add(graphql.caller, verification_id, commenting.on_layer, _sound(text), claim=claim())


@graphql.field("Mutation", "addEvidenceComment", scope=DECIDE)
def add_evidence_comment(evidence_id: str, text: str) -> View:
    """Comment on a piece of evidence."""
    return commenting.add(graphql.caller, evidence_id, commenting.on_evidence, _sound(text), claim=claim())


@graphql.field("Mutation", "editVerificationComment", scope=DECIDE)
def edit_verification_comment(
    verification_id: str, comment_id: str, text: str, expected_version: int | None = None
) -> View:
    """Edit a comment on a layer."""
    found = (graphql.caller, verification_id, commenting.on_layer, comment_id)
    return commenting.edit(*found, _sound(text), if_match=if_match(expected_version))


@graphql.field("Mutation", "editEvidenceComment", scope=DECIDE)
def edit_evidence_comment(evidence_id: str, comment_id: str, text: str, expected_version: int | None = None) -> View:
    """Edit a comment on a piece of evidence."""
    found = (graphql.caller, evidence_id, commenting.on_evidence, comment_id)
    return commenting.edit(*found, _sound(text), if_match=if_match(expected_version))


@graphql.field("Mutation", "deleteVerificationComment", scope=DECIDE)
def delete_verification_comment(verification_id: str, comment_id: str, expected_version: int | None = None) -> str:
    """Delete a comment on a layer."""
    return _deleted(verification_id, commenting.on_layer, comment_id, expected_version)


@graphql.field("Mutation", "deleteEvidenceComment", scope=DECIDE)
def delete_evidence_comment(evidence_id: str, comment_id: str, expected_version: int | None = None) -> str:
    """Delete a comment on a piece of evidence."""
    return _deleted(evidence_id, commenting.on_evidence, comment_id, expected_version)


def _page(subject_id: str, opens: Open, limit: int | None, next_token: str | None) -> View:
    most = limit_of(limit)
    return connection(commenting.page(graphql.caller, subject_id, opens, limit=most, cursor=next_token))


def _deleted(subject_id: str, opens: Open, comment_id: str, expected_version: int | None) -> str:
    commenting.delete(graphql.caller, subject_id, opens, comment_id, if_match=if_match(expected_version))
    return comment_id


def _sound(text: str) -> str:
    """Return a text as REST takes it. Raises InvalidInput."""
    from functions.projects.comments import shapes  # noqa: PLC0415 - no read waits for pydantic on a cold start

    return str(shapes.CommentSent.model_validate({"text": text}).text)
