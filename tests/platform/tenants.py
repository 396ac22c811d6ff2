"""Two tenants at noon of one day: one with somebody in every role and services with keys, and a stranger's own.

Made once for a process through the entries; `restored` puts the table back to how it was then, so that every test finds
the same, whatever the one before it did.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
import time_machine
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.kms import kms_backends
from moto.secretsmanager import secretsmanager_backends
from moto.ses import ses_backends

from functions.audience.settings import settings as audience_settings
from functions.identity.scopes import SCOPES
from functions.identity.second_factor import seals
from functions.milestones.evaluation import settings as evaluator_of_the_stage
from functions.webhooks import endpoints
from shared.callers import auth
from shared.sending import mail, sns
from tests.audience.settled import NO_LEAD, lead_of
from tests.aws import hooks
from tests.aws.buckets import make_the_bucket
from tests.aws.quick.table import QuickTable, standing_in
from tests.conftest import make_table, refuse_scan
from tests.goals.conftest import the_table
from tests.identity.api_keys.key_holders import service_of
from tests.identity.people import SignedIn, registered
from tests.payments.settled import NO_INVOICE, deposited, invoice_of
from tests.platform.held import raw
from tests.platform.operations import OPERATIONS, Operation, send
from tests.projects.settled import NO_PROJECT, project_of
from tests.search import using
from tests.sequences.settled import NO_ELEMENT, element_of
from tests.webhooks.settled import endpoint_of

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ALL_SCOPES = frozenset[str]().union(*SCOPES.values())
ASKED_FOR = {operation.scope for operation in OPERATIONS if not operation.is_public}
WITH_GOALS = {role for role, scopes in SCOPES.items() if "goals:write" in scopes}
PLACES = {
    **NO_ELEMENT,
    **NO_INVOICE,
    **NO_LEAD,
    **NO_PROJECT,
    "account_code": "clearing",
    "alias_name": "library",
    "asset": "swagger-ui.min.css",
    "version": "6f65d0b27c17",
    "file": "app.js",
    "collection_name": "travels",
    "document_id": "gulliver",
    "endpoint_id": "endpoint_01KAFX9C2E4G6J8M0P3R5T7VWX",
    "event_id": "evt_01KAFXA1D3F5H7K9N2Q4S6V8XZ",
    "goal_id": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "invitation_id": "invite_01KAFX7P3R5T8V0W2Y4Z6A9BCD",
    "key_id": "4kQzT0bX9aLm",
    "job_id": "job_01KAFXB7M3P5R8T0V2X4Z6A9CE",
    "link_id": "link_01KAFXB7M3P5R8T0V2X4Z6A9CE",
    "owner_id": "user_01KAFWZZ2C4E6G8J0K3M5N7PQS",
    "milestone_uid": "550e8400-e29b-41d4-a716-446655440000",
    "saved_search_id": "saved_01KAFXB7M3P5R8T0V2X4Z6A9CE",
    "service_name": "weekly-report",
    "task_id": "task_01KAFX4B1H6M9P2R5S8T0V3WXY",
    "user_id": "user_01KAFWZZ2C4E6G8J0K3M5N7PQR",
}
"""Well-formed names of what is not there, for everything that stands in a path."""


@dataclass(frozen=True)
class Actor:
    """Who calls, with what credential, what they may do, and what the paths of their requests name."""

    name: str
    scopes: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)

    def calls(
        self, operation: Operation, body: Any = None, *, places: Mapping[str, str] | None = None, query: str = ""
    ) -> Any:
        path = operation.path.format(**(places or self.places))
        return send(operation.method, path, body, headers=self.headers, query=query)


@dataclass
class Tenants:
    """The actors by name, the keys by what they may do, every text by which the first tenant could be told, and those
    by which its owner's goal could be, which is shared with the viewer and the services only.
    """

    actors: dict[str, Actor]
    services: dict[frozenset[str], Actor]
    owner: SignedIn
    telling: list[str]
    private: list[str]
    kept: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def actor(self, name: str, scope: str) -> Actor:
        """Return who this is for an operation of the scope: a key is told by what it may do."""
        if name == "key with scope":
            return self.services[frozenset({scope}) if scope in ASKED_FOR else ALL_SCOPES]
        if name == "key without scope":
            return self.services[ALL_SCOPES - {scope}]
        return self.actors[name]


ACTORS = (
    "anonymous",
    "other tenant",
    "colleague",
    "viewer",
    "member",
    "guest",
    "admin",
    "owner",
    "key without scope",
    "key with scope",
)


_SERVICES = (kms_backends, secretsmanager_backends, ses_backends)


@dataclass
class _Stage:
    """What a stage with the tenants on it consists of: the services of AWS, the environment, and the tenants."""

    environment: dict[str, str]
    services: list[dict[str, Any]]
    tenants: Tenants
    kept: dict[tuple[str, str], dict[str, Any]]
    table: QuickTable


_made: list[_Stage] = []


@contextmanager
def standing() -> Iterator[Tenants]:
    """Yield the tenants on a stage of their own, where time stands still; the first in a process makes them."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch, time_machine.travel(NOON, tick=False):
        if not _made:
            _made.append(_deployed())
        (stage,) = _made
        make_the_bucket()
        for name, value in stage.environment.items():
            patch.setenv(name, value)
        for service, state in zip(_SERVICES, stage.services, strict=True):
            _here(service).__dict__ = state
        _forget()
        hooks.register("before-call.dynamodb.Scan", refuse_scan)
        stage.table.stand_in()
        stage.tenants.kept = stage.kept
        yield restored(stage.tenants)
        _forget()


