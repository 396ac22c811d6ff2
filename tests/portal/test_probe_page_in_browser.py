"""The page behind a link that answers a probe in Chromium, with the functions that answer it in this process."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.identity.scopes import SCOPES
from functions.portal import files
from functions.projects.milestones import milestones
from functions.projects.probe_links import links
from functions.projects.probes import probes
from shared.storage import table
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer
from tests.portal import catalogues

QUESTION = "Will it turn? <img src=x onerror=alert(1)>"
MARY = {"name": "Mary Somerville", "address": "mary@example.com"}
OPERATIONS = ("probe-replies/view", "probe-replies/answer")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(aws: None, pepper: str) -> Somebody:
    return Somebody(Issuer().publish(), scope=" ".join(sorted(SCOPES["owner"] - {"identity:admin"})))


def asked(ada: Somebody, **more: Any) -> tuple[str, str]:
    """Have a probe ask about a milestone of Ada's; return its path, and the token of a link for whom it has asked."""
    project = ada.asks("POST", "projects", {"name": "Engine No. 2", "currency": "EUR"})["project_id"]
    draft = {"title": "Mill assembled", "kind": "deliverable"}
    milestone_id = ada.asks("POST", f"projects/{project}/project-milestones", draft)["project_milestone_id"]
    path = f"project-milestones/{milestone_id}"
    ada.asks("POST", f"{path}/owners", {"user_id": ada.user_id, "role": "primary"})
    for event in ("activate", "start"):
        ada.asks("POST", f"{path}/{event}")
    given = {"project_milestone_id": milestone_id, "question": QUESTION, "schedule": {"every": 1, "unit": "weeks"}}
    probe_id = ada.asks("POST", "probes", {**given, **more})["probe_id"]
    ada.asks("POST", f"probes/{probe_id}/run")
    found = milestones.find(ada.tenant_id, milestone_id)
    probe = probes.of(table.get(probes.key(milestones.partition(ada.tenant_id, milestone_id)))).find(probe_id)
    assert found is not None
    assert probe.run_id is not None
    assert probe.asked_id is not None
    link = links.new(found, probe, probe.run_id, probe.asked_id)
    table.transact([links.born(link)])
    return f"probes/{probe_id}", links.url(link).partition("#")[2]


def runs(ada: Somebody, probe: str) -> list[dict[str, Any]]:
    return list(ada.asks("GET", f"{probe}/runs")["items"])


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_question_is_answered_by_keyboard_and_opening_the_page_answers_nothing(
    chromium: Browser, ada: Somebody
) -> None:
    probe, token = asked(ada)
    sent = list[dict[str, str]]()
    with in_process.opened(chromium, ada, f"probe#{token}") as page:
        page.on("request", lambda request: sent.append(request.headers))
        expect(page.get_by_role("heading", level=1)).to_have_text("Mill assembled")
        expect(page.get_by_text(QUESTION)).to_be_visible()
        found, address, before = faults(page), page.url, [each["outcome"] for each in runs(ada, probe)]
        press(page, "Tab", "Space", "ArrowDown", "Tab")
        page.keyboard.type("40")
        press(page, "Tab")
        page.keyboard.type("The supplier is late.")
        press(page, "Tab", "Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
        expect(page.get_by_text("At risk")).to_be_visible()
    (run,) = runs(ada, probe)

    assert (found, ada.said, before, address) == ([], [], ["open"], f"{in_process.ORIGIN}/probe")
    assert (run["state"], run["progress"], run["comment"]) == ("at_risk", 40, "The supplier is late.")
    assert sent
    assert [each for each in sent if {"referer", "authorization", "cookie"} & {*each}] == []


def test_somebody_from_outside_sees_no_progress_and_a_used_link_says_so(chromium: Browser, ada: Somebody) -> None:
    probe, token = asked(ada, outside=MARY)
    with in_process.opened(chromium, ada, f"probe#{token}") as page:
        expect(page.get_by_text("Mary Somerville, Engine No. 2 asks you")).to_be_visible()
        expect(page.get_by_label("Progress")).to_have_count(0)
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mill assembled")
        page.get_by_label("Done").check()
        page.get_by_role("button", name="Send the answer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    with in_process.opened(chromium, ada, f"probe#{token}") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("This link does not open")
        expect(page.get_by_text("The link is used")).to_be_visible()
    with in_process.opened(chromium, ada, "probe") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("This is no link to a question")

    assert [each["state"] for each in runs(ada, probe)] == ["done"]


def test_the_page_speaks_the_language_of_the_tenant(chromium: Browser, ada: Somebody) -> None:
    catalogues.speaks(ada.tenant_id, "de-AT")
    probe, token = asked(ada)
    with in_process.opened(chromium, ada, f"probe#{token}", locale="fr-FR") as page:
        expect(page.get_by_text("Engine No. 2 fragt Sie:")).to_be_visible()
        expect(page.get_by_role("group", name="Wie steht es?")).to_be_visible()
        expect(page.get_by_text("Erledigt schließt den Meilenstein ab.")).to_be_visible()
        found, named = faults(page), (page.title(), page.locator("html").get_attribute("lang"))
        milestone_id = ada.asks("GET", probe)["project_milestone_id"]
        ada.asks("PUT", f"project-milestones/{milestone_id}/progress", {"progress": 50})
        page.get_by_label("Gefährdet").check()
        page.get_by_label("Fortschritt in Prozent, jetzt 0").fill("40")
        page.get_by_role("button", name="Antwort senden").click()
        expect(page.get_by_role("alert")).to_contain_text("sinkt nicht")
        page.get_by_label("Fortschritt").fill("")
        page.get_by_role("button", name="Antwort senden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Vielen Dank")
        expect(page.get_by_text("Ihre Antwort ist gespeichert: Gefährdet.")).to_be_visible()

    assert (found, named) == ([], ("Frage \N{EN DASH} Milepost", "de"))


def test_each_language_says_everything_the_page_shows_and_everything_it_may_be_refused(
    chromium: Browser, ada: Somebody
) -> None:
    shown = (files.FOLDER / "probe" / "probe.js").read_text()
    with in_process.opened(chromium, ada, "probe") as page:
        said = catalogues.said(page, "probe")

    assert catalogues.gaps(said, shown, OPERATIONS) == []
    assert {"on_track", "at_risk", "blocked", "done"} <= {*said["en"]}
