"""What the stack of a context is given: settings, code, and what it may reach of the other stacks.

A context asks for what it needs. Only what it asks for is made in its stack, or read from the others.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from aws_cdk import Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from infra import sender
from infra.bundling.bundle import Bundle
from infra.constructs import encryption, graphql
from infra.constructs.api import Routes
from infra.constructs.bus import Subscription, Subscriptions
from infra.constructs.events import Stream
from infra.constructs.files import FilesPlace
from infra.constructs.fronts.secret import Front
from infra.constructs.function import Function
from infra.constructs.graphql import Resolvers
from infra.constructs.releases import Releases
from infra.constructs.schedules import Schedules
from infra.constructs.table import TablePlace
from infra.constructs.values import Values
from infra.contexts import feedback
from infra.documents.schema import Schema
from infra.monitoring import Alarms, Limit
from infra.settings import Settings

# A transaction asks for the actions in it.
WRITES = ("dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem")
# Lambda gives processor time by memory, and a call costs by its memory and its time. All functions hold a fifth of the
# least of these (tests/bench/memory.py), so what counts is who waits for the processor: docs/deploying.md, "Memory".
WHOLE_PROCESSOR_MB = 1769  # a whole processor: somebody waits for the answer
IN_THE_WAY_MB = 1024  # somebody waits for little, or others wait behind it
WORKING_MB = 512  # nobody waits, but each message is some work
WAITING_MB = 256  # it waits for others nearly all of its time
EVENTS_TIMEOUT = Duration.minutes(1)


class Surroundings:
    """Makes the functions of a context, and everything around them, in the stack of that context."""

    def __init__(
        self,
        stack: Stack,
        *,
        context: str,
        settings: Settings,
        values: Values,
        schema: Schema,
        bundles: Mapping[str, Bundle],
    ) -> None:
        self.stack = stack
        self.settings = settings
        self.functions: list[Function] = []
        self.subscriptions: dict[str, Subscription] = {}
        self.readers: dict[str, Function] = {}
        self.called: list[Function] = []
        self.rarely_called: list[Function] = []
        self.limits: list[Limit] = []
        self.watching: list[Callable[[Alarms], None]] = []
        self._context = context
        self._values = values
        self._schema = schema
        self._bundles = bundles
        self._codes: dict[Path, lambda_.Code] = {}

    def read(self, name: str) -> str:
        """Return a value that another stack publishes, such as one of the context's own data."""
        return self._values.read(self.stack, name)

    def publish(self, name: str, value: str) -> None:
        """Make a value of this stack readable by others."""
        self._values.publish(self.stack, name, value)

    @cached_property
    def table(self) -> TablePlace:
        """How the table is reached."""
        return TablePlace(self.read)

    @cached_property
    def files(self) -> FilesPlace:
        """How the bucket of files is reached."""
        return FilesPlace(self.read)

    @property
    def pepper_arn(self) -> str:
        """The secret that peppers API keys."""
        return self.read("PepperArn")

    @property
    def signing_key_arn(self) -> str:
        """The key that signs access tokens."""
        return self.read("SigningKeyArn")

    @property
    def token_issuer(self) -> str:
        """The issuer of access tokens: the address of the API, unless the stage has another."""
        return self.settings.issuer or self.read("ApiUrl")

    @property
    def address(self) -> str:
        """Where people find the API: its name, or else the issuer, which a proxy of the owner's own may answer for."""
        return self.read("ApiUrl") if self.settings.domain else self.token_issuer

    @cached_property
    def routes(self) -> Routes:
        """The routes of the HTTP API that lead to this stack."""
        return Routes(self.stack, "Api", api_id=self.read("ApiId"), front=self._front)

    @property
    def _front(self) -> Front | None:
        """What stands before the API."""
        header = self.settings.front_address_header
        if header is None:
            return None
        return Front(header, self.read("FrontSecretArn"), is_the_only_way_in=self.settings.front)

    @cached_property
    def bus(self) -> Subscriptions:
        """The queues of this stack, and what fills them from the bus."""
        return Subscriptions(self.stack, "Bus", settings=self.settings, made=self.subscriptions)

    def hear_feedback(
        self, name: str, consumer: Function, *, timeout: Duration, at_once: int, late: Duration, kinds: Sequence[str]
    ) -> None:
        """Give a function what becomes of the e-mail that this context sends, on a stage that sends any."""
        if self.settings.mail_sender:
            self.hear_feedback_in(
                name, self.bus.queue(name, consumer, timeout=timeout, at_once=at_once, late=late), kinds=kinds
            )

    def hear_feedback_in(self, name: str, queue: Subscription, *, kinds: Sequence[str]) -> None:
        """Have what becomes of that e-mail come to a queue, on a stage that sends any."""
        if by := self.settings.mail_sender:
            id_, topic = f"{name}Subscription", self.read(sender.TOPIC)
            feedback.subscribe(
                self.stack, id_, topic_arn=topic, to=queue, context=self._context, mail_sender=by, kinds=kinds
            )

    @cached_property
    def stream(self) -> Stream:
        """The stream of the table."""
        return Stream(
            self.stack,
            "Events",
            table=self.table,
            discarded_name=self.read("DiscardedBucketName"),
            discarded_arn=self.read("DiscardedBucketArn"),
            readers=self.readers,
        )

    @cached_property
    def schedules(self) -> Schedules:
        """The schedules that functions of this stack set."""
        group, rebuilder = self.read("ScheduleGroupName"), self.read("RebuildRoleArn")
        return Schedules(self.stack, "Schedules", settings=self.settings, group_name=group, rebuilder_arn=rebuilder)

    @cached_property
    def dead_letters(self) -> sqs.IQueue:
        """The queue of what the rules with a schedule could not deliver."""
        return sqs.Queue.from_queue_arn(self.stack, "ScheduleDeadLetters", self.read("ScheduleDeadLettersArn"))

    def watch(self, function: Function) -> None:
        """Have an alarm ring when calls of a function fail that neither REST counts nor a queue brings again."""
        self.called.append(function)

    def watch_rare(self, function: Function) -> None:
        """Have an alarm ring when a call of a function fails that has few, of which none may fail."""
        self.rarely_called.append(function)

    def watch_limit(self, limit: Limit) -> None:
        """Have an alarm ring when a metric of our own has reached its threshold."""
        self.limits.append(limit)

    def watch_with(self, watch: Callable[[Alarms], None]) -> None:
        """Have alarms of the context's own ring, for a resource that no other context has."""
        self.watching.append(watch)

    def resolve_fields(self, function: Function, *, but: Collection[str] = ()) -> None:
        """Have a function resolve the fields of this context's `schema.graphql`, but those that others resolve."""
        fields = [each for each in self._schema.fields if each.context == self._context and each.name not in but]
        self._resolvers.add(self._context, function, fields)

    def resolve_some(self, function: Function, fields: Collection[str], *, source: str) -> None:
        """Have a function resolve these fields of this context; `source` is what AppSync calls the function."""
        found = [each for each in self._schema.fields if each.context == self._context and each.name in fields]
        self._resolvers.add(source, function, found)

    @cached_property
    def _resolvers(self) -> Resolvers:
        return Resolvers(self.stack, "Graphql", api_id=self.read("GraphqlApiId"))

    def allow_publishing(self, function: Function, *fields: str) -> None:
        """Let a function call mutations that concern subscribers."""
        graphql.allow_publishing(function, *fields, api_arn=self.read("GraphqlArn"), url=self.read("GraphqlUrl"))

    def function(
        self,
        id_: str,
        handler: str,
        *statements: iam.PolicyStatement,
        bundle: str,
        memory_mb: int,
        environment: dict[str, str] | None = None,
        timeout: Duration | None = None,
        reserved: int | None = None,
        disk_mb: int | None = None,
    ) -> Function:
        """Return a new function of the context, which may do what the statements say. `bundle` is its group.

        It has a disk of 512 MB, unless it needs more.
        """
        group = self._bundles[bundle]
        made = Function(
            self._functions,
            id_,
            settings=self.settings,
            key=self.key,
            code=self._code(group.archive),
            handler=handler,
            environment=self._variables(group) | (environment or {}),
            statements=statements,
            memory_mb=memory_mb,
            # Both fronts wait 30 seconds. What still hopes for the table by then has been answered 503 long before.
            timeout=timeout or Duration.seconds(29),
            reserved=reserved,
            disk_mb=disk_mb,
        )
        self.functions.append(made)
        return made

    def release(self, function: Function) -> None:
        """Have callers reach a function that answers requests by an alias, where the stage has a canary.

        To be called before its routes and fields are added.
        """
        if self._releases:
            given = [self.table.name] if self.settings.issuer else [self.table.name, self.token_issuer]
            self._releases.add(function, " ".join(given))

    @cached_property
    def _releases(self) -> Releases | None:
        settings = self.settings
        if settings.canary is None:
            return None
        return Releases(
            self.stack,
            f"{self._context}Releases",
            canary=settings.canary,
            warm=settings.provisioned_concurrency,
            topic_arn=self.read("AlarmTopicArn"),
        )

    def _variables(self, group: Bundle) -> dict[str, str]:
        """Return what every function is told."""
        settings = self.settings
        variables = {
            "TABLE_NAME": self.table.name,
            "STAGE": settings.stage,
            "TOKEN_ISSUER": self.token_issuer,
            "TOKEN_AUDIENCE": settings.token_audience,
            "RATE_LIMIT": str(settings.rate_limit),
            "ADDRESS_RATE_LIMIT": str(settings.address_rate_limit),
            "CREDENTIAL_RATE_LIMIT": str(settings.credential_rate_limit),
            "REGISTRATION_RATE_LIMIT": str(settings.registration_rate_limit),
            "LOG_LEVEL": settings.log_level,
            "POWERTOOLS_SERVICE_NAME": self._context,
            "POWERTOOLS_METRICS_NAMESPACE": settings.metrics_namespace,
        }
        if group.packages:
            variables["PYTHONPATH"] = str(group.packages)
        if settings.table_timeout_seconds:
            variables["TABLE_TIMEOUT_SECONDS"] = str(settings.table_timeout_seconds)
        return variables

    def _code(self, archive: Path) -> lambda_.Code:
        if archive not in self._codes:
            # The name of the zip is the hash of what is in it.
            self._codes[archive] = lambda_.Code.from_asset(str(archive), asset_hash=archive.stem)
        return self._codes[archive]

    @cached_property
    def key(self) -> kms.IKey | None:
        """The key of the stage, None where keys of AWS are used."""
        return encryption.key_of(self.stack, settings=self.settings, values=self._values)

    @cached_property
    def _functions(self) -> Construct:
        return Construct(self.stack, "Functions")
