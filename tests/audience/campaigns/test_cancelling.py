"""What becomes of those who wait when their campaign is cancelled."""

from tests.audience.campaigns.staging import (
    Stage,
    has_campaign,
    has_leads,
    has_provider,
    puts,
    rows,
    starts,
    totals,
)
from tests.audience.people import Person


def test_who_waits_when_the_campaign_is_cancelled_is_skipped(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 60)
    has_provider(ada, campaigning.provider.url)
    campaigning.provider.otherwise = "retry"
    campaign_id = has_campaign(ada, chunk_size=60)
    starts(ada, campaign_id)
    campaigning.hear()
    campaigning.take()
    assert puts(ada, campaign_id, "cancelled").status == 200
    campaigning.run()

    assert len(campaigning.provider.calls) == 60
    assert {(each.status, each.reason) for each in rows(campaign_id)} == {("skipped", "cancelled")}
    assert totals(campaign_id) == {"skipped": 60}


def test_who_begins_to_wait_after_that_is_skipped_as_well(ada: Person, campaigning: Stage) -> None:
    (lead,) = has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaigning.provider.otherwise = "retry"
    campaign_id = has_campaign(ada)

    def heard() -> None:
        puts(ada, campaign_id, "cancelled")
        campaigning.hear()

    campaigning.provider.heard = heard
    starts(ada, campaign_id)
    campaigning.run()

    assert [(each.lead_id, each.status, each.reason) for each in rows(campaign_id)] == [(lead, "skipped", "cancelled")]
