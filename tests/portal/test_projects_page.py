"""The pages of projects and milestones in Chromium: planning, proving with a file, and deciding by keyboard."""

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import boto3
import pytest
from playwright.sync_api import Browser, Page, Route, expect

from functions.identity.scopes import SCOPES, Role
from functions.portal import api as portal
from shared import config
from shared.storage import files
from tests.aws.buckets import keep_versions, make_the_bucket
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.evidence.bringing import PDF, declared
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person

CRITERIA = [{"key": "drawings", "text": "Drawings are signed", "is_met": True}]
REVIEW = [{"level": 1, "name": "Review", "mode": "all", "approvers": [{"role": "manager"}, {"role": "verifier"}]}]
OF_THE_BUCKET = {"access-control-allow-origin": in_process.ORIGIN, "access-control-allow-headers": "*"}


@dataclass
class Yard:
    """Ada manages a project, Ben verifies in it, and Cy owns a milestone that is under review."""

    ada: Somebody
    ben: Somebody
    cy: Somebody
    project_id: str
    milestone_id: str

    @property
    def milestone(self) -> str:
        return f"project-milestones/{self.milestone_id}"

    @property
    def page(self) -> str:
        return f"#/projects/milestones/{self.milestone_id}"

    def follow(self) -> None:
        """Have the consumer told of all that has happened to the milestone."""
        follow(*of_milestone(Person(self.ada.user_id, self.ada.tenant_id, self.ada.issuer), f"/{self.milestone}"))

    def layer(self) -> Any:
        return self.ada.asks("GET", f"{self.milestone}/verifications")["items"][-1]

    def status(self) -> str:
        return str(self.ada.asks("GET", self.milestone)["status"])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


def somebody(issuer: Issuer, role: Role, **more: str) -> Somebody:
    return Somebody(issuer, scope=" ".join(sorted(SCOPES[role] - {"identity:admin"})), role=role, **more)


