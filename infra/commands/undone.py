"""Say which audited events a restore has undone: `python -m infra.commands.undone STAGE --table … --since …`.

It reads the audit logs in the table that the stage had before, from the instant of the restore on, and the events that
are beside them: those of the last seconds before the stage was halted have reached no log. Each is printed as a line
of JSON. What took access away, such as a key that was revoked or a member who was removed, has to be done again: the
restored table knows nothing of it.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.identity.audit import log
from infra.commands import people, tenant_events, typed
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared import clock, ids
from shared.clock import Instant
from shared.messaging import audited
from shared.storage import events, table

FORMER: Final = frozenset(f"notifications.endpoint.{what}" for what in ("deleted", "secret_rotated", "updated"))
"""What takes access away under the name that an earlier version gave it; no audit log has it."""
_TOGETHER = 100
_BEHIND = "~"
"""Sorts behind every id."""


class Undone(NamedTuple):
    """What happened in a tenant, and has not for the restored table."""

    tenant_id: str
    event_id: str
    event_type: str
    occurred_at: str
    data: Mapping[str, Any]


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be reached."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.undone", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--table", required=True, help="the table that the stage had before")
    parser.add_argument("--since", type=typed.instant, required=True, help="the instant of the restore")
    asked = parser.parse_args(arguments)
    try:
        access.enter(asked.stage)
    except StageNotRunning as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    os.environ["TABLE_NAME"] = asked.table
    for each in since(asked.since):
        sys.stdout.write(f"{line(each)}\n")
    return 0


def line(undone: Undone) -> str:
    """Return what is said of it."""
    told = {"tenant_id": undone.tenant_id, "event_type": undone.event_type, "occurred_at": undone.occurred_at}
    return json.dumps(told | {"data": undone.data})


def since(instant: Instant) -> Iterator[Undone]:
    """Yield what happened at this instant and later, tenant by tenant, oldest first."""
    for tenant_id in people.tenants():
        # What is in the log is often an event still.
        found = {each.event_id: each for each in (*_logged(tenant_id, instant), *_events(tenant_id, instant))}
        yield from (found[event_id] for event_id in sorted(found))


def _events(tenant_id: str, instant: Instant) -> Iterator[Undone]:
    for item in tenant_events.between(tenant_id, instant, clock.now() + clock.DAY):
        event = events.stored(item)
        if audited.takes(event) or event.event_type in FORMER:
            yield Undone(tenant_id, event.event_id, event.event_type, event.occurred_at, event.data)


def _logged(tenant_id: str, instant: Instant) -> Iterator[Undone]:
    partition, behind = log.key(tenant_id, _BEHIND)
    low: str | None = log.key(tenant_id, ids.earliest("evt", at=instant)).sk
    known = ""
    while low is not None:
        found, low = table.between(partition, low, behind, limit=_TOGETHER)
        for item in found:
            # A page begins with the last item of the one before.
            if item["SK"] != known:
                entry = log.from_item(item)
                yield Undone(tenant_id, entry.event_id, entry.event_type, entry.occurred_at, entry.data)
        known = low or ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
