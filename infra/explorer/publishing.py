"""Puts the explorer into a bucket of MiniStack, whose S3 sends it to the browser from the address of the API itself.

So there is no second server, the page and the API have one origin, and nothing of it is in a bundle for AWS.
"""

import json
from pathlib import Path
from typing import Any

from infra.stage import aws
from infra.stage.deployment import Addresses

BUCKET = "milepost-explorer"
PAGE = Path(__file__).with_name("page")
QUERIES = Path(__file__).with_name("queries")
PACKAGES = Path(__file__).parents[2] / "node_modules"
BROUGHT = (
    "react/umd/react.production.min.js",
    "react-dom/umd/react-dom.production.min.js",
    "graphiql/graphiql.min.js",
    "graphiql/graphiql.min.css",
)
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
}
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
    return f"{addresses.endpoint_url}/{BUCKET}/index.html"


def publish(addresses: Addresses) -> None:
    """Bring the page of a stage up to date."""
    client = aws.client("s3", endpoint=addresses.endpoint_url)
    client.create_bucket(Bucket=BUCKET)
    for name, content in _files(addresses).items():
        media_type = MEDIA_TYPES[Path(name).suffix]
        client.put_object(Bucket=BUCKET, Key=name, Body=content, ContentType=media_type, CacheControl="no-cache")


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
    made = {"addresses.json": json.dumps(asked).encode(), "queries.json": json.dumps(ready_queries()).encode()}
    return brought | written | made
