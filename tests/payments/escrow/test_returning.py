"""What is left of deposits goes back to the client: once, no more than there is, and by people who may."""

from typing import Any

import pytest

from functions.identity.scopes import SCOPES
from functions.payments.access import PersonRequired
from functions.payments.escrow import returning
from functions.payments.ledger import posting
from shared import clock, ids
from shared.callers.caller import Caller
from tests.aws.entries import Answer
from tests.aws.races import at_once
from tests.payments.ledger.keeping import Ledger, write
from tests.payments.people import Person
from tests.payments.settled import has_project
from tests.platform.held import stored

HELD = {"amount_minor_units": 5000, "currency": "EUR"}
WHY = {"reason": "The project is over."}


@pytest.fixture
def dana(ada: Person) -> Person:
    """Somebody with the scope to release, in Ada's tenant."""
    return Person(ids.new("user"), ada.tenant_id, ada.issuer, "member")


def path(project_id: str) -> str:
    return f"/projects/{project_id}/deposits"


def funded(person: Person, *roles: Any, status: str = "active") -> str:
    """Return a project of somebody for which 50.00 were deposited."""
    project_id = has_project(person, *roles, status=status)
    ledger_of(person, project_id).moves("deposited", f"{ids.new('dep')}#deposited", 5000)
    return project_id


def ledger_of(person: Person, project_id: str) -> Ledger:
    return Ledger(person.tenant_id, project_id=project_id)


def gives_back(person: Person, project_id: str, *, key: str | None = None, **sent: Any) -> Answer:
    return person.post(f"{path(project_id)}/return", {**WHY, **sent}, key=key)


@pytest.mark.parametrize("status", ["active", "completed", "cancelled"])
def test_all_that_is_left_goes_back_whatever_becomes_of_the_project(dana: Person, status: str):
    project_id = funded(dana, status=status)

    made = gives_back(dana, project_id)
    held = dana.get(path(project_id)).body

    assert made.status == 201
    assert (made.body["amount_minor_units"], made.body["returned_by"]) == (5000, dana.user_id)
    assert held["returns"] == [made.body]
    amounts = [held[f"{name}_minor_units"] for name in ("deposited", "released", "returned", "available")]
    assert amounts == [5000, 0, 5000, 0]


def test_the_entry_takes_it_from_the_project_and_from_clearing(dana: Person):
    project_id = funded(dana)
    made = gives_back(dana, project_id, amount_minor_units=2000).body

    ledger = ledger_of(dana, project_id)
    entry = ledger.find(made["reference"])

    assert (entry.kind, entry.posted_at) == ("deposit_returned", made["returned_at"])
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == [
        ("clearing", 0, 2000),
        (f"escrow.{project_id}", 2000, 0),
    ]
    assert ledger.balances() == {"clearing": 3000, "escrow": 3000}


def test_what_payments_were_made_from_and_what_is_on_its_way_is_not_left(dana: Person):
    project_id = funded(dana)
    ledger = ledger_of(dana, project_id)
    ledger.moves("escrow_released", "pay_1#settled", 1500)
    ledger.moves("escrow_released", "pay_2#claimed", 700, "pending")

    assert gives_back(dana, project_id).body["amount_minor_units"] == 2800
    held = dana.get(path(project_id)).body
    assert [held[f"{name}_minor_units"] for name in ("released", "returned", "pending", "available")] == [
        *(1500, 2800, 700, 0)
    ]


def test_no_more_goes_back_than_is_left(dana: Person):
    project_id = funded(dana)

    refused = gives_back(dana, project_id, amount_minor_units=5001)
    assert (refused.status, refused.code) == (422, "MoreThanHeld")
    assert "50.00 EUR are left" in refused.body["detail"]
    assert gives_back(dana, project_id).status == 201
    assert gives_back(dana, project_id).code == "MoreThanHeld"
    assert gives_back(dana, has_project(dana)).code == "MoreThanHeld"


