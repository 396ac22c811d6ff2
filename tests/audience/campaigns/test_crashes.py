"""Workers that die between any two calls, and messages that come again: nobody is written to twice, or left out.

A read leaves nothing behind, so whoever dies at one leaves what dying at the next write leaves that is not made. So
every run dies at each write, and `make soak` at each call.
"""

import pytest

from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person
from tests.aws import troubles
from tests.soaking import IS_ON, soaks

ENOUGH = 500
"""More calls than a small campaign makes."""
WRITES = ("BatchWriteItem", "DeleteObject", "PutObject", "SendMessageBatch", "TransactWriteItems", "UpdateItem")


@soaks
@pytest.mark.parametrize("takes_effect", [False, True], ids=["the call is not made", "its answer is lost"])
@pytest.mark.parametrize("dedupes", [False, True], ids=["no dedupe", "dedupe"])
def test_a_process_that_dies_at_any_call_leaves_nobody_out_and_writes_to_nobody_twice(
    ada: Person,
    campaigning: Stage,
    takes_effect: bool,  # noqa: FBT001
    dedupes: bool,  # noqa: FBT001
) -> None:
    lead_ids = has_leads(ada, 3)
    has_provider(ada, campaigning.provider.url, dedupes=dedupes)
    segment_id = has_segment(ada)
    for number in range(1, ENOUGH):
        campaigning.provider.calls.clear()
        campaigning.provider.taken.clear()
        campaign_id = has_campaign(ada, segment_id=segment_id, chunk_size=2)
        starts(ada, campaign_id)
        if dedupes:
            # Preparing does not ask what the provider does, so it has died at each of its calls by then.
            campaigning.hear()
        with troubles.dying_at(number, takes_effect=takes_effect, among=() if IS_ON else WRITES) as made:
            campaigning.step_until_idle()
        campaigning.run()

        assert stored(ada, campaign_id).status == "completed", number
        assert adds_up(stored(ada, campaign_id)), number
        assert {each.lead_id for each in rows(campaign_id)} == {*lead_ids}, number
        if dedupes:
            assert totals(campaign_id) == {"sent": 3}, number
        else:
            assert set(campaigning.provider.sent_to().values()) <= {1}, number
            assert set(totals(campaign_id)) <= {"sent", "unknown"}, number
        if len(made) < number:
            return
    raise AssertionError("a small campaign makes fewer calls")
