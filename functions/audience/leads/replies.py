"""What callers are answered about leads."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from shared.api.reference import Problem

MOMENT = "2026-11-20T09:30:00.000Z"
LEAD_ID = "lead_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"

LEAD = {
    "lead_id": LEAD_ID,
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "external_id": "crm-1815",
    "name": "Ada Lovelace",
    "emails": ["ada@example.org"],
    "phones": ["+442079460958"],
    "tags": ["newsletter"],
    "status": "customer",
    "locale": "en-GB",
    "time_zone": "Europe/London",
    "total_spend": 129.9,
    "order_count": 2,
    "visits": 3,
    "last_order_at": MOMENT,
    "last_visit_at": None,
    "consent": {"email": {"state": "granted", "at": MOMENT, "source": "import"}},
    "metadata": {"company": {"size": 12}},
    "total_spend_minor_units": 12990,
    "currency": "EUR",
    "version": 4,
}
_INSERTED = {"row": 1, "result": "inserted", "lead_id": LEAD_ID, "lead_ids": [], "errors": []}
_CONFLICT = {"row": 2, "result": "conflict", "lead_id": None, "lead_ids": [LEAD_ID, LEAD_ID], "errors": []}


def answered(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model with an example."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class LeadProblem(Problem):
    """What every refusal answers (RFC 9457); `LeadExists` with the leads that are there."""

    lead_ids: Annotated[list[str] | None, Field(description="Who has an identifier that was sent.")] = None


class ConsentShown(BaseModel):
    """The consent to a channel or a topic, since when, and where it came from."""

    state: Literal["granted", "pending", "denied"]
    at: str
    source: str


class Lead(BaseModel):
    """A lead. Messages go to the first address and the first number."""

    model_config = answered(LEAD)

    lead_id: str
    created_at: str
    updated_at: str
    external_id: str | None
    name: str | None
    emails: list[str]
    phones: list[str] = Field(description="E.164.")
    tags: list[str]
    status: str | None
    locale: str | None
    time_zone: str | None
    total_spend: float | None = Field(description="In units of the tenant's currency; null if it has none.")
    order_count: int
    visits: int
    last_order_at: str | None
    last_visit_at: str | None
    consent: dict[str, ConsentShown] = Field(description="By channel, or channel and topic: `email/newsletter`.")
    metadata: dict[str, Any]
    total_spend_minor_units: int
    currency: str | None
    version: int = Field(description="How often it was changed, for `If-Match`.")


class FieldRefused(BaseModel):
    """What is wrong with a field of a row."""

    field: str
    reason: str


class RowWritten(BaseModel):
    """What became of a row."""

    row: int = Field(description="Its place in the request, from 1 on; the line of columns is not counted.")
    result: Literal["inserted", "updated", "unchanged", "conflict", "invalid"]
    lead_id: str | None
    lead_ids: list[str] = Field(description="The leads that a row in conflict may be about.")
    errors: list[FieldRefused] = Field(description="What is wrong with an invalid row.")


class LeadsWritten(BaseModel):
    """What became of each row, in the order of the request."""

    model_config = answered({"results": [_INSERTED, _CONFLICT]})

    results: list[RowWritten]
