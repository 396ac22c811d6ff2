"""Every page of the dashboard as it is shown: to everybody, at every width, in both schemes, and how much it takes."""

import itertools
import secrets

import pytest
from playwright.sync_api import Browser, expect

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import sign_in
from tests.browsing.accessibility import faults
from tests.e2e.dashboard import Person, opened, window

FIRST_CONTENTFUL_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"

MOST_BYTES = 165_000
MOST_MS = 500
MOST_CALLS = 2
LOADS = 30


@pytest.fixture
def grace(ada: Person) -> Person:
    """Somebody who has something on every page, and something of every kind."""
    ada.goal("Run a marathon", tasks=("Buy shoes", "Run 20 km"), done=1, deadline="2030-01-30")
    ada.goal("Move house", tasks=("Pack",), start_at="2026-01-01T00:00:00Z", deadline="2026-11-19", time_zone="UTC")
    paused = ada.goal("Learn to sail", description="In wind and waves.", tags=["sea", "wind"])
    ada.ask("POST", f"goals/{paused}/pause")
    audit = ada.milestone("Contracts audited", milestone_index=1, timeframe_to="2030-01-31")
    ada.milestone("Mainnet", audit, milestone_index=2, timeframe_to="2030-03-31")
    return ada


@pytest.fixture(scope="module")
def busy(stack: Addresses) -> Person:
    """Somebody with a page of goals, and one more with a task."""
    email, password = f"{secrets.token_hex(8)}@milepost.example", secrets.token_urlsafe(18)
    signed_in = sign_in(api_url=stack.api_url, email=email, password=password, display_name="Busy")
    person = Person(signed_in, stack.api_url)
    person.goal("Goal of old", tasks=("First step",))
    for number in range(20):
        person.goal(f"Goal {number}", deadline="2030-01-30")
    return person


def test_goals_are_for_everybody_at_every_width_in_both_schemes(chromium: Browser, grace: Person) -> None:
    page = opened(window(chromium, grace, grace.session()), grace)
    seen = {"goals": faults(page)}
    page.get_by_role("main").get_by_role("link", name="Run a marathon").first.click()
    expect(page.get_by_role("img")).to_be_visible()
    seen["goal"] = faults(page)
    page.get_by_role("button", name="Share a picture or calendar").click()
    expect(page.get_by_role("dialog")).to_contain_text("There is no link to this goal yet.")
    page.get_by_role("button", name="Make a link").click()
    expect(page.get_by_role("dialog").get_by_label("Badge", exact=True)).to_be_visible()
    seen["sharing"] = faults(page)

    assert {part: found for part, found in seen.items() if found} == {}


def test_projects_and_signing_in_are_for_everybody_too(chromium: Browser, grace: Person) -> None:
    page, seen = opened(window(chromium, grace, grace.session()), grace), {}
    for part in ("shared", "projects", "projects/bridge", "nowhere"):
        page.goto(f"{grace.api_url}/#/{part}")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        seen[part] = faults(page)
    page.evaluate("localStorage.clear()")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    seen["sign in"] = faults(page)
    page.get_by_role("button", name="Create an account").click()
    seen["join"] = faults(page)

    assert {part: found for part, found in seen.items() if found} == {}


def test_the_page_of_twenty_goals_asks_twice_and_is_small(chromium: Browser, busy: Person) -> None:
    loads = [load(chromium, busy) for _ in range(2)]

    assert {calls for calls, _, _ in loads} == {MOST_CALLS}
    assert max(sent for _, sent, _ in loads) <= MOST_BYTES


def test_the_page_of_twenty_goals_is_painted_in_half_a_second(chromium: Browser, busy: Person) -> None:
    # What else runs on the machine only adds to what the page takes: so one load that is quick enough says so.
    paints = (load(chromium, busy)[2] for _ in range(LOADS))
    slow = list(itertools.takewhile(lambda painted: painted > MOST_MS, paints))

    assert len(slow) < LOADS, slow


def load(chromium: Browser, person: Person) -> tuple[int, float, float]:
    """Load the goals into a new window; return how many calls, bytes, and milliseconds to the first paint it took."""
    context = window(chromium, person, person.session())
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/api/v1/" in request.url else None)
    page.goto(f"{person.api_url}/")
    expect(page.locator(".card")).to_have_count(20)
    page.wait_for_load_state("networkidle")
    painted = page.evaluate(FIRST_CONTENTFUL_PAINT)
    context.close()
    return len(asked), sum(received), painted


def test_what_is_kept_of_the_page_is_not_asked_for_again(chromium: Browser, ada: Person) -> None:
    context = window(chromium, ada, ada.session())
    page = opened(context, ada)
    page.wait_for_load_state("networkidle")
    sizes = "performance.getEntriesByType('resource').filter((each) => each.name.includes('/dashboard/'))"
    page.reload()
    page.locator("main h1").wait_for()

    assert page.evaluate(f"{sizes}.length") > 10
    assert page.evaluate(f"{sizes}.filter((each) => each.transferSize > 0).map((each) => each.name)") == []


def test_a_shared_badge_is_seen_by_whoever_has_its_address_until_it_is_ended(chromium: Browser, grace: Person) -> None:
    page = opened(window(chromium, grace, grace.session()), grace)
    page.get_by_role("main").get_by_role("link", name="Run a marathon").first.click()
    page.get_by_role("button", name="Share a picture or calendar").click()
    page.get_by_label("What is it for?").fill("README")
    page.get_by_role("button", name="Make a link").click()
    address = page.get_by_role("dialog").get_by_label("Badge", exact=True).input_value()
    shown = call("GET", address)

    assert shown.status == 200
    assert shown.headers["content-type"].startswith("image/svg+xml")

    page.get_by_role("button", name="End README").click()
    expect(page.get_by_role("dialog")).to_contain_text("There is no link to this goal yet.")

    assert call("GET", address).status == 404


def test_goals_after_the_first_page_are_shown_on_request_and_kept_up_to_date(chromium: Browser, busy: Person) -> None:
    page = window(chromium, busy, busy.session()).new_page()
    page.clock.install()
    page.goto(f"{busy.api_url}/")
    expect(page.locator(".card")).to_have_count(20)
    page.get_by_role("button", name="Show more goals").click()

    expect(page.locator(".card")).to_have_count(21)
    expect(page.get_by_role("link", name="Goal of old")).to_be_focused()

    oldest = busy.ask("GET", "goals?limit=100")["items"][-1]["goal_id"]
    (task,) = busy.ask("GET", f"goals/{oldest}/tasks")["items"]
    busy.ask("POST", f"goals/{oldest}/tasks/{task['task_id']}/complete")
    page.clock.run_for(10_500)

    expect(page.get_by_text("1 of 1 task done")).to_be_visible()
    expect(page.locator(".card")).to_have_count(21)
