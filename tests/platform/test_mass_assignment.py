"""Nobody gives themselves what a body does not offer: every field that is not the operation's own is refused by name.

The operations and GraphQL inputs are read off the API reference and the schema; with each of them goes every name
under which systems keep who somebody is and what they may do, and the names that reach into objects elsewhere.
"""

import dataclasses
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic.alias_generators import to_camel

from tests.audience.appsync import SCHEMA as AUDIENCE_SCHEMA
from tests.aws import hooks
from tests.aws.entries import Context, appsync_event
from tests.goals.appsync import SCHEMA
from tests.goals.catalogue import Field, Scene
from tests.identity.entries import appsync
from tests.milestones.appsync import SCHEMA as TRACKED_SCHEMA
from tests.payments.appsync import SCHEMA as PAYMENTS_SCHEMA
from tests.platform.fields import FIELDS, RESOLVERS
from tests.platform.held import stored, unchanged
from tests.platform.operations import DOCUMENT, HANDLERS, OPERATIONS, Operation
from tests.platform.tenants import Actor, Tenants, restored
from tests.projects.appsync import SCHEMA as PROJECTS_SCHEMA

PRIVILEGED = {
    "role": "owner",
    "roles": ["owner"],
    "tenant_id": "tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6",
    "user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "owner_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "epoch": 0,
    "scope": "identity:admin",
    "scopes": ["identity:admin"],
    "is_admin": True,
    "disabled": False,
    "email_verified": True,
    "has_second_factor": False,
    "amr": ["pwd", "otp"],
    "auth_time": 1795176000,
    "password_hash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA",
    "version": 99,
    "created_at": "2020-01-01T00:00:00Z",
    "updated_at": "2020-01-01T00:00:00Z",
    "ttl": 1,
    "PK": "USER#user_1",
    "SK": "PROFILE",
    "__proto__": {"role": "owner"},
    "constructor": {"prototype": {"role": "owner"}},
    "nobody_knows_this": 1,
}
# Webhooks are read as their sender writes them, fields that we do not know included, and only when they are signed.
SIGNED = {
    "/api/v1/delivery/inbound",
    "/api/v1/delivery/receipt",
    "/api/v1/milestones/webhooks/milestone-complete",
    "/api/v1/payment-webhooks/{gateway}",
}
TAKING = [each for each in OPERATIONS if each.example is not None and each.path not in SIGNED]
# The portal reads no body and writes nothing.
BARE = [each for each in OPERATIONS if each.example is None and each.context != "portal"]
INPUTS = [each for each in FIELDS if "input" in each.required]
SCHEMAS = (SCHEMA, TRACKED_SCHEMA, AUDIENCE_SCHEMA, PROJECTS_SCHEMA, PAYMENTS_SCHEMA)
TYPES = {name: each for schema in SCHEMAS for name, each in schema.type_map.items()}
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems")


def offered(operation: Operation) -> set[str]:
    """Return the fields that the body of an operation has."""
    declared = DOCUMENT["paths"][operation.path][operation.method.lower()]["requestBody"]
    schema = declared["content"]["application/json"]["schema"]
    parts = [part["$ref"] for part in [schema, *schema.get("anyOf", [])] if "$ref" in part]
    return {name for part in parts for name in DOCUMENT["components"]["schemas"][part.rpartition("/")[2]]["properties"]}


def smuggled(names: set[str]) -> list[str]:
    """Return the names that are privileged and not among these."""
    return sorted(PRIVILEGED.keys() - names)


@pytest.fixture
def writes(owner: Actor) -> Iterator[list[str]]:
    """The writes to the table, but for those that count how much somebody calls."""
    written: list[str] = []

    def note(model: Any, params: dict[str, Any], **_: Any) -> None:
        if model.name in WRITES and "RATE#" not in str(params.get("body")):
            written.append(model.name)

    hooks.register("before-call.dynamodb", note)
    yield written
    hooks.unregister("before-call.dynamodb", note)


@pytest.mark.parametrize("operation", TAKING, ids=str)
def test_a_field_that_a_body_does_not_have_is_refused_by_name(operation: Operation, owner: Actor, writes: list[str]):
    names = smuggled(offered(operation))

    replies = {name: owner.calls(operation, {**operation.example, name: PRIVILEGED[name]}) for name in names}

    answers = {name: (reply.status, reply.body["code"], reply.fields) for name, reply in replies.items()}
    assert answers == {name: (422, "InvalidInput", [name]) for name in names}
    assert writes == []


@pytest.mark.parametrize("operation", TAKING, ids=str)
def test_all_of_them_at_once_are_each_named_and_nothing_is_kept(operation: Operation, owner: Actor):
    extra = {name: PRIVILEGED[name] for name in smuggled(offered(operation))}
    before = stored()

    reply = owner.calls(operation, {**operation.example, **extra})

    assert set(reply.fields) == extra.keys()
    assert unchanged(before, stored())


@pytest.mark.parametrize("operation", BARE, ids=str)
def test_an_operation_without_a_body_takes_nothing_from_one(operation: Operation, settled: Tenants, owner: Actor):
    bare = owner.calls(operation)
    after_bare = without_instants(stored())
    restored(settled)

    reply = owner.calls(operation, PRIVILEGED)

    assert reply.status == bare.status
    assert without_instants(stored()) == after_bare


