"""Dependencies and the view of a project, export, GraphQL, and exact numbers."""

import itertools
import json
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.milestones import api, number, progress
from functions.milestones.shapes import MAX_METADATA_BYTES
from shared import wording
from tests.aws.entries import Context, http_event
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import MILESTONES, TVL, Person, reports


def exported(ada: Person, query: str = "") -> tuple[list[dict[str, Any]], str | None]:
    claims = ada.issuer.claims(sub=ada.user_id, tid=ada.tenant_id, scope=ada.scope)
    headers = {"authorization": f"Bearer {ada.issuer.token(claims=claims)}"}
    answer = api.handler(http_event("GET", f"{MILESTONES}/export", headers=headers, query=query), Context())
    assert answer["headers"]["Content-Type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer["body"].splitlines()], answer["headers"].get("Next-Cursor")


def test_an_export_goes_page_by_page_as_json_lines(ada: Person):
    uids = {ada.created(project_id="one") for _ in range(3)}
    ada.created(project_id="two")
    first, cursor = exported(ada, "project_id=one&limit=2")
    second, end = exported(ada, f"project_id=one&limit=2&cursor={cursor}")

    assert (len(first), len(second), end) == (2, 1, None)
    assert {each["milestone_uid"] for each in first + second} == uids
    assert first[0] == ada.sees(first[0]["milestone_uid"])


def test_a_milestone_says_what_it_is_blocked_by_until_that_is_completed(ada: Person):
    first, second = ada.creates().body, ada.created()
    answer = ada.adds_dependency(second, first["milestone_uid"])
    listed = next(each for each in ada.get().body["items"] if each["milestone_uid"] == second)
    reports(first["forse_milestone_id"], "completed")

    assert answer.body["depends_on"] == answer.body["blocked_by"] == [first["milestone_uid"]]
    assert listed["blocked_by"] == [first["milestone_uid"]]
    assert (ada.sees(second)["depends_on"], ada.sees(second)["blocked_by"]) == ([first["milestone_uid"]], [])


def test_a_circle_is_refused_with_the_way_round(ada: Person):
    a, b, c = (ada.created() for _ in range(3))
    ada.adds_dependency(a, b)
    ada.adds_dependency(b, c)
    answer = ada.adds_dependency(c, a)
    own = ada.adds_dependency(a, a)

    assert (answer.status, answer.code, answer.fields) == (422, "DependencyCycle", ["depends_on"])
    way = answer.body["errors"][0]["reason"].removeprefix("would close a circle: ").split(" → ")
    assert (len(way), way[0]) == (4, way[-1])
    assert set(way) == {a, b, c}
    edges = {(a, b), (b, c), (c, a)}
    assert set(itertools.pairwise(way)) == edges
    assert own.code == "DependencyCycle"
    assert ada.sees(c)["depends_on"] == []


def test_a_dependency_is_taken_back(ada: Person):
    a, b, c = (ada.created() for _ in range(3))
    ada.adds_dependency(a, b)
    ada.adds_dependency(a, c)
    one = ada.rest("DELETE", f"{MILESTONES}/{a}/dependencies", query=f"depends_on={b}")
    allowed = ada.adds_dependency(b, a)
    all_of_them = ada.rest("DELETE", f"{MILESTONES}/{a}/dependencies")

    assert (one.body["depends_on"], allowed.status) == ([c], 200)
    assert all_of_them.body["depends_on"] == []


def test_a_deleted_milestone_is_in_no_circle_and_blocks_nobody(ada: Person):
    a, b, c = (ada.created() for _ in range(3))
    ada.adds_dependency(a, b)
    ada.adds_dependency(b, c)
    ada.deletes(b)

    assert ada.adds_dependency(c, a).status == 200
    assert ada.sees(a)["blocked_by"] == []


@pytest.mark.parametrize("other", ["elsewhere", "nowhere", "stranger"])
def test_one_depends_on_milestones_of_its_own_project_only(ada: Person, eve: Person, other: str):
    uid = ada.created()
    others = {
        "elsewhere": ada.created(project_id="another"),
        "nowhere": "550e8400-e29b-41d4-a716-446655440000",
        "stranger": eve.created(),
    }
    answer = ada.adds_dependency(uid, others[other])

    assert (answer.status, answer.code, answer.fields) == (422, "InvalidInput", ["depends_on"])


def test_a_milestone_depends_on_twenty_others_at_most(ada: Person):
    uid, *others = (ada.created(sync_to_forse=False) for _ in range(22))
    answers = [ada.adds_dependency(uid, other) for other in others]

    assert {answer.status for answer in answers[:20]} == {200}
    assert answers[20].code == "TooManyDependencies"


def test_a_project_says_how_far_it_is(ada: Person, calls: list[str]):
    done = ada.creates(weight=3, target=10).body
    half = ada.creates(target=10, timeframe_to="2026-12-31").body
    waiting = ada.created(timeframe_to="2026-12-24")
    ada.adds_dependency(waiting, half["milestone_uid"])
    reports(done["forse_milestone_id"], "completed", current_value=12, target=10)
    reports(half["forse_milestone_id"], "in_progress", current_value=5, target=10)
    calls.clear()
    answer = ada.get("/api/v1/projects/project_123/progress")

    assert answer.body == {
        "project_id": "project_123",
        "total": 3,
        "counts": {"pending": 1, "in_progress": 1, "completed": 1, "missed": 0},
        "weighted_progress": 70.0,
        "weighted_progress_text": "70 %",
        "next_due": {
            "milestone_uid": waiting,
            "timeframe_to": "2026-12-24",
            "timeframe_to_text": "24 Dec 2026 UTC",
        },
        "blocked": [waiting],
        "as_of": "2026-11-20T12:00:00.000Z",
    }
    # The other call, if any, asks whether the token was revoked.
    assert (calls[-1], calls.count("Query")) == ("Query", 1)


def test_a_project_without_milestones_is_not_found(ada: Person, eve: Person):
    ada.created()

    assert eve.get("/api/v1/projects/project_123/progress").code == "ProjectNotFound"
    assert ada.get("/api/v1/projects/another/progress").status == 404


def test_graphql_does_what_rest_does(ada: Person, wire: Wire):
    created = ada.ask(
        "createTrackedMilestone",
        {"input": {"projectId": "project_123", "kpiId": "tvl", "target": 10, "metadata": '{"some_key": 0.5}'}},
        key="once",
    ).data
    again = ada.ask(
        "createTrackedMilestone",
        {"input": {"projectId": "project_123", "kpiId": "tvl", "target": 10, "metadata": '{"some_key": 0.5}'}},
        key="once",
    ).data
    uid = created["milestoneUid"]
    other = ada.created()
    updated = ada.ask("updateTrackedMilestone", {"milestoneUid": uid, "target": 12.5}).data
    blocked = ada.ask("addMilestoneDependency", {"milestoneUid": uid, "dependsOn": other}).data
    freed = ada.ask("removeMilestoneDependency", {"milestoneUid": uid, "dependsOn": other}).data
    shown = ada.ask("trackedMilestone", {"milestoneUid": uid}).data
    listed = ada.ask("trackedMilestones", {"projectId": "project_123", "limit": 1}).data
    far = ada.ask("projectProgress", {"projectId": "project_123"}).data
    synced = ada.ask("syncTrackedMilestone", {"milestoneUid": uid}).data
    deleted = ada.ask("deleteTrackedMilestone", {"milestoneUid": uid}).data

    assert created == again
    assert (created["forseSynced"], updated["newTarget"], updated["forseEffect"]["newTarget"]) == (True, 12.5, 12.5)
    assert (blocked["blockedBy"], freed["blockedBy"]) == ([other], [])
    assert json.loads(shown["metadata"]) == {"some_key": 0.5}
    assert (len(listed["items"]), far["total"], far["counts"]["inProgress"]) == (1, 2, 0)
    assert (synced["sync"]["state"], deleted["forseDeleted"]) == ("in_step", True)


@pytest.mark.parametrize(
    ("field", "arguments", "code"),
    [
        ("trackedMilestone", {"milestoneUid": "nope"}, "MilestoneNotFound"),
        ("projectProgress", {"projectId": "nope"}, "ProjectNotFound"),
        ("createTrackedMilestone", {"input": {"projectId": "p", "kpiId": "k", "target": 0}}, "InvalidInput"),
        (
            "createTrackedMilestone",
            {"input": {"projectId": "p", "kpiId": "k", "target": 1, "metadata": "{"}},
            "InvalidInput",
        ),
        ("trackedMilestones", {"limit": 101}, "InvalidInput"),
    ],
)
def test_graphql_refuses_what_rest_refuses(ada: Person, field: str, arguments: dict[str, Any], code: str):
    assert ada.ask(field, arguments).error_type == code


def test_metadata_of_the_largest_size_is_kept_as_it_is(ada: Person):
    text = "é" * ((MAX_METADATA_BYTES - len('{"a":""}')) // 2)
    uid = ada.created(metadata={"a": text})

    assert ada.sees(uid)["metadata"] == {"a": text}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("0.1", 0.1),
        ("1e-7", 1e-7),
        ("3.30", 3.3),
        ("1000000.0", 1000000),
        ("123456789.123456", 123456789.123456),
        ("9007199254740993", 9007199254740993),
        ("123456789012345678901234567890", 123456789012345678901234567890),
        ("1e300", 1e300),
    ],
)
def test_a_number_comes_back_as_it_was_written(ada: Person, written: str, shown: float):
    body = '{"project_id": "p", "kpi_id": "k", "target": %s}' % written  # noqa: UP031 - braces
    uid = ada.post(MILESTONES, body).body["milestone_uid"]
    answer = ada.retargets(uid, 5)

    assert answer.body["old_target"] == shown
    assert type(answer.body["old_target"]) is type(shown)


