"""Random commands on campaigns: schedule, start, pause, resume, cancel, edit and delete, in any order and at any time.

What each command may do is said here once more, as the rules say it. After each command the campaign is in a state that
may follow, and answers say so; in the end nobody was told twice, and all counters are what the rows add up to.
"""

import random
from collections.abc import Callable
from typing import Any, Final

import pytest

from functions.audience.campaigns import campaigns, commands, lifecycle, recounts, shapes
from functions.audience.campaigns.campaigns import Campaign, CampaignNotFound
from functions.audience.campaigns.states import Status
from shared import clock
from shared.callers.caller import Caller
from shared.errors import Refusal
from tests.audience.campaigns.staging import (
    CHUNKS,
    DRAFT,
    SENDER,
    Stage,
    adds_up,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    puts,
    rows,
    stored,
    totals,
)
from tests.audience.people import Person
from tests.aws.races import at_once
from tests.soaking import histories, soaks

EACH = 100
BATCHES = histories(2_000, soaking=10_000) // EACH
LEADS = 2
LATEST = 6 * 3600
FOLLOWING: Final = {
    "draft": {"scheduled", "preparing", "cancelled"},
    "scheduled": {"preparing", "cancelled", "failed"},
    "preparing": {"running", "cancelled", "failed"},
    "running": {"paused", "completed", "cancelled"},
    "paused": {"running", "cancelled"},
    "completed": set[str](),
    "cancelled": set[str](),
    "failed": set[str](),
}
COMMANDS: Final = (
    *("schedule", "start", "start", "start", "pause", "resume", "cancel", "edit", "hasten", "delete"),
    *("work", "work", "work", "work", "again", "wait", "wait"),
)


class History:
    """One campaign, and what people and time do to it."""

    def __init__(self, seed: int, stage: Stage, person: Person, segment_id: str) -> None:
        self.chance, self.stage, self.person, self.seed = random.Random(seed), stage, person, seed  # noqa: S311
        stage.waiting.clear()
        stage.provider.calls.clear()
        stage.provider.taken.clear()
        self.calls_when_over: int | None = None
        scopes = frozenset(SENDER.split())
        self.caller = Caller(person.user_id, person.tenant_id, ("owner",), scopes, None, ("pwd",), 0)
        draft = {**DRAFT, "segment_id": segment_id, "chunk_size": self.chance.randint(1, LEADS)}
        fields = shapes.CampaignDraft.model_validate(draft).fields()
        self.campaign_id = str(dict(lifecycle.create(self.caller, fields))["campaign_id"])
        self.status = "draft"

    def goes_on(self) -> None:
        """Let something happen, and look at what became of it."""
        command = self.chance.choice(COMMANDS)
        getattr(self, f"_{command}")()
        self.looks(command)
        self.stage.time.shift(self.chance.choice((0, 0, 1, 70)))

    def looks(self, command: str) -> None:
        """Assert that the campaign has come from one state into another as it may."""
        before, now = self.status, self.state
        self.status = now
        calls = len(self.stage.provider.calls)
        assert now == before or is_reached(before, now), (self.seed, command, before, now)
        if self.calls_when_over is not None:
            assert calls == self.calls_when_over, (self.seed, command, before, now)
        if now in ("draft", "scheduled", "failed", "deleted"):
            assert calls == 0, (self.seed, command, before, now)
        if now in ("completed", "cancelled"):
            self.calls_when_over = calls

    @property
    def state(self) -> str:
        try:
            return stored(self.person, self.campaign_id).status
        except CampaignNotFound:
            return "deleted"

    def _schedule(self) -> None:
        at = clock.now() + self.chance.choice((-7 * 3600, 1, 90, 7_000)) * clock.SECOND
        self._edited(scheduled_at=clock.to_rfc3339(at))
        self._asked("scheduled", {"draft": "scheduled", "scheduled": "scheduled"})

    def _start(self) -> None:
        self._asked("running", STARTED)

    def _resume(self) -> None:
        self._asked("running", STARTED)

    def _pause(self) -> None:
        self._asked("paused", {"running": "paused", "paused": "paused"})

    def _cancel(self) -> None:
        if self.chance.random() < 0.3:
            self._asked("cancelled", {each: "cancelled" for each in FOLLOWING if each not in ("completed", "failed")})

    def _asked(self, wanted: Status, becomes: dict[str, str]) -> None:
        """Ask for a state; the answer and the state are as the table of states says."""
        answer = answered(lambda: commands.set_status(self.caller, self.campaign_id, wanted, confirm_all=False))
        if self.status == "deleted":
            assert answer == "CampaignNotFound", self.seed
        elif self.status in becomes:
            assert answer["status"] == becomes[self.status], (self.seed, self.status)
        else:
            assert answer == "StatusNotPossible", (self.seed, wanted, self.status)
            assert self.state == self.status, self.seed

    def _edit(self) -> None:
        self._edited(name=f"Spring {self.chance.randint(1, 9)}")

    def _edited(self, **fields: Any) -> None:
        answer = self._changed(fields)
        if self.status in ("draft", "scheduled"):
            assert answer["status"] == self.status, (self.seed, answer)
        else:
            assert answer == ("CampaignNotFound" if self.status == "deleted" else "CampaignNotEditable"), self.seed

    def _hasten(self) -> None:
        answer = self._changed({"rate_per_minute": 6_000})
        if self.status != "deleted":
            assert (answer == "CampaignNotEditable") is (self.status in OVER), (self.seed, self.status)

    def _changed(self, fields: dict[str, Any]) -> Any:
        return answered(lambda: lifecycle.change(self.caller, self.campaign_id, fields, if_match=None))

    def _delete(self) -> None:
        if self.chance.random() < 0.3:
            answer = answered(lambda: lifecycle.delete(self.caller, self.campaign_id, if_match=None))
            refused = "CampaignNotFound" if self.status == "deleted" else "CampaignNotEditable"
            assert answer == (None if self.status in ("draft", "scheduled") else refused), (self.seed, self.status)

    def _work(self) -> None:
        self.stage.step_until_idle(self.chance.randint(1, 4))

    def _again(self) -> None:
        for each in [each for each in self.stage.waiting if each.queue == CHUNKS][:1]:
            self.stage.waiting.append(each)

    def _wait(self) -> None:
        self.stage.time.shift(self.chance.choice((60, 7_100, LATEST + 3600)))
        if any(each <= clock.now() for each in self.stage.timers()):
            self.stage.sweep()
            self.stage.step_until_idle(1)


