"""What callers send to have documents imported or exported. Unknown fields are refused."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from functions.search.collections.fields import MAX_FIELDS
from functions.search.collections.shapes import FieldName, asked
from functions.search.filters import filters
from functions.search.transfer.lines import MOST_BYTES
from shared.api.whole_numbers import WHOLE


class CollectionImport(BaseModel):
    """The file that is going to be sent, and what is to be done with the document of each of its lines."""

    model_config = asked(
        {
            "operation": "upsert",
            "size": 4096,
            "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        }
    )

    operation: Literal["create", "update", "upsert"] = "upsert"
    size: Annotated[int, Field(strict=True, ge=1, le=MOST_BYTES, description="Its bytes."), WHOLE]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", description="Its SHA-256, hexadecimal.")]


class CollectionExport(BaseModel):
    """Which documents are to be exported, and without which fields."""

    model_config = asked({"filter_by": "pages:>100", "exclude_fields": ["tags"]})

    filter_by: Annotated[
        str | None, Field(max_length=filters.MAX_BYTES, description="As in a search; without, all documents.")
    ] = None
    exclude_fields: Annotated[
        list[FieldName], Field(max_length=MAX_FIELDS, description="What is left out of documents.")
    ] = []
