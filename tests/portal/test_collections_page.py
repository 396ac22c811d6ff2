"""The pages of collections in Chromium: searched while one types, narrowed down, and nothing of a text is markup."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.search.conftest import search_stage
from tests.search.people import Backbone

__all__ = ["search_stage"]

HOSTILE = '<img src=x onerror="document.title=1"> & <b>whale</b>'
BOOKS = {
    "name": "books",
    "language": "en",
    "fields": [
        {"name": "title", "type": "string"},
        {"name": "about", "type": "string", "optional": True},
        {"name": "tags", "type": "string[]", "facet": True, "optional": True},
        {"name": "pages", "type": "int64", "optional": True},
    ],
}
SHELF = [
    {"id": "moby", "title": "Moby-Dick; or, The Whale", "about": "A captain hunts.", "tags": ["sea"], "pages": 635},
    {"id": "emma", "title": "Emma", "about": HOSTILE, "tags": ["England", "`quoted`"], "pages": 474},
    {"id": "sea", "title": "The Sea-Wolf", "about": "A captain sails.", "tags": ["sea"], "pages": 366},
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(search_stage: None) -> Somebody:
    """Somebody with a collection of three books, which are found, and another name for it."""
    person = Somebody(Issuer().publish())
    person.asks("POST", "collections", BOOKS)
    person.asks("PUT", "collection-aliases/library", {"collection_name": "books"})
    changes = [{"operation": "upsert", "collection_name": "books", "document": each} for each in SHELF]
    person.asks("POST", "documents/batch", {"changes": changes})
    Backbone().runs()
    return person


@pytest.fixture
def books(chromium: Browser, ada: Somebody) -> Iterator[Page]:
    """The page of the collection."""
    with in_process.opened(chromium, ada, "#/collections/books") as page:
        yield page


def titles(page: Page) -> list[str]:
    return page.locator(".card h2").all_text_contents()


def search(page: Page, words: str) -> None:
    page.get_by_role("searchbox", name="Search books").fill(words)


def test_collections_are_listed_with_their_documents_and_other_names(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/collections") as page:
        found = faults(page)
        page.get_by_role("navigation").get_by_role("link", name="Collections").click()
        card = page.locator(".card")

        expect(card).to_contain_text("3 documents")
        expect(card).to_contain_text("also called library")
        card.get_by_role("link", name="books").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("books")

    assert (found, ada.said) == ([], [])


def test_who_has_no_collection_is_told_how_to_make_one(chromium: Browser, search_stage: None) -> None:
    with in_process.opened(chromium, Somebody(Issuer().publish()), "#/collections") as page:
        expect(page.get_by_text("milepost collections create")).to_be_visible()


def test_a_guest_is_not_led_to_what_the_whole_tenant_has(chromium: Browser, search_stage: None) -> None:
    guest = Somebody(Issuer().publish(), scope="goals:read identity:read search:read", role="guest")
    with in_process.opened(chromium, guest, "#/shared") as page:
        expect(page.get_by_role("navigation").get_by_role("link", name="Collections")).to_have_count(0)
        page.goto(f"{in_process.ORIGIN}/#/collections")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")


def test_it_is_searched_while_one_types_a_typo_is_forgiven_and_what_matches_is_marked(books: Page) -> None:
    search(books, "wlof")

    expect(books.get_by_text("1 of 3 documents")).to_be_visible()
    expect(books.locator(".card h2 mark")).to_have_text("Wolf")
    assert titles(books) == ["The Sea-Wolf"]

    search(books, "nothing like it")

    expect(books.get_by_text("Nothing was found.")).to_be_visible()


def test_only_what_was_typed_last_is_shown_and_no_word_is_in_an_address(books: Page, ada: Somebody) -> None:
    ada.asked.clear()
    books.get_by_role("searchbox", name="Search books").press_sequentially("emma")

    expect(books.get_by_text("1 of 3 documents")).to_be_visible()
    assert titles(books) == ["Emma"]
    assert ada.asked.count("POST /api/v1/search") <= 2
    assert "emma" not in books.url


def test_a_text_of_a_document_is_never_markup(books: Page, ada: Somebody) -> None:
    search(books, "whale")
    expect(books.get_by_text("2 of 3 documents")).to_be_visible()
    emma = books.locator(".card", has_text="Emma")

    expect(emma).to_contain_text('onerror="document.title=1"> & <b>whale</b>')
    expect(emma.locator("mark")).to_have_text("whale")
    expect(books.locator("main img, main b")).to_have_count(0)
    assert (books.title(), ada.said) == ("books · Milepost", [])


def test_values_narrow_down_what_is_found_and_keep_the_focus(books: Page) -> None:
    sea = books.get_by_role("button", name="sea 2")
    sea.press("Enter")

    expect(books.get_by_text("2 of 3 documents")).to_be_visible()
    expect(books.get_by_role("button", name="sea 2")).to_have_attribute("aria-pressed", "true")
    expect(books.get_by_role("button", name="sea 2")).to_be_focused()

    books.get_by_role("button", name="sea 2").press("Enter")
    books.get_by_role("button", name="`quoted` 1").click()

    expect(books.get_by_text("1 of 3 documents")).to_be_visible()
    assert titles(books) == ["Emma"]


def test_a_document_is_shown_beside_the_page_and_the_focus_comes_back(books: Page) -> None:
    show = books.get_by_role("button", name="Show emma")
    show.press("Enter")
    dialog = books.get_by_role("dialog", name="emma")

    expect(dialog).to_contain_text(HOSTILE)
    expect(dialog).to_contain_text("Version 1, as the search knows it.")
    assert faults(books) == []

    books.keyboard.press("Escape")

    expect(show).to_be_focused()


def test_what_is_refused_is_said_and_the_search_goes_on(books: Page) -> None:
    search(books, "a " * 60)
    expect(books.get_by_role("alert").filter(has_text="words")).to_be_visible()
    search(books, "emma")

    expect(books.get_by_text("1 of 3 documents")).to_be_visible()
    expect(books.get_by_role("alert").filter(has_text="words")).to_have_count(0)


def test_a_collection_is_for_everybody_at_every_width_in_both_schemes(books: Page, ada: Somebody) -> None:
    search(books, "captain")
    expect(books.get_by_text("2 of 3 documents")).to_be_visible()
    books.get_by_text("Fields", exact=True).click()

    assert (faults(books), ada.said) == ([], [])
