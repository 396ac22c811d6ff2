"""Alarms that wake somebody up. Each says what happened and where docs/observability.md has what to do about it.

Rules: an expected refusal (4xx) rings nothing. One cause rings one alarm where it can: a consumer is watched by how
long its messages wait and by its dead letters, and what answers REST alone by what REST answers. Failures are rates,
with a least number.
Alarms stand in the stack of what they watch, so that a context is never deployed without its own.
"""

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, Literal, NamedTuple

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_cloudwatch_actions import SnsAction
from constructs import Construct

from infra import measures
from infra.constructs.acknowledged import NIST, acknowledge
from infra.constructs.bus import Subscription
from infra.constructs.function import Function
from infra.settings import Settings
from shared.api.metrics import GRAPHQL_REFUSED
from shared.metrics import Metric

PAGE: Final = "docs/observability.md"
Runbook = Literal[
    "requests-fail",
    "requests-are-slow",
    "messages-wait",
    "search-is-behind",
    "files-of-leads-are-behind",
    "campaigns-pause-by-themselves",
    "codes-are-guessed",
    "dead-letters",
    "discarded-records",
    "the-table-throttles-or-fails",
    "functions-are-throttled",
    "schedules-and-rules-fail",
    "signatures-run-out",
    "mail-bounces",
    "sms-cost-too-much",
]

_FAILING_PERCENT: Final = 1
_SLOW_MILLISECONDS: Final = 3_000
_STREAM_LAG: Final = Duration.minutes(5)
_FEWEST_THROTTLES: Final = 10
_QUOTA_PERCENT: Final = 80
# https://docs.aws.amazon.com/ses/latest/dg/reputationdashboard-bounce-rate.html: AWS reviews an account at 5 % bounces,
# and at 0.1 % complaints.
_BOUNCES: Final = 0.05
_COMPLAINTS: Final = 0.001

# CloudWatch takes no more of them in an alarm of several:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
MOST_METRICS: Final = 10


class Limit(NamedTuple):
    """A metric of our own, which of its statistics rings from which threshold on, and what has happened then.

    `value` is that of the dimension of the metric. With a metric `beside` it, the threshold is how many percent it is
    of both together.
    """

    name: str
    metric: Metric
    threshold: float
    says: str
    see: Runbook
    statistic: str = "Sum"
    value: str | None = None
    beside: Metric | None = None


