"""Compare what search has with what the contexts have: `python -m infra.commands.reconcile STAGE [--tenant ID]`.

It walks the lists of all contexts, and the documents of the search of Milepost, and names each item that is missing
there, is there and nowhere else, has other readers than its context says, or says something else. Nothing is changed.
Of a tenant with more leads than search is told of, a lead may be missing there or say something else.
What changes while it walks may be named as well; what a second run names again is wrong. It takes a role that reads
the table and may do nothing else.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.search.collections import tenant_index
from functions.search.documents import documents
from functions.search.documents.documents import Stored
from infra.commands import people, roles, typed
from infra.commands.roles import NotDeployed
from infra.commands.search import findables
from infra.stage.access import StageNotRunning
from shared.messaging.search_feed import Fed
from shared.storage import table

MISSING: Final = "missing"
SURPLUS: Final = "surplus"
READERS: Final = "other readers"
TEXTS: Final = "other text"
_PROVED_BY: Final = ("readers", "grants", "sources", "scope")


class Difference(NamedTuple):
    """An item of which search has something else than its context, and what that is."""

    ref: str
    what: str


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0 if search has what it should, 1 if not, or if nobody could look."""
    asked = _parsed(arguments)
    try:
        roles.enter(asked.stage, "ReconcileRoleArn")
    except (StageNotRunning, NotDeployed) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return compare(asked.stage, [asked.tenant] if asked.tenant else people.tenants())


def compare(stage: str, tenant_ids: Iterator[str] | Sequence[str]) -> int:
    """Name the differences of tenants and return the exit code."""
    looked_at, counts = 0, Counter[str]()
    for tenant_id in tenant_ids:
        looked_at += 1
        for found in differences(tenant_id):
            counts[found.what] += 1
            sys.stdout.write(f"{stage}: {tenant_id} {found.ref}: {found.what}\n")
    told = ", ".join(f"{counts[what]} {what}" for what in (MISSING, SURPLUS, READERS, TEXTS))
    sys.stdout.write(f"{stage}: {looked_at} tenants; {told}\n")
    return 1 if counts else 0


def differences(tenant_id: str) -> Iterator[Difference]:
    """Yield each item of a tenant of which search has something else than its context."""
    stored = {each.id: each for each in _stored(tenant_id)}
    for fed in findables.of_tenant(tenant_id):
        what = _difference(fed, stored.pop(fed.ref, None))
        if what is not None:
            yield Difference(fed.ref, what)
    for fed in findables.at_will(tenant_id):
        before = stored.pop(fed.ref, None)
        if before is not None and _difference(fed, before) == READERS:
            yield Difference(fed.ref, READERS)
    yield from (Difference(ref, SURPLUS) for ref in sorted(stored))


def _difference(fed: Fed, stored: Stored | None) -> str | None:
    if stored is None:
        return MISSING
    said: Mapping[str, Any] = json.loads(json.dumps(fed.content))
    has = stored.document
    if any(said[name] != has.get(name) for name in _PROVED_BY):
        return READERS
    return None if said == has else TEXTS


def _stored(tenant_id: str) -> Iterator[Stored]:
    """Yield the documents of a tenant's index that are there."""
    for partition in documents.partitions(tenant_index.id_of(tenant_id)):
        for item in table.query_all(partition, documents.PREFIX, page=100):
            found = documents.from_item(item)
            if not found.deleted:
                yield found


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.reconcile", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("--tenant", type=typed.tenant_id, help="what this tenant has, instead of all")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
