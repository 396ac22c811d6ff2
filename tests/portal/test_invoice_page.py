"""The page of an invoice in Chromium: a draft is changed, documents are looked at and saved."""

from functools import partial
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from playwright.sync_api import Browser, Route, expect

from functions.payments.papers import mailing, making
from functions.payments.papers.papers import Document
from functions.portal import api as portal
from shared import config
from shared.storage import files
from tests.aws.buckets import make_the_bucket
from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.payments.invoicing import CLIENT, SELLER
from tests.portal.firms import Firm, answer, chromium, firm

__all__ = ["chromium", "firm"]

SCRIPT = "<img src=x onerror=alert(1)>"


def answer_with(body: Any, route: Route) -> None:
    route.fulfill(json=body)


def give_from_the_bucket(route: Route) -> None:
    """Give a file as the bucket does at signed addresses."""
    place = unquote(urlsplit(route.request.url).path).removeprefix("/")
    found = boto3.client("s3").get_object(Bucket=config.files_bucket(), Key=place)
    headers = {"access-control-allow-origin": in_process.ORIGIN, "content-disposition": "attachment"}
    route.fulfill(status=200, headers=headers, body=found["Body"].read())


def test_a_draft_is_changed_with_lines_of_its_own(chromium: Browser, firm: Firm) -> None:
    draft = firm.issued(amount=100_000, draft=True, percentage="50")["invoice_id"]
    with in_process.opened(chromium, firm.dana, f"#/payments/invoices/{draft}") as page:
        page.get_by_role("button", name="Change it").click()
        asked = page.get_by_role("dialog", name="Change this draft")
        expect(asked.get_by_label("Share of the milestone in percent")).to_have_value("50")
        expect(asked.get_by_label("Price of one in EUR")).to_have_value("500.00")
        asked.get_by_role("button", name="Another line").press("Enter")
        page.keyboard.type(SCRIPT)
        asked.get_by_label("How many?").nth(1).fill("2")
        asked.get_by_label("Price of one in EUR").nth(1).fill("150.005")
        found = faults(page)
        asked.get_by_role("button", name="Change it").click()
        expect(asked.get_by_text("Must be a number of EUR, such as 1200.")).to_be_visible()
        asked.get_by_label("Price of one in EUR").nth(1).fill("150")
        asked.get_by_label("Price of one in EUR").first.fill("200")
        asked.get_by_role("button", name="Change it").press("Enter")
        expect(page.get_by_role("row", name=SCRIPT)).to_contain_text("€300.00")
        page.get_by_role("button", name="Change it").click()
        asked.get_by_label("what is it?").first.fill("")
        asked.get_by_label("what is it?").nth(1).fill("")
        asked.get_by_label("Share of the milestone in percent").fill("")
        asked.get_by_role("button", name="Change it").click()
        expect(page.get_by_role("row", name="Mill assembled")).to_contain_text("€1,000.00")

    assert (found, firm.dana.said) == ([], [])


def test_documents_are_looked_at_or_saved_and_html_is_never_a_page_of_ours(chromium: Browser, firm: Firm) -> None:
    make_the_bucket()
    files.client.cache_clear()
    portal._dashboard_policy.cache_clear()
    invoice = firm.issued(amount=100_000)
    path = f"#/payments/invoices/{invoice['invoice_id']}"
    note = {"reason": SCRIPT, "lines": [{"number": 1, "net_minor_units": 5_000}]}
    credited = firm.ada.asks("POST", f"invoices/{invoice['invoice_id']}/credit-notes", note)
    for of in (None, credited["credit_note_id"]):
        making.make(Document(firm.ada.tenant_id, invoice["invoice_id"], of))
    with in_process.opened(chromium, firm.carl, path) as page:
        page.route("https://files.s3.eu-west-1.amazonaws.com/**", give_from_the_bucket)
        page.get_by_role("button", name=f"Look at {invoice['number']}").click()
        expect(page.get_by_role("dialog").locator("iframe")).to_have_attribute("title", invoice["number"])
        page.get_by_role("dialog").get_by_role("button", name="Close").click()
        with page.expect_download() as html:
            page.get_by_role("button", name=f"Save HTML of {credited['number']}").click()
        # What the bucket sends as an attachment is saved from a window of its own.
        with page.context.expect_page():
            page.get_by_role("button", name=f"Save PDF of {credited['number']}").click()
        content = html.value.path().read_text(encoding="utf-8")
        found = faults(page)

    assert html.value.suggested_filename == f"{credited['number']}.html"
    assert "&lt;img src=x" in content
    assert (found, firm.carl.said) == ([], [])


