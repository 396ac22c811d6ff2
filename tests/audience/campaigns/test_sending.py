"""A campaign from its draft to its end: everybody in the segment is written to once."""

from tests.audience.campaigns.staging import (
    Stage,
    has_campaign,
    has_leads,
    has_provider,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person


def test_everybody_in_the_segment_is_written_to_once(ada: Person, campaigning: Stage) -> None:
    lead_ids = has_leads(ada, 30)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()

    assert stored(ada, campaign_id).status == "completed"
    assert campaigning.provider.sent_to() == dict.fromkeys(lead_ids, 1)
    assert totals(campaign_id) == {"sent": 30}
    assert {each.status for each in rows(campaign_id)} == {"sent"}
    assert campaigning.provider.calls[0]["text"].startswith("Hello Person ")
