"""The box in which one finds things, in Chromium: opened by a key on every page, and used by keyboard alone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.search.conftest import search_stage
from tests.search.everything.feeding import Feed

__all__ = ["search_stage"]

HOSTILE = "Sail <img src=x onerror=alert(1)> & home"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def steps() -> int:
    """How many tasks the goal has that is found; tasks take long to make."""
    return 12


@pytest.fixture
def ada(search_stage: None, steps: int) -> Somebody:
    """Somebody with two goals, one of them with tasks, which are found."""
    person = Somebody(Issuer().publish())
    marathon = person.asks("POST", "goals", {"title": "Run a marathon", "description": "Before the summer"})["goal_id"]
    for number in range(1, steps + 1):
        person.asks("POST", f"goals/{marathon}/tasks", {"title": f"Step {number} of many"})
    person.asks("POST", "goals", {"title": HOSTILE})
    person.asks("POST", "sequences/season-1/script/elements", {"element_id": "finale", "comment": "It ends well"})
    Feed().runs()
    return person


@pytest.fixture
def page(chromium: Browser, ada: Somebody) -> Iterator[Page]:
    """The page of the goals."""
    with in_process.opened(chromium, ada, "#/") as page:
        expect(box(page)).to_be_visible()
        yield page


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Search Milepost")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox").get_by_role("option")


def types(page: Page, words: str) -> None:
    page.keyboard.press("/")
    page.keyboard.type(words)


def test_a_goal_is_found_with_a_typo_and_opened_with_enter(page: Page) -> None:
    types(page, "marthon")

    expect(options(page)).to_have_count(1)
    expect(options(page).locator("mark")).to_have_text("marathon")
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("group", name="Goals")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="1 found.")).to_be_attached()

    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Run a marathon")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(box(page)).to_have_value("")


@pytest.mark.parametrize("steps", [103])
def test_a_task_is_opened_in_its_goal_with_the_task_in_view(page: Page) -> None:
    types(page, '"step 103 of many"')
    expect(options(page)).to_have_count(1)
    page.keyboard.press("Enter")
    row = page.get_by_role("listitem").filter(has_text="Step 103 of many")

    expect(row).to_be_focused()
    expect(row).to_be_in_viewport()


def test_what_is_open_already_is_opened_from_the_beginning(page: Page) -> None:
    for _ in range(2):
        types(page, "marthon")
        expect(options(page)).to_have_count(1)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Run a marathon")
        expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_enter_opens_nothing_that_was_found_for_other_words(page: Page) -> None:
    types(page, "marathon")
    expect(options(page)).to_have_count(1)
    page.route("**/api/v1/search?*", lambda _: None)
    page.keyboard.type("s")
    page.keyboard.press("Enter")

    expect(box(page)).not_to_have_attribute("aria-activedescendant", re.compile("."))
    expect(page.get_by_role("heading", level=1)).to_have_text("Your goals")


def test_an_element_of_a_sequence_is_opened(page: Page) -> None:
    types(page, "ends well")
    expect(page.get_by_role("group", name="Elements of sequences").get_by_role("option")).to_have_count(1)
    options(page).click()

    expect(page.get_by_role("heading", level=1)).to_have_text("finale")
    expect(page.get_by_text("Number 1, 1 version.")).to_be_visible()


def test_the_arrow_keys_go_through_what_was_found_and_round(page: Page) -> None:
    types(page, "step 1")
    expect(options(page)).not_to_have_count(0)
    count = options(page).count()

    def chosen() -> int:
        found = [each.get_attribute("aria-selected") for each in options(page).all()]
        assert found.count("true") == 1
        assert options(page).nth(found.index("true")).get_attribute("id") == active()
        return found.index("true")

    def active() -> str | None:
        return box(page).get_attribute("aria-activedescendant")

    assert count > 2
    assert chosen() == 0
    page.keyboard.press("ArrowUp")
    assert chosen() == count - 1
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert chosen() == 1
    expect(box(page)).to_be_focused()


def test_escape_closes_the_list_and_then_gives_the_focus_back(page: Page) -> None:
    link = page.get_by_role("main").get_by_role("link", name="Run a marathon")
    link.focus()
    types(page, "marathon")
    expect(options(page)).to_have_count(1)

    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_attribute("aria-expanded", "false")

    page.keyboard.press("Escape")
    expect(link).to_be_focused()


def test_what_is_found_is_text_whatever_it_holds(page: Page, ada: Somebody) -> None:
    types(page, "sail")

    expect(options(page)).to_have_text(HOSTILE)
    expect(page.locator("img")).to_have_count(0)
    assert ada.said == []


def test_nothing_found_is_said(page: Page) -> None:
    types(page, "xylophone")

    expect(page.get_by_role("status").filter(has_text="Nothing was found.")).to_be_attached()
    expect(page.locator("p.found")).to_be_visible()


def test_only_what_was_typed_last_is_asked_for_and_no_word_is_in_the_address_of_the_page(
    page: Page, ada: Somebody
) -> None:
    types(page, "marathon")
    expect(options(page)).to_have_count(1)

    assert ada.asked.count("GET /api/v1/search") <= 2
    assert "marathon" not in page.url


def test_the_key_is_a_letter_where_somebody_types(page: Page) -> None:
    page.get_by_text("Set a goal", exact=True).click()
    title = page.get_by_label("What do you want to reach?")
    title.press("/")

    expect(title).to_have_value("/")
    expect(title).to_be_focused()


def test_the_box_is_on_every_page_and_not_for_who_may_not_search(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/sequences") as page:
        expect(box(page)).to_be_visible()
        types(page, "marathon")
        expect(options(page)).to_have_count(1)
    ada.scope = "goals:read identity:read"
    with in_process.opened(chromium, ada, "#/") as page:
        expect(page.get_by_role("navigation").get_by_role("link", name="Goals")).to_be_visible()
        expect(box(page)).to_have_count(0)


def test_a_search_that_fails_says_why(page: Page) -> None:
    page.route("**/api/v1/search?*", lambda route: route.abort())
    types(page, "marathon")

    expect(page.locator("p.found")).to_contain_text("Milepost does not answer.")


def test_the_box_is_for_everybody_at_every_width_in_both_schemes(page: Page, ada: Somebody) -> None:
    types(page, "many")
    expect(options(page)).not_to_have_count(0)

    assert (faults(page), ada.said) == ([], [])
