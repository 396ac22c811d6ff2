"""argon2id as it is in production, and with the least that it takes: nearly all of a sign-in is to be argon2id.

Every test that does not look at it hashes with the least; `in_earnest` is for those that do.
"""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST

from functions.identity.accounts import passwords

_CHEAP = PasswordHasher.from_parameters(CHEAPEST)
_LEAST = {
    "_hasher": _CHEAP,
    "_NOBODY": _CHEAP.hash("a password that nobody has"),
    "_MEMORY_KIB": CHEAPEST.memory_cost,
    "_PASSES": CHEAPEST.time_cost,
    "_LANES": CHEAPEST.parallelism,
}
_IN_PRODUCTION = {name: getattr(passwords, name) for name in _LEAST}


def cheaply() -> None:
    """Hash passwords with the least from now on, in this process."""
    vars(passwords).update(_LEAST)


@pytest.fixture
def in_earnest() -> Iterator[None]:
    """Hash passwords as in production."""
    vars(passwords).update(_IN_PRODUCTION)
    yield
    cheaply()
