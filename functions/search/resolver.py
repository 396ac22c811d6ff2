"""The resolver of search: its one API, and what several of its operations take."""

import functools
from typing import Final

from shared.api import operations
from shared.api.operations import BODY, KEYED, page
from shared.api.rest import Api
from shared.callers.auth import Caller
from shared.errors import NotFound

__all__ = [
    "ADMIN",
    "ALIAS",
    "ALIASES",
    "BATCH",
    "BODY",
    "COLLECTION",
    "COLLECTIONS",
    "COLLECTION_KEY",
    "COLLECTION_KEYS",
    "DOCUMENT",
    "KEYED",
    "MULTI_SEARCH",
    "READ",
    "SAVED_SEARCH",
    "SAVED_SEARCHES",
    "SAVED_SEARCH_RUN",
    "SEARCH",
    "STOP_WORDS",
    "SYNC",
    "SYNONYMS",
    "WRITE",
    "NotForGuests",
    "api",
    "claim",
    "insider",
    "page",
]

READ: Final = "search:read"
WRITE: Final = "search:write"
ADMIN: Final = "search:admin"

COLLECTIONS: Final = "/api/v1/collections"
COLLECTION: Final = f"{COLLECTIONS}/<collection_name>"
SYNONYMS: Final = f"{COLLECTION}/synonyms"
STOP_WORDS: Final = f"{COLLECTION}/stop-words"
DOCUMENT: Final = f"{COLLECTION}/documents/<document_id>"
COLLECTION_KEYS: Final = f"{COLLECTION}/keys"
COLLECTION_KEY: Final = f"{COLLECTION_KEYS}/<key_id>"
ALIASES: Final = "/api/v1/collection-aliases"
ALIAS: Final = f"{ALIASES}/<alias_name>"
SYNC: Final = "/api/v1/documents/sync"
BATCH: Final = "/api/v1/documents/batch"
SEARCH: Final = "/api/v1/search"
MULTI_SEARCH: Final = "/api/v1/multi-search"
SAVED_SEARCHES: Final = "/api/v1/saved-searches"
SAVED_SEARCH: Final = f"{SAVED_SEARCHES}/<saved_search_id>"
SAVED_SEARCH_RUN: Final = f"{SAVED_SEARCH}/run"

api = Api()
claim = functools.partial(operations.claim, api)


class NotForGuests(NotFound):
    """404: guests of a tenant see what they are a member of, and none of its collections."""

    def __init__(self) -> None:
        super().__init__("Guests have no collections. Ask an admin for another role.")


def insider() -> Caller:
    """Return the caller, who is no guest: collections are those of the whole tenant. Raises NotForGuests."""
    if "guest" in api.caller.roles:
        raise NotForGuests
    return api.caller
