"""Somebody of the same tenant, with whom nothing is shared: no goal of a colleague is there for them, by any way in.

The colleague is an admin: nobody but an owner may do more. What belongs to the tenant as a whole is theirs to see.
"""

import json
from typing import Any

import pytest

from tests.goals.catalogue import Field
from tests.platform.fields import FIELDS, answered_field, refusal
from tests.platform.held import stored
from tests.platform.operations import OPERATIONS, Operation
from tests.platform.tenants import Tenants

OF_A_GOAL = {"goal_id", "task_id", "link_id"}


@pytest.mark.parametrize("operation", [each for each in OPERATIONS if each.scope.startswith("goals:")], ids=str)
def test_somebody_of_the_tenant_learns_and_changes_nothing_of_a_goal_that_is_not_shared_with_them(
    operation: Operation, tenants: Tenants
):
    colleague, before = tenants.actors["colleague"], stored()

    reply = colleague.calls(operation, operation.example)

    if operation.scope in colleague.scopes and OF_A_GOAL & set(operation.names):
        assert reply.status == 404
    assert [text for text in tenants.private if text in str(reply.body)] == []
    assert of_the_owner(stored(), tenants) == of_the_owner(before, tenants)


@pytest.mark.parametrize("field", [each for each in FIELDS if each.scope.startswith("goals:")], ids=str)
def test_somebody_of_the_tenant_learns_and_changes_nothing_of_such_a_goal_by_a_field(field: Field, tenants: Tenants):
    colleague, before = tenants.actors["colleague"], stored()

    reply = answered_field(field, colleague)

    if field.scope in colleague.scopes and {"goalId", "linkId"} & field.required.keys():
        assert refusal(reply) in {"GoalNotFound", "LinkNotFound"}
    assert [text for text in tenants.private if text in json.dumps(reply)] == []
    assert of_the_owner(stored(), tenants) == of_the_owner(before, tenants)


def of_the_owner(items: dict[Any, Any], tenants: Tenants) -> dict[Any, Any]:
    """Return the items of the owner's partition and of their goal."""
    texts = [tenants.actors["owner"].places["owner_id"], *tenants.private]
    return {key: item for key, item in items.items() if key[0][:5] != "RATE#" and any(t in "".join(key) for t in texts)}
