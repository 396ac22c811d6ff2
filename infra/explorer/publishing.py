"""Publishes the explorer on the local stage, from the address of the API itself."""

import json
from pathlib import Path
from typing import Any

from graphql import GraphQLSchema, build_schema, introspection_from_schema
from ministack.core.appsync_graphql import APPSYNC_PRELUDE

from infra.documents import schema
from infra.stage import buckets
from infra.stage.deployment import Addresses

BUCKET = "milepost-explorer"
PAGE = Path(__file__).with_name("page")
QUERIES = Path(__file__).with_name("queries")
ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "node_modules"
BROUGHT = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
)
READY = (
    "my_goals",
    "goal_with_tasks",
    "create_goal",
    "add_task",
    "complete_task",
    "achievements",
    "goal_chart",
    "goal_forecast",
    "tracked_milestones",
    "project_progress",
    "project_chart",
)
"""The ready queries, in the order in which the page offers them; the first is there when it opens."""


def address(addresses: Addresses) -> str:
    """Return where the page of a stage is."""
    return buckets.address(addresses, BUCKET)


def publish(addresses: Addresses) -> None:
    """Bring the page of a stage up to date."""
    buckets.publish(addresses, BUCKET, _files(addresses))


def ready_queries() -> list[dict[str, str]]:
    """Return the ready queries, each with the question of its first line as `title`."""
    texts = [(QUERIES / f"{name}.graphql").read_text(encoding="utf-8") for name in READY]
    return [{"title": text.splitlines()[0].removeprefix("# "), "query": text} for text in texts]


def _files(addresses: Addresses) -> dict[str, bytes]:
    brought = {Path(path).name: (PACKAGES / path).read_bytes() for path in BROUGHT}
    written = {path.name: path.read_bytes() for path in PAGE.iterdir()}
    # Without the origin, which is the page's own: a content security policy of 'self' is then enough.
    asked: dict[str, Any] = {
        "auth": f"{addresses.api_url}/api/v1/auth".removeprefix(addresses.endpoint_url),
        "graphql": addresses.graphql_url.removeprefix(addresses.endpoint_url),
    }
    made = {"addresses": asked, "queries": ready_queries(), "schema": introspection_from_schema(_schema())}
    return brought | written | {f"{name}.json": json.dumps(content).encode() for name, content in made.items()}


def _schema() -> GraphQLSchema:
    """Return the schema with its descriptions, which the API itself does not have."""
    described = schema.join(ROOT / "functions").described
    return build_schema(f"{APPSYNC_PRELUDE}\n{described}", assume_valid_sdl=True)
