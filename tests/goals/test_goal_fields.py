"""The fields of a goal: what is kept, what is refused, what null does."""

import pytest

from tests.goals.conftest import Stored, Travel
from tests.goals.people import MARATHON, Person

ANSWERS = ["positive", "specific", "evidence", "resources", "obstacles", "ecology", "timeline", "firstStep"]

WRONG = [
    ({"title": "ab"}, "title"),
    ({"title": "  ab  "}, "title"),
    ({"title": "x" * 101}, "title"),
    ({"title": 7}, "title"),
    ({"title": ["Run"]}, "title"),
    ({"title": "\ud800 Run"}, "title"),
    ({"title": "Run\u0000"}, "title"),
    ({"description": "x" * 501}, "description"),
    ({"description": "\udfff"}, "description"),
    ({"category": ""}, "category"),
    ({"category": "x" * 51}, "category"),
    ({"tags": "running"}, "tags"),
    ({"tags": ["x"] * 21}, "tags"),
    ({"tags": ["fine", " "]}, "tags.1"),
    ({"tags": ["x" * 51]}, "tags.0"),
    ({"tags": [None]}, "tags.0"),
    ({"start_at": "2026-01-01"}, "start_at"),
    ({"start_at": "2026-01-01T00:00:00"}, "start_at"),
    ({"start_at": "2026-02-30T00:00:00Z"}, "start_at"),
    ({"start_at": "1969-12-31T23:59:59Z"}, "start_at"),
    ({"start_at": 1767225600}, "start_at"),
    ({"deadline": "2027-02-29"}, "deadline"),
    ({"deadline": "2027-13-01"}, "deadline"),
    ({"deadline": "2027-9-26"}, "deadline"),
    ({"deadline": "20270926"}, "deadline"),
    ({"deadline": "2027-09-26T00:00:00Z"}, "deadline"),
    ({"deadline": "2025-12-31"}, "deadline"),
    ({"deadline": "2036-01-02"}, "deadline"),
    ({"deadline": "9999-12-31"}, "deadline"),
    ({"deadline": 20270926}, "deadline"),
    ({"time_zone": "Mars/Olympus"}, "time_zone"),
    ({"time_zone": "../../etc/passwd"}, "time_zone"),
    ({"time_zone": "europe/berlin"}, "time_zone"),
    ({"time_zone": ""}, "time_zone"),
    ({"weights": {"task": 70, "time": 29}}, "weights"),
    ({"weights": {"task": 101, "time": -1}}, "weights.task"),
    ({"weights": {"task": 70.5, "time": 29.5}}, "weights.task"),
    ({"weights": {"task": "70", "time": 30}}, "weights.task"),
    ({"weights": {"task": True, "time": 99}}, "weights.task"),
    ({"weights": {"task": 70}}, "weights.time"),
    ({"weights": {"task": 70, "time": 30, "luck": 0}}, "weights.luck"),
    ({"answers": {"first_step": "Buy shoes."}}, "answers.first_step"),
    ({"answers": {"positive": "x" * 501}}, "answers.positive"),
    ({"answers": {"positive": 7}}, "answers.positive"),
    ({"answers": []}, "answers"),
    ({"status": "completed"}, "status"),
    ({"version": 1}, "version"),
]


@pytest.mark.parametrize(("fields", "named"), WRONG)
def test_a_wrong_field_of_a_new_goal_is_named_and_nothing_is_written(
    fields: dict, named: str, ada: Person, travel: Travel, stored: Stored
):
    before = stored()

    answer = ada.post("/goals", {"title": "Run a marathon", **fields})

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert named in answer.fields
    assert stored() == before


