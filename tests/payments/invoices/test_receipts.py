"""What clients pay outside of Milepost: how much of it is recorded, and of which days."""

from datetime import timedelta

import pytest
import time_machine

from functions.payments.invoices import receipts
from shared.errors import InvalidInput
from tests.payments.invoices.ground import Ground
from tests.payments.invoicing import TERMS, Firm
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("time")


@pytest.fixture
def firm(ada: Person) -> Firm:
    return Firm.opened(ada, **TERMS)


def test_what_was_paid_outside_is_recorded_until_nothing_is_due(firm: Firm):
    milestone = firm.verified(31_250_000)
    path = f"/invoices/{firm.issues(milestone)['invoice_id']}/record-payment"
    paid = {"amount_minor_units": 33_187_499, "received_on": "2026-11-20"}

    assert firm.post(path, paid | {"amount_minor_units": 33_187_501}).code == "MoreThanDue"
    part = firm.post(path, paid, key="once")
    assert (part.body["status"], part.body["amount_due_minor_units"]) == ("issued", 1)
    assert firm.post(path, paid, key="once").body == part.body
    assert firm.billing(milestone)["open_invoices"] == 1
    whole = firm.post(path, paid | {"amount_minor_units": 1, "reference": "Statement 12"})
    assert (whole.body["status"], whole.body["amount_due_minor_units"]) == ("paid", 0)
    assert firm.billing(milestone)["open_invoices"] == 0
    assert firm.post(path, paid).code == "InvoiceNotOpen"


def test_money_was_received_from_the_day_of_issue_to_today(firm: Firm, time: time_machine.Traveller):
    invoice = firm.issues(firm.verified(1000))
    path, part = f"/invoices/{invoice['invoice_id']}/record-payment", {"amount_minor_units": 1}
    time.shift(timedelta(days=2))

    for day in ("1999-01-01", "2026-11-19", "2026-11-23", "2027-11-28"):
        refused = firm.post(path, {**part, "received_on": day})
        assert (refused.status, refused.fields) == (422, ["received_on"])
    for day in ("2026-11-20", "2026-11-22"):
        assert firm.post(path, {**part, "received_on": day}).status == 200


def test_today_is_the_day_in_the_zone_of_the_tenant(aws: None):
    ground = Ground("Pacific/Kiritimati")
    invoice_id = ground.issues(ground.milestone())["invoice_id"]
    paid = {"amount_minor_units": 1, "reference": ""}

    with pytest.raises(InvalidInput, match="2026-11-21 to 2026-11-21"):
        receipts.record(ground.ada, invoice_id, {**paid, "received_on": "2026-11-20"}, if_match=None)
    receipts.record(ground.ada, invoice_id, {**paid, "received_on": "2026-11-21"}, if_match=None)
