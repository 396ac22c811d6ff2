"""Who owns a milestone in a team moves none of its money, and their approval is that of an owner."""

from collections.abc import Callable
from typing import Any, Literal

import pytest

from functions.payments.releases import commands
from functions.payments.releases.entitlement import SeparationOfPayment
from tests.aws import hooks, troubles
from tests.payments import queue
from tests.payments.invoicing import Firm
from tests.payments.people import Person
from tests.payments.releases.asking import REASON, TERMS, TOTAL, called_by, goes_on, issued, post
from tests.projects import team
from tests.projects.verification.review import Review, layer

Owner = Literal["team", "person"]

AMOUNT = 31_250_000


class Wrights:
    """A milestone that is verified, which a team of Ivy and nobody else owns."""

    def __init__(self, firm: Firm, role: str = "secondary") -> None:
        self.firm, self.joined = firm, firm.ada.brings(firm.project, firm.ada.colleague(), "finance")
        made = firm.ada.post(f"{firm.project}/teams", {"name": "Wrights", "people": [self.joined.user_id]})
        self.team_id = made.body["team_id"]
        self.milestone = firm.ada.begins(firm.project, firm.ada, amount_minor_units=AMOUNT)
        self.owns(role)
        assert firm.ada.post(f"{self.milestone}/complete").status == 200
        self.ivy = firm.purse(somebody=self.joined)

    def owns(self, role: str) -> None:
        made = self.firm.ada.post(f"{self.milestone}/owners", {"team_id": self.team_id, "role": role})
        assert made.status == 201, made.body

    def are(self, *people: str) -> None:
        changed = self.firm.ada.patch(f"{self.firm.project}/teams/{self.team_id}", {"people": [*people]})
        assert changed.status == 200, changed.body


def held(dana: Person, payment: str) -> None:
    assert post(dana, f"{payment}/hold", REASON).status == 200


def test_who_is_in_an_owning_team_does_not_release_in_as_many_calls(firm: Firm):
    wrights = Wrights(firm)
    payment = issued(firm, wrights.milestone)
    refused = post(wrights.ivy, f"{payment}/release")
    with troubles.counting() as calls, pytest.raises(SeparationOfPayment):
        commands.release(called_by(wrights.ivy), payment.rpartition("/")[2], if_match=None)

    assert (refused.status, refused.code) == (403, "SeparationOfPayment")
    assert len(calls) == 3
    assert firm.get(payment).body["status"] == "invoiced"


def test_who_is_in_no_owning_team_releases_in_three_calls(firm: Firm, dana: Person):
    payment = issued(firm, Wrights(firm).milestone)
    with troubles.counting() as calls:
        released = commands.release(called_by(dana), payment.rpartition("/")[2], if_match=None)

    assert (released["status"], len(calls)) == ("release_requested", 3)


@pytest.mark.parametrize("role", ["reviewer", "approver", "observer", "contributor"])
def test_a_team_that_does_not_own_it_keeps_nobody_from_releasing(role: str, firm: Firm):
    wrights = Wrights(firm, role)

    assert post(wrights.ivy, f"{issued(firm, wrights.milestone)}/release").status == 200


def test_who_has_left_the_team_releases(firm: Firm):
    wrights = Wrights(firm)
    wrights.are()

    assert post(wrights.ivy, f"{issued(firm, wrights.milestone)}/release").status == 200


def test_who_joins_the_team_while_they_release_is_refused(firm: Firm):
    wrights = Wrights(firm)
    wrights.are()
    payment, is_first = issued(firm, wrights.milestone), [True]

    def joins(**_: object) -> None:
        if is_first and is_first.pop():
            wrights.are(wrights.ivy.user_id)

    with hooks.registered("before-call.dynamodb.TransactWriteItems", joins):
        refused = post(wrights.ivy, f"{payment}/release")

    assert refused.code == "SeparationOfPayment"
    assert firm.get(payment).body["status"] == "invoiced"


def test_a_team_that_is_gone_keeps_nobody_from_releasing(firm: Firm):
    wrights = Wrights(firm)
    assert firm.ada.delete(f"{firm.project}/teams/{wrights.team_id}").status == 204

    assert post(wrights.ivy, f"{issued(firm, wrights.milestone)}/release").status == 200


def failed(firm: Firm, dana: Person, payment: str) -> None:
    processing(firm, dana, payment)
    assert post(dana, f"{payment}/confirm", {"is_made": False}).body["status"] == "failed"


def processing(firm: Firm, dana: Person, payment: str) -> None:
    assert firm.purse("admin").rest("PATCH", "/payment-settings", {"gateway": "manual"}).status == 200
    assert post(dana, f"{payment}/release").status == 200
    assert goes_on(firm, payment)["status"] == "processing"


