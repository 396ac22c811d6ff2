"""REST, GraphQL and the stream: the ways into the functions."""

import json
import re
from pathlib import Path

import pytest
from graphql import build_schema, lexicographic_sort_schema, print_schema
from ministack.core.appsync_graphql import APPSYNC_PRELUDE

from functions.audience import resolver as audience
from functions.audience.querying import routes as questions
from functions.goals.listening import consumers as progress_consumers
from functions.goals.schedules import consumers as schedule_consumers
from functions.identity.event_types import EVENT_TYPES
from functions.projects.listening import consumers as project_consumers
from infra.contexts.audience import queries
from infra.contexts.goals.functions import DEPARTURES, RETURNS
from infra.contexts.projects import functions as projects
from infra.documents import schema
from tests.aws.entries import RATE_HEADERS
from tests.infra.stages import ROOT, Stage
from tests.infra.watched import reference

PUBLISHERS = {
    "functions.goals.listening.consumers.handler": {"publishGoalProgress", "disconnectListeners"},
    "functions.projects.listening.consumers.handler": {
        "publishProjectChange",
        "disconnectProjectListeners",
        "publishWorklistChange",
        "disconnectWorklistListeners",
    },
}
"""Which functions publish to subscribers, by which fields."""
DOCUMENTED = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]


@pytest.mark.parametrize("path", sorted(DOCUMENTED))
def test_every_operation_is_reached_through_the_front(prod: Stage, path: str) -> None:
    keys = [route["RouteKey"].partition(" ")[2] for route in prod.of_type("AWS::ApiGatewayV2::Route")]
    greedy = {key.removesuffix("{proxy+}") for key in keys if key.endswith("{proxy+}")}

    assert path in keys or any(path.startswith(prefix) and path != prefix for prefix in greedy)


def test_no_route_leads_to_nothing(prod: Stage) -> None:
    keys = [route["RouteKey"].partition(" ")[2] for route in prod.of_type("AWS::ApiGatewayV2::Route")]

    assert [key for key in keys if not any(path.startswith(key.removesuffix("/{proxy+}")) for path in DOCUMENTED)] == []


def test_what_asks_duckdb_is_sent_to_the_function_that_has_it(prod: Stage) -> None:
    """The API of the audience declares these operations too, and its bundle has no DuckDB."""
    integrations = prod.find("AWS::ApiGatewayV2::Integration")
    uris = {name: each["Properties"]["IntegrationUri"] for name, each in integrations.items()}
    answered = {
        route["RouteKey"]: prod.resources[reference(uris[route["Target"]["Fn::Join"][1][1]["Ref"]])]["Properties"]
        for route in prod.of_type("AWS::ApiGatewayV2::Route")
    }
    asked = [each for each in audience.api.routes if each.function.__module__ == questions.__name__]
    found = [
        answered.get(f"{each.method} {each.openapi_path}") or answered[f"ANY {each.openapi_path}"] for each in asked
    ]

    fields = [each for each in prod.of_type("AWS::AppSync::Resolver") if each["FieldName"] in queries.FIELDS]
    sources = [prod.resources[reference(each["DataSourceName"])]["Properties"]["LambdaConfig"] for each in fields]
    found += [prod.resources[reference(each["LambdaFunctionArn"])]["Properties"] for each in sources]

    assert (len(asked), len(fields)) == (6, len(queries.FIELDS))
    assert {each["Handler"] for each in found} == {"functions.audience.query_api.handler"}


def test_the_older_routes_below_a_project_lead_to_tracked_milestones(prod: Stage) -> None:
    """API Gateway prefers a route that fits the whole path to a greedy one."""
    integrations = prod.find("AWS::ApiGatewayV2::Integration")
    uris = {name: each["Properties"]["IntegrationUri"] for name, each in integrations.items()}
    answered = {
        route["RouteKey"].partition(" ")[2]: prod.resources[reference(uris[route["Target"]["Fn::Join"][1][1]["Ref"]])][
            "Properties"
        ]["Handler"]
        for route in prod.of_type("AWS::ApiGatewayV2::Route")
        if route["RouteKey"].partition(" ")[2].startswith("/api/v1/projects")
    }
    older = {f"/api/v1/projects/{{project_id}}/{read}" for read in ("progress", "chart", "chart.svg", "forecast")}

    assert {path for path, handler in answered.items() if handler == "functions.milestones.api.handler"} == older
    assert answered["/api/v1/projects/{proxy+}"] == "functions.projects.api.handler"


def test_rest_is_throttled_and_logs_every_request(prod: Stage) -> None:
    (stage,) = prod.of_type("AWS::ApiGatewayV2::Stage")

    assert stage["StageName"] == "$default"
    assert stage["DefaultRouteSettings"]["ThrottlingRateLimit"] == 500
    assert stage["DefaultRouteSettings"]["ThrottlingBurstLimit"] == 1000
    assert json.loads(stage["AccessLogSettings"]["Format"])["request_id"] == "$context.requestId"


