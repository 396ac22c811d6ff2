"""Several invoices in one request, each by itself: one that is refused keeps no other from being issued."""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.payments.invoices import lifecycle
from functions.payments.invoices.asking import Asked
from shared import clock
from shared.callers.caller import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Refusal
from shared.storage import idempotency
from shared.storage.idempotency import Claim, IdempotencyKeyReused

View = dict[str, Any]

MOST: Final = 100
"""How many invoices a request waits for; more are a job (`many.py`)."""
_TIME: Final = 15 * SECOND
"""No invoice is begun after so long; the last one may wait for its number for 8 seconds, and the gateway for 30."""


class NotTried(Conflict):
    """409: the request took too long before it was the turn of this invoice."""

    def __init__(self) -> None:
        super().__init__("The request took too long before it was the turn of this invoice. Ask for it again.")


class Wanted(NamedTuple):
    """What is asked for of one milestone."""

    project_milestone_id: str
    asked: Asked
    as_draft: bool


def issue(caller: Caller, wanted: Sequence[Wanted], *, claim: Claim | None) -> View:
    """Issue invoices, or make drafts of them, one after the other; return what became of each, in their order.

    With a claim each has one effect, also when the request is sent again after it broke off.
    Raises IdempotencyKeyReused.
    """
    until = clock.now() + _TIME
    return {"items": [_outcome(caller, each, _part(claim, place), until) for place, each in enumerate(wanted)]}


def _part(claim: Claim | None, place: int) -> Claim | None:
    return None if claim is None else idempotency.part(claim, place)


def _outcome(caller: Caller, wanted: Wanted, claim: Claim | None, until: Instant) -> View:
    told: View = {"project_milestone_id": wanted.project_milestone_id}
    try:
        if clock.now() > until:
            raise NotTried
        made = lifecycle.create(
            caller, wanted.project_milestone_id, wanted.asked, as_draft=wanted.as_draft, claim=claim
        )
    except IdempotencyKeyReused:
        raise
    except Refusal as refused:
        nothing = dict.fromkeys(("invoice_id", "number", "status"))
        return {**told, **nothing, "code": refused.code, "detail": refused.detail}
    shown = {name: made[name] for name in ("invoice_id", "number", "status")}
    return {**told, **shown, "code": None, "detail": None}
