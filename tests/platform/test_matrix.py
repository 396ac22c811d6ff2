"""Who may call what: every operation and every GraphQL field, called by everybody there is.

The rows are the routes and fields, the columns the actors; what is expected follows from the scope that a row declares
and from the one table of what a role may do (functions/identity/scopes.py). Nobody keeps a list.
"""

import json
from typing import Any

import pytest

from functions.identity.scopes import SCOPES
from shared.api.reference import TO_CALLERS
from shared.api.rest import PUBLIC, Api, answer
from tests.aws.entries import Answer, http_event
from tests.goals.catalogue import Field
from tests.platform.catalogues import told
from tests.platform.fields import FIELDS, RESOLVERS, answered_field, refusal
from tests.platform.held import stored, unchanged
from tests.platform.operations import OPERATIONS, Operation
from tests.platform.tenants import ACTORS, Actor, Tenants, restored
from tests.platform.unprepared import unprepared
from tests.portal.conftest import bundled

__all__ = ["bundled"]

REFUSED_AT_THE_DOOR = {kind.code for kind in TO_CALLERS}


MADE_BY = {
    "provider_id": "POST /api/v1/delivery-providers",
    "segment_id": "POST /api/v1/segments",
    "campaign_id": "POST /api/v1/campaigns",
    **dict.fromkeys(("goal_id", "owner_id"), "POST /api/v1/goals"),
    "endpoint_id": "POST /api/v1/webhook-endpoints",
    "collection_name": "POST /api/v1/collections",
    "element_type": "POST /api/v1/sequences/types",
    "project_id": "POST /api/v1/projects",
    "project_milestone_id": "POST /api/v1/projects/{project_id}/project-milestones",
    "team_id": "POST /api/v1/projects/{project_id}/teams",
    "plan_template_id": "POST /api/v1/plan-templates",
    "escalation_id": "POST /api/v1/escalations",
    "escalation_policy_id": "POST /api/v1/escalation-policies",
    "probe_id": "POST /api/v1/probes",
    "evidence_id": "POST /api/v1/project-milestones/{project_milestone_id}/evidence",
}
"""What makes the first of what a path names, where it names more."""
CHOSEN = {"account_code", "criterion_key", "scope", "comment_id", "credit_note_id"}
"""What callers choose in a path, and nothing makes; and what is below what people make in several steps."""

ASKING = {
    "POST /api/v1/invoices/preview",
    "POST /api/v1/search",
    "POST /api/v1/multi-search",
    "POST /api/v1/segments/preview",
    "POST /api/v1/campaigns/{campaign_id}/preview",
    "POST /api/v1/campaigns/{campaign_id}/test",
    "POST /api/v1/saved-searches/{saved_search_id}/run",
    "POST /api/v1/plan-templates/{plan_template_id}/export",
}
"""What asks and changes nothing, with too much to ask for a query string."""
SENDING = {
    "POST /api/v1/campaigns",
    "PATCH /api/v1/campaigns/{campaign_id}",
    "DELETE /api/v1/campaigns/{campaign_id}",
    "PUT /api/v1/campaigns/{campaign_id}/status",
    "POST /api/v1/campaigns/{campaign_id}/winner",
    "POST /api/v1/campaigns/{campaign_id}/test",
}
"""What decides what many people are sent: a scope of its own, which writing leads does not bring."""
COMMENTED = ("verifications/{verification_id}", "evidence/{evidence_id}")
DECIDING = {
    *(f"POST /api/v1/project-milestones/{{project_milestone_id}}/{what}" for what in ("accept", "refuse")),
    *(f"POST /api/v1/verifications/{{verification_id}}/{what}" for what in ("decisions", "withdraw", "reassign")),
    *(f"POST /api/v1/{on}/comments" for on in COMMENTED),
    *(f"{what} /api/v1/{on}/comments/{{comment_id}}" for on in COMMENTED for what in ("PATCH", "DELETE")),
    "POST /api/v1/delegations",
    "POST /api/v1/delegations/{delegation_id}/revoke",
    "POST /api/v1/verifications/{verification_id}/links",
    *(f"POST /api/v1/evidence/{each}" for each in ("{evidence_id}/verify", "{evidence_id}/reject", "bulk-review")),
}
"""What decides on the work of others, which guests may do too: a scope of its own."""
RELEASING = {
    "POST /api/v1/projects/{project_id}/deposits/return",
    *(
        f"POST /api/v1/payments/{{payment_id}}/{what}"
        for what in ("release", "retry", "hold", "resume", "confirm", "refund", "dispute", "dispute/resolve")
    ),
} | {f"POST /api/v1/financing-requests/{{financing_id}}/{what}" for what in ("approve", "reject", "disburse", "repay")}
"""What moves money, or keeps it back: scopes of their own, the last of which guests have too."""
_NAMED = ("goal", "project", "projectMilestone", "verification", "invoice", "evidence", "payment", "financing")
NAMING = {"milestoneUid", "invoiceScheduleId", *(f"{each}Id" for each in _NAMED)}
NOT_FOUND = {f"{each[0].upper()}{each[1:]}NotFound" for each in ("milestone", "invoiceSchedule", *_NAMED)}