def test_no_share_of_a_value_is_lost(ada: Person):
    created = ada.creates(target=0.3).body
    reports(created["forse_milestone_id"], "in_progress", current_value=0.1, target=0.3)

    assert ada.sees(created["milestone_uid"])["progress_percentage"] == 100 / 3


positive = st.floats(min_value=0, exclude_min=True, allow_infinity=False) | st.integers(1, 10**30)


@example(10**30, 10**30 - 1)
@example(10**30, 10**30)
@given(positive, st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30))
def test_progress_is_the_exact_share_and_100_only_when_reached(target: float, current: float):
    exact_target, exact_current = number.read(target), number.read(current)
    found = progress.percent(exact_current, exact_target)

    assert (found == 100) == (exact_current >= exact_target)
    assert found == 100 or exact_current <= 0 or abs(Fraction(found) - share(exact_current, exact_target)) < 1e-13
    assert 0 <= found <= 100


def share(current: Decimal, target: Decimal) -> Fraction:
    return Fraction(current) * 100 / Fraction(target)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**300), 10**300))
def test_a_number_is_shown_and_stored_without_loss(written: float):
    read = number.read(written)

    assert number.shown(read) == written
    assert number.read(number.shown(Decimal(str(read)))) == read


def test_the_described_example_works_with_the_defaults(ada: Person):
    assert ada.sees(ada.post(MILESTONES, TVL).body["milestone_uid"])["milestone_index"] == 1


@given(positive, st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**30), 10**30))
def test_the_text_of_progress_is_100_only_when_reached(target: float, current: float):
    exact_target, exact_current = number.read(target), number.read(current)

    assert (wording.percent(progress.ratio(exact_current, exact_target)) == "100 %") == (exact_current >= exact_target)


@given(st.lists(st.tuples(st.integers(1, 1000), positive, positive), max_size=30))
def test_the_exact_progress_of_a_project_is_the_mean_by_weight(parts: list[tuple[int, float, float]]):
    known = [(weight, progress.ratio(number.read(current), number.read(target))) for weight, target, current in parts]
    total = sum(weight for weight, _ in known)
    mean = sum(weight * Fraction(*ratio) for weight, ratio in known) / total if total else Fraction(0)

    assert Fraction(*progress.weighted_ratio(known)) == mean
