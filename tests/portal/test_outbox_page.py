"""The page of what the local stage has sent, in Chromium, with an emulator that answers as the test says."""

import json
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from infra.sent import publishing
from infra.stage.buckets import MEDIA_TYPES
from tests.browsing import browser
from tests.browsing.accessibility import faults

ORIGIN = "https://outbox.example"
HTML = (
    "<h1 style='color: red'>Hello</h1><img src='https://tracker.example/open.gif'>"
    "<script>parent.document.title = 'taken over'</script>"
)


def mail(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "MessageId": f"mail-{number}",
        "Source": "no-reply+identity.otp_1@milepost.example",
        "To": ["ada@example.com"],
        "Subject": f"Mail {number}",
        "BodyText": "Hello, Ada.\\nBye.",
        "BodyHtml": None,
        "Timestamp": 1795167000.5 + number,
        **fields,
    }


class Emulator:
    """What the emulator says that it has taken."""

    def __init__(self) -> None:
        self.mails: list[dict[str, Any]] = []
        self.texts: dict[str, list[dict[str, Any]]] = {}

    def answer(self, path: str) -> tuple[str, str]:
        """Return what is at a path, and its type."""
        asked: dict[str, Any] = {
            "/_ministack/ses/messages": {"messages": {"123456789012": self.mails}},
            "/_ministack/sns/sms-messages": {"sms_messages": self.texts, "region": "eu-west-1"},
        }
        if path in asked:
            return json.dumps(asked[path]), "application/json"
        name = path.removeprefix("/")
        return publishing.files()[name].decode(), MEDIA_TYPES[PurePosixPath(name).suffix]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def page(chromium: Browser, emulator: Emulator) -> Iterator[Page]:
    def serve(route: Route) -> None:
        body, media_type = emulator.answer(urlsplit(route.request.url).path)
        route.fulfill(body=body, content_type=media_type)

    context = chromium.new_context()
    page = context.new_page()
    page.route(f"{ORIGIN}/**", serve)
    yield page
    context.close()


def test_mail_and_texts_are_shown_newest_first(page: Page, emulator: Emulator):
    emulator.mails = [mail(1), mail(3)]
    emulator.texts = {
        "+4915112345678": [{"MessageId": "text-1", "Message": "A code"}, {"MessageId": "text-2", "Message": "Another"}]
    }
    page.goto(f"{ORIGIN}/index.html")

    expect(page.locator("article h3")).to_have_text(["Mail 3", "Mail 1", "+4915112345678", "+4915112345678"])
    expect(page.locator("article .text").last).to_have_text("A code")
    expect(page.locator("article").first).to_contain_text("from no-reply+identity.otp_1@milepost.example")
    assert faults(page) == []


def test_an_empty_outbox_says_so_and_shows_what_comes_then(page: Page, emulator: Emulator):
    page.goto(f"{ORIGIN}/index.html")
    expect(page.locator("section p")).to_have_text(["Nothing was sent."] * 2)
    emulator.mails = [mail(1)]

    expect(page.locator("article h3")).to_have_text("Mail 1")


def test_one_recipient_can_be_looked_for(page: Page, emulator: Emulator):
    emulator.mails = [mail(1), mail(2, To=["bob@example.com"])]
    page.goto(f"{ORIGIN}/index.html?to=bob@example.com")
    expect(page.locator("article h3")).to_have_text("Mail 2")
    page.get_by_label("To").fill("ada")

    expect(page.locator("article h3")).to_have_text("Mail 1")


def test_html_is_shown_without_scripts_and_asks_nobody(page: Page, emulator: Emulator):
    reached: list[str] = []
    page.route("https://tracker.example/**", lambda route: (reached.append(route.request.url), route.abort()))
    emulator.mails = [mail(1, BodyHtml=HTML, Subject="<script>document.title = 'taken over'</script>")]
    page.goto(f"{ORIGIN}/index.html")

    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Hello")
    expect(page.frame_locator("iframe").locator("h1")).to_have_css("color", "rgb(255, 0, 0)")
    expect(page.locator("article h3")).to_have_text("<script>document.title = 'taken over'</script>")
    assert page.title() == "Outbox · Milepost"
    assert reached == []


def test_a_stage_that_is_gone_is_said_to_be(page: Page, emulator: Emulator):
    page.goto(f"{ORIGIN}/index.html")
    expect(page.locator("section p")).to_have_text(["Nothing was sent."] * 2)
    page.route("**/_ministack/**", lambda route: route.abort())

    expect(page.locator("#status")).to_contain_text("does not answer")