every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=str)
every_field = pytest.mark.parametrize("field", FIELDS, ids=str)


@pytest.fixture
def with_its_files(operation: Operation, request: pytest.FixtureRequest) -> None:
    """Lay out the files that the portal sends, for its own operations."""
    if operation.context == "portal":
        request.getfixturevalue("bundled")


def fault(scope: str, actor: Actor, code: str | None) -> str | None:
    """Return what is wrong with how an actor was received, in words; `code` is that of a refusal."""
    if scope == PUBLIC or scope in actor.scopes:
        return f"{actor.name} is refused: {code}" if code in REFUSED_AT_THE_DOOR else None
    expected = "InsufficientScope" if actor.headers else "MissingCredential"
    return None if code == expected else f"{actor.name} is told {code} instead of {expected}"


def is_refused(scope: str, actor: Actor) -> bool:
    return scope not in {PUBLIC, *actor.scopes}


def made(operation: Operation) -> list[str]:
    """Return the names in the path of an operation of what something has made."""
    return [name for name in operation.names if name not in CHOSEN]


def code_of(reply: Answer) -> str | None:
    return reply.body["code"] if reply.status >= 400 else None


@every_operation
def test_an_operation_receives_whoever_has_its_scope_and_nobody_else(
    operation: Operation, settled: Tenants, with_its_files: None
):
    for name in ACTORS:
        actor = restored(settled).actor(name, operation.scope)
        before = stored()

        reply = actor.calls(operation, operation.example)

        assert fault(operation.scope, actor, code_of(reply)) is None
        if is_refused(operation.scope, actor):
            assert reply.status == (403 if actor.headers else 401), name
            assert reply.headers["WWW-Authenticate"].startswith('Bearer realm="milepost"'), name
            assert unchanged(before, stored()), name


@every_operation
def test_the_owner_gets_what_they_ask_for(operation: Operation, tenants: Tenants, with_its_files: None):
    reply = tenants.actors["owner"].calls(operation, operation.example)

    expected = unprepared(operation)
    assert code_of(reply) == expected, reply.body
    assert expected or 200 <= reply.status < 400


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.is_public], ids=str)
def test_another_tenant_learns_and_changes_nothing(operation: Operation, tenants: Tenants):
    before = stored()

    reply = tenants.actors["other tenant"].calls(operation, operation.example)

    assert reply.status == 404 or not operation.names
    assert [text for text in tenants.telling if text in str(reply.body)] == []
    after = stored()
    assert {key: after.get(key) for key in before if not _is_of(key, tenants)} == {
        key: item for key, item in before.items() if not _is_of(key, tenants)
    }
    assert [text for text in tenants.telling for key in after.keys() - before.keys() if text in str(after[key])] == []


@pytest.mark.parametrize(
    "operation", [each for each in OPERATIONS if len(made(each)) > 1 and not each.is_public], ids=str
)
def test_another_tenant_does_not_reach_over_from_what_is_theirs(operation: Operation, tenants: Tenants):
    stranger = tenants.actors["other tenant"]
    name, *others = made(operation)
    own = one_of_their_own(stranger, name)

    reply = stranger.calls(operation, operation.example, places={**stranger.places, name: own})

    assert reply.status in {404, 422}
    assert reply.status != 422 or reply.fields == others


def one_of_their_own(actor: Actor, name: str) -> str:
    """Make something of the actor's own, and first what it is a part of; return how it is called."""
    making = next(each for each in OPERATIONS if str(each) == MADE_BY[name])
    places = {**actor.places, **{each: one_of_their_own(actor, each) for each in making.names}}
    answered = actor.calls(making, of_their_own(actor, making), places=places).body
    return str(answered.get(name) or answered["name"])


