"""The event bus, and how a consumer is subscribed to it: a rule, a queue of its own, and an end to every retry.

Every consumer has its own queue and its own dead-letter queue, so that one that is down or cannot read a message keeps
nobody else waiting. `make redrive` (infra/commands/redrive.py) brings back what ended in a dead-letter queue, and finds
both queues by their tags. A queue that is consumed goes with its stack; dead letters stay, and so have no fixed name.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Tags, Validations
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.function import Function, allow
from infra.queue_tags import CONSUMER, DEAD_LETTERS, PART, QUEUE
from infra.settings import Settings
from shared.storage.events import STATED

SOURCE = "milepost"
MAX_RECEIVES = 8
KEPT = Duration.days(14)
# https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html: of a pattern, as JSON.
MOST_CHARACTERS = 2_048
# What a pattern has besides types, and a type besides itself: `{"prefix": ""}, `.
_AROUND_TYPES = 160
_AROUND_TYPE = 16


@dataclass(frozen=True)
class Subscription:
    """A consumer's queue, where what it could not handle ends, and after how long a message is late."""

    queue: sqs.Queue
    dead_letters: sqs.Queue
    late: Duration


class Bus(Construct):
    """The bus of the stage."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        self.bus = events.EventBus(self, "Bus", event_bus_name=name_of(settings))


class Subscriptions(Construct):
    """The queues of one stack, and the rules that fill them from the bus. Each is put into `made`, by its name."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, made: dict[str, Subscription]) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._bus = events.EventBus.from_event_bus_name(self, "Bus", name_of(settings))
        self._made = made

    def allow_publishing(self, function: Function) -> None:
        """Let a function put events on the bus, as Milepost and as nobody else, and tell it which bus that is."""
        statement = allow("events:PutEvents", resources=[self._bus.event_bus_arn])
        # A call has a source for each of its events, so this is a key of many values, which wants a set operator:
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
        statement.add_condition("ForAllValues:StringEquals", {"events:source": SOURCE})
        function.role.add_to_policy(statement)
        function.function.add_environment("EVENT_BUS_NAME", name_of(self._settings))

    def allow_stating(self, function: Function) -> None:
        """Let a function put only those events on the bus that say how a subject is, and tell it which bus that is."""
        statement = allow("events:PutEvents", resources=[self._bus.event_bus_arn])
        statement.add_condition("ForAllValues:StringEquals", {"events:source": SOURCE})
        statement.add_condition("ForAllValues:StringLike", {"events:detail-type": f"*{STATED}"})
        function.role.add_to_policy(statement)
        function.function.add_environment("EVENT_BUS_NAME", name_of(self._settings))

    def subscribe(
        self,
        name: str,
        consumer: Function,
        *types: str,
        timeout: Duration,
        at_once: int,
        late: Duration,
        batch_size: int = 10,
        queue_name: str | None = None,
    ) -> Subscription:
        """Deliver the events of these types, or those that begin with what ends in `*`, to a function.

        Types that end in `.stated` come to those who name nothing but whole types, and them.

        `timeout` is the function's own. What fails is tried eight times, then it waits in the dead-letter queue.
        """
        subscription = self.queue(
            name, consumer, timeout=timeout, at_once=at_once, late=late, batch_size=batch_size, queue_name=queue_name
        )
        to_queue = targets.SqsQueue(subscription.queue, dead_letter_queue=subscription.dead_letters)
        for number, pattern in enumerate(_patterns(types)):
            rule = events.Rule(self, f"{name}Rule{number or ''}", event_bus=self._bus, event_pattern=pattern)
            rule.add_target(to_queue)
        return subscription

    def queue(
        self,
        name: str,
        consumer: Function,
        *,
        timeout: Duration,
        at_once: int,
        late: Duration,
        batch_size: int = 10,
        queue_name: str | None = None,
    ) -> Subscription:
        """Return a queue that a function consumes, for what comes to it from elsewhere than the bus.

        `at_once` is how many batches are consumed at the same time, 2 to 1,000. Without it Lambda would take 1,250,
        all that a new account has, and requests would be refused in a burst of events. An alarm rings when a message
        is `late`. A `queue_name` is for a queue
        that has to be found under it when its stack was made again.
        """
        dead_letters = self._queue(
            name, DEAD_LETTERS, visibility=Duration.minutes(1), removal_policy=self._settings.removal_policy
        )
        queue = self._queue(
            name,
            QUEUE,
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times the time-out.
            visibility=Duration.seconds(6 * timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=MAX_RECEIVES),
            queue_name=queue_name,
            removal_policy=RemovalPolicy.DESTROY,
        )
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
            reason = "This is a dead-letter queue; its alarm is in infra/monitoring.py."
            Validations.of(dead_letters).acknowledge(Acknowledgment(id=rule, reason=reason))
        self.consume(name, queue.queue_arn, consumer, batch_size=batch_size, at_once=at_once)
        self._made[name] = Subscription(queue, dead_letters, late)
        return self._made[name]

    def consume(self, name: str, queue_arn: str, consumer: Function, *, at_once: int, batch_size: int = 10) -> None:
        """Have a function consume a queue, `at_once` batches at the same time."""
        consumer.role.add_to_policy(
            allow(
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:ChangeMessageVisibility",
                "sqs:GetQueueAttributes",
                resources=[queue_arn],
            )
        )
        mapping = lambda_.EventSourceMapping(
            self,
            f"{name}Mapping",
            target=consumer.function,
            event_source_arn=queue_arn,
            batch_size=batch_size,
            max_concurrency=at_once,
            report_batch_item_failures=True,
        )
        mapping.node.add_dependency(consumer.role)
        consumer.bounded(
            "Each of its queues has a maximum concurrency, in all less than a fifth of an account's "
            "(tests/infra/test_concurrency.py)."
        )
        consumer.caught(
            f"A message that failed {MAX_RECEIVES} times is in the dead-letter queue of its queue, with an alarm; make "
            "redrive brings it back."
        )
        reason = "SQS knows no other destination for what failed than the queue's own dead-letter queue, which it has."
        rule = "Serverless-LambdaEventSourceMappingDestination"
        Validations.of(mapping).acknowledge(Acknowledgment(id=rule, reason=reason))

    def _queue(self, name: str, part: str, *, visibility: Duration, **properties: Any) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            f"{name}{part}",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=KEPT,
            visibility_timeout=visibility,
            **properties,
        )
        Tags.of(queue).add(CONSUMER, name)
        Tags.of(queue).add(PART, part)
        return queue