@pytest.mark.parametrize(
    ("fields", "named"), [*WRONG, ({"title": None}, "title"), ({"clamp_tasks": "yes"}, "clamp_tasks")]
)
def test_a_wrong_field_of_a_change_is_named_and_nothing_is_written(
    fields: dict, named: str, ada: Person, travel: Travel, stored: Stored
):
    goal = ada.sets_goal(**MARATHON)
    before = stored()

    answer = ada.patch(f"/goals/{goal['goal_id']}", fields)

    assert (answer.status, answer.code) == (422, "InvalidInput")
    assert named in answer.fields
    assert stored() == before


def test_a_title_is_required(ada: Person):
    answer = ada.post("/goals", {})

    assert (answer.status, answer.fields) == (422, ["title"])


@pytest.mark.parametrize("method", ["POST", "PATCH"])
def test_a_missing_body_is_refused(method: str, ada: Person, travel: Travel):
    goal = ada.sets_goal()
    path = {"POST": "/goals", "PATCH": f"/goals/{goal['goal_id']}"}[method]

    answer = ada.rest(method, path)

    assert (answer.status, answer.code) == (422, "InvalidInput")


def test_all_wrong_fields_are_named_at_once(ada: Person):
    answer = ada.post("/goals", {"title": "ab", "category": "", "tags": [""], "nonsense": 1})

    assert sorted(answer.fields) == ["category", "nonsense", "tags.0", "title"]


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"title": "  Run  "}, {"title": "Run"}),
        ({"title": "x" * 100}, {"title": "x" * 100}),
        ({"title": "🏃🏽‍♀️走る"}, {"title": "🏃🏽‍♀️走る"}),
        ({"title": "Run #1"}, {"title": "Run #1"}),
        ({"description": "  " + "x" * 500}, {"description": "x" * 500}),
        ({"description": None}, {"description": None}),
        ({"category": "x" * 50}, {"category": "x" * 50}),
        ({"tags": [" a ", "ä" * 50]}, {"tags": ["a", "ä" * 50]}),
        ({"tags": ["x"] * 20}, {"tags": ["x"] * 20}),
        ({"tags": None}, {"tags": []}),
        ({"start_at": "2026-03-01T12:00:00.123456+02:00"}, {"start_at": "2026-03-01T10:00:00.123Z"}),
        ({"deadline": "2036-01-01"}, {"deadline": "2036-01-01"}),
        ({"deadline": "2026-01-01"}, {"deadline": "2026-01-01"}),
        ({"deadline": "2028-02-29"}, {"deadline": "2028-02-29"}),
        ({"weights": {"task": 0, "time": 100}}, {"weights": {"task": 0, "time": 100}}),
        ({"weights": None}, {"weights": {"task": 70, "time": 30}}),
        ({"time_zone": "Asia/Kathmandu"}, {"time_zone": "Asia/Kathmandu"}),
        ({"answers": {}}, {"answers": {}}),
        ({"answers": dict.fromkeys(ANSWERS, "x" * 500)}, {"answers": dict.fromkeys(ANSWERS, "x" * 500)}),
        ({"answers": None}, {"answers": None}),
    ],
)
def test_a_field_is_kept_as_it_should_be(fields: dict, kept: dict, ada: Person, travel: Travel):
    created = ada.sets_goal(**fields)

    read = ada.get(f"/goals/{created['goal_id']}").body
    assert read == created
    assert read | kept == read


def test_a_new_goal_has_its_defaults(ada: Person, travel: Travel):
    answer = ada.post("/goals", {"title": "Run a marathon"})

    assert answer.status == 201
    assert answer.headers["Location"] == f"/api/v1/goals/{answer.body['goal_id']}"
    assert answer.headers["ETag"] == '"1"'
    assert (
        answer.body
        | {
            "owner_id": ada.user_id,
            "role": "owner",
            "description": None,
            "category": None,
            "tags": [],
            "status": "active",
            "start_at": "2026-01-01T00:00:00.000Z",
            "deadline": None,
            "time_zone": "UTC",
            "weights": {"task": 70, "time": 30},
            "answers": None,
            "created_at": "2026-01-01T00:00:00.000Z",
            "updated_at": "2026-01-01T00:00:00.000Z",
            "version": 1,
        }
        == answer.body
    )


