"""Random histories of probes that call an address, on the table in this process, with a clock that is moved.

Whatever the address answers, too late or not at all, whatever people do while a call is under way, and whatever timers
and messages come twice or get lost: a run ends once, the milestone moves only as its guards let it, and two misses in a
row are escalated. `make soak` lives through many more of them.
"""

import contextlib
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from functions.projects import open_escalations
from functions.projects.milestones import commands
from functions.projects.probes import calls, lifecycle
from functions.projects.probes.answering import Sent, answer
from functions.projects.probes.calls import Call
from functions.projects.probes.probes import Run
from functions.projects.timers import looking
from shared import clock
from shared.callers import auth
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import table
from tests.aws import scheduler
from tests.aws.quick.table import QuickTable, everything
from tests.projects.escalation.trouble import Trouble, hold
from tests.projects.probe_calls.addresses import SECRET, Address, hand_over
from tests.projects.probe_calls.under_way import MOODS, Mood, UnderWay, answering
from tests.projects.probe_calls.watched import Left, Watched, misses, unmoved, wants
from tests.projects.timers import clockwork
from tests.projects.timers.alarm_clock import AlarmClock
from tests.projects.verification.court import Court, told
from tests.soaking import histories, soaks

STEPS = 40
PARTS = 2
HISTORIES = histories(40, soaking=1000)
BEGUN = datetime(2026, 10, 23, 9, tzinfo=UTC)
SCHEDULES: list[dict[str, Any]] = [
    {"every": 1, "unit": "hours"},
    {"every": 8, "unit": "hours"},
    {"every": 1, "unit": "days"},
    {"cron": "30 2 * * *"},
]
COMPARED: list[dict[str, Any]] = [
    {"comparison": "eq", "expected": "passed"},
    {"comparison": "in", "expected": ["green", "passed"]},
    {"comparison": "regex", "expected": "^pass"},
]
REACHED = ("stopped", "raised", "on_track", "done", "status_not_success")
MILESTONES: list[dict[str, Any]] = [
    {},
    {"acceptance": "none"},
    {"allow_decrease": True},
    {"completion_criteria": [{"key": "drawings", "text": "Drawings are signed", "is_met": False}]},
    {"progress_source": "hours", "estimated_hours": 5},
]


