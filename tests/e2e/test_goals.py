"""Goals on the deployed stage: over REST and GraphQL, by many at once, and what the table's stream sets off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest

from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.ministack import CREDENTIALS, REGION
from infra.stage.sign_in import SignIn
from tests.e2e.endpoints import until

CLIENTS = 32


class Session:
    """Somebody who is signed in, with both fronts at hand."""

    def __init__(self, stack: Addresses, who: SignIn) -> None:
        self.stack = stack
        self.token = who.access_token

    def rest(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        url = f"{self.stack.api_url}/api/v1{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return call(method, url, body=body, token=self.token, headers=named)

    def insists(self, path: str) -> Answer:
        """Return what a POST is answered at last: one of too many changes at once is repeated, as its answer says."""

        def answered() -> Answer | None:
            answer = self.rest("POST", path)
            is_crowded = answer.status == 409 and answer.json()["code"] == "TooManyChangesAtOnce"
            return None if is_crowded else answer

        answer: Answer = until(answered)
        return answer

    def graphql(self, query: str, **variables: object) -> Any:
        body = {"query": query, "variables": variables}
        return call("POST", self.stack.graphql_url, body=body, token=self.token).json()

    def goal(self, **fields: object) -> str:
        created = self.rest("POST", "/goals", {"title": "Run a marathon", **fields})
        assert created.status == 201, created.text
        return str(created.json()["goal_id"])

    def tasks(self, goal_id: str, count: int) -> list[str]:
        added = [self.rest("POST", f"/goals/{goal_id}/tasks", {"title": f"Run {n}"}) for n in range(count)]
        assert {answer.status for answer in added} == {201}
        return [answer.json()["task_id"] for answer in added]


@pytest.fixture
def someone(stack: Addresses, sign_up: Callable[[], SignIn]) -> Session:
    return Session(stack, sign_up())


def test_a_completed_task_moves_the_goal_and_reaches_its_milestones(someone: Session) -> None:
    goal_id = someone.goal(weights={"task": 100, "time": 0})
    first, _ = someone.tasks(goal_id, 2)
    completed = someone.rest("POST", f"/goals/{goal_id}/tasks/{first}/complete").json()

    progress = someone.rest("GET", f"/goals/{goal_id}/progress").json()
    achievements = someone.rest("GET", "/milestone-achievements").json()["items"]
    assert progress["progress_percentage"] == 50
    assert [milestone["achieved_at"] for milestone in progress["milestones"][:2]] == [completed["completed_at"]] * 2
    assert {achievement["percentage"] for achievement in achievements} == {25, 50}


def test_graphql_answers_what_rest_answers(someone: Session) -> None:
    goal_id = someone.goal(deadline="2030-01-31", answers={"firstStep": "Buy shoes."})
    query = """query ($id: ID!) { goal(goalId: $id) {
        goalId title deadline status answers { firstStep } progress { totalTasks } milestones { percentage predictedAt }
    } }"""

    rest = someone.rest("GET", f"/goals/{goal_id}").json()
    assert someone.graphql(query, id=goal_id)["data"]["goal"] == {
        "goalId": goal_id,
        "title": rest["title"],
        "deadline": "2030-01-31",
        "status": "active",
        "answers": {"firstStep": "Buy shoes."},
        "progress": {"totalTasks": 0},
        "milestones": [
            {"percentage": milestone["percentage"], "predictedAt": milestone["predicted_at"]}
            for milestone in rest["milestones"]
        ],
    }


def test_graphql_writes_and_reads_lists_in_pages(someone: Session) -> None:
    create = "mutation ($input: CreateGoalInput!) { createGoal(input: $input) { goalId title weights { task } } }"
    titles = ["First goal", "Second goal", "Third goal"]
    for title in titles:
        someone.graphql(create, input={"title": title, "weights": {"task": 60, "time": 40}})
    page = "query ($token: String) { myGoals(limit: 2, nextToken: $token) { items { title } nextToken } }"
    first = someone.graphql(page)["data"]["myGoals"]
    second = someone.graphql(page, token=first["nextToken"])["data"]["myGoals"]

    assert [goal["title"] for goal in first["items"] + second["items"]] == titles[::-1]
    assert second["nextToken"] is None
    assert someone.graphql("{ activeGoalsCount }") == {"data": {"activeGoalsCount": 3}}


# MiniStack leaves `errorInfo` out of the answer; that the resolver raises it is held by tests/infra/test_resolver.py.
def test_graphql_refuses_with_the_code_and_the_words_of_rest(someone: Session) -> None:
    mutation = "mutation ($input: CreateGoalInput!) { createGoal(input: $input) { goalId } }"
    error = someone.graphql(mutation, input={"title": "ab", "timeZone": "Nowhere"})["errors"][0]
    missing = someone.graphql('{ goal(goalId: "goal_01HZZZZZZZZZZZZZZZZZZZZZZZ") { title } }')["errors"][0]

    assert error["errorType"] == "InvalidInput"
    assert error["message"] == "title: String should have at least 3 characters (and 1 more)"
    assert missing["errorType"] == "GoalNotFound"


def test_many_clients_completing_tasks_at_once_are_all_counted_and_announced_once(someone: Session) -> None:
    goal_id = someone.goal(weights={"task": 100, "time": 0})
    tasks = someone.tasks(goal_id, CLIENTS)
    with ThreadPoolExecutor(CLIENTS) as clients:
        paths = [f"/goals/{goal_id}/tasks/{task}/complete" for task in tasks]
        answers = list(clients.map(someone.insists, paths))

    progress = someone.rest("GET", f"/goals/{goal_id}/progress").json()
    achievements = someone.rest("GET", "/milestone-achievements").json()["items"]
    assert [answer.status for answer in answers] == [200] * CLIENTS
    assert (progress["completed_tasks"], progress["progress_percentage"]) == (CLIENTS, 100)
    assert sorted(achievement["percentage"] for achievement in achievements) == [25, 50, 75, 100]


def test_one_idempotency_key_has_one_effect_and_equal_answers(someone: Session) -> None:
    with ThreadPoolExecutor(16) as clients:
        draft = {"title": "Only once"}
        sent = [clients.submit(someone.rest, "POST", "/goals", draft, Idempotency_Key="once") for _ in range(16)]
        answers = [each.result() for each in sent]

    assert {answer.status for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert len(someone.rest("GET", "/goals").json()["items"]) == 1


def test_of_two_patches_of_one_version_one_is_stale(someone: Session) -> None:
    goal_id = someone.goal()
    with ThreadPoolExecutor(2) as clients:
        titles = [{"title": "One title"}, {"title": "Other title"}]
        patches = [clients.submit(someone.rest, "PATCH", f"/goals/{goal_id}", t, If_Match='"1"') for t in titles]
        answers = [each.result() for each in patches]

    assert sorted(answer.status for answer in answers) == [200, 412]


def test_nothing_is_left_of_a_deleted_goal(stack: Addresses, someone: Session) -> None:
    goal_id, kept = someone.goal(answers={"firstStep": "Buy shoes."}), someone.goal(title="Stays here")
    someone.tasks(goal_id, 3)
    kept_tasks = someone.tasks(kept, 1)
    deleted = someone.rest("DELETE", f"/goals/{goal_id}")
    gone = someone.rest("GET", f"/goals/{goal_id}/tasks")

    assert (deleted.status, gone.status) == (204, 404)
    assert _left_of(stack, someone, goal_id) == []
    assert [task["task_id"] for task in someone.rest("GET", f"/goals/{kept}/tasks").json()["items"]] == kept_tasks


def _left_of(stack: Addresses, someone: Session, goal_id: str) -> list[str]:
    """Return the sort keys that name the goal, once the consumer is through or its time is."""
    settings = {"region_name": REGION, "endpoint_url": stack.endpoint_url}
    credentials = {
        "aws_access_key_id": CREDENTIALS["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    }
    table = boto3.client("dynamodb", **settings, **credentials)
    name = next(each for each in table.list_tables()["TableNames"] if "milepost" in each.lower())
    user_id = someone.rest("GET", "/auth/me").json()["user_id"]
    condition = {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": {":pk": {"S": f"USER#{user_id}"}}}

    def left() -> list[str]:
        items = table.query(TableName=name, **condition)["Items"]
        return [item["SK"]["S"] for item in items if goal_id in item["SK"]["S"]]

    until(lambda: not left())
    return left()
