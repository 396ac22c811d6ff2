"""The variant that wins: by what, when and by whom it is decided, and that the rest of the audience gets it once."""

import json
from collections import Counter

import pytest

from functions.audience.campaigns import campaigns, chunks
from functions.audience.campaigns.variants import deciding, winner
from shared import clock
from tests.audience.campaigns.staging import (
    CHUNKS,
    Stage,
    Waiting,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    puts,
    rows,
    sender,
    starts,
    stored,
)
from tests.audience.campaigns.varied import (
    A_AND_B,
    LEADS,
    WINNER,
    begun,
    clicks,
    decided,
    ended,
    passes,
    waiting,
    wins,
)
from tests.audience.people import Person
from tests.aws import hooks


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
