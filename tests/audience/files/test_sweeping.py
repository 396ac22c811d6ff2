"""What no pointer names is removed after a day, and nothing that somebody may still read."""

from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.audience.files import comparing, folders, pointers, reading
from functions.audience.files.comparing import Difference
from shared import config
from shared.storage import files, table
from shared.storage.attributes import Key
from shared.storage.files import FileNotFound
from tests.audience.files import opened
from tests.audience.files import table as in_table
from tests.audience.files.living import Audience, compact
from tests.audience.files.stream import collect
from tests.audience.files.swept import DAY, at_once, audience, folds, sweep
from tests.audience.people import Person
from tests.aws.quick.table import remove

__all__ = ["at_once", "audience"]


def asked() -> list[str]:
    """Return what the compactor was asked for."""
    found = boto3.client("sqs").receive_message(QueueUrl=config.audience_files_queue_url(), MaxNumberOfMessages=10)
    return [each["Body"] for each in found.get("Messages", [])]


def test_a_replaced_file_lives_for_a_day(audience: Audience, time: time_machine.Traveller) -> None:
    snapshot = reading.published(audience.person.tenant_id)
    assert snapshot is not None
    folds(audience)
    time.shift(DAY / 2)
    early = sweep()
    read = opened.rows_of(snapshot)
    time.shift(DAY / 2)
    late = sweep()

    assert (early, late, len(read)) == (0, 1, 2)
    with pytest.raises(FileNotFound):
        opened.rows_of(snapshot)
    assert opened.leads(audience.person.tenant_id) == in_table.leads(audience.person.tenant_id)


def test_files_that_are_replaced_every_few_hours_are_removed_too(
    audience: Audience, time: time_machine.Traveller
) -> None:
    removed = 0
    for _ in range(9):
        folds(audience)
        time.shift(timedelta(hours=6))
        removed += sweep()

    assert removed == 6
    assert opened.leads(audience.person.tenant_id) == in_table.leads(audience.person.tenant_id)


def test_a_file_that_a_broken_run_has_left_is_removed_after_a_day(
    audience: Audience, time: time_machine.Traveller
) -> None:
    left = folders.shards(audience.person.tenant_id) + "00000001-00-0123456789abcdef.parquet"
    files.put_once(left, b"left", media_type="text/plain")
    time.shift(DAY)

    assert sweep() == 1
    assert files.find(left) is None


def test_an_erased_lead_is_in_no_file_when_its_time_is_over(audience: Audience, time: time_machine.Traveller) -> None:
    audience.goes()
    collect(*audience.batches[2:])
    compact(audience.person.tenant_id)
    time.shift(DAY)
    sweep()
    kept = [files.read(each.key, most_bytes=10**8).body for each in folders.every(folders.PURPOSE)]

    assert len(kept) == 1
    assert not any(f"lead{number}@example.com".encode() in body for body in kept for number in gone(audience))
    assert len(opened.leads(audience.person.tenant_id)) == 1


def gone(audience: Audience) -> list[int]:
    """Return the numbers of the leads that are not there."""
    there = {row["emails"][0] for row in in_table.leads(audience.person.tenant_id).values()}
    return [number for number in (1, 2) if f"lead{number}@example.com" not in there]


def test_that_a_lead_is_gone_is_forgotten_after_a_week(audience: Audience, time: time_machine.Traveller) -> None:
    audience.goes()
    collect(*audience.batches[2:])
    compact(audience.person.tenant_id)
    remembered = rows(audience)
    time.shift(timedelta(days=8))
    folds(audience)

    assert (remembered, rows(audience)) == (2, 2)
    assert len(opened.leads(audience.person.tenant_id)) == 2


def rows(audience: Audience) -> int:
    pointer = pointers.find(audience.person.tenant_id)
    return 0 if pointer is None else pointer.rows


def test_deltas_whose_message_was_lost_are_folded_all_the_same(
    audience: Audience, time: time_machine.Traveller
) -> None:
    audience.comes()
    collect(audience.batches[-1])
    time.shift(timedelta(hours=2))
    asked()
    sweep()

    assert asked() == [f'{{"tenant_id":"{audience.person.tenant_id}","task":"fold"}}']


def test_a_table_that_was_restored_gets_files_of_its_own(
    audience: Audience, capsys: pytest.CaptureFixture[str]
) -> None:
    tenant_id = audience.person.tenant_id
    before = pointers.find(tenant_id)
    assert before is not None
    for _ in range(3):
        folds(audience)
    changed = opened.leads(tenant_id)
    table.put_many([pointers.to_item(before)])
    for lead_id in audience.lead_ids[2:]:
        forget(tenant_id, lead_id)
    capsys.readouterr()
    sweep()
    for body in asked():
        compact(tenant_id, "rebuild" if "rebuild" in body else "fold")

    assert '"FilesOfAnotherTime":[1.0]' in capsys.readouterr().out
    assert len(changed) == 5
    assert opened.leads(tenant_id) == in_table.leads(tenant_id)
    assert len(opened.leads(tenant_id)) == 2


def forget(tenant_id: str, lead_id: str) -> None:
    """Have the table know nothing of a lead, and the stream say nothing of it."""
    for shard in range(2):
        remove(Key(f"TENANT#{tenant_id}#LEADS#{shard:02d}", f"LEAD#{lead_id}"))


def test_a_pointer_whose_files_are_gone_gets_others(audience: Audience) -> None:
    tenant_id = audience.person.tenant_id
    for each in [*folders.every(folders.shards(tenant_id))]:
        files.remove(each.key)
    folds(audience)

    assert opened.leads(tenant_id) == in_table.leads(tenant_id)


def test_a_recount_says_which_leads_files_have_at_another_version(audience: Audience) -> None:
    tenant_id = audience.person.tenant_id
    none = comparing.differences(tenant_id)
    audience.comes()
    audience.person.patch(f"/leads/{audience.lead_ids[0]}", {"name": "Changed"})
    expected = [Difference(audience.lead_ids[0], 1, 2), Difference(audience.lead_ids[2], None, 1)]

    assert none == []
    assert comparing.differences(tenant_id) == sorted(expected)


def test_a_recount_makes_files_anew_only_if_they_differ(audience: Audience) -> None:
    tenant_id = audience.person.tenant_id
    first = pointers.find(tenant_id)
    compact(tenant_id, "recount")
    same = pointers.find(tenant_id)
    audience.comes()
    compact(tenant_id, "recount")

    assert same == first
    assert opened.leads(tenant_id) == in_table.leads(tenant_id)


def test_files_of_other_tenants_are_not_touched(audience: Audience, eve: Person, time: time_machine.Traveller) -> None:
    person = eve.creates(emails=["eve@example.com"])
    compact(eve.tenant_id, "rebuild")
    folds(audience)
    time.shift(DAY)
    sweep()

    assert [*opened.leads(eve.tenant_id)] == [person["lead_id"]]
