"""Leads that were merged before it was noted into which: after the migration, campaigns forget them too."""

import os
from collections.abc import Sequence

import pytest

from functions.audience.campaigns import consumers
from functions.audience.leads import mergers
from infra.commands.migrations import STEPS
from shared.storage import table
from shared.storage.attributes import Key
from tests.audience.campaigns.staging import Stage, adds_up, has_campaign, has_leads, has_provider, rows, starts, stored
from tests.audience.following import follow_up, make_queue
from tests.audience.people import Person
from tests.aws.messages import delivered
from tests.aws.quick.table import everything
from tests.webhooks.people import stored_events

SHAPE = 7

pytestmark = pytest.mark.usefixtures("campaigning", "follow_ups_queue")


@pytest.fixture
def follow_ups_queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", make_queue())


def merges_as_before(person: Person, stays: str, goes: str) -> None:
    """Merge leads as an earlier version did, which noted nothing, until nothing is on its way between them."""
    assert person.post(f"/leads/{stays}/merge", {"lead_id": goes}).status == 200
    assert follow_up(os.environ["LEAD_FOLLOW_UPS_QUEUE_URL"]) == 0
    note = mergers.noted(person.tenant_id, stays, merged_id=goes).item
    table.delete_many([Key(note["PK"], note["SK"])])


def completed(stage: Stage, person: Person, count: int) -> tuple[str, Sequence[str]]:
    lead_ids = has_leads(person, count)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person)
    starts(person, campaign_id)
    stage.run()
    return campaign_id, lead_ids


def hears_of_the_erased(stage: Stage) -> list[str]:
    """Have campaigns hear of all leads that were erased, and return whom they heard of."""
    events = [each for each in stored_events() if each.event_type == "audience.lead.erased"]
    assert consumers.handler(delivered(events), stage.context()) == {"batchItemFailures": []}
    stage.run()
    return [each.subject_id for each in events]


def migrates() -> int:
    """Take the step that leads to shape 7, and return the write units it took."""
    ((entity, mend),) = [(step.entity, step.begin()) for step in STEPS if step.shape == SHAPE]
    return sum(mend(item) for item in everything() if item.get("entity") == entity)


def named_in(campaign_id: str) -> set[str]:
    return {each.lead_id for each in rows(campaign_id) if each.address_digest is not None}


def test_an_erasure_after_the_migration_reaches_them_through_all_merges(ada: Person, campaigning: Stage) -> None:
    campaign_id, (first, second, third, other) = completed(campaigning, ada, 4)
    merges_as_before(ada, second, third)
    merges_as_before(ada, first, second)
    migrates()
    assert ada.delete(f"/leads/{first}").status == 204
    heard_of = hears_of_the_erased(campaigning)

    assert heard_of == [first]
    assert named_in(campaign_id) == {other}
    assert adds_up(stored(ada, campaign_id))
    assert migrates() == 0


def test_an_erasure_before_the_migration_reaches_them_by_it(ada: Person, campaigning: Stage) -> None:
    campaign_id, (first, second, other) = completed(campaigning, ada, 3)
    merges_as_before(ada, first, second)
    assert ada.delete(f"/leads/{first}").status == 204
    hears_of_the_erased(campaigning)
    assert named_in(campaign_id) == {second, other}
    migrates()
    heard_of = hears_of_the_erased(campaigning)

    assert sorted(heard_of) == sorted([first, second])
    assert named_in(campaign_id) == {other}
    assert adds_up(stored(ada, campaign_id))


def test_a_merge_that_is_noted_is_left_alone(ada: Person) -> None:
    stays, goes, _ = (ada.creates(emails=[f"{name}@example.org"])["lead_id"] for name in ("grace", "ada", "eve"))
    assert ada.post(f"/leads/{stays}/merge", {"lead_id": goes}).status == 200
    before = [*everything()]

    assert migrates() == 0
    assert [*everything()] == before
