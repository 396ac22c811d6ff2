"""The page of the parts in Chromium: every part in every state runs as the page says, and is for everybody.

Its files come from the test, under the policy that the page has; that `make up` publishes them is in tests/e2e.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from textwrap import dedent
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from infra.parts import publishing
from infra.stage.buckets import MEDIA_TYPES
from tests.browsing import browser
from tests.browsing.accessibility import faults

ORIGIN = "https://parts.example"
SHOW = """async (items) => {
  const { messages } = await import("/example.js");
  document.getElementById("main").replaceChildren(messages(items).body);
}"""
MANUAL = Path(__file__).parents[2] / "docs" / "parts.md"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


def example() -> str:
    """Return the page that the manual makes."""
    (code,) = re.findall(r"^ *```js\n(.*?)^ *```", MANUAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return dedent(code)


@pytest.fixture
def said() -> list[str]:
    """What the page says on the console, refusals of its policy among it, and what fails in it."""
    return []


@pytest.fixture
def page(chromium: Browser, said: list[str]) -> Iterator[Page]:
    """The page with all its samples."""
    files = publishing.files() | {"example.js": example().encode()}

    def serve(route: Route) -> None:
        name = urlsplit(route.request.url).path.removeprefix("/")
        route.fulfill(body=files[name], content_type=MEDIA_TYPES[PurePosixPath(name).suffix])

    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.route(f"{ORIGIN}/**", serve)
    page.goto(f"{ORIGIN}/index.html")
    page.locator(".part").last.wait_for()
    yield page
    context.close()


def test_every_sample_runs_and_is_for_everybody_at_every_width_in_both_schemes(page: Page, said: list[str]) -> None:
    samples = page.locator(".sample")

    assert samples.count() == page.locator(".sample .stage").count() == page.locator(".sample .code").count() > 50
    assert faults(page) == []
    assert said == []
    expect(page.locator("body")).to_be_focused()


def test_what_is_shown_is_what_the_code_beside_it_makes(page: Page) -> None:
    part = page.locator("[data-part=bar]")
    sample = part.locator(".sample").nth(1)

    expect(sample.get_by_role("progressbar", name="Progress of Gemini")).to_have_attribute("value", "44.4")
    expect(sample.locator(".code")).to_have_text('bar({ label: "Progress of Gemini", value: 44.4, text: "44.4 %" })')
    expect(part.get_by_role("heading").first).to_have_text("bar({ label, value, max = 100, text })")
    expect(part.locator(".explained")).to_contain_text("Return a bar (progress).")


def test_a_dialog_is_for_everybody_and_gives_the_focus_back(page: Page) -> None:
    opener = page.get_by_role("button", name="Share")
    opener.press("Enter")
    expect(page.get_by_role("dialog", name="Share “Run a marathon”")).to_be_visible()
    found = faults(page)
    page.keyboard.press("Escape")

    assert found == []
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(opener).to_be_focused()


def test_a_refused_form_says_so_at_its_field(page: Page) -> None:
    shown = page.locator("[data-part=form] .sample").filter(has_text="Refused at a field")

    expect(shown.get_by_label("Weight")).to_have_attribute("aria-invalid", "true")
    expect(shown.get_by_label("Weight")).to_have_accessible_description("Must be at most 1000.")
    expect(shown.get_by_label("Weight")).to_have_value("2000")

    shown.get_by_role("button", name="Add task").click()

    expect(shown.get_by_label("Weight")).to_be_focused()


def test_a_part_that_is_made_again_keeps_the_focus(page: Page) -> None:
    page.locator("#counted").press("Enter")

    expect(page.get_by_role("button", name="Edition 1")).to_be_focused()


def test_a_scheme_is_chosen_on_the_page(page: Page) -> None:
    page.emulate_media(color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    colors = [page.evaluate(paper)]
    for name in ("Dark", "Light"):
        page.get_by_role("button", name=name, exact=True).click()
        colors.append(page.evaluate(paper))

    assert colors == ["rgb(246, 245, 241)", "rgb(18, 23, 26)", "rgb(246, 245, 241)"]


def test_both_schemes_are_shown_narrow_beside_each_other(page: Page, said: list[str]) -> None:
    page.get_by_role("button", name="Narrow, in both schemes").click()
    for scheme in ("light", "dark"):
        frame = page.frame_locator(f"iframe[title='360 pixels wide, {scheme}']")
        expect(frame.locator(".part").last).to_be_attached()
        expect(frame.locator("html")).to_have_css("color-scheme", scheme)

    assert said == []


def test_the_page_of_the_manual_is_one(page: Page, said: list[str]) -> None:
    page.evaluate(SHOW, [{"title": "You are invited", "sent_text": "26 Nov 2026"}])

    expect(page.get_by_role("heading", level=1, name="Messages")).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="You are invited")).to_be_visible()

    page.evaluate(SHOW, [])

    expect(page.get_by_text("No messages yet.")).to_be_visible()
    assert said == []
