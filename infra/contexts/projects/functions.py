"""The functions of projects: what each may do, and which paths it answers."""

from infra.constructs.function import allow
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, WRITES, Surroundings

BUNDLE = "goals"


def build(given: Surroundings) -> None:
    """Make the functions of projects."""
    api = given.function(
        "ProjectsApi",
        "functions.projects.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(
        api,
        "/api/v1/projects",
        "/api/v1/projects/{proxy+}",
        "/api/v1/project-milestones",
        "/api/v1/project-milestones/{proxy+}",
    )
    given.resolve_fields(api)
    given.watch(api)
