"""The dashboard when something is wrong: sessions that are over, no network, too much at once, hostile texts."""

import json

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from infra.stage.client import call
from tests.e2e.dashboard import Person, opened, sign_in, window

# A browser shows a tab what another has kept a moment late: here, after ten looks.
SEES_LATE = """(before) => {
  const read = Storage.prototype.getItem;
  let looks = 0;
  Storage.prototype.getItem = function (key) { return ++looks > 10 ? read.call(this, key) : before; };
}"""
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>\"'{{7*7}}"


def tokens(person: Person) -> dict[str, str]:
    """Return what a sign-in by the API answers."""
    credentials = {"email": person.signed_in.email, "password": person.signed_in.password}
    answered: dict[str, str] = call("POST", f"{person.api_url}/api/v1/auth/login", body=credentials).json()
    return answered


def test_who_has_been_away_too_long_signs_in_and_is_back_where_they_were(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon")
    page = opened(window(chromium, ada, ada.session(good_until=0)), ada, f"#/goals/{goal_id}")

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    expect(page.get_by_role("main")).to_contain_text("Your session is over. Sign in again to go on where you were.")

    sign_in(page, ada)

    expect(page.get_by_role("heading", level=1)).to_have_text("Run a marathon")


def test_a_session_that_was_ended_elsewhere_ends_here(chromium: Browser, ada: Person) -> None:
    page = opened(window(chromium, ada, ada.session(access_token="revoked")), ada)

    expect(page.get_by_role("main")).to_contain_text("Your session is over.")
    assert page.evaluate("localStorage.length") == 0


def test_two_tabs_refresh_once_between_them(chromium: Browser, ada: Person) -> None:
    refresh_token = tokens(ada)["refresh_token"]
    context = window(chromium, ada, ada.session(good_until=0, refresh_token=refresh_token))
    refreshed: list[str] = []
    context.on("request", lambda request: refreshed.append(request.url) if "auth/refresh" in request.url else None)
    pages = [context.new_page(), context.new_page()]
    for page in pages:
        page.goto(f"{ada.api_url}/", wait_until="commit")
    for page in pages:
        expect(page.get_by_role("heading", level=1)).to_have_text("Your goals")

    assert len(refreshed) == 1


def test_a_tab_that_sees_what_was_kept_before_waits_for_what_another_has_refreshed(
    chromium: Browser, ada: Person
) -> None:
    before = ada.session(good_until=0, refresh_token=tokens(ada)["refresh_token"])
    context = window(chromium, ada, before)
    opened(context, ada)
    refreshed: list[str] = []
    context.on("request", lambda request: refreshed.append(request.url) if "auth/refresh" in request.url else None)
    late = context.new_page()
    late.add_init_script(f"({SEES_LATE})({json.dumps(json.dumps(before))})")
    late.goto(f"{ada.api_url}/")

    expect(late.get_by_role("heading", level=1)).to_have_text("Your goals")
    assert not refreshed


def test_who_signs_out_leaves_nothing_and_the_other_tabs_follow(chromium: Browser, ada: Person) -> None:
    given = tokens(ada)
    context = window(chromium, ada, ada.session(**given))
    page, other = opened(context, ada), opened(context, ada)
    page.get_by_role("button", name="Sign out").click()

    expect(page.get_by_role("main")).to_contain_text("You are signed out.")
    expect(other.get_by_role("heading", level=1)).to_have_text("Sign in")
    refused = call("POST", f"{ada.api_url}/api/v1/auth/refresh", body={"refresh_token": given["refresh_token"]})
    assert page.evaluate("localStorage.length") == 0
    assert refused.status == 401


def test_without_a_network_nothing_is_lost(chromium: Browser, ada: Person) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes",))
    context = window(chromium, ada, ada.session())
    page = opened(context, ada, f"#/goals/{goal_id}")
    box, title = page.get_by_role("checkbox", name="Buy shoes"), page.get_by_label("New task")
    title.fill("Run 20 km")
    context.set_offline(True)
    box.click()

    expect(page.get_by_role("alert").filter(has_text="“Buy shoes” stays as it was.")).to_be_visible()
    expect(box).not_to_be_checked()

    page.get_by_role("button", name="Add task").click()

    expect(page.get_by_role("alert").filter(has_text="what you have typed stays here")).to_have_count(2)
    expect(title).to_have_value("Run 20 km")

    page.get_by_role("link", name="Shared").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("That did not work")
    context.set_offline(False)
    page.get_by_role("button", name="Try again").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Shared with you")
    assert ada.ask("GET", f"goals/{goal_id}")["progress"]["total_tasks"] == 1


def test_a_page_that_is_open_says_that_it_is_out_of_date_and_catches_up(chromium: Browser, ada: Person) -> None:
    context = window(chromium, ada, ada.session())
    page = context.new_page()
    page.clock.install()
    page.goto(f"{ada.api_url}/")
    foot = page.locator(".foot")
    expect(foot).to_contain_text("Looks for changes every 10 seconds.")
    context.set_offline(True)
    page.clock.run_for(10_500)

    expect(foot).to_contain_text("Milepost does not answer.")

    ada.goal("Run a marathon")
    context.set_offline(False)

    expect(page.get_by_role("link", name="Run a marathon")).to_be_visible()
    expect(foot).to_contain_text("Looks for changes every 10 seconds.")


def test_who_asks_too_often_comes_back_when_they_are_told_to(chromium: Browser, ada: Person) -> None:
    page = window(chromium, ada, ada.session()).new_page()
    page.clock.install()
    page.goto(f"{ada.api_url}/")
    expect(page.locator(".foot")).to_be_visible()
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "60"}, json={"code": "RateLimited"})

    page.route("**/api/v1/goals?*", refuse)
    page.clock.run_for(10_500)
    expect(page.locator(".foot")).to_contain_text("too much at once")
    page.clock.run_for(55_000)

    assert len(asked) == 1

    page.clock.run_for(10_000)
    expect(page.locator(".foot")).to_contain_text("120 seconds")

    assert len(asked) == 2


