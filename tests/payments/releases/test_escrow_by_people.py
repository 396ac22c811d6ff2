"""Escrow as its people have it: over REST, GraphQL and the queue, with refunds and disputes of what was drawn."""

import json

import pytest

from functions.payments import payments
from functions.payments.ledger import accounts
from functions.payments.releases import consumers
from shared.callers import project_members
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.payments import queue
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TOTAL, goes_on, hears, issued, post
from tests.payments.releases.untrue import Untrue
from tests.payments.releases.world import World

TAX = 5_062_500
SPLIT = {"release_minor_units": TOTAL - 10_000, "refund_minor_units": 10_000, "resolution": "A wheel is missing."}


@pytest.fixture(autouse=True)
def sent_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAYMENTS_QUEUE_URL", queue.QUEUE)


@pytest.fixture
def escrow(firm: Firm) -> Firm:
    """The same firm, whose project is in escrow."""
    assert firm.ada.patch(firm.project, {"escrow": True}).body["escrow"] is True
    return firm


@pytest.fixture
def client(firm: Firm) -> Person:
    return firm.purse("guest", somebody=firm.ada.brings(firm.project, firm.ada.colleague("guest"), "client"))


def deposit(firm: Firm, dana: Person, amount: int) -> None:
    made = dana.post(f"{firm.project}/deposits", {"amount_minor_units": amount, "currency": "EUR"})
    assert made.status == 201, made.body


def of_project(firm: Firm, event_type: str) -> list[Event]:
    """Return the events of this type that lie with the project."""
    place = project_members.partition(firm.ada.tenant_id, firm.project.rpartition("/")[2])
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return [each for each in found if each.event_type == event_type]


def wakes(happened: list[Event]) -> list[str]:
    """Deliver events, and then what the process has sent to itself; return which payments that was about."""
    with queue.taken() as messages:
        hears(happened)
    assert consumers.handler(batch(map(json.dumps, messages)), Context()) == {"batchItemFailures": []}
    return [each["payment_id"] for each in messages]


def released(firm: Firm, dana: Person) -> str:
    """Ask for the release of a new payment, let it come as far as it does, and return its path."""
    payment = issued(firm)
    assert post(dana, f"{payment}/release").status == 200
    goes_on(firm, payment)
    return payment


def test_a_release_waits_for_a_deposit_and_goes_on_when_it_is_told_of_one(escrow: Firm, dana: Person, client: Person):
    payment = released(escrow, dana)
    payment_id = payment.rpartition("/")[2]
    waiting, held = escrow.get(payment).body, client.get(f"{escrow.project}/deposits").body
    deposit(escrow, dana, TOTAL + 1)
    woken = wakes(of_project(escrow, "payments.deposit.made"))
    made, after = escrow.get(payment).body, client.get(f"{escrow.project}/deposits").body

    assert (waiting["status"], waiting["reasons"]) == ("release_requested", ["deposit_missing"])
    assert waiting["allowed"] == ["hold"]
    asked = {"payment_id": payment_id, "amount_minor_units": TOTAL, "requested_at": waiting["requested_at"]}
    assert (held["escrow"], held["waiting"]) == (True, [asked])
    assert woken == [payment_id]
    assert (made["status"], made["is_from_escrow"], made["reasons"]) == ("completed", True, [])
    assert (after["released_minor_units"], after["available_minor_units"], after["waiting"]) == (TOTAL, 1, [])


def test_a_deposit_that_is_told_of_twice_pays_once(escrow: Firm, dana: Person):
    payment = released(escrow, dana)
    deposit(escrow, dana, 2 * TOTAL)

    assert len(wakes(of_project(escrow, "payments.deposit.made"))) == 1
    assert wakes(of_project(escrow, "payments.deposit.made")) == []
    assert len(escrow.get(payment).body["attempts"]) == 1
    assert escrow.get(f"{escrow.project}/deposits").body["released_minor_units"] == TOTAL


