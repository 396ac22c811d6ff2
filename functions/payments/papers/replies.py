"""What callers are answered about documents."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.payments.invoices.replies import MOMENT
from functions.payments.replies import answered

_PAPER: dict[str, Any] = {
    "is_ready": True,
    "file_name": "INV-202611-0001.pdf",
    "media_type": "application/pdf",
    "url": "https://milepost-files.s3.eu-west-1.amazonaws.com/papers/tenant_01KAEY3VJ0/9f86d081?X-Amz-Expires=300",
    "expires_at": MOMENT,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "size_bytes": 24310,
    "pages": 1,
}


class InvoicePaper(BaseModel):
    """A PDF, and where it can be fetched."""

    model_config = answered(_PAPER)

    is_ready: bool = Field(description="Whether it is made; without that, ask again in a few seconds.")
    file_name: str
    media_type: str
    url: str | None = Field(description="Where it can be fetched for five minutes, without a credential.")
    expires_at: str | None
    sha256: str | None = Field(description="Hexadecimal; the same document has the same bytes.")
    size_bytes: int | None
    pages: int | None


class InvoicePage(RootModel[str]):
    """A document as a page of HTML, without scripts."""

    MEDIA_TYPE: ClassVar[str] = "text/html; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ["<!doctype html><html></html>"]})


class ElectronicInvoice(RootModel[str]):
    """A document as UBL 2.1 by EN 16931."""

    MEDIA_TYPE: ClassVar[str] = "application/xml; charset=utf-8"
    model_config = ConfigDict(json_schema_extra={"examples": ['<?xml version="1.0" encoding="UTF-8"?><Invoice/>']})
