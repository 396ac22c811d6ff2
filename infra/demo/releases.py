"""The Python releases of the demo as documents of a collection with an alias, so that there is something to find."""

import csv
import uuid
from collections.abc import Iterator
from typing import Any

from infra.demo.account import Account
from infra.demo.histories import DATA

COLLECTION = "python-releases"
ALIAS = "releases"
# A document that is there at this version is left as it is.
VERSION = 1

Document = dict[str, Any]

_FIELDS = [
    {"name": "title", "type": "string"},
    {"name": "goal", "type": "string", "facet": True},
    {"name": "stage", "type": "string", "facet": True},
    {"name": "state", "type": "string", "facet": True},
    {"name": "day", "type": "datetime"},
]


def documents() -> list[Document]:
    """Return a document for each release: what it is called, of which goal, on which day it came out or is due."""
    return [
        *(
            _document(row, f"{row['goal']} {row['task']}", row["task"].split()[0])
            for row in _rows("python-releases.csv")
        ),
        *(_document(row, f"Python {row['task']}", "bugfix") for row in _rows("python-3.14-bugfixes.csv")),
    ]


def store(account: Account) -> None:
    """Make the collection with its documents and its alias, as far as they are not there. Raises NotDone."""
    draft = {"name": COLLECTION, "language": "en", "fields": _FIELDS}
    account.post("/api/v1/collections", draft, idempotency_key=str(uuid.uuid4()))
    changes = [
        {"operation": "upsert", "collection_name": COLLECTION, "document": each, "version": VERSION}
        for each in documents()
    ]
    account.post("/api/v1/documents/batch", {"changes": changes}, idempotency_key=str(uuid.uuid4()))
    account.put(f"/api/v1/collection-aliases/{ALIAS}", {"collection_name": COLLECTION})


def _document(row: dict[str, str], title: str, stage: str) -> Document:
    return {
        "id": title.lower().replace(" ", "-"),
        "title": title,
        "goal": row["goal"],
        "stage": stage,
        "state": "out" if row["completed"] else "to come",
        "day": f"{row['completed'] or row['due']}T12:00:00Z",
    }


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
