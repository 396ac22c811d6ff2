"""The events that a test has written, held against what the contexts declare of them, and against their size."""

import json
import os
from collections.abc import Iterator

from moto.backends import get_backend
from moto.dynamodb.models.utilities import dynamo_json_dump

from infra.documents import event_schemas
from shared.storage import attributes
from shared.storage.attributes import Item
from tests.aws.quick.table import standing_in

FUNCTIONS = event_schemas.ROOT / "functions"
EVENT_TYPES = event_schemas.event_types()
MAX_BYTES = 1024
"""What an event takes at most: a byte more is a second write unit, and two more in a transaction."""
FREE_TEXTS = ("project_id", "kpi_id", "category", "postal_address", "name", "source_address")
"""What callers choose, and may make longer than an event has room for."""
LISTS = ("changes", "inserted_ids", "updated_ids", "erased_ids", "lead_ids", "user_ids")
"""What has an entry for each thing that a request has changed."""


SIZES: dict[str, int] = {}
"""The largest event of each type that this process has seen."""


def hold_events() -> None:
    """Fail when the table has an event of a type that nobody declares, or one that tells something else."""
    for event in _stored():
        event_type = event["event_type"]
        if not (FUNCTIONS / event_type.split(".")[0]).is_dir():
            # Of no context: a test of `shared` made it up.
            continue
        assert event_type in EVENT_TYPES, f"declare {event_type} in functions/*/event_types.py"
        _hold(event)


def _stored() -> Iterator[Item]:
    """Yield the events of the table, be it the quick one or moto's."""
    quick = standing_in()
    if quick is not None:
        yield from (attributes.load(item) for place, item in quick.items.items() if place[1].startswith("EVENT#"))
        return
    stored = get_backend("dynamodb")["123456789012"][os.environ["AWS_DEFAULT_REGION"]].tables.get("milepost")
    for partition in stored.items.values() if stored else ():
        for key, record in partition.items():
            if str(key.value).startswith("EVENT#"):
                yield attributes.load(json.loads(dynamo_json_dump(record.to_json()))["Attributes"])


def _hold(event: Item) -> None:
    declared, state = EVENT_TYPES[event["event_type"]], event.get("state")
    declared.data.model_validate(event["data"])
    if state is not None:
        assert declared.state is not None, f"declare the state of {event['event_type']}"
        declared.state.model_validate(state)
    _, size = attributes.measured(event)
    assert size - _chosen_bytes(event) <= MAX_BYTES, f"{event['event_type']} takes {size} bytes"
    SIZES[event["event_type"]] = max(size, SIZES.get(event["event_type"], 0))


def _chosen_bytes(event: Item) -> int:
    """Return how much longer its free texts are than their usual 20 characters, and its lists than one entry."""
    texts = [
        each for told in (event["data"], event.get("state", {})) for name, each in told.items() if name in FREE_TEXTS
    ]
    longer = sum(max(len(str(text).encode(errors="replace")) - 20, 0) for text in texts)
    return longer + sum(attributes.measured({name: event["data"].get(name, [])[1:]})[1] for name in LISTS)
