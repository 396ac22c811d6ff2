"""The pages of segments in Chromium: a rule that is built by keyboard while the people in it are counted."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.audience.files.reading import File
from functions.audience.querying import memberships
from functions.audience.querying.memberships import Membership
from shared import clock
from shared.storage import table
from tests.audience.people import Person
from tests.aws.buckets import make_the_bucket
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

SCOPE = "audience:read audience:write audience:send"
NEWCOMERS = {"type": "condition", "field": "tags", "operator": "=", "value": "new"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(pepper: str) -> Somebody:
    """Somebody with three people, two of whom are new."""
    make_the_bucket()
    person = Somebody(Issuer().publish(), scope=f"identity:read {SCOPE}")
    rows = [
        {"external_id": "1", "name": "Grace", "tags": ["new"], "visits": 3},
        {"external_id": "2", "name": "Mary", "tags": ["new"]},
        {"external_id": "3", "name": "Joan <b>", "metadata": {"size": "3"}},
    ]
    Person(person.user_id, person.tenant_id, person.issuer, SCOPE).imports(*rows)
    return person


def counted(page: Page, words: str) -> None:
    expect(page.get_by_role("region", name="Who is in it now").get_by_text(words, exact=True)).to_be_visible()


def has_segment(person: Somebody, rule: Any = NEWCOMERS, name: str = "New ones") -> str:
    return str(person.asks("POST", "segments", {"name": name, "rule_ast": rule})["segment_id"])


def test_a_rule_is_built_by_keyboard_alone_while_people_are_counted(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/segments") as page:
        page.get_by_role("link", name="New segment").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("New segment")
        expect(page.get_by_role("group", name="Condition 1")).to_contain_text("Value is required.")
        page.get_by_label("Value").focus()
        page.keyboard.type("new")
        counted(page, "2 people")
        found = [faults(page)]
        page.get_by_role("button", name="Add a condition to the rule").press("Enter")
        second = page.get_by_role("group", name="Condition 2")
        expect(second.get_by_label("Field")).to_be_focused()
        page.keyboard.type("Visits")
        expect(second.get_by_label("Field")).to_have_value("visits")
        page.keyboard.press("Tab")
        expect(second.get_by_label("How")).to_be_focused()
        page.keyboard.type("is at least")
        expect(second.get_by_label("How")).to_have_value(">=")
        page.keyboard.press("Tab")
        page.keyboard.type("2")
        counted(page, "1 person")
        expect(page.get_by_role("region", name="Who is in it now").get_by_role("listitem")).to_have_text(["Grace1"])
        expect(page.get_by_role("main")).not_to_contain_text("false")
        page.get_by_label("Name", exact=True).fill("Keen")
        page.get_by_label("Time zone").fill("Europe/Berlin")
        page.get_by_label("Time zone").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Keen")
        expect(page.get_by_role("link", name="New campaign to it")).to_be_visible()
        found.append(faults(page))

    [kept] = ada.asks("GET", "segments")["items"]
    more = {"type": "condition", "field": "visits", "operator": ">=", "value": 2}
    assert (kept["rule_ast"], kept["time_zone"]) == ({"op": "AND", "children": [NEWCOMERS, more]}, "Europe/Berlin")
    assert (found, [said for said in ada.said if "422" not in said]) == ([[], []], [])


def test_what_is_wrong_and_what_may_not_be_meant_stands_at_its_node(chromium: Browser, ada: Somebody) -> None:
    rule = {"op": "OR", "children": [NEWCOMERS, {"op": "NOT", "children": [NEWCOMERS]}]}
    with in_process.opened(chromium, ada, f"#/segments/{has_segment(ada, rule)}") as page:
        counted(page, "3 people")
        page.get_by_role("button", name="Remove condition 2.1").press("Enter")
        refused = page.get_by_role("group", name="Group 2")
        expect(refused.get_by_text("NOT must have one child.")).to_be_visible()
        expect(page.get_by_role("button", name="Add a condition to group 2")).to_be_focused()
        counted(page, "Nobody is counted until the rule is right.")
        refused.get_by_label("Of this group").select_option("AND")
        expect(refused.get_by_text("AND without children matches every lead.")).to_be_visible()
        counted(page, "3 people")
        expect(refused).to_have_accessible_description("AND without children matches every lead.")

        assert faults(page) == []


def test_a_segment_says_what_its_rule_is_and_when_it_was_counted(chromium: Browser, ada: Somebody) -> None:
    never = {"op": "NOT", "children": [{"type": "condition", "field": "last_order_at", "operator": "IS_SET"}]}
    visits = {"type": "condition", "field": "visits", "operator": "BETWEEN", "value": [1, 5]}
    segment_id = has_segment(ada, {"op": "AND", "children": [NEWCOMERS, {"op": "OR", "children": [never, visits]}]})
    other = {"type": "condition", "field": "segment", "operator": "=", "value": segment_id}
    has_segment(ada, other, "The same")
    said = "Tags is “new”, and (it does not hold that last order is set, or visits is between 1 and 5)."
    with in_process.opened(chromium, ada, "#/segments") as page:
        expect(page.get_by_text("Segment is “New ones”.")).to_be_visible()
        expect(page.get_by_text(said)).to_be_visible()
        page.get_by_role("link", name="New ones").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("New ones")
        expect(page.get_by_text(said)).to_be_visible()
        expect(page.get_by_text("Counted at ")).to_be_visible()
        expect(page.get_by_text("It is counted for the first time within an hour.")).to_be_visible()
        page.get_by_label("Value").first.fill("old")
        expect(page.get_by_text(said.replace("new", "old"))).to_be_visible()

        assert faults(page) == []


@pytest.mark.parametrize(
    ("lag_seconds", "said"),
    [
        (1, "The newest change it knows of is 1 second old."),
        (190, "The newest change it knows of is 3 minutes old."),
        (259_200, "The newest change it knows of is of 2026-11-20 10:30 UTC."),
    ],
)
def test_what_is_counted_says_how_old_its_newest_change_is(
    chromium: Browser, ada: Somebody, lag_seconds: int, said: str
) -> None:
    found = {"count": 0, "sample": [], "as_of": "2026-11-23T10:30:00.000Z", "lag_seconds": lag_seconds, "warnings": []}
    has_segment(ada)
    with in_process.opened(chromium, ada, "#/segments") as page:
        page.route("**/api/v1/segments/preview", lambda route: route.fulfill(json=found))
        page.get_by_role("link", name="New ones").click()

        expect(page.get_by_role("region", name="Who is in it now").get_by_text("Counted at")).to_contain_text(said)


def test_the_days_of_a_segment_are_drawn_and_said(chromium: Browser, ada: Somebody) -> None:
    segment_id = has_segment(ada)
    today = clock.now() // clock.DAY
    counts = ((3, 1_200), (2, 1_500), (0, 900))
    for back, number in counts:
        day = clock.to_rfc3339((today - back) * clock.DAY)[:10]
        known = Membership(ada.tenant_id, segment_id, 1, number, 0, File("", ""), counted_on=day)
        table.put_many([memberships.counted(known).item])
    with in_process.opened(chromium, ada, f"#/segments/{segment_id}") as page:
        region = page.get_by_role("region", name="Members by day")
        expect(region).to_contain_text("300 fewer than on ")
        bars = region.get_by_role("img").locator("rect")
        heights = [float(bar.get_attribute("height") or 0) for bar in bars.all()]
        region.get_by_text("As a list").press("Enter")
        expect(region.get_by_role("definition")).to_have_text(["900", "1,500", "1,500", "1,200"])
        page.set_viewport_size({"width": 360, "height": 800})

        assert heights == [80, 100, 100, 60]
        assert faults(page) == []


def test_a_rule_is_sent_only_when_somebody_pauses(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, f"#/segments/{has_segment(ada)}") as page:
        counted(page, "2 people")
        before = ada.asked.count("POST /api/v1/segments/preview")
        page.get_by_label("Value").press_sequentially("est")
        counted(page, "0 people")

    assert ada.asked.count("POST /api/v1/segments/preview") == before + 1


@pytest.mark.parametrize(
    "rule",
    [
        {"op": "AND", "children": [{"type": "condition", "field": "metadata.size", "operator": "=", "value": "3"}]},
        {
            "op": "AND",
            "children": [{"type": "condition", "field": "metadata.size", "operator": "IN", "value": [3, "a"]}],
        },
        {"op": "AND", "children": [{"type": "condition", "field": "visits", "operator": "BETWEEN", "value": [1, 2.5]}]},
        {"op": "AND", "children": [{"type": "condition", "field": "last_order_at", "operator": "IS_NOT_SET"}]},
        {
            "op": "AND",
            "children": [{"type": "condition", "field": "created_at", "operator": "ANNIVERSARY", "value": 7}],
        },
        {"op": "AND", "children": [{"type": "condition", "field": "campaign.any.sent_at", "operator": "IS_SET"}]},
        {"op": "AND", "children": [{"type": "condition", "field": "name", "operator": "=", "value": None}]},
    ],
)
def test_a_rule_that_is_saved_untouched_stays_as_it_was(chromium: Browser, ada: Somebody, rule: Any) -> None:
    segment_id = has_segment(ada, rule)
    with in_process.opened(chromium, ada, f"#/segments/{segment_id}") as page:
        page.get_by_label("Name", exact=True).fill("Renamed")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Renamed")

    assert ada.asks("GET", f"segments/{segment_id}")["rule_ast"] == rule


def test_a_rule_names_another_segment_which_then_cannot_be_deleted(chromium: Browser, ada: Somebody) -> None:
    other = has_segment(ada)
    rule = {"op": "AND", "children": [{"type": "condition", "field": "segment", "operator": "!=", "value": other}]}
    with in_process.opened(chromium, ada, f"#/segments/{has_segment(ada, rule, 'The others')}") as page:
        expect(page.get_by_label("Segment")).to_have_value(other)
        counted(page, "1 person")
        expect(page.get_by_role("link", name="Joan <b>")).to_be_visible()
        page.goto(f"{in_process.ORIGIN}/#/segments/{other}")
        page.get_by_role("button", name="Delete the segment").click()
        page.get_by_role("button", name="Delete it").click()
        expect(page.get_by_role("alert").filter(has_text="segment")).to_be_visible()

    assert len(ada.asks("GET", "segments")["items"]) == 2


def test_who_may_only_read_may_try_a_rule_and_not_keep_it(chromium: Browser, ada: Somebody) -> None:
    segment_id = has_segment(ada)
    ada.scope = "identity:read audience:read"
    with in_process.opened(chromium, ada, f"#/segments/{segment_id}") as page:
        counted(page, "2 people")
        expect(page.get_by_role("button", name="Save")).to_have_count(0)
        page.get_by_label("How").select_option("!=")
        counted(page, "1 person")
