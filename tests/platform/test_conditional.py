"""HEAD and `If-None-Match` on every GET: nobody is sent again what they have, and nobody is told that they have what
has changed, be it by somebody or by time.
"""

import json
from typing import Any

import pytest
import time_machine

from tests.aws.entries import RATE_HEADERS, Answer, Context, http_event
from tests.platform.operations import DOCUMENT, OPERATIONS, Operation, handler_of, send
from tests.platform.tenants import NOON, Actor
from tests.platform.unprepared import unprepared
from tests.portal.conftest import bundled

__all__ = ["bundled"]

LIVE = {"GET /api/v1/health", "GET /api/v1/health/ready"}
READING = [each for each in OPERATIONS if each.method == "GET" and unprepared(each) is None]
OF_A_BODY = {"Content-Type", "Content-Disposition", "Content-Encoding"}

every_reading = pytest.mark.parametrize("operation", READING, ids=str)
every_tagged = pytest.mark.parametrize("operation", [each for each in READING if str(each) not in LIVE], ids=str)


@pytest.fixture
def with_its_files(operation: Operation, request: pytest.FixtureRequest) -> None:
    """Lay out the files that the portal sends, for its own operations."""
    if operation.context == "portal":
        request.getfixturevalue("bundled")


def ask(actor: Actor, path: str, *, method: str = "GET", known: str | None = None) -> dict[str, Any]:
    """Return the answer as API Gateway gets it."""
    headers = {**actor.headers, **({} if known is None else {"if-none-match": known})}
    return handler_of(path)(http_event(method, path, headers=headers), Context())


def lasting(answer: dict[str, Any]) -> dict[str, str]:
    """Return the headers that do not count."""
    return {name: value for name, value in answer["headers"].items() if name not in RATE_HEADERS}


@pytest.mark.usefixtures("with_its_files")
@every_reading
def test_a_head_answers_as_the_get_does_without_its_body(operation: Operation, owner: Actor):
    path = operation.path.format(**owner.places)
    got, head = ask(owner, path), ask(owner, path, method="HEAD")

    assert got["statusCode"] < 400
    assert (head["statusCode"], head["body"]) == (got["statusCode"], "")
    assert lasting(head) == lasting(got)


@pytest.mark.usefixtures("with_its_files")
@pytest.mark.parametrize("known", ["{}", 'W/"other", {}', "*"])
@every_tagged
def test_whoever_has_what_a_get_answers_is_told_so_and_sent_nothing(operation: Operation, known: str, owner: Actor):
    path = operation.path.format(**owner.places)
    got = ask(owner, path)
    again = ask(owner, path, known=known.format(got["headers"]["ETag"]))

    assert (again["statusCode"], again["body"]) == (304, "")
    assert lasting(again) == {name: value for name, value in lasting(got).items() if name not in OF_A_BODY}


@pytest.mark.usefixtures("with_its_files")
@every_tagged
def test_whoever_has_something_else_is_sent_what_there_is(operation: Operation, owner: Actor):
    path = operation.path.format(**owner.places)

    assert ask(owner, path, known='"other", "1", nonsense') | {"headers": {}} == ask(owner, path) | {"headers": {}}


@every_tagged
def test_the_document_says_so(operation: Operation):
    declared = DOCUMENT["paths"][operation.path]["get"]

    assert [each["name"] for each in declared["parameters"] if each["in"] == "header"] == ["If-None-Match"]
    told = [declared["responses"][status]["headers"].keys() for status in ("200", "304")]
    assert told == [{"ETag", "X-Request-Id"}] * 2


def test_what_is_only_told_to_be_asked_for_again_has_no_tag(owner: Actor):
    asked = [ask(owner, operation.path) for operation in READING if str(operation) in LIVE]

    assert [(answer["statusCode"], "ETag" in answer["headers"]) for answer in asked] == [(200, False)] * len(LIVE)


def test_a_refusal_has_no_tag_and_is_sent_however_often(owner: Actor):
    refused = ask(owner, "/api/v1/goals/goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", known="*")

    assert (refused["statusCode"], json.loads(refused["body"])["code"]) == (404, "GoalNotFound")
    assert "ETag" not in refused["headers"]


def test_a_head_is_refused_as_the_get_is_without_the_words(owner: Actor):
    refused = ask(owner, "/api/v1/goals/goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE", method="HEAD")

    assert (refused["statusCode"], refused["body"]) == (404, "")
    assert refused["headers"]["Content-Type"] == "application/problem+json"


