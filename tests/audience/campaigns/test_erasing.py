"""An erased lead leaves its campaigns: rows, files, and what was said of it; what is counted stays, to the last one."""

import json
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from ulid import ULID

from functions.audience.campaigns import consumers, recounts
from functions.audience.campaigns.erasing import rounds
from functions.audience.campaigns.sending import rows as sending_rows
from functions.audience.leads import leads
from functions.audience.recipients import recipients
from functions.audience.recipients.state import Recipient
from shared import clock, config
from shared.storage import table
from tests.audience.campaigns.staging import (
    CAMPAIGNS,
    Stage,
    Waiting,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    items,
    puts,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.campaigns.varied import waiting
from tests.audience.delivery import having
from tests.audience.following import follow_up, make_queue
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.aws.messages import delivered
from tests.webhooks.people import stored_events

pytestmark = pytest.mark.usefixtures("campaigning", "follow_ups_queue")


@pytest.fixture
def follow_ups_queue(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", make_queue())


def erases(stage: Stage, person: Person, lead_id: str) -> None:
    """Erase a lead, and have campaigns hear of it."""
    assert person.delete(f"/leads/{lead_id}").status == 204
    (event,) = [
        each for each in stored_events() if each.event_type == "audience.lead.erased" and each.subject_id == lead_id
    ]
    assert consumers.handler(delivered([event]), stage.context()) == {"batchItemFailures": []}


def completed(stage: Stage, person: Person, count: int, **fields: Any) -> tuple[str, list[str]]:
    lead_ids = has_leads(person, count)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, **fields)
    starts(person, campaign_id)
    stage.run()
    return campaign_id, lead_ids


def paused(stage: Stage, person: Person, count: int, after: int) -> tuple[str, list[str]]:
    """Return a campaign that was paused after so many calls."""
    lead_ids = has_leads(person, count)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, rate_per_minute=60, chunk_size=count // 2)
    stage.provider.heard = lambda: len(stage.provider.calls) == after and puts(person, campaign_id, "paused")
    starts(person, campaign_id)
    stage.run()
    assert stored(person, campaign_id).status == "paused"
    return campaign_id, lead_ids


def kept() -> Iterator[str]:
    """Yield everything that the table and the bucket keep for longer than a week."""
    soon = (clock.now() + 7 * clock.DAY) // clock.SECOND
    for item in items("", ""):
        if item.get("ttl", soon + 1) > soon:
            yield json.dumps(item, default=str)
    s3 = boto3.client("s3")
    for each in s3.list_objects_v2(Bucket=config.files_bucket()).get("Contents", []):
        yield s3.get_object(Bucket=config.files_bucket(), Key=each["Key"])["Body"].read().hex()


def names_of(row: Recipient) -> list[str]:
    """Return all by which what is kept could name a lead, as texts and as the bytes of files."""
    digest = row.address_digest or "no digest"
    packed = ULID.from_str(row.lead_id.removeprefix("lead_")).bytes.hex()
    return [row.lead_id, row.send_id, digest, packed, row.vendor_message_id or "no message"]


def test_of_a_lead_who_was_written_to_the_table_and_the_bucket_keep_nothing(
    ada: Person, campaigning: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(monkeypatch)
    made, secret = having.provider(
        settings={"url": campaigning.provider.url}, tenant_id=ada.tenant_id, receipts_by_vendor_id=True
    )
    having.stored(made, is_default=True)
    grace = ada.creates(
        external_id="crm-17", name="Grace Hopper", emails=["grace@example.org"], metadata={"note": "Lighthouse"}
    )
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()
    told = {"vendor_message_id": "vendor-1", "status": "delivered", "raw_payload": {"to": "grace@example.org"}}
    assert post.tells(made, secret, told).status == 202
    post.brings()
    (row,) = rows(campaign_id)
    texts = ["Hopper", "grace@example.org", "crm-17", "Lighthouse", "vendor-1", *names_of(row)]
    before = "\n".join(kept())
    erases(campaigning, ada, grace["lead_id"])
    campaigning.run()
    after = "\n".join(kept())

    assert [text for text in texts if text not in before and text != names_of(row)[3]] == []
    assert [text for text in texts if text in after] == []
    assert totals(campaign_id) == {"delivered": 1}
    assert recounts.recount(ada.tenant_id, campaign_id, is_repairing=False)["differences"] == []


def test_rows_of_others_and_all_counts_stay(ada: Person, campaigning: Stage) -> None:
    campaign_id, lead_ids = completed(campaigning, ada, 10)
    before = {each.lead_id: each for each in rows(campaign_id)}
    erases(campaigning, ada, lead_ids[3])
    campaigning.run()
    after = {each.lead_id: each for each in rows(campaign_id)}
    (nobody,) = [after[each] for each in after if each not in before]

    assert {each: after[each] for each in lead_ids if each in after} == {
        each: before[each] for each in lead_ids if each != lead_ids[3]
    }
    assert (nobody.status, nobody.address_digest, nobody.sent_at) == ("sent", None, before[lead_ids[3]].sent_at)
    assert adds_up(stored(ada, campaign_id))


def test_the_log_says_which_failed_message_was_to_a_lead_who_is_erased(ada: Person, campaigning: Stage) -> None:
    for number in (1, 2):
        campaigning.provider.answers[f"person-{number:05}@example.org"] = ["refused"]
    campaign_id, lead_ids = completed(campaigning, ada, 4)
    failed = {each.lead_id for each in rows(campaign_id) if each.status == "failed"}
    erased, other = sorted(failed)
    erases(campaigning, ada, erased)
    campaigning.run()
    logged = ada.get(f"/campaigns/{campaign_id}/logs", "status=failed").body["items"]
    (nobody,) = [each for each in logged if each["is_erased"]]
    shown = ada.get(f"/campaigns/{campaign_id}/recipients/{nobody['lead_id']}").body

    assert {each["lead_id"]: each["is_erased"] for each in logged} == {other: False, nobody["lead_id"]: True}
    assert nobody["lead_id"] not in lead_ids
    assert (nobody["reason"], shown["reason"], shown["is_erased"]) == ("400", "400", True)


def test_who_was_merged_long_ago_leaves_campaigns_with_the_lead_that_stayed(ada: Person, campaigning: Stage) -> None:
    campaign_id, (first, second, third, other) = completed(campaigning, ada, 4)
    digests = {each.lead_id: each.address_digest for each in rows(campaign_id)}
    for stays, goes in ((second, third), (first, second)):
        assert ada.post(f"/leads/{stays}/merge", {"lead_id": goes}).status == 200
        assert follow_up(os.environ["LEAD_FOLLOW_UPS_QUEUE_URL"]) == 0
    assert leads.get(ada.tenant_id, first).absorbing == ()
    erases(campaigning, ada, first)
    campaigning.run()
    left = [each for each in rows(campaign_id) if each.address_digest is not None]

    assert [(each.lead_id, each.address_digest) for each in left] == [(other, digests[other])]
    assert {first, second, third}.isdisjoint(each.lead_id for each in rows(campaign_id))
    assert totals(campaign_id) == {"sent": 4}
    assert adds_up(stored(ada, campaign_id))


@pytest.mark.parametrize("was_sent", [True, False])
def test_who_is_erased_while_a_campaign_is_paused_leaves_its_file_at_once(
    ada: Person, campaigning: Stage, *, was_sent: bool
) -> None:
    campaign_id, _ = paused(campaigning, ada, 10, after=3)
    sent = {each.lead_id for each in rows(campaign_id)}
    lead_id = next(each for each in sorted(_audience(ada)) if (each in sent) == was_sent)
    erases(campaigning, ada, lead_id)
    campaigning.run()
    while_paused = "\n".join(kept())
    is_right = adds_up(stored(ada, campaign_id))
    starts(ada, campaign_id)
    campaigning.run()

    packed = ULID.from_str(lead_id.removeprefix("lead_")).bytes.hex()
    assert (lead_id in while_paused, packed in while_paused) == (False, False)
    assert is_right
    assert stored(ada, campaign_id).status == "completed"
    assert totals(campaign_id) == ({"sent": 10} if was_sent else {"sent": 9, "skipped": 1})
    assert adds_up(stored(ada, campaign_id))
    assert max(campaigning.provider.sent_to().values()) == 1
    assert campaigning.provider.sent_to()[lead_id] == was_sent


def _audience(person: Person) -> list[str]:
    return [str(each["lead_id"]) for each in items(f"{person.tenant_id}#LEADS#", "LEAD#")]


def test_who_is_erased_while_the_rest_waits_for_a_winner_leaves_both_files(ada: Person, campaigning: Stage) -> None:
    campaign_id = waiting(campaigning, ada)
    lead_id = next(each for each in _audience(ada) if each not in {row.lead_id for row in rows(campaign_id)})
    erases(campaigning, ada, lead_id)
    campaigning.run()
    campaign = stored(ada, campaign_id)

    assert lead_id not in "\n".join(kept())
    assert campaign.status == "completed"
    assert totals(campaign_id)["skipped"] == 1
    assert adds_up(campaign)


@pytest.mark.parametrize("was_sent", [True, False])
def test_messages_that_come_twice_erase_and_count_once(ada: Person, campaigning: Stage, *, was_sent: bool) -> None:
    campaign_id, _ = paused(campaigning, ada, 10, after=3)
    sent = {each.lead_id for each in rows(campaign_id)}
    lead_id = next(each for each in sorted(_audience(ada)) if (each in sent) == was_sent)
    erases(campaigning, ada, lead_id)
    erases_again = [each for each in campaigning.waiting if each.queue == CAMPAIGNS]
    while erases_again:
        campaigning.waiting = [each for each in campaigning.waiting if each.queue != CAMPAIGNS]
        assert campaigning.time is not None
        campaigning.time.shift(15 * 60)
        for message in (*erases_again, *erases_again):
            assert not campaigning.bring(message)
        erases_again = _each_once(each for each in campaigning.waiting if each.queue == CAMPAIGNS)
    starts(ada, campaign_id)
    campaigning.run()

    assert totals(campaign_id) == ({"sent": 10} if was_sent else {"sent": 9, "skipped": 1})
    assert adds_up(stored(ada, campaign_id))


def _each_once(messages: Iterator[Waiting]) -> list[Waiting]:
    return [*{each.body: each for each in messages}.values()]


def test_a_message_on_its_way_is_waited_for_and_one_that_is_lost_becomes_unknown(
    ada: Person, campaigning: Stage
) -> None:
    campaign_id, _ = paused(campaigning, ada, 10, after=3)
    lead_id = next(each for each in _audience(ada) if each not in {row.lead_id for row in rows(campaign_id)})
    row = sending_rows.new(stored(ada, campaign_id), lead_id, None)
    until = clock.to_rfc3339(clock.now() + 20 * 60 * clock.SECOND)
    table.put_many([recipients.to_item(row._replace(status="sending", version=1, lease_until=until))])
    erases(campaigning, ada, lead_id)
    erasure = rounds.Erasure(ada.tenant_id, lead_id)
    second = rounds.run(erasure)
    assert second is not None
    third = rounds.run(second)
    assert third is not None
    campaigning.run()

    assert second.campaign_ids == third.campaign_ids == (campaign_id,)
    assert totals(campaign_id) == {"sent": 3, "unknown": 1}
    assert lead_id not in {each.lead_id for each in rows(campaign_id)}
    assert adds_up(stored(ada, campaign_id))


def test_a_campaign_that_is_being_prepared_is_looked_at_again(ada: Person, campaigning: Stage) -> None:
    lead_ids = has_leads(ada, 4)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    first = rounds.run(rounds.Erasure(ada.tenant_id, lead_ids[0], round=2))

    assert stored(ada, campaign_id).status == "preparing"
    assert first == rounds.Erasure(ada.tenant_id, lead_ids[0], round=3)
