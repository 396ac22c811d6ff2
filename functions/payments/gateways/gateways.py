"""What is asked of every gateway, and what it answers. The one rule: only a certain answer is certain.

A transfer that was sent may have been made although nobody has heard of it. So an outcome is `unknown` unless the
gateway says otherwise, and whoever gets that asks by the id of the payment, and repeats nothing but the same key.
"""

from typing import Literal, NamedTuple, Protocol

What = Literal["made", "taken", "refused", "unknown", "absent"]


class Transfer(NamedTuple):
    """What is to be moved to the payee, and by which idempotency key. The amount is in minor units of ISO 4217.

    `payee_account` is what the gateway knows the payee by.
    """

    payment_id: str
    key: str
    amount_minor_units: int
    currency: str
    payee_account: str | None = None


class Return(NamedTuple):
    """What is to be moved back of a transfer: the gateway's `reference` of it, and the id of the refund.

    That is its idempotency key too: another refund has another id.
    """

    payment_id: str
    refund_id: str
    reference: str
    amount_minor_units: int
    currency: str


class Outcome(NamedTuple):
    """What a gateway has said: `made`, `taken` (it is made later), `refused` for certain, `unknown`, or `absent`.

    `absent` answers a question: the gateway knows nothing of it. `moved` is the amount and the currency that it says
    it has moved, in minor units of ISO 4217.
    """

    what: What
    reference: str | None = None
    reason: str | None = None
    moved: tuple[int, str] | None = None


class Gateway(Protocol):
    """A gateway. No method raises for what the gateway answers, or does not."""

    @property
    def name(self) -> str:
        """The name by which tenants choose it."""

    def send(self, transfer: Transfer) -> Outcome:
        """Move the money. The same key has one effect, for as long as the gateway knows it."""

    def find(self, transfer: Transfer) -> Outcome:
        """Return what it knows of the payment; `absent` only if it has answered."""


class Reverser(Gateway, Protocol):
    """A gateway that moves money back itself. With the others, what is posted is all, or a person does it."""

    def give_back(self, refund: Return) -> Outcome:
        """Move a part of a transfer back, or all of it. The same key has one effect, as with `send`."""

    def find_return(self, refund: Return) -> Outcome:
        """Return what it knows of a refund; `absent` only if it has answered."""
