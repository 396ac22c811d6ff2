"""What callers send about their payee. Unknown fields are refused."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, Field, StringConstraints

from functions.payments.payees.payees import Details
from functions.payments.sent import Name, asked

EXAMPLE: Final[dict[str, Any]] = {
    "name": "Analytical Engines Ltd",
    "bank_lines": ["IBAN GB33BUKB20201555555555"],
    "stripe_account": "acct_1NFcX2Jw8T4Q6M0R",
    "invoice_lines": ["IBAN GB33BUKB20201555555555"],
}
StripeAccount = Annotated[
    str,
    StringConstraints(strict=True, pattern=r"^acct_[A-Za-z0-9]{1,64}$"),
    Field(description="The connected account at Stripe; the gateway `stripe` pays nobody without one."),
]


class PayeeSent(BaseModel):
    """Who payments are to go to, whole: what is not sent is not there afterwards."""

    model_config = asked(EXAMPLE)

    name: Name
    bank_lines: Annotated[list[Name], Field(max_length=8, description="Where the gateway `manual` pays to.")] = []
    stripe_account: StripeAccount | None = None
    invoice_lines: Annotated[
        list[Name], Field(max_length=8, description="Where clients pay to, as invoices print it.")
    ] = []

    def details(self) -> Details:
        """Return the details."""
        return Details(**self.model_dump())


class PayeeConfirmed(BaseModel):
    """Which proposal is confirmed."""

    model_config = asked({"proposal_id": "pye_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"})

    proposal_id: Annotated[str, StringConstraints(strict=True, max_length=64)]
