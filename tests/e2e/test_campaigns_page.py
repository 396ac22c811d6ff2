"""The dashboard on the deployed stage, from a rule to a campaign that has ended, with the provider to run against."""

from typing import Any

from playwright.sync_api import Browser, Page, expect

from infra.stage import provider
from tests.browsing.accessibility import faults
from tests.e2e.dashboard import Person, opened, window

PATIENCE_MS = 120_000
PEOPLE = 12


def test_a_segment_is_built_and_a_campaign_to_it_is_watched_until_it_has_ended(chromium: Browser, ada: Person) -> None:
    def ask(method: str, path: str, body: Any) -> Any:
        return ada.ask(method, path.removeprefix("/api/v1/"), body)

    rows = [
        {"name": f"Person {number}", "emails": [f"person-{number}@example.org"], "tags": ["even"] if number % 2 else []}
        for number in range(PEOPLE)
    ]
    ada.ask("POST", "leads/bulk", {"rows": rows})
    with provider.running(ada.api_url, ask):
        page = opened(window(chromium, ada, ada.session()), ada, "#/segments/new")
        chooses_even_ones(page)
        seen = {"segment": faults(page)}
        page.get_by_label("Name", exact=True).fill("Even ones")
        page.get_by_role("button", name="Make the segment").click()

        page.get_by_role("link", name="New campaign to it").click()
        # The page before has a field of this name too.
        expect(page.get_by_role("heading", level=1)).to_have_text("Campaigns")
        page.get_by_label("Name").fill("Spring")
        page.get_by_label("What is it?").select_option("transactional")
        page.get_by_label("Subject").fill("Hello {{ name }}")
        page.get_by_label("Message").fill("It is spring, {{ name }}.")
        seen["form"] = faults(page)
        page.get_by_role("button", name="Make a draft").click()
        page.get_by_role("button", name="Start").click()

        expect(page.get_by_text("Completed", exact=True)).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_text(f"{PEOPLE // 2} of {PEOPLE // 2} seen to")).to_be_visible()
        reached = page.get_by_role("list", name="How far messages came").get_by_role("listitem").first
        expect(reached.locator(".count")).to_have_text(f"{PEOPLE // 2} (100 %)")
        seen["campaign"] = faults(page)
        campaign_id = page.url.rpartition("/")[2]

    stats = ada.ask("GET", f"campaigns/{campaign_id}/stats")
    assert (stats["audience"], stats["funnel"]["sent"], sum(stats["counts"].values())) == (6, 6, 6)
    assert {part: found for part, found in seen.items() if found} == {}


def chooses_even_ones(page: Page) -> None:
    """Fill in a segment of those with a tag, while everybody and then they are counted."""
    counts = page.get_by_role("region", name="Who is in it now")
    page.get_by_label("Field").select_option("name")
    page.get_by_label("How").select_option("IS_SET")
    expect(counts.get_by_text(f"{PEOPLE} people", exact=True)).to_be_visible()
    page.get_by_label("Field").select_option("tags")
    page.get_by_label("How").select_option("=")
    page.get_by_label("Value").fill("even")
    expect(counts.get_by_text(f"{PEOPLE // 2} people", exact=True)).to_be_visible()
