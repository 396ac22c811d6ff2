"""What callers are answered about suppressions and consents, and the pages of those who get messages."""

from typing import Any, ClassVar, Final

from pydantic import BaseModel, ConfigDict, Field, RootModel

AT: Final = "2026-11-20T09:30:00.000Z"
SUPPRESSION: Final[dict[str, Any]] = {
    "suppression_id": f"email-{'9f' * 32}",
    "channel": "email",
    "digest": "9f" * 32,
    "address": "ada@example.org",
    "lead_id": "lead_01KAEY4B1H6M9P2R5S8T0V3WXY",
    "reasons": [{"reason": "unsubscribed", "at": AT, "source": "unsubscribe link"}],
    "topics": [],
    "created_at": AT,
    "updated_at": AT,
    "version": 1,
}


class Page(RootModel[str]):
    """A page of HTML, without scripts."""

    MEDIA_TYPE: ClassVar[str] = "text/html; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["<!doctype html><html></html>"]})


class SuppressionSheet(RootModel[str]):
    """Suppressions as CSV."""

    MEDIA_TYPE: ClassVar[str] = "text/csv; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["channel,address,digest,reasons,topics,updated_at\r\n"]})


class SuppressionReason(BaseModel):
    """A reason for which an address is not written to."""

    reason: str = Field(
        description="`unsubscribed`, `hard_bounce`, `complaint`, `soft_bounces`, `manual` or `imported`."
    )
    at: str
    source: str = Field(description="Where it came from.")


class LeftTopic(BaseModel):
    """A topic that somebody unsubscribed from."""

    topic: str
    at: str
    source: str


class Suppression(BaseModel):
    """Why an address is not written to on a channel. The address is not kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [SUPPRESSION]})

    suppression_id: str = Field(description="The channel and the digest.")
    channel: str
    digest: str = Field(description="Of the address, under a key of your tenant.")
    address: str | None = Field(description="The address, where a lead has it now; otherwise nobody can tell.")
    lead_id: str | None = Field(description="The lead that has the address now.")
    reasons: list[SuppressionReason] = Field(description="For all messages on the channel.")
    topics: list[LeftTopic] = Field(description="Topics that somebody unsubscribed from.")
    created_at: str
    updated_at: str
    version: int


class Suppressions(BaseModel):
    """A page of suppressions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [SUPPRESSION], "next_cursor": None}]})

    items: list[Suppression]
    next_cursor: str | None = Field(description="Where the next page begins; null on the last.")


class SuppressionWritten(BaseModel):
    """What became of one row."""

    row: int
    result: str = Field(description="`added`, `unchanged` or `invalid`.")
    reason: str | None = Field(description="What is wrong with an invalid row.")


class SuppressionsWritten(BaseModel):
    """What became of each row, in their order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"results": [{"row": 1, "result": "added", "reason": None}]}]}
    )

    results: list[SuppressionWritten]


class OptInAsked(BaseModel):
    """The consent that a lead was asked for."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subject": "email/news",
                    "state": "pending",
                    "asked_at": AT,
                    "expires_at": "2026-11-27T09:30:00.000Z",
                }
            ]
        }
    )

    subject: str
    state: str = Field(description="`pending`: granted once the lead confirms.")
    asked_at: str
    expires_at: str = Field(description="When the link ends.")
