"""The main job of payments with a gateway that is slow, lies, repeats itself and is away, on the deployed stage.

Whatever it does, one transfer of each payment stands, and people hear of what does not end by itself: in worklists, by
webhooks, and as escalations that end with the trouble.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from infra.stage.deployment import Addresses
from tests.e2e.crew import invited, user_id
from tests.e2e.dashboard import Person
from tests.e2e.endpoints import endpoint_of, until
from tests.e2e.gateway import Gateway
from tests.payments.gateways import stripe_stand_in
from tests.payments.gateways.stripe_stand_in import Trouble
from tests.payments.invoicing import CLIENT, SELLER
from tests.webhooks.receiver import Receiver, receiving

AMOUNT = 700_001
SOON, LATER = timedelta(), timedelta(minutes=61)
TOLD = {
    "payments.payment.released": 3,
    "payments.payment.failed": 4,
    "payments.payment.held": 1,
    "payments.payment.contradicted": 1,
    "payments.invoice.paid": 3,
    "projects.escalation.raised": 3,
    "projects.escalation.resolved": 3,
}
"""What endpoints are told, and how often."""


@dataclass(frozen=True)
class Works:
    """A project that is paid by Stripe: Ada manages, Ben builds, Cleo verifies, and Fay does the finances."""

    gateway: Gateway
    receiver: Receiver
    secret: str
    ada: Person
    ben: Person
    cleo: Person
    fay: Person
    project_id: str

    def milestone(self, title: str) -> str:
        """Have Ben complete a milestone that Cleo is to approve, and return its path."""
        layers = [{"level": 1, "name": "Inspection", "approvers": [{"user": user_id(self.cleo)}]}]
        draft = {"kind": "deliverable", "amount_minor_units": AMOUNT, "verification_policy": {"layers": layers}}
        made = self.ada.ask("POST", f"projects/{self.project_id}/project-milestones", {"title": title, **draft})
        path = f"project-milestones/{made['project_milestone_id']}"
        self.ada.ask("POST", f"{path}/owners", {"user_id": user_id(self.ben), "role": "primary"})
        self.ben.ask("POST", f"{path}/owners/accept")
        self.ada.ask("POST", f"{path}/activate")
        self.ben.ask("POST", f"{path}/start")
        self.ben.ask("POST", f"{path}/complete")
        return path

    def approved(self, milestone: str, *troubles: Trouble) -> str:
        """Have Cleo approve a milestone while the gateway has these troubles, and return the id of its payment."""
        self.gateway.stripe.troubles[:] = troubles
        (layer,) = self.cleo.ask("GET", f"{milestone}/verifications")["items"]
        decision = {"decision": "approve", "subject_digest": layer["subject_digest"]}
        self.cleo.ask("POST", f"verifications/{layer['verification_id']}/decisions", decision)
        (invoice,) = until(lambda: self.ada.ask("GET", f"{milestone}/invoices")["items"])
        return str(invoice["payment_id"])

    def payment(self, payment_id: str) -> dict[str, Any]:
        return dict(self.ada.ask("GET", f"payments/{payment_id}"))

    def comes_to(self, payment_id: str, status: str, attempt: int) -> bool:
        """Return whether a payment has this status at last, and so many attempts."""

        def has_come() -> bool:
            shown = self.payment(payment_id)
            return (shown["status"], shown["attempt"]) == (status, attempt)

        return bool(until(has_come))

    def escalations(self, milestone: str) -> list[dict[str, Any]]:
        milestone_id = milestone.rpartition("/")[2]
        return list(self.ada.ask("GET", f"escalations?project_milestone_id={milestone_id}")["items"])

    def is_escalated(self, milestone: str, payment_id: str, status: str) -> bool:
        """Return whether the trouble with a payment has one escalation at last, with this status."""
        expected = [("failed_payment", payment_id, status)]

        def found() -> bool:
            shown = self.escalations(milestone)
            return [(each["trigger"], each["trigger_id"], each["status"]) for each in shown] == expected

        return bool(until(found))

    def told(self) -> Counter[str]:
        """Return how often each type of event was told, each event of them once, and signed."""
        by_id = {each.webhook_id: each.verified(self.secret) for each in self.receiver.messages}
        return Counter(each["type"] for each in by_id.values() if each["type"] in TOLD)


@pytest.fixture
def works(stack: Addresses, ada: Person) -> Iterator[Works]:
    with receiving() as receiver, stripe_stand_in.running() as stripe:
        secret = endpoint_of(ada.signed_in, stack, receiver)["secret"]
        ben, cleo, fay = (invited(ada, name) for name in ("Ben", "Cleo", "Fay"))
        gateway = Gateway(stack, stripe, ada.ask("GET", "auth/me")["tenant_id"])
        gateway.opens()
        ada.ask("PATCH", "payment-settings", {"seller": SELLER, "auto_release_limits": {"EUR": 10**9}})
        gateway.pays(ada, invited(ada, "Hal", "admin"))
        project = {"name": "Engine No. 2", "currency": "EUR", "client": CLIENT}
        project_id = ada.ask("POST", "projects", project)["project_id"]
        for person, role in ((ben, "creator"), (cleo, "verifier"), (fay, "finance")):
            ada.ask("PUT", f"projects/{project_id}/members/{user_id(person)}", {"roles": [role]})
        yield Works(gateway, receiver, secret, ada, ben, cleo, fay, project_id)


def test_whatever_a_gateway_does_one_transfer_stands_and_people_hear_of_trouble(works: Works) -> None:
    mill, wheels, press = (works.milestone(title) for title in ("Mill", "Wheels", "Press"))

    of_the_mill = settled_by_a_webhook_while_nobody_answers(works, mill)
    is_contradicted_by_a_reversal(works, mill, of_the_mill)
    of_the_wheels = fails_while_the_gateway_is_away(works, wheels)
    is_tried_again_once_it_is_back(works, wheels, of_the_wheels)
    of_the_press = is_held_by_another_amount_until_people_say_what_is_true(works, press)

    paid = [of_the_mill, of_the_wheels, of_the_press]
    transfers = works.gateway.stripe.transfers
    assert [(each["transfer_group"], each["amount"]) for each in transfers] == [(each, AMOUNT) for each in paid]
    assert works.ada.ask("GET", "ledger/trial-balance?currency=EUR")["is_balanced"]
    until(lambda: works.told() == TOLD)
    assert works.told() == TOLD


def settled_by_a_webhook_while_nobody_answers(works: Works, milestone: str) -> str:
    """The gateway makes the transfer, does not answer, and tells of it twice."""
    payment_id = works.approved(milestone, "late")
    assert until(lambda: works.gateway.stripe.standing(payment_id))
    is_unsure = works.payment(payment_id)["is_unsure"]
    taken = [works.gateway.tells(f"evt_of_{payment_id}", payment_id) for _ in range(2)]
    works.gateway.stripe.never_answers.set()

    assert is_unsure
    assert taken == ["received", "repeated"]
    assert works.comes_to(payment_id, "completed", 1)
    return payment_id


def is_contradicted_by_a_reversal(works: Works, milestone: str, payment_id: str) -> None:
    """The gateway says that a part has gone back, which nobody has asked for; Ben finds it in his worklist."""
    event = {"kind": "transfer.reversed", "amount_reversed": 5}
    taken = [works.gateway.tells(f"evt_reversed_{payment_id}", payment_id, **event) for _ in range(2)]

    assert taken == ["received", "repeated"]
    assert works.is_escalated(milestone, payment_id, "pending")
    (raised,) = works.escalations(milestone)
    waiting = until(lambda: [each["work_id"] for each in works.ben.ask("GET", "worklist")["items"]])
    assert waiting == [raised["escalation_id"]]
    works.ben.ask("POST", f"escalations/{raised['escalation_id']}/resolve", {"resolution": "The bank was told."})


def fails_while_the_gateway_is_away(works: Works, milestone: str) -> str:
    """It is away, and then refuses: three attempts fail, one of them because an hour later nothing is known of it."""
    payment_id = works.approved(milestone, "dies before")
    assert works.comes_to(payment_id, "processing", 1)
    works.gateway.passes(payment_id, LATER)
    assert works.comes_to(payment_id, "failed", 1)
    for attempt in (2, 3):
        works.gateway.stripe.troubles[:] = ["none", "402"]
        works.gateway.passes(payment_id, SOON)
        assert works.comes_to(payment_id, "failed", attempt)

    assert works.is_escalated(milestone, payment_id, "pending")
    assert works.payment(payment_id)["due_at"] is None
    assert works.ada.ask("GET", milestone)["held_by"] != []
    return payment_id


def is_tried_again_once_it_is_back(works: Works, milestone: str, payment_id: str) -> None:
    """The escalation of the payment does not hold it."""
    works.fay.ask("POST", f"payments/{payment_id}/retry")

    assert works.comes_to(payment_id, "completed", 4)
    assert works.is_escalated(milestone, payment_id, "resolved")
    assert works.ada.ask("GET", milestone)["held_by"] == []


def is_held_by_another_amount_until_people_say_what_is_true(works: Works, milestone: str) -> str:
    """The gateway tells of an amount that it has not moved; Fay finds out, and it is tried again."""
    payment_id = works.approved(milestone, "dies before")
    assert works.comes_to(payment_id, "processing", 1)
    assert works.gateway.tells(f"evt_of_{payment_id}", payment_id, amount=1) == "received"
    held = works.payment(payment_id)
    assert (held["status"], held["reasons"]) == ("on_hold", ["amount_differs"])
    assert works.is_escalated(milestone, payment_id, "pending")
    works.fay.ask("POST", f"payments/{payment_id}/confirm", {"is_made": False})
    works.gateway.passes(payment_id, SOON)

    assert works.comes_to(payment_id, "completed", 2)
    assert works.is_escalated(milestone, payment_id, "resolved")
    return payment_id
