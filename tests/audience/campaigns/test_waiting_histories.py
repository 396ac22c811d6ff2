"""Random histories of campaigns of which parts wait: for a winner among variants, or for a time of the day.

People pause, resume, decide and cancel; processes die; timers are lost, late, early and come twice; recipients click.
After each, the queues and the timers have come to an end, and nobody was left out, written to twice or too early. What
happens follows from the seed of a history, its ids as well.
"""

import json
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.freezing import frozen
from functions.audience.campaigns.variants import variants
from functions.audience.campaigns.waiting import local_times
from functions.audience.recipients import outcomes, state
from shared import clock
from shared.errors import Unavailable
from tests.audience.campaigns.staging import (
    CAMPAIGNS,
    CHUNKS,
    Stage,
    Waiting,
    adds_up,
    has_campaign,
    has_provider,
    has_segment,
    lead,
    puts,
    rows,
    seeds,
    sender,
    starts,
    stored,
)
from tests.audience.people import Person
from tests.aws import troubles
from tests.soaking import histories, soaks

EACH = 50
BATCHES = histories(400, soaking=10_000) // EACH
ZONES = ("Pacific/Auckland", "Pacific/Honolulu", "Europe/Berlin", "Pacific/Auckland", "America/New_York")
ANSWERS = ("accepted", "accepted", "accepted", "retry", "refused", "broken")
HAPPENS = (
    *("work", "work", "die", "die", "sweep", "sweep", "again", "early", "late", "lost", "redriven"),
    *("receipt", "receipt", "pause", "resume", "pause and resume", "decide", "wait", "wait"),
)
WEEK = 7 * 24 * 3600
SEVERAL = [{"name": "A", "share": 50}, {"name": "B", "share": 50, "subject": "Spring"}]


class History:
    """One campaign, and what befalls it."""

    def __init__(self, seed: int, stage: Stage, person: Person, segment_id: str) -> None:
        self.chance, self.stage, self.person = random.Random(seed), stage, person  # noqa: S311
        self.calls_at: dict[str, int] = {}
        self.calls_when_cancelled: int | None = None
        stage.waiting.clear()
        stage.provider.calls.clear()
        stage.provider.taken.clear()
        stage.provider.heard = self._heard
        for number in range(len(ZONES)):
            answers = [self.chance.choice(ANSWERS) for _ in range(self.chance.randint(0, 2))]
            stage.provider.answers[f"person-{number:05}@example.org"] = answers
        self.campaign_id = has_campaign(
            person, segment_id=segment_id, chunk_size=self.chance.randint(1, len(ZONES)), **self._kind()
        )
        starts(person, self.campaign_id)

    def _kind(self) -> dict[str, Any]:
        if self.chance.random() < 0.4:
            at = clock.now() + self.chance.randint(-20, 30) * 3600 * clock.SECOND
            return {"time_zone_mode": "local", "scheduled_at": clock.to_rfc3339(at)[:16]}
        winner = {
            "by": self.chance.choice(("clicks", "opens")),
            "after_minutes": self.chance.choice((1, 30, 600)),
            "test_percent": self.chance.choice((20, 50, 80)),
        }
        return {"variants": SEVERAL, "winner": winner if self.chance.random() < 0.8 else None}

    def _heard(self) -> None:
        call = self.stage.provider.calls[-1]
        self.calls_at.setdefault(call["lead_id"], clock.now())

    @property
    def campaign(self) -> Campaign:
        return stored(self.person, self.campaign_id)

    def goes_on(self) -> None:
        """Let something happen, well or badly."""
        getattr(self, f"_{self.chance.choice(HAPPENS).replace(' ', '_')}")()
        self.stage.time.shift(self.chance.choice((0, 0, 1, 5, 70)))

    def _work(self) -> None:
        self.stage.step_until_idle(self.chance.randint(1, 4))

    def _die(self) -> None:
        self._dying(self._work)

    def _sweep(self) -> None:
        self._dying(self.stage.sweep) if self.chance.random() < 0.3 else self.stage.sweep()

    def _wait(self) -> None:
        later = [
            each for each in (*self.stage.timers(), *(each.due for each in self.stage.waiting)) if each > clock.now()
        ]
        seconds = self.chance.choice((60, 3600, 40_000))
        if later and self.chance.random() < 0.7:
            seconds = (min(later) - clock.now()) / clock.SECOND + self.chance.choice((-1, 0, 1))
        self.stage.time.shift(max(seconds, 0))

    def _again(self) -> None:
        if self.stage.waiting:
            self.stage.waiting.append(self.chance.choice(self.stage.waiting))

    def _early(self) -> None:
        self.stage.sends({"tenant_id": self.person.tenant_id, "campaign_id": self.campaign_id})

    def _late(self) -> None:
        for each in self._timer_messages():
            self.stage.waiting.remove(each)
            self.stage.waiting.append(each._replace(due=each.due + 7_000 * clock.SECOND))

    def _lost(self) -> None:
        for each in self._timer_messages():
            self.stage.waiting.remove(each)

    def _timer_messages(self) -> list[Waiting]:
        """Return the messages of timers; those of a campaign that is cancelled are no such."""
        if self.campaign.is_over:
            return []
        return [each for each in self.stage.waiting if each.queue == CAMPAIGNS]

    def _redriven(self) -> None:
        campaign = self.campaign
        if campaign.chunks:
            named = {"chunk": self.chance.randrange(campaign.chunks), "run": campaign.run}
            task = {"tenant_id": campaign.tenant_id, "campaign_id": campaign.campaign_id, **named}
            self.stage.waiting.append(Waiting(clock.now(), CHUNKS, json.dumps(task), campaign.tenant_id))

    def _receipt(self) -> None:
        reached = [each for each in rows(self.campaign_id) if each.send_id in self.stage.provider.taken]
        if reached:
            row = self.chance.choice(sorted(reached))
            status = self.chance.choice(("delivered", "opened", "clicked", "clicked", "bounced"))
            moved = state.advanced(row, status, clock.to_rfc3339(clock.now()))
            if moved is not None:
                outcomes.record([(row, moved)])

    def _pause(self) -> None:
        self._command(lambda: puts(self.person, self.campaign_id, "paused"))

    def _resume(self) -> None:
        if self.campaign.status == "paused":
            self._command(lambda: puts(self.person, self.campaign_id, "running"))

    def _pause_and_resume(self) -> None:
        self._pause()
        self._resume()

    def _decide(self) -> None:
        if self.chance.random() < 0.3:
            name = self.chance.choice("AB")
            path = f"/campaigns/{self.campaign_id}/winner"
            self._command(lambda: sender(self.person).post(path, {"variant": name}))

    def cancels(self) -> None:
        if puts(self.person, self.campaign_id, "cancelled").status == 200:
            self.calls_when_cancelled = len(self.stage.provider.calls)

    def _command(self, ask: Callable[[], Any]) -> None:
        self._dying(ask) if self.chance.random() < 0.3 else ask()

    def _dying(self, do: Callable[[], Any]) -> None:
        chance = self.chance
        # A sweep says so when it could not read or send all timers.
        with (
            suppress(ExceptionGroup, Unavailable),
            troubles.dying_at(chance.randint(1, 30), takes_effect=chance.random() < 0.5),
        ):
            do()

    def ends(self) -> None:
        self.stage.run()
        if self.campaign.status == "paused":
            starts(self.person, self.campaign_id)
            self.stage.run()


