"""Amounts of money: the API has whole minor units of a currency, people write and read its decimals (ISO 4217)."""

import re
from collections.abc import Callable, Iterable
from typing import Final

from milepost_cli import terminal
from milepost_cli.frame import View
from milepost_cli.stops import Misused

_OTHER_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DECIMALS: Final = {code: decimals for decimals, codes in _OTHER_DECIMALS.items() for code in codes.split()}
_USUAL_DECIMALS: Final = 2
_TYPED = re.compile(r"([0-9]{1,15})(?:\.([0-9]+))?", re.ASCII)


def decimals(currency: str) -> int:
    """Return how many decimals amounts of a currency have."""
    return _DECIMALS.get(currency, _USUAL_DECIMALS)


def written(minor_units: int, currency: str) -> str:
    """Return an amount as people write it, such as `331,875.00 EUR`."""
    places = decimals(currency)
    units, rest = divmod(abs(minor_units), 10**places)
    sign = "-" if minor_units < 0 else ""
    return f"{sign}{units:,}{f'.{rest:0{places}}' if places else ''} {currency}"


def told(minor_units: int | None, currency: str | None) -> str | None:
    """Return an amount with its currency: on a terminal as people write it, elsewhere exactly as the API has it."""
    if minor_units is None or currency is None:
        return None
    return written(minor_units, currency) if terminal.is_for_people() else f"{minor_units} minor units of {currency}"


def texts(names: Iterable[str]) -> dict[str, Callable[[View], object]]:
    """Return how rows for people show these fields, which are minor units of the currency of their thing."""
    return {name: _of(name) for name in names}


def read(typed: str, currency: str) -> int:
    """Return the minor units of an amount such as `1250.50`. Raises Misused for what is none of the currency."""
    found, places = _TYPED.fullmatch(typed), decimals(currency)
    if found is None or len(found[2] or "") > places:
        example = f"1250.{'5'.ljust(places, '0')}" if places else "1250"
        raise Misused(f"{typed} is no amount of {currency}, such as {example}")
    return int(found[1] + (found[2] or "").ljust(places, "0"))


def _of(name: str) -> Callable[[View], object]:
    return lambda thing: written(thing[name], thing["currency"])
