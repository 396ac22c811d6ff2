"""How payments are asked for in tests, and how the queue brings them on."""

from collections.abc import Sequence
from typing import Any

from functions.payments import payments
from functions.payments.releases import consumers
from shared.callers.caller import Caller
from shared.storage import events, table
from shared.storage.events import Event
from tests.aws.entries import Answer, Context
from tests.aws.messages import delivered
from tests.payments.invoicing import Firm
from tests.payments.people import Person

TOTAL = 33_187_500
TERMS = {"retention_percent": "10", "tax_percent": "18"}
REASON = {"reason": "The client asked for another account."}


def issued(firm: Firm, milestone: str | None = None) -> str:
    """Issue an invoice of a milestone, and return the path of its payment."""
    return f"/payments/{firm.issues(milestone or firm.verified(31_250_000))['payment_id']}"


def told(firm: Firm, payment: str) -> list[Event]:
    """Return the events of a payment."""
    place = payments.partition(firm.ada.tenant_id, payment.rpartition("/")[2])
    return [events.stored(item) for item in table.query_all(place, "EVENT#")]


def hears(happened: Sequence[Event]) -> None:
    """Deliver events to the process of payments."""
    assert consumers.handler(delivered(happened), Context()) == {"batchItemFailures": []}  # type: ignore[arg-type]


def goes_on(firm: Firm, payment: str) -> Any:
    """Deliver the events of a payment twice, as a queue may, and return the payment."""
    for _ in range(2):
        hears(told(firm, payment))
    return firm.get(payment).body


def post(somebody: Person, path: str, body: Any = None, **headers: str) -> Answer:
    return somebody.rest("POST", path, body, headers={name.replace("_", "-"): text for name, text in headers.items()})


def called_by(somebody: Person) -> Caller:
    return Caller(somebody.user_id, somebody.tenant_id, (), frozenset(), None, ("otp",), None)


def count(firm: Firm, payment: str, what: str) -> int:
    return [each.event_type for each in told(firm, payment)].count(f"payments.payment.{what}")