def _deployed() -> _Stage:
    with pytest.MonkeyPatch.context() as patch:
        before = dict(os.environ)
        deploy(patch)
        table = QuickTable()
        table.stand_in()
        tenants = _settle()
        settle(tenants)
        environment = {name: value for name, value in os.environ.items() if before.get(name) != value}
    return _Stage(environment, [_here(service).__dict__ for service in _SERVICES], tenants, tenants.kept, table)


def _here(service: Any) -> Any:
    return service[DEFAULT_ACCOUNT_ID]["eu-west-1"]


def _forget() -> None:
    mail.client.cache_clear()
    sns.client.cache_clear()
    for forgetful in (auth, audience_settings, seals.secret, endpoints.secret, evaluator_of_the_stage):
        forgetful.forget()


def settle(tenants: Tenants) -> None:
    """Take how the table is now for how the tenants are settled."""
    tenants.kept = {key: item for key, item in raw().items() if item.get("entity") != {"S": "Event"}}


def restored(tenants: Tenants) -> Tenants:
    """Return the tenants as they were settled, nothing remembered of what happened since."""
    quick = standing_in()
    assert quick is not None
    for key in quick.items.keys() - tenants.kept.keys():
        del quick.items[key]
    for key, item in tenants.kept.items():
        if quick.items.get(key) is not item:
            quick.items[key] = item
    auth.forget_callers()
    return tenants


def deploy(patch: pytest.MonkeyPatch) -> None:
    """Make what a stage has: the table, a signing key, the secrets, an address to send e-mail from."""
    hooks.forget()
    auth.forget()
    make_table()
    the_table().stream_shard = None
    key = boto3.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")
    patch.setenv("SIGNING_KEY_ID", key["KeyMetadata"]["KeyId"])
    for variable in (f"{of}_SECRET_ID" for of in ("PEPPER", "OTP", "PROBE", "STRIPE_WEBHOOKS", "WEBHOOK")):
        made = boto3.client("secretsmanager").create_secret(Name=variable, SecretString='{"a secret": "of 40 letters"}')
        patch.setenv(variable, made["ARN"])
    evaluator = boto3.client("secretsmanager").create_secret(Name="EVALUATOR", SecretString='{"url": ""}')
    patch.setenv("EVALUATOR_SECRET_ID", evaluator["ARN"])
    patch.setenv("ALLOW_UNSIGNED_WEBHOOKS", "false")
    evaluator_of_the_stage.forget()
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    patch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    patch.setenv("SMS_COUNTRIES", "+")
    patch.setenv("SMS_SENDER_ID", "")
    patch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")
    patch.setenv("RATE_LIMIT", "1000/5000")
    for name in ("ACCOUNT", "ADDRESS", "CREDENTIAL", "INVITED", "REGISTRATION"):
        patch.setenv(f"{name}_RATE_LIMIT", "1000/5000")
    hooks.register("before-call.dynamodb.Scan", refuse_scan)


