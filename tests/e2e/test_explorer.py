"""The GraphQL explorer of the deployed stage: its ready queries, and the page in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.demo.account import Account
from infra.explorer import publishing
from infra.stage.client import call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn
from tests.browsing.browser import PATIENCE_MS

QUERIES = {each["query"].split("(")[0].split("{")[0].split()[-1]: each for each in publishing.ready_queries()}


@pytest.fixture
def account(stack: Addresses, sign_up: Callable[[], SignIn]) -> Account:
    """Somebody with a goal, a task and a tracked milestone."""
    me = Account(api_url=stack.api_url, token=sign_up().access_token)
    goal = me.post("/api/v1/goals", {"title": "Run a marathon"}, idempotency_key="goal")
    me.post(f"/api/v1/goals/{goal['goal_id']}/tasks", {"title": "Buy shoes"}, idempotency_key="task")
    tracked = {"project_id": "apollo", "kpi_id": "tvl", "target": 100, "sync_to_forse": False}
    me.post("/api/v1/milestones", tracked, idempotency_key="milestone")
    return me


def ids_of(me: Account) -> dict[str, str]:
    """Return what the page puts into the variables of a query."""
    (goal,) = me.every("/api/v1/goals")
    (task,) = me.every(f"/api/v1/goals/{goal['goal_id']}/tasks")
    return {"goalId": goal["goal_id"], "taskId": task["task_id"], "projectId": "apollo"}


@pytest.fixture(scope="module")
def address(stack: Addresses) -> str:
    """Where the page of the stage is, once it is there."""
    publishing.publish(stack)
    return publishing.address(stack)


@pytest.fixture
def page(address: str, chromium: Browser) -> Iterator[Page]:
    """The page before anybody has signed in."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def test_every_ready_query_answers(stack: Addresses, account: Account) -> None:
    known = ids_of(account)
    answers = {
        name: call(
            "POST",
            stack.graphql_url,
            body={"query": each["query"], "variables": {k: v for k, v in known.items() if f"${k}:" in each["query"]}},
            token=account.token,
        ).json()
        for name, each in QUERIES.items()
    }

    assert {name: said["errors"] for name, said in answers.items() if "errors" in said} == {}
    assert answers["CompleteTask"]["data"]["completeTask"]["status"] == "completed"


def test_a_ready_query_shows_what_i_have_and_nothing_is_asked_elsewhere(
    stack: Addresses, account: Account, page: Page
) -> None:
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.get_by_label("Access token").fill(account.token)
    page.get_by_role("button", name="Explore").click()
    page.get_by_role("button", name="One goal with its tasks").click()
    expect(page.get_by_role("region", name="Query Editor")).to_contain_text("GoalWithTasks")
    expect(page.get_by_role("region", name="Variables")).to_contain_text("goal_")
    page.get_by_role("button", name="Execute query").click()

    expect(page.locator(".result-window")).to_contain_text("Buy shoes")
    # What the content security policy refuses would be said here.
    assert said == []
    assert [url for url in asked if not url.startswith((f"{stack.endpoint_url}/", "data:"))] == []


def test_the_explorer_knows_the_schema(account: Account, page: Page) -> None:
    page.get_by_label("Access token").fill(account.token)
    page.get_by_role("button", name="Explore").click()
    page.get_by_role("button", name="Show Documentation Explorer").click()
    page.get_by_role("link", name="Goal", exact=True).click()

    expect(page.get_by_text("Stored apart from the goal and read only when asked for.")).to_be_visible()


def test_a_wrong_password_is_said_in_words(sign_up: Callable[[], SignIn], page: Page) -> None:
    page.get_by_label("E-mail").fill(sign_up().email)
    page.get_by_label("Password").fill("not my password")
    page.get_by_role("button", name="Explore").click()

    expect(page.get_by_role("alert")).to_contain_text("password")
    expect(page.get_by_role("button", name="Explore")).to_be_visible()
