"""Say which security events a restore has undone: `python -m infra.commands.undone STAGE --table … --since …`.

It reads the audit logs in the table that the stage had before, from the instant of the restore on, and prints each
entry as a line of JSON. What took access away since then, such as a key that was revoked or a member who was removed,
has to be done again: the restored table knows nothing of it.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence

from functions.identity.audit import log
from functions.identity.audit.log import Entry
from infra.commands import people
from infra.stage import access
from infra.stage.access import StageNotRunning
from shared import clock, ids
from shared.clock import Instant
from shared.storage import table

_TOGETHER = 100
_BEHIND = "~"
"""Sorts behind every id."""


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when the stage cannot be reached."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.undone", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--table", required=True, help="the table that the stage had before")
    parser.add_argument("--since", type=_instant, required=True, help="the instant of the restore")
    asked = parser.parse_args(arguments)
    try:
        access.enter(asked.stage)
    except StageNotRunning as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    os.environ["TABLE_NAME"] = asked.table
    for entry in since(asked.since):
        sys.stdout.write(f"{line(entry)}\n")
    return 0


def line(entry: Entry) -> str:
    """Return what is said of an entry."""
    told = {"tenant_id": entry.tenant_id, "event_type": entry.event_type, "occurred_at": entry.occurred_at}
    return json.dumps(told | {"data": entry.data})


def since(instant: Instant) -> Iterator[Entry]:
    """Yield what the audit logs of all tenants hold of this instant and later, tenant by tenant, oldest first."""
    for tenant_id in people.tenants():
        yield from _of_tenant(tenant_id, instant)


def _of_tenant(tenant_id: str, instant: Instant) -> Iterator[Entry]:
    partition, behind = log.key(tenant_id, _BEHIND)
    low: str | None = log.key(tenant_id, ids.earliest("evt", at=instant)).sk
    known = ""
    while low is not None:
        found, low = table.between(partition, low, behind, limit=_TOGETHER)
        for item in found:
            # A page begins with the last item of the one before.
            if item["SK"] != known:
                yield log.from_item(item)
        known = low or ""


def _instant(text: str) -> Instant:
    try:
        return clock.from_rfc3339(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no instant. Write it as 2026-11-26T11:00:00Z.") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
