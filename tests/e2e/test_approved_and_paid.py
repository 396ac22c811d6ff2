"""The main job of projects and payments on the deployed stage, in a browser wherever people act.

A project is made of a template and falls behind. What its builder brings is approved by three people: one by keyboard,
one in the place of another, and one from outside by a link. That issues an invoice, which is paid by itself, and what
waited for the money goes on. Everybody is told by signed webhooks.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.stage.deployment import Addresses
from tests.aws import signed
from tests.browsing.accessibility import faults
from tests.e2e.crew import invited, user_id
from tests.e2e.dashboard import Person, opened, window
from tests.e2e.endpoints import endpoint_of, until
from tests.projects.evidence.bringing import PDF
from tests.webhooks.receiver import Receiver, receiving

TODAY = datetime.now(UTC)
OWNED = [{"role": "primary", "person": "builder"}]
TEMPLATE = {
    "name": "Engine",
    "parameters": [{"name": "site"}, {"name": "builder", "kind": "person", "description": "Who builds it"}],
    "milestones": [
        {
            "key": "mill",
            "title": "Mill at {{site}}",
            "kind": "deliverable",
            "percentage": 70,
            "evidence_requirements": [{"key": "drawings", "title": "Signed drawings"}],
            "owners": OWNED,
        },
        {"key": "manual", "title": "Manual", "kind": "documentation", "percentage": 10, "owners": OWNED},
        {"key": "handover", "title": "Handover", "kind": "signoff", "percentage": 20, "owners": OWNED},
    ],
    "dependencies": [
        {"from_key": "mill", "to_key": "manual", "type": "verified_to_start"},
        {"from_key": "mill", "to_key": "handover", "type": "payment_to_start"},
    ],
}
CLIENT = {"name": "Royal Society", "address": "Burlington House"}
SELLER = {"name": "Analytical Engines Ltd", "address": ["1 Dorset Street", "London"]}
TERMS = {"retention_percent": "10", "tax_percent": "18"}
# Of 7,000.01 a tenth is kept back, and 18 % of the rest is tax.
BALANCES = {
    "clearing": 743_401,
    "receivable": 0,
    "retention_receivable": 70_000,
    "revenue": 700_001,
    "tax_payable": 113_400,
}
TOLD = {
    "projects.escalation.raised": 3,
    "projects.escalation.resolved": 1,
    "projects.evidence.uploaded": 1,
    "projects.layer.opened": 2,
    "projects.layer.approved": 2,
    "projects.verification.decided": 3,
    "projects.milestone.verified": 1,
    "projects.milestone.approved": 1,
    "projects.milestone.unblocked": 2,
    "payments.invoice.issued": 1,
    "payments.payment.released": 1,
    "payments.invoice.paid": 1,
}
"""What endpoints are told, and how often; all three milestones are late."""
MARY = "mary@somerville.example"
"""Somebody from outside, who has no account."""


@dataclass
class Job:
    """A project with its people, their windows, and what endpoints are told of it."""

    chromium: Browser
    ada: Person
    receiver: Receiver
    secret: str
    ben: Person
    cleo: Person
    dan: Person
    eve: Person
    project_id: str = ""
    said: list[str] = field(default_factory=list)

    def page(self, person: Person, part: str) -> Page:
        """Return a page of the dashboard as somebody sees it; what its console says is kept."""
        shown = opened(window(self.chromium, person, person.session()), person, part)
        shown.on("console", lambda message: self.said.append(message.text))
        return shown

    @cached_property
    def planned(self) -> dict[str, str]:
        """The paths of the milestones by the first words of their titles."""
        items = self.ada.ask("GET", f"projects/{self.project_id}/project-milestones")["items"]
        return {each["title"].split()[0]: f"project-milestones/{each['project_milestone_id']}" for each in items}

    def told(self) -> Counter[str]:
        """Return how often each type of event was told, each event of them once, and signed."""
        by_id = {each.webhook_id: each.verified(self.secret) for each in self.receiver.messages}
        return Counter(each["type"] for each in by_id.values())


@pytest.fixture
def job(stack: Addresses, chromium: Browser, ada: Person) -> Iterator[Job]:
    """Ada manages, Ben builds, Cleo and Dan verify, and Eve stands in for Dan."""
    with receiving() as receiver:
        secret = endpoint_of(ada.signed_in, stack, receiver)["secret"]
        ben, cleo, dan, eve = (invited(ada, name) for name in ("Ben", "Cleo", "Dan", "Eve"))
        ada.ask("PATCH", "payment-settings", {"seller": SELLER, "auto_release_limits": {"EUR": 10**9}})
        ada.ask("PUT", "payment-terms", TERMS)
        yield Job(chromium, ada, receiver, secret, ben, cleo, dan, eve)


def test_what_three_people_approve_is_invoiced_paid_and_sets_the_next_free(job: Job) -> None:
    plans_a_project_from_a_template(job)
    hands_it_out(job)
    assert until(lambda: raised(job, "overdue_milestone")) == ["pending"]

    brings_a_file_and_completes(job)
    approves_by_keyboard(job)
    approves_in_the_place_of_another(job)
    assert until(lambda: raised(job, "overdue_milestone") == ["resolved"])
    waits_for_others(job)
    approves_by_a_link(job)

    assert until(lambda: status(job, "Manual") == "active")
    assert until(lambda: status(job, "Handover") == "active")
    is_paid(job)
    everybody_is_told(job)
    assert job.said == []


def plans_a_project_from_a_template(job: Job) -> None:
    """Ada makes the project, with a plan that begins five weeks ago."""
    job.ada.ask("POST", "plan-templates", TEMPLATE)
    made = job.ada.ask("POST", "projects", {"name": "Engine No. 2", "currency": "EUR", "client": CLIENT})
    job.project_id = made["project_id"]
    for person, role in ((job.ben, "creator"), (job.cleo, "verifier"), (job.dan, "verifier"), (job.eve, "viewer")):
        job.ada.ask("PUT", f"projects/{job.project_id}/members/{user_id(person)}", {"roles": [role]})
    page = job.page(job.ada, f"#/projects/{job.project_id}")
    page.get_by_text("Plan from a template").click()
    page.get_by_label("Template").select_option(label="Engine, 3 milestones")
    page.get_by_label("From when on?").fill((TODAY - timedelta(weeks=5)).strftime("%Y-%m-%d"))
    page.get_by_label("Total in EUR").fill("10000.01")
    page.get_by_label("Site").fill("Mill Lane")
    page.get_by_label("Who builds it").select_option(label="Ben")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("link", name="Mill at Mill Lane")).to_be_visible()


def hands_it_out(job: Job) -> None:
    """Ada says who approves the mill; Ben accepts what he is to build, and Dan lets Eve decide."""
    people = [{"user": user_id(job.cleo)}, {"user": user_id(job.dan)}]
    outside = [{"external": {"name": "Mary Somerville", "address": MARY}}]
    layers = [
        {"level": 1, "name": "Inspection", "mode": "all", "approvers": people},
        {"level": 2, "name": "Audit", "kind": "external_audit", "approvers": outside},
    ]
    job.ada.ask("PATCH", job.planned["Mill"], {"verification_policy": {"layers": layers}})
    for path in job.planned.values():
        job.ben.ask("POST", f"{path}/owners/accept")
        job.ada.ask("POST", f"{path}/activate")
    now, soon = (TODAY + timedelta(days=days) for days in (-1, 1))
    given = {"delegate_id": user_id(job.eve), "scope": "tenant", "reason": "On the building site."}
    job.dan.ask("POST", "delegations", {**given, "starts_at": f"{now:%FT%TZ}", "ends_at": f"{soon:%FT%TZ}"})


def brings_a_file_and_completes(job: Job) -> None:
    page = job.page(job.ben, f"#/projects/milestones/{job.planned['Mill'].rpartition('/')[2]}")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Bring a file").click()
    page.get_by_label("File").set_input_files({"name": "drawings.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_text("Wanted: Signed drawings: 1 of 1.")).to_be_visible()
    page.get_by_role("button", name="Complete").click()
    expect(page.get_by_text("Under review", exact=True)).to_be_visible()


def approves_by_keyboard(job: Job) -> None:
    """Cleo finds it in her worklist, looks at the drawings, and approves."""
    assert until(lambda: job.cleo.ask("GET", "worklist")["items"])
    page = job.page(job.cleo, "#/projects/worklist")
    page.get_by_role("link", name="Mill at Mill Lane").click()
    page.get_by_role("button", name="Look at drawings.pdf").click()
    expect(page.get_by_role("dialog").locator("iframe")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("You have approved it.")).to_be_visible()


def approves_in_the_place_of_another(job: Job) -> None:
    """Eve finds in her worklist what waits for Dan, and approves it for him."""
    assert until(lambda: job.eve.ask("GET", f"worklist?on_behalf_of={user_id(job.dan)}")["items"])
    page = job.page(job.eve, "#/projects/worklist")
    page.get_by_role("region", name="In the place of").get_by_role("link", name="Mill at Mill Lane").click()
    expect(page.get_by_role("region", name="Escalations")).to_contain_text("Overdue milestone")
    page.get_by_role("button", name="Approve Inspection for").click()
    found = faults(page)
    page.get_by_role("dialog").get_by_role("button", name="Approve").click()
    expect(page.get_by_text("You have approved it.")).to_be_visible()
    decisions = [each for layer in layers(job) for each in layer["decisions"]]

    assert found == []
    assert [each["on_behalf_of"] for each in decisions] == [None, user_id(job.dan)]


def waits_for_others(job: Job) -> None:
    """Ben sees for what the handover waits."""
    page = job.page(job.ben, f"#/projects/milestones/{job.planned['Handover'].rpartition('/')[2]}")
    waiting = page.get_by_role("region", name="What it waits for").get_by_role("listitem")
    expect(waiting).to_contain_text("to be paid before the start")
    expect(waiting.get_by_role("link", name="Mill at Mill Lane")).to_be_visible()
    assert faults(page) == []


def approves_by_a_link(job: Job) -> None:
    """Mary, who has no account, opens the page behind her link, fetches the file, and presses the button."""
    audit = next(each for each in layers(job) if each["name"] == "Audit")
    link = job.ada.ask("POST", f"verifications/{audit['verification_id']}/links", {"address": MARY})
    page = job.chromium.new_context().new_page()
    page.on("console", lambda message: job.said.append(message.text))
    page.goto(link["url"])
    expect(page.get_by_role("heading", level=1)).to_have_text("Mill at Mill Lane")
    expect(page.get_by_text("Amount: €7,000.01")).to_be_visible()
    file = page.get_by_role("link", name="drawings.pdf").get_attribute("href")
    assert signed.get(str(file)).content == PDF
    assert "#" not in page.url
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")


def is_paid(job: Job) -> None:
    """The invoice is what the terms say, paid by itself, and balanced in the ledger."""
    (invoice,) = job.ada.ask("GET", f"{job.planned['Mill']}/invoices")["items"]
    payment = job.ada.ask("GET", f"payments/{invoice['payment_id']}")
    balance = job.ada.ask("GET", "ledger/trial-balance?currency=EUR")
    balances = {each["code"]: each["balance_minor_units"] for each in balance["accounts"]}

    assert (invoice["status"], invoice["amount_due_minor_units"]) == ("paid", 0)
    assert (payment["status"], payment["requested_by"]) == ("completed", "milepost")
    assert [(each["gateway"], each["outcome"]) for each in payment["attempts"]] == [("ledger", "made")]
    assert (balance["is_balanced"], balances) == (True, BALANCES)


def everybody_is_told(job: Job) -> None:
    """Each fact is told once."""

    def told() -> Counter[str]:
        return Counter({each: count for each, count in job.told().items() if each in TOLD})

    until(lambda: told() == TOLD)
    assert told() == TOLD


def layers(job: Job) -> list[dict[str, Any]]:
    return list(job.ada.ask("GET", f"{job.planned['Mill']}/verifications")["items"])


def raised(job: Job, trigger: str) -> list[str]:
    """Return how the escalations of the mill are that the system has raised for this."""
    milestone_id = job.planned["Mill"].rpartition("/")[2]
    found = job.ada.ask("GET", f"escalations?project_milestone_id={milestone_id}")["items"]
    return [each["status"] for each in found if each["trigger"] == trigger]


def status(job: Job, milestone: str) -> str:
    return str(job.ada.ask("GET", job.planned[milestone])["status"])
