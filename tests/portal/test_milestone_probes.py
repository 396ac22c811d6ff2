"""The probes on the page of a milestone in Chromium: what they ask when, their last answers, and keys for people."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from functions.identity.scopes import SCOPES, Role
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

QUESTION = "Will it turn? <img src=x onerror=alert(1)>"
WEEKS = {"every": 2, "unit": "weeks"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


def somebody(issuer: Issuer, role: Role, **more: str) -> Somebody:
    return Somebody(issuer, scope=" ".join(sorted(SCOPES[role] - {"identity:admin"})), role=role, **more)


@pytest.fixture
def ada(aws: None) -> Somebody:
    return somebody(Issuer().publish(), "member")


def started(ada: Somebody) -> tuple[str, str]:
    """Have Ada start a milestone of her own; return its project and its id."""
    project = ada.asks("POST", "projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    draft = {"title": "Mill assembled", "kind": "deliverable"}
    milestone_id = ada.asks("POST", f"projects/{project}/project-milestones", draft)["project_milestone_id"]
    ada.asks("POST", f"project-milestones/{milestone_id}/owners", {"user_id": ada.user_id, "role": "primary"})
    for event in ("activate", "start"):
        ada.asks("POST", f"project-milestones/{milestone_id}/{event}")
    return project, milestone_id


def probed(ada: Somebody, milestone_id: str) -> Any:
    draft = {"project_milestone_id": milestone_id, "question": QUESTION, "schedule": WEEKS}
    return ada.asks("POST", "probes", {**draft, "time_zone": "Europe/Berlin"})


def test_a_probe_is_run_paused_and_resumed_by_keyboard_and_shows_its_last_answers(
    chromium: Browser, ada: Somebody
) -> None:
    _, milestone_id = started(ada)
    made = probed(ada, milestone_id)
    probe = f"probes/{made['probe_id']}"
    ada.asks("POST", f"{probe}/run")
    ada.asks("POST", f"{probe}/answer", {"answer": "at_risk", "progress": 60, "comment": "The supplier is late."})
    with in_process.opened(chromium, ada, f"#/projects/milestones/{milestone_id}") as page:
        section = page.get_by_role("region", name="Probes")
        expect(section.get_by_role("heading", name=QUESTION)).to_be_visible()
        expect(section.get_by_text(f"next {made['next_at'][:10]}")).to_be_visible()
        expect(section.get_by_text("every 2 weeks, Europe/Berlin")).to_be_visible()
        section.get_by_text("What was answered last").press("Enter")
        expect(section.get_by_text("At risk, 60 %, by you")).to_be_visible()
        expect(section.get_by_text("The supplier is late.")).to_be_visible()
        found = faults(page)
        section.get_by_role("button", name="Ask now").press("Enter")
        expect(section.get_by_text("waits for you since")).to_be_visible()
        expect(section.get_by_role("button", name="Ask now")).to_have_count(0)
        section.get_by_role("button", name="Pause").press("Enter")
        expect(section.get_by_text("Paused", exact=True)).to_be_visible()
        expect(section.get_by_role("button", name="Resume")).to_be_focused()
        section.get_by_role("button", name="Resume").press("Enter")
        expect(section.get_by_text("Asks by itself")).to_be_visible()

    assert (found, ada.said) == ([], [])
    assert [each["outcome"] for each in ada.asks("GET", f"{probe}/runs")["items"]] == ["ended", "answered"]
    assert ada.asks("GET", probe)["status"] == "active"


def test_who_may_only_read_sees_what_a_probe_asks_and_no_button(chromium: Browser, ada: Somebody) -> None:
    project, milestone_id = started(ada)
    probed(ada, milestone_id)
    guest = somebody(ada.issuer, "guest", tenant_id=ada.tenant_id)
    ada.asks("PUT", f"projects/{project}/members/{guest.user_id}", {"roles": ["viewer"]})
    with in_process.opened(chromium, guest, f"#/projects/milestones/{milestone_id}") as page:
        expect(page.get_by_role("heading", name=QUESTION)).to_be_visible()
        buttons = page.get_by_role("region", name="Probes").get_by_role("button").all_text_contents()

    assert buttons == []
