"""The functions of identity: what each may do, what starts it, and which paths it answers."""

from aws_cdk import Duration

from functions.outbox.metrics import SIGN_IN_FAILED
from infra import sender
from infra.constructs.function import Function, allow
from infra.constructs.table import on_partitions
from infra.contexts import sending
from infra.contexts.identity import daily_rotation, oidc, one_time_codes
from infra.contexts.identity.daily_rotation import KeyRotation
from infra.contexts.surroundings import (
    EVENTS_TIMEOUT,
    IN_THE_WAY_MB,
    WAITING_MB,
    WHOLE_PROCESSOR_MB,
    WORKING_MB,
    WRITES,
    Surroundings,
)
from infra.monitoring import Limit

BUNDLE = "identity"
# Each is another tenant's: the queue gives the events of one tenant to one consumer at a time.
AUDITORS_AT_ONCE = 13
# Of a hundred codes a few come back, and nobody waits to hear of it.
FEEDBACK_AT_ONCE = 2
FEEDBACK_LATE = Duration.hours(1)
MOST_WRONG_CODES = 20
CODES_GUESSED = Limit(
    "WrongCodes",
    SIGN_IN_FAILED,
    MOST_WRONG_CODES + 1,
    value="wrong_code",
    says=f"More than {MOST_WRONG_CODES} one-time codes were wrong within five minutes.",
    see="codes-are-guessed",
)


def build(given: Surroundings) -> None:
    """Make the functions of identity, and publish the authorizer of the GraphQL front."""
    api = _api(given)
    authorizer, rotation = _authorizer(given), _key_rotation(given)
    given.publish("AuthorizerArn", authorizer.called.function_arn)
    given.watch(authorizer)
    given.watch_rare(rotation)
    given.watch_limit(CODES_GUESSED)
    daily_rotation.acknowledge(api, rotation)
    sending.acknowledge(api, given.settings)
    if given.settings.mail_sender:
        _feedback(given)
    audit = given.function(
        "AuditConsumers",
        "functions.identity.audit.consumers.handler",
        allow("dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.bus.consume("AuditLog", given.read("AuditQueueArn"), audit, at_once=AUDITORS_AT_ONCE)


def _api(given: Surroundings) -> Function:
    otp_secret_arn, oidc_secret_arn = given.read("OtpSecretArn"), given.read("OidcSecretArn")
    api = given.function(
        "IdentityApi",
        "functions.identity.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("kms:Sign", "kms:GetPublicKey", resources=[given.signing_key_arn]),
        daily_rotation.allow_on_made_keys(given.stack, given.settings, "kms:Sign"),
        allow("secretsmanager:GetSecretValue", resources=[otp_secret_arn, oidc_secret_arn]),
        *sending.statements(given.stack, given.settings),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"SIGNING_KEY_ID": given.signing_key_arn, "PEPPER_SECRET_ID": given.pepper_arn}
        | _page(given)
        | one_time_codes.environment(given.settings, secret_arn=otp_secret_arn)
        | oidc.environment(given.settings, secret_arn=oidc_secret_arn),
        # argon2id is meant to be slow, but not slower than it is meant to be.
        memory_mb=WHOLE_PROCESSOR_MB,
        reserved=given.settings.reserved_for_sign_in,
    )
    given.release(api)
    given.routes.add(
        api,
        "/api/v1/auth/{proxy+}",
        "/api/v1/invitations",
        "/api/v1/invitations/{proxy+}",
        "/api/v1/audit",
        "/api/v1/keys",
        "/api/v1/keys/{proxy+}",
        "/api/v1/members",
        "/api/v1/members/{proxy+}",
        "/api/v1/out-of-office",
        "/api/v1/tenant",
        "/.well-known/{proxy+}",
    )
    return api


def _page(given: Surroundings) -> dict[str, str]:
    """Return where the dashboard is: at the address of the API, which the emulator serves from somewhere else."""
    return {"PAGE_URL": given.address} if given.settings.serves_api_at_its_address else {}


def _authorizer(given: Surroundings) -> Function:
    authorizer = given.function(
        "Authorizer",
        "functions.identity.authorizer.handler",
        allow("dynamodb:BatchGetItem", "dynamodb:Query", resources=[given.table.arn]),
        on_partitions(given.table.arn, ["APIKEY#*"], "dynamodb:PutItem"),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        memory_mb=IN_THE_WAY_MB,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        timeout=given.settings.authorizer_timeout,
        reserved=given.settings.reserved_for_authorizer,
    )
    given.release(authorizer)
    authorizer.bounded(
        "AppSync asks once a minute for each credential, within its own quotas; reserved_for_authorizer is a setting."
    )
    authorizer.caught("AppSync waits for the answer, and refuses the request without one.")
    return authorizer


def _feedback(given: Surroundings) -> None:
    heard = given.function(
        "CodeFeedback",
        "functions.identity.codes.consumers.handler",
        on_partitions(given.table.arn, ["EMAIL#*"], "dynamodb:PutItem"),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.hear_feedback(
        "CodeFeedback",
        heard,
        timeout=EVENTS_TIMEOUT,
        at_once=FEEDBACK_AT_ONCE,
        late=FEEDBACK_LATE,
        kinds=sender.TROUBLES,
    )


def _key_rotation(given: Surroundings) -> Function:
    rotation = given.function(
        "KeyRotation",
        "functions.identity.access_tokens.consumers.handler",
        allow("dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        allow("kms:GetPublicKey", resources=[given.signing_key_arn]),
        daily_rotation.allow_on_made_keys(given.stack, given.settings, "kms:GetPublicKey", "kms:ScheduleKeyDeletion"),
        daily_rotation.allow_making_keys(given.settings),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        environment={"SIGNING_KEY_ID": given.signing_key_arn},
    )
    KeyRotation(given.stack, "KeyRotation", function=rotation, dead_letters=given.dead_letters)
    return rotation
