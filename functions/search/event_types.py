"""The events of search: what becomes of collections, and that documents have changed; never what a document says."""

from collections.abc import Mapping
from typing import Final

from shared.messaging.event_data import EventData, EventType


class CollectionChanged(EventData):
    """Which collection it is."""

    collection_id: str
    name: str


class DocumentsChanged(EventData):
    """In which collection documents were changed; which, the table says."""

    collection_id: str
    name: str


class KeyChanged(EventData):
    """Which key of which collection it is; neither what it is bound to nor its text."""

    collection_id: str
    name: str
    key_id: str


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "search.collection.created": EventType(CollectionChanged, "A collection was made.", is_audited=True),
    "search.collection.updated": EventType(
        CollectionChanged, "A collection has other synonyms or stop words.", is_audited=True
    ),
    "search.collection.deleted": EventType(
        CollectionChanged, "A collection is gone, with its documents.", is_audited=True
    ),
    "search.collection.rebuild_requested": EventType(
        CollectionChanged, "A new index of a collection is to be built: for more fields, or anew.", is_audited=True
    ),
    "search.collection.rebuilt": EventType(
        CollectionChanged, "The new index answers, with the fields that were to be added.", is_audited=True
    ),
    "search.collection.rebuild_refused": EventType(
        CollectionChanged, "Fields were not added: documents have other values in them.", is_audited=True
    ),
    "search.document.changed": EventType(DocumentsChanged, "A document was stored or deleted; the index is behind."),
    "search.key.created": EventType(KeyChanged, "A key that is bound to a collection was made.", is_audited=True),
    "search.key.revoked": EventType(KeyChanged, "A key that is bound to a collection is refused.", is_audited=True),
}
