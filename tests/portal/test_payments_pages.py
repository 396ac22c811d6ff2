"""The pages of payments, invoices and the ledger in Chromium, with the functions that answer them in this process."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import time_machine
from playwright.sync_api import Browser, Route, expect

from shared.currencies import DECIMALS
from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.portal.firms import EURO_TERMS, Firm, answer, chromium, firm

__all__ = ["chromium", "firm"]

SCRIPT = "<img src=x onerror=alert(1)>"


def answer_with(body: Any, route: Route) -> None:
    route.fulfill(json=body)


def test_a_draft_is_issued_recorded_as_paid_credited_and_cancelled(chromium: Browser, firm: Firm) -> None:
    milestone = firm.verified(100_000)
    with in_process.opened(chromium, firm.ada, f"#/projects/milestones/{milestone}") as page:
        page.get_by_role("link", name="Invoices of it").click()
        page.get_by_text("New invoice").click()
        page.get_by_label("Share of the milestone in percent").fill("50")
        page.get_by_label("Note for the client").fill(SCRIPT)
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Draft of an invoice")
        expect(page.get_by_text(SCRIPT)).to_be_visible()
        page.get_by_role("button", name="Issue it").click()
        answer(page, "Issue it")
        expect(page.get_by_role("heading", level=1)).to_contain_text("INV-")
        expect(page.get_by_role("row", name="Mill assembled")).to_contain_text("€500.00")
        page.get_by_role("button", name="Credit lines").click()
        answer(page, "Credit lines", Mill_assembled="100.5", Why="Two wheels less.")
        expect(page.get_by_role("row", name="CN-")).to_contain_text("Two wheels less.")
        found = faults(page)
        page.get_by_role("button", name="Cancel it").click()
        answer(page, "Cancel it", Why="The order was withdrawn.")
        expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Cancel it")).to_have_count(0)

    assert (found, firm.ada.said) == ([], [])


def test_payments_and_invoices_of_one_project_are_shown(chromium: Browser, firm: Firm) -> None:
    issued = firm.issued(amount=100_000)
    firm.ada.asks("POST", "projects", {"name": "Engine No. 3", "currency": "JPY"})
    main = "main li.card"
    with in_process.opened(chromium, firm.ada, "#/payments") as page:
        expect(page.locator(main)).to_have_count(1)
        page.get_by_label("Project").select_option("Engine No. 3")
        expect(page.get_by_text("There are no such payments.")).to_be_visible()
        page.get_by_label("Project").select_option("Engine No. 2")
        page.get_by_label("State").select_option("Failed")
        expect(page.get_by_text("There are no such payments.")).to_be_visible()
        page.get_by_label("State").select_option("All")
        expect(page.locator(main)).to_have_count(1)
        found = faults(page)
        page.get_by_role("link", name="Invoices").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Invoices")
        page.get_by_label("Project").select_option("Engine No. 3")
        expect(page.get_by_text("There are no such invoices.")).to_be_visible()
    with in_process.opened(chromium, firm.ada, f"#/projects/{firm.project_id}") as page:
        page.get_by_role("link", name="Payments of it").click()
        page.get_by_role("link", name=issued["number"]).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Payment of {issued['number']}")

    assert (found, firm.ada.said) == ([], [])


def test_what_is_overdue_is_found_and_recorded_as_paid(chromium: Browser, firm: Firm) -> None:
    firm.ada.asks("PUT", "payment-terms", EURO_TERMS | {"net_days": 0})
    late = datetime.now(UTC) - timedelta(days=3)
    with time_machine.travel(late, tick=False):
        issued = firm.issued(amount=100_000)
    firm.ada.asks("PUT", "payment-terms", EURO_TERMS)
    firm.issued(amount=200_000)
    with in_process.opened(chromium, firm.dana, "#/payments/invoices") as page:
        expect(page.locator("main").get_by_role("listitem")).to_have_count(2)
        page.get_by_label("State").select_option("Overdue")
        expect(page.locator("main").get_by_role("listitem")).to_have_count(1)
        found = faults(page)
        page.get_by_role("link", name=issued["number"]).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(issued["number"])
        expect(page.get_by_text("Overdue", exact=True)).to_be_visible()
        page.get_by_role("button", name="Record a payment").click()
        answer(page, "Record a payment", Amount_in_EUR="1,062.005", When_did_it_arrive="2026-11-20")
        expect(page.get_by_text("Must be a number of EUR, such as 1200.")).to_be_visible()
        answer(page, "Record a payment", Amount_in_EUR="62.00")
        expect(page.get_by_text("€1,000.00 of €1,062.00 due", exact=True)).to_be_visible()
        expect(page.locator("#status")).to_contain_text("€1,000.00")

    assert (found, firm.dana.said) == ([], [])


def test_a_payment_says_what_it_waits_for_and_is_released_by_who_may(chromium: Browser, firm: Firm) -> None:
    issued = firm.issued()
    payment = issued["payment_id"]
    firm.goes_on(payment)
    with in_process.opened(chromium, firm.ada, f"#/payments/{payment}") as page:
        expect(page.get_by_text("somebody else releases its payment")).to_be_visible()
        buttons = page.get_by_role("main").get_by_role("button").all_text_contents()
    with in_process.opened(chromium, firm.dana, "#/payments") as page:
        page.get_by_role("link", name=issued["number"]).click()
        expect(page.get_by_text("A person, as no amount of its currency is released by itself")).to_be_visible()
        page.get_by_role("button", name="Hold it").click()
        answer(page, "Hold it", Why_is_it_held="Another account.")
        expect(page.get_by_text("Whoever holds it said: Another account.")).to_be_visible()
        found = faults(page)
        page.get_by_role("button", name="Let it go on").click()
        page.get_by_role("button", name="Release it").click()
        answer(page, "Release it")
        expect(page.get_by_text("Release is asked for", exact=True)).to_be_visible()
        firm.goes_on(payment)
        page.reload()
        page.get_by_role("button", name="Refund it").click()
        answer(page, "Refund it", Amount_in_EUR="100", Why="A wheel was missing.")
        expect(page.get_by_role("row", name="A wheel was missing.")).to_contain_text("€100.00")
        found += faults(page)

    assert [each for each in buttons if each not in {"Hold it", "Dispute it", "Try now"}] == []
    assert (found, firm.ada.said, firm.dana.said) == ([], [], [])


def test_a_project_in_escrow_shows_what_waits_for_a_deposit_and_takes_one(chromium: Browser, firm: Firm) -> None:
    with in_process.opened(chromium, firm.ada, f"#/projects/{firm.project_id}") as page:
        page.get_by_text("Put it into escrow").first.click()
        page.get_by_role("button", name="Put it into escrow").click()
        expect(page.get_by_text("Leave escrow").first).to_be_visible()
    payment = firm.issued(amount=100_000)["payment_id"]
    firm.dana.asks("POST", f"payments/{payment}/release")
    firm.goes_on(payment)
    with in_process.opened(chromium, firm.dana, f"#/payments/{payment}") as page:
        expect(page.get_by_text("A deposit, as those of its project do not cover it")).to_be_visible()
    with in_process.opened(chromium, firm.dana, f"#/projects/{firm.project_id}") as page:
        expect(page.get_by_role("link", name="€1,062.00")).to_be_visible()
        expect(page.get_by_text("Leave escrow")).to_have_count(0)
        page.get_by_text("Record a deposit").click()
        page.get_by_label("Deposit in EUR").fill("1500")
        found = faults(page)
        page.get_by_role("button", name="Record it").click()
        expect(page.locator("dd", has_text="€1,500.00").first).to_be_visible()
        firm.goes_on(payment)
        page.reload()
        expect(page.get_by_text("€438.00")).to_be_visible()
        expect(page.get_by_role("link", name="€1,062.00")).to_have_count(0)

    assert (found, firm.ada.said, firm.dana.said) == ([], [], [])


def test_a_client_disputes_and_a_third_person_settles_that(chromium: Browser, firm: Firm) -> None:
    payment = firm.issued()["payment_id"]
    with in_process.opened(chromium, firm.carl, f"#/payments/{payment}") as page:
        page.get_by_role("button", name="Dispute it").click()
        answer(page, "Dispute it", What_is_not_right=SCRIPT)
        expect(page.get_by_role("region", name="Dispute").get_by_text(SCRIPT)).to_be_visible()
        buttons = page.get_by_role("main").get_by_role("button").all_text_contents()
    with in_process.opened(chromium, firm.dana, f"#/payments/{payment}") as page:
        page.get_by_role("button", name="Settle the dispute").click()
        answer(page, "Settle the dispute", To_the_payee="331870", Back_to_the_client="5", Why="Without it.")
        expect(page.get_by_text("Without it. €331,870.00 to the payee, €5.00 back to the client.")).to_be_visible()

    assert [each for each in buttons if each != "Try now"] == []
    assert (firm.carl.said, firm.dana.said) == ([], [])


def test_a_second_factor_is_asked_for_where_the_api_wants_it(chromium: Browser, firm: Firm) -> None:
    payment = firm.issued()["payment_id"]
    refused = {"code": "STEP_UP_REQUIRED", "detail": "Prove your second factor.", "status": 401}
    answers: dict[str, Any] = {
        "me": {"email": "dana@example.org"},
        "generate": {"challenge_id": "otp_01KAFX7P3R5T8V0W2Y4Z6A9BCD"},
        "verify": {"access_token": firm.dana.token, "token_type": "Bearer", "expires_in": 300},
    }
    with in_process.opened(chromium, firm.dana, f"#/payments/{payment}") as page:
        for name, body in answers.items():
            page.route(f"{in_process.ORIGIN}/api/v1/auth/{name}", partial(answer_with, body))
        page.route("**/release", lambda route: route.fulfill(status=401, json=refused), times=1)
        page.get_by_role("button", name="Release it").click()
        answer(page, "Release it")
        proving = page.get_by_role("dialog", name="Prove that it is you")
        proving.get_by_label("Code").fill("287 082")
        proving.get_by_role("button", name="Go on").click()
        expect(page.get_by_text("Release is asked for", exact=True)).to_be_visible()
        expect(page.get_by_role("dialog")).to_have_count(0)
        kept = page.evaluate("JSON.parse(localStorage['milepost.session'])")

    assert kept["refresh_token"] == "none"


def test_the_ledger_is_balanced_and_an_account_has_statements(chromium: Browser, firm: Firm) -> None:
    issued = firm.issued()
    with in_process.opened(chromium, firm.ada, "#/payments/ledger") as page:
        page.get_by_label("Currency").fill("eur")
        page.get_by_role("button", name="Show it").click()
        expect(page.get_by_text("Debits and credits are the same: €363,125.00")).to_be_visible()
        found = faults(page)
        page.get_by_role("link", name="Invoices to be paid").click()
        expect(page.get_by_role("row", name="Invoice issued")).to_contain_text("€331,875.00")
        found += faults(page)
        page.get_by_role("link", name="Month before").click()
        expect(page.get_by_text("Nothing was posted on it in this month.")).to_be_visible()
        page.go_back()
        page.get_by_role("link", name="Invoice issued").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(issued["number"])
    with in_process.opened(chromium, firm.dana, "#/payments/ledger/EUR") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("That did not work")

    # The browser says by itself that something was refused.
    assert (found, [each for each in firm.ada.said if "422" not in each]) == ([], [])


def test_amounts_have_the_decimals_of_their_currency(chromium: Browser, firm: Firm) -> None:
    with in_process.opened(chromium, firm.dana, "#/payments") as page:
        expect(page.get_by_text("There are no such payments.")).to_be_visible()
        script = page.locator("script[type=module]").get_attribute("src")
        found = page.evaluate(
            """async ([path, codes]) => {
              const { decimals, minorUnits, money } = await import(path);
              const found = Object.fromEntries(codes.map((code) => [code, decimals(code)]));
              return [found, money(-123456789, "HUF"), money(5, "KWD"), minorUnits("12,5", "HUF")];
            }""",
            [f"/{str(script).replace('app.js', 'money.js')}", sorted(DECIMALS)],
        )

    assert found[0] == DECIMALS
    assert [text.replace("\xa0", " ") for text in found[1:3]] == ["-HUF 1,234,567.89", "KWD 0.005"]
    assert found[3] == 1250


def test_reports_say_what_is_outstanding_what_will_come_in_and_how_long_it_takes(chromium: Browser, firm: Firm) -> None:
    firm.issued(amount=200_000)
    paid = firm.issued(amount=100_000)
    receipt = {"amount_minor_units": paid["payable_minor_units"], "received_on": paid["issued_on"]}
    firm.ada.asks("POST", f"invoices/{paid['invoice_id']}/record-payment", receipt)
    with in_process.opened(chromium, firm.ada, "#/payments") as page:
        page.get_by_role("link", name="Reports").click()
        outstanding = page.get_by_role("region", name="Outstanding in EUR")
        expect(outstanding.get_by_role("listitem").first).to_contain_text("Not due yet€2,124.00 of 1 invoice")
        expect(page.get_by_text("€2,124.00 due, €2,124.00 likely").first).to_be_visible()
        expect(page.get_by_role("row", name=paid["issued_on"][:7])).to_contain_text("€1,062.00")
        with page.expect_download() as sheet:
            page.get_by_role("button", name="What is outstanding (CSV)").click()
        found = faults(page)

    assert sheet.value.suggested_filename == "outstanding.csv"
    assert (found, firm.ada.said) == ([], [])
