"""A project's timeline and its plans in Chromium: a plan is made of a template, drawn, and frozen as the baseline."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.identity.scopes import SCOPES
from functions.projects import consumers
from tests.aws.entries import Context
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.plans.arriving import queue, requested
from tests.projects.team import Person

__all__ = ["queue"]

pytestmark = pytest.mark.usefixtures("bundled", "queue")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(aws: None) -> Somebody:
    """A member of a tenant, who may look at her jobs."""
    return Somebody(Issuer().publish(), scope=" ".join(sorted(SCOPES["member"])), role="member")


@pytest.fixture
def project(ada: Somebody) -> str:
    return str(ada.asks("POST", "projects", {"name": "Engine", "currency": "EUR"})["project_id"])


def plans(ada: Somebody, page: Page) -> None:
    """Ask for the plan, and have the job done that the page then waits for."""
    with page.expect_response(lambda response: "/jobs/" in response.url):
        page.get_by_role("button", name="Plan it").click()
    [job_id] = {each.rpartition("/")[2] for each in ada.asked if "/jobs/" in each}
    person = Person(ada.user_id, ada.tenant_id, ada.issuer)
    assert consumers.handler(requested(person, job_id), Context()) == {"batchItemFailures": []}


def test_a_plan_is_made_of_a_template_and_its_chart_is_drawn(chromium: Browser, ada: Somebody, project: str) -> None:
    with in_process.opened(chromium, ada, f"#/projects/{project}") as page:
        expect(page.get_by_text("There is no milestone to plan yet.")).to_be_visible()
        page.get_by_text("Plan from a template").click()
        page.get_by_label("Template").select_option(label="Opening of a shop, 5 milestones")
        page.get_by_label("From when on?").fill("2027-03-01")
        page.get_by_label("Total in EUR").fill("1000")
        page.get_by_label("Which shop opens").fill("The shop")
        plans(ada, page)

        expect(page.get_by_role("link", name="The shop fitted out")).to_be_visible()
        expect(page.get_by_text("It ends on 2027-05-17.")).to_be_visible()
        drawing = page.get_by_role("img", name="Gantt chart of the project")
        expect(drawing).to_be_visible()
        assert drawing.evaluate("(each) => each.naturalWidth") == 960
        page.get_by_text("on the critical path").click()
        expect(
            page.get_by_role("listitem").filter(has_text="Lease of The shop: 2027-03-01 to 2027-03-19")
        ).to_be_visible()
        page.get_by_role("button", name="Freeze as baseline").click()
        expect(page.get_by_text("It ends on 2027-05-17, as in the baseline.")).to_be_visible()
        # What was announced fades, and is not looked at while it does.
        page.reload()
        expect(drawing).to_be_visible()
        assert faults(page) == []
        assert ada.said == []


def test_what_a_template_wants_and_does_not_get_is_said_at_its_field(
    chromium: Browser, ada: Somebody, project: str
) -> None:
    with in_process.opened(chromium, ada, f"#/projects/{project}") as page:
        page.get_by_text("Plan from a template").click()
        page.get_by_label("Template").select_option(label="Opening of a shop, 5 milestones")
        page.get_by_label("From when on?").fill("2027-03-01")
        page.get_by_label("Total in EUR").fill("0.01")
        page.get_by_label("Which shop opens").fill("The shop")
        page.get_by_role("button", name="Plan it").click()

        expect(page.get_by_text("Must be more: nothing of it is left for")).to_be_visible()
