"""The moments of a send in which it matters most what is lost: the claim, the record, and the last of a campaign."""

import pytest
from botocore.awsrequest import AWSPreparedRequest

from functions.audience.campaigns import chunks
from functions.audience.recipients import outcomes, recipients, state
from shared import clock
from shared.aws.client import NoAnswer
from shared.aws.wire import Answer
from tests.audience.campaigns.staging import (
    CHUNKS,
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
from tests.audience.following import happened
from tests.audience.people import Person
from tests.aws import hooks, troubles


def begun(stage: Stage, person: Person, count: int, *, dedupes: bool = False, chunk_size: int = 10) -> str:
    """Start a campaign, and prepare it; nothing is sent yet."""
    has_leads(person, count)
    has_provider(person, stage.provider.url, dedupes=dedupes)
    campaign_id = has_campaign(person, chunk_size=chunk_size)
    starts(person, campaign_id)
    stage.hear()
    return campaign_id


@pytest.mark.parametrize("dedupes", [False, True], ids=["no dedupe", "dedupe"])
def test_a_worker_that_dies_before_its_claim_is_written_leaves_nothing(
    ada: Person, campaigning: Stage, *, dedupes: bool
) -> None:
    campaign_id = begun(campaigning, ada, 1, dedupes=dedupes)
    with troubles.losing_answers("UpdateItem", takes_effect=False):
        campaigning.take()
    left = rows(campaign_id)
    campaigning.run()

    assert left == []
    assert (len(campaigning.provider.calls), totals(campaign_id)) == (1, {"sent": 1})


@pytest.mark.parametrize(
    ("dedupes", "calls", "counted"), [(False, 0, {"unknown": 1}), (True, 1, {"sent": 1})], ids=["no dedupe", "dedupe"]
)
def test_a_worker_that_dies_after_its_claim_was_written_leaves_what_nobody_knows_of(
    ada: Person, campaigning: Stage, *, dedupes: bool, calls: int, counted: dict[str, int]
) -> None:
    campaign_id = begun(campaigning, ada, 1, dedupes=dedupes)
    with troubles.losing_answers("UpdateItem", takes_effect=True):
        campaigning.take()
    left = [each.status for each in rows(campaign_id)]
    campaigning.run()

    assert left == ["sending"]
    assert (len(campaigning.provider.calls), totals(campaign_id)) == (calls, counted)
    assert stored(ada, campaign_id).status == "completed"


def test_a_claim_whose_answer_is_lost_is_known_again_by_its_token_in_the_next_try(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id = begun(campaigning, ada, 1)
    first = iter([True])

    def lose_first(request: AWSPreparedRequest, **_: object) -> Answer | None:
        if next(first, False):
            hooks.in_moto(request)
            raise NoAnswer("lost")
        return None

    hooks.register("before-send.dynamodb.UpdateItem", lose_first)
    campaigning.take()

    assert next(first, None) is None
    assert (len(campaigning.provider.calls), totals(campaign_id)) == (1, {"sent": 1})


def test_a_record_that_a_receipt_has_overtaken_is_made_of_the_rows_as_they_are_then(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id = begun(campaigning, ada, 5)
    refused: list[int] = []

    def heard() -> None:
        if len(campaigning.provider.calls) == 4:
            first = recipients.get(ada.tenant_id, campaign_id, campaigning.provider.calls[0]["lead_id"])
            assert first is not None
            moved = state.advanced(first, "delivered", clock.to_rfc3339(clock.now()))
            assert moved is not None
            outcomes.record([(first, moved)])

    def refusals(parsed: dict[str, object], **_: object) -> None:
        if "CancellationReasons" in parsed:
            refused.append(1)

    campaigning.provider.heard = heard
    hooks.register("after-call.dynamodb.TransactWriteItems", refusals)
    campaigning.take()

    assert refused == [1]
    assert totals(campaign_id) == {"delivered": 1, "sent": 4}
    assert adds_up(stored(ada, campaign_id))
    assert set(campaigning.provider.sent_to().values()) == {1}


@pytest.mark.parametrize(
    ("moment", "between"), [("before-call", "running"), ("after-call", "completed")], ids=["before", "after"]
)
def test_a_worker_may_die_between_the_last_chunk_and_the_end_of_the_campaign(
    ada: Person, campaigning: Stage, moment: str, between: str
) -> None:
    campaign_id = begun(campaigning, ada, 2)
    transactions: list[str] = []

    def dies(**said: object) -> None:
        # The first records both, the second ends the chunk, and the third the campaign.
        transactions.append(moment)
        if len(transactions) == 3:
            raise NoAnswer("dead")

    with hooks.registered(f"{moment}.dynamodb.TransactWriteItems", dies):
        campaigning.take()
    found = stored(ada, campaign_id).status, chunks.progress(ada.tenant_id, campaign_id)["done"]
    campaigning.run()

    assert found == (between, 1)
    assert stored(ada, campaign_id).status == "completed"
    assert len(happened("audience.campaign.completed")) == 1
    assert set(campaigning.provider.sent_to().values()) == {1}


def test_a_done_chunk_that_is_brought_again_ends_nothing_and_sends_nothing(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 4, chunk_size=2)
    first = min(each for each in campaigning.waiting if each.queue == CHUNKS)
    campaigning.take()
    for _ in range(3):
        assert not campaigning.bring(first)

    assert (len(campaigning.provider.calls), stored(ada, campaign_id).status) == (2, "running")
    assert chunks.progress(ada.tenant_id, campaign_id)["done"] == 1
    campaigning.run()
    assert not campaigning.bring(first)
    assert (len(campaigning.provider.calls), totals(campaign_id)) == (4, {"sent": 4})


def test_two_resumes_in_the_same_moment_are_one_run(ada: Person, campaigning: Stage) -> None:
    campaign_id = begun(campaigning, ada, 10)
    puts(ada, campaign_id, "paused")
    others = iter([lambda: puts(ada, campaign_id, "running").status])

    def meanwhile(**_: object) -> None:
        for resume in others:
            assert resume() == 200

    hooks.register("before-call.dynamodb.TransactWriteItems", meanwhile)
    assert puts(ada, campaign_id, "running").status == 200
    campaigning.run()

    assert stored(ada, campaign_id).run == 2
    assert len(happened("audience.campaign.resumed")) == 1
    assert totals(campaign_id) == {"sent": 10}
    assert set(campaigning.provider.sent_to().values()) == {1}
