"""What Stripe sends, as far as it is read; all else of an event may be there and is not looked at."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_TRANSFER: dict[str, Any] = {
    "id": "tr_1NFcX2Jw8T4Q6M0R",
    "amount": 33187500,
    "amount_reversed": 0,
    "currency": "eur",
    "transfer_group": "pay_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
}
_EVENT: dict[str, Any] = {"id": "evt_1NFcX2Jw8T4Q6M0R", "type": "transfer.created", "data": {"object": _TRANSFER}}


class StripeEvent(BaseModel):
    """An event of Stripe."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EVENT]})

    id: str = Field(description="Each counts once.")
    type: str = Field(description="`transfer.created`, `transfer.updated` or `transfer.reversed`; others are ignored.")
    data: dict[str, Any] = Field(description="The transfer, as `object`.")
