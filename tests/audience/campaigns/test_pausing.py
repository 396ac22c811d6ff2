"""Pause, resume and cancel, to the very recipient."""

from collections import Counter

import pytest

from functions.audience.campaigns.preparing import preparing
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    puts,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person
from tests.soaking import IS_ON, soaks

pytestmark = pytest.mark.usefixtures("campaigning")

LEADS = 1000 if IS_ON else 100


def pausing_after(stage: Stage, person: Person, campaign_id: str, count: int) -> None:
    """Have somebody pause the campaign in the moment of this call to the provider."""

    def heard() -> None:
        if len(stage.provider.calls) == count:
            assert puts(person, campaign_id, "paused").status == 200

    stage.provider.heard = heard


def begun(stage: Stage, person: Person, count: int, **fields: object) -> str:
    has_leads(person, count)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, **fields)
    starts(person, campaign_id)
    return campaign_id


@soaks
def test_paused_at_two_fifths_it_sends_none_after_and_then_exactly_the_rest(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, LEADS, rate_per_minute=30_000, chunk_size=LEADS * 15 // 100)
    paused_at = LEADS * 2 // 5
    pausing_after(campaigning, ada, campaign_id, paused_at)
    campaigning.run()
    sent_by_then = len(campaigning.provider.calls)

    # The slots that a worker has reserved end with the next reservation, which is of ten at most.
    assert paused_at <= sent_by_then <= paused_at + 10
    assert adds_up(stored(ada, campaign_id))
    starts(ada, campaign_id)
    campaigning.run()
    assert len(campaigning.provider.calls) == LEADS
    assert set(campaigning.provider.sent_to().values()) == {1}
    assert totals(campaign_id) == {"sent": LEADS}
    assert stored(ada, campaign_id).status == "completed"


def test_what_comes_for_an_earlier_run_does_nothing(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    campaigning.hear()
    (old,) = campaigning.waiting
    puts(ada, campaign_id, "paused")
    starts(ada, campaign_id)
    assert not campaigning.bring(old)

    assert campaigning.provider.calls == []
    campaigning.run()
    assert totals(campaign_id) == {"sent": 10}


def test_a_chunk_that_is_done_and_comes_again_does_nothing(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    campaigning.hear()
    (message,) = campaigning.waiting
    campaigning.run()
    campaigning.bring(message)
    preparing.prepare(ada.tenant_id, campaign_id)

    assert len(campaigning.provider.calls) == 10
    assert campaigning.waiting == []


def test_two_resumes_at_once_are_one(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    campaigning.hear()
    puts(ada, campaign_id, "paused")
    answers = Counter(puts(ada, campaign_id, "running").status for _ in range(2))
    campaigning.run()

    assert answers == {200: 2}
    assert stored(ada, campaign_id).run == 2
    assert set(campaigning.provider.sent_to().values()) == {1}


def test_the_same_chunk_twice_at_the_same_time_writes_to_nobody_twice(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    campaigning.hear()
    (message,) = campaigning.waiting
    comes_again = iter([message])

    def heard() -> None:
        for each in comes_again:
            campaigning.bring(each)

    campaigning.provider.heard = heard
    campaigning.run()

    assert set(campaigning.provider.sent_to().values()) == {1}
    assert adds_up(stored(ada, campaign_id))


def test_a_cancelled_campaign_sends_nothing_more_and_stays_so(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    campaigning.hear()
    assert puts(ada, campaign_id, "cancelled").status == 200
    campaigning.run()

    assert campaigning.provider.calls == []
    assert rows(campaign_id) == []
    assert puts(ada, campaign_id, "running").status == 409


@pytest.mark.parametrize("status", ["paused", "scheduled"])
def test_a_state_that_cannot_follow_is_refused(ada: Person, campaigning: Stage, status: str) -> None:
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    refused = puts(ada, campaign_id, status)

    assert (refused.status, refused.code) in [(409, "StatusNotPossible"), (422, "TimeMissing")]
