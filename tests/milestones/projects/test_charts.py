"""The chart of a project against a replay of what happened, its picture, and its forecast."""

import random
from xml.etree import ElementTree as Xml

import pytest

from functions.milestones import api, lifecycle
from shared import clock
from shared.charts.themes import STYLES, policy
from shared.clock import DAY
from tests.aws.entries import Context, http_event
from tests.goals.conftest import Travel
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, reports
from tests.milestones.projects.hearing import CHART, consume, heard, told

PROJECT = "/api/v1/projects/project_123"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("seed", range(6))
def test_the_samples_equal_a_replay_of_what_happened(ada: Person, wire: Wire, travel: Travel, seed: int):
    luck = random.Random(seed)  # noqa: S311 - a history, not a secret
    state: dict[str, tuple[int, str]] = {}
    replayed: dict[str, tuple[int, ...]] = {}
    evaluators: dict[str, str] = {}
    now = clock.now()
    for _ in range(14):
        now += luck.choice([3_600_000, DAY, 3 * DAY])
        travel(clock.to_rfc3339(now))
        uid = step(ada, luck, state, evaluators)
        events = heard(ada, uid)
        luck.shuffle(events)
        consume(events + luck.sample(events, 1))
        replayed[clock.to_rfc3339(now)[:10]] = added_up(state)
    travel(clock.to_rfc3339(now + DAY))
    samples = ada.get(CHART).body["samples"][1:-1]

    shown = {
        each["date"]: (
            each["scope_weight"],
            each["done_weight"],
            each["total_milestones"],
            each["completed_milestones"],
            each["missed_milestones"],
        )
        for each in samples
    }
    held = {day: shown[max(each for each in shown if each <= day)] for day in replayed}

    assert held == replayed
    assert shown.keys() <= replayed.keys()


def step(ada: Person, luck: random.Random, state: dict[str, tuple[int, str]], evaluators: dict[str, str]) -> str:
    """Let something happen to one milestone, in the project and in the replay, and return which one it was."""
    kind = luck.choice(["create", "complete", "miss", "retarget", "delete"]) if state else "create"
    if kind == "create":
        weight = luck.randint(1, 9)
        answer = ada.creates(weight=weight, target=10, timeframe_to="2026-11-21").body
        evaluators[answer["milestone_uid"]] = answer["forse_milestone_id"]
        state[answer["milestone_uid"]] = (weight, "pending")
        return str(answer["milestone_uid"])
    uid = luck.choice(list(state))
    weight, status = state[uid]
    if kind == "complete":
        reports(evaluators[uid], "completed", webhook_id=f"msg_{luck.random()}", current_value=1000, target=1000)
        # One that is judged by an older target does not count.
        state[uid] = (weight, ada.sees(uid)["status"])
    elif kind == "miss":
        lifecycle.miss(ada.tenant_id, uid)
        is_over = clock.to_rfc3339(clock.now())[:10] > "2026-11-21"
        state[uid] = (weight, "missed" if status in {"pending", "in_progress"} and is_over else status)
    elif kind == "retarget":
        ada.retargets(uid, luck.randint(1, 3000))
        state[uid] = (weight, ada.sees(uid)["status"])
    else:
        ada.deletes(uid)
        del state[uid]
    return uid


def added_up(state: dict[str, tuple[int, str]]) -> tuple[int, ...]:
    done = [weight for weight, status in state.values() if status == "completed"]
    missed = [weight for weight, status in state.values() if status == "missed"]
    return sum(weight for weight, _ in state.values()), sum(done), len(state), len(done), len(missed)


def finished(ada: Person, travel: Travel) -> None:
    """Let three of six milestones be completed, one every other day."""
    made = [ada.creates(target=10, timeframe_to="2026-12-31").body for _ in range(6)]
    told(ada, *(each["milestone_uid"] for each in made))
    for number, each in enumerate(made[:3]):
        travel(f"2026-11-2{2 + 2 * number}T09:00:00Z")
        reports(each["forse_milestone_id"], "completed", webhook_id=f"msg_{number}", current_value=10, target=10)
        told(ada, each["milestone_uid"])
    travel("2026-11-27T09:00:00Z")


