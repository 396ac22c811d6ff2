"""Campaigns by local time: everybody is written to when clocks show the time where they are."""

from datetime import UTC, datetime
from typing import Any

import pytest

from functions.audience.campaigns import chunks
from functions.audience.campaigns.waiting import local_times
from shared import clock
from tests.audience.campaigns.staging import (
    CHUNKS,
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    lead,
    puts,
    sender,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person

TEN = "2026-11-20T10:00:00"
"""At noon of that day, UTC, it is 1:00 on the 21st in Auckland, and 2:00 on the 20th in Honolulu."""
TIMES = {
    "Pacific/Auckland": "2026-11-20T21:00:00.000Z",
    "Pacific/Honolulu": "2026-11-20T20:00:00.000Z",
    "Europe/Berlin": "2026-11-21T09:00:00.000Z",
    "America/New_York": "2026-11-20T15:00:00.000Z",
}


def lives_in(person: Person, *zones: str) -> None:
    answer = person.imports(*({**lead(number), "time_zone": zone} for number, zone in enumerate(zones)))
    assert len(answer) == len(zones)


def told_when(stage: Stage) -> dict[str, str]:
    """Have the provider note when it is told of whom."""
    told = dict[str, str]()

    def heard() -> None:
        told[stage.provider.calls[-1]["to"]] = clock.to_rfc3339(clock.now())

    stage.provider.heard = heard
    return told


def begun(stage: Stage, person: Person, **fields: Any) -> str:
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, time_zone_mode="local", **{"scheduled_at": TEN, **fields})
    starts(person, campaign_id)
    return campaign_id


def test_everybody_is_written_to_at_that_time_where_they_are_and_a_day_later_where_it_is_past(
    ada: Person, campaigning: Stage
) -> None:
    lives_in(ada, *TIMES)
    told = told_when(campaigning)
    campaign_id = begun(campaigning, ada)
    campaigning.run()

    late = [
        clock.from_rfc3339(told[f"person-{number:05}@example.org"]) - clock.from_rfc3339(each)
        for number, each in enumerate(TIMES.values())
    ]
    assert all(0 <= each <= clock.SECOND for each in late)
    assert totals(campaign_id) == {"sent": 4}
    assert (stored(ada, campaign_id).status, adds_up(stored(ada, campaign_id))) == ("completed", True)
    assert campaigning.timers() == []


def test_what_is_later_is_not_on_the_queue_before_it_is_due(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, *TIMES)
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()

    assert campaigning.waiting == []
    assert campaigning.provider.calls == []
    assert [clock.to_rfc3339(each) for each in campaigning.timers()] == [min(TIMES.values())]
    assert [each.starts_at for each in chunks.unfinished(ada.tenant_id, campaign_id)] == sorted(TIMES.values())


def test_whoever_says_no_zone_is_in_that_of_their_number_or_in_the_tenants(ada: Person, campaigning: Stage) -> None:
    # Of the many zones of the country of the third it is the one in which that time comes last.
    ada.imports({**lead(0), "phones": ["+64211234567"]}, lead(1), {**lead(2), "phones": ["+12025550123"]})
    told = told_when(campaigning)
    begun(campaigning, ada, scheduled_at="2026-12-01T10:00:00")
    campaigning.run()

    assert [told[f"person-{number:05}@example.org"][:16] for number in range(3)] == [
        "2026-11-30T21:00",
        "2026-12-01T10:00",
        "2026-12-01T20:00",
    ]


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        # On 29 March clocks go from 2:00 to 3:00, on 25 October from 3:00 back to 2:00.
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"),
        ("2026-10-25T03:00:00", "2026-10-25T02:00:00.000Z"),
    ],
    ids=["skipped", "twice", "after it"],
)
def test_on_the_days_of_summer_time(wall: str, expected: str) -> None:
    now = clock.from_datetime(datetime(2026, 1, 1, tzinfo=UTC))

    assert clock.to_rfc3339(local_times.instant(wall, ("Europe/Berlin",), now=now)) == expected


def test_a_pause_over_the_time_is_made_good_by_the_resume(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, *TIMES)
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    puts(ada, campaign_id, "paused")
    campaigning.run()
    assert campaigning.provider.calls == []
    assert clock.to_rfc3339(clock.now()) >= max(TIMES.values())

    starts(ada, campaign_id)
    starts(ada, campaign_id)
    campaigning.run()
    assert totals(campaign_id) == {"sent": 4}
    assert set(campaigning.provider.sent_to().values()) == {1}
    assert stored(ada, campaign_id).status == "completed"


def test_a_pause_before_the_time_is_heard_and_the_rest_comes_at_its_time(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, *TIMES)
    told = told_when(campaigning)
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    campaigning.time.move_to(clock.from_rfc3339("2026-11-20T15:00:10.000Z") / clock.SECOND)
    campaigning.sweep()
    puts(ada, campaign_id, "paused")
    campaigning.step_until_idle()
    assert campaigning.provider.calls == []
    starts(ada, campaign_id)
    campaigning.run()

    assert told["person-00000@example.org"][:16] == "2026-11-20T21:00"
    assert told["person-00003@example.org"][:16] == "2026-11-20T15:00"
    assert set(campaigning.provider.sent_to().values()) == {1}


