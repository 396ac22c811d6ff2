"""The two stacks of a stage: what holds data and must stay, and what can be thrown away and made again."""

from pathlib import Path
from typing import Any

from aws_cdk import CfnOutput, Stack, Tags
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from infra.constructs.api import Api
from infra.constructs.bus import Bus
from infra.constructs.events import Events
from infra.constructs.generated_secret import GeneratedSecret
from infra.constructs.graphql import Graphql
from infra.constructs.migration import Migration
from infra.constructs.schedules import Schedules
from infra.constructs.table import Table
from infra.contexts.goals.removals import Removals
from infra.contexts.identity.key_rotation import KeyRotation
from infra.contexts.identity.oidc import Oidc
from infra.contexts.identity.one_time_codes import OneTimeCodes
from infra.contexts.identity.signing_key import SigningKey
from infra.contexts.milestones.evaluator import Evaluator
from infra.contexts.milestones.reconciliation import Reconciliation
from infra.contexts.webhooks.webhooks import Webhooks
from infra.documents.schema import Schema
from infra.functions import EVENTS_TIMEOUT, MILESTONES_TIMEOUT, Functions, Surroundings
from infra.monitoring import Monitoring
from infra.settings import Settings

# What changes how a project stands.
HISTORIC_MILESTONES = tuple(
    f"milestones.milestone.{what}" for what in ("created", "updated", "completed", "missed", "deleted")
)
# Who left: nobody listens to their goals any more. Who is back: what came due meanwhile is announced.
DEPARTURES = ("identity.member.removed", "identity.member.disabled", "identity.key.revoked")
RETURNS = ("identity.member.enabled", "identity.member.restored", "identity.key.created")
# What may begin or end the time in which a milestone can be missed.
SCHEDULED_MILESTONES = tuple(f"milestones.milestone.{what}" for what in ("created", "updated", "completed", "deleted"))


