"""The documents of a collection, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.search import resolver
from functions.search.collections import collections
from functions.search.collections.collections import CollectionNotFound
from functions.search.documents import batches, documents, writing
from functions.search.documents.documents import DocumentNotFound
from functions.search.documents.writing import Change, DocumentExists, NewerVersion
from functions.search.keys import restrictions
from functions.search.keys.restrictions import CONTEXT, KeyOutdated
from functions.search.resolver import BATCH, BODY, DOCUMENT, KEYED, READ, SYNC, WRITE, NotForGuests, api, insider
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.errors import Malformed
from shared.storage.idempotency import Claim
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.search.documents.shapes import DocumentChange, DocumentChanges

replies = Replies("functions.search.replies")

SENT = Body("functions.search.documents.shapes")


@api.operation(
    "POST",
    SYNC,
    scope=WRITE,
    summary="Change a document",
    answers={200: replies.DocumentChanged},
    refusals=(*BODY, CollectionNotFound, DocumentNotFound, DocumentExists, NewerVersion, NotForGuests, *KEYED),
)
def sync_document(change: Annotated["DocumentChange", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Create, update, upsert or delete a document. It is stored now, and found once its `index` says `indexed`.

    With a `version`, a change that is older than what is stored answers 409, in whatever order changes arrive.
    """
    claim = resolver.claim(idempotency_key, change)
    collection = collections.find(insider().tenant_id, change.collection_name, consistent=True)
    asked = Change(change.operation, change.document, change.version)
    return answer(200, writing.make(collection, asked, claim=claim))


@api.operation(
    "POST",
    BATCH,
    scope=WRITE,
    summary="Change many documents",
    answers={200: replies.DocumentsChanged},
    refusals=(*BODY, NotForGuests, *KEYED),
)
def change_documents(batch: Annotated["DocumentChanges", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Make up to 100 changes. Each is made or refused for itself, and `results` says which, in their order."""

    def claim(number: int) -> Claim | None:
        # The first part has the key itself, so that it is known as used. No header has a line break.
        key = idempotency_key if idempotency_key is None or number == 0 else f"{idempotency_key}\n{number}"
        return resolver.claim(key, batch)

    asked = [(each.collection_name, Change(each.operation, each.document, each.version)) for each in batch.changes]
    return answer(200, {"results": batches.make(insider().tenant_id, asked, claim)})


@api.operation(
    "GET",
    DOCUMENT,
    scope=READ,
    summary="Show a document",
    answers={200: replies.DocumentShown},
    refusals=(CollectionNotFound, DocumentNotFound, KeyOutdated, NotForGuests),
    knows=CONTEXT,
)
def show_document(collection_name: str, document_id: str) -> Response:
    """Show a document as it is stored, and whether the index has it."""
    return answer(200, documents.get(restrictions.opened(insider(), collection_name), document_id))


@api.operation(
    "DELETE",
    DOCUMENT,
    scope=WRITE,
    summary="Delete a document",
    answers={204: None},
    refusals=(Malformed, CollectionNotFound, DocumentNotFound, VersionChanged, NotForGuests),
)
def delete_document(collection_name: str, document_id: str, if_match: IfMatch = None) -> Response:
    """Delete a document. It is not shown from now on, whatever the index still has."""
    collection = collections.find(insider().tenant_id, collection_name, consistent=True)
    writing.make(collection, Change("delete", {"id": document_id}), if_match=if_match)
    return answer(204)
