"""The pages of advances in Chromium: asked for, approved, paid out and repaid, by who may."""

from typing import Any

from playwright.sync_api import Browser, expect

from functions.payments.finding import findables, lists
from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.portal.firms import Firm, answer, chromium, firm

__all__ = ["chromium", "firm"]

BEHALF = "You have asked for it, so somebody else approves it."


def test_an_advance_is_asked_for_on_what_is_chosen(chromium: Browser, firm: Firm) -> None:
    number = firm.issued(amount=100_000)["number"]
    firm.verified(amount=50_000, title="Mill painted")
    with in_process.opened(chromium, firm.dana, "#/payments") as page:
        page.get_by_role("link", name="Advances").click()
        page.get_by_text("Ask for an advance").click()
        page.get_by_label("Of which project?").select_option("Engine No. 2")
        expect(page.get_by_role("checkbox", name="Mill painted")).to_be_visible()
        page.get_by_label("Amount in EUR").fill("1000")
        page.get_by_label("Interest a year, in percent").fill("12")
        page.get_by_label("In how many months?").fill("2")
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_role("alert").filter(has_text="Choose what is pledged for it.")).to_be_visible()
        page.get_by_role("checkbox", name=number).check()
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_text("At most 80 %", exact=False).first).to_be_visible()
        page.get_by_label("Amount in EUR").fill("800")
        found = faults(page)
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Advance of €800.00")
        expect(page.get_by_text(BEHALF)).to_be_visible()
        buttons = page.get_by_role("main").get_by_role("button").all_text_contents()
    assert [each for each in buttons if each not in {"Withdraw it", "Try now"}] == []
    # The browser says by itself that something was refused.
    assert (found, [each for each in firm.dana.said if "422" not in each]) == ([], [])


def test_an_advance_is_approved_paid_out_and_repaid(chromium: Browser, firm: Firm) -> None:
    pledged = firm.issued(amount=100_000)["invoice_id"]
    asked = {"amount_minor_units": 80_000, "currency": "EUR", "yearly_percent": "12", "instalment_count": 2}
    advance = firm.dana.asks("POST", "financing-requests", {**asked, "invoice_ids": [pledged]})["financing_id"]
    with in_process.opened(chromium, firm.ada, f"#/payments/advances/{advance}") as page:
        page.get_by_role("button", name="Approve it").press("Enter")
        answer(page, "Approve it", Note="The client is good for it.")
        expect(page.get_by_role("row", name="The client is good for it.")).to_contain_text("Approved")
        page.get_by_role("button", name="Pay it out").click()
        answer(page, "Pay it out")
        expect(page.get_by_text("Being repaid", exact=True)).to_be_visible()
        page.get_by_role("button", name="Repay", exact=True).click()
        answer(page, "Repay", Amount_in_EUR="100.50")
        statement = page.get_by_role("table", name="What was repaid")
        expect(statement.get_by_role("row").nth(1)).to_contain_text("€699.50")
        expect(page.get_by_role("table", name="Instalments").get_by_role("row")).to_have_count(3)
        found = faults(page)
        page.get_by_role("button", name="Repay", exact=True).click()
        answer(page, "Repay")
        expect(page.get_by_text("Repaid", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Repay", exact=True)).to_have_count(0)
        page.get_by_role("link", name="Advances").click()
        page.get_by_label("State", exact=True).select_option("Rejected")
        expect(page.get_by_text("There are no such advances.")).to_be_visible()

    assert (found, firm.ada.said) == ([], [])


def test_an_advance_that_is_found_by_its_words_is_opened(chromium: Browser, firm: Firm) -> None:
    asked = {"amount_minor_units": 80_000, "currency": "EUR", "yearly_percent": "12", "instalment_count": 2}
    pledged = firm.issued(amount=100_000)["invoice_id"]
    firm.dana.asks("POST", "financing-requests", {**asked, "invoice_ids": [pledged], "purpose": "Copper pipes"})
    (stored,), _ = lists.financings_of(firm.ada.tenant_id, limit=2, cursor=None)
    told = dict(findables.of_financing(stored).content or {})
    hit = {"type": told["type"], "id": told["id"], "title": "Copper pipes", "url": told["url"]}
    with in_process.opened(chromium, firm.dana, "#/") as page:
        items = [hit | {"parent": None, "highlights": []}]
        page.route("**/api/v1/search?*", lambda route: route.fulfill(json={"items": items, "next_cursor": None}))
        page.get_by_role("combobox", name="Search Milepost").fill("copper")
        expect(page.get_by_role("option", name="Copper pipes")).to_be_visible()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Advance of €800.00")

    assert firm.dana.said == []


def test_large_amounts_without_decimals_and_with_three_fit_a_narrow_page(chromium: Browser, firm: Firm) -> None:
    paths = []
    for currency, amount in (("JPY", 900_000_000_000_000), ("KWD", 123_456_789_012_345)):
        made = firm.ada.asks("POST", "projects", {"name": f"Works in {currency}", "currency": currency})["project_id"]
        draft = {"title": "Mill", "kind": "deliverable", "amount_minor_units": amount}
        milestone = firm.ada.asks("POST", f"projects/{made}/project-milestones", draft)["project_milestone_id"]
        firm.ada.asks(
            "POST", f"project-milestones/{milestone}/owners", {"user_id": firm.ada.user_id, "role": "primary"}
        )
        for event in ("activate", "start", "complete"):
            firm.ada.asks("POST", f"project-milestones/{milestone}/{event}")
        asked = {"amount_minor_units": amount // 2, "currency": currency, "yearly_percent": "0", "instalment_count": 3}
        advance = firm.ada.asks("POST", "financing-requests", {**asked, "project_milestone_ids": [milestone]})
        paths.append(f"#/payments/advances/{advance['financing_id']}")
    shown: list[Any] = []
    for path in paths:
        with in_process.opened(chromium, firm.ada, path, viewport={"width": 320, "height": 700}) as page:
            shown += [page.locator("h1").text_content(), page.evaluate("document.documentElement.scrollWidth")]

    assert [str(each).replace("\xa0", " ") for each in shown] == [
        "Advance of JP¥450,000,000,000,000",
        "320",
        "Advance of KWD 61,728,394,506.172",
        "320",
    ]
    assert firm.ada.said == []
