"""The events of projects on their way to the function that publishes, and what subscribers would be given."""

import json
from typing import Any

from graphql import graphql_sync, parse, validate

from functions.projects.listening import consumers
from shared.callers import project_members
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.goals.listening.publishing import GraphqlApi
from tests.projects.appsync import SCHEMA
from tests.projects.team import Person


def listens(person: Person, project: str) -> None:
    """Have somebody begin to listen."""
    assert person.ask("onProjectChanged", projectId=project[10:]).error_type is None


def of_project(person: Person, project: str) -> list[Event]:
    """Return the events of a project and its members."""
    place = project_members.partition(person.tenant_id, project[10:])
    return [events.stored(item) for item in table.query_all(place, "EVENT#")]


def hears(*happened: Event) -> dict[str, Any]:
    """Deliver events in one batch."""
    return consumers.handler(delivered(happened), Context())


def published(api: GraphqlApi) -> list[dict[str, Any]]:
    """Return what subscribers would be given, as the schema lets it through."""
    return [_passed_on(each) for each in _sent(api) if "change" in each["variables"]]


def disconnected(api: GraphqlApi) -> list[dict[str, str]]:
    """Return what AppSync would hold the subscriptions to projects against."""
    return _ended(api, "disconnectProjectListeners")


def disconnected_from_worklists(api: GraphqlApi) -> list[dict[str, str]]:
    """Return what AppSync would hold the subscriptions to worklists against."""
    return _ended(api, "disconnectWorklistListeners")


def _ended(api: GraphqlApi, field: str) -> list[dict[str, str]]:
    return [each["variables"]["whom"] for each in _sent(api) if field in each["query"]]


def _sent(api: GraphqlApi) -> list[dict[str, Any]]:
    requests = [json.loads(body) for body in api.bodies]
    assert all(validate(SCHEMA, parse(each["query"])) == [] for each in requests)
    return requests


def _passed_on(request: dict[str, Any]) -> dict[str, Any]:
    root = dict.fromkeys(("publishProjectChange", "publishWorklistChange"), lambda _info, change: change)
    result = graphql_sync(SCHEMA, request["query"], root, variable_values=request["variables"])
    assert result.errors is None
    (change,) = result.data.values()
    return dict(change)
