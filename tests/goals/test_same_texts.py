"""One goal says the same of itself everywhere: API, GraphQL, picture, badge, calendar, command line, dashboard."""

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import httpx
import icalendar
import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browsing import browser
from tests.cli.shell import URL, Shell
from tests.goals.conftest import Travel
from tests.goals.links.looking import looks, makes_link
from tests.goals.people import Person
from tests.portal import entries
from tests.portal.conftest import bundled

__all__ = ["bundled"]

SVG = "{http://www.w3.org/2000/svg}"
ORIGIN = "http://milepost.example"


class Case(NamedTuple):
    """What is done, and what every surface must say then.

    `steps` are instants and the weights of the tasks completed then; `reached` and `predicted` are days by threshold.
    """

    goal: dict[str, Any]
    open_weights: tuple[int, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    now: str
    progress: str
    deadline: str | None
    reached: dict[int, str]
    predicted: dict[int, str]


BY_TASKS = {"weights": {"task": 100, "time": 0}}
BY_TIME = {"weights": {"task": 0, "time": 100}}
CASES = {
    "39.59 % is 39.6 %": Case(
        {"time_zone": "UTC"},
        (1000,) * 6 + (41,),
        (("2026-01-02T09:00:00Z", (1000, 1000, 1000, 959)),),
        "2026-01-03T00:00:00Z",
        "39.6 %",
        None,
        {25: "2 Jan 2026"},
        {},
    ),
    "99.96 % is not 100 %": Case(
        {"deadline": "2026-12-24", **BY_TASKS},
        (1,),
        (("2026-01-02T09:00:00Z", (1000, 1000, 499)),),
        "2026-01-03T00:00:00Z",
        "99.9 %",
        "24 Dec 2026",
        {25: "2 Jan 2026", 50: "2 Jan 2026", 75: "2 Jan 2026"},
        {},
    ),
    "half past eleven at night in Newfoundland is the next day in UTC": Case(
        {"time_zone": "America/St_Johns", "deadline": "2026-12-24", **BY_TASKS},
        (1,),
        (("2026-11-22T03:00:00Z", (1,)),),
        "2026-11-22T03:10:00Z",
        "50 %",
        "24 Dec 2026",
        {25: "21 Nov 2026", 50: "21 Nov 2026"},
        {},
    ),
    "ten in the morning in UTC is the next day on Kiritimati, and the end its last day": Case(
        {"time_zone": "Pacific/Kiritimati", "start_at": "2026-11-20T10:00:00Z", "deadline": "2026-11-22", **BY_TIME},
        (),
        (),
        "2026-11-21T10:00:00Z",
        "50 %",
        "22 Nov 2026",
        {25: "21 Nov 2026", 50: "22 Nov 2026"},
        {75: "22 Nov 2026", 100: "22 Nov 2026"},
    ),
    "a day of 23 hours": Case(
        {"time_zone": "Europe/Berlin", "start_at": "2026-03-28T23:00:00Z", "deadline": "2026-03-29", **BY_TIME},
        (),
        (),
        "2026-03-29T10:30:00Z",
        "50 %",
        "29 Mar 2026",
        {25: "29 Mar 2026", 50: "29 Mar 2026"},
        {75: "29 Mar 2026", 100: "29 Mar 2026"},
    ),
    "a midnight that clocks skip ends the day before it": Case(
        {"time_zone": "America/Santiago", "start_at": "2026-09-05T04:00:00Z", "deadline": "2026-09-05", **BY_TIME},
        (),
        (),
        "2026-09-06T04:00:00Z",
        "100 %",
        "5 Sep 2026",
        {25: "5 Sep 2026", 50: "5 Sep 2026", 75: "5 Sep 2026", 100: "5 Sep 2026"},
        {},
    ),
}


class Shown(NamedTuple):
    """What a surface says: how far the goal is, its last day, the days of milestones by threshold."""

    progress: str
    deadline: str | None
    reached: dict[int, str]
    predicted: dict[int, str]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as started:
        yield started


@pytest.fixture(params=CASES.values(), ids=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    found: Case = request.param
    return found


@pytest.fixture
def goal_id(case: Case, ada: Person, travel: Travel) -> str:
    goal = ada.sets_goal(title="Cross the river", **{"start_at": "2026-01-01T00:00:00Z", **case.goal})["goal_id"]
    for weight in case.open_weights:
        ada.adds_task(goal, weight=weight)
    tasks = [(at, ada.adds_task(goal, weight=weight)) for at, weights in case.steps for weight in weights]
    for at, task in tasks:
        travel(at)
        ada.completes(task)
    travel(case.now)
    return str(goal)


@pytest.fixture
def expected(case: Case) -> Shown:
    return Shown(case.progress, case.deadline, case.reached, case.predicted)


def test_the_api_and_graphql_answer_it_beside_the_exact_values(ada: Person, goal_id: str, expected: Shown):
    goal, graphql = ada.get(f"/goals/{goal_id}").body, ada.ask("goal", {"goalId": goal_id}).data

    for found, (progress, deadline, achieved, predicted) in (
        (goal, ("progress_text", "deadline_text", "achieved_text", "predicted_text")),
        (graphql, ("progressText", "deadlineText", "achievedText", "predictedText")),
    ):
        days = [(each["percentage"], each[achieved], each[predicted]) for each in found["milestones"]]
        reached = {percentage: day for percentage, day, _ in days if day}
        ahead = {percentage: day for percentage, _, day in days if day}
        assert Shown(found["progress"][progress], found[deadline], reached, ahead) == expected


def test_the_picture_says_it(ada: Person, goal_id: str, expected: Shown):
    root = Xml.fromstring(ada.get(f"/goals/{goal_id}/chart.svg").body)  # noqa: S314 - our own picture
    said, described = {each.text for each in root.iter(f"{SVG}text")}, root.findtext(f"{SVG}desc") or ""
    days = {kind: dict(re.findall(rf"(\d+) % {kind} ([^.]+)\.", described)) for kind in ("reached", "predicted")}

    assert f"Progress {expected.progress}" in said
    assert f"progress {expected.progress}." in described
    assert {int(percentage): day for percentage, day in days["reached"].items()} == expected.reached
    assert {int(percentage): day for percentage, day in days["predicted"].items()} == expected.predicted
    assert said >= {*expected.reached.values(), *expected.predicted.values()}
    assert (f"Deadline {expected.deadline}." in described) == (expected.deadline is not None)


def test_the_badge_says_it(ada: Person, goal_id: str, expected: Shown):
    link = makes_link(ada, goal_id=goal_id)
    progress, milestone = (
        Xml.fromstring(looks(link, "badge", more=f"metric={metric}").body).get("aria-label")  # noqa: S314 - our own
        for metric in ("progress", "milestone")
    )

    assert progress == f"Cross the river: {expected.progress}"
    for day in list(expected.predicted.values())[:1]:
        assert milestone == f"Cross the river: Three Quarters {day}"


def test_the_calendar_says_it(ada: Person, goal_id: str, expected: Shown):
    calendar = icalendar.Calendar.from_ical(looks(makes_link(ada, goal_id=goal_id)).body)
    found = {str(each["SUMMARY"]).partition(": ")[2]: written(each["DTSTART"].dt) for each in calendar.walk("VEVENT")}
    names = {25: "First Quarter", 50: "Halfway Point", 75: "Three Quarters", 100: "Complete"}
    deadline = {} if expected.deadline is None else {"deadline": expected.deadline}

    assert found == {
        **deadline,
        **{names[percentage]: day for percentage, day in expected.reached.items()},
        **{f"{names[percentage]} (predicted)": day for percentage, day in expected.predicted.items()},
    }


def test_the_command_line_says_it(
    ada: Person, goal_id: str, expected: Shown, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "300")

    def answered(request: httpx.Request) -> httpx.Response:
        answer = ada.get(request.url.path.removeprefix("/api/v1"), request.url.query.decode())
        return httpx.Response(answer.status, json=answer.body)

    machine = Shell(tmp_path, {"MILEPOST_API_KEY": "mlp_test", "MILEPOST_URL": URL}, answered)
    for command in (["progress"], ["goals", "show", goal_id]):
        said = re.sub(r"\x1b\[[0-9;]*m", "", machine.types(*command).out)
        reached = {int(percentage): day for percentage, day in re.findall(r"(\d+) % ✓ (\d+ \w+ \d+)", said)}
        ahead = {int(percentage): day for percentage, day in re.findall(r"(\d+) % → (\d+ \w+ \d+)", said)}

        assert re.search(rf"(?<![\d.]){re.escape(expected.progress)}", said)
        assert (reached, ahead) == (expected.reached, expected.predicted)
        assert expected.deadline is None or expected.deadline in said


def test_the_dashboard_says_it_to_a_reader_in_another_time_zone(
    chromium: Browser, bundled: Path, ada: Person, goal_id: str, expected: Shown
):
    page = opened(chromium, ada, "America/Los_Angeles")
    card = page.locator(".card").first
    card.locator(".stop").first.wait_for()
    assert said_by(page) == expected

    page.goto(f"{ORIGIN}/#/goals/{goal_id}")
    page.locator("h1#title").wait_for()
    assert said_by(page) == expected
    page.context.close()


def written(day: date) -> str:
    """Return a day of a calendar as people write it."""
    return f"{day.day} {day:%b} {day.year}"


def said_by(page: Page) -> Shown:
    """Return what the first card of a page says of its goal."""
    card = page.locator(".card").first
    facts = " ".join(card.locator(".facts").all_inner_texts())
    deadline = re.search(r"Due (\d+ \w+ \d+)", facts)
    days: dict[str, dict[int, str]] = {"reached": {}, "expected": {}}
    for stop in card.locator(".stop").all():
        percentage, words = stop.locator("strong").inner_text(), stop.locator("span").inner_text()
        if words in days:
            days[words][int(percentage.removesuffix(" %"))] = stop.locator("time").inner_text()
    progress = card.locator(".percent").inner_text()
    return Shown(progress, deadline and deadline[1], days["reached"], days["expected"])


def opened(chromium: Browser, person: Person, time_zone: str) -> Page:
    """Return the dashboard of somebody who is signed in; what it asks goes to the real handlers."""
    claims = person.issuer.claims(sub=person.user_id, tid=person.tenant_id, scope=person.scope)
    session = {"access_token": person.issuer.token(claims=claims), "refresh_token": "none", "good_until": 2**50}
    kept = [{"name": "milepost.session", "value": json.dumps({**session, "name": "Ada"})}]
    state: Any = {"cookies": [], "origins": [{"origin": ORIGIN, "localStorage": kept}]}
    context = chromium.new_context(storage_state=state, timezone_id=time_zone, viewport={"width": 1440, "height": 900})

    def answered(route: Route) -> None:
        asked = urlsplit(route.request.url)
        if asked.path.startswith("/api/v1/"):
            found = person.get(asked.path.removeprefix("/api/v1"), asked.query)
            body = found.body if isinstance(found.body, str) else json.dumps(found.body)
            route.fulfill(status=found.status, headers=dict(found.headers), body=body)
        else:
            file = entries.ask("GET", asked.path)
            route.fulfill(status=file.status, headers=dict(file.headers), body=file.body)

    context.route("**/*", answered)
    page = context.new_page()
    page.goto(f"{ORIGIN}/")
    return page
