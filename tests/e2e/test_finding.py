"""The dashboard's search on the deployed stage, used by keyboard: a typo, a goal; a collection; an order."""

from playwright.sync_api import Browser, expect

from tests.e2e.dashboard import Person, opened, window
from tests.e2e.endpoints import until

SCRIPT = "sequences/global/script/elements"


def test_a_goal_is_found_with_a_typo_and_opened(chromium: Browser, ada: Person) -> None:
    ada.goal("Run a marathon", tasks=("Buy shoes",))
    until(lambda: len(ada.ask("GET", "search?q=marathon")["items"]) == 1)
    page = opened(window(chromium, ada, ada.session()), ada, "#/projects")
    expect(page.get_by_role("combobox", name="Search Milepost")).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type("marthon")

    expect(page.get_by_role("option", name="Run a marathon")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Run a marathon")
    expect(page.get_by_role("checkbox", name="Buy shoes")).to_be_visible()


def test_a_collection_is_searched_while_one_types(chromium: Browser, ada: Person) -> None:
    ada.ask("POST", "collections", {"name": "books", "fields": [{"name": "title", "type": "string"}]})
    for id_, title in (("moby", "Moby-Dick; or, The Whale"), ("emma", "Emma")):
        change = {"operation": "upsert", "collection_name": "books", "document": {"id": id_, "title": title}}
        ada.ask("POST", "documents/sync", change)
    until(lambda: ada.ask("GET", "collections/books")["num_documents"] == 2)
    page = opened(window(chromium, ada, ada.session()), ada, "#/collections")
    page.get_by_role("link", name="books").click()
    page.get_by_role("searchbox", name="Search books").fill("wahle")

    expect(page.locator(".card mark")).to_have_text("Whale")
    expect(page.get_by_text("1 of 2 documents")).to_be_visible()


def test_an_element_is_moved_by_keyboard(chromium: Browser, ada: Person) -> None:
    for name in ("opening", "chase", "storm"):
        ada.ask("POST", SCRIPT, {"element_id": name})
    page = opened(window(chromium, ada, ada.session()), ada, "#/sequences/global/script")
    page.get_by_role("button", name="Move storm up").press("Enter")
    page.get_by_role("button", name="Move storm up").press("Enter")
    expect(page.get_by_text("storm is now 1 of 3.")).to_be_visible()

    assert [each["element_id"] for each in ada.ask("GET", SCRIPT)["items"]] == ["storm", "opening", "chase"]
