"""The page of an invoice in Chromium: a draft is changed, documents are looked at and saved."""

from urllib.parse import unquote, urlsplit

import boto3
from playwright.sync_api import Browser, Route, expect

from functions.payments.papers import making
from functions.payments.papers.papers import Document
from functions.portal import api as portal
from shared import config
from shared.storage import files
from tests.aws.buckets import make_the_bucket
from tests.browsing import in_process
from tests.browsing.accessibility import faults
from tests.portal.firms import Firm, chromium, firm

__all__ = ["chromium", "firm"]

SCRIPT = "<img src=x onerror=alert(1)>"


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
