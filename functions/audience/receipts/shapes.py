"""What the generic provider sends: receipts, and what somebody has answered."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from functions.audience.receipts.receipts import MOST, MOST_REFERENCE, MOST_SENDER, MOST_TEXT, Told
from functions.audience.sent import Moment

_RECEIPT: dict[str, Any] = {
    "vendor_message_id": "msg_01",
    "campaign_id": "campaign_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    "lead_id": "lead_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    "status": "delivered",
}

Reference = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MOST_REFERENCE)]
OwnId = Annotated[str, StringConstraints(strict=True, pattern=r"^(campaign|lead)_[0-9A-Z]{26}$")]
Code = Annotated[str, StringConstraints(strict=True, max_length=100)]


class ReceiptSent(BaseModel):
    """What became of a message. It is named by campaign and lead, or by the provider's own id."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_RECEIPT]})

    status: Told
    vendor_message_id: Reference | None = Field(None, description="The id that you answered the message with.")
    campaign_id: OwnId | None = None
    lead_id: OwnId | None = None
    reason: Code | None = Field(None, description="Your code of why.")
    occurred_at: Moment | None = Field(None, description="When it happened; by default when it comes.")
    raw_payload: Any = Field(None, description="What is known besides; 2,048 bytes of it are kept for 30 days.")


class ReceiptsSent(BaseModel):
    """Several receipts in one request."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"receipts": [_RECEIPT]}]})

    receipts: Annotated[list[ReceiptSent], Field(min_length=1, max_length=MOST)]


class InboundSent(BaseModel):
    """What somebody has sent to a number of yours."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"from": "+447700900123", "text": "STOP"}]}
    )

    sender: Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MOST_SENDER)] = Field(alias="from")
    text: Annotated[str, StringConstraints(strict=True, max_length=MOST_TEXT)]
