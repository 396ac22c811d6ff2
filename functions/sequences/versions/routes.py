"""Versions of elements, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.sequences import resolver
from functions.sequences.element_types import ElementTypeNotFound
from functions.sequences.elements import ElementNotFound
from functions.sequences.resolver import BODY, ELEMENT, KEYED, READ, VERSIONS, WRITE, Number, api
from functions.sequences.versions import versions
from functions.sequences.versions.versions import TooManyVersionsAtOnce, VersionNotFound
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.sequences.versions.shapes import Restoring, VersionDraft

replies = Replies("functions.sequences.replies")

SENT = Body("functions.sequences.versions.shapes")
NAMED = (ElementTypeNotFound, ElementNotFound)

Newer = Annotated[int | None, Query(ge=1, le=99_999_999, description="The number of a version; if none, the latest.")]
Older = Annotated[
    int | None, Query(ge=1, le=99_999_999, description="The number of a version; if none, the one before.")
]


@api.operation(
    "POST",
    VERSIONS,
    scope=WRITE,
    summary="Make a version of an element",
    answers={201: replies.ElementVersion},
    refusals=(*BODY, *NAMED, TooManyVersionsAtOnce, *KEYED),
)
def create_version(
    scope: str,
    element_type: str,
    element_id: str,
    draft: Annotated["VersionDraft", SENT],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Make the next version of an element. Versions are numbered without gaps, however many are made at once."""
    claim = resolver.claim(idempotency_key, draft)
    at = resolver.at(scope, element_type)
    return answer(201, versions.add(api.caller, at, element_id, draft.draft(), claim=claim))


@api.operation(
    "GET",
    VERSIONS,
    scope=READ,
    summary="List the versions of an element",
    answers={200: replies.ElementVersions},
    refusals=(Malformed, InvalidInput, *NAMED),
)
def list_versions(scope: str, element_type: str, element_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the versions of an element without their data, newest first. None of them is ever removed."""
    return resolver.page(versions.page(resolver.at(scope, element_type), element_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{VERSIONS}/<version_number>",
    scope=READ,
    summary="Show a version of an element",
    answers={200: replies.ElementVersionShown},
    refusals=(InvalidInput, *NAMED, VersionNotFound),
)
def show_version(scope: str, element_type: str, element_id: str, version_number: Number) -> Response:
    """Show a version of an element with its data."""
    return answer(200, versions.view(versions.read(resolver.at(scope, element_type), element_id, version_number)))


@api.operation(
    "POST",
    f"{VERSIONS}/<version_number>/restore",
    scope=WRITE,
    summary="Restore a version of an element",
    answers={201: replies.ElementVersion},
    refusals=(*BODY, *NAMED, VersionNotFound, TooManyVersionsAtOnce, *KEYED),
)
def restore_version(
    scope: str,
    element_type: str,
    element_id: str,
    version_number: Number,
    restoring: Annotated["Restoring | None", SENT] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Make a new version that holds what this one does. Its comment is that of this one unless you send another."""
    claim = resolver.claim(idempotency_key, restoring)
    at, comment = resolver.at(scope, element_type), restoring.comment if restoring else None
    return answer(201, versions.restore(api.caller, at, element_id, version_number, comment=comment, claim=claim))


@api.operation(
    "GET",
    f"{ELEMENT}/difference",
    scope=READ,
    summary="Compare two versions of an element",
    answers={200: replies.Difference},
    refusals=(InvalidInput, *NAMED, VersionNotFound),
)
def compare_versions(
    scope: str, element_type: str, element_id: str, older: Older = None, newer: Newer = None
) -> Response:
    """Say how the data of two versions differ, as a JSON Patch (RFC 6902) that makes the newer ones of the older."""
    at = resolver.at(scope, element_type)
    return answer(200, versions.compare(at, element_id, older=older, newer=newer))