def without_instants(items: dict[tuple[str, str], dict[str, Any]]) -> list[tuple[str, ...]]:
    """Return the keys of what is the same whenever it is written: events, jobs and duplicates have ids of their own."""
    kept = [key for key, item in items.items() if item.get("entity") not in {"Event", "RateLimit"}]
    return sorted(tuple(re.sub(r"(evt|job|pms)_\w+", r"\1_", part) for part in key) for key in kept)


def test_only_who_grants_roles_scopes_or_disables_may_name_them():
    privileged = {"role", "roles", "scopes", "disabled"} | {"tenant_id", "user_id", "epoch", "is_admin", "version"}
    naming = {str(each): offered(each) & privileged for each in TAKING if offered(each) & privileged}

    assert naming == {
        # Which of the tenants that the account is a member of.
        "POST /api/v1/auth/switch": {"tenant_id"},
        # At which version a document is after the change.
        "POST /api/v1/documents/sync": {"version"},
        "POST /api/v1/invitations": {"role"},
        "POST /api/v1/keys": {"scopes"},
        # Of a KPI: on which chains it is measured.
        "POST /api/v1/milestones": {"scopes"},
        "PATCH /api/v1/keys/{service_name}": {"disabled"},
        "PATCH /api/v1/members/{user_id}": {"role", "disabled"},
        "PATCH /api/v1/webhook-endpoints/{endpoint_id}": {"disabled"},
        "PUT /api/v1/goals/{goal_id}/shares/{user_id}": {"role"},
        # What somebody does in a project, and for a milestone of it.
        "PUT /api/v1/projects/{project_id}/members/{user_id}": {"roles"},
        "POST /api/v1/project-milestones/{project_milestone_id}/owners": {"role", "user_id"},
        "POST /api/v1/project-milestones/{project_milestone_id}/owners/transfer": {"user_id"},
        "POST /api/v1/verifications/{verification_id}/reassign": {"user_id"},
        "POST /api/v1/escalations/{escalation_id}/actions": {"user_id"},
    }


def test_registering_makes_nobody_but_the_owner_of_a_new_tenant(owner: Actor, settled: Tenants, writes: list[str]):
    register = next(each for each in TAKING if each.path.endswith("/register"))
    draft = {**register.example, "email": "mallory@example.com", "password": "correct horse battery staple"}
    refused = owner.calls(register, {**draft, "role": "admin", "tenant_id": settled.owner.person.tenant_id})
    written_by_the_refused = writes.copy()
    taken = owner.calls(register, draft)

    assert (written_by_the_refused, writes) == ([], ["TransactWriteItems"])
    assert set(refused.fields) == {"role", "tenant_id"}
    assert (taken.status, taken.body["role"]) == (201, "owner")
    assert taken.body["tenant_id"] != settled.owner.person.tenant_id


def asked(field: Field, actor: Actor, input_: dict[str, Any]) -> dict[str, Any]:
    """Ask past the schema, as if AppSync did not hold requests to it."""
    entered = appsync(actor.headers["authorization"])["resolverContext"]
    places = Scene(*(actor.places[name] for name in ("goal_id", "task_id", "user_id", "milestone_uid", "link_id")))
    arguments = {**field.arguments(places), "input": input_}
    event = appsync_event(field.type_name, field.name, arguments, resolver_context=entered)
    reply = HANDLERS[RESOLVERS[str(field)]](event, Context())
    assert reply.get("__milepost_error"), json.dumps(reply)
    return reply["error"]


def fields_of(field: Field) -> set[str]:
    """Return the fields that the input of a field has."""
    return set(TYPES[field.required["input"]].fields)


def in_graphql(name: str) -> str:
    """Return how a field of a body is called in an input of GraphQL."""
    return to_camel(name) if name[0].islower() else name


@pytest.mark.parametrize("field", INPUTS, ids=str)
def test_an_input_that_offers_no_such_field_is_refused(field: Field, owner: Actor, writes: list[str]):
    draft = field.arguments(Scene(*("x",) * len(dataclasses.fields(Scene))))["input"]
    names = [name for name in sorted(PRIVILEGED) if in_graphql(name) not in fields_of(field)]

    errors = {name: asked(field, owner, {**draft, in_graphql(name): PRIVILEGED[name]}) for name in names}

    answers = {name: (each["code"], each["details"]["status"]) for name, each in errors.items()}
    assert answers == dict.fromkeys(names, ("InvalidInput", 422))
    assert {name: len(each["details"]["errors"]) for name, each in errors.items()} == dict.fromkeys(names, 1)
    assert writes == []


def test_no_input_offers_what_is_privileged_but_scopes_of_a_kpi_instants_of_a_past_and_roles_in_a_project():
    naming = {(str(field), name) for field in INPUTS for name in PRIVILEGED if to_camel(name) in fields_of(field)}

    # Of a goal that is restored: when it was set and changed elsewhere.
    restored = {("Mutation.beginRestore", "created_at"), ("Mutation.beginRestore", "updated_at")}
    # What somebody does in a project, and for a milestone of it.
    people = {("Mutation.putProjectMember", "roles")}
    people |= {("Mutation.assignProjectMilestone", name) for name in ("role", "user_id")}
    people.add(("Mutation.addEscalationAction", "user_id"))
    # How far a delegation reaches, which is no scope of a token.
    people.add(("Mutation.createDelegation", "scope"))
    assert naming == {("Mutation.createTrackedMilestone", "scopes"), *restored, *people}