def test_the_access_log_has_no_query_and_no_path_has_a_token(prod: Stage) -> None:
    (stage,) = prod.of_type("AWS::ApiGatewayV2::Stage")
    logged = set(json.loads(stage["AccessLogSettings"]["Format"]).values())
    public = [path for path in DOCUMENTED if path.startswith("/api/v1/shared/")]

    # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
    assert logged == {
        "$context.httpMethod",
        "$context.identity.sourceIp",
        "$context.integrationErrorMessage",
        "$context.integrationLatency",
        "$context.path",
        "$context.requestId",
        "$context.requestTimeEpoch",
        "$context.responseLatency",
        "$context.responseLength",
        "$context.routeKey",
        "$context.status",
    }
    assert len(public) == 3
    assert [path for path in public if "{" in path] == []


def test_no_page_may_call_unless_its_origin_is_named(prod: Stage) -> None:
    (api,) = prod.of_type("AWS::ApiGatewayV2::Api")

    assert "CorsConfiguration" not in api


def test_pages_of_named_origins_may_send_and_read_what_the_api_uses(local: Stage) -> None:
    (api,) = local.of_type("AWS::ApiGatewayV2::Api")
    cors = api["CorsConfiguration"]

    assert {"http://localhost:3000", "http://127.0.0.1:5173"} <= set(cors["AllowOrigins"])
    assert cors["AllowCredentials"] is False
    assert cors["AllowMethods"] == ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
    others = ["If-Match", "If-None-Match", "traceparent"]
    assert cors["AllowHeaders"] == ["Authorization", "X-API-Key", "Content-Type", "Idempotency-Key", *others]
    readable = {"ETag", "Location", "Retry-After", "WWW-Authenticate", "X-Request-Id", *RATE_HEADERS}
    assert readable == set(cors["ExposeHeaders"])
    assert cors["MaxAge"] == 3600


def test_integrations_speak_the_payload_the_router_reads(prod: Stage) -> None:
    versions = {integration["PayloadFormatVersion"] for integration in prod.of_type("AWS::ApiGatewayV2::Integration")}

    assert versions == {"2.0"}


def test_graphql_asks_the_authorizer_again_within_a_minute(prod: Stage) -> None:
    (api,) = prod.of_type("AWS::AppSync::GraphQLApi")

    assert api["AuthenticationType"] == "AWS_LAMBDA"
    assert api["AdditionalAuthenticationProviders"] == [{"AuthenticationType": "AWS_IAM"}]
    assert api["LambdaAuthorizerConfig"]["AuthorizerResultTtlInSeconds"] <= 60


def test_every_root_field_has_a_resolver(prod: Stage) -> None:
    joined = build_schema(APPSYNC_PRELUDE + schema.join(ROOT / "functions").sdl, assume_valid_sdl=True)
    roots = [joined.query_type, joined.mutation_type, joined.subscription_type]
    wanted = {(root.name, field) for root in roots if root for field in root.fields}

    resolved = {(resolver["TypeName"], resolver["FieldName"]) for resolver in prod.of_type("AWS::AppSync::Resolver")}

    assert resolved == wanted | {("Goal", "answers")}


def test_only_fields_marked_for_roles_are_published_and_only_their_types_are_readable_by_roles() -> None:
    sdl = schema.join(ROOT / "functions").sdl
    joined = build_schema(APPSYNC_PRELUDE + sdl, assume_valid_sdl=True)
    marked = {
        name
        for name, each in joined.type_map.items()
        if each.ast_node and {directive.name.value for directive in each.ast_node.directives} & {"aws_iam"}
    }
    published = {field.name for field in schema.join(ROOT / "functions").fields if field.is_published}

    assert published == {name for names in PUBLISHERS.values() for name in names}
    assert marked == {
        "GoalProgress",
        "Milestone",
        "PlanEntry",
        "WorkEntry",
        "WorklistChange",
        "ProjectChange",
        "ProjectMilestonesInStatus",
    }


@pytest.mark.parametrize("stage", ["local", "prod"])
def test_what_appsync_is_given_has_no_descriptions(stage: str, request: pytest.FixtureRequest) -> None:
    made: Stage = request.getfixturevalue(stage)
    (given,) = made.of_type("AWS::AppSync::GraphQLSchema")
    joined = schema.join(ROOT / "functions")

    assert '"""' in joined.described
    assert '"' not in _without_arguments(given["Definition"])
    assert lexicographic(given["Definition"]) == lexicographic(joined.described)


def _without_arguments(sdl: str) -> str:
    """Return a schema without the arguments of its directives, the only place where a string may stand."""
    return re.sub(r"(@\w+)\([^)]*\)", r"\1", sdl)


def lexicographic(sdl: str) -> str:
    """Return what a schema has, in the order of the alphabet and without descriptions."""
    bare = re.sub(r'"""(?s:.*?)"""|"[^"\n]*"\n', "", sdl)
    return print_schema(lexicographic_sort_schema(build_schema(f"{APPSYNC_PRELUDE}{bare}", assume_valid_sdl=True)))


