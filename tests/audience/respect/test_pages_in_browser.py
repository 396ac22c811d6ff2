"""The pages of those who get messages, in Chromium: a scanner renders them, then a person acts without scripts."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from functions.audience import api
from functions.audience.respect import suppressions
from functions.audience.settings import settings
from tests.audience.people import Person
from tests.audience.respect.getting import EMAIL, Sent, sent_to
from tests.aws.entries import Context, http_event
from tests.browsing import accessibility, browser

TOPICS = {"news": "Our newsletter", "offers": "Offers"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def sent(ada: Person) -> Sent:
    ada.patch("/audience/settings", {"topics": TOPICS, "sender_name": "Analytical Engines"})
    settings.forget()
    lead = ada.creates(emails=[EMAIL])["lead_id"]
    return sent_to(ada, lead, topic="news")


def serve(route: Route) -> None:
    """Answer what a window asks for by the handler of this process."""
    asked, url = route.request, urlsplit(route.request.url)
    headers = {"content-type": asked.headers.get("content-type", "text/html")}
    event = http_event(asked.method, url.path, headers=headers, query=url.query)
    event["headers"].pop("content-length", None)
    answer = api.handler(event | {"body": asked.post_data, "isBase64Encoded": False}, Context())
    route.fulfill(status=answer["statusCode"], headers=answer["headers"], body=answer["body"])


def opened(chromium: Browser, sent: Sent, *, with_scripts: bool) -> tuple[Page, list[str]]:
    """Open the link of a message in a window of its own; what that says on its console is kept."""
    said: list[str] = []
    page = chromium.new_context(java_script_enabled=with_scripts).new_page()
    page.on("console", lambda message: said.append(message.text))
    page.route("**/*", serve)
    page.goto(sent.url)
    return page, said


def left(ada: Person, sent: Sent) -> tuple[list[str], list[str]]:
    found = suppressions.find(ada.tenant_id, "email", [sent.digest]).get(sent.digest)
    return ([], []) if found is None else ([*found.reasons], [*found.topics])


def test_a_scanner_renders_the_page_and_the_person_unsubscribes_without_scripts(
    chromium: Browser, ada: Person, sent: Sent
):
    scanner, said = opened(chromium, sent, with_scripts=True)
    scanner.wait_for_load_state("networkidle")
    seen_by_scanner = left(ada, sent)
    page, _ = opened(chromium, sent, with_scripts=False)
    expect(page.get_by_role("checkbox", name="Our newsletter")).to_be_checked()
    page.get_by_role("checkbox", name="Offers").check()
    page.get_by_role("button", name="Unsubscribe from what is chosen").click()

    expect(page.get_by_role("status")).to_have_text("You will get no more messages about this: Our newsletter, Offers.")
    assert (seen_by_scanner, left(ada, sent)) == (([], []), ([], ["news", "offers"]))
    assert said == []


def test_somebody_leaves_everything_with_the_keyboard(chromium: Browser, ada: Person, sent: Sent):
    page, _ = opened(chromium, sent, with_scripts=False)
    page.get_by_role("button", name="Unsubscribe from everything").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_text("You will get no more of these messages.")
    assert left(ada, sent) == (["unsubscribed"], [])


def test_the_page_keeps_nobody_out(chromium: Browser, ada: Person, sent: Sent):
    page, _ = opened(chromium, sent, with_scripts=True)

    assert accessibility.faults(page) == []
