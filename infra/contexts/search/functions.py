"""The functions of search: what each may do, what starts it, and which paths it answers."""

from aws_cdk import Duration

from functions.search.indexing.folders import PURPOSE
from infra.constructs.files import UPLOADS
from infra.constructs.function import Function, allow
from infra.constructs.ordered_queue import OrderedQueue
from infra.contexts import feeding
from infra.contexts.search import jobs
from infra.contexts.search.domain import Domain
from infra.contexts.search.limits import LIMITS
from infra.contexts.search.sweeps import Sweeps
from infra.contexts.surroundings import EVENTS_TIMEOUT, WAITING_MB, WHOLE_PROCESSOR_MB, Surroundings

BUNDLE = "search"
# A batch and a piece of a new index take two seconds each, four at most; the next begins while there are twenty left.
# A writer that is ended without a word holds up its collection for six times as long; one that fails, for seconds.
INDEXER_TIMEOUT = Duration.minutes(1)
# 40 events a second, of about 50 ms each; many changes in one request are one or two.
WAKING_AT_ONCE = 2
# As many collections are written at the same time, each by one writer.
INDEXED_AT_ONCE = 6
# The index of the table, by which the indexer knows what waits, is less than a second behind as a rule.
DELAY = Duration.seconds(1)
# A call finds 5,000 collections that wait, or looks at some ten thousand objects; the next one goes on.
SWEEPS_TIMEOUT = Duration.seconds(55)
# A message is two calls to the table, and those of a tenant in a batch wake up its indexer once.
FED_AT_ONCE = 4
# Whoever has changed a document looks for it.
LATE = Duration.minutes(1)


def build(given: Surroundings) -> None:
    """Make the functions of search."""
    _api(given)
    queries = _queries(given)
    wake_up, indexer = _indexing(given)
    senders = [wake_up, indexer, _feed(given), _sweeps(given)]
    place = given.subscriptions["SearchIndexing"].queue
    for sender in senders:
        _tell(sender, place.queue_arn, place.queue_url)
    for limit in LIMITS:
        given.watch_limit(limit)
    jobs.build(given, bundle=BUNDLE)
    if given.settings.search_engine == "opensearch":
        Domain(given.stack, "SearchDomain", given=given, writer=indexer, searcher=queries)


def _api(given: Surroundings) -> None:
    api = given.function(
        "SearchApi",
        "functions.search.api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:DeleteItem", "dynamodb:UpdateItem", "dynamodb:Query", resources=[given.table.arn]),
        allow("dynamodb:ConditionCheckItem", resources=[given.table.arn]),
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
        "/api/v1/collections",
        "/api/v1/collections/{proxy+}",
        "/api/v1/collection-aliases",
        "/api/v1/collection-aliases/{proxy+}",
        "/api/v1/documents/{proxy+}",
    )


def _queries(given: Surroundings) -> Function:
    queries = given.function(
        "SearchQueries",
        "functions.search.query_api.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        # Which projects somebody is in, the index knows.
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        allow("secretsmanager:GetSecretValue", resources=[given.pepper_arn]),
        bundle=BUNDLE,
        environment={"PEPPER_SECRET_ID": given.pepper_arn},
        memory_mb=WHOLE_PROCESSOR_MB,
    )
    given.files.open(queries, PURPOSE, "s3:GetObject")
    given.files.let_look(queries)
    given.release(queries)
    given.routes.add(
        queries,
        "/api/v1/search",
        "/api/v1/multi-search",
        "/api/v1/saved-searches",
        "/api/v1/saved-searches/{proxy+}",
    )
    return queries


def _indexing(given: Surroundings) -> tuple[Function, Function]:
    """Make what wakes up the indexer, and the indexer, and return them; both send to its queue."""
    wake_up = given.function(
        "SearchConsumers",
        "functions.search.consumers.handler",
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    given.bus.subscribe(
        "SearchChanges",
        wake_up,
        "search.document.changed",
        "search.collection.rebuild_requested",
        "search.collection.deleted",
        timeout=EVENTS_TIMEOUT,
        at_once=WAKING_AT_ONCE,
        late=LATE,
    )
    indexer = given.function(
        "SearchIndexer",
        "functions.search.indexing_consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WHOLE_PROCESSOR_MB,
        timeout=INDEXER_TIMEOUT,
    )
    given.files.open(indexer, PURPOSE, "s3:GetObject", "s3:PutObject", "s3:DeleteObject")
    given.files.let_look(indexer)
    queue = OrderedQueue(
        given.stack, "SearchIndexing", settings=given.settings, timeout=INDEXER_TIMEOUT, late=LATE, delay=DELAY
    )
    given.subscriptions["SearchIndexing"] = queue.subscription
    place = queue.subscription.queue
    given.bus.consume("SearchIndexing", place.queue_arn, indexer, at_once=INDEXED_AT_ONCE)
    return wake_up, indexer


def _feed(given: Surroundings) -> Function:
    """Make the queue of what contexts say to the search of Milepost, and return what stores it."""
    feed = given.function(
        "SearchFeed",
        "functions.search.everything.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:UpdateItem", resources=[given.table.arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=EVENTS_TIMEOUT,
    )
    queue = given.bus.queue("SearchFeed", feed, timeout=EVENTS_TIMEOUT, at_once=FED_AT_ONCE, late=feeding.LATE).queue
    given.publish(feeding.QUEUE_ARN, queue.queue_arn)
    given.publish(feeding.QUEUE_URL, queue.queue_url)
    return feed


def _sweeps(given: Surroundings) -> Function:
    sweeps = given.function(
        "SearchSweeps",
        "functions.search.sweeps.consumers.handler",
        allow("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem", resources=[given.table.arn]),
        allow("dynamodb:PutItem", resources=[given.table.arn]),
        allow("dynamodb:Query", resources=[given.table.arn, given.table.index_arn]),
        bundle=BUNDLE,
        memory_mb=WAITING_MB,
        timeout=SWEEPS_TIMEOUT,
    )
    given.files.open(sweeps, PURPOSE, "s3:DeleteObject")
    given.files.let_list(sweeps, PURPOSE)
    given.watch(sweeps)
    Sweeps(given.stack, "Sweeps", function=sweeps, dead_letters=given.dead_letters)
    return sweeps


def _tell(sender: Function, queue_arn: str, queue_url: str) -> None:
    """Let a function send to the queue of the indexer, and tell it where it is."""
    sender.role.add_to_policy(allow("sqs:SendMessage", resources=[queue_arn]))
    sender.function.add_environment("INDEXING_QUEUE_URL", queue_url)
