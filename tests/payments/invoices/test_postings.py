"""What the ledger has of invoices: one balanced entry for each fact, whatever becomes of them."""

import random
from contextlib import suppress

import pytest

from functions.payments.credits import crediting
from functions.payments.invoices import invoices, receipts
from functions.payments.invoices.invoices import Invoice
from functions.payments.terms import changing
from functions.payments.terms.terms import Terms
from shared.errors import Refusal
from shared.storage import table
from tests.payments.invoices.ground import Ground
from tests.soaking import histories

STEPS = 12


@pytest.fixture
def ground(aws: None) -> Ground:
    return taxed()


def taxed() -> Ground:
    """Return a tenant that keeps 10 % back and taxes 18 %."""
    made = Ground()
    changing.put_usual(made.ada, Terms(retention_rate=100_000, tax_rate=180_000)._asdict(), if_match=None)
    return made


def pays(ground: Ground, invoice_id: str, minor_units: int) -> None:
    fields = {"amount_minor_units": minor_units, "received_on": "2026-11-20"}
    receipts.record(ground.ada, invoice_id, fields, if_match=None)


def test_an_issued_invoice_is_receivable_and_what_is_kept_back_beside_it(ground: Ground):
    ground.issues(ground.milestone(31_250_000))

    assert ground.balance() == {
        "receivable": 33_187_500,
        "retention_receivable": 3_125_000,
        "revenue": 31_250_000,
        "tax_payable": 5_062_500,
    }


def test_a_whole_credit_note_leaves_nothing_of_it(ground: Ground):
    made = ground.issues(ground.milestone(31_250_000))
    crediting.cancel(ground.ada, made["invoice_id"], "Withdrawn.", if_match=None)

    assert ground.balance() == {}


def test_what_was_paid_outside_is_on_its_way(ground: Ground):
    made = ground.issues(ground.milestone(1000))
    pays(ground, made["invoice_id"], 62)

    found = ground.balance()
    assert (found["clearing"], found["receivable"]) == (62, 1000)


def test_the_ledger_is_balanced_after_every_history(aws: None):
    for seed in range(histories(25, soaking=2000)):
        lives(taxed(), random.Random(seed))  # noqa: S311 - which history it is


def lives(ground: Ground, chosen: random.Random) -> None:
    """Invoice, pay and credit at random; the ledger has what the invoices say after it."""
    milestones = [ground.milestone(chosen.randint(3, 10**9)) for _ in range(2)]
    made: list[str] = []
    for _ in range(STEPS):
        with suppress(Refusal):
            step(ground, chosen, milestones, made)

    balances = ground.balance()
    found = [item for each in made for item in [_invoice(ground, each)]]
    due = sum(each.payable_minor_units - each.paid_minor_units - each.credited_minor_units for each in found)
    assert balances.get("receivable", 0) == due
    assert balances.get("clearing", 0) == sum(each.paid_minor_units for each in found)


def step(ground: Ground, chosen: random.Random, milestones: list[str], made: list[str]) -> None:
    what = chosen.choice(["issue", "pay", "credit", "cancel"]) if made else "issue"
    if what == "issue":
        share = chosen.randint(1, 600_000)
        made.append(ground.issues(chosen.choice(milestones), share)["invoice_id"])
        return
    invoice_id = chosen.choice(made)
    if what == "pay":
        pays(ground, invoice_id, chosen.randint(1, 10**8))
    elif what == "credit":
        lines = {1: chosen.randint(1, 10**8)}
        crediting.issue(ground.ada, invoice_id, lines, "Less.", if_match=None, claim=None)
    else:
        crediting.cancel(ground.ada, invoice_id, "Withdrawn.", if_match=None)


def _invoice(ground: Ground, invoice_id: str) -> Invoice:
    item = table.get(invoices.key(ground.tenant_id, invoice_id), consistent=True)
    assert item is not None
    return invoices.from_item(item)
