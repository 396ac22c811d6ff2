"""What a link shows to whoever holds it, and what it never shows."""

import base64
import hashlib
import logging
import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from functions.goals import api
from shared.callers import auth
from shared.storage import table
from tests.aws import hooks
from tests.aws.entries import Answer, Context, http_event
from tests.goals.conftest import Stored, Travel
from tests.goals.links.looking import looks, makes_link
from tests.goals.people import MARATHON, Person, anonymous

NOBODYS = "mpl_" + "A" * 43
PLACES = ["/shared/badge.svg", "/shared/chart.svg", "/shared/calendar.ics"]
PICTURES = ["badge", "chart"]
HOSTILE = [
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]><x/>&lt;b&gt;&#60;script>",
    "a\u202eb'c",
]


def drawn(answer: Answer) -> ElementTree.Element:
    """Return the root of a picture of ours."""
    return ElementTree.fromstring(answer.body)  # noqa: S314 - it is ours, and what it holds of others is escaped


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("token", [NOBODYS, "mpl_short", "", "A" * 47, NOBODYS + "A", "mpl_" + "é" * 43])
def test_a_wrong_link_shows_nothing(place: str, token: str, ada: Person, calls: list[str]):
    makes_link(ada)
    calls.clear()
    answer = anonymous("GET", place, query=f"link={token}")

    assert (answer.status, answer.code) == (404, "NothingShared")
    assert calls == (["GetItem"] if token == NOBODYS else [])
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("place", PLACES)
def test_without_a_link_it_is_asked_for(place: str, aws: None):
    answer = anonymous("GET", place)

    assert (answer.status, answer.fields) == (422, ["link"])


@pytest.mark.parametrize(
    ("what", "query", "expected"),
    [
        ("badge", "", []),
        ("badge", "metric=milestone", []),
        ("badge", "metric=tasks", []),
        ("badge", "metric=forecast", ["Query"]),
        ("chart", "", ["Query"]),
        ("calendar", "", ["Query"]),
    ],
)
def test_a_link_costs_two_calls_and_what_it_shows_one_at_most(
    what: str, query: str, expected: list[str], ada: Person, calls: list[str]
):
    link = makes_link(ada, goal_id=ada.sets_goal()["goal_id"])
    calls.clear()
    answer = looks(link, what, more=query)

    assert answer.status == 200
    assert calls == ["GetItem", "BatchGetItem", *expected]


@pytest.mark.parametrize("what", PICTURES)
def test_a_link_of_everything_shows_no_picture(what: str, ada: Person):
    token = makes_link(ada)["token"]

    assert anonymous("GET", f"/shared/{what}.svg", query=f"link={token}").code == "NothingShared"


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
@pytest.mark.parametrize("what", PICTURES)
def test_a_picture_may_be_shown_anywhere_and_can_do_nothing(what: str, theme: str, ada: Person):
    answer = looks(makes_link(ada, goal_id=ada.sets_goal()["goal_id"]), what, more=f"theme={theme}")

    style = re.search(r"<style>(.*?)</style>", answer.body, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert f"style-src 'sha256-{digest}'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert drawn(answer).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("what", PICTURES)
def test_a_title_does_nothing_in_a_picture(what: str, hostile: str, ada: Person):
    link = makes_link(ada, goal_id=ada.sets_goal(title=hostile)["goal_id"])
    harmless = makes_link(ada, goal_id=ada.sets_goal(title="Run")["goal_id"])

    shown = drawn(looks(link, what))

    assert [each.tag for each in shown.iter()] == [each.tag for each in drawn(looks(harmless, what)).iter()]
    assert {name for each in shown.iter() for name in each.attrib if name.startswith("on") or "href" in name} == set()
    assert any((each.text or "").startswith(hostile[:1]) for each in shown.iter("{http://www.w3.org/2000/svg}title"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Run a marathon: 50 %"),
        ("metric=tasks", "Run a marathon: 1 of 2 tasks"),
        ("metric=milestone", "Run a marathon: next: Three Quarters"),
        ("metric=forecast", "Run a marathon: no forecast yet"),
        ("label=Marathon", "Marathon: 50 %"),
        ("label=", "Run a marathon: 50 %"),
    ],
)
def test_a_badge_says_what_it_is_asked(query: str, said: str, ada: Person, travel: Travel):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    ada.adds_task(goal_id)
    ada.completes(ada.adds_task(goal_id))
    link = makes_link(ada, goal_id=goal_id)
    travel("2026-01-16T00:00:00Z")

    badge = drawn(looks(link, "badge", more=query))

    assert badge.get("aria-label") == said


@pytest.mark.parametrize("tasks", [14, 400], ids=["most of the draws", "all of them"])
def test_a_badge_says_when_the_day_is_too_far_to_be_told(tasks: int, ada: Person, travel: Travel):
    travel("2026-11-20T12:00:00Z")
    start = "2025-10-07T00:00:00Z"
    added = [{"at": start, "event": "task_added", "task": str(n), "title": f"Release {n}"} for n in range(tasks)]
    days = ("2025-12-02", "2025-12-05", "2026-02-03", "2026-04-07")
    done = [{"at": f"{day}T12:00:00Z", "event": "task_completed", "task": str(n)} for n, day in enumerate(days)]
    sent = {"title": "Python 3.14", "start_at": start, "history": [*added, *done]}
    link = makes_link(ada, goal_id=ada.post("/goals/import", sent).body["goal_id"])

    badge = drawn(looks(link, "badge", more="metric=forecast"))

    assert badge.get("aria-label") == "Python 3.14: not within 20 years"


@pytest.mark.parametrize(
    ("days", "action", "expected"),
    [
        (1, None, ("36 %", "good")),
        (20, None, ("55 %", "fair")),
        (40, None, ("65 %", "poor")),
        (1, "pause", ("36 %", "plain")),
        (1, "complete", ("100 %", "good")),
    ],
)
def test_a_badge_looks_as_the_goal_does(days: int, action: str | None, expected: tuple, ada: Person, travel: Travel):
    goal_id = ada.sets_goal(**MARATHON)["goal_id"]
    ada.adds_task(goal_id)
    ada.completes(ada.adds_task(goal_id))
    link = makes_link(ada, goal_id=goal_id)
    travel((datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days)).isoformat())
    if action:
        ada.post(f"/goals/{goal_id}/{action}")

    badge = drawn(looks(link, "badge"))

    *_, value = badge.iter("{http://www.w3.org/2000/svg}text")
    (path,) = [each for each in badge.iter() if each.get("class") == expected[1]]
    assert (value.text, path.get("class")) == expected


