"""The pages of sequences in Chromium: an order that is changed by keyboard and by pointer, and versions compared."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

SCRIPT = "sequences/global/script/elements"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(aws: None) -> Somebody:
    """Somebody with a sequence of four elements."""
    person = Somebody(Issuer().publish())
    for name in ("opening", "chase", "storm", "harbour"):
        person.asks("POST", SCRIPT, {"element_id": name, "comment": f"The {name}", "data": {"text": "Once"}})
    return person


@pytest.fixture
def script(chromium: Browser, ada: Somebody) -> Iterator[Page]:
    """The page of the sequence."""
    with in_process.opened(chromium, ada, "#/sequences/global/script") as page:
        yield page


def order(person: Somebody, path: str = SCRIPT) -> list[str]:
    return [each["element_id"] for each in person.asks("GET", path)["items"]]


def shown(page: Page) -> list[str]:
    return page.locator(".orderable a").all_text_contents()


def test_sequences_are_listed_and_lead_to_their_elements(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/sequences") as page:
        found = faults(page)
        page.get_by_role("link", name="script").click()
        expect(page.get_by_text("4 elements, ordered by number.")).to_be_visible()
        assert shown(page) == ["opening", "chase", "storm", "harbour"]

        assert (found, faults(page), ada.said) == ([], [], [])


def test_who_has_no_sequence_is_told_how_to_make_one(chromium: Browser, aws: None) -> None:
    with in_process.opened(chromium, Somebody(Issuer().publish()), "#/sequences") as page:
        expect(page.get_by_text("milepost sequences add")).to_be_visible()


def test_an_element_is_moved_by_keyboard_and_keeps_the_focus(script: Page, ada: Somebody) -> None:
    up = script.get_by_role("button", name="Move harbour up")
    for _ in range(2):
        up.press("Enter")

    expect(up).to_be_focused()
    expect(script.get_by_role("status").filter(has_text="harbour is now 2 of 4.")).to_be_visible()
    assert shown(script) == order(ada) == ["opening", "harbour", "chase", "storm"]
    assert ada.asked.count("POST /api/v1/sequences/global/script/reorder") == 1
    expect(script.locator(".orderable .place")).to_have_text(["1", "2", "3", "4"])


def test_the_first_cannot_be_moved_further_up(script: Page, ada: Somebody) -> None:
    up = script.get_by_role("button", name="Move opening up")

    expect(up).to_have_attribute("aria-disabled", "true")
    up.press("Enter")

    expect(script.get_by_text("It is the first.")).to_be_visible()
    assert order(ada)[0] == "opening"


def test_an_element_is_dragged_where_it_is_to_stand(script: Page, ada: Somebody) -> None:
    rows = script.locator(".orderable li")
    handle, target = rows.nth(3).locator(".handle").bounding_box(), rows.nth(0).bounding_box()
    assert handle is not None
    assert target is not None
    script.mouse.move(handle["x"] + 5, handle["y"] + 5)
    script.mouse.down()
    script.mouse.move(handle["x"] + 5, target["y"] + 2, steps=20)
    script.mouse.up()

    expect(script.get_by_text("harbour is now 1 of 4.")).to_be_visible()
    assert shown(script) == order(ada) == ["harbour", "opening", "chase", "storm"]


def test_an_order_that_is_refused_is_shown_as_it_is(script: Page, ada: Somebody) -> None:
    ada.asks("DELETE", f"{SCRIPT}/chase")
    script.get_by_role("button", name="Move opening down").press("Enter")

    expect(script.get_by_role("alert").filter(has_text="The order stays as it was.")).to_be_visible()
    expect(script.locator(".orderable a")).to_have_text(["opening", "storm", "harbour"])


def test_elements_that_are_ordered_by_rank_are_moved_one_alone(chromium: Browser, ada: Somebody) -> None:
    ada.asks("POST", "sequences/types", {"element_type": "scene", "order": "rank"})
    scenes = "sequences/season-1/scene/elements"
    for name in ("a", "b", "c"):
        ada.asks("POST", scenes, {"element_id": name})
    with in_process.opened(chromium, ada, "#/sequences/season-1/scene") as page:
        for _ in range(2):
            page.get_by_role("button", name="Move c up").press("Enter")
        expect(page.get_by_text("c is now 1 of 3.")).to_be_visible()
        page.get_by_role("button", name="Move c down").press("Enter")
        expect(page.get_by_text("c is now 2 of 3.")).to_be_visible()

    assert order(ada, scenes) == ["a", "c", "b"]
    assert [asked for asked in ada.asked if asked.endswith("/move")] == [f"POST /api/v1/{scenes}/c/move"] * 2


def test_who_may_only_read_sees_the_order_and_no_way_to_change_it(chromium: Browser, ada: Somebody) -> None:
    ada.scope = "goals:read identity:read sequences:read"
    with in_process.opened(chromium, ada, "#/sequences/global/script") as page:
        expect(page.locator(".orderable a")).to_have_count(4)
        expect(page.get_by_role("button", name="Move")).to_have_count(0)


def test_versions_are_compared_shown_and_restored(chromium: Browser, ada: Somebody) -> None:
    rest = "x" * 200
    for text in ("Twice <b>", "Thrice"):
        ada.asks("POST", f"{SCRIPT}/opening/versions", {"label": f"with {text}", "data": {"text": text, "rest": rest}})
    with in_process.opened(chromium, ada, "#/sequences/global/script/opening") as page:
        page.get_by_role("button", name="What changed in version 3").click()
        expect(page.get_by_text("replaced: Thrice")).to_be_visible()
        page.get_by_role("button", name="What it holds in version 2").click()
        expect(page.locator("dd", has_text="Twice <b>")).to_be_visible()
        found = faults(page)
        page.get_by_role("button", name="Restore version 2").press("Enter")
        expect(page.get_by_role("heading", name="Version 4")).to_be_visible()
        expect(page.get_by_text("restores version 2")).to_be_visible()

    assert ada.asks("GET", f"{SCRIPT}/opening/versions/4")["data"] == {"text": "Twice <b>", "rest": rest}
    assert (found, ada.said) == ([], [])
