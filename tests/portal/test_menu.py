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
