"""What is left of a client who is erased: issued invoices, which the law wants kept, and nothing of drafts."""

import json
from typing import Any

import pytest

from tests.aws.quick import table as table_in_process
from tests.aws.stored_items import readable
from tests.payments.invoicing import CLIENT, TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")


@pytest.fixture
def firm(ada: Person) -> Firm:
    return Firm.opened(ada, **TERMS)


def erases(firm: Firm) -> None:
    """Take the client out of the project, as is done for a person who asks to be erased."""
    changed = firm.ada.patch(firm.project, {"client": None})
    assert changed.status == 200, changed.body


def naming(entity: str | None = None) -> list[dict[str, Any]]:
    """Return the items that have the name of the client, but events, which tell of none."""
    found = [readable(item) for item in table_in_process.everything()]
    named = [each for each in found if CLIENT["name"] in json.dumps(each, default=str)]
    return [each for each in named if entity in (None, each.get("entity"))]


def test_an_issued_invoice_survives_the_erasure_of_its_client(firm: Firm):
    made = firm.issues(firm.verified(1000))
    erases(firm)

    shown = firm.get(f"/invoices/{made['invoice_id']}").body
    assert shown == made
    assert shown["buyer"]["name"] == CLIENT["name"]


def test_a_draft_keeps_nothing_of_its_client(firm: Firm):
    draft = firm.issues(firm.verified(1000), draft=True)
    assert naming("Invoice") == []
    erases(firm)

    shown = firm.get(f"/invoices/{draft['invoice_id']}").body
    assert shown["buyer"] is None
    assert firm.post(f"/invoices/{draft['invoice_id']}/issue").body["code"] == "BuyerUnknown"


def test_only_what_was_issued_names_them_afterwards(firm: Firm):
    made = firm.issues(firm.verified(1000))
    firm.issues(firm.verified(2000), draft=True)
    erases(firm)

    left = [each for each in naming() if "#INV" in each["PK"]]
    assert {each["invoice_id"] for each in left} == {made["invoice_id"]}


def test_a_credit_note_of_theirs_survives_too(firm: Firm):
    made = firm.issues(firm.verified(1000))
    erases(firm)
    credited = firm.post(f"/invoices/{made['invoice_id']}/cancel", {"reason": "The order was withdrawn."})

    assert credited.status in (200, 201), credited.body
    assert CLIENT["name"] in json.dumps(naming("CreditNote"), default=str)
