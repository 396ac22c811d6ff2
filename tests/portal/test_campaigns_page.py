"""The pages of campaigns in Chromium: a draft made of a segment, started, watched, paused and cancelled."""

import time
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from functions.audience.campaigns.erasing import rounds
from functions.audience.campaigns.erasing.rounds import Erasure
from shared.storage import files, slots
from tests.audience.campaigns import provider, staging
from tests.audience.campaigns.staging import CAMPAIGNS, CHUNKS, SENDER, Stage
from tests.audience.people import Person
from tests.aws.buckets import make_files_bucket
from tests.browsing import browser, in_process
from tests.browsing.accessibility import faults
from tests.browsing.in_process import Somebody
from tests.identity.access_tokens.issuer import Issuer

NOBODY_ELSE = {"type": "condition", "field": "name", "operator": "=", "value": "Person 1"}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A browser for the tests of this module."""
    with browser.started() as started:
        yield started


@pytest.fixture
def ada(pepper: str) -> Somebody:
    """Somebody who may send."""
    return Somebody(Issuer().publish(), scope=f"identity:read {SENDER}")


@pytest.fixture
def person(ada: Somebody) -> Person:
    """The same, as who calls the API."""
    return Person(ada.user_id, ada.tenant_id, ada.issuer, SENDER)


@pytest.fixture
def stage(person: Person, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The queues and the provider of campaigns, with three people to write to."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    monkeypatch.setenv("CAMPAIGNS_QUEUE_URL", CAMPAIGNS)
    monkeypatch.setenv("CAMPAIGN_CHUNKS_QUEUE_URL", CHUNKS)
    monkeypatch.setattr(time, "sleep", lambda _: None)
    files.client.cache_clear()
    slots.forget()
    with provider.running() as scripted:
        staging.has_provider(person, scripted.url)
        staging.has_leads(person, 3)
        yield Stage(scripted)
    files.client.cache_clear()


def looks_again(page: Page) -> None:
    """Let the page look again, as it does when its window is looked at again."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def test_who_has_no_campaign_is_told_what_it_takes(chromium: Browser, ada: Somebody) -> None:
    with in_process.opened(chromium, ada, "#/campaigns") as page:
        expect(page.get_by_text("make a segment first")).to_be_visible()
        expect(page.get_by_text("There are no such campaigns.")).to_be_visible()

        assert (faults(page), ada.said) == ([], [])


