"""Rules of EN 16931 for a document in UBL, each with the name that the standard gives it.

They are written by hand from the standard's list; the official Schematron needs an XSLT 2.0 processor and is not run.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from xml.etree.ElementTree import Element

CAC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
CBC: Final = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CENT: Final = Decimal("0.01")
RATED: Final = {"S": lambda rate: rate > 0, **{each: lambda rate: rate == 0 for each in ("Z", "E", "AE")}}
REASONED: Final = {"E", "AE"}
# What our documents have of each aggregate, in the order of the schemas of OASIS.
ORDER: Final = {
    "Invoice": "CustomizationID ID IssueDate DueDate InvoiceTypeCode Note DocumentCurrencyCode "
    "AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms AllowanceCharge TaxTotal "
    "LegalMonetaryTotal InvoiceLine",
    "CreditNote": "CustomizationID ID IssueDate CreditNoteTypeCode Note DocumentCurrencyCode BillingReference "
    "AccountingSupplierParty AccountingCustomerParty PaymentTerms AllowanceCharge TaxTotal LegalMonetaryTotal "
    "CreditNoteLine",
    "Party": "PartyIdentification PostalAddress PartyTaxScheme PartyLegalEntity Contact",
    "PostalAddress": "StreetName AdditionalStreetName AddressLine Country",
    "PartyTaxScheme": "CompanyID TaxScheme",
    "PaymentMeans": "PaymentMeansCode PayeeFinancialAccount",
    "AllowanceCharge": "ChargeIndicator AllowanceChargeReason Amount TaxCategory",
    "TaxTotal": "TaxAmount TaxSubtotal",
    "TaxSubtotal": "TaxableAmount TaxAmount TaxCategory",
    "TaxCategory": "ID Percent TaxExemptionReason TaxScheme",
    "ClassifiedTaxCategory": "ID Percent TaxScheme",
    "LegalMonetaryTotal": "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount AllowanceTotalAmount "
    "PayableAmount",
    "InvoiceLine": "ID InvoicedQuantity LineExtensionAmount Item Price",
    "CreditNoteLine": "ID CreditedQuantity LineExtensionAmount Item Price",
    "Item": "Name ClassifiedTaxCategory",
}


def path(steps: str) -> str:
    """Return a path of elements such as `LegalMonetaryTotal/PayableAmount` with their namespaces."""
    return "/".join(each if each == "." or not each else _named(each) for each in steps.split("/"))


def _named(name: str) -> str:
    basic = re.search(r"(ID|Date|Code|Amount|Quantity|Name|Note|Percent|Reason|Indicator|Line|Mail)$", name)
    is_group = name in {"InvoiceLine", "CreditNoteLine", "AddressLine"}
    return f"{CBC if basic and not is_group else CAC}{name}"


def texts(found: Element, steps: str) -> list[str]:
    return [each.text or "" for each in found.findall(path(steps))]


def number(found: Element, steps: str) -> Decimal:
    return sum(map(Decimal, texts(found, steps)), Decimal(0))


def lines(found: Element) -> list[Element]:
    return [*found.findall(path("InvoiceLine")), *found.findall(path("CreditNoteLine"))]


def subtotals(found: Element) -> list[Element]:
    return found.findall(path("TaxTotal/TaxSubtotal"))


def _has(steps: str) -> Callable[[Element], bool]:
    return lambda found: all(texts(found, steps)) and bool(texts(found, steps))


def _total(name: str) -> Callable[[Element], Decimal]:
    return lambda found: number(found, f"LegalMonetaryTotal/{name}")


def _category(found: Element) -> tuple[str, Decimal]:
    (code,), (rate,) = (texts(found, each) for each in ("ID", "Percent"))
    return code, Decimal(rate)


def _of(found: Element, steps: str, category: tuple[str, Decimal], amount: str) -> Decimal:
    """Return what elements of a category and a rate come to."""
    parts = [each for each in found.iterfind(path(steps)) if _category_in(each) == category]
    return sum((number(each, amount) for each in parts), Decimal(0))


def _category_in(found: Element) -> tuple[str, Decimal]:
    [one] = [*found.iter(f"{CAC}ClassifiedTaxCategory"), *found.iter(f"{CAC}TaxCategory")]
    return _category(one)


def _taxable(found: Element) -> bool:
    kind = "InvoiceLine" if found.find(path("InvoiceLine")) is not None else "CreditNoteLine"
    return all(
        number(each, "TaxableAmount")
        == _of(found, kind, _category_in(each), "LineExtensionAmount")
        - _of(found, "AllowanceCharge", _category_in(each), "Amount")
        for each in subtotals(found)
    )


def _taxed(found: Element) -> bool:
    """Whether the tax of each rate is that of its sum; CEN lets it differ by less than one unit."""
    due = [
        (number(each, "TaxAmount"), number(each, "TaxableAmount") * _category_in(each)[1] / 100)
        for each in subtotals(found)
    ]
    return all(abs(tax - asked.quantize(CENT, ROUND_HALF_UP)) < 1 for tax, asked in due)


def _categories(found: Element) -> list[Element]:
    return [*found.iter(f"{CAC}ClassifiedTaxCategory"), *found.iter(f"{CAC}TaxCategory")]


def _reasons(found: Element) -> bool:
    return all(
        bool(texts(each, "TaxCategory/TaxExemptionReason")) == (_category_in(each)[0] in REASONED)
        for each in subtotals(found)
    )


def _reverse_charge(found: Element) -> bool:
    codes = {_category(each)[0] for each in _categories(found)}
    return "AE" not in codes or bool(texts(found, "AccountingCustomerParty/Party/PartyTaxScheme/CompanyID"))


def _two_decimals(found: Element) -> bool:
    amounts = [each.text or "" for each in found.iter() if each.get("currencyID") and each.tag != f"{CBC}PriceAmount"]
    return all(re.fullmatch(r"-?[0-9]+(\.[0-9]{1,2})?", each) for each in amounts)


def _in_order(found: Element) -> bool:
    for each in found.iter():
        names = [child.tag.rpartition("}")[2] for child in each]
        known = ORDER.get(each.tag.rpartition("}")[2], " ".join(dict.fromkeys(names))).split()
        if [*names] != sorted(names, key=known.index):
            return False
    return True


_SELLER, _BUYER = "AccountingSupplierParty/Party", "AccountingCustomerParty/Party"
RULES: Final[dict[str, Callable[[Element], bool]]] = {
    "order of UBL": _in_order,
    "BR-01": lambda found: texts(found, "CustomizationID") == ["urn:cen.eu:en16931:2017"],
    "BR-02": _has("ID"),
    "BR-03": _has("IssueDate"),
    "BR-04": lambda found: (
        [*texts(found, "InvoiceTypeCode"), *texts(found, "CreditNoteTypeCode")] in (["380"], ["326"], ["381"])
    ),
    "BR-05": _has("DocumentCurrencyCode"),
    "BR-06": _has(f"{_SELLER}/PartyLegalEntity/RegistrationName"),
    "BR-07": _has(f"{_BUYER}/PartyLegalEntity/RegistrationName"),
    "BR-09": _has(f"{_SELLER}/PostalAddress/Country/IdentificationCode"),
    "BR-11": _has(f"{_BUYER}/PostalAddress/Country/IdentificationCode"),
    "BR-16": lambda found: bool(lines(found)),
    "BR-21..26": lambda found: all(
        all(texts(each, name)) and bool(texts(each, name))
        for each in lines(found)
        for name in ("ID", "LineExtensionAmount", "Item/Name", "Price/PriceAmount", "Item/ClassifiedTaxCategory/ID")
    ),
    "BR-27": lambda found: all(number(each, "Price/PriceAmount") >= 0 for each in lines(found)),
    "BR-33": lambda found: all(texts(each, "AllowanceChargeReason") for each in found.findall(path("AllowanceCharge"))),
    "BR-61": lambda found: (
        texts(found, "PaymentMeans/PaymentMeansCode") in ([], ["30"])
        and len(texts(found, "PaymentMeans/PayeeFinancialAccount/ID")) == len(found.findall(path("PaymentMeans")))
    ),
    "BR-CO-09": lambda found: all(
        re.fullmatch(r"[A-Z]{2}[A-Z0-9]+", (scheme.findtext(path("CompanyID")) or ""))
        for scheme in found.iter(f"{CAC}PartyTaxScheme")
        if texts(scheme, "TaxScheme/ID") == ["VAT"]
    ),
    "BR-CO-10": lambda found: (
        _total("LineExtensionAmount")(found)
        == sum((number(e, "LineExtensionAmount") for e in lines(found)), Decimal(0))
    ),
    "BR-CO-11": lambda found: _total("AllowanceTotalAmount")(found) == number(found, "AllowanceCharge/Amount"),
    "BR-CO-13": lambda found: (
        _total("TaxExclusiveAmount")(found)
        == _total("LineExtensionAmount")(found) - _total("AllowanceTotalAmount")(found)
    ),
    "BR-CO-14": lambda found: (
        number(found, "TaxTotal/TaxAmount") == sum((number(e, "TaxAmount") for e in subtotals(found)), Decimal(0))
    ),
    "BR-CO-15": lambda found: (
        _total("TaxInclusiveAmount")(found) == _total("TaxExclusiveAmount")(found) + number(found, "TaxTotal/TaxAmount")
    ),
    "BR-CO-16": lambda found: _total("PayableAmount")(found) == _total("TaxInclusiveAmount")(found),
    "BR-CO-17": _taxed,
    "BR-CO-18": lambda found: bool(subtotals(found)),
    "BR-CO-25": lambda found: bool(texts(found, "DueDate") or texts(found, "PaymentTerms/Note")),
    "BR-CO-26": lambda found: bool(
        texts(found, f"{_SELLER}/PartyIdentification/ID")
        or [each for each in texts(found, f"{_SELLER}/PartyTaxScheme/TaxScheme/ID") if each == "VAT"]
    ),
    "BR-S-02, BR-Z-02, BR-E-02": _has(f"{_SELLER}/PartyTaxScheme/CompanyID"),
    "BR-S-05, BR-Z-05, BR-E-05, BR-AE-05": lambda found: all(
        RATED[code](rate) for code, rate in map(_category, _categories(found))
    ),
    "BR-S-08, BR-Z-08, BR-E-08, BR-AE-08": _taxable,
    "BR-S-10, BR-Z-10, BR-E-10, BR-AE-10": _reasons,
    "BR-AE-02": _reverse_charge,
    "BR-DEC": _two_decimals,
    "one breakdown of each rate": lambda found: len({*map(_category_in, subtotals(found))}) == len(subtotals(found)),
}
