"""What callers send about being out of office. Unknown fields are refused."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, StringConstraints

from functions.identity.absences.absences import Sent
from functions.identity.shapes import printable, sent
from shared import clock
from shared.clock import Instant

_LAST_YEAR = 2999


def _instant(value: Any) -> Instant:
    """Return the instant of an RFC 3339 text. Raises ValueError, which says what is wrong with it."""
    if not isinstance(value, str):
        raise ValueError("must be an RFC 3339 timestamp with an offset, e.g. 2026-01-31T09:30:00Z")
    found = clock.from_rfc3339(value)
    if not found >= 0 or clock.to_datetime(found).year > _LAST_YEAR:
        raise ValueError("must lie between 1970 and 2999")
    return found


Moment = Annotated[
    Instant,
    BeforeValidator(_instant, json_schema_input_type=str),
    Field(json_schema_extra={"type": "string", "format": "date-time", "examples": ["2026-12-21T08:00:00Z"]}),
]

Message = Annotated[
    str, StringConstraints(strict=True, strip_whitespace=True, max_length=500), AfterValidator(printable)
]


class AbsenceSent(BaseModel):
    """When you are out of office, and who decides in your place."""

    model_config = sent(
        {
            "starts_at": "2026-12-21T08:00:00Z",
            "ends_at": "2027-01-04T08:00:00Z",
            "backup_id": "user_01KAEY5R7C2N8V4X6Z9B1D3F5H",
            "message": "On leave, without a telephone.",
        }
    )

    starts_at: Moment
    ends_at: Annotated[Moment, Field(description="You are back then; 366 days later at most, 90 with a backup.")]
    backup_id: Annotated[
        str | None, StringConstraints(strict=True, max_length=64), Field(description="Who decides in your place.")
    ] = None
    message: Annotated[Message, Field(description="For your backup.")] = ""

    def absence(self) -> Sent:
        """Return the absence."""
        return Sent(self.starts_at, self.ends_at, self.backup_id, self.message)
