import time as real_time
from collections.abc import Iterator

import pytest
import time_machine

from shared.storage import files, slots
from tests.audience.campaigns import provider
from tests.audience.campaigns.provider import Scripted
from tests.audience.campaigns.staging import CAMPAIGNS, CHUNKS, Stage, seeds
from tests.aws.buckets import make_files_bucket
from tests.aws.quick.bucket import QuickBucket


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """A provider that answers as the test says; the stage may call this machine."""
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with provider.running() as server:
        yield server


@pytest.fixture
def campaigning(
    pepper: str, scripted: Scripted, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stage]:
    """The queues and the bucket of campaigns; whoever sleeps moves the time on."""
    monkeypatch.setenv("FILES_BUCKET", make_files_bucket())
    monkeypatch.setenv("CAMPAIGNS_QUEUE_URL", CAMPAIGNS)
    monkeypatch.setenv("CAMPAIGN_CHUNKS_QUEUE_URL", CHUNKS)
    monkeypatch.setattr(real_time, "sleep", time.shift)
    seeds(monkeypatch, 0)
    files.client.cache_clear()
    slots.forget()
    yield Stage(scripted, time)
    files.client.cache_clear()


@pytest.fixture
def quick_bucket(campaigning: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bucket in place of moto's, for as many calls as histories make."""
    QuickBucket().stand_in(monkeypatch)