@soaks
@pytest.mark.usefixtures("ada", "quick_bucket")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_waits_comes_to_an_end_and_nobody_is_written_to_twice_or_too_early(
    batch: int, ada: Person, campaigning: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = ada.imports(*({**lead(number), "time_zone": zone} for number, zone in enumerate(ZONES)))
    zones = {each["lead_id"]: zone for each, zone in zip(found, ZONES, strict=True)}
    dedupes = batch % 4 == 0
    has_provider(ada, campaigning.provider.url, dedupes=dedupes)
    segment_id = has_segment(ada)
    begins = clock.now() / clock.SECOND
    for number in range(EACH):
        seed = batch * EACH + number
        seeds(monkeypatch, seed)
        campaigning.time.move_to(begins + (number + 1) * WEEK)
        history = History(seed, campaigning, ada, segment_id)
        for _ in range(history.chance.randint(2, 12)):
            history.goes_on()
        if history.chance.random() < 0.1:
            history.cancels()
        history.ends()

        is_ended(history, zones, seed)
        if not dedupes:
            assert max(campaigning.provider.taken.values(), default=0) <= 1, seed


def is_ended(history: History, zones: dict[str, str], seed: int) -> None:
    """Assert that everything has come to its end."""
    campaign, known = history.campaign, rows(history.campaign_id)
    assert campaign.status in ("completed", "cancelled"), seed
    assert adds_up(campaign), seed
    assert (history.stage.waiting, history.stage.timers()) == ([], []), seed
    if campaign.status == "completed":
        assert {each.lead_id for each in known} == {*zones}, seed
    if history.calls_when_cancelled is not None and campaign.status == "cancelled":
        assert len(history.stage.provider.calls) == history.calls_when_cancelled, seed
    for row in known:
        is_rest = campaign.winner is not None and not variants.is_tested(campaign, row.lead_id)
        assert row.variant == variants.number_of(campaign, row.lead_id, is_rest=is_rest), seed
    waits = campaign.winner is not None and Counter(variants.is_tested(campaign, each) for each in zones)[False]
    assert campaign.status == "cancelled" or not waits or campaign.won is not None, seed
    kept = frozen.find(campaign.tenant_id, campaign.campaign_id)
    if kept is not None and campaign.time_zone_mode == "local":
        for lead_id, at in history.calls_at.items():
            assert at >= local_times.instant(campaign.scheduled_at or "", (zones[lead_id],), now=kept.now), seed
