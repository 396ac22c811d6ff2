"""The pages of leads in Chromium: one is found by what they are known by, and shown with what happened."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.audience.people import SCOPE, Person
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

AT = "2026-11-01T10:00:00Z"
GRACE = {
    "external_id": "crm-1906",
    "name": "Grace <b>Hopper",
    "emails": ["grace@example.org"],
    "phones": ["+442079460958"],
    "tags": ["navy"],
    "metadata": {"ship": "Nobska", "languages": ["COBOL"]},
}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(pepper: str) -> Somebody:
    """Somebody whose tenant is paid in euros."""
    return Somebody(Issuer().publish(), scope=f"identity:read {SCOPE}")


@pytest.fixture
def grace(ada: Somebody) -> str:
    """The id of a lead with orders, a visit, consents and a suppressed number."""
    person = Person(ada.user_id, ada.tenant_id, ada.issuer)
    person.has(currency="EUR", phone_region="GB")
    lead_id = str(person.creates(**GRACE)["lead_id"])
    order = {"order_id": "o-1", "amount_minor_units": 129990, "currency": "EUR", "ordered_at": AT}
    ada.asks("POST", f"leads/{lead_id}/orders", {**order, "items": [{"sku": "tea", "quantity": 2}]})
    refund = {**order, "order_id": "r-1", "amount_minor_units": 990, "refund_of": "o-1"}
    ada.asks("POST", f"leads/{lead_id}/orders", refund)
    ada.asks("POST", f"leads/{lead_id}/visits", {"visit_id": "v-1", "visited_at": AT, "source": "shop"})
    for state in ("granted", "denied"):
        consent = {"subject": "email/news", "state": state, "source": "checkout", "text": "Write to me."}
        ada.asks("POST", f"leads/{lead_id}/consents", consent)
    ada.asks("POST", "suppressions", {"channel": "sms", "address": "+442079460958", "reason": "complaint"})
    return lead_id


@pytest.mark.parametrize(
    ("by", "known"),
    [
        ("E-mail address", "Grace@Example.org"),
        ("Telephone number", "020 7946 0958"),
        ("Your id", "crm-1906"),
    ],
)
def test_a_lead_is_found_by_what_they_are_known_by(
    chromium: Browser, ada: Somebody, grace: str, by: str, known: str
) -> None:
    with in_process.opened(chromium, ada, "#/leads") as page:
        page.get_by_label("Known by").select_option(by)
        page.get_by_label("Find").fill(known)
        page.get_by_label("Find").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Grace <b>Hopper")
        assert page.url.endswith(f"#/leads/{grace}")


def test_who_is_not_found_and_what_cannot_be_an_address_is_said(chromium: Browser, ada: Somebody, grace: str) -> None:
    with in_process.opened(chromium, ada, "#/leads") as page:
        page.get_by_label("Find").fill("nobody@example.org")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_role("alert")).to_have_text("Nobody is known by this.")
        page.get_by_label("Known by").select_option("Telephone number")
        page.get_by_label("Find").fill("12")
        page.get_by_role("button", name="Find").click()
        expect(page.get_by_label("Find")).to_have_attribute("aria-invalid", "true")

        assert faults(page) == []


def test_a_lead_is_shown_with_all_that_is_known_of_them(chromium: Browser, ada: Somebody, grace: str) -> None:
    with in_process.opened(chromium, ada, "#/leads") as page:
        found = [faults(page)]
        page.get_by_role("link", name="Grace <b>Hopper").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Grace <b>Hopper")
        region = page.get_by_role("region", name="Consent")
        expect(region).to_contain_text("email/news")
        expect(region).to_contain_text("denied")
        region = page.get_by_role("region", name="Not written to")
        expect(region).to_contain_text("+442079460958 by sms")
        expect(region).to_contain_text("they complained")
        region = page.get_by_role("region", name="Orders")
        expect(region).to_contain_text("€1,299.90")
        expect(region).to_contain_text("a refund of o-1")
        expect(region).to_contain_text("tea")
        region = page.get_by_role("region", name="What happened")
        expect(region.get_by_role("listitem")).to_have_count(5)
        expect(region).to_contain_text("Consent to email/news: grantedfrom checkout, “Write to me.”")
        expect(region).to_contain_text("Visit v-1")
        fields = page.get_by_role("complementary", name="Fields")
        expect(fields).to_contain_text("Nobska")
        expect(fields).to_contain_text("€1,290.00")
        found.append(faults(page))

    assert (found, ada.said) == ([[], []], [])


def test_who_has_no_leads_is_told_how_to_make_one(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/leads") as page:
        expect(page.get_by_text("POST /api/v1/leads")).to_be_visible()
