"""The audit log of a tenant: how events get into it, and what is found in it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from functions.identity.audit import consumers as audit_consumers
from functions.identity.audit import log as audit
from functions.identity.audit import verification
from functions.identity.audit.log import Head
from shared.storage import attributes, table
from shared.storage.events import stored as stored_event
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.identity.people import Person

FAILED = "identity.sign_in.failed"
AUDIT = "/api/v1/audit"


def stream(events: list[dict[str, Any]]) -> None:
    audit_consumers.handler(delivered(stored_event(event) for event in events), Context())


def stored(person: Person) -> list[dict[str, Any]]:
    items = table.query_all(f"TENANT#{person.tenant_id}", audit.PREFIX)
    return sorted(items, key=lambda item: item["sequence"])


def faults(person: Person, anchor: Head | None = None) -> list[str]:
    return list(verification.faults(person.tenant_id, anchor=anchor))


@pytest.fixture
def written(pepper: str) -> Iterator[list[dict[str, Any]]]:
    """What is put into the table by transactions, from the beginning of the test."""
    items: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        actions = json.loads(params["body"])["TransactItems"]
        items.extend(attributes.load(action["Put"]["Item"]) for action in actions if "Put" in action)

    hooks.register("before-call.dynamodb.TransactWriteItems", note)
    yield items
    hooks.unregister("before-call.dynamodb.TransactWriteItems", note)


def audited(written: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
    """Let the consumer see everything that was written, and return the log."""
    happened = [stored_event(item) for item in written if item["entity"] == "Event"]
    audit_consumers.handler(delivered(happened), Context())
    return stored(person)
