"""Who moves money: none of those who made, own or approved the milestone, for themselves or for another.

Everybody here works in finance, so that nothing but their part in the milestone, or in the payee, keeps them from it.
"""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.aws.entries import Answer
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, issued, post
from tests.projects.delegation.handing import delegates
from tests.projects.verification.review import Review, layer

AMOUNT = 31_250_000
COMMANDS: dict[str, Any] = {
    "release": None,
    "retry": None,
    "resume": None,
    "confirm": {"is_made": True},
    "refund": REASON,
}
PAYEE = {"name": "Analytical Engines Ltd", "bank_lines": ["IBAN GB33BUKB20201555555555"], "stripe_account": None}


class Cast:
    """A milestone that Ada made, Ben and Hal own, Fred approved in Cleo's place, and Gina accepted."""

    def __init__(self, firm: Firm) -> None:
        review = Review.of(firm.ada, firm.ada.colleague(), firm.project)
        cleo = review.verifiers[0]
        fred, gina, hal = (firm.ada.colleague() for _ in range(3))
        named = {"ada": firm.ada, "ben": review.ben, "cleo": cleo, "fred": fred, "gina": gina, "hal": hal}
        roles = {"ada": "manager", "ben": "creator", "cleo": "verifier", "gina": "manager"}
        for name, somebody in named.items():
            firm.ada.brings(firm.project, somebody, *filter(None, [roles.get(name)]), "finance")
        assert delegates(cleo, fred).status == 201
        milestone = review.begins(layer(), amount_minor_units=AMOUNT, acceptance="manager")
        firm.ada.assigns(milestone, hal, "secondary")
        assert review.ben.post(f"{milestone}/complete").status == 200
        decided = review.decides(fred, review.layers(milestone)[0], on_behalf_of=cleo.user_id)
        assert decided.status == 200, decided.body
        assert gina.post(f"{milestone}/accept").status == 200
        self.payment = issued(firm, milestone)
        self.people = {name: firm.purse(somebody=each) for name, each in named.items()}


@pytest.mark.parametrize("name", ["ada", "ben", "cleo", "fred", "gina", "hal"])
def test_nobody_who_had_a_part_in_the_milestone_moves_its_money(name: str, firm: Firm):
    cast = Cast(firm)
    refused = {each: post(cast.people[name], f"{cast.payment}/{each}", sent).code for each, sent in COMMANDS.items()}

    assert refused == dict.fromkeys(COMMANDS, "SeparationOfPayment")
    assert firm.get(cast.payment).body["status"] == "invoiced"


def test_nobody_who_had_a_part_in_it_settles_a_dispute(firm: Firm):
    cast = Cast(firm)
    client = firm.purse("guest", somebody=firm.ada.brings(firm.project, firm.ada.colleague("guest"), "client"))
    assert post(client, f"{cast.payment}/dispute", REASON).status == 200
    split = {"release_minor_units": 0, "refund_minor_units": firm.get(cast.payment).body["amount_minor_units"]}
    sent = split | {"resolution": "It is there."}
    refused = {post(each, f"{cast.payment}/dispute/resolve", sent).code for each in cast.people.values()}

    assert refused == {"SeparationOfPayment"}


@pytest.mark.parametrize("part", ["proposed", "confirmed"])
def test_who_changed_the_payee_moves_no_money_for_a_day(
    part: str, firm: Firm, dana: Person, time: time_machine.Traveller
):
    other = firm.purse("admin", somebody=firm.ada.brings(firm.project, firm.ada.colleague("admin"), "finance"))
    boss = dana.acting_as("admin")
    one, two = (boss, other) if part == "proposed" else (other, boss)
    proposed = one.rest("PUT", "/payment-payee", PAYEE).body["proposed"]["proposal_id"]
    assert two.post("/payment-payee/confirm", {"proposal_id": proposed}).status == 200
    payment = issued(firm)

    def release() -> Answer:
        return post(dana, f"{payment}/release")

    assert (release().status, release().code) == (403, "PayeeChangedLately")
    time.shift(timedelta(hours=24) - timedelta(seconds=1))
    assert release().code == "PayeeChangedLately"
    time.shift(timedelta(seconds=1))
    assert release().status == 200