def test_sent_twice_it_goes_back_once(dana: Person):
    project_id = funded(dana)

    both = [gives_back(dana, project_id, key="once", amount_minor_units=2000) for _ in range(2)]

    assert both[0].body == both[1].body
    assert dana.get(path(project_id)).body["available_minor_units"] == 3000


def test_of_many_at_once_as_many_go_back_as_there_is(dana: Person):
    project_id = funded(dana)
    ledger, claims = ledger_of(dana, project_id), [f"pay_{number}" for number in range(4)]

    def draws(reference: str) -> Any:
        return ledger.moves("escrow_released", reference, 1000)

    made = at_once(
        *(lambda each=each: draws(each) for each in claims),
        *(lambda: gives_back(dana, project_id, amount_minor_units=1000) for _ in range(4)),
    )

    drawn = [each for each in made[:4] if not isinstance(each, Exception)]
    back = [each for each in made[4:] if each.status == 201]
    assert len(drawn) + len(back) == 5
    held = dana.get(path(project_id)).body
    assert held["available_minor_units"] == 0
    assert (held["released_minor_units"], held["returned_minor_units"]) == (1000 * len(drawn), 1000 * len(back))


def test_a_reversal_makes_it_available_again(dana: Person):
    project_id = funded(dana)
    made = gives_back(dana, project_id).body
    write(posting.reversing(Ledger(dana.tenant_id).find(made["reference"]), at=clock.now()))

    held = dana.get(path(project_id)).body

    assert (held["available_minor_units"], held["returned_minor_units"]) == (5000, 0)


@pytest.mark.parametrize(("role", "code"), [("client", "FinanceRequired"), ("viewer", "FinanceRequired")])
def test_managers_and_finance_pay_back(dana: Person, role: Any, code: str):
    assert gives_back(dana, funded(dana, role)).code == code
    assert gives_back(dana, funded(dana, "finance")).status == 201


def test_it_takes_the_scope_to_release(dana: Person):
    project_id = funded(dana)

    assert gives_back(dana.acting_as("viewer"), project_id).status == 403
    assert dana.get(path(project_id)).body["available_minor_units"] == 5000


def test_an_api_key_pays_nothing_back(dana: Person):
    project_id = funded(dana)
    key = Caller(dana.user_id, dana.tenant_id, ("member",), SCOPES["member"], "key_1", (), None)

    with pytest.raises(PersonRequired):
        returning.give_back(key, project_id, None, "It is over.")


def test_another_tenant_does_not_find_the_project(dana: Person, eve: Person):
    assert gives_back(eve, funded(dana)).code == "ProjectNotFound"


def test_it_is_told_without_amount_and_reason(dana: Person):
    project_id = funded(dana)
    made = gives_back(dana, project_id).body

    (event,) = [item for item in stored().values() if item.get("event_type") == "payments.deposit.returned"]

    assert event["data"]["deposit_return_id"] == made["deposit_return_id"]
    assert not {"amount_minor_units", "reason"} & event["data"].keys()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"amount_minor_units": 0}, "amount_minor_units"),
        ({"amount_minor_units": "5"}, "amount_minor_units"),
        ({"reason": ""}, "reason"),
        ({"currency": "EUR"}, "currency"),
    ],
)
def test_what_is_no_return_is_refused_by_name(dana: Person, sent: dict[str, Any], field: str):
    refused = gives_back(dana, funded(dana), **sent)

    assert (refused.status, refused.fields) == (422, [field])


def test_graphql_pays_back_and_shows_it(dana: Person):
    project_id = funded(dana)

    made = dana.ask("returnDeposits", projectId=project_id, reason="It is over.", amountMinorUnits="2000").data
    held = dana.ask("projectDeposits", projectId=project_id).data

    assert made["amount"] == {"minorUnits": "2000", "currency": "EUR"}
    assert held["returned"]["minorUnits"] == "2000"
    assert held["returns"] == [made]
