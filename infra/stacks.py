"""The stacks of a stage. The order in which they are deployed follows from which reads whose values.

stateful      what holds data and must stay
stateless     what the contexts share: HTTP API, event bus, where failures end, the roles of operators
<context>     the functions of a context, and everything around them
graphql       the GraphQL API with the schema of all contexts; it asks the authorizer of identity
monitoring    the dashboard of the stage

What some settings want besides is in `infra/edge.py`.
"""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any

from aws_cdk import CfnOutput, Stack, Tags
from aws_cdk import aws_events as events
from aws_cdk import aws_kms as kms
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from infra import sender
from infra.budget import Budget
from infra.bundling.bundle import Bundle
from infra.constructs import backup, encryption, table
from infra.constructs.api import Api
from infra.constructs.backup import Backup
from infra.constructs.bus import Bus
from infra.constructs.encryption import StageKey
from infra.constructs.events import Events
from infra.constructs.files import Files
from infra.constructs.fronts.firewall import Firewall
from infra.constructs.fronts.secret import FrontSecret
from infra.constructs.generated_secret import GeneratedSecret
from infra.constructs.graphql import Graphql, GraphqlDomain
from infra.constructs.migration import Migration
from infra.constructs.rebuild import Rebuild
from infra.constructs.reconcile import Reconcile
from infra.constructs.reindex import Reindex
from infra.constructs.restate import Restate
from infra.constructs.restored import EndSessions, PauseCampaigns
from infra.constructs.schedules import ScheduleGroup
from infra.constructs.table import Table, TablePlace
from infra.constructs.values import Values
from infra.contexts.feedback import FeedbackTopic
from infra.contexts.surroundings import Surroundings
from infra.dashboard import Dashboard, Places
from infra.deploying import earlier
from infra.documents.schema import Schema
from infra.measures import PERIOD
from infra.monitoring import Alarms
from infra.settings import Settings


class StageStack(Stack):
    """A stack of a stage, tagged as such."""

    def __init__(self, scope: Construct, name: str, *, settings: Settings, values: Values, **kwargs: Any) -> None:
        super().__init__(scope, f"milepost-{settings.stage}-{name}", **kwargs)
        self._settings, self._values = settings, values
        Tags.of(self).add("project", "milepost")
        Tags.of(self).add("stage", settings.stage)

    def _alarms(self) -> Alarms:
        topic_arn = partial(self._values.read, self, "AlarmTopicArn")
        return Alarms(self, "Monitoring", settings=self._settings, topic_arn=topic_arn)


class StatefulStack(StageStack):
    """Table, files, pepper, group of schedules, the key if wanted, what each context keeps, and the settings given."""

    def __init__(
        self, scope: Construct, *, settings: Settings, values: Values, data: Sequence[ModuleType], **kwargs: Any
    ) -> None:
        super().__init__(
            scope,
            "stateful",
            settings=settings,
            values=values,
            termination_protection=settings.keep_data,
            **kwargs,
        )
        key = StageKey(self, "Encryption", settings=settings).key if settings.customer_managed_key else None
        if key:
            values.publish(self, encryption.PUBLISHED, key.key_arn)
        table_arn = self._table(values)
        if settings.backup:
            Backup(self, "Backup", settings=settings, table_arn=table_arn)
        Files(self, "Files", settings=settings, key=key).publish(values)
        pepper = GeneratedSecret(
            self,
            "Pepper",
            settings=settings,
            key=key,
            purpose="Peppers the API keys of Milepost",
            lasting="A version proves the API keys that were made with it until they are rotated",
        )
        values.publish(self, "PepperArn", pepper.arn)
        if settings.front_address_header:
            values.publish(self, "FrontSecretArn", FrontSecret(self, "Front", settings=settings, key=key).arn)
        group = ScheduleGroup(self, "Schedules", settings=settings)
        values.publish(self, "ScheduleGroupName", group.name)
        for context in data:
            context.make(self, settings=settings, values=values, key=key)
        # No stack reads it: the next deployment does (infra/deploying/earlier.py).
        ssm.StringParameter(
            self, "Given", parameter_name=earlier.path_of(settings.stage), string_value=json.dumps({**settings.given})
        )

    def _table(self, values: Values) -> str:
        """Publish the table that the stage has adopted, or one of its own, and return its ARN."""
        adopted = self._settings.adopted_table
        if adopted:
            table.publish_adopted(self, values, adopted)
            return adopted.arn
        own = Table(self, "Table", settings=self._settings)
        own.publish(values)
        return own.table.table_arn