def name_of(settings: Settings) -> str:
    """Return the name of the bus of a stage."""
    return f"milepost-{settings.stage}"


def _patterns(types: Sequence[str]) -> list[events.EventPattern]:
    """Return patterns of these types, several where one would be too long; none of them is told twice.

    What says only how subjects are goes to nobody who listens to beginnings: a million subjects that are restated are
    no million events for those who do something when something happens.
    """
    detail = None
    if any(each.endswith("*") for each in types):
        # Of one field a rule takes what matches any of its conditions; the detail names the type once more.
        detail = {"event_type": events.Match.anything_but_suffix(STATED)}
    return [events.EventPattern(source=[SOURCE], detail_type=_matching(each), detail=detail) for each in _parts(types)]


def _parts(types: Sequence[str]) -> list[list[str]]:
    """Return the types in as many parts as patterns are needed to name them."""
    parts: list[list[str]] = []
    left = 0
    for each in types:
        takes = len(each) + _AROUND_TYPE
        if takes > left:
            parts.append([])
            left = MOST_CHARACTERS - _AROUND_TYPES
        parts[-1].append(each)
        left -= takes
    return parts


def _matching(types: Sequence[str]) -> list[str]:
    """Return what matches these types: the exact ones, and those that begin with what stands before a `*`."""
    exact = [each for each in types if not each.endswith("*")]
    beginning = [each.removesuffix("*") for each in types if each.endswith("*")]
    return [*exact, *(match for each in beginning for match in events.Match.prefix(each))]
