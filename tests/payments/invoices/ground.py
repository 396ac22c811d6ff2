"""Milestones as payments sees them, written without projects: for many at once, on the table of this process."""

from collections.abc import Mapping
from typing import Any

from functions.payments.billing import billings, gates, series
from functions.payments.invoices import lifecycle
from functions.payments.invoices.asking import Asked
from functions.payments.ledger import reading
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from shared import ids
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.storage import table
from tests.payments.invoicing import CLIENT, SELLER


class Ground:
    """A tenant in a zone that sells, a project for a client, and who administers the payments."""

    def __init__(self, time_zone: str = "UTC") -> None:
        self.tenant_id, self.project_id = ids.new("tenant"), ids.new("prj")
        self.ada = Caller(ids.new("user"), self.tenant_id, (), frozenset({"payments:admin"}), None, (), None)
        tenant = tenant_settings.key(self.tenant_id)
        project = project_members.partition(self.tenant_id, self.project_id)
        table.put_many(
            [
                {"PK": tenant.pk, "SK": tenant.sk, "entity": "Tenant", "time_zone": time_zone},
                {"PK": project, "SK": "PROJECT", "entity": "Project", "client": CLIENT},
                settings.to_item(PaymentSettings(self.tenant_id, version=1, seller=SELLER)),
            ]
        )

    def milestone(self, amount: int = 1000, status: str = "verified") -> str:
        """Return a new milestone of this amount and status."""
        milestone_id = ids.new("pms")
        self.becomes(milestone_id, status, amount)
        return milestone_id

    def becomes(self, milestone_id: str, status: str, amount: int = 1000, **more: Any) -> None:
        """Write the gate of a milestone as projects does."""
        place = gates.key(self.tenant_id, milestone_id)
        gate = {"project_id": self.project_id, "status": status, "attempt": 1, "holds": [], "version": 1}
        money = {"amount_minor_units": amount, "currency": "EUR", "title": "Mill"}
        table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Gate", **gate, **money, **more}])

    def issues(self, milestone_id: str, share: int | None = None) -> dict[str, Any]:
        return lifecycle.create(self.ada, milestone_id, Asked(share))

    def issues_one(self) -> str:
        """Issue an invoice of a new milestone and return its number."""
        return str(self.issues(self.milestone())["number"])

    def numbers(self, month: str, of: Any = "INV") -> list[int]:
        """Return the numbers that were given in a month, and require that its counter says as many."""
        place = series.partition(self.tenant_id, of, month)
        found = [int(item["SK"].removeprefix(series.NUMBER)) for item in table.query_all(place, series.NUMBER)]
        [counter] = table.query(place, "COUNTER", limit=1).items or [{"count": 0}]
        assert counter["count"] == (found[-1] if found else 0)
        return found

    def balance(self) -> dict[str, int]:
        """Return the balances of the ledger by account, and require that it is balanced."""
        found = reading.trial_balance(self.tenant_id, "EUR")
        assert found["is_balanced"]
        return {each["code"]: each["balance_minor_units"] for each in found["accounts"] if each["balance_minor_units"]}

    def billing(self, milestone_id: str) -> Mapping[str, Any]:
        place = billings.key(self.tenant_id, milestone_id)
        return table.get(place, consistent=True) or {}
