"""Random histories of small campaigns: answers of every class, messages twice, deaths, pauses and early receipts.

After each, all states together are the audience, the counters are what the rows add up to, and nobody was written to
twice by a provider that does not dedupe.
"""

import random

import pytest

from functions.audience.campaigns import campaigns
from functions.audience.recipients import outcomes, recipients, state
from shared import clock
from tests.audience.campaigns.staging import (
    CHUNKS,
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    puts,
    rows,
    starts,
    stored,
    totals,
)
from tests.audience.people import Person
from tests.aws import troubles
from tests.soaking import histories, soaks

EACH = 100
BATCHES = histories(2_000, soaking=20_000) // EACH
LEADS = 3
ANSWERS = ("accepted", "accepted", "retry", "refused", "broken", "dropped")
OUTCOMES = {"sent", "delivered", "bounced", "failed", "unknown"}


class History:
    """One campaign, and what befalls it."""

    def __init__(self, seed: int, stage: Stage, person: Person, segment_id: str, *, dedupes: bool) -> None:
        self.chance, self.stage, self.person = random.Random(seed), stage, person  # noqa: S311
        self.dedupes = dedupes
        stage.waiting.clear()
        stage.provider.calls.clear()
        stage.provider.taken.clear()
        for number in range(LEADS):
            answers = [self.chance.choice(ANSWERS) for _ in range(self.chance.randint(0, 3))]
            stage.provider.answers[f"person-{number:05}@example.org"] = answers
        self.campaign_id = has_campaign(person, segment_id=segment_id, chunk_size=self.chance.randint(1, LEADS))
        starts(person, self.campaign_id)

    def goes_on(self) -> None:
        """Let something happen, well or badly."""
        what = self.chance.choice(("work", "work", "die", "die", "again", "receipt", "pause"))
        if what == "die":
            with troubles.dying_at(self.chance.randint(1, 30), takes_effect=self.chance.random() < 0.5):
                self.stage.step_until_idle(2)
        elif what == "again":
            for each in [each for each in self.stage.waiting if each.queue == CHUNKS][:1]:
                self.stage.waiting.append(each)
        elif what == "receipt":
            self.receives()
        elif what == "pause":
            self.pauses()
        else:
            self.stage.step_until_idle(2)
        self.stage.time.shift(self.chance.choice((0, 1, 5, 70)))

    def receives(self) -> None:
        """Have a receipt come for somebody who was written to."""
        written_to = self.stage.provider.taken
        reached = [each for each in rows(self.campaign_id) if each.send_id in written_to]
        for row in reached[:1]:
            status = self.chance.choice(("delivered", "delivered", "bounced"))
            moved = state.advanced(row, status, clock.to_rfc3339(clock.now()))
            if moved is not None:
                outcomes.record([(row, moved)])

    def pauses(self) -> None:
        if stored(self.person, self.campaign_id).status == "running":
            puts(self.person, self.campaign_id, "paused")
            starts(self.person, self.campaign_id)

    def ends(self) -> None:
        self.stage.run()
        if stored(self.person, self.campaign_id).status == "paused":
            starts(self.person, self.campaign_id)
            self.stage.run()


@soaks
@pytest.mark.usefixtures("ada", "quick_bucket")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_happens_nobody_is_left_out_or_written_to_twice(batch: int, ada: Person, campaigning: Stage) -> None:
    dedupes = batch % 4 == 0
    lead_ids = {*has_leads(ada, LEADS)}
    has_provider(ada, campaigning.provider.url, dedupes=dedupes)
    segment_id = has_segment(ada)
    for number in range(EACH):
        seed = batch * EACH + number
        history = History(seed, campaigning, ada, segment_id, dedupes=dedupes)
        for _ in range(history.chance.randint(1, 5)):
            history.goes_on()
        history.ends()
        campaign = campaigns.get(ada.tenant_id, history.campaign_id)

        assert campaign.status == "completed", seed
        assert adds_up(campaign), seed
        assert {each.lead_id for each in rows(history.campaign_id)} == lead_ids, seed
        assert set(totals(history.campaign_id)) <= OUTCOMES, seed
        if not dedupes:
            assert max(campaigning.provider.taken.values(), default=0) <= 1, seed


def test_a_receipt_that_comes_before_its_own_answer_is_kept(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)

    def heard() -> None:
        (row,) = rows(campaign_id)
        moved = state.advanced(row, "delivered", clock.to_rfc3339(clock.now()))
        assert moved is not None
        outcomes.record([(row, moved)])

    campaigning.provider.heard = heard
    starts(ada, campaign_id)
    campaigning.run()
    found = recipients.get(ada.tenant_id, campaign_id, rows(campaign_id)[0].lead_id)

    assert found is not None
    assert (found.status, found.provider_id is None) == ("delivered", False)
    assert totals(campaign_id) == {"delivered": 1}
