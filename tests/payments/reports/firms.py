"""A tenant with clients in several currencies, whose invoices are issued, paid, credited and released."""

from typing import Any

from functions.payments.billing import gates
from functions.payments.credits import crediting
from functions.payments.gateways import choosing
from functions.payments.invoices import lifecycle, receipts
from functions.payments.invoices.asking import Asked
from functions.payments.releases import process
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from functions.payments.terms import items
from functions.payments.terms.items import SetTerms
from functions.payments.terms.terms import Terms
from shared import ids
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.storage import table
from tests.payments.invoicing import SELLER


class Firm:
    """Who sells, in a zone; all payments of approved milestones are released by themselves."""

    def __init__(self, time_zone: str = "UTC") -> None:
        self.tenant_id = ids.new("tenant")
        self.ada = Caller(ids.new("user"), self.tenant_id, (), frozenset({"payments:admin"}), None, (), None)
        tenant = tenant_settings.key(self.tenant_id)
        limits = dict.fromkeys(("EUR", "JPY", "KWD"), 10**12)
        sells = PaymentSettings(self.tenant_id, version=1, seller=SELLER, auto_release_limits=limits)
        zone = {"PK": tenant.pk, "SK": tenant.sk, "entity": "Tenant", "time_zone": time_zone}
        table.put_many([zone, settings.to_item(sells)])

    def project(self, client: str) -> str:
        project_id = ids.new("prj")
        place = project_members.partition(self.tenant_id, project_id)
        table.put_many([{"PK": place, "SK": "PROJECT", "entity": "Project", "client": {"name": client}}])
        return project_id

    def milestone(self, project_id: str, amount: int, currency: str, **terms: Any) -> str:
        """Return a new approved milestone by these terms."""
        milestone_id = ids.new("pms")
        place = gates.key(self.tenant_id, milestone_id)
        gate = {"project_id": project_id, "status": "approved", "attempt": 1, "holds": [], "version": 1}
        people = {"created_by": self.ada.user_id, "approved_by": [ids.new("user")]}
        money = {"amount_minor_units": amount, "currency": currency, "title": "Mill"}
        agreed = SetTerms(Terms(**terms)._asdict(), self.ada.user_id, "", 1)
        own = items.to_item(items.key(self.tenant_id, milestone_id), agreed)
        table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Gate", **gate, **people, **money}, own])
        return milestone_id

    def issues(self, milestone_id: str, share: int | None = None, *, as_draft: bool = False) -> dict[str, Any]:
        return lifecycle.create(self.ada, milestone_id, Asked(share), as_draft=as_draft)

    def receives(self, invoice_id: str, amount: int, day: str) -> dict[str, Any]:
        fields = {"amount_minor_units": amount, "received_on": day, "reference": ""}
        return receipts.record(self.ada, invoice_id, fields, if_match=None)

    def credits(self, invoice_id: str, net: int) -> dict[str, Any]:
        return crediting.issue(self.ada, invoice_id, {1: net}, "A wheel less.", if_match=None, claim=None)

    def cancels(self, invoice_id: str) -> dict[str, Any]:
        return crediting.cancel(self.ada, invoice_id, "Withdrawn.", if_match=None)

    def releases(self, payment_id: str) -> None:
        process.advance(self.tenant_id, payment_id, choosing.gateway)