def _settle() -> Tenants:
    ada = registered("ada")
    people = {role: ada.invites(f"the-{role}", role) for role in SCOPES if role != "owner"} | {"owner": ada}
    sessions = {role: person.signs_in() for role, person in people.items()}
    owner = sessions["owner"]
    invitation = owner.post("/api/v1/invitations", {"email": "heidi@example.com", "role": "member"}).body
    service_of(owner, "weekly-report")
    viewer_id = people["viewer"].user_id
    project = project_of(_bearer(owner), ada.user_id)
    draft = {"project_id": project["project_id"], "kpi_id": "tvl", "target": 1000000}
    uid = send("POST", "/api/v1/milestones", draft, headers=_bearer(owner)).body["milestone_uid"]
    send("POST", "/api/v1/milestones", {**draft, "project_id": "project_123"}, headers=_bearer(owner))
    named = {
        "invitation_id": invitation["invitation_id"],
        "service_name": "weekly-report",
        "user_id": viewer_id,
        "owner_id": ada.user_id,
    }
    named |= endpoint_of(_bearer(owner)) | element_of(_bearer(owner)) | using.settled(_bearer(owner))
    named |= lead_of(_bearer(owner)) | project
    named |= invoice_of(_bearer(owner), project["project_id"], project["project_milestone_id"])
    named["milestone_uid"] = uid
    deposited(_bearer(owner), project["project_id"])
    goal = _goal(owner, shared_with=viewer_id)
    actors = {
        role: Actor(role, SCOPES[role], _bearer(here), PLACES | named | (_goal(here) if role in WITH_GOALS else goal))
        for role, here in sessions.items()
        if role != "owner"
    }
    actors["owner"] = Actor("owner", SCOPES["owner"], _bearer(owner), PLACES | named | goal)
    actors["anonymous"] = Actor("anonymous", places=PLACES | named | goal)
    # The one who may most without being an owner; what is in the paths of their requests is the owner's.
    actors["colleague"] = Actor("colleague", SCOPES["admin"], _bearer(sessions["admin"]), PLACES | named | goal)
    stranger = registered("eve").signs_in()
    actors["other tenant"] = Actor("other tenant", SCOPES["owner"], _bearer(stranger), PLACES | named | goal)
    telling = [ada.tenant_id, *named.values(), *goal.values()]
    telling += [text for person in people.values() for text in (person.user_id, person.email)]
    return Tenants(actors, _services(owner, PLACES | named | goal), owner, telling, [*goal.values()])


def _services(owner: SignedIn, places: Mapping[str, str]) -> dict[frozenset[str], Actor]:
    """Return a service for every scope that has only that one, and one that has all but that one, and one with all."""
    granted = [ALL_SCOPES, *(held for each in sorted(ASKED_FOR) for held in (frozenset({each}), ALL_SCOPES - {each}))]
    services = {}
    for number, scopes in enumerate(granted):
        service = service_of(owner, f"service-{number}", scopes=sorted(scopes))
        send("GET", "/api/v1/auth/me", headers={"x-api-key": service.key})  # the day of its use is written once
        path = f"/api/v1/goals/{places['goal_id']}/shares/{service.user_id}"
        send("PUT", path, {"role": "contributor"}, headers=_bearer(owner))
        services[scopes] = Actor(f"key of {sorted(scopes)}", scopes, {"x-api-key": service.key}, places)
    return services


def _goal(here: SignedIn, *, shared_with: str | None = None) -> dict[str, str]:
    headers = _bearer(here)
    goal_id = send("POST", "/api/v1/goals", {"title": "Run a marathon"}, headers=headers).body["goal_id"]
    task = send("POST", f"/api/v1/goals/{goal_id}/tasks", {"title": "Buy shoes"}, headers=headers).body
    if shared_with is not None:
        send("PUT", f"/api/v1/goals/{goal_id}/shares/{shared_with}", {"role": "viewer"}, headers=headers)
    link = send("POST", "/api/v1/links", {"goal_id": goal_id}, headers=headers).body
    job = send("POST", "/api/v1/goals/export-jobs", headers=headers).body
    return {"goal_id": goal_id, "task_id": task["task_id"], "link_id": link["link_id"], "job_id": job["job_id"]}


def _bearer(here: SignedIn) -> dict[str, str]:
    return {"authorization": f"Bearer {here.access_token}"}
