"""Projects in a browser on the deployed stage: a milestone is planned, proved with a file, and approved by keyboard."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.e2e.crew import invited
from tests.e2e.dashboard import Person, opened, window
from tests.projects.evidence.bringing import PDF


def add_to_the_project(page: Page, who: str, role: str) -> None:
    page.get_by_text("Add a member").click()
    page.get_by_label("Who?").select_option(label=who)
    page.get_by_label("As what?").select_option(label=role)
    page.get_by_role("button", name="Add them").click()


def plan(page: Page) -> None:
    page.get_by_text("New milestone").click()
    page.get_by_label("What will be done?").fill("Mill assembled")
    page.get_by_label("Evidence that is wanted").fill("Signed drawings")
    page.get_by_label("Who approves it?").select_option(label="Any verifier")
    page.get_by_role("button", name="Make a draft").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mill assembled")


def test_a_milestone_is_planned_proved_and_approved_by_keyboard(chromium: Browser, ada: Person) -> None:
    """Ada plans and builds; Ben, who verifies, approves what she has brought."""
    ben, said = invited(ada, "Ben"), list[str]()
    page = opened(window(chromium, ada, ada.session()), ada, "#/projects")
    page.on("console", lambda message: said.append(message.text))
    page.get_by_text("New project").click()
    page.get_by_label("What is it called?").fill("Engine No. 2")
    page.get_by_role("button", name="Create it").click()
    add_to_the_project(page, "Ben, member", "Verifier")
    expect(page.get_by_text("Ben", exact=True)).to_be_visible()

    plan(page)
    page.get_by_text("Assign it to somebody").click()
    owner = page.get_by_label("To whom?")
    owner.select_option(owner.get_by_role("option", name=re.compile(r"^You: suits \d+")).get_attribute("value"))
    page.get_by_role("button", name="Assign it").click()
    expect(page.get_by_text("You", exact=True)).to_be_visible()
    page.get_by_role("button", name="Activate").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Bring a file").click()
    page.get_by_label("File").set_input_files({"name": "drawings.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_text("Wanted: Signed drawings: 1 of 1.")).to_be_visible()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Under review", exact=True)).to_be_visible()

    other = opened(window(chromium, ben, ben.session()), ben, page.url[page.url.index("#") :])
    other.on("console", lambda message: said.append(message.text))
    other.get_by_role("button", name="Look at drawings.pdf").click()
    expect(other.get_by_role("dialog").locator("iframe")).to_be_visible()
    other.keyboard.press("Escape")
    other.keyboard.press("a")
    other.keyboard.press("Tab")
    other.keyboard.press("Enter")
    expect(other.locator(".head .health")).to_have_text("Approved")
    expect(other.get_by_role("heading", level=1)).to_be_focused()

    (milestone,) = ada.ask("GET", f"projects/{project_of(ada)}/project-milestones")["items"]
    assert milestone["status"] == "approved"
    assert said == []


def project_of(person: Person) -> str:
    (found,) = person.ask("GET", "projects")["items"]
    return str(found["project_id"])
