"""What the contexts declare of their events, as the run time needs it: light, and without importing any context.

`make document` writes `declared_events.json` from the declarations in `functions/*/event_types.py`; a test keeps it
up to date.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE: Final = Path(__file__).with_name("declared_events.json")


class Declared(NamedTuple):
    """What is declared of a type of event.

    `published` names the fields of its data that webhooks are told, None for a type that is not published.
    """

    is_audited: bool = False
    published: tuple[str, ...] | None = None


def _declared(stored: Mapping[str, Any]) -> Declared:
    published = stored.get("published")
    return Declared(
        is_audited=stored.get("is_audited", False),
        published=None if published is None else tuple(published),
    )


EVENTS: Final[Mapping[str, Declared]] = {
    name: _declared(stored) for name, stored in json.loads(FILE.read_text(encoding="utf-8")).items()
}
"""Every type that a context declares."""