class History:
    """A milestone, its probes, the address that they call, and what people and time do at random."""

    def __init__(
        self, seed: int, address: Address, alarm: AlarmClock, under_way: UnderWay, traveller: time_machine.Traveller
    ) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.address, self.alarm, self.under_way, self.traveller = address, alarm, under_way, traveller
        self.court = Court()
        self.trouble = Trouble(self.court)
        self.milestone_id = self.court.begins(**self.random.choice(MILESTONES))
        self.seen = Watched(self.court, self.milestone_id)
        self.ben = self.court.joins("manager")
        self.people = [self.court.ada, self.ben]
        self.forgiven = set[str]()
        self.ended = dict[str, Run]()
        self.met = Counter[str]()
        self.probe()

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        often = [*[self.wait] * 5, *[self.ask_now] * 3, *[self.deliver] * 6, self.resume, self.resume]
        does = self.random.choice([*often, self.probe, self.pause, self.change, self.answer, self.rare])
        with contextlib.suppress(Refusal, IndexError):
            does()
        self.follow()
        if self.random.random() < 0.8:
            self.look()

    def wait(self) -> None:
        """Let time pass; what fires meanwhile is lost, or comes once, or twice."""
        self.traveller.shift(timedelta(minutes=self.random.choice([2, 2, 5, 65, 500, 1500])))
        for message in self.alarm.due(clock.to_rfc3339(clock.now())):
            clockwork.hand_over(*[message] * self.random.choice([0, 1, 1, 2]))
        if self.random.random() < 0.1:
            self.sweep()

    def sweep(self) -> None:
        """Sweep all shards, and hand over what that has sent."""
        clockwork.pass_shards()
        clockwork.hand_over(*[json.dumps(each) for each in scheduler.waiting()])

    def follow(self) -> None:
        """Bring calls that have begun to the queue: most once, others twice or never."""
        self.under_way.follow(self.seen.which, times=lambda: self.random.choice([0, 1, 1, 1, 2]))

    def look(self) -> None:
        """Look at the milestone, and assert that silence alone is escalated, as long as there is any."""
        looking.look(self.seen.which)
        silent = {each.probe_id for each in self.seen.probes if each.is_silent} if not self.seen.is_over else set()
        raised = [each for each in self.trouble.every(self.milestone_id) if each.trigger == "silent_probe"]
        still = {each.trigger_id for each in raised if each.is_open}
        assert still <= silent
        assert len(still) == min(len(silent), 1)
        place = open_escalations.key(self.seen.which.partition)
        known = open_escalations.of(table.get(place, consistent=True)).causes
        assert {*known} == {f"silent_probe:{each}" for each in silent}
        self.met["raised"] += len(still)

    def probe(self) -> None:
        """Create a probe that calls an address, or now and then one that asks Ada."""
        fields = {"question": "Well?", "schedule": self.random.choice(SCHEDULES), "time_zone": "Europe/Berlin"}
        fields |= {"call": self._call()} if self.random.random() < 0.85 else {}
        lifecycle.create(self._somebody(), self.milestone_id, fields)

    def change(self) -> None:
        lifecycle.change(self._somebody(), self._one(), {"call": self._call()}, if_match=None)

    def ask_now(self) -> None:
        lifecycle.run(self._somebody(), self._one(), if_match=None)

    def pause(self) -> None:
        probe_id = self._one()
        lifecycle.pause(self._somebody(), probe_id, if_match=None)
        self.forgiven |= {each.run_id for each in self.seen.runs if each.probe_id == probe_id}

    def resume(self) -> None:
        lifecycle.resume(self._somebody(), self._one(), if_match=None)

    def delete(self) -> None:
        lifecycle.delete(self._somebody(), self._one(), if_match=None)

    def answer(self) -> None:
        """Answer a question; of a call nobody may."""
        probe_id, progress = self._one(), self.random.choice([None, None, 10, 40])
        asked = [each for each in self.seen.probes if each.probe_id == probe_id and each.call is None]
        answer(self.court.ada, probe_id, Sent("on_track", "", progress))
        assert asked

    def rare(self) -> None:
        self.random.choice([*[self.delete] * 4, *[self.leave] * 4, self.cancel])()

    def leave(self) -> None:
        """Let Ben leave the tenant: what he has set moves nothing any more."""
        table.delete_many([auth.membership_key(self.court.tenant_id, self.ben.user_id)])
        self.people = [self.court.ada]

    def cancel(self) -> None:
        commands.advance(self.court.ada, self.milestone_id, "cancel", if_match=None, reason="It is not wanted.")

    def deliver(self) -> None:
        """Hand over a message to what calls, once or twice, and assert what came of it."""
        message = self.under_way.take(self.random)
        run_id, before = json.loads(message)["run_id"], len(self.address.asked)
        probe, mood, left = self.seen.waiting(run_id), self.random.choice(MOODS), list[Left]()
        does = self.random.choice([self.pause, self.change, self.change, self.wait, self.wait, self.rare])

        def meanwhile() -> None:
            try:
                does() if self.random.random() < 0.35 else None
            finally:
                left.append(self.seen.left(run_id))

        with answering(self.address, mood, meanwhile):
            hand_over(message)
            again = self.random.choice([0, 0, 1])
            for _ in range(again):
                hand_over(message)
        assert len(self.address.asked) == before + (probe is not None) == before + len(left)
        if probe is not None and probe.call is not None:
            made, (found,) = calls.of(probe.call), left
            assert self.address.asked[-1][2].get("Authorization") == (None if made.sealed is None else SECRET)
            self._judge(run_id, made, mood, found)

    def _judge(self, run_id: str, made: Call, mood: Mood, left: Left) -> None:
        """Assert what came of a call, which counts for what it comes back to."""
        run, after = self.seen.run(run_id), self.seen.milestone
        if not left.waits:
            assert (run, after) == (left.run, left.milestone)
            self.met["stopped"] += 1
            return
        assert run.called is not None
        state = made.if_true if mood.state == "passed" else made.if_false
        percent = None if state == "done" or made.progress_pointer is None else mood.percent
        failure = None if mood.failure == "progress_unusable" and percent is None else mood.failure
        is_there = made.set_by in [each.user_id for each in self.people]
        refused = None if failure else unmoved(left.milestone, state, percent, is_there=is_there)
        assert (run.called["failure"], run.called["unmoved"]) == (failure, refused)
        told = ("missed", None, None) if failure else ("answered", state, percent)
        assert (run.outcome, run.state, run.progress) == told
        is_moved = failure is None and refused is None and wants(left.milestone, state, percent)
        assert (after != left.milestone) == is_moved
        assert not is_moved or after.progress == (percent or 100)
        self.met[failure or refused or state] += 1

    def hold(self) -> None:
        """Assert what is true at any time."""
        found, runs, happened = self.seen.probes, self.seen.runs, told(self.court, self.milestone_id)
        waiting = Counter(each.probe_id for each in runs if each.outcome == "open")
        for probe in found:
            assert waiting[probe.probe_id] == (probe.run_id is not None)
            assert probe.status == "active" or probe.next_at is None
            assert probe.misses == misses(probe, runs, self.forgiven) or self.seen.is_over
        ended = {each.run_id: each for each in runs if each.outcome != "open"}
        assert {run_id: ended.get(run_id) for run_id in self.ended} == self.ended
        self.ended = ended
        outcomes = Counter(each.outcome for each in runs)
        assert happened["projects.probe.asked"] == len(runs)
        assert happened["projects.probe.answered"] == outcomes["answered"]
        assert happened["projects.probe.missed"] == outcomes["missed"]
        hold(self.trouble, self.milestone_id)

    def end(self) -> None:
        """Lose every timer and message, let a sweep make good for it, and assert that nothing is due any more."""
        self.alarm.set.clear()
        self.traveller.shift(timedelta(hours=30))
        self.sweep()
        self.look()
        moment = clock.to_rfc3339(clock.now())
        for probe in self.seen.probes:
            assert probe.next_at is None or probe.next_at > moment
            assert not self.seen.is_over or (probe.run_id, (probe.call or {}).get("sealed")) == (None, None)
            is_lost = probe.status == "active" and probe.call is not None and probe.run_id is not None
            assert not is_lost or probe.asked_at == moment
        self.hold()
        stored = everything()
        happened = [each for each in stored if each["SK"].startswith(("EVENT#", "ENTRY#"))]
        assert SECRET.removeprefix("Bearer ") not in json.dumps(stored, default=str)
        assert "in-the-query" not in json.dumps(happened, default=str)

    def _call(self) -> dict[str, Any]:
        sent: dict[str, Any] = {"method": "GET", "url": self.address.url, "headers": [], "pointer": "/state"}
        sent |= {**self.random.choice(COMPARED), "if_false": self.random.choice(["at_risk", "blocked"])}
        sent |= {"if_true": self.random.choice(["on_track", "on_track", "done"])}
        sent |= {"progress_pointer": "/percent"} if self.random.random() < 0.6 else {}
        return sent | ({"secret": {"header": "Authorization", "value": SECRET}} if self.random.random() < 0.7 else {})

    def _somebody(self) -> Caller:
        return self.random.choice(self.people)

    def _one(self) -> str:
        return self.random.choice(self.seen.probes).probe_id


@pytest.fixture
def alarm(pepper: str) -> Iterator[AlarmClock]:
    made = AlarmClock()
    yield made
    made.stop()


@pytest.fixture
def under_way() -> Iterator[UnderWay]:
    made = UnderWay()
    yield made
    made.stop()


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_comes_back_each_run_ends_once_and_moves_what_its_guards_let_it(
    part: int, address: Address, alarm: AlarmClock, under_way: UnderWay, capfd: pytest.CaptureFixture[str]
):
    quick, met = QuickTable(), Counter[str]()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        alarm.set.clear()
        under_way.messages.clear()
        with time_machine.travel(BEGUN, tick=False) as traveller:
            history = History(seed, address, alarm, under_way, traveller)
            for _ in range(STEPS):
                history.step()
                history.hold()
            history.end()
            met += history.met
        quick.items.clear()
    printed = capfd.readouterr()

    assert SECRET.removeprefix("Bearer ") not in printed.out + printed.err
    assert min(met[each] for each in REACHED) > 0
