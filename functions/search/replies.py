"""What callers are answered by search."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

MOMENT = "2026-11-20T09:30:00.000Z"

_FIELD = {
    "name": "title",
    "type": "string",
    "facet": False,
    "optional": False,
    "index": True,
    "sort": False,
    "infix": False,
}
_COLLECTION = {
    "collection_id": "col_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    "name": "books",
    "fields": [_FIELD],
    "default_sorting_field": None,
    "language": "en",
    "synonyms": [{"root": None, "synonyms": ["whale", "leviathan"]}],
    "stop_words": ["edition"],
    "language_stop_words": True,
    "num_documents": 0,
    "published_at": None,
    "schema_change": None,
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": MOMENT,
    "version": 1,
}
_ALIAS = {"name": "library", "collection_name": "books", "updated_at": MOMENT, "version": 1}
_CHANGED = {"id": "moby-dick", "version": 1, "index": {"state": "pending", "version": 1}}
_DOCUMENT = {"id": "moby-dick", "title": "Moby-Dick; or, The Whale", "tags": ["sea"], "pages": 635}
_HIGHLIGHT = {
    "field": "title",
    "index": None,
    "snippet": "Moby-Dick; or, The <mark>Whale</mark>",
    "matched_tokens": ["Whale"],
}
_HIT = {"document": _DOCUMENT, "highlights": [_HIGHLIGHT], "text_match": 411204}

_FOUND = {
    "found": 1,
    "out_of": 1,
    "page": 1,
    "hits": [_HIT],
    "grouped_hits": [],
    "facet_counts": [{"field_name": "tags", "counts": [{"value": "sea", "count": 1}]}],
    "search_time_ms": 4,
}


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [example]})


class SearchField(BaseModel):
    """A field of the documents of a collection."""

    name: str
    type: Literal["string", "string[]", "int64", "float", "bool", "datetime"]
    facet: bool
    optional: bool
    index: bool
    sort: bool
    infix: bool


class SynonymSet(BaseModel):
    """Words that are found for each other; with a `root`, they are found for that, and it is not found for them."""

    root: str | None
    synonyms: list[str]


class SchemaFault(BaseModel):
    """A document that has another value in a field that was to be added."""

    document_id: str
    field: str
    reason: str


class SchemaChange(BaseModel):
    """The last change of a schema: `done` of about `of` documents are in the index with the new `fields`.

    One is `refused` if documents have other values in these fields; `faults` names up to 20 of them.
    """

    state: Literal["running", "completed", "refused"]
    fields: list[str]
    done: int
    of: int
    faults: list[SchemaFault]
    begun_at: str
    ended_at: str | None


class SearchCollection(BaseModel):
    """A collection; `num_documents` is how many its index had when it was published last."""

    model_config = _answered(_COLLECTION)

    collection_id: str
    name: str
    fields: list[SearchField]
    default_sorting_field: str | None
    language: str | None
    synonyms: list[SynonymSet]
    stop_words: list[str]
    language_stop_words: bool
    num_documents: int
    published_at: str | None
    schema_change: SchemaChange | None
    created_by: str
    created_at: str
    version: int


class SearchCollections(BaseModel):
    """A page of collections."""

    model_config = _answered({"items": [_COLLECTION], "next_cursor": None})

    items: list[SearchCollection]
    next_cursor: str | None


class CollectionAlias(BaseModel):
    """Another name of a collection."""

    model_config = _answered(_ALIAS)

    name: str
    collection_name: str
    updated_at: str
    version: int


class CollectionAliases(BaseModel):
    """A page of aliases."""

    model_config = _answered({"items": [_ALIAS], "next_cursor": None})

    items: list[CollectionAlias]
    next_cursor: str | None


class IndexState(BaseModel):
    """Whether the index has this version of a document: not yet, or never if the engine could not take it."""

    state: Literal["pending", "indexed", "refused"]
    version: int


class DocumentChanged(BaseModel):
    """A document that was changed."""

    model_config = _answered(_CHANGED)

    id: str
    version: int
    index: IndexState


class ChangeFault(BaseModel):
    """A field at fault, and what to do about it."""

    field: str
    reason: str


class DocumentResult(BaseModel):
    """What became of a change: its document as it is now, or the code of the refusal and why."""

    status: int
    id: str | None
    version: int | None
    index: IndexState | None
    code: str | None
    detail: str | None
    errors: list[ChangeFault]


class DocumentsChanged(BaseModel):
    """What became of each change, in their order."""

    model_config = _answered({"results": [{"status": 200, **_CHANGED, "code": None, "detail": None, "errors": []}]})

    results: list[DocumentResult]


class DocumentShown(DocumentChanged):
    """A document as it is stored."""

    model_config = _answered({**_CHANGED, "document": _DOCUMENT, "updated_at": MOMENT})

    document: dict[str, Any]
    updated_at: str


class Highlight(BaseModel):
    """A piece of a text, escaped for HTML, with words that match marked; `index` is its place in a list of texts."""

    field: str
    index: int | None
    snippet: str
    matched_tokens: list[str]


class SearchHit(BaseModel):
    """A document that was found, as it is now; the higher `text_match`, the better it matches."""

    document: dict[str, Any]
    highlights: list[Highlight]
    text_match: int


class SearchGroup(BaseModel):
    """The best hits that have one value in the field of `group_by`; `null`: that have none."""

    group_key: str | None
    hits: list[SearchHit]


class FacetCount(BaseModel):
    """How many of all documents found have a value, or one in a range."""

    value: str
    count: int


class FacetCounts(BaseModel):
    """The counts of a field, those of values with the most frequent first."""

    field_name: str
    counts: list[FacetCount]


class SearchAnswer(BaseModel):
    """What was found: `found` of `out_of` documents that the index has, and a page of them."""

    model_config = _answered(_FOUND)

    found: int
    out_of: int
    page: int
    hits: list[SearchHit]
    grouped_hits: list[SearchGroup]
    facet_counts: list[FacetCounts]
    search_time_ms: int


class SearchResult(BaseModel):
    """The answer of one of several searches, or the code of its refusal and why."""

    status: int
    answer: SearchAnswer | None
    code: str | None
    detail: str | None


class SearchAnswers(BaseModel):
    """What came of each search, in their order."""

    model_config = _answered({"results": [{"status": 200, "answer": _FOUND, "code": None, "detail": None}]})

    results: list[SearchResult]
