"""Invoices and credit notes as UBL by the rules of EN 16931, through the door."""

from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest

from functions.payments.papers.ubl import accounts, vat_numbers
from tests.payments.invoicing import CLIENT, SELLER, Firm
from tests.payments.papers.rules import CBC, RULES, number, path, texts
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time", "filed")
HOSTILE = "<script>&]]>\u202e \ufffe Mühle 製粉"
LINES = [
    {"description": "Wheels", "unit_price_minor_units": 6_833, "quantity": "3"},
    {"description": "Shafts", "unit_price_minor_units": 1_999, "quantity": "1.3333", "tax_percent": "9.975"},
    {"description": "Plans", "unit_price_minor_units": 5_001, "tax_category": "exempt"},
    {"description": "Books", "unit_price_minor_units": 4_999, "tax_percent": "0"},
    {"description": "Abroad", "unit_price_minor_units": 8_836, "tax_category": "reverse_charge"},
]
WHOLE = 3 * 6_833 + 2_665 + 5_001 + 4_999 + 8_836
TERMS: dict[str, Any] = {"retention_percent": "10", "tax_percent": "18"}


def opened(ada: Person, *, seller: Any = None, client: Any = None, **terms: Any) -> Firm:
    """Return a firm whose parties say their countries."""
    firm = Firm.opened(ada, **{**TERMS, **terms})
    told = SELLER | {"address": ["1 Dorset Street", "Cellar", "London", "GB"], "email": "a@b.example"} | (seller or {})
    assert firm.purse("admin").rest("PATCH", "/payment-settings", {"seller": told}).status == 200
    sold = CLIENT | {"address": "Burlington House, London, GB"} | (client or {})
    assert ada.patch(firm.project, {"client": sold}).status == 200
    return firm


def read(firm: Firm, path_: str) -> Element:
    answered = firm.get(f"{path_}/xml")
    assert (answered.status, answered.headers["Content-Type"]) == (200, "application/xml; charset=utf-8"), answered.body
    assert answered.body == firm.get(f"{path_}/xml").body
    assert "<!DOCTYPE" not in answered.body
    return fromstring(answered.body)  # noqa: S314 - our own document, which has no DTD


def broken(found: Element) -> list[str]:
    return [name for name, holds in RULES.items() if not holds(found)]


def path_of(firm: Firm, amount: int = WHOLE, **asked: Any) -> str:
    return f"/invoices/{firm.issues(firm.verified(amount), **asked)['invoice_id']}"


def test_an_invoice_of_all_categories_keeps_the_rules_and_so_do_its_credit_notes(ada: Person):
    firm = opened(ada)
    path_ = path_of(firm, lines=LINES, note=HOSTILE)
    found = read(firm, path_)
    shown = firm.get(path_).body
    assert broken(found) == []
    assert texts(found, "Note") == [HOSTILE.replace("\ufffe", "\ufffd")]
    assert number(found, "LegalMonetaryTotal/PayableAmount") * 100 == shown["payable_minor_units"]
    assert texts(found, "TaxTotal/TaxSubtotal/TaxCategory/ID") == ["S", "S", "E", "Z", "AE"]
    for lines in ([{"number": 1, "net_minor_units": 777}, {"number": 2}], None):
        asked = {"reason": "A wheel & less.", **({} if lines is None else {"lines": lines})}
        note = firm.post(f"{path_}/credit-notes", asked).body
        taken = read(firm, f"{path_}/credit-notes/{note['credit_note_id']}")

        assert broken(taken) == []
        assert (taken.tag.rpartition("}")[2], texts(taken, "ID")) == ("CreditNote", [note["number"]])
        assert texts(taken, "BillingReference/InvoiceDocumentReference/ID") == [shown["number"]]
        assert number(taken, "LegalMonetaryTotal/PayableAmount") * 100 == note["payable_minor_units"]


@pytest.mark.parametrize(
    "terms", [{"tax_percent": "9.975"}, {"tax_percent": "0"}, {"tax_category": "reverse_charge", "tax_percent": "0"}]
)
def test_an_invoice_of_a_part_and_that_of_its_retention_keep_the_rules(ada: Person, time: Any, terms: dict[str, str]):
    firm = opened(ada, retention_days=1, **terms)
    path_ = path_of(firm, 818_001, percentage="33.33")
    time.shift(timedelta(days=2))
    kept = firm.post(f"{path_}/retention")
    assert kept.status == 201, kept.body
    part, retention = read(firm, path_), read(firm, f"/invoices/{kept.body['invoice_id']}")

    assert (broken(part), broken(retention)) == ([], [])
    assert (texts(part, "InvoiceTypeCode"), texts(retention, "InvoiceTypeCode")) == (["326"], ["380"])
    withheld = firm.get(path_).body["retention_minor_units"]
    assert number(part, "AllowanceCharge/Amount") * 100 == withheld
    assert number(retention, "LegalMonetaryTotal/LineExtensionAmount") * 100 == withheld


def test_parties_and_the_account_stand_where_programs_look_for_them(ada: Person):
    firm = opened(ada, seller={"tax_ids": ["21/815/08150"]}, client={"tax_id": "DE 123456789"})
    found = read(firm, path_of(firm))
    seller, buyer = "AccountingSupplierParty/Party", "AccountingCustomerParty/Party"

    assert broken(found) == []
    assert texts(found, f"{seller}/PostalAddress/StreetName") == ["1 Dorset Street"]
    assert texts(found, f"{seller}/PostalAddress/AdditionalStreetName") == ["Cellar"]
    assert [each.text for each in found.iter(f"{CBC}Line")] == ["London"]
    assert texts(found, f"{seller}/PartyIdentification/ID") == ["21/815/08150"]
    assert texts(found, f"{seller}/PartyTaxScheme/TaxScheme/ID") == ["TAX"]
    assert texts(found, f"{seller}/Contact/ElectronicMail") == ["a@b.example"]
    assert texts(found, f"{buyer}/PartyTaxScheme/CompanyID") == ["DE123456789"]
    assert found.find(path("PaymentMeans")) is None


def test_what_the_standard_wants_and_is_not_there_is_refused_by_name(ada: Person):
    firm = opened(
        ada,
        seller={"address": ["1 Dorset Street", "London"], "tax_ids": []},
        client={"address": "London", "tax_id": "none"},
        tax_category="reverse_charge",
        tax_percent="0",
    )
    refused = firm.get(f"{path_of(firm)}/xml")

    assert (refused.status, refused.code) == (409, "NotElectronic")
    assert refused.fields == ["seller.address", "buyer.address", "seller.tax_ids", "buyer.tax_ids"]


def test_a_draft_is_no_document_and_others_do_not_see_it(ada: Person, eve: Person):
    firm = opened(ada)
    draft = path_of(firm, draft=True)

    assert firm.get(f"{draft}/xml").code == "DraftWithoutDocument"
    assert firm.purse(somebody=eve).get(f"{draft}/xml").code == "InvoiceNotFound"


def test_an_iban_is_found_among_lines_and_only_if_its_digits_are_right():
    assert accounts.iban(["Bank of London", "IBAN GB33 BUKB 2020 1555 5555 55"]) == "GB33BUKB20201555555555"
    assert accounts.iban(["IBAN GB34BUKB20201555555555", "BIC BUKBGB22"]) is None


def test_a_vat_number_begins_with_its_country():
    tax_ids = ["GB123456789", "EL094014201", "ATU12345678", "XX123", "NONE", "GB"]

    assert [*filter(vat_numbers.is_one, tax_ids)] == tax_ids[:3]
