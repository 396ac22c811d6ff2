"""Listening to a goal, on the deployed stage; the emulator carries no subscription, so this is as far as it goes."""

from collections.abc import Callable

from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn

PUBLISH = """
mutation ($goal: ID!) {
  publishGoalProgress(progress: {
    goalId: $goal, progressPercentage: 100, progressText: "100 %", taskProgress: 100, taskProgressText: "100 %",
    completedTasks: 1, totalTasks: 1, isOverdue: false, isUrgent: false, isOnTrack: true, milestones: [],
    asOf: "2026-11-20T12:00:00Z", lastUpdated: "2026-11-20T12:00:00Z"
  }) { goalId }
}
"""
LISTEN = "subscription ($goal: ID!) { onGoalProgress(goalId: $goal) { goalId progressPercentage } }"


def test_nobody_with_a_token_publishes_progress(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    owner = sign_up().access_token
    body = {"query": PUBLISH, "variables": {"goal": "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}}
    answer = call("POST", stack.graphql_url, body=body, token=owner).json()

    assert answer["data"] == {"publishGoalProgress": None}
    assert [error["errorType"] for error in answer["errors"]] == ["Unauthorized"]


def test_only_who_may_read_a_goal_may_listen_to_it(stack: Addresses, sign_up: Callable[[], SignIn]) -> None:
    owner, stranger = sign_up().access_token, sign_up().access_token
    goal = call("POST", f"{stack.api_url}/api/v1/goals", body={"title": "Run a marathon"}, token=owner).json()
    body = {"query": LISTEN, "variables": {"goal": goal["goal_id"]}}
    answers = [call("POST", stack.graphql_url, body=body, token=token).json() for token in (owner, stranger)]

    assert answers[0] == {"data": {"onGoalProgress": None}}
    assert answers[1]["data"] == {"onGoalProgress": None}
    assert [error["errorType"] for error in answers[1]["errors"]] == ["GoalNotFound"]
