"""The page of suppressions in Chromium: listed by channel, added, taken off with a reason, imported and exported."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audience.people import SCOPE, Person
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

PART = "#/leads/suppressions"
ALL = f"identity:read {SCOPE} audience:admin"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(pepper: str) -> Somebody:
    """Somebody with a lead whose address and number are suppressed, and an address that nobody has."""
    person = Somebody(Issuer().publish(), scope=ALL)
    Person(person.user_id, person.tenant_id, person.issuer).creates(
        name="Grace", emails=["grace@example.org"], phones=["+442079460958"]
    )
    for channel, address, reason in (
        ("email", "grace@example.org", "complaint"),
        ("sms", "+442079460958", "unsubscribed"),
        ("email", "gone@example.org", "hard_bounce"),
    ):
        person.asks("POST", "suppressions", {"channel": channel, "address": address, "reason": reason})
    return person


def kept(person: Somebody) -> list[tuple[str, str, str]]:
    """Return channel, address and first reason of all suppressions."""
    items = person.asks("GET", "suppressions?limit=100")["items"]
    return sorted((each["channel"], each["address"] or "", each["reasons"][0]["reason"]) for each in items)


def test_addresses_are_listed_by_channel_with_why_and_a_link_to_who_has_them(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/leads") as page:
        page.get_by_role("link", name="Addresses that are not written to").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Not written to")
        mails, texts = page.get_by_role("region", name="E-mail"), page.get_by_role("region", name="SMS")
        expect(mails.locator(".rows > li")).to_have_count(2)
        expect(mails).to_contain_text("they complained")
        expect(mails).to_contain_text("Nobody has it now: ")
        expect(texts).to_contain_text("they unsubscribed")
        expect(page.get_by_role("link", name="Leads", exact=True).first).to_have_attribute("aria-current", "page")
        found = faults(page)
        mails.get_by_role("link", name="grace@example.org").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Grace")

    assert (found, ada.said) == ([], [])


def test_an_address_is_added_and_taken_off_by_keyboard_and_the_reason_is_kept(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, PART) as page:
        page.get_by_text("Add an address").press("Enter")
        page.get_by_label("Address", exact=True).fill("Ada@Example.org")
        page.get_by_role("combobox", name="Why?").select_option("unsubscribed")
        page.get_by_label("Address", exact=True).press("Enter")
        expect(page.get_by_role("region", name="E-mail").locator(".rows > li")).to_have_count(3)
        page.get_by_role("button", name="Take off the list: grace@example.org").press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("grace@example.org may be written to again")
        found = faults(page)
        page.get_by_role("dialog").get_by_label("Why?").fill("They asked for it by telephone.")
        page.get_by_role("dialog").get_by_label("Why?").press("Enter")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_role("region", name="E-mail").locator(".rows > li")).to_have_count(2)

    assert kept(ada) == [
        ("email", "", "hard_bounce"),
        ("email", "", "unsubscribed"),
        ("sms", "+442079460958", "unsubscribed"),
    ]
    assert "DELETE" in " ".join(ada.asked)
    assert found == []


def test_what_is_no_address_is_said_at_its_field(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, PART) as page:
        page.get_by_label("Find an address").fill("12")
        page.get_by_label("Find an address").press("Enter")
        expect(page.get_by_label("Find an address")).to_have_attribute("aria-invalid", "true")
        page.get_by_label("Find an address").fill("gone@example.org")
        page.get_by_role("button", name="Find").click()
        expect(page.locator(".rows > li")).to_have_count(1)
        expect(page.get_by_role("region", name="E-mail")).to_contain_text("the address does not exist")


def test_a_file_is_imported_and_what_is_wrong_with_its_rows_is_said(
    chromium: Browser, ada: Somebody, tmp_path: Path
) -> None:
    sheet = tmp_path / "left.csv"
    sheet.write_text("channel,address\nemail,new@example.org\nemail,gone@example.org\nsms,12\n")
    with in_process.opened(chromium, ada, PART) as page:
        choose(page, sheet)
        expect(page.get_by_text("2 added, 0 there already, 1 not taken.")).to_be_visible()
        expect(page.get_by_text("Row 3: ")).to_be_visible()
        choose(page, sheet)
        expect(page.get_by_text("0 added, 2 there already, 1 not taken.")).to_be_visible()
        sheet.write_text("channel,who\nemail,new@example.org\n")
        choose(page, sheet)
        expect(page.get_by_role("alert").filter(has_text="columns")).to_be_visible()

    assert len(kept(ada)) == 4


def choose(page: Page, sheet: Path) -> None:
    page.locator("details", has_text="Import a file").evaluate("each => { each.open = true; }")
    page.get_by_label("File").set_input_files(sheet)


def test_the_whole_list_is_exported_with_its_columns_once(
    chromium: Browser, ada: Somebody, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("functions.audience.respect.listing.EXPORTED", 2)
    with in_process.opened(chromium, ada, PART) as page:
        with page.expect_download() as begun:
            page.get_by_role("button", name="Export as CSV").click()
        begun.value.save_as(tmp_path / "list.csv")
    lines = (tmp_path / "list.csv").read_text().splitlines()

    assert begun.value.suggested_filename == "suppressions.csv"
    assert lines[0] == "channel,address,digest,reasons,topics,updated_at"
    assert sorted(line.split(",")[1] for line in lines[1:]) == ["", "+442079460958", "grace@example.org"]


def test_who_may_only_read_changes_nothing(chromium: Browser, ada: Somebody) -> None:
    ada.scope = "identity:read audience:read"
    with in_process.opened(chromium, ada, PART) as page:
        expect(page.get_by_role("region", name="E-mail").locator(".rows > li")).to_have_count(2)
        expect(page.get_by_text("Add an address")).to_have_count(0)
        expect(page.get_by_role("button", name="Export as CSV")).to_be_visible()
        expect(page.get_by_role("button", name="Take off")).to_have_count(0)
