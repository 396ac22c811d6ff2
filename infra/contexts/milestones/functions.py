"""The functions of tracked milestones: what each may do, what starts it, and which paths and fields it answers."""

from aws_cdk import Duration

from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.milestones import evaluator
from infra.contexts.milestones.reconciliation import Reconciliation
from infra.contexts.surroundings import (
    EVENTS_TIMEOUT,
    IN_THE_WAY_MB,
    WAITING_MB,
    WHOLE_PROCESSOR_MB,
    WORKING_MB,
    WRITES,
    Surroundings,
)

BUNDLE = "goals"
# A full batch of ten, with as long a try at the evaluator for each as functions/milestones/consumers.py allows.
SYNC_TIMEOUT = Duration.minutes(1)
# The evaluator is somebody else's service: it gets no more calls at the same time from this queue.
SYNCS_AT_ONCE = 6
# A milestone has few events and one instant; what is left of the Scheduler's calls is for goals.
SCHEDULES_AT_ONCE = 5
# A look reads all milestones of a project, and one look serves all messages of a batch: few and full batches read less.
HISTORIES_AT_ONCE = 5
# 40 changes a second, of about 50 ms each.
FEED_AT_ONCE = 2
# While the evaluator is away, messages come again for up to a quarter of an hour before they are set aside.
SYNCS_LATE = Duration.minutes(30)
# All days of a time zone end at one midnight.
SCHEDULES_LATE = Duration.hours(1)
HISTORIES_LATE = Duration.minutes(30)

# What changes how a project stands.
HISTORIC = tuple(f"milestones.milestone.{what}" for what in ("created", "updated", "completed", "missed", "deleted"))
# What may begin or end the time in which a milestone can be missed.
SCHEDULED = tuple(f"milestones.milestone.{what}" for what in ("created", "updated", "completed", "deleted"))
# The progress of a milestone of a project follows a tracked one from now on.
ASKED = "projects.milestone.kpi_bound"
# What changes a text of a milestone, or may.
FOUND = tuple(f"milestones.milestone.{what}" for what in ("created", "updated", "completed", "deleted", "stated"))


def build(given: Surroundings) -> None:
    """Make the functions of tracked milestones."""
    _api(given)
    _sync(given)
    _schedules(given)
    _history(given)
    _feed(given)


def _api(given: Surroundings) -> None:
    secret_arn = given.read("EvaluatorSecretArn")
    api = given.function(
        "MilestonesApi",
        "functions.milestones.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn, secret_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn}
        | evaluator.environment(given.settings, secret_arn=secret_arn),
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.release(api)
    given.routes.add(
        api,
        "/api/v1/milestones",
        "/api/v1/milestones/{proxy+}",
        *(f"/api/v1/projects/{{project_id}}/{read}" for read in ("progress", "chart", "chart.svg", "forecast")),
    )
    given.resolve_fields(api)
    given.watch(api)


def _sync(given: Surroundings) -> None:
    secret_arn = given.read("EvaluatorSecretArn")
    consumers = given.function(
        "MilestonesConsumers",
        "functions.milestones.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[secret_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        environment=evaluator.environment(given.settings, secret_arn=secret_arn),
        timeout=SYNC_TIMEOUT,
    )
    given.bus.subscribe(
        "MilestoneSync",
        consumers,
        "milestones.milestone.sync_requested",
        timeout=SYNC_TIMEOUT,
        at_once=SYNCS_AT_ONCE,
        late=SYNCS_LATE,
    )
    given.watch(consumers)
    Reconciliation(given.stack, "Reconciliation", function=consumers, dead_letters=given.dead_letters)


def _schedules(given: Surroundings) -> None:
    schedules = given.function(
        "MilestoneSchedules",
        "functions.milestones.schedule_consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    subscription = given.bus.subscribe(
        "MilestoneSchedules",
        schedules,
        *SCHEDULED,
        ASKED,
        timeout=EVENTS_TIMEOUT,
        at_once=SCHEDULES_AT_ONCE,
        queue_name=given.schedules.queue_name("MilestoneSchedules"),
        late=SCHEDULES_LATE,
    )
    given.schedules.allow(schedules, subscription)
    given.schedules.let_rebuild(subscription)
    given.bus.allow_stating(schedules)


def _history(given: Surroundings) -> None:
    history = given.function(
        "ProjectHistory",
        "functions.milestones.projects.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=IN_THE_WAY_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.bus.subscribe(
        "ProjectHistory",
        history,
        *HISTORIC,
        timeout=EVENTS_TIMEOUT,
        at_once=HISTORIES_AT_ONCE,
        late=HISTORIES_LATE,
    )


def _feed(given: Surroundings) -> None:
    feed = given.function(
        "MilestoneFeed",
        "functions.milestones.finding.consumers.handler",
        allow("dynamodb:GetItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    feeding.subscribe(given, "MilestoneFeed", feed, *FOUND, at_once=FEED_AT_ONCE)
