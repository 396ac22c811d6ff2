"""The function that calls addresses for probes, and its queue: nobody but other calls waits for a slow address."""

from typing import Final

from aws_cdk import Duration

from infra.constructs.function import Function, allow
from infra.contexts.surroundings import WAITING_MB, WRITES, Surroundings

# A call takes 15 seconds at most; the rest is for the table.
TIMEOUT: Final = Duration.seconds(40)
# Ten calls a second of addresses that answer within a fifth of one; whose addresses are slow, waits by itself. The
# fewest that Lambda takes.
AT_ONCE: Final = 2
# A probe calls once an hour at most.
LATE: Final = Duration.minutes(30)


def build(given: Surroundings, *, api: Function, followers: Function, bundle: str) -> None:
    """Make the function, let the API seal secrets, and let those send to the queue who hear of calls that begin."""
    secret_arn = given.read("ProbeSecretArn")
    environment = {
        "PROBE_SECRET_ID": secret_arn,
        "ALLOW_LOOPBACK_WEBHOOKS": "true" if given.settings.allow_loopback_webhooks else "false",
    }
    api.role.add_to_policy(allow("secretsmanager:GetSecretValue", resources=[secret_arn]))
    for name, value in environment.items():
        api.function.add_environment(name, value)
    caller = given.function(
        "ProbeCalls",
        "functions.projects.probe_calls.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", *WRITES, "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn]),
        allow("secretsmanager:GetSecretValue", resources=[secret_arn]),
        bundle=bundle,
        environment=environment,
        memory_mb=WAITING_MB,
        timeout=TIMEOUT,
    )
    called = given.bus.queue("ProbeCalls", caller, timeout=TIMEOUT, at_once=AT_ONCE, late=LATE, batch_size=1)
    followers.role.add_to_policy(allow("sqs:SendMessage", resources=[called.queue.queue_arn]))
    followers.function.add_environment("PROBE_CALLS_QUEUE_URL", called.queue.queue_url)
