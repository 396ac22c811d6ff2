"""What is counted and how often it may come: the rates of a stage by their names, which clients are told as well."""

import functools
from collections.abc import Callable, Mapping
from typing import Final, Literal

from shared import config
from shared.rates import Rate

Name = Literal[
    "default", "address", "credentials", "registrations", "account", "session", "invitation", "invited_registrations"
]
AddressLimit = Literal["address", "credentials", "registrations", "invited_registrations"]

DEFAULT: Final = "default"
"""The requests of everybody who is known."""
ADDRESS: Final = "address"
"""The requests of nobody known, by source address."""
CREDENTIALS: Final = "credentials"
"""The wrong passwords and codes that come from a source address."""
REGISTRATIONS: Final = "registrations"
"""The registrations without an invitation that come from a source address."""
ACCOUNT: Final = "account"
"""The sign-ins with an e-mail address, whether anybody has it or not."""
SESSION: Final = "session"
"""The refreshes of a session."""
INVITATION: Final = "invitation"
"""The registrations of an e-mail address with an invitation to it."""
INVITED: Final = "invited_registrations"
"""The registrations with an invitation of one tenant, and those that come from a source address."""

_SECOND = 1_000_000
_CHUNKS_IN_A_BURST = 10
# Guesses are settled five at once, however many instances they are spread over.
_CHUNKS_OF_CREDENTIALS = 80
_RATES: Final[Mapping[Name, Callable[[], str]]] = {
    DEFAULT: config.rate_limit,
    ADDRESS: config.address_rate_limit,
    CREDENTIALS: config.credential_rate_limit,
    REGISTRATIONS: config.registration_rate_limit,
    # A tenth of the burst is two: one sign-in or refresh at a time costs no write.
    ACCOUNT: config.account_rate_limit,
    SESSION: config.account_rate_limit,
    INVITATION: config.account_rate_limit,
    INVITED: config.invited_rate_limit,
}
_COUNTED: Final[Mapping[str, str]] = {
    CREDENTIALS: "wrong credentials",
    REGISTRATIONS: "registrations",
    ACCOUNT: "sign-ins with this e-mail address",
    SESSION: "refreshes of a session",
    INVITATION: "registrations with this e-mail address",
    INVITED: "registrations with an invitation",
}


# A plain class: making a dataclass of it is a hundredth of a cold start.
class Policy:
    """A rate and how much of it may come at once, in microseconds.

    `interval` is the time in which one request comes back, `capacity` that of a burst, `chunk` that of what is settled
    at once. `counted` says what it is a rate of.
    """

    __slots__ = ("capacity", "chunk", "counted", "interval", "name", "rate")

    def __init__(self, name: Name, rate: Rate) -> None:
        # Rounded up, so that never more than the rate comes back.
        interval = -(-_SECOND // rate.requests_per_second)
        chunks = _CHUNKS_OF_CREDENTIALS if name == CREDENTIALS else _CHUNKS_IN_A_BURST
        self.name = name
        self.rate = rate
        self.interval = interval
        self.capacity = interval * rate.burst
        self.chunk = interval * max(1, rate.burst // chunks)
        self.counted = _COUNTED.get(name, "requests")


@functools.cache
def of_stage(name: Name) -> Policy:
    """Return the policy of this name that the stage has."""
    return of(name, Rate.parse(_RATES[name]()))


@functools.lru_cache(maxsize=1000)
def of(name: Name, rate: Rate) -> Policy:
    """Return the policy of a rate, the same for the same."""
    return Policy(name, rate)
