"""How the requests to an operation that is open to all are counted, as the operation declares it.

EVERY_REQUEST   counts against the source address
GUESSABLE       takes what may be guessed, a password or a code: as above, and once too many wrong ones have come from
                an address, the next are refused before anything is read or hashed
UNGUESSABLE     takes a secret of 256 bits: the operation counts who is known by it, and only what it refuses counts
                against the address, so that nobody is kept out by what others at their address send
"""

from collections.abc import Mapping
from typing import Final, Literal

from shared import policies
from shared.api import metrics, rate_limits
from shared.errors import Refusal, TooManyRequests

Admission = Literal["every_request", "guessable", "unguessable"]

EVERY_REQUEST: Final = "every_request"
GUESSABLE: Final = "guessable"
UNGUESSABLE: Final = "unguessable"

_NOTHING: Final[Mapping[str, str]] = {}


def admit(address: str, admission: Admission) -> Mapping[str, str]:
    """Count a request before anything is read of it. Return the headers that say how many are left.

    Raises rate_limits.RateLimited.
    """
    if admission == UNGUESSABLE:
        return _NOTHING
    headers = rate_limits.count_address(address)
    if admission == GUESSABLE:
        rate_limits.require_room(address, policies.CREDENTIALS)
    return headers


def refuse(address: str, admission: Admission, refusal: Refusal, headers: Mapping[str, str]) -> Mapping[str, str]:
    """Count a request that the operation has refused, and return the headers to answer: `admit`'s, or newer ones.

    Raises rate_limits.RateLimited.
    """
    if admission == GUESSABLE and refusal.is_guess:
        metrics.count_wrong_credentials()
        return rate_limits.count_address(address, policies.CREDENTIALS)
    if admission == UNGUESSABLE and refusal.status < TooManyRequests.status:
        return rate_limits.count_address(address)
    return headers
