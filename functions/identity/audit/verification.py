"""`python -m functions.identity.audit.verification <tenant id> [<sequence>:<hash>]`: is the audit log what was written?

Reads the table that TABLE_NAME names with the AWS credentials of the environment, says what is wrong, and exits with 1
if anything is. Who can write the table can also make a new chain, or cut off its end together with the head: keep the
`sequence:hash` that this prints somewhere else, and give it the next time.
"""

import sys
from collections.abc import Iterator

from functions.identity.accounts import tenants
from functions.identity.audit import log
from functions.identity.audit.log import GENESIS, Head
from shared.storage import table


def faults(tenant_id: str, *, anchor: Head | None = None) -> Iterator[str]:
    """Yield in words what is wrong with the log of a tenant; nothing when it is whole and holds the anchor."""
    found = [log.from_item(item) for item in table.query_all(tenants.key(tenant_id).pk, log.PREFIX)]
    previous = Head(0, GENESIS)
    hashes = {0: GENESIS}
    for entry in sorted(found, key=lambda each: (each.sequence, each.event_id)):
        if entry.hash != log.hashed(entry) or entry.tenant_id != tenant_id:
            yield f"{entry.event_id} was changed"
        if entry.sequence != previous.sequence + 1:
            yield f"after {previous.sequence} comes {entry.sequence}: an item was removed or inserted"
        elif entry.previous_hash != previous.hash:
            yield f"{entry.event_id} does not follow on the item before it"
        previous = Head(entry.sequence, entry.hash)
        hashes[previous.sequence] = previous.hash
    if log.head_of(table.get(log.head_key(tenant_id), consistent=True)) != previous:
        yield f"the head does not name item {previous.sequence}, which is the last"
    if anchor is not None and hashes.get(anchor.sequence) != anchor.hash:
        yield f"item {anchor.sequence} is not the one that was noted"


def main(arguments: list[str]) -> int:
    """Print what is wrong, or the head to note; return the exit code."""
    tenant_id, *noted = arguments
    anchor = None
    if noted:
        sequence, _, digest = noted[0].partition(":")
        anchor = Head(int(sequence), digest)
    found = list(faults(tenant_id, anchor=anchor))
    head = log.head_of(table.get(log.head_key(tenant_id), consistent=True))
    sys.stdout.write("\n".join(found or [f"whole; note {head.sequence}:{head.hash}"]) + "\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
