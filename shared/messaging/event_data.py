"""What the events of a context announce, and to whom, declared once.

From the declarations are made: the schemas in docs/events.json, the list in docs/events.md, and
`declared_events.json`, by which the run time knows what is published and audited (`declarations.py`).

Nothing is checked with these at run time: who writes an event writes it out of what it has just validated. The tests
hold every event that is written in any of them against its declaration.
"""

from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

PRIVATE: Final[dict[str, Any]] = {"x-private": True}
"""The `json_schema_extra` of a field that never leaves the platform: no webhook has it."""


class EventData(BaseModel):
    """What an event of a type tells; nothing that is not declared."""

    model_config = ConfigDict(extra="forbid", strict=True)


class SubjectState(EventData):
    """The state of a subject after an event.

    The later version is the later state. A later `created_at` is another life of a subject that had ended (a member
    who was invited again), whose versions begin at 1.
    """

    version: int
    created_at: str = Field(description="RFC 3339.")
    status: str


class EventType(NamedTuple):
    """A type of event: what its data are, when it happens, and who learns of it.

    `is_published` ones go to the webhooks of their tenant, `is_audited` ones into its audit log. `state` is that of
    the subject, for events that facts are made of.
    """

    data: type[EventData]
    happens: str
    state: type[SubjectState] | None = None
    is_published: bool = False
    is_audited: bool = False


def public_fields(model: type[EventData]) -> list[str]:
    """Return the names of the fields that may leave the platform."""
    return [name for name, field in model.model_fields.items() if field.json_schema_extra != PRIVATE]
