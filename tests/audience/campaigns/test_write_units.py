"""What a recipient costs in write units, and what the busiest partition takes, by the calls that are made."""

from typing import Any

import pytest

from functions.audience.recipients import outcomes, state
from shared import clock
from tests.audience.campaigns.metering import Meter
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, rows, starts, totals
from tests.audience.people import Person
from tests.aws.quick.table import QuickTable

MESSAGES_A_SECOND = 500
MOST_OF_A_PARTITION_A_SECOND = 500


def sends(person: Person, stage: Stage, **fields: Any) -> str:
    """Send a campaign to everybody, and return its id."""
    has_provider(person, stage.provider.url, per_minute=30_000)
    campaign_id = has_campaign(person, **fields)
    starts(person, campaign_id)
    stage.run(most=10_000)
    return campaign_id


def delivers(campaign_id: str) -> None:
    """Have everything that was sent be delivered, as receipts say it that come ten at a time."""
    sent = [each for each in rows(campaign_id) if each.status == "sent"]
    for first in range(0, len(sent), 10):
        together, at = sent[first : first + 10], clock.to_rfc3339(clock.now())
        changes = [(each, state.advanced(each, "delivered", at)) for each in together]
        outcomes.record([(before, after) for before, after in changes if after is not None])


def busiest(meter: Meter, count: int) -> float:
    """Return the units that the busiest partition takes a second, at 500 messages a second."""
    return meter.busiest() * MESSAGES_A_SECOND / count


def test_a_campaign_of_1000_costs_less_than_6_units_a_recipient_that_is_delivered(
    ada: Person, campaigning: Stage, quick_table: QuickTable, quick_bucket: None
) -> None:
    has_leads(ada, 1000)
    meter = Meter(quick_table)
    campaign_id = sends(ada, campaigning)
    sent = meter.together / 1000
    delivers(campaign_id)

    assert totals(campaign_id) == {"delivered": 1000}
    assert sent <= 3.7
    assert meter.together / 1000 <= 5.9
    # Messages are sent and delivered in the same second.
    assert busiest(meter, 1000) <= MOST_OF_A_PARTITION_A_SECOND


def test_a_frequency_cap_costs_3_units_more(
    ada: Person, campaigning: Stage, quick_table: QuickTable, quick_bucket: None
) -> None:
    settings = {"frequency_cap": {"messages": 2, "days": 7}, "postal_address": "1 Analytical Row, London"}
    assert ada.rest("PATCH", "/audience/settings", settings).status == 200
    has_leads(ada, 200)
    meter = Meter(quick_table)
    campaign_id = sends(ada, campaigning, purpose="marketing", message_template="{{ unsubscribe_url }}")
    delivers(campaign_id)

    assert totals(campaign_id) == {"delivered": 200}
    assert meter.together / 200 <= 9
    assert busiest(meter, 200) <= MOST_OF_A_PARTITION_A_SECOND


@pytest.mark.parametrize("answer", ["refused", "dropped"])
def test_no_partition_takes_half_of_what_it_could_where_a_third_is_not_sent(
    answer: str, ada: Person, campaigning: Stage, quick_table: QuickTable, quick_bucket: None
) -> None:
    has_leads(ada, 300)
    for number in range(0, 300, 3):
        campaigning.provider.answers[f"person-{number:05}@example.org"] = [answer]
    meter = Meter(quick_table)
    campaign_id = sends(ada, campaigning)

    assert totals(campaign_id) == {"sent": 200, "failed" if answer == "refused" else "unknown": 100}
    assert busiest(meter, 300) <= MOST_OF_A_PARTITION_A_SECOND
