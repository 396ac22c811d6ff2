"""The bank lines that invoices print: two people change them, and until a day later those of before are printed."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from shared.storage import table
from shared.storage.writes import Put
from tests.payments.invoicing import Firm
from tests.payments.people import Person as Purse
from tests.projects.team import Person

PAYEE = "/payment-payee"
OURS, FORGED = ["IBAN GB94BARC10201530093459"], ["IBAN GB33BUKB20201555555555"]


@pytest.fixture
def firm(ada: Person) -> Firm:
    return Firm.opened(ada)


@pytest.fixture
def boss(firm: Firm) -> Purse:
    return firm.purse("admin")


@pytest.fixture
def other(firm: Firm) -> Purse:
    return firm.purse("admin", firm.ada.colleague())


def proposes(by: Purse, lines: list[str]) -> str:
    put = by.rest("PUT", PAYEE, {"name": "Analytical Engines Ltd", "invoice_lines": lines})
    assert put.status == 200, put.body
    return str(put.body["proposed"]["proposal_id"])


def confirms(by: Purse, proposal_id: str) -> Any:
    return by.post(f"{PAYEE}/confirm", {"proposal_id": proposal_id})


def printed(firm: Firm) -> list[str]:
    return list(firm.issues(firm.verified(1000))["bank_lines"])


def had(firm: Firm, lines: list[str]) -> None:
    """Let the tenant have set lines when one person could."""
    before = settings.find(firm.ada.tenant_id)
    table.transact([Put(settings.to_item(PaymentSettings(**{**before._asdict(), "bank_lines": lines})))])


def test_nobody_alone_changes_what_invoices_print(firm: Firm, boss: Purse):
    refused = boss.rest("PATCH", "/payment-settings", {"bank_lines": FORGED})

    assert (refused.status, [each["field"] for each in refused.body["errors"]]) == (422, ["bank_lines"])
    assert confirms(boss, proposes(boss, FORGED)).body["code"] == "SecondPersonRequired"
    assert printed(firm) == []


def test_a_day_after_another_person_has_confirmed_them_they_are_printed(
    firm: Firm, boss: Purse, other: Purse, time: time_machine.Traveller
):
    had(firm, ["IBAN of before"])
    assert confirms(other, proposes(boss, OURS)).status == 200
    assert printed(firm) == ["IBAN of before"]
    time.shift(timedelta(hours=23, minutes=59))
    assert printed(firm) == ["IBAN of before"]
    time.shift(timedelta(minutes=1))

    assert printed(firm) == OURS


def test_what_was_issued_keeps_the_lines_that_it_has(
    firm: Firm, boss: Purse, other: Purse, time: time_machine.Traveller
):
    had(firm, ["IBAN of before"])
    made = firm.issues(firm.verified(1000))
    confirms(other, proposes(boss, OURS))
    time.shift(timedelta(days=1))

    assert firm.get(f"/invoices/{made['invoice_id']}").body["bank_lines"] == ["IBAN of before"]


def test_a_payee_without_lines_leaves_those_of_before(
    firm: Firm, boss: Purse, other: Purse, time: time_machine.Traveller
):
    had(firm, ["IBAN of before"])
    confirms(other, proposes(boss, []))
    time.shift(timedelta(days=1))

    assert printed(firm) == ["IBAN of before"]


def test_a_preview_shows_what_would_be_printed(firm: Firm):
    had(firm, ["IBAN of before"])
    shown = firm.post("/invoices/preview", {"project_milestone_id": firm.verified(1000).rpartition("/")[2]})

    assert shown.body["bank_lines"] == ["IBAN of before"]
