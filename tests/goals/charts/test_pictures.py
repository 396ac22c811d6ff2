"""The chart as a picture: small, readable, and inert whatever a goal is called."""

import re
from base64 import b64encode
from hashlib import sha256
from xml.etree import ElementTree as ET

import pytest

from functions.goals.charts import charts
from functions.goals.charts import pictures as chart_pictures
from shared import ids
from tests.aws.entries import Answer
from tests.bench import scene as bench
from tests.goals.catalogue import Scene
from tests.goals.conftest import Travel
from tests.goals.people import Person

HOSTILE = '"><script>alert(1)</script>&<style>*{display:none}</style>'


def picture(person: Person, goal_id: str, theme: str = "") -> Answer:
    answer = person.get(f"/goals/{goal_id}/chart.svg", theme and f"theme={theme}")
    assert answer.status == 200, answer.body
    return answer


def names(svg: str) -> set[str]:
    return {element.tag.rpartition("}")[2] for element in ET.fromstring(svg).iter()}  # noqa: S314 - our own


def test_the_picture_says_in_words_what_it_shows(ada: Person, travel: Travel):
    travel("2026-03-01T08:00:00Z")
    goal_id = ada.sets_goal(deadline="2026-03-30")["goal_id"]
    task, _ = (ada.adds_task(goal_id, weight=2) for _ in range(2))
    travel("2026-03-03T08:00:00Z")
    ada.completes(task)

    answer = picture(ada, goal_id)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "<title" in answer.body
    assert "Run a marathon" in answer.body
    assert "1 of 2 tasks done on 3 Mar 2026, due 30 Mar 2026" in answer.body
    assert "25 % reached 3 Mar 2026." in answer.body
    assert "Something must have been completed on at least 3 days" in answer.body


@pytest.mark.parametrize("theme", ["", "auto", "light", "dark"])
def test_the_policy_names_the_one_style_of_the_picture(theme: str, ada: Person, scene: Scene):
    answer = picture(ada, scene.goal_id, theme)
    (style,) = re.findall(r"<style>(.*?)</style>", answer.body)
    digest = b64encode(sha256(style.encode()).digest()).decode()

    policy = answer.headers["Content-Security-Policy"]
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert answer.headers["Cache-Control"] == "no-store"


def test_another_theme_is_refused(ada: Person, scene: Scene):
    answer = ada.get(f"/goals/{scene.goal_id}/chart.svg", "theme=sepia")

    assert (answer.status, answer.fields) == (422, ["theme"])


def test_a_hostile_title_is_text_and_nothing_else(ada: Person, scene: Scene):
    plain = names(picture(ada, scene.goal_id).body)
    ada.patch(f"/goals/{scene.goal_id}", {"title": HOSTILE})

    svg = picture(ada, scene.goal_id).body
    title = ET.fromstring(svg).find("{http://www.w3.org/2000/svg}title")  # noqa: S314 - our own
    assert title is not None
    assert title.text == HOSTILE
    assert names(svg) == plain


def test_a_viewer_sees_the_picture_and_a_stranger_does_not(ada: Person, bob: Person, eve: Person, scene: Scene):
    assert picture(bob, scene.goal_id).body == picture(ada, scene.goal_id).body
    assert eve.get(f"/goals/{scene.goal_id}/chart.svg").code == "GoalNotFound"


def test_the_picture_is_two_calls(ada: Person, scene: Scene, calls: list[str]):
    picture(ada, scene.goal_id)

    assert [each for each in calls if each != "BatchGetItem"] == ["GetItem", "Query"]


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_three_years_of_daily_changes_are_a_small_picture(theme: chart_pictures.Theme):
    goal = bench.goal(task_count=10_000, completed=3_333, goal_id=ids.new("goal"))._replace(title="&" * 100)
    history, at = bench.history(goal), goal.ledger.changed_at
    forecast = charts.predicted(goal, history, at)

    svg = chart_pictures.svg(goal, history, at, forecast=forecast, theme=theme)
    assert forecast.state == "dated"
    assert len(svg.encode()) <= 20_000
    assert "path" in names(svg)
