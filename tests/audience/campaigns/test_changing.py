"""Campaigns that are changed, tried and put into states as nobody may."""

from threading import Barrier
from typing import Any

import pytest

from functions.audience.segments.rules.facts import Facts
from shared import clock
from tests.audience.campaigns.staging import (
    Stage,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    puts,
    sender,
    starts,
    stored,
)
from tests.audience.people import Person

ALL = {"op": "AND", "children": []}


def sweeps(stage: Stage) -> None:
    stage.sweep()
    stage.step_until_idle()


def test_what_a_transactional_campaign_says_takes_an_admin_too(ada: Person) -> None:
    campaign_id = has_campaign(ada)
    member = ada.holding("audience:read audience:send")
    refused = member.patch(f"/campaigns/{campaign_id}", {"message_template": "Buy!"})

    assert (refused.status, refused.code) == (403, "PurposeNotAllowed")
    assert member.patch(f"/campaigns/{campaign_id}", {"rate_per_minute": 60}).status == 200


def test_a_scheduled_campaign_keeps_a_time(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, scheduled_at=clock.to_rfc3339(clock.now() + 3600 * clock.SECOND))
    puts(ada, campaign_id, "scheduled")
    refused = sender(ada).patch(f"/campaigns/{campaign_id}", {"scheduled_at": None})
    sweeps(campaigning)

    assert (refused.status, refused.fields) == (422, ["scheduled_at"])
    assert stored(ada, campaign_id).status == "scheduled"


def test_who_has_confirmed_a_segment_of_everybody_has_not_confirmed_another(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    at = clock.to_rfc3339(clock.now() + 60 * clock.SECOND)
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, ALL), scheduled_at=at)
    puts(ada, campaign_id, "scheduled", confirm_all=True)
    sender(ada).patch(f"/campaigns/{campaign_id}", {"segment_id": has_segment(ada, ALL)})
    campaigning.time.shift(61)
    sweeps(campaigning)

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("failed", "EverybodyNotConfirmed")
    assert campaigning.provider.calls == []


def test_a_preview_looks_at_so_many_leads_and_no_more(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.audience.segments.matching.MOST_LOOKED_AT", 5)
    has_leads(ada, 12)
    nobody = {"type": "condition", "field": "visits", "operator": ">", "value": 5}
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, nobody))
    looked_at: list[Any] = []
    monkeypatch.setattr(
        "functions.audience.segments.matching.Facts", lambda lead: looked_at.append(lead) or Facts(lead)
    )
    preview = sender(ada).post(f"/campaigns/{campaign_id}/preview").body

    assert (preview["items"], len(looked_at)) == ([], 5)


def test_those_who_try_a_campaign_have_addresses_of_its_channel(ada: Person) -> None:
    campaign_id = has_campaign(ada, test_recipients=["Ada@Example.org", "ada@example.org"])
    refused = sender(ada).patch(f"/campaigns/{campaign_id}", {"test_recipients": ["nobody"]})
    numbers = has_campaign(ada, channel="sms", subject=None, test_recipients=["020 7946 0958"])

    assert stored(ada, campaign_id).test_recipients == ["ada@example.org"]
    assert (refused.status, refused.fields) == (422, ["test_recipients.0"])
    assert stored(ada, numbers).test_recipients == ["+442079460958"]


def test_those_who_try_a_campaign_do_not_wait_for_one_another(ada: Person, campaigning: Stage) -> None:
    has_provider(ada, campaigning.provider.url)
    tried = [f"ada-{number}@example.org" for number in range(10)]
    campaign_id = has_campaign(ada, test_recipients=tried)
    campaigning.provider.heard = Barrier(10, timeout=10).wait
    results = sender(ada).post(f"/campaigns/{campaign_id}/test").body["results"]

    assert [(each["to"], each["outcome"]) for each in results] == [(each, "accepted") for each in tried]


def test_nobody_says_that_a_campaign_is_over_but_by_cancelling_it(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    for status in ("failed", "preparing", "completed", "draft"):
        reply = sender(ada).ask("setCampaignStatus", campaignId=campaign_id, status=status)
        assert reply.error_type == "InvalidInput"

    assert stored(ada, campaign_id).status == "preparing"


def deletes(person: Person, provider_id: str) -> Any:
    return person.rest("DELETE", f"/delivery-providers/{provider_id}")


def test_a_provider_stays_while_a_campaign_sends_through_it(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    provider = has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    refused = deletes(ada, provider.provider_id)

    assert (refused.status, refused.code, refused.body["campaign_ids"]) == (409, "ProviderInUse", [campaign_id])
    campaigning.step_until_idle()
    assert stored(ada, campaign_id).status == "completed"
    assert deletes(ada, provider.provider_id).status == 204


def test_a_campaign_that_is_resumed_with_another_provider_leaves_the_one_before(
    ada: Person, campaigning: Stage
) -> None:
    has_leads(ada, 1)
    first = has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.hear()
    puts(ada, campaign_id, "paused")
    second = has_provider(ada, campaigning.provider.url)
    assert deletes(ada, first.provider_id).status == 409
    assert puts(ada, campaign_id, "running").status == 200

    assert deletes(ada, first.provider_id).status == 204
    assert deletes(ada, second.provider_id).code == "ProviderInUse"
    campaigning.step_until_idle()
    assert stored(ada, campaign_id).status == "completed"
    assert campaigning.provider.calls
    assert deletes(ada, second.provider_id).status == 204
