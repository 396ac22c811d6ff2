"""Build the index of a collection anew: `python -m infra.commands.reindex STAGE COLLECTION`.

COLLECTION is the id of a collection, the tenant and its name as `tenant_…/books`, or a tenant alone, for the index of
the search of Milepost. The indexer of the stage builds it out of the documents in the table, beside the index that
answers, which it replaces at the end. The command says how far that is until then; ended before, the work goes on. One
that is being built already is woken up, in case its last message is a dead letter. It takes the role of the stage that
may do this and nothing else.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from functions.search.collections import collections, growth, rebuilds, tenant_index
from functions.search.collections.collections import CollectionNotFound
from infra.commands import people, roles
from infra.commands.restate import asked_by_operator
from infra.commands.roles import NotDeployed
from infra.stage.access import StageNotRunning
from shared import ids
from shared.storage import table

LOOKED_AT_EVERY: Final = 2.0
"""Seconds between two looks at how far it is."""


class Named(NamedTuple):
    """A collection, by its tenant and its name."""

    tenant_id: str
    name: str


def main(arguments: Sequence[str]) -> int:
    """Run the command and return its exit code: 0, or 1 when nothing was built anew."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.commands.reindex", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("stage")
    parser.add_argument("collection", help="the id of a collection, tenant_…/name, or a tenant")
    asked = parser.parse_args(arguments)
    try:
        roles.enter(asked.stage, "ReindexRoleArn")
        found = find(asked.collection)
        if found is None:
            sys.stderr.write(f"{asked.stage} has no collection {asked.collection}.\n")
            return 1
        with asked_by_operator() as request_id:
            collection_id = growth.rebuild(*found)["collection_id"]
            sys.stdout.write(f"{asked.stage}: request {request_id} builds the index of {asked.collection} anew\n")
            sys.stdout.flush()
            return 0 if follow(collection_id, wait=time.sleep) else 1
    except (StageNotRunning, NotDeployed, CollectionNotFound) as failure:
        sys.stderr.write(f"{failure}\n")
        return 1


def find(text: str) -> Named | None:
    """Return the collection or the index of a tenant that was typed, None for one that is not there.

    The id of a collection is looked for in all tenants.
    """
    if ids.is_valid(text, "tenant"):
        return Named(text, tenant_index.NAME) if text in people.tenants() else None
    tenant_id, slash, name = text.partition("/")
    if slash and name:
        return Named(tenant_id, name) if ids.is_valid(tenant_id, "tenant") else None
    if not ids.is_valid(text, "col"):
        return None
    return next((found for found, collection_id in _all() if collection_id == text), None)


def follow(collection_id: str, *, wait: Callable[[float], None]) -> bool:
    """Say how far the index is until it has ended, and return whether it answers now."""
    while True:
        rebuild = rebuilds.find(collection_id)[1]
        if rebuild is None:
            sys.stderr.write("The collection was deleted.\n")
            return False
        sys.stdout.write(f"{rebuild.state}: {rebuild.done} documents of about {max(rebuild.of, rebuild.done)}\n")
        sys.stdout.flush()
        if not rebuild.is_running:
            return rebuild.state == rebuilds.COMPLETED
        wait(LOOKED_AT_EVERY)


def _all() -> Iterator[tuple[Named, str]]:
    for tenant_id in people.tenants():
        for item in table.query_all(collections.partition(tenant_id), collections.PREFIX):
            yield Named(tenant_id, item["name"]), item["collection_id"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
