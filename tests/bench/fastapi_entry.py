"""The same routes in FastAPI and Mangum over a default boto3 client; everything below the entry is Milepost's own.

It is made as fast as such an entry can be: coroutines, so no thread per request, and the verified token remembered as
Milepost does. What differs is the entry, the client, and boto3's own way from attribute values to Python's.
"""

import marshal
from decimal import Decimal
from typing import Annotated, Any

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore import xform_name
from fastapi import Body, Depends, FastAPI, Header, Query, Request
from mangum import Mangum

import functions.goals.api  # noqa: F401 - registers the routes
from functions.goals import reading, replies, resolver
from functions.goals.listings import Asked
from functions.goals.shapes import Completion, Moment
from functions.goals.tasks import lifecycle as task_lifecycle
from shared.callers import auth
from shared.callers.auth import Caller
from shared.storage import attributes, table
from shared.storage.attributes import Item

client = boto3.client("dynamodb")
_serialize = TypeSerializer().serialize
_deserialize = TypeDeserializer().deserialize


def _dump(item: Item) -> dict[str, Any]:
    return {name: _serialize(value) for name, value in item.items()}


def _measured(item: Item) -> tuple[dict[str, Any], int]:
    """Return an item as it is sent, and how large it is, roughly: in one call of C."""
    dumped = _dump(item)
    return dumped, len(marshal.dumps(dumped, 0))


def _load(attributes_: dict[str, Any]) -> Item:
    return {name: _plain(_deserialize(value)) for name, value in attributes_.items()}


def _plain(value: Any) -> Any:
    """Return the value with integers where boto3 has decimals."""
    if isinstance(value, Decimal):
        return int(value)
    return [_plain(each) for each in value] if isinstance(value, list) else value


class _Calls:
    """What the table calls, made by boto3."""

    def call(self, operation: str, request: dict[str, Any]) -> Any:
        return getattr(client, xform_name(operation))(**request)


# What is below the entry asks for the client and the attribute values of this process.
table._client = _Calls
attributes.dump = _dump
attributes.measured = _measured
attributes.load = _load


def _holder_of(scope: str) -> Any:
    async def caller(request: Request) -> Caller:
        found = auth.from_headers(request.headers)
        auth.require(found, scope)
        return found

    return Depends(caller)


async def read_progress(
    goal_id: str,
    caller: Annotated[Caller, _holder_of(resolver.READ)],
    at: Annotated[Moment | None, Query()] = None,
    consistent: Annotated[bool, Query()] = False,
) -> Any:
    return reading.goal_progress(caller, goal_id, at=at, consistent=consistent)


async def complete_task(
    goal_id: str,
    task_id: str,
    caller: Annotated[Caller, _holder_of(resolver.WRITE)],
    sent: Annotated[Completion | None, Body()] = None,
    idempotency_key: Annotated[str | None, Header(min_length=1, max_length=255)] = None,
) -> Any:
    note = None if sent is None else sent.completion_note
    return task_lifecycle.complete(caller, goal_id, task_id, note=note)


async def list_goals(
    caller: Annotated[Caller, _holder_of(resolver.READ)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[str | None, Query()] = None,
) -> Any:
    items, next_cursor = reading.list_goals(caller, Asked(), limit=limit, cursor=cursor)
    return {"items": items, "next_cursor": next_cursor}


async def not_measured() -> None:
    """Stand in for every other route, so that a request is looked for among as many."""


def _app() -> FastAPI:
    app = FastAPI()
    measured = {
        f"{resolver.GOAL}/progress": (read_progress, replies.GoalProgress),
        f"{resolver.GOAL}/tasks/<task_id>/complete": (complete_task, replies.Task),
        resolver.GOALS: (list_goals, replies.Goals),
    }
    for route in resolver.api.routes:
        endpoint, model = measured.get(route.path, (not_measured, None))
        app.add_api_route(route.openapi_path, endpoint, methods=[route.method], response_model=model)
    return app


handler = Mangum(_app(), lifespan="off")
