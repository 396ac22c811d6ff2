"""Questions about all leads of a tenant: a function of its own, with DuckDB in its bundle."""

from functions.audience.files.folders import PURPOSE
from infra.constructs.function import allow
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "query"
FIELDS = frozenset({"leads", "segmentMembers", "segmentPreview"})
"""What of the schema is such a question."""


def build(given: Surroundings) -> None:
    """Make the function that answers while somebody waits."""
    queries = given.function(
        "AudienceQueries",
        "functions.audience.query_api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:Query", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.files.open(queries, PURPOSE, "s3:GetObject")
    # It lists deltas, and learns that a file has expired.
    given.files.let_look(queries)
    given.release(queries)
    given.watch(queries)
    given.resolve_some(queries, FIELDS, source="audienceQueries")
    given.routes.add(
        queries,
        "/api/v1/segments/preview",
        "/api/v1/segments/{segment_id}/members",
        reads=["/api/v1/leads"],
    )
