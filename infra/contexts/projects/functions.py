"""The functions of projects: what each may do, and which paths it answers."""

from aws_cdk import Duration

from infra import sender
from infra.constructs.function import Function, allow
from infra.contexts import feeding, sending
from infra.contexts.projects import evidence, finding, jobs, probes, timers
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, WORKING_MB, WRITES, Surroundings

BUNDLE = "goals"

# The fewest that Lambda takes.
FOLLOWERS_AT_ONCE = 2
# A list of projects shows a name of before, and who has left owns something that they do not get to.
FOLLOWERS_LATE = Duration.minutes(10)
# 40 changes a second, of about 50 ms each; the fewest that Lambda takes.
LISTENING_AT_ONCE = 2
# Somebody looks at it.
LISTENING_LATE = Duration.minutes(5)
# Who has left, or may see fewer projects: they listen no more.
DEPARTURES = (
    *(f"identity.member.{what}" for what in ("removed", "disabled", "role_changed")),
    "identity.key.revoked",
)
_OF_LAYERS = ("opened", "stalled", "struck", "reassigned", "asked_again", "linked", "approved", "rejected", "reopened")
_OF_ESCALATIONS = ("raised", "acknowledged", "escalated", "reminded", "resolved", "closed", "rejected")
_OF_PROBES = ("updated", "paused", "deleted", "asked", "reminded", "answered", "missed", "ended")
# What moves a milestone, what waits for it, and what it is part of; the last leaves layers behind.
_OF_MILESTONES = (
    *("created", "updated", "activated", "started", "progressed", "completed", "verified", "approved"),
    *("recalled", "rejected", "reworked", "source_lost", "reopened", "cancelled", "cleared", "deleted"),
)
# What may change whether a goal or a tracked milestone is reached that a milestone follows, and how it is if asked.
_OF_SOURCES = (
    *(f"goals.milestone.{what}" for what in ("achieved", "regained", "lost")),
    *(f"goals.goal.{what}" for what in ("unshared", "deleted", "stated")),
    *(f"milestones.milestone.{what}" for what in ("updated", "completed", "missed", "deleted", "stated")),
)
# What changes what lists show of a project and who has them; whom layers ask and escalations tell; what milestones wait
# for and follow; who leaves a project; whose standing in a tenant changes.
FOLLOWED = (
    *(f"projects.project.{what}" for what in ("updated", "completed", "reopened", "archived", "deleted")),
    *(f"projects.layer.{what}" for what in _OF_LAYERS),
    *(f"projects.verification.{what}" for what in ("decided", "withdrawn")),
    *(f"projects.milestone.{what}" for what in _OF_MILESTONES),
    *(f"projects.escalation.{what}" for what in _OF_ESCALATIONS),
    *(f"projects.probe.{what}" for what in _OF_PROBES),
    *(f"projects.dependency.{what}" for what in ("added", "removed")),
    *(f"projects.owner.{what}" for what in ("assigned", "accepted", "declined", "transferred", "removed")),
    *(f"projects.evidence.{what}" for what in ("uploaded", "superseded", "rejected", "deleted")),
    *(f"projects.member.{what}" for what in ("added", "changed", "removed")),
    *(f"projects.team.{what}" for what in ("changed", "removed")),
    *(f"identity.member.{what}" for what in ("removed", "disabled", "role_changed")),
    *_OF_SOURCES,
    # A milestone may wait for the payment of another; one that is paid outside of Milepost is cancelled.
    *(f"payments.payment.{what}" for what in ("released", "cancelled")),
)


PATHS = (
    "/api/v1/projects",
    "/api/v1/projects/{proxy+}",
    "/api/v1/project-milestones",
    "/api/v1/project-milestones/{proxy+}",
    "/api/v1/verifications/{proxy+}",
    "/api/v1/escalations",
    "/api/v1/escalations/{proxy+}",
    "/api/v1/escalation-policies",
    "/api/v1/escalation-policies/{proxy+}",
    "/api/v1/review-links/{proxy+}",
    "/api/v1/evidence/{proxy+}",
    "/api/v1/evidence-usage",
    "/api/v1/worklist",
    "/api/v1/delegations",
    "/api/v1/delegations/{proxy+}",
    "/api/v1/plan-templates",
    "/api/v1/plan-templates/{proxy+}",
    "/api/v1/probes",
    "/api/v1/probes/{proxy+}",
    "/api/v1/probe-replies/{proxy+}",
    "/api/v1/reports/delay-reasons",
    "/api/v1/reports/delay-reasons.csv",
)
"""What callers ask of projects."""


def build(given: Surroundings) -> None:
    """Make the functions of projects."""
    api, followers = _api(given), _followers(given)
    _listening(given)
    probes.build(given, api=api, followers=followers, bundle=BUNDLE)
    timers.build(given, bundle=BUNDLE)
    jobs.build(given, bundle=BUNDLE)
    finding.build(given, bundle=BUNDLE)


def _followers(given: Surroundings) -> Function:
    followers = given.function(
        "ProjectFollowers",
        "functions.projects.following.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        *sending.mailing(given.stack, given.settings),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn, "MAIL_SENDER": given.settings.mail_sender or ""},
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    sending.acknowledge(followers, given.settings)
    # Comments on what is gone are gone as well.
    feeding.let_send(given, followers)
    followed = given.bus.subscribe(
        "ProjectFollowers",
        followers,
        *FOLLOWED,
        timeout=EVENTS_TIMEOUT,
        at_once=FOLLOWERS_AT_ONCE,
        late=FOLLOWERS_LATE,
    )
    given.hear_feedback_in("ProjectFeedback", followed, kinds=sender.TROUBLES)
    return followers


def _listening(given: Surroundings) -> None:
    listening = given.function(
        "ProjectListening",
        "functions.projects.listening.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.allow_publishing(
        listening,
        "publishProjectChange",
        "disconnectProjectListeners",
        "publishWorklistChange",
        "disconnectWorklistListeners",
    )
    if given.settings.carries_subscriptions:
        given.bus.subscribe(
            "ProjectListening",
            listening,
            "projects.*",
            *DEPARTURES,
            timeout=EVENTS_TIMEOUT,
            at_once=LISTENING_AT_ONCE,
            late=LISTENING_LATE,
        )


def _api(given: Surroundings) -> Function:
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
    evidence.build(given, api=api, bundle=BUNDLE)
    given.release(api)
    given.routes.add(api, *PATHS)
    given.resolve_fields(api)
    given.watch(api)
    return api
