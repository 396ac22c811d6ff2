"""Seller and buyer as EN 16931 wants them, of what an invoice holds of them: lines of an address, and tax ids. Pure.

The country of an address is what it ends with, a code such as `GB`. A tax id that begins with one is a VAT number.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from xml.etree.ElementTree import Element

from functions.payments.papers.ubl import vat_numbers
from functions.payments.papers.ubl.elements import group, some, text
from shared import countries
from shared.errors import FieldError


class Party(NamedTuple):
    """A party: lines of its address without the `country`, which is None if it does not say one."""

    name: str
    lines: Sequence[str]
    country: str | None
    vat_number: str | None
    other_tax_id: str | None
    email: str | None


def of(told: Mapping[str, Any]) -> Party:
    """Return a party of what an invoice holds of it."""
    lines, country = _located([line for each in told.get("address", ()) for line in each.splitlines()])
    tax_ids = [each.replace(" ", "") for each in told.get("tax_ids", ())]
    vat = next(filter(vat_numbers.is_one, tax_ids), None)
    others = [each for each in tax_ids if each != vat]
    return Party(
        name=told.get("name", ""),
        lines=lines,
        country=country,
        vat_number=vat,
        other_tax_id=others[0] if others else None,
        email=told.get("email"),
    )


def _located(lines: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """Return the lines of an address and its country, which the last line is or has behind its last comma."""
    *others, last = [line.strip() for line in lines if line.strip()] or [""]
    before, _, country = (each.strip() for each in last.rpartition(","))
    if country not in countries.CODES:
        return [each for each in (*others, last) if each], None
    return [each for each in (*others, before) if each], country


def missing(seller: Party, buyer: Party, *, is_reverse_charge: bool) -> Iterator[FieldError]:
    """Yield what EN 16931 wants of the parties and is not there (BR-9, BR-11, BR-CO-26, BR-AE-2)."""
    for role, party in (("seller", seller), ("buyer", buyer)):
        if party.country is None:
            yield {"field": f"{role}.address", "reason": "must end with the code of a country: `, GB`, or a line `GB`"}
    if seller.vat_number is None and seller.other_tax_id is None:
        yield {"field": "seller.tax_ids", "reason": "must have a VAT number or another tax id"}
    if is_reverse_charge and buyer.vat_number is None:
        yield {"field": "buyer.tax_ids", "reason": "must have a VAT number, such as GB123456789, for a reverse charge"}


def seller(party: Party) -> Element:
    """Return the seller; a tax id that is no VAT number identifies it as well, for which a VAT number suffices."""
    own = None if party.vat_number else party.other_tax_id
    identified = group("PartyIdentification", text("ID", own)) if own else None
    schemes = [_scheme(party.vat_number, "VAT"), _scheme(party.other_tax_id, "TAX")]
    return group("AccountingSupplierParty", _party(party, identified, schemes))


def buyer(party: Party) -> Element:
    """Return the buyer, of which EN 16931 knows a VAT number alone."""
    return group("AccountingCustomerParty", _party(party, None, [_scheme(party.vat_number, "VAT")]))


def _party(party: Party, identified: Element | None, schemes: Sequence[Element | None]) -> Element:
    legal = group("PartyLegalEntity", text("RegistrationName", party.name))
    contact = group("Contact", text("ElectronicMail", party.email)) if party.email else None
    return group("Party", identified, _address(party), *schemes, legal, contact)


def _address(party: Party) -> Element:
    first, second, *rest = [*party.lines, "", ""]
    more = ", ".join(filter(None, rest))
    return group(
        "PostalAddress",
        some("StreetName", first),
        some("AdditionalStreetName", second),
        group("AddressLine", text("Line", more)) if more else None,
        group("Country", text("IdentificationCode", party.country or "")),
    )


def _scheme(tax_id: str | None, scheme: str) -> Element | None:
    if tax_id is None:
        return None
    return group("PartyTaxScheme", text("CompanyID", tax_id), group("TaxScheme", text("ID", scheme)))
