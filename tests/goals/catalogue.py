"""Every route and every field of the goals context, read off the code and the schema, so that none can be forgotten."""

from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLNonNull, get_named_type
from pydantic import BaseModel

from functions.goals import api, resolver
from functions.goals.transfer import shapes as portable_shapes
from shared.api import casing
from shared.api.rest import PUBLIC
from tests.aws.entries import openapi
from tests.goals.appsync import MUTATIONS, QUERIES, SUBSCRIPTIONS


@dataclass(frozen=True)
class Scene:
    """The ids that the paths and arguments of a call are filled with."""

    goal_id: str
    task_id: str
    user_id: str
    milestone_uid: str = ""
    link_id: str = ""
    owner_id: str = "user_01KAFWZZ2C4E6G8J0K3M5N7PQS"
    job_id: str = ""
    lead_id: str = ""
    segment_id: str = ""
    campaign_id: str = ""
    provider_id: str = ""
    suppression_id: str = ""
    project_id: str = ""
    project_milestone_id: str = ""
    verification_id: str = ""
    escalation_id: str = ""
    evidence_id: str = ""
    plan_template_id: str = ""
    escalation_policy_id: str = ""
    probe_id: str = ""
    comment_id: str = ""
    action_id: str = ""
    from_id: str = ""
    invoice_id: str = ""
    invoice_schedule_id: str = ""
    payment_id: str = ""
    financing_id: str = ""
    team_id: str = ""


NOWHERE = Scene(
    goal_id="goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    task_id="task_01KAFX4B1H6M9P2R5S8T0V3WXY",
    user_id="user_01KAFWZZ2C4E6G8J0K3M5N7PQR",
    link_id="link_01KAFXB7M3P5R8T0V2X4Z6A9CE",
    job_id="job_01KAFXB7M3P5R8T0V2X4Z6A9CE",
)
"""Well-formed ids of what is not there."""


@dataclass(frozen=True)
class Route:
    """An operation, with a body that it takes."""

    method: str
    template: str
    scope: str
    body: Any
    headers: frozenset[str]
    query: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.template}"

    def path(self, scene: Scene) -> str:
        return self.template.format(**vars(scene))


@dataclass(frozen=True)
class Field:
    """A field of Query or Mutation, with the inputs that it takes."""

    type_name: str
    name: str
    scope: str
    names: frozenset[str]
    required: dict[str, str] = field(hash=False)

    def __str__(self) -> str:
        return f"{self.type_name}.{self.name}"

    def arguments(self, scene: Scene) -> dict[str, Any]:
        given = {"goalId": scene.goal_id, "taskId": scene.task_id, "userId": scene.user_id, "role": "contributor"}
        given |= {"linkId": scene.link_id, "ownerId": scene.owner_id}
        return {name: INPUTS[kind] if name == "input" else given[name] for name, kind in self.required.items()}


def example(model: type[BaseModel]) -> Any:
    """Return the example that the reference shows of a model."""
    extra: Any = model.model_config["json_schema_extra"]
    return extra["examples"][0]


def _in_camel_case(model: type[BaseModel]) -> Any:
    """Return the example of a model as GraphQL takes it."""
    return casing.camel(example(model), verbatim=frozenset({"answers"}))


INPUTS: dict[str, dict[str, Any]] = {
    "CreateGoalInput": {"title": "Run a marathon", "answers": {"firstStep": "Buy shoes."}},
    "ImportGoalInput": {
        "title": "Python 3.13.0",
        "startAt": "2023-05-22T00:00:00Z",
        "deadline": "2024-10-07",
        "history": [{"at": "2023-05-22T00:00:00Z", "event": "task_added", "task": "alpha", "title": "Alpha 1"}],
    },
    "UpdateGoalInput": {"title": "Run two marathons"},
    "AddTaskInput": {"title": "First 20 km run", "weight": 3},
    "UpdateTaskInput": {"weight": 5},
    "RestoreGoalInput": _in_camel_case(portable_shapes.GoalRestore),
    "RestoreTasksInput": _in_camel_case(portable_shapes.TasksRestore),
    "FinishRestoreInput": {"taskCount": 1},
    "CreateLinkInput": {"name": "In a calendar"},
    "CheckRowsInput": {"rows": [{"goal": {"title": "Run a marathon"}, "task": {"title": "First 20 km run"}}]},
}

ASKING = {"/goals/check", "checkRows"}
"""What writes nothing, and answers for the writes: it wants their scope."""


