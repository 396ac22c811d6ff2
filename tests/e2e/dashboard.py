"""The dashboard in a browser: a page of somebody, and what the API says to hold it against."""

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import BrowserContext, Page

from infra.local.client import call
from infra.local.deployment import Addresses
from infra.local.sign_in import SignIn


@dataclass(frozen=True)
class Person:
    """Somebody with an account, who also calls the API themselves."""

    signed_in: SignIn
    api_url: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """Return what the API answers; anything but success is a failure of the test."""
        answer = call(method, f"{self.api_url}/api/v1/{path}", body=body, token=self.signed_in.access_token)
        assert answer.status < 300, answer.text
        return answer.json() if answer.text else None

    def goal(self, title: str, *, tasks: tuple[str, ...] = (), done: int = 0, **fields: object) -> str:
        """Set a goal with tasks, the first of them done, and return its id."""
        goal_id: str = self.ask("POST", "goals", {"title": title, **fields})["goal_id"]
        for number, task in enumerate(tasks):
            task_id = self.ask("POST", f"goals/{goal_id}/tasks", {"title": task})["task_id"]
            if number < done:
                self.ask("POST", f"goals/{goal_id}/tasks/{task_id}/complete")
        return goal_id


def fill_in(page: Page, person: Person, *, password: str | None = None) -> None:
    """Fill in the form of the sign-in, and send it."""
    page.get_by_label("E-mail address").fill(person.signed_in.email)
    page.get_by_label("Password").fill(password or person.signed_in.password)
    page.get_by_role("button", name="Sign in").click()


def enter(context: BrowserContext, stack: Addresses, person: Person, at: str = "") -> Page:
    """Return a page on which somebody has signed in, at a part of the dashboard."""
    page = context.new_page()
    page.goto(f"{stack.api_url}/{at}")
    fill_in(page, person)
    page.get_by_role("button", name="Sign out").wait_for()
    page.locator("h1").wait_for()
    return page