@pytest.fixture
def yard(aws: None) -> Iterator[Yard]:
    """A project with a milestone under review."""
    make_the_bucket()
    keep_versions(config.files_bucket())
    files.client.cache_clear()
    portal._dashboard_policy.cache_clear()
    issuer = Issuer().publish()
    ada = somebody(issuer, "member")
    ben, cy = (somebody(issuer, "member", tenant_id=ada.tenant_id) for _ in range(2))
    project_id = ada.asks("POST", "projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    for each, role in ((ben, "verifier"), (cy, "creator")):
        ada.asks("PUT", f"projects/{project_id}/members/{each.user_id}", {"roles": [role]})
    draft = {"title": "Mill assembled", "kind": "deliverable", "completion_criteria": CRITERIA}
    made = ada.asks(
        "POST", f"projects/{project_id}/project-milestones", {**draft, "verification_policy": {"layers": REVIEW}}
    )
    built = Yard(ada, ben, cy, project_id, made["project_milestone_id"])
    ada.asks("POST", f"{built.milestone}/owners", {"user_id": cy.user_id, "role": "primary"})
    cy.asks("POST", f"{built.milestone}/owners/accept")
    ada.asks("POST", f"{built.milestone}/activate")
    cy.asks("POST", f"{built.milestone}/start")
    yield built
    files.client.cache_clear()


@pytest.fixture
def reviewed(yard: Yard) -> Yard:
    yard.cy.asks("POST", f"{yard.milestone}/complete")
    return yard


def answer_for_the_bucket(route: Route) -> None:
    """Take a file, or give it, as the bucket does at signed addresses; it holds nothing against what was signed."""
    request, path = route.request, unquote(urlsplit(route.request.url).path).removeprefix("/")
    place = {"Bucket": config.files_bucket(), "Key": path}
    if request.method == "OPTIONS":
        route.fulfill(status=200, headers={**OF_THE_BUCKET, "access-control-allow-methods": "PUT, GET"})
    elif request.method == "PUT":
        body = request.post_data_buffer or b""
        checksum = base64.b64encode(hashlib.sha256(body).digest()).decode()
        assert request.headers["x-amz-checksum-sha256"] == checksum
        boto3.client("s3").put_object(**place, Body=body, ChecksumSHA256=checksum)
        route.fulfill(status=200, headers=OF_THE_BUCKET)
    else:
        found = boto3.client("s3").get_object(**place)
        route.fulfill(status=200, headers=OF_THE_BUCKET, body=found["Body"].read())


def reach_the_bucket(page: Page) -> None:
    page.route("https://files.s3.eu-west-1.amazonaws.com/**", answer_for_the_bucket)


def test_a_project_and_a_milestone_are_made_and_nothing_is_wrong_with_their_pages(chromium: Browser, aws: None) -> None:
    ada = somebody(Issuer().publish(), "owner")
    with in_process.opened(chromium, ada, "#/projects") as page:
        expect(page.get_by_text("You are a member of no project yet.")).to_be_visible()
        page.get_by_text("New project").click()
        page.get_by_label("What is it called?").fill("Engine No. 2")
        page.get_by_label("Whom is it for?").fill("Analytical Engines Ltd")
        found = faults(page)
        page.get_by_role("button", name="Create it").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Engine No. 2")
        expect(page.get_by_text("There is no milestone yet.")).to_be_visible()
        page.get_by_text("New milestone").click()
        page.get_by_label("What will be done?").fill("Mill assembled")
        page.get_by_label("Amount in EUR").fill("a lot")
        page.get_by_role("button", name="Make a draft").click()
        expect(page.get_by_text("Must be a number of EUR, such as 1200.")).to_be_visible()
        page.get_by_label("Amount in EUR").fill("2500.50")
        page.get_by_label("What must be true then?").fill("Drawings are signed\nIt turns")
        found += faults(page)
        page.get_by_role("button", name="Make a draft").click()

        expect(page.get_by_role("heading", level=1)).to_have_text("Mill assembled")
        expect(page.get_by_text("€2,500.50")).to_be_visible()
        expect(page.get_by_role("checkbox")).to_have_count(2)
        page.get_by_role("button", name="Activate").click()
        expect(page.get_by_role("alert").filter(has_text="The milestone has no primary owner")).to_be_visible()
        page.get_by_role("link", name="Engine No. 2").click()
        expect(page.get_by_role("heading", name="Draft", exact=True)).to_be_visible()
        found += faults(page)

    # The browser says by itself that something was refused.
    assert (found, [each for each in ada.said if "409" not in each]) == ([], [])


def test_a_pdf_is_brought_and_looked_at(chromium: Browser, yard: Yard) -> None:
    with in_process.opened(chromium, yard.cy, yard.page) as page:
        reach_the_bucket(page)
        page.get_by_text("Bring a file").click()
        page.get_by_role("button", name="Bring it").click()
        expect(page.get_by_role("alert").filter(has_text="Choose a file first.")).to_be_visible()
        page.get_by_label("File").set_input_files({"name": "drawings.pdf", "mimeType": "text/html", "buffer": PDF})
        page.get_by_role("button", name="Bring it").click()
        expect(page.get_by_role("heading", name="drawings.pdf")).to_be_visible()
        page.get_by_role("button", name="Look at drawings.pdf").click()
        expect(page.get_by_role("dialog").locator("iframe")).to_have_attribute("title", "drawings.pdf")
        found = faults(page)

    assert yard.ada.asks("GET", f"{yard.milestone}/evidence")["items"][0]["status"] == "uploaded"
    assert (found, yard.cy.said) == ([], [])


def test_a_file_that_is_another_than_it_says_is_turned_down_with_the_reason(chromium: Browser, yard: Yard) -> None:
    with in_process.opened(chromium, yard.cy, yard.page) as page:
        reach_the_bucket(page)
        page.get_by_text("Bring a file").click()
        hostile = b"<html><script>alert(1)</script></html>"
        page.get_by_label("File").set_input_files({"name": "x.pdf", "mimeType": "application/pdf", "buffer": hostile})
        page.get_by_role("button", name="Bring it").click()

        expect(page.get_by_role("alert").filter(has_text="it is not of its type")).to_be_visible()
        expect(page.get_by_role("button", name="Look at x.pdf")).to_have_count(0)


def test_a_file_whose_sending_broke_off_is_sent_again(chromium: Browser, yard: Yard) -> None:
    yard.cy.asks("POST", f"{yard.milestone}/evidence", declared())
    with in_process.opened(chromium, yard.cy, yard.page) as page:
        reach_the_bucket(page)
        expect(page.get_by_text("The file is waited for")).to_be_visible()
        page.get_by_text("Bring a file").click()
        page.get_by_label("File").set_input_files({"name": "drawings.pdf", "mimeType": "", "buffer": PDF})
        page.get_by_role("button", name="Bring it").click()
        expect(page.get_by_role("button", name="Save drawings.pdf")).to_be_visible()

    assert [each["status"] for each in yard.ada.asks("GET", f"{yard.milestone}/evidence")["items"]] == ["uploaded"]


def test_two_people_approve_by_keyboard(chromium: Browser, reviewed: Yard) -> None:
    for person, waiting in ((reviewed.ada, "0 of 2 given"), (reviewed.ben, "1 of 2 given")):
        with in_process.opened(chromium, person, reviewed.page) as page:
            expect(page.get_by_text(waiting)).to_be_visible()
            page.keyboard.press("a")
            comment = page.get_by_role("dialog").get_by_label("Comment")
            expect(comment).to_be_focused()
            page.keyboard.type("a good mill")
            page.keyboard.press("Tab")
            expect(page.get_by_role("dialog").get_by_role("button", name="Approve")).to_be_focused()
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", level=1)).to_be_focused()
            expect(page.get_by_text("approved: a good mill").first).to_be_visible()

    assert reviewed.status() == "approved"
    assert [each["reason"] for each in reviewed.layer()["decisions"]] == ["a good mill", "a good mill"]


def test_what_waits_leads_to_the_milestone_and_goes_once_it_is_decided(chromium: Browser, reviewed: Yard) -> None:
    reviewed.follow()
    with in_process.opened(chromium, reviewed.ben, "#/projects") as page:
        page.get_by_role("link", name="What waits for you").click()
        expect(page.get_by_text("Waits for you", exact=True)).to_be_visible()
        found = faults(page)
        page.get_by_role("link", name="Mill assembled").click()
        page.get_by_role("button", name="Approve Review").click()
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(page.get_by_role("dialog")).to_have_count(0)
        reviewed.follow()
        page.goto(f"{in_process.ORIGIN}/#/projects/worklist")
        expect(page.get_by_text("Nothing waits for you.")).to_be_visible()

    assert (found, reviewed.ben.said) == ([], [])


def test_a_rejection_says_why_and_escape_leaves_it(chromium: Browser, reviewed: Yard) -> None:
    with in_process.opened(chromium, reviewed.ben, reviewed.page) as page:
        found = faults(page)
        page.keyboard.press("r")
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.get_by_role("button", name="Reject Review").press("r")
        expect(page.get_by_role("dialog").get_by_label("Why?")).to_be_focused()
        page.keyboard.type("It jams at the third wheel.")
        found += faults(page)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Rejected: It jams at the third wheel.", exact=True)).to_be_visible()

    assert reviewed.status() == "rejected"
    assert (found, reviewed.ben.said) == ([], [])


def test_who_is_not_asked_has_no_keys(chromium: Browser, reviewed: Yard) -> None:
    with in_process.opened(chromium, reviewed.cy, reviewed.page) as page:
        expect(page.get_by_text("all of 2 people")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_role("dialog")).to_have_count(0)
        expect(page.get_by_text("Keys on this page")).to_have_count(0)


@pytest.mark.parametrize(("trouble", "words"), [("bounced", "did not arrive"), ("complained", "was marked as spam")])
def test_a_mail_with_a_link_that_failed_is_said(chromium: Browser, reviewed: Yard, trouble: str, words: str) -> None:
    found = reviewed.ada.asks("GET", f"{reviewed.milestone}/verifications")
    found["items"][0]["seats"][0] |= {"name": "Mary <b>", "link_mail": trouble}
    with in_process.opened(chromium, reviewed.ada, "#/projects") as page:
        page.route("**/verifications", lambda route: route.fulfill(json=found))
        page.evaluate(f"location.hash = '{reviewed.page}'")
        expect(page.get_by_text(f"Mary <b>not decided yet; the mail with their link {words}")).to_be_visible()


def test_what_has_changed_since_it_was_read_is_not_approved(chromium: Browser, reviewed: Yard) -> None:
    with in_process.opened(chromium, reviewed.ada, reviewed.page) as page:
        page.keyboard.press("a")
        reviewed.cy.asks("POST", f"{reviewed.milestone}/recall")
        reviewed.cy.asks("POST", f"{reviewed.milestone}/complete")
        page.get_by_role("dialog").get_by_role("button", name="Approve").click()
        expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("withdrawn")

    assert reviewed.layer()["decisions"] == []


def test_who_may_only_read_sees_what_there_is_and_no_button(chromium: Browser, reviewed: Yard) -> None:
    guest = somebody(reviewed.ada.issuer, "guest", tenant_id=reviewed.ada.tenant_id)
    reviewed.ada.asks("PUT", f"projects/{reviewed.project_id}/members/{guest.user_id}", {"roles": ["viewer"]})
    with in_process.opened(chromium, guest, "#/projects") as page:
        page.get_by_role("link", name="Engine No. 2").click()
        page.get_by_role("link", name="Mill assembled").click()
        expect(page.get_by_text("Drawings are signed")).to_be_visible()
        buttons = page.get_by_role("main").get_by_role("button").all_text_contents()
        page.goto(f"{in_process.ORIGIN}/#/projects/prj_01KAEY5R7C2N8V4X6Z9B1D3F5H")
        expect(page.get_by_role("heading", level=1)).to_have_text("There is nothing here")

    assert [each for each in buttons if each not in {"Show more of its history", "Try now"}] == []
