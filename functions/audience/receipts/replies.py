"""What callers are answered about receipts."""

from typing import Any

from pydantic import BaseModel, Field

from functions.audience.leads.replies import MOMENT, answered
from functions.audience.receipts.receipts import Told

_LEAD_ID = "lead_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"
_CAMPAIGN_ID = "campaign_01KAEY3VJ0R8S4T0V6W2X9Y5Z1"
_SAID: dict[str, Any] = {"status": "delivered", "at": MOMENT, "reason": None, "raw_payload": '{"operator": "23433"}'}


class Taken(BaseModel):
    """What was taken; it is applied within seconds."""

    model_config = answered({"accepted": 1})

    accepted: int = Field(description="How many receipts were taken; 0 of a message that is still on its way.")


class DeliveryStatus(BaseModel):
    """Whether receipts are taken, and how many at once."""

    model_config = answered({"status": "ok", "most_receipts": 500, "most_bytes": 262144})

    status: str
    most_receipts: int = Field(description="In one request.")
    most_bytes: int = Field(description="Of one request.")


class Said(BaseModel):
    """What a provider has said with a status."""

    model_config = answered(_SAID)

    status: Told
    at: str
    reason: str | None
    raw_payload: str = Field(description="JSON, 2,048 bytes of it at most.")


class RecipientShown(BaseModel):
    """What became of the message to a lead."""

    model_config = answered(
        {
            "campaign_id": _CAMPAIGN_ID,
            "lead_id": _LEAD_ID,
            "is_erased": False,
            "variant": None,
            "status": "delivered",
            "reason": None,
            "channel": "sms",
            "attempts": 0,
            "send_id": "A1b2C3d4E5f0000000000000000000000",
            "vendor_message_id": "SM01",
            "sent_at": MOMENT,
            "delivered_at": MOMENT,
            "opened_at": None,
            "clicked_at": None,
            "complained_at": None,
            "unsubscribed_at": None,
            "updated_at": MOMENT,
            "version": 3,
            "receipts": [_SAID],
        }
    )

    campaign_id: str
    lead_id: str
    is_erased: bool = Field(description="The lead was erased since, and `lead_id` stands for nobody.")
    variant: str | None = Field(description="The name of the variant that it gets.")
    status: str
    reason: str | None
    channel: str
    attempts: int = Field(description="How many calls of the provider ended with trying again.")
    send_id: str = Field(description="The same at each attempt.")
    vendor_message_id: str | None
    sent_at: str | None
    delivered_at: str | None
    opened_at: str | None
    clicked_at: str | None
    complained_at: str | None
    unsubscribed_at: str | None
    updated_at: str
    version: int
    receipts: list[Said] = Field(description="What the provider has said besides, for 30 days.")
