"""A firm that asks a client for money, and how people answer the dialogs of its pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from functions.identity.scopes import SCOPES, Role
from functions.payments.gateways import choosing
from functions.payments.releases import process
from tests.browsing import browser
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.payments.invoicing import CLIENT, SELLER

EURO_TERMS = {"auto_invoice": False, "tax_percent": "18", "retention_percent": "10"}


@dataclass
class Firm:
    """Ada runs a tenant that asks a client for money; Dana is in the finance of the project, Carl is its client."""

    ada: Somebody
    dana: Somebody
    carl: Somebody
    project_id: str

    def verified(self, amount: int = 31_250_000, title: str = "Mill assembled") -> str:
        draft = {"title": title, "kind": "deliverable", "amount_minor_units": amount}
        planned = self.ada.asks("POST", f"projects/{self.project_id}/project-milestones", draft)["project_milestone_id"]
        path = f"project-milestones/{planned}"
        self.ada.asks("POST", f"{path}/owners", {"user_id": self.ada.user_id, "role": "primary"})
        for event in ("activate", "start", "complete"):
            self.ada.asks("POST", f"{path}/{event}")
        return str(planned)

    def issued(self, **asked: Any) -> dict[str, Any]:
        milestone = self.verified(**{name: asked.pop(name) for name in ("amount", "title") if name in asked})
        return dict(self.ada.asks("POST", f"project-milestones/{milestone}/invoices", asked))

    def goes_on(self, payment_id: str) -> None:
        """Let the process of payments do what is due."""
        assert process.advance(self.ada.tenant_id, payment_id, choosing.gateway) is not None


def somebody(issuer: Issuer, role: Role, **more: str) -> Somebody:
    return Somebody(issuer, scope=" ".join(sorted(SCOPES[role] - {"identity:admin"})), role=role, **more)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of a module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def firm(aws: None) -> Firm:
    """Give the test a firm."""
    issuer = Issuer().publish()
    ada = somebody(issuer, "owner")
    dana, carl = (somebody(issuer, role, tenant_id=ada.tenant_id) for role in ("member", "guest"))
    ada.asks("PATCH", "payment-settings", {"seller": SELLER})
    ada.asks("PUT", "payment-terms", EURO_TERMS)
    project = ada.asks("POST", "projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    ada.asks("PATCH", f"projects/{project}", {"client": CLIENT})
    for each, role in ((dana, "finance"), (carl, "client")):
        ada.asks("PUT", f"projects/{project}/members/{each.user_id}", {"roles": [role]})
    return Firm(ada, dana, carl, project)


def answer(page: Page, button: str, **typed: str) -> None:
    """Fill the fields of the dialog that is open, and send it."""
    for label, text in typed.items():
        page.get_by_role("dialog").get_by_label(label.replace("_", " ")).fill(text)
    page.get_by_role("dialog").get_by_role("button", name=button, exact=True).click()