class Alarms(Construct):
    """The alarms of one stack. All of a stage ring at the topic of `topic_arn`, which is made here without one."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        key: kms.IKey | None = None,
        topic_arn: Callable[[], str] | None = None,
    ) -> None:
        super().__init__(scope, id_)
        self._settings = settings
        self._key = key
        self._topic_arn = topic_arn

    @cached_property
    def topic(self) -> sns.ITopic:
        """The topic that the alarms ring at; a stack without alarms does not ask for it."""
        if self._topic_arn is None:
            return self._made_topic(self._settings, self._key)
        return sns.Topic.from_topic_arn(self, "Alarms", self._topic_arn())

    def ring(
        self, id_: str, metric: cloudwatch.IMetric, *, says: str, see: Runbook, threshold: float = 1, periods: int = 1
    ) -> None:
        """Ring when a metric has reached its threshold for so many periods. `says` is what has happened then."""
        if isinstance(metric, cloudwatch.MathExpression) and not self._settings.knows_metric_math:
            return
        alarm = cloudwatch.Alarm(
            self,
            id_,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            # The slowest of a hundred requests is known when there are a thousand; what is late is late if it is alone.
            evaluate_low_sample_count_percentile="ignore" if measures.is_of_requests(metric) else None,
            alarm_description=f"Stage {self._settings.stage}: {says} What to do: {PAGE}#{see}",
        )
        alarm.add_alarm_action(SnsAction(self.topic))

    def watch_rest(self, api_id: str) -> None:
        """Ring when REST requests fail or are slow."""
        failed = {"failed": measures.of_rest("5xx", api_id=api_id)}
        self._ring_for_rate("RestErrors", failed, measures.of_rest("Count", api_id=api_id), "REST requests")
        self._ring_when_slow("RestLatency", measures.of_rest("Latency", "p99", api_id=api_id), "REST requests")

    def watch_graphql(self, api_id: str) -> None:
        """Ring when GraphQL requests fail or are slow. AppSync answers 200 when what a field needs is unavailable."""
        unavailable = measures.own(GRAPHQL_REFUSED, namespace=self._settings.metrics_namespace, value="503")
        failed = {"failed": measures.of_graphql("5XXError", api_id=api_id), "unavailable": unavailable}
        calls = measures.of_graphql("Latency", "SampleCount", api_id=api_id)
        self._ring_for_rate("GraphqlErrors", failed, calls, "GraphQL requests")
        self._ring_when_slow("GraphqlLatency", measures.of_graphql("Latency", "p99", api_id=api_id), "GraphQL requests")

    def watch_function(self, function: Function) -> None:
        """Ring when calls of a function fail that neither REST counts nor a queue brings again."""
        name = function.function.function_name
        failed = {"failed": measures.of_function("Errors", function=name)}
        calls = measures.of_function("Invocations", function=name)
        self._ring_for_rate(f"{function.node.id}Errors", failed, calls, f"calls of {function.node.id}")

    def watch_rare_function(self, function: Function) -> None:
        """Ring when one call of a function fails that is called once a day, or once an hour."""
        self.ring(
            f"{function.node.id}Errors",
            measures.of_function("Errors", function=function.function.function_name),
            says=f"A call of {function.node.id} failed, and there are few.",
            see="requests-fail",
        )

    def watch_limit(self, limit: Limit) -> None:
        """Ring when a metric of our own has reached its threshold."""
        namespace = self._settings.metrics_namespace
        metric = measures.alone(limit.metric, limit.statistic, namespace=namespace, value=limit.value)
        if limit.beside is not None:
            metric = measures.share(metric, measures.alone(limit.beside, limit.statistic, namespace=namespace))
        self.ring(limit.name, metric, threshold=limit.threshold, says=limit.says, see=limit.see)

    def watch_lag(self, name: str, reader: Function) -> None:
        """Ring when a reader of the table's stream is behind."""
        lag = measures.of_function("IteratorAge", "Maximum", function=reader.function.function_name)
        minutes = _STREAM_LAG.to_minutes()
        says = f"{reader.node.id} reads the table's stream {minutes:.0f} minutes late."
        self.ring(name, lag, threshold=_STREAM_LAG.to_milliseconds(), says=says, see="messages-wait")

    def watch_subscription(self, name: str, subscription: Subscription) -> None:
        """Ring when messages of a consumer wait too long, and when it has given one up."""
        late = subscription.late
        self.ring(
            f"{name}Age",
            measures.of_queue("ApproximateAgeOfOldestMessage", queue=subscription.queue.queue_name),
            threshold=late.to_seconds(),
            says=f"A message of the queue {name} has waited for {late.to_minutes():.0f} minutes.",
            see="messages-wait",
        )
        self.watch_dead_letters(name, subscription.dead_letters)

    def watch_dead_letters(self, name: str, dead_letters: sqs.IQueue) -> None:
        """Ring when something is in a dead-letter queue. `name` is whose it is."""
        self.ring(
            f"{name}DeadLetters",
            measures.of_queue("ApproximateNumberOfMessagesVisible", queue=dead_letters.queue_name),
            says=f"{name} has dead letters: work that was given up.",
            see="dead-letters",
        )

    def watch_discarded(self, written: cloudwatch.IMetric) -> None:
        """Ring when records of the table's stream were given up."""
        says = "Records of the table's stream were given up and are kept in a bucket."
        self.ring("Discarded", written, says=says, see="discarded-records")

    def watch_rules(self, context: str, rules: Sequence[events.CfnRule]) -> None:
        """Ring when rules of a context could send something neither to its target nor to the dead letters: it is lost.

        What got to the dead letters rings there.
        """
        name = "InvocationsFailedToBeSentToDlq"
        says = f"Events for {context} got neither to their queue nor to its dead letters."
        for first in range(0, len(rules), MOST_METRICS):
            some = rules[first : first + MOST_METRICS]
            lost = {f"rule{number}": measures.of_rule(name, rule) for number, rule in enumerate(some)}
            which = "" if first == 0 else f"{first // MOST_METRICS + 1}"
            self.ring(
                f"{context.title()}EventsLost{which}", measures.total(lost), says=says, see="schedules-and-rules-fail"
            )

    def watch_schedules(self, group: str) -> None:
        """Ring when schedules fail to send their messages, and when one of those is lost."""

        def of_group(name: str) -> cloudwatch.Metric:
            return measures.of_aws("Scheduler", name, ScheduleGroup=group)

        failing = {"refused": of_group("TargetErrorCount"), "throttled": of_group("InvocationThrottleCount")}
        says = "Schedules cannot send their messages, or only later."
        failed = measures.total(failing)
        self.ring("SchedulesFail", failed, threshold=10, says=says, see="schedules-and-rules-fail")
        says = "A message of a schedule got neither to its queue nor to the dead letters."
        lost = of_group("InvocationsFailedToBeSentToDeadLetterCount")
        self.ring("SchedulesLost", lost, says=says, see="schedules-and-rules-fail")

    def watch_table(self, table_name: str) -> None:
        """Ring when the table or its index throttles, or when DynamoDB fails."""
        for name, metric in measures.table_throttles(table_name).items():
            says = f"DynamoDB refused requests for a moment ({name})."
            self.ring(name, metric, threshold=_FEWEST_THROTTLES, says=says, see="the-table-throttles-or-fails")
        errors = measures.total(measures.table_errors(table_name))
        says = "DynamoDB itself fails."
        self.ring("TableErrors", errors, threshold=5, says=says, see="the-table-throttles-or-fails")

    def watch_account(self) -> None:
        """Ring when what all functions, rules and keys of the account share runs out."""
        throttles = measures.of_aws("Lambda", "Throttles")
        says = "Calls of functions were refused: the concurrency of the account or of one function is used up."
        self.ring("Throttles", throttles, threshold=_FEWEST_THROTTLES, says=says, see="functions-are-throttled")
        running = measures.of_aws("Lambda", "ConcurrentExecutions", "Maximum")
        used = measures.share_of_quota(running, measures.PERIOD)
        says = f"{_QUOTA_PERCENT} % of the account's concurrency are in use."
        self.ring("Concurrency", used, threshold=_QUOTA_PERCENT, says=says, see="functions-are-throttled")
        delayed = measures.of_aws("Events", "ThrottledRules")
        says = "EventBridge holds back rules of this account: events arrive late."
        self.ring("RulesThrottled", delayed, periods=3, says=says, see="schedules-and-rules-fail")
        signed = measures.share_of_quota(measures.signatures(), Duration.minutes(1))
        says = f"{_QUOTA_PERCENT} % of the signatures that KMS makes for this account are in use."
        self.ring("Signatures", signed, threshold=_QUOTA_PERCENT, periods=5, says=says, see="signatures-run-out")

    def watch_sending(self) -> None:
        """Ring when e-mail is sent back or complained of, and when SMS cost too much, where the stage sends them."""
        if self._settings.mail_sender:
            bounces = measures.of_aws("SES", "Reputation.BounceRate", "Maximum")
            says = f"{100 * _BOUNCES:g} % of the account's e-mail bounce."
            self.ring("MailBounces", bounces, threshold=_BOUNCES, says=says, see="mail-bounces")
            complaints = measures.of_aws("SES", "Reputation.ComplaintRate", "Maximum")
            says = f"{100 * _COMPLAINTS:g} % of the account's e-mail are reported as spam."
            self.ring("MailComplaints", complaints, threshold=_COMPLAINTS, says=says, see="mail-bounces")
        if self._settings.sms_countries:
            spent = measures.of_aws("SNS", "SMSMonthToDateSpentUSD", "Maximum")
            limit = self._settings.monthly_sms_budget
            says = f"SMS of this month have cost {limit} US$."
            self.ring("SmsSpending", spent, threshold=limit, says=says, see="sms-cost-too-much")

    def _ring_for_rate(self, id_: str, failed: measures.Metrics, calls: cloudwatch.IMetric, what: str) -> None:
        says = f"{_FAILING_PERCENT} % of the {what} fail."
        self.ring(id_, measures.rate(failed, calls), threshold=_FAILING_PERCENT, says=says, see="requests-fail")

    def _ring_when_slow(self, id_: str, metric: cloudwatch.IMetric, what: str) -> None:
        says = f"1 % of the {what} have taken {_SLOW_MILLISECONDS / 1000:g} seconds for a quarter of an hour."
        self.ring(id_, metric, threshold=_SLOW_MILLISECONDS, periods=3, says=says, see="requests-are-slow")

    def _made_topic(self, settings: Settings, key: kms.IKey | None) -> sns.Topic:
        topic = sns.Topic(self, "Alarms", enforce_ssl=True, master_key=key)
        if key is None:
            reason = (
                "With the key that AWS has for SNS no alarm could ring (infra/constructs/encryption.py), and a "
                "message has names and figures of alarms only. An owner who wants a key of the account sets "
                "customer_managed_key (docs/deploying.md)."
            )
            acknowledge(topic, reason, f"{NIST}-SNSEncryptedKMS")
        # The alarms of this account and of no other:
        # https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        stack = Stack.of(self)
        alarms = stack.format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        conditions = {"StringEquals": {"aws:SourceAccount": stack.account}, "ArnLike": {"aws:SourceArn": alarms}}
        topic.grant_publish(iam.ServicePrincipal("cloudwatch.amazonaws.com", conditions=conditions))
        if settings.alarm_email:
            told = topic.add_subscription(subscriptions.EmailSubscription(settings.alarm_email))
            reason = (
                "Mail that nobody could be sent is of no use later: the alarm still rings, and CloudWatch shows it."
            )
            acknowledge(told, reason, "Serverless-SNSRedrivePolicy")
        return topic
