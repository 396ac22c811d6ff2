"""Every GraphQL field of tracked milestones, read off the schema, so that none can be forgotten."""

from typing import Any

from graphql import GraphQLNonNull, get_named_type

from tests.goals.catalogue import Field, Scene
from tests.milestones.appsync import MUTATIONS, QUERIES

NOWHERE = "550e8400-e29b-41d4-a716-446655440000"
DRAFT = {"projectId": "project_123", "kpiId": "tvl", "target": 1000000}
ADMIN = {"syncTrackedMilestone"}


class TrackedField(Field):
    def arguments(self, scene: Scene) -> dict[str, Any]:
        given = {"milestoneUid": scene.milestone_uid, "projectId": "project_123", "target": 5, "dependsOn": NOWHERE}
        return {name: DRAFT if name == "input" else given[name] for name in self.required}


def _field(type_name: str, name: str, definition: Any) -> TrackedField:
    required = {
        argument: get_named_type(each.type).name
        for argument, each in definition.args.items()
        if isinstance(each.type, GraphQLNonNull)
    }
    level = "admin" if name in ADMIN else "read" if type_name == "Query" else "write"
    return TrackedField(type_name, name, f"milestones:{level}", frozenset(definition.args), required)


FIELDS = [_field("Query", *each) for each in QUERIES.items()] + [
    _field("Mutation", *each) for each in MUTATIONS.items()
]

CASES = 170
UNPREPARED = {
    "POST /api/v1/milestones/webhooks/milestone-complete": "WebhookNotVerified",
    "POST /api/v1/milestones/{milestone_uid}/dependencies": "InvalidInput",
    "Mutation.addMilestoneDependency": "InvalidInput",
}
"""What the owner is told where something must have happened before, which the tests of each of them make happen."""
