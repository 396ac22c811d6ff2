"""Deposits for a project: who makes them, in which currency, and what is left of them."""

from typing import Any

import pytest

from functions.payments.ledger import posting
from functions.payments.ledger.entries import Entry
from functions.payments.ledger.posting import InsufficientFunds
from shared import clock, ids
from shared.callers import project_members
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.races import at_once
from tests.payments.ledger.keeping import Ledger, write
from tests.payments.people import Person
from tests.payments.settled import has_project
from tests.platform.held import stored

DRAFT = {"amount_minor_units": 5000000, "currency": "EUR"}


@pytest.fixture
def ben(ada: Person) -> Person:
    """A member of Ada's tenant."""
    return Person(ids.new("user"), ada.tenant_id, ada.issuer, "member")


def path(project_id: str) -> str:
    return f"/projects/{project_id}/deposits"


def releases(ledger: Ledger, project_id: str, reference: str, amount: int) -> Entry:
    entry = posting.entry(
        "escrow_released",
        {"escrow": amount, "receivable": amount},
        tenant_id=ledger.tenant_id,
        currency=ledger.currency,
        reference=reference,
        at=clock.now(),
        project_id=project_id,
    )
    return write(entry)


@pytest.mark.parametrize("role", ["manager", "finance"])
def test_managers_and_finance_deposit_and_see_what_is_held(ben: Person, role: Any):
    project_id = has_project(ben, role)

    made = ben.post(path(project_id), DRAFT)

    assert made.status == 201
    assert {name: made.body[name] for name in ("project_id", *DRAFT)} == {"project_id": project_id, **DRAFT}
    assert ben.get(path(project_id)).body == {
        "project_id": project_id,
        "escrow": False,
        "currency": "EUR",
        "deposited_minor_units": 5000000,
        "released_minor_units": 0,
        "returned_minor_units": 0,
        "pending_minor_units": 0,
        "available_minor_units": 5000000,
        "waiting": [],
        "returns": [],
    }


def test_a_deposit_is_an_entry_of_the_ledger(ben: Person):
    made = ben.post(path(has_project(ben)), DRAFT).body

    entry = Ledger(ben.tenant_id).find(made["reference"])

    assert (entry.kind, entry.lines[0].debit, entry.posted_at) == ("deposited", 5000000, made["deposited_at"])


def test_a_deposit_is_told(ben: Person):
    project_id = has_project(ben)
    made = ben.post(path(project_id), DRAFT).body

    (event,) = [item for item in stored().values() if item.get("entity") == "Event"]

    assert (event["event_type"], event["data"]["deposit_id"]) == ("payments.deposit.made", made["deposit_id"])
    assert "amount_minor_units" not in event["data"]


def test_a_deposit_that_is_sent_twice_is_made_once(ben: Person):
    project_id = has_project(ben)

    answers = [ben.post(path(project_id), DRAFT, key="depositing").body for _ in range(2)]

    assert answers[0] == answers[1]
    assert ben.get(path(project_id)).body["deposited_minor_units"] == 5000000


def test_an_admin_counts_as_manager(ada: Person, ben: Person):
    project_id = has_project(ben)

    assert ada.post(path(project_id), DRAFT).status == 201
    assert ada.get(path(project_id)).body["available_minor_units"] == 5000000


@pytest.mark.parametrize("role", ["viewer", "creator", "verifier"])
def test_others_of_the_project_neither_deposit_nor_see(ben: Person, role: Any):
    project_id = has_project(ben, role)

    assert ben.post(path(project_id), DRAFT).code == "FinanceRequired"
    assert ben.get(path(project_id)).code == "AmountsHidden"


def test_the_client_sees_what_is_held_and_records_nothing(ben: Person):
    project_id = has_project(ben, "client")

    assert ben.get(path(project_id)).status == 200
    assert ben.post(path(project_id), DRAFT).code == "FinanceRequired"


@pytest.mark.parametrize("project_id", ["prj_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", "prj_1", "project_123"])
def test_a_project_that_there_is_not_is_not_found(ada: Person, ben: Person, project_id: str):
    for person in (ada, ben):
        assert person.post(path(project_id), DRAFT).code == "ProjectNotFound"
        assert person.get(path(project_id)).code == "ProjectNotFound"


def test_another_tenant_does_not_find_it(ben: Person, eve: Person):
    project_id = has_project(ben)

    assert eve.post(path(project_id), DRAFT).status == 404
    assert eve.get(path(project_id)).status == 404