def _route(operation: dict[str, Any], method: str, path: str) -> Route:
    parameters = operation.get("parameters", [])
    named = {place: frozenset(p["name"] for p in parameters if p["in"] == place) for place in ("header", "query")}
    return Route(
        method=method.upper(),
        template=path.removeprefix("/api/v1"),
        scope=operation["x-scope"],
        body=_example(operation),
        headers=named["header"],
        query=named["query"],
    )


def _example(operation: dict[str, Any]) -> Any:
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    reference = next(part["$ref"] for part in [schema, *schema.get("anyOf", [])] if "$ref" in part)
    return DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]


def _field(type_name: str, name: str, scope: str, arguments: Any) -> Field:
    required = {
        argument: get_named_type(definition.type).name
        for argument, definition in arguments.items()
        if isinstance(definition.type, GraphQLNonNull)
    }
    return Field(type_name, name, scope, frozenset(arguments), required)


# The handler's module registers the routes.
DOCUMENT = openapi(resolver.api) if api.handler else {}
ROUTES = [
    _route(operation, method, path)
    for path, item in DOCUMENT["paths"].items()
    for method, operation in item.items()
    # What is open to all is tried in test_shared.py.
    if operation["x-scope"] != PUBLIC
]
FIELDS = [
    *(
        _field("Query", name, "goals:write" if name in ASKING else "goals:read", field.args)
        for name, field in QUERIES.items()
    ),
    *(_field("Subscription", name, "goals:read", field.args) for name, field in SUBSCRIPTIONS.items()),
    *(_field("Mutation", name, "goals:write", field.args) for name, field in MUTATIONS.items()),
]

OF_A_GOAL = [route for route in ROUTES if "{goal_id}" in route.template]
ORPHANED = [route for route in ROUTES if "{owner_id}" in route.template]
OF_A_GOAL_THAT_IS_THERE = [route for route in OF_A_GOAL if "/restore/" not in route.template and route not in ORPHANED]
OF_A_TASK = [route for route in ROUTES if "{task_id}" in route.template]
LISTS = [route for route in ROUTES if "cursor" in route.query]
WITH_BODY = [route for route in ROUTES if route.body is not None]
READING = [route for route in ROUTES if route.method == "GET"]
POSTS = [route for route in ROUTES if route.method == "POST" and route.template not in ASKING]
CONDITIONAL = [route for route in ROUTES if "If-Match" in route.headers]

BEFORE = {
    "/goals/{goal_id}/resume": "/goals/{goal_id}/pause",
    "/goals/{goal_id}/reopen": "/goals/{goal_id}/complete",
    "/goals/{goal_id}/tasks/{task_id}/reopen": "/goals/{goal_id}/tasks/{task_id}/complete",
    "resumeGoal": "pauseGoal",
    "reopenGoal": "completeGoal",
    "reopenTask": "completeTask",
}
"""What must have happened before some of them can."""

CASES = 440
UNPREPARED = {
    "GET /api/v1/shared/badge.svg": "InvalidInput",
    "GET /api/v1/shared/calendar.ics": "InvalidInput",
    "GET /api/v1/shared/chart.svg": "InvalidInput",
    "POST /api/v1/goals/{goal_id}/reopen": "TransitionNotAllowed",
    "POST /api/v1/goals/{goal_id}/resume": "TransitionNotAllowed",
    "POST /api/v1/goals/restore-jobs/{job_id}/start": "JobNotFound",
    "POST /api/v1/goals/restore/{goal_id}/finish": "GoalNotFound",
    "POST /api/v1/goals/restore/{goal_id}/tasks": "GoalNotFound",
    "Mutation.finishRestore": "GoalNotFound",
    "Mutation.reopenGoal": "TransitionNotAllowed",
    "Mutation.restoreTasks": "GoalNotFound",
    "Mutation.resumeGoal": "TransitionNotAllowed",
    # The owner of the tenant is active, and so has no orphaned goals.
    **{f"{each.method} /api/v1{each.template}": "GoalNotFound" for each in ORPHANED},
    **{str(each): "GoalNotFound" for each in FIELDS if "rphaned" in each.name},
    "GET /api/v1/goals/orphaned/{owner_id}": "OwnerIsActive",
    "POST /api/v1/goals/orphaned/{owner_id}/transfer-jobs": "OwnerIsActive",
    "Query.orphanedGoals": "OwnerIsActive",
}
"""What the owner is told where something must have happened before, which the tests of each of them make happen."""
