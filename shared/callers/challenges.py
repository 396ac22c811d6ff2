"""Refusals of a caller, and the challenge that tells which credential is wanted (RFC 6750, section 3).

Unauthenticated            401
├── MissingCredential      no credential, or a scheme other than Bearer
├── InvalidToken           malformed, forged, or for somebody else
│   ├── TokenExpired       was good; refresh it or sign in again
│   └── TokenRevoked       signed out, another password or role, disabled
└── UnknownApiKey          there is no such API key
    ├── ApiKeyMalformed    no key of this stage at all; nothing was read
    ├── ApiKeyRevoked      was good, as are the next two; only who has the secret is told
    ├── ApiKeyExpired
    └── ApiKeyDisabled
AmbiguousCredential        400  a bearer token and an API key at once
InsufficientScope          403  a known caller without the scope
StepUpRequired             401  a known caller whose second factor was proved too long ago, or never (RFC 9470)
"""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from shared.errors import FieldError, Forbidden, Malformed, Refusal


class Unauthenticated(Refusal):
    """401: no valid credential; `WWW-Authenticate` says which is wanted (RFC 6750, section 3)."""

    status = 401
    is_guess = True
    error: ClassVar[str] = ""

    def __init__(
        self, detail: str, *, errors: Sequence[FieldError] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        challenge = {"WWW-Authenticate": _challenge(self.error, detail)}
        super().__init__(detail, errors=errors, headers={**challenge, **(headers or {})})


class MissingCredential(Unauthenticated):
    """401: the request carries no bearer token."""


class InvalidToken(Unauthenticated):
    """401: the token is malformed, forged, or was not issued for this API."""

    error = "invalid_token"


class TokenExpired(InvalidToken):
    """401: the token was good and has expired; refresh it or sign in again."""


class TokenRevoked(InvalidToken):
    """401: the token was good and has been revoked; refresh it or sign in again."""


class UnknownApiKey(Unauthenticated):
    """401: the API key is not known."""

    error = "invalid_token"


class ApiKeyMalformed(UnknownApiKey):
    """401: this is not an API key of this stage; it may have been cut off, or mistyped."""


class ApiKeyRevoked(UnknownApiKey):
    """401: the API key was good and has been revoked."""


class ApiKeyExpired(UnknownApiKey):
    """401: the API key was good until it expired, or until a newer one had replaced it for long enough."""


class ApiKeyDisabled(UnknownApiKey):
    """401: the service of the API key has been disabled; the key is good again once it is enabled."""


class AmbiguousCredential(Malformed):
    """400: more than one credential, so it cannot be said who calls."""


class InsufficientScope(Forbidden):
    """403: the caller is known and was not granted the scope this asks for."""

    @classmethod
    def of(cls, scope: str) -> "InsufficientScope":
        """Return the refusal that names the scope to ask for."""
        return cls._telling(f"This needs the scope {scope}.", scope)

    @classmethod
    def of_bound(cls, scope: str) -> "InsufficientScope":
        """Return the refusal of a key that is bound to something else."""
        return cls._telling("This API key is bound, and not to this. Take one that has the scope for it.", scope)

    @classmethod
    def _telling(cls, detail: str, scope: str) -> "InsufficientScope":
        challenge = f'{_challenge("insufficient_scope", detail)}, scope="{scope}"'
        return cls(detail, headers={"WWW-Authenticate": challenge})


class StepUpRequired(Unauthenticated):
    """401: prove your second factor at `POST /api/v1/auth/verify`, then repeat this with the token you are given.

    When the challenge names no `acr_values`, signing in again is enough.
    """

    code = "STEP_UP_REQUIRED"

    @classmethod
    def by_sign_in(cls, *, max_age_seconds: int) -> "StepUpRequired":
        """Return the refusal that asks for nothing but a sign-in, or a second factor, that is not longer ago."""
        detail = "This needs a sign-in of the last minutes: sign in again, or prove your second factor."
        challenge = _challenge("insufficient_user_authentication", detail)
        return cls(detail, headers={"WWW-Authenticate": f"{challenge}, max_age={max_age_seconds}"})

    @classmethod
    def of(cls, acr: str, *, max_age_seconds: int) -> "StepUpRequired":
        """Return the refusal that says how the caller must have been authenticated, and how long ago at most."""
        detail = "This needs a second factor proved in the last minutes: POST /api/v1/auth/verify."
        challenge = _challenge("insufficient_user_authentication", detail)
        parameters = f'acr_values="{acr}", max_age={max_age_seconds}'
        return cls(detail, headers={"WWW-Authenticate": f"{challenge}, {parameters}"})


def _challenge(error: str, detail: str) -> str:
    challenge = 'Bearer realm="milepost"'
    return f'{challenge}, error="{error}", error_description="{detail}"' if error else challenge
