"""What callers are answered about delivery providers."""

from typing import Any

from pydantic import BaseModel, Field

from functions.audience.delivery.messages import Channel
from functions.audience.delivery.providers import Kind
from functions.audience.leads.replies import MOMENT, answered
from shared.api.reference import Problem
from shared.sending.answers import Outcome

PROVIDER_ID = "prv_01KAEY5R7C2N8V4X6Z9B1D3F5H"
_SECRET = {"secret_id": "secret_01KAEY3VJ0N7B4C1D8E5F2G9H6", "created_at": MOMENT, "ends_at": None}
_PROVIDER: dict[str, Any] = {
    "provider_id": PROVIDER_ID,
    "kind": "webhook",
    "channel": "email",
    "name": "Our gateway",
    "settings": {"url": "https://gateway.example.com/messages"},
    "secrets": [],
    "receipt_secrets": [_SECRET],
    "receipt_url": f"https://api.example.com/api/v1/delivery/receipt?provider={PROVIDER_ID}",
    "dedupes": True,
    "receipts_by_vendor_id": False,
    "per_minute": 600,
    "is_default": True,
    "created_by": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "version": 1,
}


class ReceiptSecret(BaseModel):
    """A secret that receipts are signed with, without what it takes to sign; after a rotation it ends."""

    secret_id: str
    created_at: str
    ends_at: str | None


class DeliveryProvider(BaseModel):
    """A delivery provider. Its secrets are named, and never shown."""

    model_config = answered(_PROVIDER)

    provider_id: str
    kind: Kind
    channel: Channel
    name: str
    settings: dict[str, Any]
    secrets: list[str] = Field(description="The names of the vendor's secrets that it has.")
    receipt_secrets: list[ReceiptSecret]
    receipt_url: str | None = Field(description="Where its receipts go; `null` for what the stage sends itself.")
    dedupes: bool
    receipts_by_vendor_id: bool
    per_minute: int | None
    is_default: bool
    created_by: str
    created_at: str
    updated_at: str
    version: int = Field(description="How often it was changed, for `If-Match`.")


class DeliveryProviderGiven(DeliveryProvider):
    """A delivery provider, and a new secret of its receipts, which is shown only now."""

    model_config = answered({**_PROVIDER, "receipt_secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"})

    receipt_secret: str | None


class DeliveryProviders(BaseModel):
    """A page of delivery providers, oldest first."""

    model_config = answered({"items": [_PROVIDER], "next_cursor": None})

    items: list[DeliveryProvider]
    next_cursor: str | None


class DeliveryAnswer(BaseModel):
    """What the provider's answer to a test message means."""

    model_config = answered({"outcome": "account", "reason": "20003", "message_id": None, "retry_after_seconds": None})

    outcome: Outcome
    reason: str | None = Field(description="The provider's code, or the name of the failure.")
    message_id: str | None
    retry_after_seconds: int | None


class ProviderProblem(Problem):
    """What every refusal answers (RFC 9457); `ProviderInUse` with the campaigns that send through the provider."""

    campaign_ids: list[str] | None = Field(default=None, description="The campaigns that are not over.")
