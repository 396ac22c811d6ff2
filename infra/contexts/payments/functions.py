"""The functions of payments: what each may do, and which paths it answers."""

from aws_cdk import Duration

from infra.constructs.function import Function, allow
from infra.contexts.payments import finding, papers, releases
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, WRITES, Surroundings

BUNDLE = "payments"

# 40 milestones a second, of about 50 ms each; the fewest that Lambda takes.
FOLLOWERS_AT_ONCE = 2
# An invoice that a milestone is due has not been issued.
FOLLOWERS_LATE = Duration.minutes(10)
# What may have a milestone invoiced by its terms, what takes its invoices away, and what ends retentions.
FOLLOWED = (
    *(f"projects.milestone.{what}" for what in ("progressed", "completed", "verified", "approved", "cancelled")),
    "projects.project.completed",
)

PATHS = (
    "/api/v1/financing-requests",
    "/api/v1/financing-requests/{proxy+}",
    "/api/v1/invoice-schedules",
    "/api/v1/invoice-schedules/{proxy+}",
    "/api/v1/invoices",
    "/api/v1/invoices/{proxy+}",
    "/api/v1/ledger/{proxy+}",
    "/api/v1/projects/{project_id}/deposits",
    "/api/v1/projects/{project_id}/deposits/return",
    "/api/v1/reports/days-to-paid",
    "/api/v1/reports/inflow",
    "/api/v1/reports/outstanding",
    "/api/v1/reports/outstanding/clients",
    "/api/v1/payment-payee",
    "/api/v1/payment-payee/{proxy+}",
    "/api/v1/payment-settings",
    "/api/v1/payment-terms",
    "/api/v1/payment-webhooks/{gateway}",
    "/api/v1/payments",
    "/api/v1/payments/{proxy+}",
    # Below a prefix of projects: what is named to its end goes before what is greedy.
    "/api/v1/project-milestones/{project_milestone_id}/invoices",
    "/api/v1/project-milestones/{project_milestone_id}/payment-terms",
)


def build(given: Surroundings) -> None:
    """Make the functions of payments."""
    releases.build(given)
    papers.build(given, api=_api(given))
    _followers(given)
    finding.build(given, bundle=BUNDLE)


def _followers(given: Surroundings) -> None:
    followers = given.function(
        "InvoiceFollowers",
        "functions.payments.following.consumers.handler",
        # Issuing an invoice counts on accounts of the ledger.
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    subscription = given.bus.subscribe(
        "InvoiceFollowers",
        followers,
        *FOLLOWED,
        "jobs.job.requested",
        timeout=EVENTS_TIMEOUT,
        at_once=FOLLOWERS_AT_ONCE,
        late=FOLLOWERS_LATE,
    )
    followers.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    followers.function.add_environment("INVOICE_FOLLOWERS_QUEUE_URL", subscription.queue.queue_url)


def _api(given: Surroundings) -> Function:
    webhooks_arn = given.read("StripeWebhooksSecretArn")
    api = given.function(
        "PaymentsApi",
        "functions.payments.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow(
            "secretsmanager:GetSecretValue",
            resources=[given.pepper_arn, webhooks_arn],
        ),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, "STRIPE_WEBHOOKS_SECRET_ID": webhooks_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(api, *PATHS)
    given.resolve_fields(api)
    given.watch(api)
    return api