def test_a_path_that_is_only_written_to_refuses_a_head(owner: Actor):
    refused = ask(owner, "/api/v1/auth/login", method="HEAD")

    assert (refused["statusCode"], refused["headers"]["Allow"]) == (405, "POST")


def test_each_of_them_counts_as_one_request(owner: Actor):
    path = f"/api/v1/goals/{owner.places['goal_id']}"
    got = ask(owner, path)
    answers = [got, ask(owner, path, known=got["headers"]["ETag"]), ask(owner, path, method="HEAD")]
    left = [int(answer["headers"]["X-RateLimit-Remaining"]) for answer in answers]

    assert [answer["statusCode"] for answer in answers] == [200, 304, 200]
    assert left == [left[0], left[0] - 1, left[0] - 2]


def of_goal(owner: Actor, **fields: object) -> str:
    """Return the path of a goal of ten days."""
    draft = {"title": "Run", "start_at": "2026-11-20T00:00:00Z", "deadline": "2026-11-29", **fields}
    made = send("POST", "/api/v1/goals", draft, headers=owner.headers)
    assert made.status == 201, made.body
    return f"/api/v1/goals/{made.body['goal_id']}"


def later(owner: Actor, *paths: str) -> dict[str, int]:
    """Return what whoever has all of these is answered five minutes later."""
    known = {path: ask(owner, path)["headers"]["ETag"] for path in paths}
    with time_machine.travel(NOON.replace(minute=5), tick=False):
        return {path: ask(owner, path, known=etag)["statusCode"] for path, etag in known.items()}


def test_what_time_alone_moves_is_sent_again(owner: Actor):
    goal = of_goal(owner)
    paths = [goal, f"{goal}/progress", f"{goal}/chart", "/api/v1/goals", "/api/v1/goals/progress"]

    assert later(owner, *paths) == dict.fromkeys(paths, 200)


def test_what_stands_still_is_not_sent_again_though_it_says_of_which_instant_it_is(owner: Actor):
    goal = of_goal(owner, deadline=None)
    project = f"/api/v1/projects/{owner.places['project_id']}"
    paths = [goal, *(f"{goal}/{each}" for each in ("progress", "chart", "forecast", "tasks"))]
    paths += [f"{project}/progress", f"{project}/chart", "/api/v1/milestones"]

    assert later(owner, *paths) == dict.fromkeys(paths, 304)


def test_a_tag_that_leaves_the_instant_out_is_weak_and_any_other_is_strong(owner: Actor):
    for operation in READING:
        answer = ask(owner, operation.path.format(**owner.places))
        is_weak = answer["headers"].get("ETag", "").startswith("W/")

        assert is_weak == ('"as_of":"' in answer["body"]), str(operation)
        assert not is_weak or "version" not in json.loads(answer["body"]), str(operation)


def test_what_somebody_changes_is_sent_again(owner: Actor):
    goal = of_goal(owner, deadline=None)
    paths = [goal, f"{goal}/progress", f"{goal}/tasks", f"{goal}/chart", "/api/v1/goals", "/api/v1/goals/progress"]
    known = {path: ask(owner, path)["headers"]["ETag"] for path in paths}
    send("POST", f"{goal}/tasks", {"title": "Buy shoes"}, headers=owner.headers)

    assert {path: ask(owner, path, known=etag)["statusCode"] for path, etag in known.items()} == dict.fromkeys(
        paths, 200
    )


def change(owner: Actor, goal: str, etag: str) -> Answer:
    return send("PATCH", goal, {"title": "Run far"}, headers={**owner.headers, "if-match": etag})


def test_the_tag_of_a_get_allows_a_change_of_its_version_whatever_time_has_moved(owner: Actor):
    goal = of_goal(owner)
    etag = ask(owner, goal)["headers"]["ETag"]
    with time_machine.travel(NOON.replace(minute=5), tick=False):
        first, second = change(owner, goal, etag), change(owner, goal, etag)

    assert (first.status, first.headers["ETag"]) == (200, '"2"')
    assert (second.status, second.code, second.headers["ETag"]) == (412, "VersionChanged", '"2"')


def test_what_a_change_answers_is_no_tag_of_what_a_get_sends(owner: Actor):
    goal = of_goal(owner)
    changed = change(owner, goal, "*")

    assert ask(owner, goal, known=changed.headers["ETag"])["statusCode"] == 200
