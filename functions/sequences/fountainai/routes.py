"""The calls of the earlier service over REST: `/sequence`, `/sequence/reorder`, `/sequence/version`.

They do what the documented operations do, under other names. A refusal says everything twice: as a problem document,
and as `errorCode`, `message` and `details`.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from functions.sequences import creation, resolver
from functions.sequences.creation import ElementDeleted, ElementExists
from functions.sequences.element_types import ElementTypeNotFound
from functions.sequences.elements import ElementNotFound
from functions.sequences.order import permutation, reorders
from functions.sequences.order.reorders import OrderChanged
from functions.sequences.order.works import Compacting, OrderedByRank
from functions.sequences.resolver import BODY, KEYED, MOST_UNPROVED, WRITE, KeyMayNotReorderAll, api
from functions.sequences.versions import versions
from functions.sequences.versions.versions import TooManyVersionsAtOnce
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.api.routes import ProblemForm
from shared.callers.challenges import StepUpRequired
from shared.errors import Refusal
from shared.storage.idempotency import Answer

if TYPE_CHECKING:
    from functions.sequences.fountainai.shapes import (
        SequenceRenumberRequest,
        SequenceReorderRequest,
        SequenceRequest,
        SequenceVersionRequest,
    )

replies = Replies("functions.sequences.fountainai.replies")

SENT = Body("functions.sequences.fountainai.shapes")
SEQUENCE = "/api/v1/sequence"
REORDER = f"{SEQUENCE}/reorder"
NAMED = (ElementTypeNotFound, ElementNotFound)
REORDERING = (*BODY, *NAMED, OrderChanged, Compacting, OrderedByRank, KeyMayNotReorderAll, StepUpRequired)
MOST_DIGITS: Final = 15


def _members(refusal: Refusal) -> Mapping[str, Any]:
    """Return what a refusal says by the names of the earlier service."""
    details = "; ".join(f"{each['field']}: {each['reason']}" for each in refusal.errors)
    said: dict[str, Any] = {"errorCode": refusal.code, "message": refusal.detail, "details": details or None}
    return said | {"sequenceNumber": refusal.sequence_number} if isinstance(refusal, ElementExists) else said


PROBLEMS = ProblemForm(_members, replies.SequenceProblem)


@api.operation(
    "POST",
    SEQUENCE,
    scope=WRITE,
    summary="Generate a sequence number",
    answers={201: replies.SequenceResponse},
    refusals=(*BODY, ElementTypeNotFound, ElementExists, ElementDeleted, *KEYED),
    problems=PROBLEMS,
)
def generate_sequence_number(
    sent: Annotated["SequenceRequest", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create an element and answer its number, as `POST /api/v1/sequences/{scope}/{element_type}/elements` does."""
    claim = resolver.claim(idempotency_key, sent)
    at = resolver.at(sent.scope, sent.element_type)
    made = creation.create(api.caller, at, sent.new(), claim=claim)
    told = {"sequenceNumber": made["sequence_number"], "versionNumber": made["version_number"]}
    # Search is told after the event of the element, so nothing has found it when this is answered.
    pending = {"state": "pending", "version": made["version"]}
    return answer(201, {**told, "comment": made["comment"], "index": pending})


@api.operation(
    "POST",
    REORDER,
    scope=WRITE,
    summary="Reorder elements",
    answers={200: replies.SequenceReorderResponse},
    refusals=(*REORDERING, *KEYED),
    problems=PROBLEMS,
)
def reorder_sequence(
    sent: Annotated["SequenceReorderRequest", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Put elements in another order, as `POST /api/v1/sequences/{scope}/{element_type}/reorder` does.

    `newOrder` names the elements of `elementIds` in the order in which they are to stand.
    """
    claim = resolver.claim(idempotency_key, sent)
    if len(sent.element_ids) > MOST_UNPROVED:
        resolver.require_large()
    at, order = resolver.at(sent.scope, sent.element_type), sent.new_order
    changed = reorders.reorder(
        at,
        sent.element_ids,
        lambda held: permutation.in_order(held, order),
        field="newOrder",
        claim=claim,
    )
    return answer(200, _reordered(changed))


@api.operation(
    "PUT",
    REORDER,
    scope=WRITE,
    summary="Give elements new sequence numbers",
    answers={200: replies.SequenceReorderResponse},
    refusals=REORDERING,
    problems=PROBLEMS,
)
def renumber_sequence(sent: Annotated["SequenceRenumberRequest", SENT]) -> Response:
    """Give elements each other's numbers, as `PUT /api/v1/sequences/{scope}/{element_type}/reorder` does."""
    if len(sent.elements) > MOST_UNPROVED:
        resolver.require_large()
    numbers = {each.element_id: each.new_sequence for each in sent.elements}
    changed = reorders.reorder(
        resolver.at(sent.scope, sent.element_type),
        [*numbers],
        lambda held: permutation.among_themselves(held, numbers),
        field="elements",
    )
    return answer(200, _reordered(changed))


@api.operation(
    "POST",
    f"{SEQUENCE}/version",
    scope=WRITE,
    summary="Create a new version of an element",
    answers={201: replies.SequenceVersionResponse},
    refusals=(*BODY, *NAMED, TooManyVersionsAtOnce, *KEYED),
    problems=PROBLEMS,
)
def create_sequence_version(
    sent: Annotated["SequenceVersionRequest", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Make the next version of an element, as `POST …/elements/{element_id}/versions` does."""
    claim = resolver.claim(idempotency_key, sent)
    at = resolver.at(sent.scope, sent.element_type)
    made = versions.add(api.caller, at, sent.element_id, sent.draft(), claim=claim)
    return answer(201, {"versionNumber": made["version_number"], "comment": made["comment"]})


def _reordered(changed: Answer) -> Answer:
    shown = [
        {
            "elementId": _as_a_number(each["element_id"]),
            "oldSequenceNumber": each["old_sequence_number"],
            "newSequenceNumber": each["new_sequence_number"],
        }
        for each in changed["changes"]
    ]
    return {"reorderedElements": shown}


def _as_a_number(element_id: str) -> int | str:
    """Return an id as the earlier service had it, which knew numbers alone."""
    is_number = element_id.isdecimal() and len(element_id) <= MOST_DIGITS and not element_id.startswith("0")
    return int(element_id) if is_number else element_id
