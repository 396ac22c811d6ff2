"""The events that a test has written, held against what the contexts declare of them."""

import json
import os

from moto.backends import get_backend
from moto.dynamodb.models.utilities import dynamo_json_dump

from infra.documents import event_schemas
from shared.storage import attributes

FUNCTIONS = event_schemas.ROOT / "functions"
EVENT_TYPES = event_schemas.event_types()


def hold_events() -> None:
    """Fail when moto's table has an event of a type that nobody declares, or one that tells something else."""
    stored = get_backend("dynamodb")["123456789012"][os.environ["AWS_DEFAULT_REGION"]].tables.get("milepost")
    for partition in stored.items.values() if stored else ():
        for key, record in partition.items():
            if not str(key.value).startswith("EVENT#"):
                continue
            event = attributes.load(json.loads(dynamo_json_dump(record.to_json()))["Attributes"])
            event_type = event["event_type"]
            if not (FUNCTIONS / event_type.split(".")[0]).is_dir():
                # Of no context: a test of `shared` made it up.
                continue
            assert event_type in EVENT_TYPES, f"declare {event_type} in functions/*/event_types.py"
            EVENT_TYPES[event_type].data.model_validate(event["data"])