def test_another_currency_than_that_of_the_project_is_refused(ben: Person):
    refused = ben.post(path(has_project(ben, currency="GBP")), DRAFT)

    assert (refused.status, refused.fields) == (422, ["currency"])
    assert "GBP" in refused.body["detail"]
    assert Ledger(ben.tenant_id).balances() == {}


def test_a_project_that_is_over_takes_no_deposits(ben: Person):
    assert ben.post(path(has_project(ben, status="completed")), DRAFT).code == "ProjectNotActive"


def test_a_project_in_escrow_takes_them_also_when_it_is_over_for_its_retentions(ben: Person):
    project_id = has_project(ben, status="completed")
    place = project_members.project_key(ben.tenant_id, project_id)
    table.transact([Put((table.get(place) or {}) | {"escrow": True})])

    assert ben.post(path(project_id), DRAFT).status == 201
    assert ben.get(path(project_id)).body["escrow"] is True


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount_minor_units": 0}, "amount_minor_units"),
        ({"amount_minor_units": -5}, "amount_minor_units"),
        ({"amount_minor_units": 10**15 + 1}, "amount_minor_units"),
        ({"amount_minor_units": 1.5}, "amount_minor_units"),
        ({"amount_minor_units": "5"}, "amount_minor_units"),
        ({"currency": "EUX"}, "currency"),
        ({"currency": "eur"}, "currency"),
        ({"note": "for the mill"}, "note"),
    ],
)
def test_what_is_no_deposit_is_refused_by_name(ben: Person, changed: dict[str, Any], field: str):
    refused = ben.post(path(has_project(ben)), DRAFT | changed)

    assert (refused.status, refused.fields) == (422, [field])
    assert Ledger(ben.tenant_id).balances() == {}


def test_the_deposits_of_a_project_pay_for_no_other(ben: Person):
    funded, other = has_project(ben), has_project(ben)
    ben.post(path(funded), DRAFT)

    with pytest.raises(InsufficientFunds):
        releases(Ledger(ben.tenant_id), other, "pay_1#settled", 1)


def test_of_twenty_releases_at_once_as_many_go_out_as_deposits_cover(ben: Person):
    project_id = has_project(ben)
    ben.post(path(project_id), DRAFT | {"amount_minor_units": 7 * 100 + 99})
    ledger = Ledger(ben.tenant_id)

    answers = at_once(*[lambda n=n: releases(ledger, project_id, f"pay_{n}", 100) for n in range(20)])

    assert sorted(type(each).__name__ for each in answers) == ["Entry"] * 7 + ["InsufficientFunds"] * 13
    assert ben.get(path(project_id)).body["available_minor_units"] == 99


def test_a_project_that_ends_while_somebody_deposits_takes_nothing(ben: Person):
    project_id = has_project(ben)
    moment = "before-call.dynamodb.TransactWriteItems"

    def ends(**_: Any) -> None:
        hooks.unregister(moment, ends)
        place = project_members.project_key(ben.tenant_id, project_id)
        table.transact([Put((table.get(place) or {}) | {"status": "completed"})])

    hooks.register(moment, ends)

    assert ben.post(path(project_id), DRAFT).code == "ProjectNotActive"
    assert Ledger(ben.tenant_id).balances() == {}


def test_graphql_deposits_and_shows_money(ben: Person):
    project_id = has_project(ben)
    draft = {"amountMinorUnits": "3000000000", "currency": "EUR"}

    made = ben.ask("makeDeposit", key="depositing", projectId=project_id, input=draft).data
    again = ben.ask("makeDeposit", key="depositing", projectId=project_id, input=draft).data

    assert made == again
    assert made["amount"] == {"minorUnits": "3000000000", "currency": "EUR"}
    assert ben.ask("projectDeposits", projectId=project_id).data["available"]["minorUnits"] == "3000000000"


@pytest.mark.parametrize("text", ["", "1.5", "-5", "1e3", "99999999999999999", "٣"])
def test_graphql_refuses_what_is_no_amount(ben: Person, text: str):
    draft = {"amountMinorUnits": text, "currency": "EUR"}

    refused = ben.ask("makeDeposit", projectId=has_project(ben), input=draft)

    assert (refused.error_type, refused.fields) == ("InvalidInput", ["amountMinorUnits"])
