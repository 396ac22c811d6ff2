"""People who say when they are out of office, as identity's own route takes it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.entries import Answer
from tests.identity.entries import bearer, rest
from tests.projects.team import Person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PATH = "/api/v1/out-of-office"


def asks(person: Person, method: str, body: Any = None, *, if_match: str | None = None) -> Answer:
    headers = bearer(person.token()) | ({} if if_match is None else {"if-match": if_match})
    return rest(method, PATH, body, headers=headers)


def is_away(
    person: Person, backup: Person | None = None, *, after: timedelta = -HOUR, lasts: timedelta = DAY, **more: Any
) -> Answer:
    """Let somebody be away from some time after now on; return what they are answered."""
    starts = datetime.now(UTC) + after
    period = {"starts_at": starts.isoformat(), "ends_at": (starts + lasts).isoformat()}
    named = {} if backup is None else {"backup_id": backup.user_id}
    return asks(person, "PUT", {**period, **named, **more})
