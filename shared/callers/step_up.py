"""How surely a caller must be known, and the challenge to those who are not (RFC 9470).

An operation that could hand the tenant to a thief asks for RECENT_SECOND_FACTOR: whoever has a second factor enrolled,
or belongs to a tenant that demands one, must have used one in the last five minutes. Everybody else passes, and so
does an API key, which is no person. One that could lock the user out asks for RECENT_SIGN_IN: whoever they are, they
have signed in or proved a second factor in the last five minutes.
"""

from typing import Any, Final, Literal

from shared.callers.caller import Caller
from shared.callers.challenges import StepUpRequired
from shared.clock import SECOND, Instant

Assurance = Literal["signed_in", "recent_sign_in", "recent_second_factor"]

SIGNED_IN: Final = "signed_in"
RECENT_SIGN_IN: Final = "recent_sign_in"
RECENT_SECOND_FACTOR: Final = "recent_second_factor"

ACR: Final = "urn:milepost:acr:otp"
"""What `acr_values` of the challenge asks for: a password and a one-time code."""
METHOD: Final = "otp"
"""What `amr` of a token says of a second factor that was used (RFC 8176)."""
MAX_AGE_SECONDS: Final = 300


def require(caller: Caller, assurance: Assurance, *, now: Instant) -> None:
    """Return when the caller is known as surely as this asks for. Raises StepUpRequired."""
    if assurance == RECENT_SIGN_IN and caller.key_id is None and not _is_recent(caller, now):
        raise StepUpRequired.by_sign_in(max_age_seconds=MAX_AGE_SECONDS)
    if assurance == RECENT_SECOND_FACTOR and caller.owes_second_factor:
        require_proof(caller, now=now)


def require_proof(caller: Caller, *, now: Instant) -> None:
    """Return when the caller has proved a second factor in the last five minutes. Raises StepUpRequired."""
    if METHOD not in caller.amr or not _is_recent(caller, now):
        raise StepUpRequired.of(ACR, max_age_seconds=MAX_AGE_SECONDS)


def require_method(caller: Caller) -> None:
    """Return when the caller has proved a second factor, however long ago. Raises StepUpRequired."""
    if METHOD not in caller.amr:
        raise StepUpRequired.of(ACR, max_age_seconds=MAX_AGE_SECONDS)


def declared(assurance: Assurance) -> dict[str, Any]:
    """Return how an operation says in the API reference that it asks for more than a token."""
    return {} if assurance == SIGNED_IN else {"x-assurance": assurance}


def refusals(assurance: Assurance) -> tuple[type[StepUpRequired], ...]:
    """Return what callers of an operation must expect for its assurance."""
    return () if assurance == SIGNED_IN else (StepUpRequired,)


def _is_recent(caller: Caller, now: Instant) -> bool:
    """Tell whether the caller has proved who they are in the last five minutes; an API key never has."""
    return caller.auth_time is not None and now // SECOND - caller.auth_time <= MAX_AGE_SECONDS