class StatelessStack(StageStack):
    """What the contexts share. Its outputs are the address of the API, and what operators need."""

    def __init__(self, scope: Construct, *, settings: Settings, values: Values, **kwargs: Any) -> None:
        super().__init__(scope, "stateless", settings=settings, values=values, **kwargs)
        key = encryption.key_of(self, settings=settings, values=values)
        api = Api(self, "Api", settings=settings, key=key)
        bus = Bus(self, "Bus", settings=settings).bus
        if settings.mail_sender:
            made = FeedbackTopic(self, "Feedback", mail_sender=settings.mail_sender, key=key)
            values.publish(self, sender.TOPIC, made.topic.topic_arn)
        ends = Events(self, "Events", settings=settings, key=key)
        place = TablePlace(partial(values.read, self))
        Migration(self, "Migration", table=place)
        EndSessions(self, "EndSessions", table=place)
        PauseCampaigns(self, "PauseCampaigns", table=place)
        values.publish(self, "RebuildRoleArn", Rebuild(self, "Rebuild", table=place).role.role_arn)
        Restate(self, "Restate", table=place, bus=bus)
        Reindex(self, "Reindex", table=place)
        Reconcile(self, "Reconcile", table=place)
        alarms = self._watch(api, ends, place, key=key)
        if settings.backup:
            backup.announce_failures(self, table_arn=place.arn, topic=alarms.topic, dead_letters=ends.dead_letters)
        Budget(self, "Budget", settings=settings)
        values.publish(self, "AlarmTopicArn", alarms.topic.topic_arn)
        values.publish(self, "ScheduleDeadLettersArn", ends.dead_letters.queue_arn)
        values.publish(self, "ScheduleDeadLettersName", ends.dead_letters.queue_name)
        values.publish(self, "ApiId", api.api.api_id)
        values.publish(self, "ApiUrl", api.url)
        values.publish(self, "DiscardedBucketName", ends.discarded.bucket.bucket_name)
        values.publish(self, "DiscardedBucketArn", ends.discarded.bucket.bucket_arn)
        CfnOutput(self, "ApiUrl", value=api.url)
        CfnOutput(self, "ApiId", value=api.api.api_id)

    def _watch(self, api: Api, ends: Events, place: TablePlace, *, key: kms.IKey | None) -> Alarms:
        """Return the alarms of what the contexts share."""
        alarms = Alarms(self, "Monitoring", settings=self._settings, key=key)
        alarms.watch_rest(api.api.api_id)
        alarms.watch_dead_letters("Schedule", ends.dead_letters)
        alarms.watch_discarded(ends.discarded.metric_written(PERIOD))
        alarms.watch_table(place.name)
        alarms.watch_schedules(self._values.read(self, "ScheduleGroupName"))
        alarms.watch_account()
        alarms.watch_sending()
        return alarms


class ContextStack(StageStack):
    """The functions of one context, as its `functions.py` says, each with its alarms."""

    def __init__(
        self,
        scope: Construct,
        context: str,
        *,
        module: ModuleType,
        settings: Settings,
        values: Values,
        schema: Schema,
        bundles: Mapping[str, Bundle],
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, context, settings=settings, values=values, **kwargs)
        given = Surroundings(self, context=context, settings=settings, values=values, schema=schema, bundles=bundles)
        module.build(given)
        alarms = self._alarms()
        for function in given.called:
            alarms.watch_function(function)
        for function in given.rarely_called:
            alarms.watch_rare_function(function)
        for limit in given.limits:
            alarms.watch_limit(limit)
        for watch in given.watching:
            watch(alarms)
        for name, subscription in given.subscriptions.items():
            alarms.watch_subscription(name, subscription)
        for name, reader in given.readers.items():
            alarms.watch_lag(name, reader)
        alarms.watch_rules(context, [each for each in self.node.find_all() if isinstance(each, events.CfnRule)])
        self._tell(given)

    def _tell(self, given: Surroundings) -> None:
        """Publish for the dashboard what the functions and queues are called."""
        for function in given.functions:
            self._values.publish(self, f"{function.node.id}Name", function.function.function_name)
        for name, subscription in given.subscriptions.items():
            self._values.publish(self, f"{name}QueueName", subscription.queue.queue_name)
            self._values.publish(self, f"{name}DeadLettersName", subscription.dead_letters.queue_name)
        self.functions = [function.node.id for function in given.functions]
        self.queues = list(given.subscriptions)
        self.readers = [reader.node.id for reader in given.readers.values()]


class GraphqlStack(StageStack):
    """The GraphQL API. The contexts attach the resolvers of their fields to it.

    `certificate_arn` is that of the stage's own name for it, None where there is none. Functions call the API at the
    address that AWS gave it.
    """

    def __init__(
        self,
        scope: Construct,
        *,
        settings: Settings,
        values: Values,
        schema: Schema,
        certificate_arn: str | None,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, "graphql", settings=settings, values=values, **kwargs)
        authorizer_arn = values.read(self, "AuthorizerArn")
        key = encryption.key_of(self, settings=settings, values=values)
        graphql = Graphql(self, "Graphql", settings=settings, key=key, schema=schema, authorizer_arn=authorizer_arn)
        if settings.front:
            Firewall(self, "Firewall", settings=settings, reach="REGIONAL", key=key).protect(graphql.api.attr_arn)
        self._alarms().watch_graphql(graphql.api.attr_api_id)
        values.publish(self, "GraphqlApiId", graphql.api.attr_api_id)
        values.publish(self, "GraphqlArn", graphql.api.attr_arn)
        values.publish(self, "GraphqlUrl", graphql.url)
        url = graphql.url
        if certificate_arn:
            api_id = graphql.api.attr_api_id
            url = GraphqlDomain(self, "Name", settings=settings, api_id=api_id, certificate_arn=certificate_arn).url
        CfnOutput(self, "GraphqlUrl", value=url)
        CfnOutput(self, "GraphqlApiId", value=graphql.api.attr_api_id)


class MonitoringStack(StageStack):
    """The dashboard of all stacks of the stage."""

    def __init__(
        self, scope: Construct, *, settings: Settings, values: Values, contexts: Sequence[ContextStack], **kwargs: Any
    ) -> None:
        super().__init__(scope, "monitoring", settings=settings, values=values, **kwargs)
        read = partial(values.read, self)
        queues = [name for context in contexts for name in context.queues]
        places = Places(
            table=read("TableName"),
            api_id=read("ApiId"),
            graphql_api_id=read("GraphqlApiId"),
            schedule_group=read("ScheduleGroupName"),
            functions={name: read(f"{name}Name") for context in contexts for name in context.functions},
            readers=[reader for context in contexts for reader in context.readers],
            queues={name: read(f"{name}QueueName") for name in queues},
            dead_letters={name: read(f"{name}DeadLettersName") for name in ["Schedule", *queues]},
        )
        Dashboard(self, "Monitoring", settings=settings, places=places)
