"""What follows from each answer of a provider, and from none."""

import pytest

from functions.audience.campaigns.sending import retries
from shared.clock import SECOND
from shared.sending.answers import Answer, Outcome
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person

FIRST = "person-00000@example.org"


def begun(stage: Stage, person: Person, *answers: str, count: int = 1, dedupes: bool = False) -> str:
    has_leads(person, count)
    has_provider(person, stage.provider.url, dedupes=dedupes)
    stage.provider.answers[FIRST] = [*answers]
    campaign_id = has_campaign(person)
    starts(person, campaign_id)
    stage.run()
    return campaign_id


@pytest.mark.parametrize(
    ("outcome", "attempts", "dedupes", "status", "tried"),
    [
        ("accepted", 0, False, "sent", 1),
        ("refused", 0, False, "failed", 1),
        ("account", 1, False, "pending", 1),
        ("retry", 0, False, "pending", 1),
        ("retry", 1, True, "pending", 2),
        ("retry", 2, False, "failed", 3),
        ("ambiguous", 0, False, "unknown", 1),
        ("ambiguous", 0, True, "pending", 1),
        ("ambiguous", 2, True, "unknown", 3),
    ],
)
def test_the_table_of_classes(outcome: Outcome, attempts: int, dedupes: bool, status: str, tried: int) -> None:  # noqa: FBT001
    follows = retries.after(Answer(outcome), attempts, dedupes=dedupes, jitter=1.0)

    assert (follows.status, follows.attempts) == (status, tried)


def test_pauses_double_with_full_jitter_and_what_the_provider_asks_for_is_kept() -> None:
    waits = [retries.after(Answer("retry"), tries, dedupes=False, jitter=1.0).wait for tries in (0, 1)]
    none = retries.after(Answer("retry"), 0, dedupes=False, jitter=0.0).wait
    asked = retries.after(Answer("retry", retry_after_seconds=90), 0, dedupes=False, jitter=0.5).wait

    assert waits == [2 * SECOND, 4 * SECOND]
    assert (none, asked) == (0, 90 * SECOND)


def test_a_provider_that_is_busy_is_asked_again(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, "retry", "retry", "accepted")

    assert (len(campaigning.provider.calls), totals(campaign_id)) == (3, {"sent": 1})
    assert rows(campaign_id)[0].attempts == 3


def test_after_three_tries_it_has_failed(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, "retry", "retry", "retry", "accepted")

    assert (len(campaigning.provider.calls), totals(campaign_id)) == (3, {"failed": 1})
    assert [(each.status, each.reason) for each in rows(campaign_id)] == [("failed", "429")]


def test_who_is_refused_has_failed_and_the_others_are_written_to(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, "refused", count=3)

    assert totals(campaign_id) == {"failed": 1, "sent": 2}
    assert stored(ada, campaign_id).status == "completed"


def test_an_account_that_is_suspended_pauses_the_campaign_and_nobody_has_failed_for_it(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id = begun(campaigning, ada, "account", count=3)
    paused = stored(ada, campaign_id)

    assert (paused.status, paused.reason) == ("paused", "account: 401")
    assert "failed" not in totals(campaign_id)
    assert adds_up(paused)
    starts(ada, campaign_id)
    campaigning.run()
    assert totals(campaign_id) == {"sent": 3}
    assert {each.attempts for each in rows(campaign_id)} == {1}


def test_an_account_that_is_suspended_in_the_middle_costs_nobody_a_message_or_a_try(
    ada: Person, campaigning: Stage
) -> None:
    has_leads(ada, 40)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, rate_per_minute=30_000, chunk_size=10)

    def suspended() -> None:
        if len(campaigning.provider.calls) == 15:
            campaigning.provider.otherwise = "account"

    campaigning.provider.heard = suspended
    starts(ada, campaign_id)
    campaigning.run()
    paused = stored(ada, campaign_id)
    shown = ada.get(f"/campaigns/{campaign_id}").body["counts"]

    assert (paused.status, paused.reason) == ("paused", "account: 401")
    assert totals(campaign_id) == {"sent": campaigning.provider.taken.total()}
    assert (shown["failed"], shown["sent"] + shown["pending"]) == (0, 40)
    assert adds_up(paused)
    campaigning.provider.heard, campaigning.provider.otherwise = (lambda: None), "accepted"
    starts(ada, campaign_id)
    campaigning.run()
    assert (stored(ada, campaign_id).status, totals(campaign_id)) == ("completed", {"sent": 40})
    assert {*campaigning.provider.taken.values()} == {1}
    assert {each.attempts for each in rows(campaign_id)} == {1}


@pytest.mark.parametrize("answer", ["dropped", "broken"])
def test_of_a_provider_that_does_not_dedupe_nobody_knows_and_nobody_asks_again(
    ada: Person, campaigning: Stage, answer: str
) -> None:
    campaign_id = begun(campaigning, ada, answer, count=2)

    assert totals(campaign_id) == {"sent": 1, "unknown": 1}
    assert set(campaigning.provider.sent_to().values()) == {1}
    assert stored(ada, campaign_id).status == "completed"


@pytest.mark.parametrize("answer", ["dropped", "broken"])
def test_a_provider_that_dedupes_is_asked_again_with_the_same_id(ada: Person, campaigning: Stage, answer: str) -> None:
    campaign_id = begun(campaigning, ada, answer, "accepted", dedupes=True)
    send_ids = {each["send_id"] for each in campaigning.provider.calls}

    assert (len(campaigning.provider.calls), len(send_ids)) == (2, 1)
    assert totals(campaign_id) == {"sent": 1}
