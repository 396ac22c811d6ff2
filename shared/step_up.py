"""How surely a caller must be known, and the challenge to those who are not (RFC 9470).

An operation that could hand the tenant to a thief asks for RECENT_SECOND_FACTOR: whoever has a second factor enrolled
must have used it in the last five minutes. Who has none enrolled passes, and so does an API key, which is no person.
"""

from typing import Any, Final, Literal

from shared.callers import Caller
from shared.challenges import StepUpRequired
from shared.clock import SECOND, Instant

Assurance = Literal["signed_in", "recent_second_factor"]

SIGNED_IN: Final = "signed_in"
RECENT_SECOND_FACTOR: Final = "recent_second_factor"

ACR: Final = "urn:milepost:acr:otp"
"""What `acr_values` of the challenge asks for: a password and a one-time code."""
METHOD: Final = "otp"
"""What `amr` of a token says of a second factor that was used (RFC 8176)."""
MAX_AGE_SECONDS: Final = 300


def require(caller: Caller, assurance: Assurance, *, now: Instant) -> None:
    """Return when the caller is known as surely as this asks for. Raises StepUpRequired."""
    if assurance == RECENT_SECOND_FACTOR and caller.has_second_factor and not _proved_recently(caller, now):
        raise StepUpRequired.of(ACR, max_age_seconds=MAX_AGE_SECONDS)


def declared(assurance: Assurance) -> dict[str, Any]:
    """Return how an operation says in the API reference that it asks for more than a token."""
    return {} if assurance == SIGNED_IN else {"x-assurance": assurance}


def refusals(assurance: Assurance) -> tuple[type[StepUpRequired], ...]:
    """Return what callers of an operation must expect for its assurance."""
    return () if assurance == SIGNED_IN else (StepUpRequired,)


def _proved_recently(caller: Caller, now: Instant) -> bool:
    if METHOD not in caller.amr or caller.auth_time is None:
        return False
    return now // SECOND - caller.auth_time <= MAX_AGE_SECONDS