def test_a_draft_is_made_of_a_segment_and_sent_to_it(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    segment_id = staging.has_segment(person, NOBODY_ELSE)
    with in_process.opened(chromium, ada, f"#/campaigns/from/{segment_id}") as page:
        found = [faults(page)]
        page.get_by_label("Name").fill("Spring")
        page.get_by_label("What is it?").select_option("transactional")
        page.get_by_label("Subject").fill("Hello {{ name }}")
        page.get_by_label("Message").fill("It is spring, {{ name }} <b>!")
        page.get_by_role("button", name="Make a draft").press("Enter")

        expect(page.get_by_role("heading", level=1)).to_have_text("Spring")
        page.get_by_role("button", name="Show three messages").click()
        expect(page.get_by_text("It is spring, Person 1 <b>!")).to_be_visible()
        found.append(faults(page))
        page.get_by_role("button", name="Start").press("Enter")
        expect(page.get_by_text("It is preparing.")).to_be_visible()
        stage.step_until_idle()
        looks_again(page)

        expect(page.get_by_text("Completed")).to_be_visible()
        expect(page.get_by_text("1 of 1 seen to")).to_be_visible()
        states = page.get_by_role("list", name="Where everybody is")
        expect(states.get_by_role("listitem").filter(has_text="Sent").locator(".count")).to_have_text("1")
        expect(page.get_by_role("button", name="Pause")).to_have_count(0)
        found.append(faults(page))

    assert [each["to"] for each in stage.provider.calls] == ["person-00001@example.org"]
    assert (found, ada.said) == ([[], [], []], [])


def test_variants_are_shown_with_how_far_they_came_and_which_has_won(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    variants = [{"name": "A", "share": 50}, {"name": "B", "share": 50, "subject": "It is spring"}]
    winner = {"by": "clicks", "after_minutes": 60, "test_percent": 50}
    staging.has_leads(person, 30)
    segment_id = staging.has_segment(person)
    campaign_id = staging.has_campaign(person, segment_id=segment_id, variants=variants, winner=winner)
    staging.starts(person, campaign_id)
    stage.step_until_idle()
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        section = page.get_by_role("region", name="Variants")
        expect(section).to_contain_text("It is decided")
        sent = Counter(each.variant for each in staging.rows(campaign_id))
        one = section.get_by_role("listitem").filter(has_text="It is spring")
        expect(one).to_contain_text(f"{sent[1]} sent")
        found = [faults(page)]
    assert staging.sender(person).post(f"/campaigns/{campaign_id}/winner", {"variant": "B"}).status == 200
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        section = page.get_by_role("region", name="Variants")
        expect(section.get_by_role("listitem").filter(has_text="It is spring")).to_contain_text("Has won")
        expect(section).not_to_contain_text("It is decided")
        found.append(faults(page))

    assert (found, ada.said) == ([[], []], [])


def test_a_field_that_is_refused_says_so_and_keeps_what_was_typed(
    chromium: Browser, ada: Somebody, person: Person
) -> None:
    staging.has_segment(person)
    with in_process.opened(chromium, ada, "#/campaigns") as page:
        page.get_by_text("New campaign").click()
        page.get_by_label("Name").fill("Spring")
        page.get_by_label("Message").fill("Hello")
        page.get_by_role("button", name="Make a draft").click()

        expect(page.get_by_text("An e-mail needs one.")).to_be_visible()
        expect(page.get_by_label("Subject")).to_be_focused()
        expect(page.get_by_label("Name")).to_have_value("Spring")


def test_everybody_is_written_to_only_when_that_is_said_once_more(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    segment_id = staging.has_segment(person, {"op": "AND", "children": []})
    campaign_id = staging.has_campaign(person, segment_id=segment_id)
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        start = page.get_by_role("button", name="Start")
        start.press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("matches every lead")
        found = faults(page)
        page.keyboard.press("Escape")
        expect(start).to_be_focused()
        assert staging.stored(person, campaign_id).status == "draft"
        start.press("Enter")
        page.get_by_role("button", name="Write to everybody").press("Enter")
        expect(page.get_by_text("Preparing", exact=True)).to_be_visible()
        stage.step_until_idle()
        looks_again(page)
        expect(page.get_by_text("3 of 3 seen to")).to_be_visible()

    assert len(stage.provider.calls) == 3
    assert found == []


def test_a_campaign_is_paused_resumed_and_cancelled(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    campaign_id = staging.has_campaign(person)
    staging.starts(person, campaign_id)
    stage.hear()
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        page.get_by_role("button", name="Pause").press("Enter")
        expect(page.get_by_text("Paused", exact=True)).to_be_visible()
        page.get_by_role("button", name="Resume").press("Enter")
        expect(page.get_by_text("Running", exact=True)).to_be_visible()
        page.get_by_role("button", name="Cancel the campaign").press("Enter")
        expect(page.get_by_role("dialog")).to_contain_text("cannot be resumed")
        page.get_by_role("button", name="Cancel it for good").press("Enter")
        expect(page.get_by_text("Cancelled", exact=True)).to_be_visible()
        expect(page.get_by_role("button", name="Resume")).to_have_count(0)

    assert staging.stored(person, campaign_id).status == "cancelled"


def test_who_may_want_to_be_looked_at_is_listed_by_state(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    stage.provider.answers["person-00001@example.org"] = ["refused"]
    campaign_id = staging.has_campaign(person)
    staging.starts(person, campaign_id)
    stage.step_until_idle()
    refused = next(each for each in staging.rows(campaign_id) if each.status == "failed")
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        logs = page.get_by_role("region", name="Recipients to look at")
        expect(logs.get_by_role("link", name=refused.lead_id)).to_be_visible()
        expect(logs.get_by_text("failed: 400")).to_be_visible()
        found = faults(page)
        logs.get_by_label("State").select_option("skipped")
        expect(logs.get_by_text("There are none.")).to_be_visible()

    assert (found, ada.said) == ([], [])


def test_a_recipient_who_was_erased_is_no_link(chromium: Browser, ada: Somebody, person: Person, stage: Stage) -> None:
    campaign_id = staging.has_campaign(person)
    staging.starts(person, campaign_id)
    stage.hear()
    erased = person.get("/leads").body["items"][0]
    assert person.delete(f"/leads/{erased['lead_id']}").status == 204
    stage.step_until_idle()
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        logs = page.get_by_role("region", name="Recipients to look at")
        logs.get_by_label("State").select_option("skipped")
        expect(logs.get_by_role("heading", name="Erased or merged lead")).to_be_visible()
        expect(logs.get_by_text("is not there any more")).to_be_visible()
        expect(logs.get_by_role("link")).to_have_count(0)


def test_a_failed_message_to_somebody_who_was_erased_since_is_no_link(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    stage.provider.answers["person-00001@example.org"] = ["refused"]
    campaign_id = staging.has_campaign(person)
    staging.starts(person, campaign_id)
    stage.step_until_idle()
    refused = next(each for each in staging.rows(campaign_id) if each.status == "failed")
    assert person.delete(f"/leads/{refused.lead_id}").status == 204
    for number in (1, 2):
        rounds.run(Erasure(person.tenant_id, refused.lead_id, round=number))
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        logs = page.get_by_role("region", name="Recipients to look at")
        expect(logs.get_by_text("failed: 400")).to_be_visible()
        expect(logs.get_by_role("heading", name="Erased or merged lead")).to_be_visible()
        expect(logs.get_by_role("link")).to_have_count(0)


def test_campaigns_are_listed_by_their_state(chromium: Browser, ada: Somebody, person: Person, stage: Stage) -> None:
    segment_id = staging.has_segment(person)
    draft, running = (staging.has_campaign(person, name=name, segment_id=segment_id) for name in ("Later", "Now"))
    staging.starts(person, running)
    with in_process.opened(chromium, ada, "#/campaigns") as page:
        expect(page.locator(".card h2")).to_have_text(["Now", "Later"])
        page.get_by_label("State").select_option("preparing")
        expect(page.locator(".card h2")).to_have_text(["Now"])
        page.get_by_label("State").select_option("")
        page.get_by_role("link", name="Later").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Later")
        assert page.url.endswith(draft)


def test_who_may_only_read_sees_a_campaign_and_nothing_that_sends(
    chromium: Browser, ada: Somebody, person: Person, stage: Stage
) -> None:
    campaign_id = staging.has_campaign(person)
    ada.scope = "identity:read audience:read"
    with in_process.opened(chromium, ada, f"#/campaigns/{campaign_id}") as page:
        expect(page.get_by_role("heading", level=1)).to_have_text("Spring")
        expect(page.get_by_role("button", name="Start")).to_have_count(0)
        page.get_by_role("navigation").get_by_role("link", name="Campaigns").click()
        expect(page.get_by_role("link", name="Spring")).to_be_visible()
        expect(page.get_by_text("New campaign")).to_have_count(0)
