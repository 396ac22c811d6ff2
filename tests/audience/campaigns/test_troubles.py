"""A campaign that goes so wrong that it is paused by itself, by answers and by receipts, and goes on when resumed."""

import pytest

from functions.audience.campaigns.sending.troubles import Watch
from functions.audience.receipts import applying
from functions.audience.receipts.receipts import Receipt, Told
from functions.audience.recipients import counters
from shared import clock
from shared.storage import table
from shared.storage.writes import Add
from tests.audience.campaigns.staging import (
    Stage,
    has_campaign,
    has_leads,
    has_provider,
    rows,
    starts,
    stored,
)
from tests.audience.people import Person


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        ({"sent": 50, "failed": 49}, None),
        ({"sent": 50, "failed": 50}, None),
        ({"sent": 49, "failed": 30, "unknown": 21}, "too_many_errors"),
        ({"delivered": 474, "bounced": 25}, None),
        ({"delivered": 475, "bounced": 25}, None),
        ({"delivered": 474, "bounced": 26}, "too_many_bounces"),
        ({"clicked": 499, "complained": 2}, None),
        ({"clicked": 500, "complained": 1}, None),
        ({"clicked": 500, "complained": 2}, "too_many_complaints"),
    ],
)
def test_how_much_is_too_much(seen: dict[str, int], reason: str | None) -> None:
    assert Watch({}).reason(seen) == reason


def test_errors_are_those_of_the_last_hundred() -> None:
    watch = Watch({})

    assert watch.reason({"sent": 1000}) is None
    assert watch.reason({"sent": 1049, "failed": 50}) is None
    assert watch.reason({"sent": 1049, "failed": 51}) == "too_many_errors"


def test_what_was_accepted_counts_no_more() -> None:
    accepted = {"sent": 470, "bounced": 30, "failed": 100, "complained": 9}
    watch = Watch(accepted)

    assert watch.reason(accepted) is None
    assert watch.reason({**accepted, "sent": 944, "bounced": 55}) is None
    assert watch.reason({**accepted, "sent": 944, "bounced": 56}) == "too_many_bounces"


def has_sent(person: Person, campaign_id: str, **counted: int) -> None:
    """Have the campaign count so many others whom it has written to."""
    table.transact([Add(counters.first_key(person.tenant_id, campaign_id), counted)])


@pytest.mark.parametrize(
    ("told", "reason", "before"),
    [
        ("bounced", "too_many_bounces", {"delivered": 500, "bounced": 26}),
        ("complained", "too_many_complaints", {"delivered": 510, "complained": 1}),
    ],
)
def test_receipts_that_come_while_no_worker_is_at_it_pause_before_anybody_else_is_written_to(
    ada: Person, campaigning: Stage, told: Told, reason: str, before: dict[str, int]
) -> None:
    has_leads(ada, 4)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, chunk_size=2)
    starts(ada, campaign_id)
    campaigning.hear()
    campaigning.take()
    has_sent(ada, campaign_id, **before)
    written_to = rows(campaign_id)[0]
    now = clock.to_rfc3339(clock.now())
    receipt = Receipt(ada.tenant_id, None, told, now, campaign_id, written_to.lead_id)
    applying.apply(ada.tenant_id, campaign_id, [receipt])
    campaigning.run()
    paused = stored(ada, campaign_id)

    assert len(campaigning.provider.calls) == 2
    assert (paused.status, paused.reason) == ("paused", reason)
    starts(ada, campaign_id)
    campaigning.run()
    assert len(campaigning.provider.calls) == 4
    assert stored(ada, campaign_id).status == "completed"
