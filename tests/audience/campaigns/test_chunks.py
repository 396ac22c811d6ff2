from functions.audience.campaigns import chunks
from functions.audience.campaigns.chunks import Part
from shared.storage import table
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, starts, stored
from tests.audience.people import Person


def test_a_preparer_that_comes_late_leaves_what_is_done_as_it_is(ada: Person) -> None:
    made = chunks.cut(ada.tenant_id, "campaign_1", [Part(250)], 1)
    chunks.store(made)
    table.transact(chunks.done(made[0]))
    table.transact(chunks.done(made[249]))

    chunks.store(made)

    left = [each.number for each in chunks.unfinished(ada.tenant_id, "campaign_1")]
    assert left == [*range(1, 249)]


def test_a_preparer_adds_what_another_has_left_out(ada: Person) -> None:
    made = chunks.cut(ada.tenant_id, "campaign_1", [Part(3)], 1)
    chunks.store(made[1:2])

    chunks.store(made)

    assert [*chunks.unfinished(ada.tenant_id, "campaign_1")] == made


def test_a_campaign_whose_chunks_are_stored_again_when_it_is_over_stays_so(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()

    chunks.store(chunks.cut(ada.tenant_id, campaign_id, [Part(2)], 50))

    assert stored(ada, campaign_id).status == "completed"
    assert [*chunks.unfinished(ada.tenant_id, campaign_id)] == []