def test_a_timer_that_comes_twice_late_or_too_early_changes_nothing(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, *TIMES)
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    early = {"tenant_id": ada.tenant_id, "campaign_id": campaign_id}
    campaigning.sends(early)
    campaigning.step_until_idle()
    assert campaigning.provider.calls == []

    campaigning.time.move_to(clock.from_rfc3339("2026-11-20T20:30:00.000Z") / clock.SECOND)
    campaigning.sends(early)
    campaigning.sends(early)
    campaigning.sweep()
    campaigning.step_until_idle()
    assert len(campaigning.provider.calls) == 2
    campaigning.run()
    assert totals(campaign_id) == {"sent": 4}
    assert set(campaigning.provider.sent_to().values()) == {1}


def test_a_timer_whose_message_is_lost_is_swept_again(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, "Pacific/Auckland")
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    campaigning.time.move_to(clock.from_rfc3339(TIMES["Pacific/Auckland"]) / clock.SECOND)
    campaigning.sweep()
    assert len(campaigning.waiting) == 1
    campaigning.waiting.clear()
    campaigning.run()

    assert totals(campaign_id) == {"sent": 1}


def test_a_chunk_that_comes_too_early_waits_for_the_timer_and_not_on_the_queue(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, "Pacific/Auckland")
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    due = clock.from_rfc3339(TIMES["Pacific/Auckland"])
    campaigning.time.move_to(due / clock.SECOND)
    campaigning.sweep()
    campaigning.take()
    (early,) = campaigning.waiting
    assert early.queue == CHUNKS

    # The clock of the worker is behind that of whoever had put the chunk on the queue.
    campaigning.time.move_to(due / clock.SECOND - 5)
    assert not campaigning.bring(early)
    campaigning.waiting.clear()
    assert (campaigning.timers(), campaigning.provider.calls) == ([due], [])
    campaigning.run()
    assert totals(campaign_id) == {"sent": 1}


def test_it_is_cancelled_while_it_waits(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, *TIMES)
    campaign_id = begun(campaigning, ada)
    campaigning.step_until_idle()
    assert puts(ada, campaign_id, "cancelled").status == 200
    assert campaigning.timers() == []
    campaigning.run()

    assert (campaigning.provider.calls, stored(ada, campaign_id).status) == ([], "cancelled")


def test_a_scheduled_one_is_prepared_before_the_first_clocks_show_its_time(ada: Person, campaigning: Stage) -> None:
    lives_in(ada, "Pacific/Kiritimati", "Pacific/Honolulu")
    told = told_when(campaigning)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, time_zone_mode="local", scheduled_at="2026-12-01T09:00:00")
    assert puts(ada, campaign_id, "scheduled").status == 200
    (begins,) = campaigning.timers()
    campaigning.run()

    assert clock.to_rfc3339(begins) == "2026-11-30T18:00:00.000Z"
    assert told["person-00000@example.org"][:16] == "2026-11-30T19:00"
    assert told["person-00001@example.org"][:16] == "2026-12-01T19:00"
    assert stored(ada, campaign_id).status == "completed"


def test_one_that_is_much_too_late_everywhere_has_failed(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, time_zone_mode="local", scheduled_at="2026-11-19T17:59:00")
    puts(ada, campaign_id, "scheduled")
    campaigning.run()

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("failed", "too_late")


@pytest.mark.parametrize(
    "fields",
    [
        {"time_zone_mode": "local"},
        {"time_zone_mode": "local", "scheduled_at": "2026-12-01T09:00:00Z"},
        {"scheduled_at": "2026-12-01T09:00:00"},
        {"time_zone_mode": "instant", "scheduled_at": "2026-12-01T09:00"},
        {"time_zone_mode": "local", "scheduled_at": "2026-12-01T09:00:30"},
        {"time_zone_mode": "local", "scheduled_at": "9999-12-31T23:59"},
        {"time_zone_mode": "local", "scheduled_at": "2026-12-01"},
        {"time_zone_mode": "theirs", "scheduled_at": "2026-12-01T09:00"},
    ],
)
def test_a_time_and_its_mode_go_together(ada: Person, fields: dict[str, Any]) -> None:
    segment_id = has_segment(ada)
    draft = {"name": "Spring", "segment_id": segment_id, "channel": "sms", "purpose": "marketing"}
    refused = sender(ada).post("/campaigns", {**draft, "message_template": "Hello!", **fields})

    assert refused.status == 422
    assert [*refused.fields] in (["scheduled_at"], ["time_zone_mode"])


def test_a_change_keeps_them_together(ada: Person) -> None:
    campaign_id = has_campaign(ada, time_zone_mode="local", scheduled_at="2026-12-01T09:00")
    path = f"/campaigns/{campaign_id}"

    assert sender(ada).get(path).body["scheduled_at"] == "2026-12-01T09:00:00"
    assert sender(ada).patch(path, {"time_zone_mode": "instant"}).status == 422
    assert sender(ada).patch(path, {"scheduled_at": None}).status == 422
    assert sender(ada).patch(path, {"scheduled_at": "2026-12-02T10:00"}).body["time_zone_mode"] == "local"
    changed = sender(ada).patch(path, {"time_zone_mode": "instant", "scheduled_at": "2026-12-02T10:00:00Z"})
    assert changed.body["scheduled_at"] == "2026-12-02T10:00:00.000Z"
