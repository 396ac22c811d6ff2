"""What the events of a context tell, declared once: the schemas in docs/events.json and the list in docs/events.md.

Nothing is checked with these at run time: who writes an event writes it out of what it has just validated. The tests
hold every event that is written in any of them against its declaration.
"""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict


class EventData(BaseModel):
    """What an event of a type tells; nothing that is not declared."""

    model_config = ConfigDict(extra="forbid", strict=True)


class EventType(NamedTuple):
    """A type of event: what its data are, and when it happens."""

    data: type[EventData]
    happens: str