FULL = {
    "title": "Run a marathon",
    "description": "In autumn.",
    "category": "health",
    "tags": ["running"],
    "deadline": "2026-01-30",
    "weights": {"task": 50, "time": 50},
    "answers": {"firstStep": "Buy shoes."},
}


@pytest.mark.parametrize(
    ("field", "cleared"),
    [
        ("description", None),
        ("category", None),
        ("tags", []),
        ("deadline", None),
        ("weights", {"task": 70, "time": 30}),
        ("answers", None),
    ],
)
def test_null_clears_an_optional_field_and_leaves_the_rest(field: str, cleared: object, ada: Person, travel: Travel):
    goal = ada.sets_goal(**FULL)

    changed = ada.patch(f"/goals/{goal['goal_id']}", {field: None})

    derived = {"version": 2, "progress": changed.body["progress"], "milestones": changed.body["milestones"]}
    assert changed.status == 200
    assert changed.body == goal | derived | {field: cleared} | ({"deadline_text": None} if field == "deadline" else {})
    assert ada.get(f"/goals/{goal['goal_id']}").body == changed.body


@pytest.mark.parametrize("field", ["title", "start_at", "time_zone", "clamp_tasks"])
def test_null_does_not_clear_what_a_goal_must_have(field: str, ada: Person, travel: Travel):
    goal = ada.sets_goal(**FULL)

    answer = ada.patch(f"/goals/{goal['goal_id']}", {field: None})

    assert (answer.status, answer.fields) == (422, [field])


def test_changing_nothing_writes_nothing(ada: Person, travel: Travel, stored: Stored):
    goal = ada.sets_goal(**FULL)
    before = stored()
    travel("2026-01-02T00:00:00Z")

    answers = [
        ada.patch(f"/goals/{goal['goal_id']}", {}),
        ada.patch(f"/goals/{goal['goal_id']}", {name: FULL[name] for name in FULL if name != "answers"}),
    ]

    assert [(answer.status, answer.body["version"]) for answer in answers] == [(200, 1), (200, 1)]
    assert stored() == before


def test_a_change_based_on_the_present_version_is_made_once(ada: Person, travel: Travel):
    goal = ada.sets_goal()
    path = f"/goals/{goal['goal_id']}"

    first = ada.patch(path, {"title": "Run two"}, if_match='"1"')
    second = ada.patch(path, {"title": "Run three"}, if_match='"1"')
    listed = ada.patch(path, {"title": "Run four"}, if_match='"1", "2"')
    weak = ada.patch(path, {"title": "Run five"}, if_match='W/"3"')
    any_version = ada.patch(path, {"title": "Run six"}, if_match="*")

    assert [answer.status for answer in (first, second, listed, weak, any_version)] == [200, 412, 200, 412, 200]
    assert first.headers["ETag"] == '"2"'
    assert any_version.body["title"] == "Run six"


def test_a_deleted_goal_is_gone_for_every_reader_at_once(ada: Person, travel: Travel):
    goal = ada.sets_goal(**FULL)
    task = ada.adds_task(goal["goal_id"])
    path = f"/goals/{goal['goal_id']}"

    deleted = ada.delete(path)

    assert (deleted.status, deleted.body) == (204, None)
    paths = [path, f"{path}/progress", f"{path}/milestones", f"{path}/tasks", f"{path}/tasks/{task['task_id']}"]
    assert [ada.get(each).status for each in paths] == [404] * 5
    assert ada.get("/goals").body["items"] == []
    assert ada.get("/goals", "status=active").body["items"] == []
    assert ada.get("/goals", "sort=deadline").body["items"] == []
    assert ada.get("/milestone-achievements").body["items"] == []
    assert ada.delete(path).code == "GoalNotFound"