OVER: Final = ("completed", "cancelled", "failed")
STARTED: Final = {
    "draft": "preparing",
    "scheduled": "preparing",
    "preparing": "preparing",
    "running": "running",
    "paused": "running",
}


def answered(ask: Callable[[], Any]) -> Any:
    """Return what is answered, or the name of the refusal."""
    try:
        return ask()
    except Refusal as refusal:
        return type(refusal).__name__


def is_reached(before: str, now: str) -> bool:
    """Return whether some states that may follow one another lead from one to the other."""
    if now == "deleted":
        return before in ("draft", "scheduled")
    reached, waiting = set[str](), {before}
    while waiting - reached:
        reached |= waiting
        waiting = {after for each in waiting for after in FOLLOWING[each]} if before != "deleted" else set()
    return now in reached


def is_settled(history: History, lead_ids: set[str]) -> None:
    """Assert that nobody was told twice or left out, and that all is counted as it is."""
    seed, campaign = history.seed, campaign_of(history)
    assert max(history.stage.provider.sent_to().values(), default=0) <= 1, seed
    if campaign is None:
        assert (history.stage.waiting, rows(history.campaign_id)) == ([], []), seed
        return
    assert adds_up(campaign), seed
    if campaign.status == "completed":
        assert {each.lead_id for each in rows(history.campaign_id)} == lead_ids, seed
        assert totals(history.campaign_id) == {"sent": LEADS}, seed
        assert campaign.run >= 1, seed
    if campaign.audience is not None and seed % 10 == 0:
        counted = recounts.recount(campaign.tenant_id, campaign.campaign_id, is_repairing=False)
        assert counted["differences"] == [], seed


def campaign_of(history: History) -> Campaign | None:
    try:
        return campaigns.get(history.person.tenant_id, history.campaign_id)
    except CampaignNotFound:
        return None


@soaks
@pytest.mark.usefixtures("ada", "quick_bucket")
@pytest.mark.parametrize("batch", range(BATCHES))
def test_whatever_is_commanded_states_follow_the_rules_and_nobody_is_told_twice(
    batch: int, ada: Person, campaigning: Stage
) -> None:
    lead_ids = {*has_leads(ada, LEADS)}
    has_provider(ada, campaigning.provider.url)
    segment_id = has_segment(ada)
    for number in range(EACH):
        history = History(batch * EACH + number, campaigning, ada, segment_id)
        for _ in range(history.chance.randint(2, 8)):
            history.goes_on()
        campaigning.run()
        history.looks("end")
        is_settled(history, lead_ids)


def test_started_twice_at_once_it_runs_once(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 10)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    answers = at_once(*[lambda: puts(ada, campaign_id, "running")] * 4)
    campaigning.run()

    assert {each.status for each in answers} == {200}
    assert stored(ada, campaign_id).run == 1
    assert [*campaigning.provider.sent_to().values()] == [1] * 10
    assert totals(campaign_id) == {"sent": 10}
