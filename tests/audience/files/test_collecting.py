"""The collector: one delta for each batch and tenant, named after it; what it cannot read has files made anew."""

import copy
from datetime import timedelta
from typing import Any

import boto3
import pytest
import time_machine

from functions.audience.files import deltas
from shared import config
from shared.errors import Unavailable
from shared.storage import files
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import Record, Stream, collect
from tests.audience.people import Person
from tests.aws.discarded import Kept


def asked() -> list[tuple[str, str]]:
    """Return what the compactor was asked for, and after which delay."""
    queue = boto3.client("sqs").get_queue_attributes(
        QueueUrl=config.audience_files_queue_url(), AttributeNames=["All"]
    )["Attributes"]
    return [(each, queue[each]) for each in ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed")]


def unreadable(record: Record) -> Record:
    broken: dict[str, Any] = copy.deepcopy(record)
    broken["dynamodb"]["NewImage"]["metadata"] = {"S": "no JSON"}
    return broken


def test_a_batch_that_comes_again_writes_no_second_delta(ada: Person) -> None:
    ada.creates(emails=["a@example.com"])
    ada.creates(emails=["b@example.com"])
    records = Stream().take()
    collect(records, records)
    (delta,) = deltas.every(ada.tenant_id)

    assert delta.rows == 2


def test_each_tenant_of_a_batch_has_a_delta_of_its_own(ada: Person, eve: Person) -> None:
    ada.creates(emails=["a@example.com"])
    eve.creates(emails=["a@example.com"])
    collect(Stream().take())

    assert [each.rows for person in (ada, eve) for each in deltas.every(person.tenant_id)] == [1, 1]


def test_of_a_lead_that_has_changed_twice_in_a_batch_the_latest_is_kept(ada: Person) -> None:
    audience = Audience(ada)
    audience.comes()
    audience.changes()
    collect([record for batch in audience.batches for record in batch])
    (delta,) = deltas.every(ada.tenant_id)

    assert delta.rows == 1


def test_a_delta_is_folded_ten_minutes_later_and_many_are_at_once(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    audience = Audience(ada)
    audience.comes()
    collect(audience.batches[-1])
    one = asked()
    monkeypatch.setattr(deltas, "MOST", 2)
    audience.comes()
    collect(audience.batches[-1])

    assert one == [("ApproximateNumberOfMessages", "0"), ("ApproximateNumberOfMessagesDelayed", "1")]
    assert asked() == [("ApproximateNumberOfMessages", "1"), ("ApproximateNumberOfMessagesDelayed", "2")]


def test_nothing_is_folded_before_its_time(ada: Person, time: time_machine.Traveller) -> None:
    audience = Audience(ada)
    audience.comes()
    collect(audience.batches[-1])
    compact(ada.tenant_id)
    early = len(deltas.every(ada.tenant_id))
    time.shift(timedelta(minutes=10))
    compact(ada.tenant_id)

    assert (early, len(deltas.every(ada.tenant_id))) == (1, 0)


def test_many_rows_begin_to_be_too_many_once() -> None:
    four = [deltas.Delta("key", "tag", 4_000, 0, 0)] * 4

    assert not deltas.begin_to_be_many(four[:2], written=4_000)
    assert deltas.begin_to_be_many(four[:3], written=4_000)
    assert not deltas.begin_to_be_many(four, written=4_000)


def test_a_record_that_cannot_be_read_is_put_aside_and_the_files_are_made_anew(ada: Person, kept: Kept) -> None:
    ada.creates(emails=["a@example.com"])
    ada.creates(emails=["b@example.com"])
    first, second = Stream().take()
    collect([unreadable(first), second])

    assert len(kept()) == 1
    assert [each.rows for each in deltas.every(ada.tenant_id)] == [1]
    assert asked() == [("ApproximateNumberOfMessages", "1"), ("ApproximateNumberOfMessagesDelayed", "1")]


def test_a_record_that_was_kept_for_days_has_the_files_made_anew(ada: Person, time: time_machine.Traveller) -> None:
    ada.creates(emails=["a@example.com"])
    records = Stream().take()
    time.shift(timedelta(days=3))
    collect(records)

    assert deltas.every(ada.tenant_id) == []
    assert asked() == [("ApproximateNumberOfMessages", "1"), ("ApproximateNumberOfMessagesDelayed", "0")]


def test_a_batch_fails_while_the_bucket_does_not_answer(ada: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ada.creates(emails=["a@example.com"])
    monkeypatch.setenv("FILES_BUCKET", "there-is-none")
    files.client.cache_clear()

    with pytest.raises(Unavailable):
        collect(Stream().take())
