"""A consumer that keeps one fact for each subject: the state that its latest version had."""

from collections.abc import Iterable
from typing import Any

from shared.storage.events import Event

Subject = tuple[str, str, str]
GONE = {"deleted", "removed", "revoked"}


class Facts:
    """What has been heard of each subject. An older or an equal version changes nothing; a later life comes after."""

    def __init__(self, heard: Iterable[Event] = ()) -> None:
        self.of: dict[Subject, dict[str, Any]] = {}
        for event in heard:
            self.hear(event)

    def hear(self, event: Event) -> None:
        if event.state is None:
            return
        subject = event.event_type.split(".")[0], event.tenant_id, event.subject_id
        known = self.of.get(subject)
        if known is None or _place(known) < _place(event.state):
            self.of[subject] = {**event.state}

    def there(self) -> dict[Subject, dict[str, Any]]:
        """Return the facts of what is not gone."""
        return {subject: state for subject, state in self.of.items() if state["status"] not in GONE}


def _place(state: Any) -> tuple[str, int]:
    return state["created_at"], state["version"]
