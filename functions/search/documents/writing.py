"""How a document changes: one change is one transaction with its event, and an older version never wins."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from functions.search.collections import values
from functions.search.collections.collections import Collection
from functions.search.collections.fields import ID
from functions.search.documents import documents
from functions.search.documents.documents import DocumentNotFound, Stored, View
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim


class DocumentExists(Conflict):
    """409: the collection has a document with this id; update or upsert it."""


class NewerVersion(Conflict):
    """409: the document is at this version or a newer one already; nothing was changed."""


class Change(NamedTuple):
    """A change of a document: what is to be done, with what, and at which version, None for the next one.

    `is_imported`: an import makes it, and nobody waits for this document.
    """

    operation: str
    document: Mapping[str, Any]
    version: int | None = None
    is_imported: bool = False


def make(collection: Collection, change: Change, *, claim: Claim | None = None, if_match: str | None = None) -> Answer:
    """Make a change and return the id, the version and the state of the index.

    Raises InvalidInput, DocumentExists, DocumentNotFound, NewerVersion, versions.VersionChanged.
    """
    now = clock.now()
    document_id = id_of(change, now)

    def plan() -> Plan[View]:
        before = documents.find(collection.collection_id, document_id, consistent=True)
        if if_match is not None:
            _require(if_match, before)
        after = changed(collection, change, document_id, before, at=now)
        writes = [documents.written(before, after), documents.happened(collection, now)]
        return Plan(documents.state(after), [] if after is before else writes)

    return changes.make(plan, claim=claim)


def changed(collection: Collection, change: Change, document_id: str, before: Stored | None, *, at: Instant) -> Stored:
    """Return a document after a change; itself if it is at this version already and says the same.

    Raises InvalidInput, DocumentExists, DocumentNotFound, NewerVersion.
    """
    if before is not None and change.version is not None and change.version <= before.version:
        return _as_it_is(before, change)
    there = None if before is None or before.deleted else before
    after = Stored(
        collection_id=collection.collection_id,
        id=document_id,
        content=_content(collection, change, document_id, there),
        version=change.version or (1 if before is None else before.version + 1),
        updated_at="",
        deleted=change.operation == "delete",
        imported=change.is_imported,
    )
    return documents.changed(collection, after, at=at)


def id_of(change: Change, now: Instant) -> str:
    """Return the id of the document, a new one for a document without. Raises InvalidInput."""
    given = change.document.get(ID)
    if given is None and change.operation in {"create", "upsert"}:
        return ids.new("doc", at=now)
    if not isinstance(given, str) or not values.is_id(given):
        raise InvalidInput.of("document.id", "must have 1 to 128 letters, digits or any of _ . : ~ - and no others")
    return given


def _require(if_match: str, before: Stored | None) -> None:
    if before is None or before.deleted:
        raise DocumentNotFound
    versions.require(if_match, before.version)


def _content(collection: Collection, change: Change, document_id: str, there: Stored | None) -> str:
    """Return the text of the document after the change. Raises what speaks against it."""
    if change.operation in {"update", "delete"} and there is None:
        raise DocumentNotFound
    if change.operation == "delete":
        return ""
    if change.operation == "create" and there is not None:
        raise DocumentExists("There is a document with this id. Update or upsert it.")
    kept = there.document if change.operation == "update" and there is not None else {}
    document = {**kept, **change.document, ID: document_id}
    refused = values.errors(collection.checked, document)
    if refused:
        raise InvalidInput("The document does not fit its collection.", errors=refused)
    return values.text(document)


def _as_it_is(before: Stored, change: Change) -> Stored:
    """Return a document that is at this version already and says the same. Raises NewerVersion."""
    if change.version == before.version and _says(before, change):
        return before
    raise NewerVersion(f"The document is at version {before.version} already. Nothing was changed.")


def _says(before: Stored, change: Change) -> bool:
    if before.deleted or change.operation == "delete":
        return before.deleted and change.operation == "delete"
    kept = before.document if change.operation == "update" else {ID: before.id}
    return {**kept, **change.document} == before.document