def test_a_project_that_leaves_escrow_is_heard_of(escrow: Firm, dana: Person):
    payment = released(escrow, dana)
    escrow.ada.patch(escrow.project, {"escrow": False})

    assert wakes(of_project(escrow, "projects.project.updated")) == [payment.rpartition("/")[2]]
    assert escrow.get(payment).body["is_from_escrow"] is False
    assert escrow.get(payment).body["status"] == "completed"


def test_a_failed_attempt_has_those_looked_at_that_what_it_gives_back_covers(world: World):
    world.holds()
    first, second = world.beside(gateway=Untrue(troubles=["refused"])), world.beside()
    failing, waits = first.invoiced(), second.invoiced()
    second.advances(waits)
    world.deposits(payments.find(world.tenant_id, waits).amount_minor_units)  # type: ignore[union-attr]
    assert first.advances(failing).status == "failed"
    place = payments.partition(world.tenant_id, failing)
    happened = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    with queue.taken() as messages:
        hears([each for each in happened if each.event_type == "payments.payment.failed"])

    assert [each["payment_id"] for each in messages] == [waits]


def test_what_the_client_pays_outside_meanwhile_is_not_waited_for(escrow: Firm, dana: Person):
    deposit(escrow, dana, TOTAL - 7)
    payment = released(escrow, dana)
    invoice = f"/invoices/{escrow.get(payment).body['invoice_id']}"
    paid = escrow.post(f"{invoice}/record-payment", {"amount_minor_units": 7, "received_on": "2026-11-20"})
    assert paid.status == 200, paid.body
    done = goes_on(escrow, payment)

    assert (done["status"], done["amount_minor_units"]) == ("completed", TOTAL - 7)
    assert escrow.get(f"{escrow.project}/deposits").body["available_minor_units"] == 0


def test_what_is_paid_back_goes_to_the_client_and_not_into_the_deposits(escrow: Firm, dana: Person):
    deposit(escrow, dana, TOTAL)
    payment = released(escrow, dana)
    for sent in ({"amount_minor_units": 11_111_111}, {}):
        assert post(dana, f"{payment}/refund", REASON | sent).status == 200
    moved = accounts.by_kind(escrow.ada.tenant_id, "EUR")

    assert escrow.get(payment).body["status"] == "refunded"
    assert (moved["revenue_return"].debits_posted, moved["tax_payable"].debits_posted) == (TOTAL - TAX, TAX)
    assert moved["clearing"].debits_posted == moved["clearing"].credits_posted == TOTAL
    assert accounts.balance("escrow", moved["escrow"]) == 0
    assert accounts.total(moved.values()).is_balanced


def test_a_dispute_takes_a_payment_out_of_those_that_wait_until_it_is_settled(
    escrow: Firm, dana: Person, client: Person
):
    payment = released(escrow, dana)
    disputed = post(client, f"{payment}/dispute", REASON)
    waiting = escrow.get(f"{escrow.project}/deposits").body["waiting"]
    assert post(dana, f"{payment}/dispute/resolve", SPLIT).status == 200
    again = goes_on(escrow, payment)
    deposit(escrow, dana, TOTAL)
    wakes(of_project(escrow, "payments.deposit.made"))
    done = goes_on(escrow, payment)

    assert (disputed.body["held_from"], waiting) == ("release_requested", [])
    assert again["reasons"] == ["deposit_missing"]
    assert (done["status"], done["refunded_minor_units"], done["is_from_escrow"]) == (
        "partially_refunded",
        10_000,
        True,
    )


def test_graphql_shows_what_waits_and_what_was_drawn(escrow: Firm, dana: Person):
    payment = released(escrow, dana)
    payment_id, project_id = payment.rpartition("/")[2], escrow.project.rpartition("/")[2]
    (waiting,) = dana.ask("projectDeposits", projectId=project_id).data["waiting"]
    deposit(escrow, dana, TOTAL)
    wakes(of_project(escrow, "payments.deposit.made"))

    assert (waiting["paymentId"], waiting["amount"]) == (payment_id, {"minorUnits": str(TOTAL), "currency": "EUR"})
    assert dana.ask("payment", paymentId=payment_id).data["isFromEscrow"] is True