def test_a_project_is_forecast_from_its_own_pace(ada: Person, wire: Wire, travel: Travel):
    finished(ada, travel)
    told_now = ada.get(f"{PROJECT}/forecast").body

    assert (told_now["state"], told_now["remaining_weight"], told_now["draws"]) == ("dated", 3, 1000)
    assert "2026-11-27" < told_now["p50_at"] < told_now["p85_at"] <= told_now["p95_at"] < "2027-06-01"
    assert told_now["assumptions"][2] == "3 remain, counted by weight; nothing is added."
    assert ada.get(f"{PROJECT}/forecast").body == told_now


def test_a_project_without_open_milestones_has_no_dates(ada: Person, wire: Wire, travel: Travel):
    uid = ada.created(timeframe_to="2026-11-21")
    travel("2026-11-22T00:00:00Z")
    lifecycle.miss(ada.tenant_id, uid)
    told_now = ada.get(f"{PROJECT}/forecast").body

    assert (told_now["state"], told_now["reason"]) == ("done", "No milestone is open.")
    assert told_now["p50_at"] is None


def test_graphql_answers_what_rest_answers(ada: Person, wire: Wire, travel: Travel):
    finished(ada, travel)
    rest, graphql = ada.get(CHART).body, ada.ask("projectChart", {"projectId": "project_123"}).data
    forecast = ada.ask("projectForecast", {"projectId": "project_123"}).data

    assert [each["doneWeight"] for each in graphql["samples"]] == [each["done_weight"] for each in rest["samples"]]
    assert graphql["lastDay"] == rest["last_day"] == "2026-12-31"
    assert forecast["p85At"] == graphql["forecast"]["p85At"] == rest["forecast"]["p85_at"]


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_picture_shows_the_same_under_a_policy_of_its_own(ada: Person, wire: Wire, travel: Travel, theme: str):
    finished(ada, travel)
    answer = drawn(ada, "project_123", f"theme={theme}")
    said = [each.text for each in Xml.fromstring(answer["body"]).iter(f"{SVG}text")]  # noqa: S314 - our own picture

    assert (answer["statusCode"], answer["headers"]["Content-Type"]) == (200, "image/svg+xml")
    assert answer["headers"]["Content-Security-Policy"] == policy(STYLES[theme])
    assert {"project_123", "Done, weight 3", "Scope, weight 6", "24 Nov 2026"} <= set(said)
    assert "3 of 6 milestones done on 27 Nov 2026 UTC, due 31 Dec 2026 UTC" in said
    assert sum((each or "").startswith("P85 ") for each in said) == 1


def test_a_name_like_markup_is_only_text_in_the_picture(ada: Person, wire: Wire):
    name = "<script>alert(1)&'"
    ada.created(project_id=name)
    root = Xml.fromstring(drawn(ada, name)["body"])  # noqa: S314 - our own picture

    assert root.find(f"{SVG}title").text == name
    assert not [each for each in root.iter() if "script" in each.tag]


def drawn(ada: Person, project_id: str, query: str = "") -> dict:
    claims = ada.issuer.claims(sub=ada.user_id, tid=ada.tenant_id, scope=ada.scope)
    headers = {"authorization": f"Bearer {ada.issuer.token(claims=claims)}"}
    return api.handler(
        http_event("GET", f"/api/v1/projects/{project_id}/chart.svg", headers=headers, query=query), Context()
    )


def test_the_heading_counts_milestones_and_names_weights(ada: Person, wire: Wire, travel: Travel):
    done, _ = (ada.creates(weight=weight, target=10, timeframe_to="2026-12-31").body for weight in (7, 2))
    reports(done["forse_milestone_id"], "completed", current_value=10, target=10)
    said = [each.text for each in Xml.fromstring(drawn(ada, "project_123", "")["body"]).iter()]  # noqa: S314 - our own

    assert "1 of 2 milestones done on 20 Nov 2026 UTC, due 31 Dec 2026 UTC" in said
    assert {"Done, weight 7", "Scope, weight 9", "Progress 77.8 %"} <= set(said)
    assert ada.get("/api/v1/projects/project_123/progress").body["weighted_progress_text"] == "77.8 %"
