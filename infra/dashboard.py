"""The one page about a stage: what is asked of it, whether background work keeps up, what costs, what is achieved."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from functions.audience.campaigns.metrics import PAUSED
from functions.audience.receipts.metrics import UNKNOWN_RECEIPTS
from functions.identity.audit.metrics import AUDIT_LAG
from functions.outbox.metrics import BUS_LAG, COUNTED, SIGN_IN_FAILED
from functions.search.indexing.metrics import INDEX_LAG, REFUSED_DOCUMENTS
from functions.search.sweeps.metrics import ORPHANED_OBJECTS, STALLED_WRITERS
from functions.webhooks.metrics import ATTEMPTS, DELIVERY_LAG
from infra import measures
from infra.settings import Settings
from shared.api.metrics import GRAPHQL_REFUSED, REST_REFUSED, WRONG_CREDENTIALS
from shared.messaging.metrics import SCHEDULE_LAG, TIMERS
from shared.metrics import Metric

Metrics = Iterable[cloudwatch.IMetric]

# A page is 24 wide: three graphs in a row.
_WIDTH: Final = 8


class Places(NamedTuple):
    """What AWS calls the parts of a stage: functions, queues and dead-letter queues by our names of them."""

    table: str
    api_id: str
    graphql_api_id: str
    schedule_group: str
    functions: Mapping[str, str]
    readers: Sequence[str]
    queues: Mapping[str, str]
    dead_letters: Mapping[str, str]


class Dashboard(Construct):
    """The dashboard of a stage. Its rows are the headings of docs/observability.md."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, places: Places) -> None:
        super().__init__(scope, id_)
        self._places = places
        self._namespace = settings.metrics_namespace
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=f"milepost-{settings.stage}",
            widgets=[
                self._requests(),
                self._functions(),
                self._queues(),
                self._behind(),
                self._table(),
                self._costs(),
                self._security(),
                self._business(),
            ],
        )

    def _requests(self) -> list[cloudwatch.IWidget]:
        rest, graphql = self._places.api_id, self._places.graphql_api_id
        return [
            _graph(
                "Requests and errors",
                measures.of_rest("Count", api_id=rest, label="REST"),
                measures.of_rest("4xx", api_id=rest, label="REST 4xx"),
                measures.of_rest("5xx", api_id=rest, label="REST 5xx"),
                measures.of_graphql("Latency", "SampleCount", api_id=graphql, label="GraphQL"),
                measures.of_graphql("4XXError", api_id=graphql, label="GraphQL 4xx"),
                measures.of_graphql("5XXError", api_id=graphql, label="GraphQL 5xx"),
            ),
            _graph(
                "Latency, milliseconds",
                *(measures.of_rest("Latency", each, api_id=rest, label=f"REST {each}") for each in ("p50", "p99")),
                *(
                    measures.of_graphql("Latency", each, api_id=graphql, label=f"GraphQL {each}")
                    for each in ("p50", "p99")
                ),
            ),
            _graph(
                "Refused requests",
                *self._by_value(REST_REFUSED, "REST"),
                *self._by_value(GRAPHQL_REFUSED, "GraphQL"),
            ),
        ]

    def _functions(self) -> list[cloudwatch.IWidget]:
        functions = self._places.functions.items()
        running = (
            measures.of_function("ConcurrentExecutions", "Maximum", function=it, label=name) for name, it in functions
        )
        return [
            _graph(
                "Duration p99, milliseconds",
                *(measures.of_function("Duration", "p99", function=it, label=name) for name, it in functions),
            ),
            _graph(
                "Errors of functions", *(measures.of_function("Errors", function=it, label=n) for n, it in functions)
            ),
            _graph(
                "Calls at the same time, and throttles of the account",
                *running,
                measures.of_aws("Lambda", "ConcurrentExecutions", "Maximum", label="account"),
                measures.of_aws("Lambda", "Throttles", label="throttled"),
            ),
        ]

    def _queues(self) -> list[cloudwatch.IWidget]:
        def of(metric: str, queues: Mapping[str, str]) -> Metrics:
            return (measures.of_queue(metric, queue=it, label=name) for name, it in queues.items())

        return [
            _graph("Waiting messages", *of("ApproximateNumberOfMessagesVisible", self._places.queues)),
            _graph("Age of the oldest message, seconds", *of("ApproximateAgeOfOldestMessage", self._places.queues)),
            _graph("Dead letters", *of("ApproximateNumberOfMessagesVisible", self._places.dead_letters)),
        ]

    def _behind(self) -> list[cloudwatch.IWidget]:
        readers = {name: self._places.functions[name] for name in self._places.readers}
        schedules = ("InvocationAttemptCount", "TargetErrorCount", "InvocationThrottleCount", "InvocationDroppedCount")
        group = self._places.schedule_group
        return [
            _graph(
                "Lag of the table's stream, milliseconds",
                *(
                    measures.of_function("IteratorAge", "Maximum", function=it, label=name)
                    for name, it in readers.items()
                ),
            ),
            _graph(
                "From an event to where it was going, p99, milliseconds",
                *(self._own(each, "p99") for each in (BUS_LAG, AUDIT_LAG, DELIVERY_LAG, INDEX_LAG, SCHEDULE_LAG)),
            ),
            _graph(
                "Schedules, rules, what search left behind",
                *(measures.of_aws("Scheduler", name, ScheduleGroup=group) for name in schedules),
                *self._by_value(TIMERS, "timers"),
                self._own(REFUSED_DOCUMENTS, label="documents that the search engine refused"),
                self._own(STALLED_WRITERS, "Maximum", label="writers of an index that broke off"),
                self._own(ORPHANED_OBJECTS, label="objects of no index"),
                measures.of_aws("Events", "ThrottledRules", label="rules held back in the account"),
            ),
        ]

    def _table(self) -> list[cloudwatch.IWidget]:
        table = self._places.table
        throttles = measures.table_throttles(table).items()
        return [
            _graph(
                "Consumed units",
                measures.of_table("ConsumedReadCapacityUnits", table=table, label="table, read"),
                measures.of_table("ConsumedWriteCapacityUnits", table=table, label="table, written"),
                measures.of_index("ConsumedReadCapacityUnits", table=table, label="index, read"),
                measures.of_index("ConsumedWriteCapacityUnits", table=table, label="index, written"),
            ),
            _graph("Throttles of table and index", *(each.with_(label=name) for name, each in throttles)),
            _graph("Errors of DynamoDB", *measures.table_errors(table).values()),
        ]

    def _costs(self) -> list[cloudwatch.IWidget]:
        functions, queues = self._places.functions.values(), self._places.queues.values()
        calls = {f"f{number}": measures.of_function("Invocations", function=it) for number, it in enumerate(functions)}
        times = {f"f{number}": measures.of_function("Duration", function=it) for number, it in enumerate(functions)}
        sent = {
            f"q{number}": measures.of_queue("NumberOfMessagesSent", "Sum", queue=q) for number, q in enumerate(queues)
        }
        return [
            _graph(
                "What is paid by the piece",
                measures.total(calls, label="calls of functions"),
                measures.total(sent, label="messages to queues"),
                self._own(BUS_LAG, "SampleCount", label="events"),
                measures.signatures(),
            ),
            _graph("What is paid by time: milliseconds of functions", measures.total(times, label="all functions")),
            _graph(
                "Of the account: e-mails, SMS in US$, log lines in bytes",
                measures.of_aws("SES", "Send", label="e-mails"),
                measures.of_aws("SNS", "SMSMonthToDateSpentUSD", "Maximum", label="SMS of this month, US$"),
                measures.of_aws("Logs", "IncomingBytes", label="log lines, bytes"),
            ),
        ]

    def _security(self) -> list[cloudwatch.IWidget]:
        return [
            _graph(
                "Sign-ins",
                *self._counts("identity.session.started", "identity.user.registered", "identity.sign_in.locked"),
                *self._counts("identity.session.reuse_detected"),
            ),
            _graph("Sign-ins that failed", *self._by_value(SIGN_IN_FAILED), self._own(WRONG_CREDENTIALS)),
            _graph(
                "Webhooks and campaigns",
                *self._by_value(ATTEMPTS),
                *self._counts("webhooks.endpoint.disabled"),
                self._own(PAUSED, label="campaigns paused by themselves"),
                self._own(UNKNOWN_RECEIPTS, label="receipts of messages that were not sent"),
            ),
        ]

    def _business(self) -> list[cloudwatch.IWidget]:
        return [
            _graph("Goals", *self._counts("goals.goal.created", "goals.goal.completed")),
            _graph("Tasks", *self._counts("goals.task.completed")),
            _graph(
                "Milestones",
                *self._counts(
                    "goals.milestone.achieved",
                    "goals.milestone.regained",
                    "milestones.milestone.completed",
                    "milestones.milestone.missed",
                    "milestones.milestone.sync_failed",
                ),
            ),
        ]

    def _own(self, metric: Metric, statistic: str = "Sum", *, label: str | None = None) -> cloudwatch.IMetric:
        return measures.own(metric, statistic, namespace=self._namespace, label=label)

    def _by_value(self, metric: Metric, front: str | None = None) -> Metrics:
        for value in metric.values:
            label = f"{front} {value}" if front else value
            yield measures.own(metric, namespace=self._namespace, value=value, label=label)

    def _counts(self, *event_types: str) -> Metrics:
        return (self._own(COUNTED[event_type]) for event_type in event_types)


def _graph(title: str, *metrics: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=_WIDTH, period=measures.PERIOD)
