"""The requests of projects and payments that are counted, five times each, with the one credential of a client."""

from collections.abc import Callable
from typing import Any, Final

import time_machine

from functions.payments import api as payments_api
from functions.projects import api as projects_api
from shared.callers import auth
from tests.aws.entries import Answer, call, http_event
from tests.costs.background import Deployed
from tests.costs.prices import BATCH
from tests.costs.requests import PAUSE, Counted, used_by
from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoicing import TERMS, Firm
from tests.payments.people import Person
from tests.projects import team
from tests.projects.verification.review import Review, layer

PROJECTS: Final = "functions.projects.api.handler"
PAYMENTS: Final = "functions.payments.api.handler"
_AMOUNT: Final = 31_250_000
_APIS: Final = {PROJECTS: projects_api, PAYMENTS: payments_api}


class Client:
    """Somebody who sends a function the same credential with every request."""

    def __init__(self, somebody: Person | team.Person, handler: str, time: time_machine.Traveller) -> None:
        self.headers = {"authorization": f"Bearer {somebody.token()}"}
        self.module, self.time = _APIS[handler], time

    def sends(self, method: str, path: str, body: Any = None, query: str = "") -> Answer:
        self.time.shift(PAUSE)
        event = http_event(method, f"/api/v1{path}", body, headers=self.headers, query=query)
        answer = call(self.module.handler, self.module.api, event)
        assert answer.status in {200, 201}, answer.body
        return answer


def count(deployed: Deployed, time: time_machine.Traveller) -> dict[str, Counted]:
    """Return what each of the requests uses."""
    # A key that is published now is not seen while those of before are kept.
    auth.forget()
    ada = team.Person.new(Issuer().publish())
    firm = Firm.opened(ada, **TERMS)
    return {**_projects(deployed, ada, firm.project, time), **_payments(deployed, firm, time)}


def _projects(deployed: Deployed, ada: team.Person, project: str, time: time_machine.Traveller) -> dict[str, Counted]:
    review = Review.of(ada, ada.colleague(), project)
    submitted = [review.submits(layer(), amount_minor_units=_AMOUNT) for _ in range(BATCH)]
    (layers, *_) = zip(*(review.layers(each) for each in submitted), strict=True)
    begun = ada.begins(project, review.ben)
    manager, owner, verifier = (Client(each, PROJECTS, time) for each in (ada, review.ben, review.verifiers[0]))

    def reading(client: Client, path: str) -> list[Callable[[], Any]]:
        client.sends("GET", path)
        return [lambda: client.sends("GET", path)] * BATCH

    def decision(asked: dict[str, Any]) -> Callable[[], Any]:
        body = {"decision": "approve", "subject_digest": asked["subject_digest"]}
        return lambda: verifier.sends("POST", f"/verifications/{asked['verification_id']}/decisions", body)

    def evidence() -> Any:
        return owner.sends("POST", f"{begun}/evidence/links", {"url": "https://example.org/drawings"})

    return {
        "reading a project milestone": used_by(deployed, PROJECTS, reading(manager, begun)),
        "reading a worklist": used_by(deployed, PROJECTS, reading(verifier, "/worklist")),
        "bringing a link as evidence": used_by(deployed, PROJECTS, [evidence] * BATCH),
        "deciding on a milestone": used_by(deployed, PROJECTS, [decision(each) for each in layers]),
    }


def _payments(deployed: Deployed, firm: Firm, time: time_machine.Traveller) -> dict[str, Counted]:
    milestones = [firm.verified(_AMOUNT) for _ in range(BATCH)]
    finance = firm.purse(somebody=firm.ada.brings(firm.project, firm.ada.colleague(), "finance"))
    seller, releaser, boss = (Client(each, PAYMENTS, time) for each in (firm.purse(), finance, firm.purse("admin")))
    made: list[str] = []

    def issue(milestone: str) -> Callable[[], Any]:
        return lambda: made.append(seller.sends("POST", f"{milestone}/invoices", {}).body["payment_id"])

    def release(place: int) -> Callable[[], Any]:
        return lambda: releaser.sends("POST", f"/payments/{made[place]}/release")

    def reading(path: str) -> list[Callable[[], Any]]:
        boss.sends("GET", path, query="currency=EUR")
        return [lambda: boss.sends("GET", path, query="currency=EUR")] * BATCH

    return {
        "issuing an invoice": used_by(deployed, PAYMENTS, [issue(each) for each in milestones]),
        "releasing a payment, until it is settled": used_by(deployed, PAYMENTS, [*map(release, range(BATCH))]),
        "the trial balance": used_by(deployed, PAYMENTS, reading("/ledger/trial-balance")),
        "a report of what comes in": used_by(deployed, PAYMENTS, reading("/reports/inflow")),
    }