def test_the_document_of_the_schema_is_the_one_of_the_code() -> None:
    assert schema.DOCUMENT.read_text(encoding="utf-8") == schema.join(ROOT / "functions").described + "\n", (
        "make document"
    )


def test_tools_learn_the_schema_of_a_production_stage_from_the_document_only(prod: Stage, local: Stage) -> None:
    told = [stage.of_type("AWS::AppSync::GraphQLApi")[0]["IntrospectionConfig"] for stage in (prod, local)]

    assert told == ["DISABLED", "ENABLED"]


def test_each_publisher_may_publish_its_own_and_do_nothing_else_with_graphql(prod: Stage) -> None:
    policies = [
        (policy["Roles"][0]["Ref"], statement)
        for policy in prod.of_type("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "appsync" in json.dumps(statement["Action"])
    ]
    publishers = [each for each in prod.of_type("AWS::Lambda::Function") if "GRAPHQL_URL" in json.dumps(each)]
    handlers = {each["Role"]["Fn::GetAtt"][0]: each["Handler"] for each in publishers}
    allowed = {
        handlers[role]: {each["Fn::Join"][1][1] for each in statement["Resource"]} for role, statement in policies
    }

    assert {statement["Action"] for _, statement in policies} == {"appsync:GraphQL"}
    assert allowed == {
        handler: {f"/types/Mutation/fields/{field}" for field in fields} for handler, fields in PUBLISHERS.items()
    }


def test_what_ends_subscriptions_is_resolved_without_a_data_source(prod: Stage) -> None:
    fields = {each["FieldName"]: each for each in prod.of_type("AWS::AppSync::Resolver")}
    kept, ending = fields["onGoalProgress"], fields["disconnectListeners"]

    assert "setSubscriptionInvalidationFilter" in kept["Code"]
    assert kept["DataSourceName"] == fields["goal"]["DataSourceName"]
    assert "invalidateSubscriptions" in ending["Code"]
    assert ending["DataSourceName"] == fields["publishGoalProgress"]["DataSourceName"] != kept["DataSourceName"]


@pytest.mark.parametrize(
    ("queue", "types"),
    [("GoalProgress", DEPARTURES), ("GoalSchedules", RETURNS), ("ProjectListening", projects.DEPARTURES)],
)
def test_who_leaves_and_who_is_back_is_heard_of(queue: str, types: tuple[str, ...], prod: Stage) -> None:
    rules = [
        json.dumps(each["EventPattern"])
        for each in prod.of_type("AWS::Events::Rule")
        if "EventPattern" in each and queue in json.dumps(each)
    ]
    (pattern,) = [json.loads(each) for each in rules]

    assert set(types) <= {each for each in pattern["detail-type"] if isinstance(each, str)}


def test_what_the_bus_delivers_is_what_the_consumers_know() -> None:
    assert (progress_consumers.DEPARTURES, schedule_consumers.RETURNS) == (DEPARTURES, RETURNS)
    assert project_consumers.DEPARTURES == projects.DEPARTURES
    assert {*DEPARTURES, *RETURNS, *projects.DEPARTURES} <= EVENT_TYPES.keys()


@pytest.mark.parametrize("name", ["GoalProgress", "ProjectListening"])
def test_what_the_emulator_cannot_pass_on_is_not_published_there(name: str, prod: Stage, local: Stage) -> None:
    queues = [[each for each in stage.find("AWS::SQS::Queue") if name in each] for stage in (prod, local)]

    assert len(queues[0]) == 2
    assert queues[1] == []


def test_contexts_share_one_type_in_the_joined_schema(tmp_path: Path) -> None:
    _write(tmp_path, "goals", "type Query { goal: Goal } type Goal { id: ID! }")
    _write(tmp_path, "milestones", "extend type Query { milestone: ID } extend type Goal { milestones: [ID!]! }")

    joined = schema.join(tmp_path)

    assert set(build_schema(joined.sdl).query_type.fields) == {"goal", "milestone"}
    assert set(build_schema(joined.sdl).type_map["Goal"].fields) == {"id", "milestones"}
    assert {(field.context, field.name) for field in joined.fields} == {("goals", "goal"), ("milestones", "milestone")}


def test_everything_that_can_be_tagged_says_what_it_belongs_to(prod: Stage) -> None:
    tagged = [prod.of_type("AWS::DynamoDB::Table")[0]["Tags"], prod.of_type("AWS::Lambda::Function")[0]["Tags"]]

    assert all({"Key": "project", "Value": "milepost"} in tags for tags in tagged)
    assert all({"Key": "stage", "Value": "prod"} in tags for tags in tagged)


def _write(functions: Path, context: str, sdl: str) -> None:
    (functions / context).mkdir()
    (functions / context / "schema.graphql").write_text(sdl)
