"""Types of elements and elements, over REST."""

import itertools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from functions.sequences import creation, element_types, elements, imports, resolver, sequences
from functions.sequences.creation import ElementDeleted, ElementExists
from functions.sequences.element_types import BUILT_IN, ElementTypeExists, ElementTypeNotFound
from functions.sequences.elements import ElementNotFound
from functions.sequences.resolver import BODY, ELEMENT, ELEMENTS, KEYED, READ, SEQUENCE, SEQUENCES, TYPES, WRITE, api
from functions.sequences.sequences import SequenceInUse
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.errors import InvalidInput, Malformed, Refusal
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.sequences.shapes import ElementDraft, ElementsDraft, ElementTypeDraft, Rows

replies = Replies("functions.sequences.replies")

SENT = Body("functions.sequences.shapes")
MOST_IDS = 100

Ids = Annotated[
    str | None,
    Query(max_length=6500, description="Read these elements, as they are now: up to 100 ids with commas between."),
]


def _existing(refusal: Refusal) -> Mapping[str, Any]:
    return {"sequence_number": refusal.sequence_number} if isinstance(refusal, ElementExists) else {}


EXISTING: Final = ProblemForm(_existing, replies.ElementProblem)
"""A refused create tells the number of the element that is there."""


@api.operation(
    "POST",
    TYPES,
    scope=WRITE,
    summary="Add a type of elements",
    answers={201: replies.ElementType},
    refusals=(*BODY, ElementTypeExists, *KEYED),
)
def add_element_type(draft: Annotated["ElementTypeDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Add a type of elements to your tenant. Whether they are ordered by number or by rank stays as it is."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, element_types.add(api.caller, draft.element_type, draft.order, claim=claim))


@api.operation(
    "GET",
    TYPES,
    scope=READ,
    summary="List the types of elements",
    answers={200: replies.ElementTypes},
    refusals=(Malformed, InvalidInput),
)
def list_element_types(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the types that your tenant has added, by name; `built_in` are those that are there from the start."""
    items, behind = element_types.page(api.caller, limit=limit, cursor=cursor)
    return answer(200, {"items": items, "next_cursor": behind, "built_in": [*BUILT_IN]})


@api.operation(
    "GET",
    SEQUENCES,
    scope=READ,
    summary="List the sequences",
    answers={200: replies.Sequences},
    refusals=(Malformed, InvalidInput),
)
def list_sequences(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the sequences of your tenant that have given a number, by scope and type."""
    return resolver.page(sequences.page(api.caller.tenant_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    ELEMENTS,
    scope=WRITE,
    summary="Create an element",
    answers={201: replies.Element},
    refusals=(*BODY, ElementTypeNotFound, ElementExists, ElementDeleted, *KEYED),
    problems=EXISTING,
)
def create_element(
    scope: str, element_type: str, draft: Annotated["ElementDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create an element behind all others of its sequence; it gets the next number. Scopes need not be made first."""
    claim = resolver.claim(idempotency_key, draft)
    at = resolver.at(scope, element_type)
    return answer(201, creation.create(api.caller, at, draft.new(), claim=claim))


@api.operation(
    "POST",
    f"{SEQUENCE}/batch",
    scope=WRITE,
    summary="Create up to 100 elements",
    answers={200: replies.ElementsCreated},
    refusals=(*BODY, ElementTypeNotFound, *KEYED),
)
def create_elements(
    scope: str, element_type: str, draft: Annotated["ElementsDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create elements that get their numbers in the order in which they are sent, and say what became of each.

    At most 30 of them are one transaction; whoever is there already keeps nobody else from being created.
    """
    at = resolver.at(scope, element_type)
    new = [each.new() for each in draft.elements]
    parts = itertools.count()
    claims = (resolver.claim(idempotency_key and f"{idempotency_key} {part}", draft) for part in parts)
    return answer(200, {"results": creation.create_all(api.caller, at, new, claims=claims)})


@api.operation(
    "POST",
    f"{SEQUENCE}/import",
    scope=WRITE,
    summary="Import rows of another sequence service",
    answers={200: replies.RowsImported},
    refusals=(*BODY, ElementTypeNotFound, SequenceInUse),
)
def import_elements(scope: str, element_type: str, draft: Annotated["Rows", SENT]) -> Response:
    """Import rows with the numbers and versions that they have, and say what became of each.

    Send all rows of an element in one request, and all rows before you create elements here. A request that is
    repeated says `imported_before`. New elements get numbers above the highest that was sent.
    """
    rows = [each.row() for each in draft.rows]
    return answer(200, {"results": imports.take(api.caller, resolver.at(scope, element_type), rows)})


@api.operation(
    "GET",
    ELEMENTS,
    scope=READ,
    summary="List the elements of a sequence",
    answers={200: replies.Elements},
    refusals=(Malformed, InvalidInput, ElementTypeNotFound),
)
def list_elements(scope: str, element_type: str, limit: Limit = 20, cursor: Cursor = None, ids: Ids = None) -> Response:
    """List the elements of a sequence in their order, which follows a change within a second.

    With `ids` you read those that are there of the elements named, in the order of the ids, as they are now.
    """
    at = resolver.at(scope, element_type)
    if ids is None:
        return resolver.page(elements.page(at, limit=limit, cursor=cursor))
    named = [*dict.fromkeys(ids.split(","))]
    if len(named) > MOST_IDS:
        raise InvalidInput.of("ids", f"must be {MOST_IDS} at most")
    return resolver.page((elements.read(at, named), None))


@api.operation(
    "GET",
    ELEMENT,
    scope=READ,
    summary="Show an element",
    answers={200: replies.Element},
    refusals=(InvalidInput, ElementTypeNotFound, ElementNotFound),
)
def show_element(scope: str, element_type: str, element_id: str) -> Response:
    """Show an element as it is now."""
    return answer(200, elements.view(elements.get(resolver.at(scope, element_type), element_id)))


@api.operation(
    "DELETE",
    ELEMENT,
    scope=WRITE,
    summary="Delete an element",
    answers={204: None},
    refusals=(Malformed, InvalidInput, ElementTypeNotFound, ElementNotFound, VersionChanged),
)
def delete_element(scope: str, element_type: str, element_id: str, if_match: IfMatch = None) -> Response:
    """Hide an element and its versions. Neither its id nor its number is given again."""
    elements.delete(resolver.at(scope, element_type), element_id, if_match=if_match)
    return answer(204)
