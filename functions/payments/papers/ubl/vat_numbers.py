"""What a VAT number looks like. Pure."""

from typing import Final

from shared import countries

_OF_VAT: Final = countries.CODES | {"EL", "XI"}


def is_one(tax_id: str) -> bool:
    """Return whether a tax id is a VAT number, which begins with its country (BR-CO-09); Greece writes `EL`."""
    return tax_id[:2] in _OF_VAT and 4 <= len(tax_id) <= 16 and tax_id[2:].isalnum() and any(map(str.isdigit, tax_id))
