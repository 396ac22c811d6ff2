"""What is said of events: every type that the code writes is declared, and the documents are made from that."""

import jsonschema

from infra.documents import event_schemas
from shared import clock
from shared.correlation import Correlation
from shared.storage import events
from shared.storage.events import Concern

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")


def test_the_documents_are_those_of_the_declarations() -> None:
    page = event_schemas.PAGE.read_text(encoding="utf-8")

    assert event_schemas.SCHEMAS.read_text(encoding="utf-8") == event_schemas.schemas_text(), "make document"
    assert page == event_schemas.page_text(page), "make document"
    assert event_schemas.DECLARED.read_text(encoding="utf-8") == event_schemas.declared_text(), "make document"


def test_every_schema_is_one() -> None:
    for schema in event_schemas.schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_a_type_begins_with_its_context_and_ends_with_what_happened() -> None:
    for name in event_schemas.event_types():
        context, noun, participle = name.split(".")

        assert (event_schemas.ROOT / "functions" / context).is_dir()
        assert noun
        assert participle


def test_an_event_as_it_is_sent_is_what_its_schema_says() -> None:
    data = {"goal_id": "goal_01", "owner_id": "user_01", "goal_version": 3, "task_id": "task_01"}
    state = {
        "version": 3,
        "created_at": "2026-11-20T12:00:00.000Z",
        "status": "active",
        "start_at": "2026-11-20T12:00:00.000Z",
        "completed_tasks": 1,
        "total_tasks": 2,
        "done_weight": 1,
        "counted_weight": 2,
    }
    write = events.occurred(
        "goals.task.completed",
        partition="USER#1",
        subject_id="goal_01",
        tenant_id="tenant_01",
        at=NOON,
        data=data,
        state=state,
        concerns=[Concern("user_01", "owner")],
    )
    schema = event_schemas.schemas()["goals.task.completed"]
    sent = events.told(events.stored(write.item))
    of_a_request = {**sent, "correlation": Correlation("Hs7dXhQ4joEEMbg=", f"00-{'a' * 32}-{'b' * 16}-01")._asdict()}

    jsonschema.validate(sent, schema)
    jsonschema.validate(of_a_request, schema)
    # An event of the first version.
    first = {name: value for name, value in sent.items() if name not in {"actor", "concerns", "state"}}
    jsonschema.validate(first | {"version": 1}, schema)
    wrongs = ({"event_id": "evt_1"}, {"data": {**data, "secret": 1}}, {"more": 1}, {"correlation": None})
    wrongs += ({"actor": {"kind": "robot"}}, {"concerns": []}, {"state": {**state, "title": "Run"}}, {"version": "2"})
    for wrong in ({**sent, **each} for each in wrongs):
        assert not jsonschema.Draft202012Validator(schema).is_valid(wrong)
