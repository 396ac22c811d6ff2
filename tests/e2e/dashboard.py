"""The dashboard in a browser: somebody with an account, their window, and what the API says to hold it against."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page

from infra.stage.client import call
from infra.stage.sign_in import SignIn
from tests.browsing.browser import PATIENCE_MS


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

    def milestone(self, title: str, *waits_for: str, project: str = "bridge", **fields: object) -> str:
        """Track a milestone that waits for others, and return its id."""
        draft = {"project_id": project, "kpi_id": "tvl", "target": 100, "sync_to_forse": False, **fields}
        uid: str = self.ask("POST", "milestones", {**draft, "metadata": {"title": title}})["milestone_uid"]
        for other in waits_for:
            self.ask("POST", f"milestones/{uid}/dependencies", {"depends_on": other})
        return uid

    def session(self, **kept: object) -> dict[str, Any]:
        """Return what a browser keeps of them for a quarter of an hour, with nothing to refresh it."""
        good_until = int((time.time() + 900) * 1000)
        tokens = {"access_token": self.signed_in.access_token, "refresh_token": "none", "good_until": good_until}
        return {**tokens, "name": "Ada Lovelace", **kept}


def window(
    chromium: Browser, person: Person, session: Mapping[str, Any] | None = None, **wanted: Any
) -> BrowserContext:
    """Return a window of a browser in which somebody has signed in, or is about to be asked to."""
    kept = [{"name": "milepost.session", "value": json.dumps(session)}] if session else []
    origin = "/".join(person.api_url.split("/")[:3])
    state: Any = {"cookies": [], "origins": [{"origin": origin, "localStorage": kept}]}
    size = {"viewport": {"width": 1440, "height": 900}, "timezone_id": "UTC", "reduced_motion": "reduce"}
    context = chromium.new_context(storage_state=state, **{**size, **wanted})
    context.set_default_timeout(PATIENCE_MS)
    return context


def opened(context: BrowserContext, person: Person, part: str = "") -> Page:
    """Return a page at a part of the dashboard, as soon as it shows what was asked for."""
    page = context.new_page()
    page.goto(f"{person.api_url}/{part}")
    page.locator("main h1").wait_for()
    return page


def sign_in(page: Page, person: Person, *, password: str | None = None) -> None:
    """Fill in the form of the sign-in, and send it."""
    page.get_by_label("E-mail address").fill(person.signed_in.email)
    page.get_by_label("Password").fill(password or person.signed_in.password)
    page.get_by_role("button", name="Sign in").click()


def bar(place: Locator | Page) -> float:
    """Return what the first bar of a place says, in percent."""
    return float(place.get_by_role("progressbar").first.get_attribute("value") or "nan")
