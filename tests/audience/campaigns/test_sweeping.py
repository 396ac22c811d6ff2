"""What campaigns have left in the bucket is removed once a day, and nothing from which somebody is written to."""

from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.audience.campaigns import campaigns, consumers, timer
from functions.audience.campaigns.freezing import audiences, frozen
from shared import config
from shared.messaging import timers
from shared.storage import files, table
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, puts, starts, stored
from tests.audience.people import Person
from tests.aws.troubles import refusing_queries

pytestmark = pytest.mark.usefixtures("campaigning")

DAY = timedelta(days=1)


def prepared(stage: Stage, person: Person) -> str:
    """Return a campaign that was paused before anybody was written to."""
    has_leads(person, 4)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person)
    starts(person, campaign_id)
    stage.hear()
    assert puts(person, campaign_id, "paused").status == 200
    return campaign_id


def frozen_files() -> list[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=config.files_bucket(), Prefix=f"{audiences.PURPOSE}/")
    return [each["Key"] for each in found.get("Contents", [])]


def swept(stage: Stage) -> int:
    """Sweep as at noon and as in the first minute of the day after; return how many files that has removed."""
    before = len(frozen_files())
    consumers.handler({"action": "sweep"}, stage.context())
    assert len(frozen_files()) == before
    assert stage.time is not None
    stage.time.shift(timedelta(hours=12))
    consumers.handler({"action": "sweep"}, stage.context())
    return before - len(frozen_files())


def test_the_file_of_a_campaign_that_is_not_over_stays(
    ada: Person, campaigning: Stage, time: time_machine.Traveller
) -> None:
    campaign_id = prepared(campaigning, ada)
    kept = frozen.find(ada.tenant_id, campaign_id)
    time.shift(DAY * 400)

    assert kept is not None
    assert kept.file.split("/")[:3] == [audiences.PURPOSE, ada.tenant_id, campaign_id]
    assert (swept(campaigning), frozen_files()) == (0, [kept.file])


def test_what_a_lost_message_has_left_goes_a_day_later(
    ada: Person, campaigning: Stage, time: time_machine.Traveller
) -> None:
    campaign_id = prepared(campaigning, ada)
    puts(ada, campaign_id, "cancelled")
    early = swept(campaigning)
    time.shift(DAY / 2)

    assert stored(ada, campaign_id).is_over
    assert (early, swept(campaigning), frozen_files()) == (0, 1, [])


def test_a_file_of_a_campaign_that_is_gone_is_removed(
    ada: Person, campaigning: Stage, time: time_machine.Traveller
) -> None:
    campaign_id = prepared(campaigning, ada)
    table.delete_many([campaigns.key(ada.tenant_id, campaign_id)])
    time.shift(DAY)

    assert (swept(campaigning), frozen_files()) == (1, [])


def test_without_time_nothing_is_removed(ada: Person, campaigning: Stage, time: time_machine.Traveller) -> None:
    files.put_once(f"{audiences.PURPOSE}/{ada.tenant_id}/campaign_x/file", b"x", media_type="text/plain")
    time.shift(DAY)
    campaigning.milliseconds = 1_000

    assert (swept(campaigning), len(frozen_files())) == (0, 1)


def test_a_shard_of_timers_that_cannot_be_read_keeps_no_file_from_being_removed(
    ada: Person, campaigning: Stage, time: time_machine.Traveller
) -> None:
    campaign_id = prepared(campaigning, ada)
    puts(ada, campaign_id, "cancelled")
    time.shift(DAY * 3 / 2)
    with refusing_queries(timers.partition(timer.KIND, 0)), pytest.raises(ExceptionGroup):
        consumers.handler({"action": "sweep"}, campaigning.context())

    assert frozen_files() == []
