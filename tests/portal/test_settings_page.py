"""The page of the settings of payments in Chromium: one person proposes where money goes, another confirms it."""

from datetime import UTC, datetime, timedelta

import time_machine
from playwright.sync_api import Browser, expect

from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.portal.firms import Firm, answer, chromium, firm, somebody

__all__ = ["chromium", "firm"]

SCRIPT = "<img src=x onerror=alert(1)>"


def administers(firm: Firm) -> Somebody:
    """Return another person who administers the tenant of a firm."""
    return somebody(firm.ada.issuer, "admin", tenant_id=firm.ada.tenant_id)


def test_a_payee_is_proposed_confirmed_by_another_person_and_printed_a_day_later(chromium: Browser, firm: Firm) -> None:
    bob, first = administers(firm), {"name": "Old payee", "invoice_lines": ["IBAN DE02120300000000202051"]}
    firm.ada.asks("PATCH", "payment-settings", {"auto_release_limits": {"EUR": 500_000}, "gateway": "manual"})
    with time_machine.travel(datetime.now(UTC) - timedelta(days=2), tick=False):
        proposal = firm.ada.asks("PUT", "payment-payee", first)["proposed"]["proposal_id"]
        bob.asks("POST", "payment-payee/confirm", {"proposal_id": proposal})
    with in_process.opened(chromium, firm.ada, "#/payments") as page:
        page.get_by_role("link", name="Settings").click()
        expect(page.get_by_role("region", name="Payee", exact=True)).to_contain_text("IBAN DE02120300000000202051")
        expect(page.get_by_role("region", name="Invoices and payments")).to_contain_text("up to €5,000.00")
        page.get_by_role("button", name="Propose a payee").press("Enter")
        asked = page.get_by_role("dialog", name="Who are payments to go to?")
        expect(asked.get_by_label("Lines of the bank that invoices print")).to_have_value("IBAN DE02120300000000202051")
        found = faults(page)
        answer(
            page,
            "Propose a payee",
            Name=SCRIPT,
            Lines_of_the_bank_that_invoices_print=" Bank of London \n\nIBAN GB33BUKB20201555555555",
        )
        expect(page.get_by_text("Another person has to confirm it.", exact=True)).to_be_visible()
        proposed = page.get_by_role("region", name="Proposed as payee")
        expect(proposed).to_contain_text(f"Name{SCRIPT}Invoices printBank of London, IBAN GB33BUKB20201555555555")
        expect(proposed.get_by_role("button", name="Confirm it")).to_have_count(0)
    with in_process.opened(chromium, bob, "#/payments/settings", viewport={"width": 360, "height": 740}) as page:
        page.get_by_role("button", name="Confirm it").click()
        soon = page.get_by_role("region", name="Soon the payee")
        expect(soon).to_contain_text("Confirmed by you; in effect from")
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += faults(page)
        soon.get_by_role("button", name="Take it back").click()
        expect(soon).to_have_count(0)

    assert firm.ada.asks("GET", "payment-payee")["present"]["invoice_lines"] == first["invoice_lines"]
    assert (found, wide, firm.ada.said, bob.said) == ([], 360, [], [])


def test_a_tenant_without_a_payee_is_told_so_and_who_does_not_administer_has_no_link(
    chromium: Browser, firm: Firm
) -> None:
    with in_process.opened(chromium, firm.ada, "#/payments/settings") as page:
        expect(page.get_by_text("Nobody has said yet where payments go.")).to_be_visible()
    with in_process.opened(chromium, firm.dana, "#/payments") as page:
        expect(page.get_by_role("link", name="Invoices")).to_be_visible()
        expect(page.get_by_role("link", name="Settings")).to_have_count(0)
        page.evaluate("location.hash = '#/payments/settings'")
        expect(page.get_by_role("heading", level=1)).to_have_text("That did not work")

    assert [each for each in firm.dana.said if "403" not in each] == []
