"""The weir of the demo: invoices and payments in many states, once, however often it is loaded."""

from dataclasses import replace
from typing import Any

import pytest

from functions.payments.gateways import choosing
from functions.payments.releases import process
from infra.demo import advances, weir
from infra.demo.account import Account, NotDone
from infra.demo.projects import MILESTONES, PROJECTS, Crew, find, planned, post
from infra.stage.client import Answer
from tests.demo.conftest import send


def invoices(manager: Account) -> dict[str, Any]:
    """Return the invoices of the project by the titles of their milestones and their places, from 1; a draft's is 0."""
    found = planned(manager, find(manager, weir.NAME) or "")
    listed = {title: manager.get(f"{MILESTONES}/{each}/invoices")["items"] for title, each in found.items()}
    return {f"{title} {each['sequence']}": each for title, many in listed.items() for each in many}


def payments(manager: Account) -> dict[str, Any]:
    """Return the payment of each invoice that is issued, as its process leaves it."""
    tenant_id = manager.get("/api/v1/auth/me")["tenant_id"]
    found = {title: each["payment_id"] for title, each in invoices(manager).items() if each["payment_id"]}
    for each in found.values():
        process.advance(tenant_id, each, choosing.gateway)
    return {title: manager.get(f"{weir.PAYMENTS}/{each}") for title, each in found.items()}


def deposits(manager: Account) -> Any:
    return manager.get(f"{PROJECTS}/{find(manager, weir.NAME)}/deposits")


def everything(manager: Account) -> Any:
    requests = [*manager.every(advances.REQUESTS)]
    return invoices(manager), payments(manager), deposits(manager), requests, manager.get(weir.PAYEE)


def interrupted(crew: Crew, broken: str) -> Crew:
    """Return the same people, of whose requests those to paths with this end fail."""

    def failing(method: str, url: str, **sent: Any) -> Answer:
        if method != "GET" and url.endswith(broken):
            return Answer(500, {}, "interrupted")
        return send(method, url, **sent)

    people = ("manager", "admin", "builder", "client")
    return replace(crew, **{name: replace(getattr(crew, name), send=failing) for name in people})


def test_invoices_and_payments_are_in_every_state_and_a_second_load_changes_nothing(crew: Crew) -> None:
    assert not weir.is_there(crew.manager)
    weir.bring(crew)
    issued, paid = invoices(crew.manager), payments(crew.manager)

    assert weir.is_there(crew.manager)
    assert {title: (each["status"], each["credit_notes"]) for title, each in issued.items()} == {
        "Sluice gates hung 1": ("issued", 0),
        "Banks secured 1": ("issued", 1),
        "Banks secured 2": ("issued", 0),
        "Fish ladder built 1": ("issued", 0),
        "Footbridge laid 0": ("draft", 0),
    }
    # It is due on the day of the load, so it is overdue from the next day on.
    assert issued["Banks secured 1"]["due_on"] == "2026-11-20"
    assert {title: (each["status"], each["reasons"]) for title, each in paid.items()} == {
        "Sluice gates hung 1": ("completed", []),
        "Banks secured 1": ("invoiced", ["no_limit"]),
        "Banks secured 2": ("release_requested", ["deposit_missing"]),
        "Fish ladder built 1": ("on_hold", ["dispute"]),
    }

    before = everything(crew.manager)
    weir.bring(crew)

    assert everything(crew.manager) == before


def test_whoever_tries_the_demo_can_fetch_an_invoice_as_ubl(crew: Crew) -> None:
    weir.bring(crew)
    issued = invoices(crew.manager)["Sluice gates hung 1"]
    path = f"{crew.manager.api_url}/api/v1/invoices/{issued['invoice_id']}/xml"
    written = crew.manager.send("GET", path, token=crew.manager.token)

    assert written.status == 200, written.text
    assert f"<cbc:ID>{issued['number']}</cbc:ID>" in written.text


def test_the_project_pays_from_its_deposit_and_a_payment_waits_for_another(crew: Crew) -> None:
    weir.bring(crew)
    paid = payments(crew.manager)
    held = deposits(crew.manager)

    assert held["escrow"]
    assert held["deposited_minor_units"] == 3_000_000
    # 24,000.00 less 5 %, and 19 % of that.
    assert held["released_minor_units"] == paid["Sluice gates hung 1"]["amount_minor_units"] == 2_713_200
    assert [each["payment_id"] for each in held["waiting"]] == [paid["Banks secured 2"]["payment_id"]]
    # More than all of the deposit, so it waits in whichever order the two are claimed.
    assert paid["Banks secured 2"]["amount_minor_units"] > held["deposited_minor_units"]


def test_an_advance_is_paid_out_and_another_waits_for_an_admin(crew: Crew) -> None:
    weir.bring(crew)
    found = invoices(crew.manager)
    asked = {each["pledges"][0]["invoice_id"]: each["status"] for each in crew.manager.every(advances.REQUESTS)}

    assert asked == {
        found["Banks secured 1"]["invoice_id"]: "active",
        found["Banks secured 2"]["invoice_id"]: "pending",
    }


def test_bank_lines_are_proposed_and_the_owner_may_confirm_them(crew: Crew) -> None:
    weir.bring(crew)
    payee = crew.manager.get(weir.PAYEE)
    confirmed = post(crew.manager, f"{weir.PAYEE}/confirm", {"proposal_id": payee["proposed"]["proposal_id"]})

    assert payee["present"] is None
    assert confirmed["following"]["invoice_lines"] == ["Bank of Millford", "IBAN DE02120300000000202051"]
    # A day later.
    assert confirmed["following"]["effective_at"] == "2026-11-21T12:00:00.000Z"


def test_a_load_that_was_interrupted_goes_on(crew: Crew) -> None:
    for broken in ("/payment-payee", "/deposits", "/credit-notes", "/release", "/disburse", "/dispute"):
        with pytest.raises(NotDone, match="interrupted"):
            weir.bring(interrupted(crew, broken))
        assert not weir.is_there(crew.manager)
    weir.bring(crew)
    issued, held = invoices(crew.manager), deposits(crew.manager)
    statuses = [each["status"] for each in crew.manager.every(advances.REQUESTS)]

    assert weir.is_there(crew.manager)
    assert len(issued) == 5
    assert issued["Banks secured 1"]["credit_notes"] == 1
    assert held["deposited_minor_units"] == 3_000_000
    assert sorted(statuses) == ["active", "pending"]
