"""Campaigns with variants: who gets which, what is counted of each, and which of them the rest of the audience gets."""

import json
from collections import Counter
from typing import Any

import pytest

from functions.audience.campaigns import campaigns, chunks
from functions.audience.campaigns.variants import deciding, variants, winner
from functions.audience.recipients import counters, outcomes, state
from shared import clock
from shared.storage import table
from shared.storage.writes import Add
from tests.audience.campaigns.staging import (
    CHUNKS,
    Stage,
    Waiting,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    items,
    puts,
    rows,
    sender,
    starts,
    stored,
)
from tests.audience.people import Person
from tests.aws import hooks

A_AND_B = [{"name": "A", "share": 50}, {"name": "B", "share": 50, "subject": "Spring, {{ name }}"}]
WINNER = {"by": "clicks", "after_minutes": 60, "test_percent": 50}
LONG = {"message_template": "é" * 20_000, "html_template": "é" * 20_000}
LEADS = 20


def begun(stage: Stage, person: Person, leads: int = LEADS, **fields: Any) -> str:
    has_leads(person, leads)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, variants=A_AND_B, **{"winner": WINNER, **fields})
    starts(person, campaign_id)
    return campaign_id


def waiting(stage: Stage, person: Person, **fields: Any) -> str:
    """Have a campaign whose test was sent, and whose rest waits."""
    campaign_id = begun(stage, person, **fields)
    stage.step_until_idle()
    assert stored(person, campaign_id).decides_at is not None
    assert stage.waiting == []
    return campaign_id


def clicks(person: Person, campaign_id: str, number: int, *, count: int = 1) -> None:
    """Have recipients of a variant click."""
    reached = [each for each in rows(campaign_id) if each.variant == number and each.status == "sent"]
    for row in reached[:count]:
        moved = state.advanced(row, "clicked", clock.to_rfc3339(clock.now()))
        assert moved is not None
        outcomes.record([(row, moved)])


def passes(stage: Stage, campaign_id: str, person: Person) -> None:
    """Let the time pass after which it is decided."""
    at = stored(person, campaign_id).decides_at
    assert at is not None
    stage.time.move_to(clock.from_rfc3339(at) / clock.SECOND)


def wins(person: Person, campaign_id: str, name: str) -> Any:
    return sender(person).post(f"/campaigns/{campaign_id}/winner", {"variant": name})


def ended(stage: Stage, person: Person, campaign_id: str) -> Counter[int | None]:
    """Run a campaign to its end, and return how many got which variant; nobody was written to twice."""
    stage.run()
    campaign = stored(person, campaign_id)
    assert (campaign.status, adds_up(campaign), stage.timers()) == ("completed", True, [])
    assert set(stage.provider.sent_to().values()) == {1}
    return Counter(each.variant for each in rows(campaign_id))


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


