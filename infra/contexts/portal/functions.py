"""The function of the portal: what it may do, and which paths it answers."""

from infra.constructs.function import allow
from infra.constructs.table import on_partitions
from infra.contexts.surroundings import IN_THE_WAY_MB, Surroundings

BUNDLE = "portal"


def build(given: Surroundings) -> None:
    """Make the function of the portal."""
    portal = given.function(
        "Portal",
        "functions.portal.api.handler",
        allow("dynamodb:DescribeTable", resources=[given.table.arn]),
        allow("kms:DescribeKey", resources=[given.signing_key_arn]),
        on_partitions(given.table.arn, ["RATE#*"], "dynamodb:UpdateItem"),
        bundle=BUNDLE,
        memory_mb=IN_THE_WAY_MB,
        environment={"SIGNING_KEY_ID": given.signing_key_arn},
    )
    # For the policy of the dashboard, which sends files of evidence to the bucket and fetches them from there.
    given.files.name(portal)
    given.release(portal)
    given.routes.add(
        portal,
        "/",
        "/review",
        "/review/review.js",
        "/review/texts.js",
        "/review/opened.js",
        "/review/problems.js",
        "/probe",
        "/probe/probe.js",
        "/probe/texts.js",
        "/dashboard/{proxy+}",
        "/api/v1",
        "/api/v1/docs",
        "/api/v1/docs/{proxy+}",
        "/api/v1/openapi.json",
        "/api/v1/health",
        "/api/v1/health/ready",
    )
