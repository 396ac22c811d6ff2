"""The functions of the audience: what each may do, what starts it, and which paths it answers."""

from aws_cdk import Duration

from infra.constructs.files import EXPORTS, UPLOADS
from infra.constructs.function import Function, allow
from infra.contexts import sending
from infra.contexts.audience import campaigns, files, finding, imports, queries, receipts
from infra.contexts.audience.athena import Athena
from infra.contexts.surroundings import WAITING_MB, WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "audience"

# A part is 20 transactions or 20 batches, and another message asks for the next.
PART_TIMEOUT = Duration.minutes(1)
# The fewest that Lambda takes.
AT_ONCE = 2
# An erased lead is gone for every reader; what belonged to it follows.
LATE = Duration.minutes(10)
PATHS = (
    "/api/v1/audience/{proxy+}",
    "/api/v1/campaigns",
    "/api/v1/campaigns/{proxy+}",
    "/api/v1/delivery/{proxy+}",
    "/api/v1/delivery-providers",
    "/api/v1/delivery-providers/{proxy+}",
    "/api/v1/leads",
    "/api/v1/leads/{proxy+}",
    "/api/v1/lead-imports",
    "/api/v1/lead-imports/{proxy+}",
    "/api/v1/segments",
    "/api/v1/segments/{proxy+}",
    "/api/v1/suppressions",
    "/api/v1/suppressions/{proxy+}",
    # The pages of those who get messages, and what counts that they read them.
    "/api/v1/unsubscribe",
    "/api/v1/opt-in",
    "/api/v1/opens",
    "/api/v1/clicks",
)


def build(given: Surroundings) -> None:
    """Make the functions of the audience."""
    receipts.build(given, api=_api(given), bundle=BUNDLE, environment=_delivery(given))
    asked = Athena(given.stack, "AudienceAthena", given=given) if given.settings.audience_engine == "athena" else None
    queries.build(given, compactor=files.build(given, bundle=BUNDLE), athena=asked)
    _follow_ups(given)
    campaigns.build(given, bundle=BUNDLE, environment=_delivery(given), athena=asked)
    imports.build(given, bundle=BUNDLE)
    finding.build(given, bundle=BUNDLE)


def _api(given: Surroundings) -> Function:
    api = given.function(
        "AudienceApi",
        "functions.audience.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        *sending.statements(given.stack, given.settings),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, **_delivery(given)},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    sending.acknowledge(api, given.settings)
    given.files.open(api, UPLOADS, "s3:GetObject", "s3:PutObject")
    given.files.open(api, EXPORTS, "s3:GetObject")
    given.files.let_look(api)
    given.release(api)
    given.watch(api)
    given.resolve_fields(api, but=queries.FIELDS)
    given.routes.add(api, *PATHS)
    return api


def _delivery(given: Surroundings) -> dict[str, str]:
    """Return what a function that sends through providers must be told."""
    return {
        "API_URL": given.address,
        "ALLOW_LOOPBACK_WEBHOOKS": "true" if given.settings.allow_loopback_webhooks else "false",
        **sending.environment(given.settings),
    }


def _follow_ups(given: Surroundings) -> None:
    followers = given.function(
        "LeadFollowUps",
        "functions.audience.activity.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchWriteItem", "dynamodb:Query", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=PART_TIMEOUT,
    )
    subscription = given.bus.subscribe(
        "LeadFollowUps",
        followers,
        "audience.lead.merged",
        "audience.lead.erased",
        timeout=PART_TIMEOUT,
        at_once=AT_ONCE,
        late=LATE,
        batch_size=1,
    )
    followers.role.add_to_policy(allow("sqs:SendMessage", resources=[subscription.queue.queue_arn]))
    followers.function.add_environment("LEAD_FOLLOW_UPS_QUEUE_URL", subscription.queue.queue_url)