def test_the_rest_waits_off_the_queue_and_gets_what_was_clicked_most(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    in_test = Counter(each.variant for each in rows(campaign_id))
    clicks(ada, campaign_id, 1)
    at = stored(ada, campaign_id).decides_at
    assert [clock.to_rfc3339(each) for each in campaigning.timers()] == [at]
    found = ended(campaigning, ada, campaign_id)

    assert 0 < in_test.total() < LEADS
    assert found == {0: in_test[0], 1: LEADS - in_test[0]}
    campaign = stored(ada, campaign_id)
    assert (campaign.won, campaign.decided_by) == (1, "clicks")
    assert sender(ada).get(f"/campaigns/{campaign_id}").body["winning_variant"] == "B"


@pytest.mark.parametrize(
    ("counted", "by", "won"),
    [
        ([{"sent": 10, "clicked": 1}, {"sent": 10, "clicked": 2}], "clicks", 1),
        # One of two is more than two of ten.
        ([{"sent": 8, "clicked": 2}, {"sent": 1, "clicked": 1}], "clicks", 1),
        ([{"sent": 8, "clicked": 1}, {"sent": 8, "opened": 5}], "clicks", 0),
        ([{"sent": 8, "clicked": 1}, {"sent": 8, "opened": 5}], "opens", 1),
        ([{"sent": 4, "clicked": 1}, {"sent": 3, "clicked": 1, "opened": 1}], "clicks", 1),
        ([{"sent": 9, "opened": 1}, {"sent": 8, "opened": 2}], "clicks", 1),
        ([{"sent": 9, "opened": 1}, {"sent": 9, "clicked": 1}], "opens", 1),
        ([{"sent": 9}, {"sent": 12}], "clicks", 0),
        ([{"failed": 9}, {}], "opens", 0),
        ([{}, {"delivered": 1}, {"delivered": 1, "clicked": 1}], "opens", 2),
    ],
)
def test_which_variant_wins(counted: list[dict[str, int]], by: winner.By, won: int) -> None:
    assert winner.choose(counted, by) == won


def test_a_person_decides_before_it_is_time_and_nobody_after(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    clicks(ada, campaign_id, 1)
    assert wins(ada, campaign_id, "C").status == 422
    assert wins(ada, campaign_id, "A").body["winning_variant"] == "A"
    assert wins(ada, campaign_id, "A").body["decided_by"] == "person"
    assert (wins(ada, campaign_id, "B").status, wins(ada, campaign_id, "B").code) == (409, "WinnerDecided")
    before = clock.now()
    ended(campaigning, ada, campaign_id)

    assert stored(ada, campaign_id).won == 0
    assert clock.now() - before < 60 * clock.SECOND


def test_a_person_may_decide_while_the_test_is_being_sent(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada)
    campaigning.hear()
    assert campaigning.provider.calls == []
    assert wins(ada, campaign_id, "B").status == 200
    found = ended(campaigning, ada, campaign_id)

    assert found[0] > 0
    assert found[1] > LEADS // 2


def test_where_there_is_nothing_to_decide(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    alone = has_campaign(ada)
    without = has_campaign(ada, variants=A_AND_B)
    draft = has_campaign(ada, variants=A_AND_B, winner=WINNER)

    assert wins(ada, alone, "A").status == 422
    assert [wins(ada, each, "A").code for each in (without, draft)] == ["NothingToDecide"] * 2
    assert ada.post(f"/campaigns/{draft}/winner", {"variant": "A"}).status == 403


@pytest.mark.parametrize("paused", ["before", "at", "after"])
@pytest.mark.parametrize("resumes", [1, 2])
def test_a_pause_over_the_decision_loses_nothing(ada: Person, campaigning: Stage, paused: str, resumes: int) -> None:
    campaign_id = waiting(campaigning, ada)
    clicks(ada, campaign_id, 1)
    if paused == "before":
        puts(ada, campaign_id, "paused")
    passes(campaigning, campaign_id, ada)
    campaigning.sweep()
    if paused == "at":
        # The timer has been sent, and its message comes after the pause.
        puts(ada, campaign_id, "paused")
    campaigning.take()
    if paused == "after":
        puts(ada, campaign_id, "paused")
    calls = len(campaigning.provider.calls)
    campaigning.run()
    assert len(campaigning.provider.calls) == calls
    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).won) == ("paused", 1)
    for _ in range(resumes):
        starts(ada, campaign_id)

    assert ended(campaigning, ada, campaign_id)[1] > LEADS // 2
    assert stored(ada, campaign_id).run == 2


def test_an_overdue_decision_is_made_by_the_resume_without_any_timer(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    puts(ada, campaign_id, "paused")
    passes(campaigning, campaign_id, ada)
    campaigning.sweep()
    campaigning.waiting.clear()
    starts(ada, campaign_id)
    campaigning.step_until_idle()

    assert stored(ada, campaign_id).won == 0
    ended(campaigning, ada, campaign_id)


def test_a_pause_while_the_test_is_sent_and_its_end_lost_is_made_good_by_the_resume(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id = begun(campaigning, ada, rate_per_minute=60)
    campaigning.hear()
    campaigning.provider.heard = lambda: puts(ada, campaign_id, "paused") and None
    campaigning.take()
    campaigning.provider.heard = lambda: None
    assert stored(ada, campaign_id).decides_at is None
    campaigning.waiting.clear()
    starts(ada, campaign_id)

    ended(campaigning, ada, campaign_id)
    assert stored(ada, campaign_id).won == 0


def test_a_timer_that_is_lost_late_or_comes_twice_decides_once(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    passes(campaigning, campaign_id, ada)
    campaigning.sweep()
    campaigning.waiting.clear()
    campaigning.time.shift(7 * 3600)
    clicks(ada, campaign_id, 1)
    campaigning.sweep()
    (message,) = campaigning.waiting
    campaigning.waiting += [message, message._replace(due=message.due + 5000)]

    ended(campaigning, ada, campaign_id)
    assert stored(ada, campaign_id).won == 1
    assert len(decided(campaign_id)) == 1


def test_a_person_and_the_timer_in_the_same_instant_decide_once(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    passes(campaigning, campaign_id, ada)
    campaigning.sweep()
    others = iter([lambda: wins(ada, campaign_id, "B").status])

    def meanwhile(**_: object) -> None:
        for decide in others:
            assert decide() == 200

    with hooks.registered("before-call.dynamodb.TransactWriteItems", meanwhile):
        campaigning.take()

    ended(campaigning, ada, campaign_id)
    assert (stored(ada, campaign_id).won, stored(ada, campaign_id).decided_by) == (1, "person")
    assert len(decided(campaign_id)) == 1


def test_the_same_the_other_way_round(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    passes(campaigning, campaign_id, ada)
    others = iter([lambda: deciding.decide_if_due(stored(ada, campaign_id))])

    def meanwhile(**_: object) -> None:
        for decide in others:
            assert decide().won == 0

    with hooks.registered("before-call.dynamodb.TransactWriteItems", meanwhile):
        assert wins(ada, campaign_id, "B").code == "WinnerDecided"

    ended(campaigning, ada, campaign_id)
    assert (stored(ada, campaign_id).won, stored(ada, campaign_id).decided_by) == (0, "clicks")


def test_cancelled_while_it_waits_nothing_is_decided_any_more(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    calls = len(campaigning.provider.calls)
    puts(ada, campaign_id, "cancelled")
    assert campaigning.timers() == []
    campaigning.time.shift(7200)
    campaigning.sends({"tenant_id": ada.tenant_id, "campaign_id": campaign_id})
    campaigning.run()

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).won) == ("cancelled", None)
    assert len(campaigning.provider.calls) == calls
    assert wins(ada, campaign_id, "A").code == "NothingToDecide"
    assert adds_up(stored(ada, campaign_id))


@pytest.mark.parametrize("when", ["before it is decided", "after"])
def test_a_chunk_of_the_rest_that_is_redriven_waits_off_the_queue(ada: Person, campaigning: Stage, when: str) -> None:
    campaign_id = waiting(campaigning, ada)
    (rest,) = [each for each in chunks.unfinished(ada.tenant_id, campaign_id) if each.role == "rest"]
    task = {"tenant_id": ada.tenant_id, "campaign_id": campaign_id, "chunk": rest.number, "run": 1}
    redriven = Waiting(clock.now(), CHUNKS, json.dumps(task), ada.tenant_id)
    if when == "after":
        wins(ada, campaign_id, "B")
        campaigning.hear()
    calls = len(campaigning.provider.calls)
    assert not campaigning.bring(redriven)

    assert len(campaigning.provider.calls) == (LEADS if when == "after" else calls)
    assert [each for each in campaigning.waiting if when != "after"] == []
    ended(campaigning, ada, campaign_id)


def test_a_test_or_a_rest_without_anybody_ends_as_well(ada: Person, campaigning: Stage) -> None:
    has_provider(ada, campaigning.provider.url)
    lead_ids = has_leads(ada, 1)
    sizes = Counter[int | None]()
    for _ in range(8):
        campaign_id = has_campaign(ada, variants=A_AND_B, winner=WINNER)
        starts(ada, campaign_id)
        campaigning.provider.calls.clear()
        sizes[stored_after(campaigning, ada, campaign_id).test_chunks] += 1
        assert {each.lead_id for each in rows(campaign_id)} == {*lead_ids}

    assert set(sizes) == {0, 1}


def stored_after(stage: Stage, person: Person, campaign_id: str) -> campaigns.Campaign:
    ended(stage, person, campaign_id)
    return stored(person, campaign_id)


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
    assert [each["subject"].split()[0] for each in campaigning.provider.calls] == ["Hello"] * 2 + ["Spring,"] * 2


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


def decided(campaign_id: str) -> list[Any]:
    return [
        each
        for each in items(f"#CAMPAIGN#{campaign_id}", "EVENT#")
        if each["event_type"] == "audience.campaign.decided"
    ]