def test_an_invoice_is_mailed_by_keyboard_and_once_more_by_who_may(
    chromium: Browser, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    firm.ada.asks("PATCH", f"projects/{firm.project_id}", {"client": CLIENT | {"email": "accounts@society.example"}})
    invoice = firm.issued(amount=100_000)
    path = f"#/payments/invoices/{invoice['invoice_id']}"
    make_the_bucket()
    files.client.cache_clear()
    monkeypatch.setenv("MAIL_SENDER", "")
    with in_process.opened(chromium, firm.dana, path) as page:
        page.get_by_role("button", name="Send it by mail").press("Enter")
        asked = page.get_by_role("dialog", name="Send this invoice?")
        expect(asked).to_contain_text("which is accounts@society.example on the invoice")
        found = faults(page)
        expect(asked.get_by_role("button", name="Send it by mail")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("On its way to accounts@society.example since")).to_be_visible()
        expect(page.locator("#status")).to_have_text("The mail goes out within seconds.")
        page.get_by_role("button", name="Send it once more").click()
        expect(asked).to_contain_text("It was sent before, last to accounts@society.example. It is sent once more.")
        answer(page, "Send it once more")
        expect(asked).to_contain_text("The invoice is being sent. If it is not sent in an hour, ask again.")
        asked.get_by_role("button", name="Close").click()
        mailing.send(firm.ada.tenant_id, invoice["invoice_id"], 1, comes_again=False, is_last_try=True)
        page.reload()
        expect(page.get_by_text("It could not be sent to accounts@society.example: this Milepost")).to_be_visible()
        page.get_by_role("button", name="Send it once more").click()
        answer(page, "Send it once more")
        expect(page.get_by_text("On its way to accounts@society.example since")).to_be_visible()
        found += faults(page)
    with in_process.opened(chromium, firm.carl, path) as page:
        expect(page.get_by_text("On its way to accounts@society.example since")).to_be_visible()
        expect(page.get_by_role("button", name="Send it")).to_have_count(0)

    assert firm.dana.asks("GET", f"invoices/{invoice['invoice_id']}")["sending"]["number"] == 2
    assert (found, [each for each in firm.dana.said if "409" not in each], firm.carl.said) == ([], [], [])


def test_what_the_api_knows_of_the_mail_is_said_and_a_draft_has_no_button_for_it(chromium: Browser, firm: Firm) -> None:
    draft = firm.issued(amount=100_000, draft=True)["invoice_id"]
    issued = firm.ada.asks("GET", f"invoices/{firm.issued(amount=200_000)['invoice_id']}")
    sending = {"number": 1, "to": "a@b.example", "requested_by": firm.ada.user_id, "reason": None}
    sending["requested_at"] = "2026-11-20T12:00:00.000Z"
    said = {
        "sent": "Sent to a@b.example, 2026-11-20 12:01 UTC.",
        "unknown": "It may have arrived at a@b.example; nobody knows.",
        "bounced": "It did not arrive at a@b.example. It was sent last 2026-11-20 12:01 UTC.",
    }
    with in_process.opened(chromium, firm.dana, f"#/payments/invoices/{draft}") as page:
        expect(page.get_by_role("button", name="Issue it")).to_be_visible()
        expect(page.get_by_role("button", name="Send it by mail")).to_have_count(0)
    for status, words in said.items():
        shown = issued | {"sending": sending | {"status": status}, "sent_at": "2026-11-20T12:01:00.000Z"}
        with in_process.opened(chromium, firm.dana, "#/payments/invoices") as page:
            page.route(f"**/invoices/{issued['invoice_id']}", partial(answer_with, shown))
            page.evaluate(f"location.hash = '#/payments/invoices/{issued['invoice_id']}'")
            expect(page.get_by_text(words)).to_be_visible()

    assert firm.dana.said == []


def test_an_invoice_is_saved_as_ubl_or_the_page_says_what_it_lacks(chromium: Browser, firm: Firm) -> None:
    lacking = firm.issued(amount=100_000)
    firm.ada.asks("PATCH", "payment-settings", {"seller": SELLER | {"address": ["1 Dorset Street", "GB"]}})
    firm.ada.asks("PATCH", f"projects/{firm.project_id}", {"client": CLIENT | {"address": "Burlington House, GB"}})
    invoice = firm.issued(amount=200_000)
    with in_process.opened(chromium, firm.carl, f"#/payments/invoices/{lacking['invoice_id']}") as page:
        page.get_by_role("button", name=f"Save XML of {lacking['number']}").click()
        expect(page.locator("#status")).to_contain_text("`seller.address` must end with the code of a country")
        page.evaluate(f"location.hash = '#/payments/invoices/{invoice['invoice_id']}'")
        with page.expect_download() as saved:
            page.get_by_role("button", name=f"Save XML of {invoice['number']}").press("Enter")
        content = saved.value.path().read_text(encoding="utf-8")
        found = faults(page)

    assert saved.value.suggested_filename == f"{invoice['number']}.xml"
    assert "<cbc:CustomizationID>urn:cen.eu:en16931:2017<" in content
    assert (found, [each for each in firm.carl.said if "409" not in each]) == ([], [])
