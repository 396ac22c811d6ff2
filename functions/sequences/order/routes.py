"""The order of a sequence, over REST."""

from typing import TYPE_CHECKING, Annotated

from functions.sequences import resolver
from functions.sequences.element_types import ElementTypeNotFound
from functions.sequences.elements import ElementNotFound
from functions.sequences.order import compactions, moves, permutation, reorders
from functions.sequences.order.reorders import OrderChanged
from functions.sequences.order.works import Compacting, OrderedByNumber, OrderedByRank, Spreading
from functions.sequences.resolver import (
    BODY,
    ELEMENT,
    KEYED,
    MOST_UNPROVED,
    SEQUENCE,
    WRITE,
    KeyMayNotReorderAll,
    api,
)
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.challenges import StepUpRequired
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed
from shared.jobs.jobs import TooManyJobs
from shared.storage.idempotency import Answer

if TYPE_CHECKING:
    from functions.sequences.order.shapes import Move, Renumbering, Reorder

replies = Replies("functions.sequences.replies")

SENT = Body("functions.sequences.order.shapes")
NAMED = (ElementTypeNotFound, ElementNotFound)
REFUSALS = (*BODY, *NAMED, OrderChanged, Compacting, OrderedByRank, KeyMayNotReorderAll, StepUpRequired)


@api.operation(
    "POST",
    f"{SEQUENCE}/reorder",
    scope=WRITE,
    summary="Put elements in another order",
    answers={200: replies.OrderChanges},
    refusals=(*REFUSALS, *KEYED),
)
def reorder_elements(
    scope: str, element_type: str, draft: Annotated["Reorder", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Put up to 90 elements in another order among the numbers that they hold; all others stay where they are.

    For more than 50, people prove a second factor if they have one, and API keys need `sequences:admin`.
    """
    claim = resolver.claim(idempotency_key, draft)
    if len(draft.element_ids) > MOST_UNPROVED:
        resolver.require_large()
    at, order = resolver.at(scope, element_type), draft.new_order
    changed = reorders.reorder(
        at,
        draft.element_ids,
        lambda held: permutation.in_order(held, order),
        field="new_order",
        claim=claim,
    )
    return answer(200, changed)


@api.operation(
    "PUT",
    f"{SEQUENCE}/reorder",
    scope=WRITE,
    summary="Give elements each other's numbers",
    answers={200: replies.OrderChanges},
    refusals=REFUSALS,
)
def renumber_elements(scope: str, element_type: str, draft: Annotated["Renumbering", SENT]) -> Response:
    """Give up to 90 elements the numbers that you say, which must be those that they hold.

    For more than 50, people prove a second factor if they have one, and API keys need `sequences:admin`.
    """
    if len(draft.elements) > MOST_UNPROVED:
        resolver.require_large()
    numbers = {each.element_id: each.new_sequence_number for each in draft.elements}
    changed = reorders.reorder(
        resolver.at(scope, element_type),
        [*numbers],
        lambda held: permutation.among_themselves(held, numbers),
        field="elements",
    )
    return answer(200, changed)


@api.operation(
    "POST",
    f"{SEQUENCE}/compact",
    scope=WRITE,
    summary="Number a sequence anew",
    answers={200: replies.OrderChanges, 202: replies.Job},
    refusals=(
        Malformed,
        InvalidInput,
        ElementTypeNotFound,
        Compacting,
        OrderedByRank,
        KeyMayNotReorderAll,
        TooManyJobs,
        *KEYED,
    ),
    assurance=RECENT_SECOND_FACTOR,
)
def compact_sequence(scope: str, element_type: str, idempotency_key: IdempotencyKey = None) -> Response:
    """Number all elements from 1, in the order in which they stand. API keys need `sequences:admin`.

    With more than 90 elements, or within a minute of a create, a job does it: look after it at
    `GET /api/v1/jobs/{job_id}`. Elements can be created meanwhile, but not reordered.
    """
    claim = resolver.claim(idempotency_key)
    resolver.require_admin_of_keys(api.caller)
    done = compactions.compact(api.caller, resolver.at(scope, element_type), scope=WRITE, claim=claim)
    return begun_or_done(done)


@api.operation(
    "POST",
    f"{ELEMENT}/move",
    scope=WRITE,
    summary="Move an element",
    answers={200: replies.Element},
    refusals=(*BODY, *NAMED, OrderedByNumber, Spreading, *KEYED),
)
def move_element(
    scope: str,
    element_type: str,
    element_id: str,
    move: Annotated["Move", SENT],
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Move an element of a type that is ordered by rank before or after another. Its number stays, as a name."""
    claim = resolver.claim(idempotency_key, move)
    at = resolver.at(scope, element_type)
    side: moves.Side = "before" if move.before else "after"
    anchor = move.before or move.after
    return answer(200, moves.move(api.caller, at, element_id, side, anchor, scope=WRITE, claim=claim))


def begun_or_done(done: Answer) -> Response:
    """Return the answer of what was done at once, or of the job that does it."""
    if "job_id" not in done:
        return answer(200, done)
    return answer(202, done, headers={"Location": f"/api/v1/jobs/{done['job_id']}"})
