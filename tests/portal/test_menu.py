"""The menu in Chromium: one line at every width, and every page of it within reach."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.audience.people import SCOPE as AUDIENCE
from tests.browsing import browser, in_process
from tests.browsing.in_process import SCOPE, Somebody
from tests.identity.access_tokens.issuer import Issuer

ONE_LINE_PX = 60
IN_SIGHT = """link => {
  const [at, list] = [link.getBoundingClientRect(), link.closest("ul").getBoundingClientRect()];
  return at.left >= list.left - 1 && at.right <= list.right + 1;
}"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.mark.parametrize("width", [360, 768, 1280, 1440])
def test_the_menu_has_one_line_and_its_page_is_in_sight(chromium: Browser, pepper: str, width: int) -> None:
    ada = Somebody(Issuer().publish(), scope=f"{SCOPE} {AUDIENCE}")
    with in_process.opened(chromium, ada, "#/campaigns", viewport={"width": width, "height": 800}) as page:
        menu = page.get_by_role("navigation", name="Main")
        here = menu.get_by_role("link", name="Campaigns")
        expect(here).to_have_attribute("aria-current", "page")
        height, seen = menu.evaluate("nav => nav.offsetHeight"), here.evaluate(IN_SIGHT)
        menu.get_by_role("link", name="Goals").focus()
        first = menu.get_by_role("link", name="Goals").evaluate(IN_SIGHT)
        wide = page.evaluate("document.documentElement.scrollWidth")

        assert menu.get_by_role("link").count() == 8
        assert (height < ONE_LINE_PX, seen, first, wide) == (True, True, True, width)


@pytest.mark.parametrize("module", ["suppressions.js", "parts/choosing.js"])
def test_a_page_is_fetched_when_it_is_opened_and_once_more_after_a_failure(
    chromium: Browser, pepper: str, module: str
) -> None:
    ada = Somebody(Issuer().publish(), scope=f"{SCOPE} {AUDIENCE}")
    with in_process.opened(chromium, ada, "#/") as page:
        expect(page.get_by_role("combobox", name="Search Milepost")).to_be_visible()
        page.wait_for_load_state("networkidle")
        before = [each for each in ada.asked if each.endswith(module)]
        page.route(f"**/{module}", lambda route: route.abort())
        page.evaluate("location.hash = '#/leads/suppressions'")
        expect(page.get_by_text("Milepost does not answer.")).to_be_visible()
        page.unroute(f"**/{module}")
        page.get_by_role("button", name="Try again").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Not written to")

    assert before == []
    assert len([each for each in ada.asked if each.endswith(module)]) == 1
