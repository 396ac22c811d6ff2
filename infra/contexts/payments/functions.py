"""The functions of payments: what each may do, and which paths it answers."""

from infra.constructs.function import allow
from infra.contexts.surroundings import WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "payments"


def build(given: Surroundings) -> None:
    """Make the functions of payments."""
    api = given.function(
        "PaymentsApi",
        "functions.payments.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(api, "/api/v1/ledger/{proxy+}")
    given.resolve_fields(api)
    given.watch(api)
