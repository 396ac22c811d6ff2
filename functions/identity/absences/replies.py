"""What callers are answered about being out of office."""

from typing import Any

from pydantic import BaseModel, Field

from functions.identity.examples import MOMENT, USER_ID
from functions.identity.shapes import answered

_LATER = "2026-12-04T09:30:00.000Z"
_ABSENCE: dict[str, Any] = {
    "absence_id": "abs_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "starts_at": MOMENT,
    "ends_at": _LATER,
    "backup_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
    "message": "On leave, without a telephone.",
    "updated_at": MOMENT,
    "version": 1,
    "is_away": True,
}
_COVERED = {"principal_id": USER_ID, "starts_at": MOMENT, "ends_at": _LATER, "message": "On leave."}


class Absence(BaseModel):
    """When you are out of office; nulls if you have not said so."""

    model_config = answered(_ABSENCE)

    absence_id: str | None = Field(description="As `delegation_id` of what your backup decides.")
    starts_at: str | None
    ends_at: str | None = Field(description="The first instant at which you are back.")
    backup_id: str | None = Field(description="Who decides in your place.")
    message: str | None
    updated_at: str | None
    version: int = Field(description="How often it was changed, for `If-Match`; 0 if never.")
    is_away: bool = Field(description="Now.")


class Covered(BaseModel):
    """Somebody whose backup you are, now or later."""

    model_config = answered(_COVERED)

    principal_id: str = Field(description="In whose place you decide.")
    starts_at: str
    ends_at: str
    message: str


class OutOfOffice(Absence):
    """When you are out of office, and for whom you are the backup."""

    model_config = answered({**_ABSENCE, "covering": [_COVERED]})

    covering: list[Covered]