def of_their_own(actor: Actor, making: Operation) -> Any:
    """Return the example of an operation; the segment or the milestone that it names is one of the actor's."""
    named = [each for each in ("segment_id", "project_milestone_id") if each in making.example]
    return making.example | {each: one_of_their_own(actor, each) for each in named}


@every_operation
def test_a_scope_is_of_the_context_and_of_the_kind_of_the_operation(operation: Operation):
    assert scope_fault(operation) is None


def scope_fault(operation: Operation) -> str | None:
    """Return what is wrong with a scope: that of another context, or less than the method does."""
    named, _, level = operation.scope.partition(":")
    own = told("SCOPES").get(operation.context, operation.context)
    is_reading = operation.method == "GET" or str(operation) in ASKING
    allowed = {"read", "admin"} if is_reading else {"write", "admin"}
    for those, levels in ((SENDING, {"send"}), (DECIDING, {"decide"}), (RELEASING, {"release", "dispute"})):
        allowed = levels if str(operation) in those else allowed
    if operation.is_public or (named == own and level in allowed):
        return None
    return f"{operation} asks for {operation.scope}"


def test_every_field_that_has_a_resolver_is_a_row():
    assert {str(field) for field in FIELDS} == RESOLVERS.keys()


@every_field
def test_a_field_receives_whoever_has_its_scope_and_nobody_else(field: Field, settled: Tenants):
    for name in ACTORS:
        actor = restored(settled).actor(name, field.scope)
        before = stored()

        code = asked(field, actor)

        assert fault(field.scope, actor, code) is None
        if is_refused(field.scope, actor):
            assert unchanged(before, stored()), name
        if name == "owner":
            assert code == unprepared(field)


@every_field
def test_another_tenant_learns_and_changes_nothing_by_a_field(field: Field, tenants: Tenants):
    before = stored()

    reply = answered_field(field, tenants.actors["other tenant"])

    code = refusal(reply)
    assert code in NOT_FOUND or not NAMING & field.required.keys()
    assert [text for text in tenants.telling if text in json.dumps(reply)] == []
    after = stored()
    assert {key: after.get(key) for key in before if not _is_of(key, tenants)} == {
        key: item for key, item in before.items() if not _is_of(key, tenants)
    }


def asked(field: Field, actor: Actor) -> str | None:
    """Return the code of the refusal of a field, None when there is none."""
    return refusal(answered_field(field, actor))


def _is_of(key: tuple[str, str], tenants: Tenants) -> bool:
    """Tell whether an item of the table lies where the stranger's own are."""
    return not any(text in "".join(key) for text in tenants.telling)


def planted(scope: str, *, said: str | None = None) -> tuple[Operation, Api]:
    """return a mistaken operation and its resolver: it asks for `scope` and says that it asks for `said`."""
    api = Api()
    register = api.operation("POST", "/api/v1/goals/planted", scope=scope, summary="", answers={204: None})
    register(lambda: answer(204))
    return Operation("POST", "/api/v1/goals/planted", said or scope, "goals", None, None), api


def calls_planted(api: Api, actor: Actor) -> str | None:
    reply = api.resolve(http_event("POST", "/api/v1/goals/planted", headers=actor.headers))
    status = reply["statusCode"]
    return None if status < 400 else {403: "InsufficientScope"}.get(status, "MissingCredential")


@pytest.mark.parametrize("scope", ["goals:read", "identity:write", "identity:admin"])
def test_a_route_that_declares_a_wrong_scope_is_caught(scope: str):
    assert scope_fault(planted(scope)[0]) is not None


@pytest.mark.parametrize(
    ("scope", "said", "caught"),
    [
        ("goals:read", "goals:write", {"viewer", "key without scope", "key with scope"}),
        ("goals:read", "identity:admin", {"viewer", "member", "key without scope", "key with scope"}),
        (PUBLIC, "goals:write", {"anonymous", "viewer", "guest", "key without scope"}),
        ("identity:admin", "goals:write", {"member", "key without scope", "key with scope"}),
        ("goals:write", "goals:write", set()),
    ],
)
def test_a_route_that_lets_in_others_than_it_declares_is_caught(
    scope: str, said: str, caught: set[str], tenants: Tenants
):
    operation, api = planted(scope, said=said)
    received = {name: tenants.actor(name, operation.scope) for name in ACTORS}

    found = {name for name, actor in received.items() if fault(operation.scope, actor, calls_planted(api, actor))}
    assert found == caught


def test_every_role_is_an_actor():
    assert set(SCOPES) < set(ACTORS)
