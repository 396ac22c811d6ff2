"""Receipts of a campaign: before and after its provider has answered, by recipient and by the provider's own id."""

import pytest

from tests.audience.campaigns.staging import (
    Stage,
    has_campaign,
    has_leads,
    rows,
    starts,
    totals,
)
from tests.audience.delivery import having
from tests.audience.people import Person
from tests.audience.receipts.telling import Post


@pytest.mark.parametrize("when", ["during the call", "after the campaign"])
@pytest.mark.parametrize("by_vendor_id", [True, False])
def test_a_receipt_reaches_its_recipient_whenever_it_comes(
    ada: Person, campaigning: Stage, monkeypatch: pytest.MonkeyPatch, when: str, *, by_vendor_id: bool
) -> None:
    post = Post(monkeypatch)
    made, secret = having.provider(
        settings={"url": campaigning.provider.url}, tenant_id=ada.tenant_id, receipts_by_vendor_id=by_vendor_id
    )
    having.stored(made, is_default=True)
    has_leads(ada, 12)
    campaign_id = has_campaign(ada)

    def tell(number: int) -> None:
        call = campaigning.provider.calls[number]
        named = {} if by_vendor_id else {"campaign_id": campaign_id, "lead_id": call["lead_id"]}
        told = {"vendor_message_id": f"vendor-{number + 1}", "status": "delivered", **named}
        assert post.tells(made, secret, told).status == 202
        post.brings()

    if when == "during the call":
        campaigning.provider.heard = lambda: tell(len(campaigning.provider.calls) - 1)
    starts(ada, campaign_id)
    campaigning.run()
    if when == "after the campaign":
        for number in range(12):
            tell(number)

    assert totals(campaign_id) == {"delivered": 12}
    assert {each.status for each in rows(campaign_id)} == {"delivered"}
    assert {each.vendor_message_id for each in rows(campaign_id)} == {f"vendor-{number}" for number in range(1, 13)}