class StatefulStack(Stack):
    """Table, signing key, and what one-time codes and the sign-in at another provider need."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings, **kwargs: Any) -> None:
        super().__init__(scope, id_, termination_protection=settings.keep_data, **kwargs)
        _tag(self, settings)
        self.table = Table(self, "Table", settings=settings)
        self.signing_key = SigningKey(self, "SigningKey", settings=settings)
        self.pepper = GeneratedSecret(
            self,
            "Pepper",
            settings=settings,
            purpose="Peppers the API keys of Milepost",
            lasting="A version proves the API keys that were made with it until they are rotated",
        )
        self.one_time_codes = OneTimeCodes(self, "OneTimeCodes", settings=settings)
        self.evaluator = Evaluator(self, "Evaluator", settings=settings)
        self.oidc = Oidc(self, "Oidc", settings=settings)
        self.webhook_secret = GeneratedSecret(
            self,
            "WebhookSecret",
            settings=settings,
            purpose="Seals the secrets of the webhook endpoints of Milepost",
            lasting="A version seals the secrets of webhook endpoints until they are rotated",
        )


class StatelessStack(Stack):
    """Functions, fronts, events and alarms. Its outputs are the addresses of the stage."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        settings: Settings,
        stateful: StatefulStack,
        bundle: Path,
        packages: Path | None,
        schema: Schema,
        **kwargs: Any,
    ) -> None:
        super().__init__(scope, id_, **kwargs)
        _tag(self, settings)
        self._settings = settings
        self._stateful = stateful
        self.api = Api(self, "Api", settings=settings)
        self.bus = Bus(self, "Bus", settings=settings)
        self.functions = self._functions(bundle, packages)
        _route(self.api, self.functions)
        self.graphql = Graphql(
            self,
            "Graphql",
            settings=settings,
            schema=schema,
            authorizer=self.functions.authorizer,
            functions={"goals": self.functions.goals_api, "milestones": self.functions.milestones_api},
        )
        self._watch()
        Migration(self, "Migration", table=stateful.table)
        CfnOutput(self, "ApiUrl", value=self.api.url)
        CfnOutput(self, "ApiId", value=self.api.api.api_id)
        CfnOutput(self, "GraphqlUrl", value=self.graphql.url)
        CfnOutput(self, "GraphqlApiId", value=self.graphql.api.attr_api_id)

    def _functions(self, bundle: Path, packages: Path | None) -> Functions:
        surroundings = Surroundings(
            settings=self._settings,
            # The name of the zip is the hash of what is in it.
            code=lambda_.Code.from_asset(str(bundle), asset_hash=bundle.stem),
            packages=packages,
            table=self._stateful.table,
            signing_key=self._stateful.signing_key,
            pepper=self._stateful.pepper,
            one_time_codes=self._stateful.one_time_codes,
            evaluator=self._stateful.evaluator,
            oidc=self._stateful.oidc,
            webhook_secret=self._stateful.webhook_secret,
            token_issuer=self._settings.issuer or self.api.url,
            bus=self.bus,
        )
        return Functions(self, "Functions", surroundings=surroundings)

    def _watch(self) -> None:
        events = Events(
            self,
            "Events",
            settings=self._settings,
            table=self._stateful.table,
            goals_consumers=self.functions.goals_consumers,
            outbox=self.functions.outbox,
        )
        self.bus.allow_publishing(self.functions.outbox)
        self._subscribe()
        self._remove_goals()
        self._sync_milestones(events)
        Webhooks(
            self,
            "Webhooks",
            bus=self.bus,
            consumers=self.functions.notifications_consumers,
            sender=self.functions.notifications_sender,
            timeout=EVENTS_TIMEOUT,
            dead_letters=events.dead_letters,
        )
        KeyRotation(self, "KeyRotation", function=self.functions.key_rotation, dead_letters=events.dead_letters)
        Monitoring(
            self,
            "Monitoring",
            settings=self._settings,
            table=self._stateful.table,
            functions=self.functions,
            api=self.api,
            graphql=self.graphql,
            dead_letters=events.dead_letters,
            discarded=events.discarded,
            bus=self.bus,
        )

    def _subscribe(self) -> None:
        functions = self.functions
        self.bus.subscribe("Audit", functions.audit_consumers, "identity.*", timeout=EVENTS_TIMEOUT)
        goals = self.bus.subscribe(
            "GoalSchedules", functions.goal_schedules, "goals.*", *RETURNS, timeout=EVENTS_TIMEOUT
        )
        self.schedules = Schedules(self, "Schedules", settings=self._settings)
        self.schedules.allow(functions.goal_schedules, goals)
        milestones = self.bus.subscribe(
            "MilestoneSchedules", functions.milestone_schedules, *SCHEDULED_MILESTONES, timeout=EVENTS_TIMEOUT
        )
        self.schedules.allow(functions.milestone_schedules, milestones)
        self.bus.subscribe("ProjectHistory", functions.project_history, *HISTORIC_MILESTONES, timeout=EVENTS_TIMEOUT)
        self.graphql.allow_publishing(functions.goal_progress, "publishGoalProgress", "disconnectListeners")
        if self._settings.carries_subscriptions:
            self.bus.subscribe("GoalProgress", functions.goal_progress, "goals.*", *DEPARTURES, timeout=EVENTS_TIMEOUT)

    def _remove_goals(self) -> None:
        Removals(
            self,
            "Removals",
            bus=self.bus,
            remover=self.functions.goal_removals,
            importing=self.functions.goals_consumers,
            timeout=EVENTS_TIMEOUT,
        )

    def _sync_milestones(self, events: Events) -> None:
        consumers = self.functions.milestones_consumers
        requested = "milestones.milestone.sync_requested"
        self.bus.subscribe("MilestoneSync", consumers, requested, timeout=MILESTONES_TIMEOUT)
        Reconciliation(self, "Reconciliation", function=consumers, dead_letters=events.dead_letters)


def _route(api: Api, functions: Functions) -> None:
    api.route(
        functions.goals_api,
        "/api/v1/goals",
        "/api/v1/goals/{proxy+}",
        "/api/v1/milestone-achievements",
        "/api/v1/links",
        "/api/v1/links/{proxy+}",
        "/api/v1/shared/{proxy+}",
    )
    api.route(
        functions.milestones_api,
        "/api/v1/milestones",
        "/api/v1/milestones/{proxy+}",
        "/api/v1/projects/{proxy+}",
    )
    api.route(
        functions.identity_api,
        "/api/v1/auth/{proxy+}",
        "/api/v1/invitations",
        "/api/v1/invitations/{proxy+}",
        "/api/v1/audit",
        "/api/v1/keys",
        "/api/v1/keys/{proxy+}",
        "/api/v1/members",
        "/api/v1/members/{proxy+}",
        "/api/v1/tenant",
        "/.well-known/{proxy+}",
    )
    api.route(functions.notifications_api, "/api/v1/webhook-endpoints", "/api/v1/webhook-endpoints/{proxy+}")
    api.route(
        functions.portal,
        "/",
        "/dashboard/{proxy+}",
        "/api/v1/docs",
        "/api/v1/docs/{proxy+}",
        "/api/v1/openapi.json",
        "/api/v1/health",
        "/api/v1/health/ready",
    )


def _tag(stack: Stack, settings: Settings) -> None:
    Tags.of(stack).add("project", "milepost")
    Tags.of(stack).add("stage", settings.stage)
