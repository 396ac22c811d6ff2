"""A guest who is a member of one project: what is theirs to see of it, and that nothing else is there for them.

What a guest has no scope for is refused before, which `test_matrix.py` holds for every operation and field.
"""

import json
from typing import Any

import pytest

from functions.identity.scopes import SCOPES
from tests.goals.catalogue import Field
from tests.platform.fields import FIELDS, answered_field, refusal
from tests.platform.operations import OPERATIONS, Operation, send
from tests.platform.tenants import Actor, Tenants

OPEN = [each for each in OPERATIONS if each.scope in SCOPES["guest"]]
OPEN_FIELDS = [each for each in FIELDS if each.scope in SCOPES["guest"]]
# Their comment is on a layer, and below evidence there is none.
THEIRS = {
    *("project_id", "project_milestone_id", "evidence_id", "escalation_id", "verification_id", "comment_id"),
    "probe_id",
    "team_id",
}
SECRETS = ("4711", "The third wheel is weak.")
"""The amount of the project's milestone, and what its team has noted."""


@pytest.fixture
def guest(tenants: Tenants) -> Actor:
    """A guest of the tenant who is a viewer of the owner's project, whose milestone has an internal note."""
    owner, guest = tenants.actors["owner"], tenants.actors["guest"]
    user_id = send("GET", "/api/v1/auth/me", headers=guest.headers).body["user_id"]
    path = f"/api/v1/projects/{owner.places['project_id']}/members/{user_id}"
    assert send("PUT", path, {"roles": ["viewer"]}, headers=owner.headers).status == 200
    path = f"/api/v1/project-milestones/{owner.places['project_milestone_id']}"
    noted = send("PATCH", path, {"internal_notes": SECRETS[1]}, headers=owner.headers)
    assert [text for text in SECRETS if text in str(noted.body)] == [*SECRETS]
    return guest


def told(answer: Any) -> list[str]:
    return [text for text in SECRETS if text in json.dumps(answer, default=str)]


def test_their_project_is_there(guest: Actor):
    project_id, milestone_id = guest.places["project_id"], guest.places["project_milestone_id"]
    listed = send("GET", "/api/v1/projects", headers=guest.headers).body["items"]
    milestones = send("GET", f"/api/v1/projects/{project_id}/project-milestones", headers=guest.headers).body["items"]

    assert [each["project_id"] for each in listed] == [project_id]
    assert milestone_id in [each["project_milestone_id"] for each in milestones]
    assert {each["project_id"] for each in milestones} == {project_id}


@pytest.mark.parametrize("operation", OPEN, ids=str)
def test_an_operation_tells_a_guest_nothing_but_of_their_project(operation: Operation, guest: Actor):
    reply = guest.calls(operation, operation.example)

    if operation.names:
        is_theirs = {*operation.names} <= THEIRS and not {"evidence_id", "comment_id"} <= {*operation.names}
        assert (reply.status != 404) == is_theirs, reply.body
    assert told(reply.body) == []


@pytest.mark.parametrize("field", OPEN_FIELDS, ids=str)
def test_a_field_tells_a_guest_nothing_but_of_their_project(field: Field, guest: Actor):
    reply = answered_field(field, guest)

    if {"projectId", "projectMilestoneId"} & field.required.keys():
        assert refusal(reply) not in {"ProjectNotFound", "ProjectMilestoneNotFound"}
    assert told(reply) == []