def settled(firm: Firm, dana: Person, payment: str) -> None:
    assert post(dana, f"{payment}/release").status == 200
    assert goes_on(firm, payment)["status"] == "completed"


def disputed(firm: Firm, dana: Person, payment: str) -> None:
    assert post(dana, f"{payment}/dispute", REASON).status == 200


@pytest.mark.parametrize(
    ("command", "brought", "sent"),
    [
        ("retry", failed, None),
        ("resume", lambda _, dana, payment: held(dana, payment), None),
        ("confirm", processing, {"is_made": True}),
        ("refund", settled, REASON),
        (
            "dispute/resolve",
            disputed,
            {"release_minor_units": TOTAL, "refund_minor_units": 0, "resolution": "It is there."},
        ),
    ],
)
def test_who_is_in_an_owning_team_does_nothing_else_with_the_money_either(
    command: str,
    brought: Callable[[Firm, Person, str], None],
    sent: Any,
    firm: Firm,
    dana: Person,
    monkeypatch: pytest.MonkeyPatch,
):
    # A failure gives back what others may wait for, and those are told of there.
    monkeypatch.setenv("PAYMENTS_QUEUE_URL", queue.QUEUE)
    wrights = Wrights(firm)
    payment = issued(firm, wrights.milestone)
    brought(firm, dana, payment)
    before = firm.get(payment).body
    refused = post(wrights.ivy, f"{payment}/{command}", sent)

    assert refused.code == "SeparationOfPayment"
    assert firm.get(payment).body == before
    wrights.are()
    assert post(wrights.ivy, f"{payment}/{command}", sent).status == 200


def approved(ada: team.Person, *, owner: Owner, also: bool = False) -> tuple[Firm, str, team.Person]:
    """Return a payment that is released by itself if an approval counts, and who gave one as a secondary owner."""
    firm = Firm.opened(ada, **TERMS)
    limits = {"auto_release_limits": {"EUR": TOTAL}}
    assert firm.purse("admin").rest("PATCH", "/payment-settings", limits).status == 200
    review = Review.of(ada, ada.colleague(), firm.project)
    ivy = ada.brings(firm.project, ada.colleague(), "finance")
    seats = [{"owner_role": "secondary"}, *([{"user": review.verifiers[0].user_id}] if also else [])]
    policy = {"layers": [layer(mode="all", approvers=seats)]}
    milestone = ada.plans(firm.project, verification_policy=policy, amount_minor_units=AMOUNT)
    ada.assigns(milestone, review.ben)
    if owner == "team":
        made = ada.post(f"{firm.project}/teams", {"name": "Wrights", "people": [ivy.user_id]})
        sent = {"team_id": made.body["team_id"], "role": "secondary"}
        assert ada.post(f"{milestone}/owners", sent).status == 201
    else:
        ada.assigns(milestone, ivy, "secondary")
    for somebody, event in ((ada, "activate"), (review.ben, "start"), (review.ben, "complete")):
        assert somebody.post(f"{milestone}/{event}").status == 200
    for each in [ivy, *([review.verifiers[0]] if also else [])]:
        assert review.decides(each, review.layers(milestone)[0]).status == 200
    assert ada.status(milestone) == "approved"
    return firm, issued(firm, milestone), ivy


@pytest.mark.parametrize("owner", ["team", "person"])
def test_a_payment_that_owners_alone_approved_waits_for_a_person(owner: Owner, ada: team.Person):
    firm, payment, ivy = approved(ada, owner=owner)
    shown = goes_on(firm, payment)

    assert (shown["status"], shown["reasons"]) == ("invoiced", ["no_approval"])
    assert post(firm.purse(somebody=ivy), f"{payment}/release").code == "SeparationOfPayment"


@pytest.mark.parametrize("owner", ["team", "person"])
def test_a_payment_that_another_person_approved_too_is_released_by_itself(owner: Owner, ada: team.Person):
    firm, payment, _ = approved(ada, owner=owner, also=True)

    assert goes_on(firm, payment)["status"] == "completed"


def test_who_joins_an_owning_team_while_a_payment_is_released_by_itself_has_not_approved_it(ada: team.Person):
    firm, payment, ivy = approved(ada, owner="team")
    (made,) = ada.get(f"{firm.project}/teams").body["items"]
    path, is_first = f"{firm.project}/teams/{made['team_id']}", [True]
    assert ada.patch(path, {"people": []}).status == 200

    def joins(**_: object) -> None:
        if is_first and is_first.pop():
            assert ada.patch(path, {"people": [ivy.user_id]}).status == 200

    with hooks.registered("before-call.dynamodb.TransactWriteItems", joins):
        shown = goes_on(firm, payment)

    assert (shown["status"], shown["reasons"]) == ("invoiced", ["no_approval"])