@pytest.mark.parametrize("query", ["metric=owner", "theme=blink", "label=" + "x" * 61])
def test_a_badge_that_there_is_not_is_refused(query: str, ada: Person):
    answer = looks(makes_link(ada, goal_id=ada.sets_goal()["goal_id"]), "badge", more=query)

    assert (answer.status, answer.code, answer.fields) == (422, "InvalidInput", [query.partition("=")[0]])


def test_a_link_is_good_as_long_as_its_owner_is_a_member(ada: Person):
    link = makes_link(ada)
    table.delete_many([auth.membership_key(ada.tenant_id, ada.user_id)])

    assert looks(link).code == "NothingShared"


def test_what_is_known_is_not_sent_again(ada: Person):
    link = makes_link(ada, goal_id=ada.sets_goal()["goal_id"])
    shown = looks(link)
    etag = shown.headers["ETag"]
    known = [looks(link, headers={"if-none-match": sent}) for sent in (etag, f'"other", W/{etag}', "*", '"other"')]

    assert [answer.status for answer in known] == [304, 304, 304, 200]
    assert (known[0].body, known[0].headers["ETag"]) == (None, etag)


def test_it_may_be_kept_for_five_minutes_and_is_not_searched(ada: Person):
    headers = looks(makes_link(ada)).headers

    assert headers["Cache-Control"] == "public, max-age=300"
    assert headers["X-Robots-Tag"] == "noindex"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_nothing_can_be_changed_by_a_link(ada: Person, stored: Stored):
    link = makes_link(ada, goal_id=ada.sets_goal()["goal_id"])
    before = stored()
    statuses = {
        anonymous(method, "/shared/calendar.ics", query=f"link={link['token']}").status
        for method in ("POST", "PUT", "PATCH", "DELETE")
    }

    assert statuses == {405}
    assert anonymous("GET", "/links", headers={"authorization": f"Bearer {link['token']}"}).status == 401
    assert stored() == before


def test_a_token_is_in_no_log(ada: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]):
    link = makes_link(ada)

    def cut(**_: object) -> None:
        raise ConnectionError("cut")

    hooks.register("before-call.dynamodb.GetItem", cut)
    with caplog.at_level(logging.INFO):
        answer = api.handler(http_event("GET", "/api/v1/shared/calendar.ics", query=f"link={link['token']}"), Context())

    logged = caplog.text + "".join(capfd.readouterr())
    assert answer["statusCode"] == 500
    assert "unhandled exception" in logged
    assert link["token"].removeprefix("mpl_") not in logged


def test_no_id_and_no_owner_is_shown(ada: Person, travel: Travel):
    goal_id = ada.sets_goal(deadline="2026-01-30")["goal_id"]
    task_id = ada.adds_task(goal_id, due_at="2026-01-20T18:00:00Z")["task_id"]
    shown = looks(makes_link(ada, goal_id=goal_id)).body

    assert [each for each in (goal_id, task_id, ada.user_id, ada.tenant_id) if each in shown] == []


def test_the_next_milestone_is_told_with_its_day(ada: Person, travel: Travel):
    link = makes_link(ada, goal_id=ada.sets_goal(**MARATHON, weights={"task": 0, "time": 100})["goal_id"])
    travel("2026-01-09T00:00:00Z")
    ahead = drawn(looks(link, "badge", more="metric=milestone"))
    travel("2026-02-09T00:00:00Z")
    past = drawn(looks(link, "badge", more="metric=milestone"))

    assert ahead.get("aria-label") == "Run a marathon: Halfway Point 16 Jan 2026"
    assert past.get("aria-label") == "Run a marathon: Complete"
