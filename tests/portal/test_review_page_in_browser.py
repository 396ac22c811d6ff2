"""The page behind a review link in Chromium, with the functions that answer it in this process."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.identity.scopes import SCOPES
from functions.portal import files
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.portal import catalogues
from tests.projects.verification.review import layer

MARY = {"name": "Mary Somerville", "address": "mary@example.com"}
AUDIT: dict[str, Any] = {
    "name": "Audit",
    "kind": "external_audit",
    "approvers": [{"external": MARY}],
    "checklist": ["Seen on site"],
    "min_score": 60,
}
OPERATIONS = ("review-links/view", "review-links/decide")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(aws: None, pepper: str) -> Somebody:
    return Somebody(Issuer().publish(), scope=" ".join(sorted(SCOPES["owner"] - {"identity:admin"})))


def submitted(ada: Somebody) -> tuple[str, str]:
    """Have a milestone of Ada's audited from outside; return its path, and the token of a link for the auditor.

    A colleague submits it, for nobody makes links for the review of what they have submitted.
    """
    colleague = Somebody(ada.issuer, scope=ada.scope, tenant_id=ada.tenant_id)
    project = ada.asks("POST", "projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    ada.asks("PUT", f"projects/{project}/members/{colleague.user_id}", {"roles": ["creator"]})
    draft = {
        "title": "Mill assembled",
        "kind": "deliverable",
        "acceptance": "none",
        "amount_minor_units": 250_000,
        "verification_policy": {"layers": [layer(**AUDIT)]},
        "completion_criteria": [{"key": "drawings", "text": "Drawings are signed", "is_met": True}],
    }
    milestone_id = ada.asks("POST", f"projects/{project}/project-milestones", draft)["project_milestone_id"]
    path = f"project-milestones/{milestone_id}"
    ada.asks("POST", f"{path}/owners", {"user_id": colleague.user_id, "role": "primary"})
    colleague.asks("POST", f"{path}/owners/accept")
    ada.asks("POST", f"{path}/activate")
    colleague.asks("POST", f"{path}/start")
    colleague.asks("POST", f"{path}/complete")
    [audit] = ada.asks("GET", f"{path}/verifications")["items"]
    made = ada.asks("POST", f"verifications/{audit['verification_id']}/links", {"address": MARY["address"]})
    return path, made["url"].partition("#")[2]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_review_is_decided_by_keyboard_and_opening_the_page_decides_nothing(chromium: Browser, ada: Somebody) -> None:
    milestone, token = submitted(ada)
    sent = list[dict[str, str]]()
    with in_process.opened(chromium, ada, f"review#{token}") as page:
        page.on("request", lambda request: sent.append(request.headers))
        expect(page.get_by_role("heading", level=1)).to_have_text("Mill assembled")
        expect(page.get_by_text("Amount: €2,500.00")).to_be_visible()
        expect(page.get_by_text("Met: Drawings are signed")).to_be_visible()
        found, address, before = faults(page), page.url, ada.asks("GET", milestone)["status"]
        press(page, "Tab", "Space", "Tab")
        page.keyboard.type("80")
        press(page, "Tab", "Tab", "Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        expect(page.get_by_text("You have approved it.")).to_be_visible()

    assert (found, ada.said, before, address) == ([], [], "completed", f"{in_process.ORIGIN}/review")
    assert ada.asks("GET", milestone)["status"] == "approved"
    assert sent
    assert [each for each in sent if {"referer", "authorization", "cookie"} & {*each}] == []


def test_the_page_speaks_the_language_of_the_tenant(chromium: Browser, ada: Somebody) -> None:
    catalogues.speaks(ada.tenant_id, "de-AT")
    milestone, token = submitted(ada)
    with in_process.opened(chromium, ada, f"review#{token}", locale="fr-FR") as page:
        expect(
            page.get_by_text("Mary Somerville, Engine No. 2 bittet Sie um eine Entscheidung: Audit.")
        ).to_be_visible()
        expect(page.get_by_text("Betrag: 2.500,00 €")).to_be_visible()
        expect(page.get_by_text("Erfüllt: Drawings are signed")).to_be_visible()
        found, named = faults(page), (page.title(), page.locator("html").get_attribute("lang"))
        page.get_by_role("button", name="Ablehnen").click()
        expect(page.get_by_role("alert")).to_contain_text("Eine Ablehnung braucht eine Begründung")
        page.get_by_role("button", name="Freigeben").click()
        expect(page.get_by_role("alert")).to_contain_text("mindestens die verlangten Punkte")
        page.get_by_label("Punkte, für eine Freigabe mindestens 60").fill("60")
        page.get_by_role("button", name="Freigeben").click()
        expect(page.get_by_role("alert")).to_contain_text("jeden Punkt der Liste")
        page.get_by_label("Begründung").fill("Die Welle schlägt.")
        page.get_by_role("button", name="Ablehnen").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vielen Dank")
        expect(page.get_by_text("Sie haben es abgelehnt.")).to_be_visible()

    assert (found, named) == ([], ("Prüfung \N{EN DASH} Milepost", "de"))
    assert ada.asks("GET", milestone)["status"] == "rejected"


def test_a_link_that_does_not_open_says_so_in_the_language_of_the_browser(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "review#forged", locale="fr-FR") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Ce lien ne s'ouvre pas")
        expect(page.get_by_text("Le lien n'est pas tel qu'il a été envoyé.")).to_be_visible()
        found, language = faults(page), page.locator("html").get_attribute("lang")
    with in_process.opened(chromium, ada, "review", locale="pt-BR") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("This is no review link")
        other = page.locator("html").get_attribute("lang")

    assert (found, language, other) == ([], "fr", "en")


def test_each_language_says_everything_the_page_shows_and_everything_it_may_be_refused(
    chromium: Browser, ada: Somebody
) -> None:
    shown = (files.FOLDER / "review" / "review.js").read_text()
    with in_process.opened(chromium, ada, "review") as page:
        said = catalogues.said(page, "review")

    assert catalogues.gaps(said, shown, OPERATIONS) == []
