"""What callers are answered about terms."""

from typing import Any

from pydantic import BaseModel, Field

from functions.payments.replies import answered

TERMS: dict[str, Any] = {
    "trigger": "verification",
    "thresholds": [],
    "net_days": 30,
    "end_of_month": False,
    "retention_days": None,
    "tax_category": "standard",
    "tax_note": None,
    "auto_invoice": True,
    "auto_release": True,
    "retention_percent": "10",
    "tax_percent": "18",
}
_USUAL = TERMS | {"version": 1}
_OWN = TERMS | {
    "project_milestone_id": "pms_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "is_own": True,
    "version": 1,
}


class PaymentTerms(BaseModel):
    """The terms on which something is invoiced."""

    model_config = answered(TERMS)

    trigger: str = Field(description="`completion`, `verification`, `approval` or `progress`.")
    thresholds: list[int] = Field(description="In percent of progress.")
    net_days: int
    end_of_month: bool
    retention_days: int | None
    tax_category: str = Field(description="`standard`, `exempt` or `reverse_charge`.")
    tax_note: str | None
    auto_invoice: bool
    auto_release: bool
    retention_percent: str
    tax_percent: str


class UsualTerms(PaymentTerms):
    """The terms that milestones without terms of their own go by."""

    model_config = answered(_USUAL)

    version: int = Field(description="How often they were set, for `If-Match`; 0 for the defaults.")


class MilestoneTerms(PaymentTerms):
    """The terms of a milestone."""

    model_config = answered(_OWN)

    project_milestone_id: str
    is_own: bool = Field(description="Whether the milestone has terms of its own, or those of the tenant.")
    version: int = Field(description="How often its own were changed, for `If-Match`; 0 without any.")
