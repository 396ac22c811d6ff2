"""The functions of goals: what each may do, what starts it, and which paths and fields it answers."""

from aws_cdk import Duration

from infra.constructs.every_shard import EveryShard
from infra.constructs.files import UPLOADS
from infra.constructs.function import allow
from infra.contexts import feeding
from infra.contexts.goals import jobs
from infra.contexts.goals.removals import Removals
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, WORKING_MB, WRITES, Surroundings
from shared.messaging.timers import SHARDS

BUNDLE = "goals"

# 280 looks a second, of about 50 ms each: goals that end in one night are looked at within the hour. Those of them that
# set a schedule stay near the 250 calls a second that EventBridge Scheduler takes in most regions.
SCHEDULES_AT_ONCE = 14
# 400 updates a second, of about 50 ms each: no less than the outbox puts on the bus from one shard of the stream.
PROGRESS_AT_ONCE = 16
# After a midnight at which many goals end, the last is looked at within the hour.
SCHEDULES_LATE = Duration.hours(1)
# A lost message is sent ten minutes after it was due, and up to five more.
SCHEDULES_SWEPT = Duration.minutes(5)
# Somebody looks at it.
PROGRESS_LATE = Duration.minutes(5)

# 80 changes a second, of about 50 ms each.
FEED_AT_ONCE = 4

# Who left: nobody listens to their goals any more. Who is back: what came due meanwhile is announced.
DEPARTURES = ("identity.member.removed", "identity.member.disabled", "identity.key.revoked")
RETURNS = ("identity.member.enabled", "identity.member.restored", "identity.key.created")
# What changes a text of a goal or a task, or may: a task gets its title and its status by one change.
FOUND = (
    *(f"goals.goal.{what}" for what in ("created", "imported", "updated", "deleted", "stated")),
    *(f"goals.task.{what}" for what in ("added", "updated", "completed", "reopened", "cancelled", "deleted")),
)


# The progress of a milestone of a project follows a goal from now on.
ASKED = "projects.milestone.goal_bound"


def build(given: Surroundings) -> None:
    """Make the functions of goals."""
    _api(given)
    _removals(given)
    _schedules(given)
    _progress(given)
    _feed(given)
    jobs.build(given, bundle=BUNDLE)


def _api(given: Surroundings) -> None:
    api = given.function(
        "GoalsApi",
        "functions.goals.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    # It signs where a file is sent, and looks whether it is there.
    given.files.open(api, UPLOADS, "s3:GetObject", "s3:PutObject")
    given.files.let_look(api)
    given.release(api)
    given.routes.add(
        api,
        "/api/v1/goals",
        "/api/v1/goals/{proxy+}",
        "/api/v1/milestone-achievements",
        "/api/v1/links",
        "/api/v1/links/{proxy+}",
        "/api/v1/shared/{proxy+}",
    )
    given.resolve_fields(api)
    given.watch(api)


def _removals(given: Surroundings) -> None:
    remover = given.function(
        "GoalRemovals",
        "functions.goals.removal.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchWriteItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.watch(remover)
    feeding.let_send(given, remover)
    dead_letters = given.dead_letters
    Removals(given.stack, "Removals", bus=given.bus, remover=remover, timeout=EVENTS_TIMEOUT, dead_letters=dead_letters)


def _schedules(given: Surroundings) -> None:
    schedules = given.function(
        "GoalSchedules",
        "functions.goals.schedules.consumers.handler",
        allow(
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:DeleteItem",
            "dynamodb:UpdateItem",
            resources=[given.table.arn],
        ),
        allow("dynamodb:Query", resources=[given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.watch(schedules)
    subscription = given.bus.subscribe(
        "GoalSchedules",
        schedules,
        "goals.*",
        *RETURNS,
        ASKED,
        timeout=EVENTS_TIMEOUT,
        at_once=SCHEDULES_AT_ONCE,
        queue_name=given.schedules.queue_name("GoalSchedules"),
        late=SCHEDULES_LATE,
    )
    given.schedules.allow(schedules, subscription)
    given.schedules.let_rebuild(subscription)
    given.bus.allow_stating(schedules)
    EveryShard(
        given.stack,
        "ScheduleSweeps",
        function=schedules,
        event={"action": "sweep"},
        shards=SHARDS,
        every=SCHEDULES_SWEPT,
        dead_letters=given.dead_letters,
    )


def _progress(given: Surroundings) -> None:
    progress = given.function(
        "GoalProgress",
        "functions.goals.listening.consumers.handler",
        allow("dynamodb:GetItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WORKING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.allow_publishing(progress, "publishGoalProgress", "disconnectListeners")
    if given.settings.carries_subscriptions:
        given.bus.subscribe(
            "GoalProgress",
            progress,
            "goals.*",
            *DEPARTURES,
            timeout=EVENTS_TIMEOUT,
            at_once=PROGRESS_AT_ONCE,
            late=PROGRESS_LATE,
        )


def _feed(given: Surroundings) -> None:
    feed = given.function(
        "GoalFeed",
        "functions.goals.finding.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    queue = feeding.subscribe(given, "GoalFeed", feed, *FOUND, at_once=FEED_AT_ONCE).queue
    # Goals with many tasks are told page by page.
    feed.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
    feed.function.add_environment("GOAL_FEED_QUEUE_URL", queue.queue_url)
