"""What callers send about documents. Unknown fields are refused, but for those of a document, which are its own."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from functions.search.collections.shapes import Name, asked
from functions.search.documents.batches import MAX_CHANGES
from shared.api.whole_numbers import WHOLE

Version = Annotated[Annotated[int, Field(strict=True, ge=1, le=2**53)], WHOLE]


_CHANGE = {
    "operation": "upsert",
    "collection_name": "books",
    "document": {"id": "moby-dick", "title": "Moby-Dick; or, The Whale", "tags": ["sea"], "pages": 635},
}


class DocumentChange(BaseModel):
    """A change of a document."""

    model_config = asked(_CHANGE)

    operation: Literal["create", "update", "upsert", "delete"]
    collection_name: Name
    document: Annotated[dict[str, Any], Field(description="The document, 64 KB at most; `id` alone to delete it.")]
    version: Annotated[
        Version | None, Field(description="The version that it is at after the change; `null`: the next one.")
    ] = None


class DocumentChanges(BaseModel):
    """Changes of documents, of one collection or of several."""

    model_config = asked({"changes": [_CHANGE]})

    changes: Annotated[list[DocumentChange], Field(min_length=1, max_length=MAX_CHANGES)]
