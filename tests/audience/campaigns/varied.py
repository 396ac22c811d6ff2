"""Campaigns with variants, as tests have them: begun, clicked, decided and ended."""

from collections import Counter
from typing import Any

from functions.audience.recipients import outcomes, state
from shared import clock
from tests.audience.campaigns.staging import (
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    items,
    rows,
    sender,
    starts,
    stored,
)
from tests.audience.people import Person

A_AND_B = [{"name": "A", "share": 50}, {"name": "B", "share": 50, "subject": "Spring, {{ name }}"}]
WINNER = {"by": "clicks", "after_minutes": 60, "test_percent": 50}
LONG = {"message_template": "é" * 20_000, "html_template": "é" * 20_000}
LEADS = 20


def begun(stage: Stage, person: Person, leads: int = LEADS, **fields: Any) -> str:
    has_leads(person, leads)
    has_provider(person, stage.provider.url)
    campaign_id = has_campaign(person, variants=A_AND_B, **{"winner": WINNER, **fields})
    starts(person, campaign_id)
    return campaign_id


def waiting(stage: Stage, person: Person, **fields: Any) -> str:
    """Have a campaign whose test was sent, and whose rest waits."""
    campaign_id = begun(stage, person, **fields)
    stage.step_until_idle()
    assert stored(person, campaign_id).decides_at is not None
    assert stage.waiting == []
    return campaign_id


def clicks(person: Person, campaign_id: str, number: int, *, count: int = 1) -> None:
    """Have recipients of a variant click."""
    reached = [each for each in rows(campaign_id) if each.variant == number and each.status == "sent"]
    for row in reached[:count]:
        moved = state.advanced(row, "clicked", clock.to_rfc3339(clock.now()))
        assert moved is not None
        outcomes.record([(row, moved)])


def passes(stage: Stage, campaign_id: str, person: Person) -> None:
    """Let the time pass after which it is decided."""
    at = stored(person, campaign_id).decides_at
    assert at is not None
    stage.time.move_to(clock.from_rfc3339(at) / clock.SECOND)


def wins(person: Person, campaign_id: str, name: str) -> Any:
    return sender(person).post(f"/campaigns/{campaign_id}/winner", {"variant": name})


def ended(stage: Stage, person: Person, campaign_id: str) -> Counter[int | None]:
    """Run a campaign to its end, and return how many got which variant; nobody was written to twice."""
    stage.run()
    campaign = stored(person, campaign_id)
    assert (campaign.status, adds_up(campaign), stage.timers()) == ("completed", True, [])
    assert set(stage.provider.sent_to().values()) == {1}
    return Counter(each.variant for each in rows(campaign_id))


def decided(campaign_id: str) -> list[Any]:
    return [
        each
        for each in items(f"#CAMPAIGN#{campaign_id}", "EVENT#")
        if each["event_type"] == "audience.campaign.decided"
    ]
