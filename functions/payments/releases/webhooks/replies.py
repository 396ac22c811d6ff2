"""What gateways are answered."""

from typing import Literal

from pydantic import BaseModel, Field

from functions.payments.replies import answered


class WebhookTaken(BaseModel):
    """What has become of an event."""

    model_config = answered({"status": "received"})

    status: Literal["received", "repeated", "kept", "ignored"] = Field(
        description="`kept` waits for its payment; `ignored` is not about one."
    )
