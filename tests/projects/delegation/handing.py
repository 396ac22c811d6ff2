"""People who let others decide in their place."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.entries import Answer
from tests.projects.team import Person

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def delegates(
    principal: Person, delegate: Person, *, after: timedelta = -HOUR, lasts: timedelta = DAY, **more: Any
) -> Answer:
    """Let somebody delegate, from some time after now on; return what they are answered."""
    starts = datetime.now(UTC) + after
    body = {"delegate_id": delegate.user_id, "scope": "tenant", "reason": "On leave.", **more}
    return principal.post("/delegations", {"starts_at": text(starts), "ends_at": text(starts + lasts), **body})
