"""A queue that keeps the messages of each group in their order (SQS FIFO), with dead letters that keep it too."""

from typing import Any

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Tags, Validations
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra.constructs.bus import KEPT, MAX_RECEIVES, Subscription
from infra.queue_tags import CONSUMER, DEAD_LETTERS, PART, QUEUE
from infra.settings import Settings


class OrderedQueue(Construct):
    """The queue of the consumer that the construct is called after, and its dead letters, found by their tags.

    One group does not wait for another, and each takes 300 calls a second.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        timeout: Duration,
        late: Duration,
        delay: Duration | None = None,
    ) -> None:
        """Make it for a consumer with this time-out; an alarm rings when a message is `late`.

        Nobody gets a message before a `delay` is over: a FIFO queue knows one for all, and none for a message.
        """
        super().__init__(scope, id_)
        dead_letters = self._queue(DEAD_LETTERS, visibility=Duration.minutes(1), removal_policy=settings.removal_policy)
        queue = self._queue(
            QUEUE,
            # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html: six times the time-out.
            visibility=Duration.seconds(6 * timeout.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=dead_letters, max_receive_count=MAX_RECEIVES),
            delivery_delay=delay,
            removal_policy=RemovalPolicy.DESTROY,
        )
        for rule in ("AwsSolutions-SQS3", "Serverless-SQSRedrivePolicy"):
            reason = "This is a dead-letter queue; its alarm is in infra/monitoring.py."
            Validations.of(dead_letters).acknowledge(Acknowledgment(id=rule, reason=reason))
        self.subscription = Subscription(queue, dead_letters, late)

    def _queue(self, part: str, *, visibility: Duration, **properties: Any) -> sqs.Queue:
        queue = sqs.Queue(
            self,
            part,
            fifo=True,
            # https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/high-throughput-fifo.html
            deduplication_scope=sqs.DeduplicationScope.MESSAGE_GROUP,
            fifo_throughput_limit=sqs.FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=KEPT,
            visibility_timeout=visibility,
            **properties,
        )
        Tags.of(queue).add(CONSUMER, self.node.id)
        Tags.of(queue).add(PART, part)
        return queue
