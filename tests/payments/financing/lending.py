"""A firm that asks for advances on its milestones, and the people who approve them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.payments.billing import billings
from functions.payments.financing import financings
from shared.storage import events, table
from tests.aws.entries import Answer
from tests.payments.invoicing import Firm
from tests.payments.people import Person

AMOUNT = 100_000_000
"""What the milestone costs."""
ADVANCE = 80_000_000


@dataclass(frozen=True)
class Lending:
    """Ada leads the project and asks; Dana and Cleo are of finance, and admins of the tenant when they act as such."""

    firm: Firm
    dana: Person
    cleo: Person

    @property
    def ada(self) -> Person:
        return self.firm.purse()

    @property
    def boss(self) -> Person:
        """Somebody who administers the payments, and has not asked for anything."""
        return self.dana.acting_as("admin")

    def milestone(self, amount: int = AMOUNT) -> str:
        """Return the path of a verified milestone."""
        return self.firm.verified(amount)

    def sends(self, *milestones: str, invoices: tuple[str, ...] = (), **more: Any) -> Answer:
        """Ask for an advance on milestones and invoices, by their paths and ids."""
        body = {
            "amount_minor_units": ADVANCE,
            "currency": "EUR",
            "yearly_percent": "12",
            "instalment_count": 12,
            "project_milestone_ids": [each.rpartition("/")[2] for each in milestones],
            "invoice_ids": [*invoices],
            **more,
        }
        return self.ada.post("/financing-requests", body)

    def asks(self, *milestones: str, **more: Any) -> str:
        """Ask for an advance and return the path of the request."""
        made = self.sends(*milestones, **more)
        assert made.status == 201, made.body
        return f"/financing-requests/{made.body['financing_id']}"

    def approved(self, *milestones: str, **more: Any) -> str:
        """Return the path of an approved request."""
        path = self.asks(*milestones, **more)
        said = self.boss.post(f"{path}/approve", {})
        assert (said.status, said.body["status"]) == (200, "approved"), said.body
        return path

    def sets(self, *layers: Mapping[str, Any]) -> None:
        """Set who approves advances in EUR: layers with an amount, a role and a number of people."""
        sent = {"financing_layers": [{"currency": "EUR", **each} for each in layers]}
        answer = self.firm.purse("admin").rest("PATCH", "/payment-settings", sent)
        assert answer.status == 200, answer.body

    def pledges(self, milestone: str) -> list[Mapping[str, Any]]:
        """Return what the billing of a milestone says is pledged."""
        key = billings.key(self.ada.tenant_id, milestone.rpartition("/")[2])
        return [*(table.get(key, consistent=True) or {}).get("pledges", [])]

    def told(self, path: str) -> list[str]:
        """Return what the events of a request are called, the first first."""
        place = financings.partition(self.ada.tenant_id, path.rpartition("/")[2])
        found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
        return [each.event_type.removeprefix("payments.financing.") for each in found]
