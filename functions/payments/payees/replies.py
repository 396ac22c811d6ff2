"""What callers are answered about their payee."""

from typing import Any, Final

from pydantic import BaseModel, Field

from functions.payments.payees.shapes import EXAMPLE
from functions.payments.replies import answered

_FOLLOWING: Final[dict[str, Any]] = EXAMPLE | {
    "confirmed_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "effective_at": "2026-11-21T09:30:00.000Z",
}
_PROPOSED: Final[dict[str, Any]] = EXAMPLE | {
    "proposal_id": "pye_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "proposed_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "proposed_at": "2026-11-20T09:30:00.000Z",
}
_PAYEE: Final[dict[str, Any]] = {
    "version": 3,
    "updated_at": "2026-11-20T09:30:00.000Z",
    "present": EXAMPLE,
    "following": None,
    "proposed": _PROPOSED,
}


class PayeeDetails(BaseModel):
    """Where money goes."""

    model_config = answered(EXAMPLE)

    name: str
    bank_lines: list[str]
    stripe_account: str | None = Field(description="The connected account at Stripe.")
    invoice_lines: list[str] = Field(description="Where clients pay to, as invoices print it.")


class PayeeFollowing(PayeeDetails):
    """A confirmed change that has not taken effect yet."""

    model_config = answered(_FOLLOWING)

    confirmed_by: str
    effective_at: str = Field(description="A day after it was confirmed.")


class PayeeProposed(PayeeDetails):
    """A change that waits for a second person."""

    model_config = answered(_PROPOSED)

    proposal_id: str
    proposed_by: str
    proposed_at: str


class Payee(BaseModel):
    """Where the money of a tenant goes, and what is to change about it."""

    model_config = answered(_PAYEE)

    version: int = Field(description="How often it was changed, for `If-Match`; 0 if never.")
    updated_at: str | None
    present: PayeeDetails | None = Field(description="Where money goes now.")
    following: PayeeFollowing | None = Field(description="Where it goes soon.")
    proposed: PayeeProposed | None = Field(description="What another person has to confirm.")
