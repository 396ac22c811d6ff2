"""Campaigns with variants: who gets which, what is counted of each, and what variants have to be."""

from collections import Counter
from typing import Any

import pytest

from functions.audience.campaigns.variants import variants
from functions.audience.recipients import counters
from shared.storage import table
from shared.storage.writes import Add
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    rows,
    sender,
    stored,
)
from tests.audience.campaigns.varied import (
    A_AND_B,
    WINNER,
    begun,
    clicks,
    ended,
    waiting,
)
from tests.audience.people import Person


def test_whose_a_variant_is_follows_from_campaign_and_lead_and_keeps_to_the_shares(ada: Person) -> None:
    several = [{"name": "A", "share": 70}, {"name": "B", "share": 20}, {"name": "C", "share": 10}]
    campaign = stored(ada, has_campaign(ada, variants=several))
    leads = [f"lead_{number}" for number in range(5_000)]
    found = [variants.number_of(campaign, each, is_rest=False) for each in leads]
    counted = Counter(found)

    assert found == [variants.number_of(campaign, each, is_rest=False) for each in leads]
    assert [abs(counted[number] - 50 * each["share"]) < 150 for number, each in enumerate(several)] == [True] * 3


def test_each_gets_its_variant_and_what_a_variant_does_not_say_is_the_campaigns(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id = begun(campaigning, ada, winner=None)
    found = ended(campaigning, ada, campaign_id)
    said = {each["lead_id"]: each["subject"].split()[0] for each in campaigning.provider.calls}

    assert set(found) == {0, 1}
    assert {each.variant for each in rows(campaign_id) if said[each.lead_id] == "Spring,"} == {1}
    assert {each.variant for each in rows(campaign_id) if said[each.lead_id] == "Hello"} == {0}
    assert {each["text"].split()[0] for each in campaigning.provider.calls} == {"Hello"}
    shown = {each: ada.get(f"/campaigns/{campaign_id}/recipients/{each}").body["variant"] for each in said}
    assert shown == {each: "B" if word == "Spring," else "A" for each, word in said.items()}


def test_what_is_counted_of_each_variant_adds_up(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, winner=None)
    found = ended(campaigning, ada, campaign_id)
    clicks(ada, campaign_id, 1, count=2)
    stats = ada.get(f"/campaigns/{campaign_id}/stats").body
    first, second = stats["variants"]

    assert (first["name"], first["funnel"]) == ("A", {"sent": found[0], "delivered": 0, "opened": 0, "clicked": 0})
    assert second["funnel"] == {"sent": found[1], "delivered": 2, "opened": 2, "clicked": 2}
    assert second["counts"]["sent"] == found[1] - 2
    assert {name: first["counts"][name] + second["counts"][name] for name in first["counts"]} == {
        name: count for name, count in stats["counts"].items() if name != "pending"
    }
    assert adds_up(stored(ada, campaign_id))


def test_a_recount_says_of_which_variant_a_counter_differs_and_mends_it(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, winner=None)
    ended(campaigning, ada, campaign_id)
    table.transact([Add(counters.first_key(ada.tenant_id, campaign_id), {"sent": 1, counters.varied("sent", 1): 1})])
    found = ada.post(f"/campaigns/{campaign_id}/recount", {"repair": True}).body["differences"]

    assert [(each["status"], each["variant"], each["stored"] - each["counted"]) for each in found] == [
        ("sent", None, 1),
        ("sent", "B", 1),
    ]
    assert ada.post(f"/campaigns/{campaign_id}/recount", {}).body["differences"] == []


def test_preview_and_test_render_each_variant(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, variants=A_AND_B, test_recipients=["a@example.org", "b@example.org"])
    shown = ada.post(f"/campaigns/{campaign_id}/preview").body["items"]
    tried = sender(ada).post(f"/campaigns/{campaign_id}/test").body["results"]

    assert [(each["variant"], each["subject"].split()[0]) for each in shown] == [("A", "Hello")] * 2 + [
        ("B", "Spring,")
    ] * 2
    assert [(each["variant"], each["to"][0]) for each in tried] == [("A", "a"), ("A", "b"), ("B", "a"), ("B", "b")]
    assert sorted(each["subject"].split()[0] for each in campaigning.provider.calls) == ["Hello"] * 2 + ["Spring,"] * 2


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"variants": A_AND_B[:1]}, "variants"),
        ({"variants": [*A_AND_B, {"name": "C", "share": 1}]}, "variants"),
        ({"variants": [A_AND_B[0], {"name": "A", "share": 50}]}, "variants"),
        ({"variants": [{"name": "A", "share": 10}] * 6}, "variants"),
        ({"variants": [A_AND_B[0], {"name": "B", "share": 0}]}, "variants.1.share"),
        ({"variants": [A_AND_B[0], {"name": "B b", "share": 50}]}, "variants.1.name"),
        ({"variants": [A_AND_B[0], {"name": "B", "share": 50, "subject": "{{ nobody }}"}]}, "variants.1.subject"),
        ({"variants": [A_AND_B[0], {"name": "B", "share": 50, "subject": None}]}, "variants.1.subject"),
        ({"variants": [A_AND_B[0], {"name": "B", "share": 50, "colour": "red"}]}, "variants.1.colour"),
        (
            {
                "variants": [
                    {**each, "message_template": "é" * 20_000, "html_template": "é" * 20_000} for each in A_AND_B
                ]
            },
            "variants",
        ),
        ({"winner": WINNER}, "winner"),
        ({"variants": A_AND_B, "winner": {**WINNER, "by": "luck"}}, "winner.by"),
        ({"variants": A_AND_B, "winner": {**WINNER, "test_percent": 100}}, "winner.test_percent"),
        ({"variants": A_AND_B, "winner": {**WINNER, "after_minutes": 10_081}}, "winner.after_minutes"),
        (
            {"variants": A_AND_B, "winner": WINNER, "time_zone_mode": "local", "scheduled_at": "2026-12-01T09:00"},
            "winner",
        ),
    ],
)
def test_what_variants_have_to_be(ada: Person, fields: dict[str, Any], field: str) -> None:
    draft = {
        "name": "Spring",
        "segment_id": has_segment(ada),
        "channel": "email",
        "purpose": "marketing",
        "subject": "Hello",
        "message_template": "Hello!",
    }
    refused = sender(ada).post("/campaigns", {**draft, **fields})

    assert (refused.status, [*refused.fields]) == (422, [field])


def test_a_change_keeps_variants_and_winner_together(ada: Person) -> None:
    path = f"/campaigns/{has_campaign(ada, variants=A_AND_B, winner=WINNER)}"
    shown = sender(ada).get(path).body

    assert [each["subject"] for each in shown["variants"]] == [None, "Spring, {{ name }}"]
    assert (shown["winner"], shown["winning_variant"]) == (WINNER, None)
    assert sender(ada).patch(path, {"variants": None}).status == 422
    assert sender(ada).patch(path, {"winner": None}).body["winner"] is None
    assert sender(ada).patch(path, {"variants": None}).body["variants"] == []


def test_it_is_the_same_over_graphql(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    there = sender(ada)
    shown = there.ask("campaign", campaignId=campaign_id).data
    won = there.ask("decideCampaign", campaignId=campaign_id, variant="B").data
    stats = there.ask("campaignStats", campaignId=campaign_id).data

    assert shown["variants"][1]["subject"] == "Spring, {{ name }}"
    assert (won["winningVariant"], won["decidedBy"]) == ("B", "person")
    assert [each["name"] for each in stats["variants"]] == ["A", "B"]
