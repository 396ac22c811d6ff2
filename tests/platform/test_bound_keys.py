"""A key that is bound to a collection is let in by the operations that know what it is bound to, and by no other."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from functions.identity import authorizer
from shared.callers import api_keys, auth, bound_keys
from shared.callers.caller import Restriction
from shared.storage import table
from tests.aws.entries import Context
from tests.platform.held import stored, unchanged
from tests.platform.operations import OPERATIONS, Operation, send
from tests.platform.tenants import Tenants

READING = {
    "GET /api/v1/collections/{collection_name}/documents/{document_id}",
    "POST /api/v1/multi-search",
    "POST /api/v1/search",
}
EXPORTING = "POST /api/v1/collections/{collection_name}/export-jobs"
OF_ITS_OWN_JOBS = {
    "GET /api/v1/jobs/{job_id}",
    "GET /api/v1/jobs/{job_id}/file",
    "GET /api/v1/jobs/{job_id}/rows",
    "POST /api/v1/jobs/{job_id}/cancel",
}


@dataclass(frozen=True)
class Bound:
    """A key that is bound to something of a context."""

    key_id: str
    text: str

    def calls(self, operation: Operation, tenants: Tenants) -> Any:
        path = operation.path.format(**tenants.actors["owner"].places)
        return send(operation.method, path, operation.example, headers={"x-api-key": self.text})


def bound_to(context: str, content: str, tenants: Tenants) -> Bound:
    made = api_keys.new()
    restriction = Restriction(context, content)
    tenant_id = tenants.owner.person.tenant_id
    table.transact([bound_keys.recorded(made, restriction, tenant_id=tenant_id, valid_until=None)])
    return Bound(made.key_id, made.text)


def of_the_owner(tenants: Tenants) -> Bound:
    owner = tenants.actors["owner"]
    path = f"/api/v1/collections/{owner.places['collection_name']}/keys"
    given = send("POST", path, {}, headers=owner.headers).body
    return Bound(given["key_id"], given["key"])


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.is_public], ids=str)
def test_a_bound_key_is_let_in_by_what_knows_it_and_by_nothing_else(operation: Operation, tenants: Tenants):
    key = of_the_owner(tenants)
    send("GET", "/api/v1/auth/me", headers={"x-api-key": key.text})  # the day of its use is written once
    before = stored()

    reply = key.calls(operation, tenants)

    if str(operation) == EXPORTING:
        assert reply.status == 202, reply.body
        assert {pk for pk, sk in stored().keys() - before.keys()} == {f"USER#key_{key.key_id}"}
        return
    if str(operation) in READING:
        assert reply.status in {200, 404}, reply.body
    elif str(operation) in OF_ITS_OWN_JOBS:
        assert (reply.status, reply.body["code"]) == (404, "JobNotFound")
    else:
        assert (reply.status, reply.body["code"]) == (403, "InsufficientScope")
    assert unchanged(before, stored())


def test_every_operation_that_knows_bound_keys_only_reads_or_is_about_their_own_jobs(tenants: Tenants):
    known = {*READING, EXPORTING, *OF_ITS_OWN_JOBS}

    assert {str(each) for each in OPERATIONS} > known
    assert {each.scope for each in OPERATIONS if str(each) in READING} == {"search:read"}


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if not each.is_public], ids=str)
def test_a_key_that_is_bound_to_what_nobody_knows_is_let_in_to_jobs_alone_and_has_none(
    operation: Operation, tenants: Tenants
):
    key = bound_to("nobody", "{}", tenants)

    reply = key.calls(operation, tenants)

    expected = (404, "JobNotFound") if str(operation) in OF_ITS_OWN_JOBS else (403, "InsufficientScope")
    assert (reply.status, reply.body["code"]) == expected


def test_a_bound_key_is_let_in_by_no_field(tenants: Tenants):
    key = of_the_owner(tenants)
    event = {"authorizationToken": key.text, "requestHeaders": {}, "requestContext": {}}

    assert authorizer.handler(event, Context()) == {"isAuthorized": False}


def test_a_bound_key_has_no_scopes_where_nobody_looks_at_its_restriction(tenants: Tenants):
    key = of_the_owner(tenants)
    caller = auth.from_headers({"x-api-key": key.text})

    assert caller.restriction is not None
    assert caller.scopes == frozenset()
    assert json.loads(caller.restriction.content)["collection_name"] == "voyages"
