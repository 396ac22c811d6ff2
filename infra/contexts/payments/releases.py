"""Releases: a function that brings payments on, step by step, its queue, and the sweep that finds what is due."""

from aws_cdk import Duration

from infra.constructs.every_shard import EveryShard
from infra.constructs.function import Function, allow
from infra.contexts.surroundings import WORKING_MB, WRITES, Surroundings

# A gateway answers within seconds; the calls of a batch are made one after the other.
TIMEOUT = Duration.minutes(5)
# The fewest that Lambda takes.
AT_ONCE = 2
# Somebody waits for the money.
LATE = Duration.minutes(15)
# The first question about an unknown outcome is asked after a minute.
SWEEP = Duration.minutes(1)
FOLLOWED = (
    *(
        f"payments.payment.{what}"
        for what in (
            *("invoiced", "release_requested", "released", "failed"),
            *("resumed", "dispute_resolved", "refund_requested"),
        )
    ),
    *(f"payments.invoice.{what}" for what in ("paid", "cancelled", "payment_recorded")),
    # What payments wait for that the deposits of their project do not cover.
    "payments.deposit.made",
    "projects.project.updated",
)


# It alone has Stripe's library.
BUNDLE = "gateways"


def build(given: Surroundings) -> None:
    """Make the function and its queue."""
    process = _process(given)
    queue = given.bus.subscribe("Payments", process, *FOLLOWED, timeout=TIMEOUT, at_once=AT_ONCE, late=LATE).queue
    process.role.add_to_policy(allow("sqs:SendMessage", resources=[queue.queue_arn]))
    process.function.add_environment("PAYMENTS_QUEUE_URL", queue.queue_url)
    EveryShard(
        given.stack,
        "PaymentSweeps",
        function=process,
        event={"action": "sweep"},
        shards=1,
        every=SWEEP,
        dead_letters=given.dead_letters,
    )
    # What the schedule asks of it, no queue brings again.
    given.watch(process)


def _process(given: Surroundings) -> Function:
    table, secret_arn = given.table.arn, given.read("StripeSecretArn")
    return given.function(
        "PaymentProcess",
        "functions.payments.releases.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[table]),
        allow("dynamodb:Query", resources=[table, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[secret_arn]),
        bundle=BUNDLE,
        environment={"STRIPE_SECRET_ID": secret_arn},
        memory_mb=WORKING_MB,
        timeout=TIMEOUT,
    )
