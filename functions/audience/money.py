"""Money of a tenant: amounts in its currency, kept as whole minor units."""

from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from shared.callers import tenant_settings
from shared.currencies import DECIMALS
from shared.errors import NotAllowed

LARGEST: Final = 10**15 - 1
"""In minor units: with fifteen digits, every amount is one number of JSON and comes back as it was sent."""
_DIGITS: Final = 15


class CurrencyNotSet(NotAllowed):
    """422: your tenant has no currency, so no amount can be kept. Set it in the settings of the tenant."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no currency, so no amount can be kept. Set it in the settings of the tenant.")


class TotalTooLarge(NotAllowed):
    """422: what a lead has spent would have more than 15 digits."""

    def __init__(self) -> None:
        super().__init__("What the lead has spent would have more than 15 digits.")


class Currency(NamedTuple):
    """The currency of a tenant."""

    code: str
    decimals: int

    def minor_units(self, value: float | str) -> int:
        """Return an amount that was sent as a number or as a text in minor units, exactly. Raises ValueError."""
        try:
            amount = Decimal(str(value))
        except InvalidOperation as error:
            raise ValueError("must be an amount, such as 12.5") from error
        if not amount.is_finite() or abs(amount) > LARGEST:
            raise ValueError(f"must be an amount of at most {_DIGITS} digits")
        minor = amount.scaleb(self.decimals).to_integral_value()
        # Arithmetic rounds to 28 digits; a comparison looks at all of them.
        if minor.scaleb(-self.decimals) != amount:
            raise ValueError(f"must have at most {self.decimals} decimals")
        if abs(minor) > LARGEST:
            raise ValueError(f"must be an amount of at most {_DIGITS} digits")
        return int(minor)

    def units(self, minor: int) -> float:
        """Return an amount in units of the currency; a whole one has no fraction."""
        scale = int(10**self.decimals)
        return minor / scale if minor % scale else minor // scale


def find(tenant_id: str) -> Currency | None:
    """Return the currency of a tenant, None if it has set none; read once a minute and instance at most."""
    code = tenant_settings.of(tenant_id).currency
    return None if code is None else Currency(code, DECIMALS[code])


def of(tenant_id: str) -> Currency:
    """Return the currency of a tenant. Raises CurrencyNotSet."""
    found = find(tenant_id)
    if found is None:
        raise CurrencyNotSet
    return found


def total(minor: int) -> int:
    """Return a total. Raises TotalTooLarge for one that has too many digits."""
    if abs(minor) > LARGEST:
        raise TotalTooLarge
    return minor
