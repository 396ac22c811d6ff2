"""What the stream gave up on of leads has the files of their tenants made anew, with nobody's help."""

import json
from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.audience.files import comparing, deltas, folders, sweeping
from shared import config, ids
from shared.messaging import discarded
from shared.storage import files
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import Record
from tests.audience.people import Person
from tests.aws.entries import Context

KEY = "aws/lambda/3f1c2f9a-0000-4000-8000-000000000000/2026/11/20/2026-11-20T12.00.00-{number}"


@pytest.fixture(autouse=True)
def _stage(time: time_machine.Traveller, files_stage: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCARDED_BATCHES_BUCKET", config.discarded_bucket())
    monkeypatch.setattr(deltas, "MOST", 1)
    discarded.client.cache_clear()


def gave_up(*batches: list[Record] | str, at: str = KEY) -> None:
    """Keep batches as Lambda does when it gives them up."""
    for number, batch in enumerate(batches):
        payload = batch if isinstance(batch, str) else json.dumps({"Records": batch})
        content = {"requestContext": {"functionArn": "arn:collector"}, "version": "1.0", "payload": payload}
        key = at.format(number=number)
        boto3.client("s3").put_object(Bucket=config.discarded_bucket(), Key=key, Body=json.dumps(content).encode())


def looks() -> list[str]:
    """Have the schedule call the sweeper at noon; return the tenants whose files are to be made anew."""
    assert sweeping.handler({}, Context()) == {"removed": 0}
    queues, url = boto3.client("sqs"), config.audience_files_queue_url()
    found = queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    queues.purge_queue(QueueUrl=url)
    asked = [json.loads(each["Body"]) for each in found]
    assert {each["task"] for each in asked} <= {"rebuild"}
    return sorted(each["tenant_id"] for each in asked)


def test_a_batch_that_was_given_up_has_the_files_of_its_tenants_made_anew(ada: Person, eve: Person) -> None:
    lost, others = Audience(ada), Audience(eve)
    lost.comes()
    others.comes()
    compact(ada.tenant_id, "rebuild")
    lost.comes()
    gave_up([*lost.batches[-1], *others.batches[-1]], lost.batches[-1])
    behind = comparing.differences(ada.tenant_id)
    found = looks()

    assert len(behind) == 1
    assert found == sorted([ada.tenant_id, eve.tenant_id])
    compact(ada.tenant_id, "rebuild")
    assert comparing.differences(ada.tenant_id) == []


def test_each_is_found_within_two_hours_and_not_for_ever(ada: Person, time: time_machine.Traveller) -> None:
    audience = Audience(ada)
    audience.comes()
    gave_up(audience.batches[-1])
    time.shift(timedelta(hours=1, minutes=59))
    in_time = looks()
    time.shift(timedelta(minutes=2))

    assert (in_time, looks()) == ([ada.tenant_id], [])


def test_what_is_of_nobody_or_of_another_reader_asks_for_nothing(ada: Person) -> None:
    event = {"dynamodb": {"NewImage": {"entity": {"S": "Event"}, "tenant_id": {"S": ada.tenant_id}}}}
    of_nobody = {"dynamodb": {"NewImage": {"entity": {"S": "Lead"}}}}
    gave_up([event, of_nobody, {}], "no json", json.dumps([]))
    gave_up([event], at="unreadable/{number}")

    assert looks() == []


def test_a_look_that_fails_keeps_no_file_from_being_removed(
    time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = f"{folders.shards(ids.new('tenant'))}00000001-00-0123456789abcdef.parquet"
    files.put_once(left, b"left", media_type="text/plain")
    time.shift(timedelta(days=1, hours=12))
    monkeypatch.setenv("DISCARDED_BATCHES_BUCKET", "no-bucket-has-this-name")
    with pytest.raises(ExceptionGroup):
        sweeping.handler({}, Context())

    assert files.find(left) is None
