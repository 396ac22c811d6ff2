"""The weir of the demo: invoices and payments in many states, once, however often it is loaded."""

from typing import Any

from functions.payments.gateways import choosing
from functions.payments.releases import process
from infra.demo import weir
from infra.demo.account import Account
from infra.demo.projects import MILESTONES, Crew, find, planned


def invoices(manager: Account) -> dict[str, Any]:
    """Return the invoice of each milestone by its title."""
    found = planned(manager, find(manager, weir.NAME) or "")
    listed = {title: manager.get(f"{MILESTONES}/{each}/invoices")["items"] for title, each in found.items()}
    assert {title: len(each) for title, each in listed.items()} == dict.fromkeys(listed, 1)
    return {title: each for title, (each,) in listed.items()}


def payments(manager: Account) -> dict[str, Any]:
    """Return the payment of each invoice that is issued, by the title of its milestone, as its process leaves it."""
    tenant_id = manager.get("/api/v1/auth/me")["tenant_id"]
    found = {title: each["payment_id"] for title, each in invoices(manager).items() if each["payment_id"]}
    for each in found.values():
        process.advance(tenant_id, each, choosing.gateway)
    return {title: manager.get(f"{weir.PAYMENTS}/{each}") for title, each in found.items()}


def test_invoices_and_payments_are_in_every_state_and_a_second_load_changes_nothing(crew: Crew) -> None:
    assert not weir.is_there(crew.manager)
    weir.bring(crew)
    issued, paid = invoices(crew.manager), payments(crew.manager)

    assert weir.is_there(crew.manager)
    assert {title: (each["status"], each["credit_notes"]) for title, each in issued.items()} == {
        "Sluice gates hung": ("issued", 0),
        "Banks secured": ("issued", 1),
        "Fish ladder built": ("issued", 0),
        "Footbridge laid": ("draft", 0),
    }
    # It is due on the day of the load, so it is overdue from the next day on.
    assert issued["Banks secured"]["due_on"] == "2026-11-20"
    assert {title: (each["status"], each["reasons"]) for title, each in paid.items()} == {
        "Sluice gates hung": ("completed", []),
        "Banks secured": ("invoiced", ["no_limit"]),
        "Fish ladder built": ("on_hold", ["dispute"]),
    }

    before = invoices(crew.manager), payments(crew.manager)
    weir.bring(crew)

    assert (invoices(crew.manager), payments(crew.manager)) == before