@pytest.fixture
def mallory(ada: Person) -> Person:
    """Somebody in all of whose texts there is a script."""
    goal_id = ada.goal(HOSTILE, description=HOSTILE, category=HOSTILE[:50], tags=[HOSTILE[:50]], tasks=(HOSTILE,))
    (task,) = ada.ask("GET", f"goals/{goal_id}/tasks")["items"]
    ada.ask("PATCH", f"goals/{goal_id}/tasks/{task['task_id']}", {"tags": ["<b>bold"]})
    ada.ask("POST", f"goals/{goal_id}/tasks/{task['task_id']}/complete", {"completion_note": HOSTILE})
    ada.ask("POST", "links", {"goal_id": goal_id, "name": HOSTILE})
    first = ada.milestone(HOSTILE, project=HOSTILE, kpi_id=HOSTILE)
    ada.milestone(HOSTILE, first, project=HOSTILE)
    ada.ask("PATCH", "auth/me", {"display_name": HOSTILE})
    return ada


def test_a_script_in_a_text_is_a_text_everywhere(chromium: Browser, mallory: Person) -> None:
    page = opened(window(chromium, mallory, mallory.session(name=HOSTILE)), mallory)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    _is_text(page, "h2", "nav")
    page.get_by_role("link", name=HOSTILE).first.click()
    expect(page.get_by_role("img")).to_be_visible()
    _is_text(page, "h1", ".description", ".task label", "dd")
    page.get_by_role("button", name="Share a picture or calendar").click()
    _is_text(page, "dialog h2", "dialog li")
    page.goto(f"{mallory.api_url}/#/projects")
    page.get_by_role("main").get_by_role("link", name=HOSTILE).click()
    _is_text(page, "h1", "h3", ".waits li")
    page.goto(f"{mallory.api_url}/#/goals/{HOSTILE}")
    expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")

    assert dialogs == []


def _is_text(page: Page, *places: str) -> None:
    """Hold that the hostile text, or its beginning, stands in each of these places, and has become nothing else."""
    for place in places:
        expect(page.locator(place).filter(has_text="<img src=x onerror=alert(1)>").first).to_be_visible()
    assert page.locator("[onerror], body script, img:not([src^='blob:']), b").count() == 0
