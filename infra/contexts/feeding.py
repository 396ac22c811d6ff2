"""How a context feeds the search of Milepost: a consumer of its own events, which sends to the queue of search."""

from aws_cdk import Duration

from infra.constructs.bus import Subscription
from infra.constructs.function import Function, allow
from infra.contexts.surroundings import EVENTS_TIMEOUT, Surroundings

QUEUE_ARN = "SearchFeedQueueArn"
QUEUE_URL = "SearchFeedQueueUrl"
# Whoever has changed something looks for it.
LATE = Duration.minutes(5)


def subscribe(given: Surroundings, name: str, consumer: Function, *types: str, at_once: int) -> Subscription:
    """Have a function of a context hear these events, and let it send to search."""
    let_send(given, consumer)
    return given.bus.subscribe(name, consumer, *types, timeout=EVENTS_TIMEOUT, at_once=at_once, late=LATE)


def let_send(given: Surroundings, sender: Function) -> None:
    """Let a function send to search, and tell it where that is."""
    sender.role.add_to_policy(allow("sqs:SendMessage", resources=[given.read(QUEUE_ARN)]))
    sender.function.add_environment("SEARCH_FEED_QUEUE_URL", given.read(QUEUE_URL))
