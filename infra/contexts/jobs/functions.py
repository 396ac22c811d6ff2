"""The function of jobs: what it may do, and which paths it answers. The parts of a job are done in their contexts."""

from infra.constructs.files import EXPORTS
from infra.constructs.function import allow
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "goals"


def build(given: Surroundings) -> None:
    """Make the function of jobs."""
    api = given.function(
        "JobsApi",
        "functions.jobs.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.files.open(api, EXPORTS, "s3:GetObject")
    given.release(api)
    given.routes.add(api, "/api/v1/jobs", "/api/v1/jobs/{proxy+}")
