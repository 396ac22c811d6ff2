"""`python -m infra.documents.event_schemas`: what events tell, as docs/events.json and docs/events.md.

Also writes what the run time has to know of the declarations, `shared/messaging/declared_events.json`.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any, get_args

from shared.actors import Kind
from shared.correlation import Correlation
from shared.messaging import bus, event_data
from shared.messaging.event_data import EventType
from shared.storage import events
from shared.storage.events import Concern, Reason

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "docs" / "events.json"
PAGE = ROOT / "docs" / "events.md"
DECLARED = ROOT / "shared" / "messaging" / "declared_events.json"
BEGIN, END = "<!-- made by infra/documents/event_schemas.py: begin -->", "<!-- end -->"


def event_types() -> dict[str, EventType]:
    """Return what every context declares, by type."""
    declared: dict[str, EventType] = {}
    for path in sorted((ROOT / "functions").glob("*/event_types.py")):
        declared |= importlib.import_module(f"functions.{path.parent.name}.event_types").EVENT_TYPES
    return declared


def schemas() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the detail of every type, by type."""
    return {name: _schema(name, event_type) for name, event_type in sorted(event_types().items())}


def schemas_text() -> str:
    """Return docs/events.json."""
    return json.dumps(schemas(), indent=2, ensure_ascii=False) + "\n"


def declared_text() -> str:
    """Return shared/messaging/declared_events.json, a line for each type."""
    rows = [f'  "{name}": {json.dumps(_declared(each))}' for name, each in sorted(event_types().items())]
    return "{\n" + ",\n".join(rows) + "\n}\n"


def page_text(page: str) -> str:
    """Return docs/events.md with the list of the types made anew; what stands around it stays."""
    rows = [
        f"| `{name}` | {each.happens} | {_fields(each)} | {_mark(each.is_published)} | {_mark(each.is_audited)} |"
        for name, each in sorted(event_types().items())
    ]
    listed = ["| type | it happened | `data` | webhooks | audit log |", "|---|---|---|---|---|", *rows]
    before, after = page.partition(BEGIN)[0], page.partition(END)[2]
    return before + "\n".join([BEGIN, "", *listed, "", END]) + after


def _schema(name: str, event_type: EventType) -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": name,
        "description": event_type.happens,
        "type": "object",
        "properties": {
            "event_id": {**text, "pattern": "^evt_[0-9A-HJKMNP-TV-Z]{26}$"},
            "event_type": {"const": name},
            "version": {"enum": list(range(events.FIRST_VERSION, events.VERSION + 1))},
            "occurred_at": {**text, "format": "date-time"},
            "tenant_id": text,
            "subject_id": {**text, "description": "What it happened to."},
            "data": event_type.data.model_json_schema(),
            "correlation": _correlation(),
            "actor": _actor(),
            "concerns": _concerns(),
            **_state(event_type),
        },
        "required": [name for name in events.Event._fields if name not in events.Event._field_defaults],
        "additionalProperties": False,
    }


def _declared(event_type: EventType) -> dict[str, Any]:
    """Return what is not as it is by default."""
    declared: dict[str, Any] = {"is_audited": True} if event_type.is_audited else {}
    if event_type.is_published:
        declared["published"] = event_data.public_fields(event_type.data)
    return declared


def _actor() -> dict[str, Any]:
    return {
        "description": "Who did it. An event of version 1 does not say; an anonymous caller has no id.",
        "type": "object",
        "properties": {"kind": {"enum": list(get_args(Kind))}, "id": {"type": "string"}},
        "required": ["kind"],
        "additionalProperties": False,
    }


def _concerns() -> dict[str, Any]:
    concern = {
        "type": "object",
        "properties": {"user_id": {"type": "string"}, "reason": {"enum": list(get_args(Reason))}},
        "required": list(Concern._fields),
        "additionalProperties": False,
    }
    return {"description": "Who should hear of it, and why.", "type": "array", "minItems": 1, "items": concern}


def _state(event_type: EventType) -> dict[str, Any]:
    return {} if event_type.state is None else {"state": event_type.state.model_json_schema()}


def _correlation() -> dict[str, Any]:
    traceparent = {"type": "string", "pattern": "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$"}
    return {
        "description": "The request it happened for. An event of before there was this has none.",
        "type": "object",
        "properties": {"request_id": {"type": "string"}, "traceparent": traceparent},
        "required": list(Correlation._fields),
        "additionalProperties": False,
    }


def _fields(event_type: EventType) -> str:
    """Return the fields of the data, those that never leave the platform in brackets."""
    public = event_data.public_fields(event_type.data)
    return ", ".join(f"`{name}`" if name in public else f"(`{name}`)" for name in event_type.data.model_fields)


def _mark(holds: bool) -> str:  # noqa: FBT001 - a cell of the table
    return "✓" if holds else ""


def main() -> int:
    """Write the files and return the exit code."""
    DECLARED.write_text(declared_text(), encoding="utf-8")
    SCHEMAS.write_text(schemas_text(), encoding="utf-8")
    PAGE.write_text(page_text(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{len(event_types())} types of events, source {bus.SOURCE}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
