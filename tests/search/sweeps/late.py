"""An index of the table that is behind: it shows what waited when the block began, whatever happens meanwhile."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from functions.search.documents import documents
from shared.storage import attributes, table
from tests.aws import hooks


@contextmanager
def index_as_it_was() -> Iterator[None]:
    """Answer what is asked of the documents that wait from how the index of the table is now."""
    places = [f"SEARCH#PENDING#{shard}" for shard in range(documents.SHARDS)]
    waiting = {place: [*table.query_all(place, "ENTITY#", index=True)] for place in places}

    def answered(params: dict[str, Any], **_: Any) -> dict[str, Any] | None:
        request = json.loads(params["body"])
        values = {name: value["S"] for name, value in request["ExpressionAttributeValues"].items()}
        if values[":pk"] not in waiting:
            return None
        items = [item for item in waiting[values[":pk"]] if item["GSI1SK"].startswith(values[":sk"])]
        return {"Items": [attributes.dump(item) for item in items]}

    with hooks.registered("before-call.dynamodb.Query", answered):
        yield
