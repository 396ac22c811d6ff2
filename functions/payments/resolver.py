"""The resolver of payments: its one API, and what several of its operations take."""

import functools
from typing import Annotated, Final

from functions.payments.money import amounts
from shared.api import operations
from shared.api.declarations import Query
from shared.api.operations import BODY, KEYED, page
from shared.api.rest import Api
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.errors import InvalidInput

__all__ = [
    "ADMIN",
    "BODY",
    "DISPUTE",
    "KEYED",
    "READ",
    "RELEASE",
    "WRITE",
    "Currency",
    "Month",
    "api",
    "claim",
    "currency_of",
    "find_currency",
    "page",
]

READ: Final = "payments:read"
DISPUTE: Final = "payments:dispute"
RELEASE: Final = "payments:release"
WRITE: Final = "payments:write"
ADMIN: Final = "payments:admin"

Currency = Annotated[
    str | None,
    Query(min_length=3, max_length=3, description="ISO 4217; without it, the currency of your tenant."),
]
Month = Annotated[
    str | None, Query(min_length=7, max_length=7, description="In UTC, such as `2026-11`; by default the present one.")
]

api = Api()
claim = functools.partial(operations.claim, api)


def currency_of(caller: Caller, asked: str | None) -> str:
    """Return the currency that is asked for, without one that of the caller's tenant. Raises InvalidInput."""
    code = find_currency(caller, asked)
    if code is None:
        raise InvalidInput.of("currency", "must be given, because your tenant has no currency of its own")
    return code


def find_currency(caller: Caller, asked: str | None) -> str | None:
    """Return the same, and None where nothing is asked for and the tenant has none. Raises InvalidInput."""
    code = asked or tenant_settings.of(caller.tenant_id).currency
    return None if code is None else amounts.require_currency(code)
