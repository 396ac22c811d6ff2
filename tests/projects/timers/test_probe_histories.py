"""Random histories of probes and escalations with levels, on the table in this process, with a clock that is moved.

Whatever people ask and time brings, early, late, twice or not at all: a run has one answer at most, a paused probe asks
nobody, notices stop when somebody acknowledges, and the sweep makes good for every timer that was lost.
`make soak` lives through many more of them.
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

from functions.projects.escalation import deadline
from functions.projects.escalation_policies import lifecycle as policies
from functions.projects.escalation_policies import rule as rules
from functions.projects.escalation_policies.rule import MOST_REPEATS
from functions.projects.milestones import milestones, transition
from functions.projects.probe_links import links, using
from functions.projects.probes import answering, lifecycle, probes
from functions.projects.probes.answering import Sent
from functions.projects.probes.probes import Run
from functions.projects.timers import looking
from functions.projects.timers.seeing import Subject
from shared import clock
from shared.errors import Refusal
from shared.storage import events, records, table
from tests.aws import scheduler
from tests.aws.quick.table import QuickTable
from tests.projects.escalation.trouble import Trouble, hold
from tests.projects.timers.alarm_clock import AlarmClock
from tests.projects.timers.clockwork import hand_over, pass_shards
from tests.projects.verification.court import Court
from tests.soaking import histories, soaks

STEPS = 40
PARTS = 2
HISTORIES = histories(52, soaking=1000)
BEGUN = datetime(2026, 10, 23, 9, tzinfo=UTC)
SCHEDULES: list[dict[str, Any]] = [
    {"cron": "30 2 * * *"},
    {"cron": "0 */6 * * *"},
    {"cron": "0 9 * * MON-FRI"},
    {"every": 8, "unit": "hours"},
    {"every": 2, "unit": "days"},
]
MARY = {"name": "Mary Somerville", "address": "mary@example.com"}


class History:
    """A milestone with a policy of levels, its probes, and what people and time do at random."""

    def __init__(self, seed: int, alarm: AlarmClock, traveller: time_machine.Traveller) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which history it is
        self.alarm, self.traveller = alarm, traveller
        self.court = Court()
        self.trouble = Trouble(self.court)
        level = {"targets": [{"user": None, "role": None, "owner_role": "primary"}], "channels": ["worklist"]}
        fields = {"name": "Late", "project_id": None, "kinds": [], "severities": [], "calendar": "elapsed"}
        more = {"levels": [level] * self.random.randint(1, 4), "repeats": self.random.randint(0, MOST_REPEATS)}
        policies.create(self.court.ada, {**fields, **more})
        self.milestone_id = self.court.begins()
        self.which = Subject(self.court.tenant_id, self.court.project_id, self.milestone_id)
        self.raised, self.probes, self.tokens = list[str](), list[str](), list[tuple[str, str]]()
        self.answered = Counter[str]()
        self.resting = Counter[str]()

    def step(self) -> None:
        """Do one thing; a refusal changes nothing."""
        often = [self.wait, self.wait, self.wait, self.ask_now, self.answer, self.reply, self.acknowledge]
        rare = [self.probe, self.pause, self.resume, self.escalate, self.resolve, self.drop]
        does = self.random.choice([*often, *rare])
        with contextlib.suppress(Refusal, IndexError):
            does()
            if does != self.wait and self.random.random() < 0.8:
                looking.look(self.which)

    def wait(self) -> None:
        """Let time pass; what fires meanwhile is lost, or comes once, or twice."""
        self.traveller.shift(timedelta(minutes=self.random.choice([20, 90, 400, 1500, 4000])))
        before = self._runs_of_paused()
        for message in self.alarm.due(clock.to_rfc3339(clock.now())):
            hand_over(*[message] * self.random.choice([0, 1, 1, 1, 2]))
        if self.random.random() < 0.15:
            self.sweep()
        assert self._runs_of_paused() == before

    def sweep(self) -> None:
        """Sweep all shards, and hand over what that has sent."""
        pass_shards()
        hand_over(*[json.dumps(each) for each in scheduler.waiting()])

    def probe(self) -> None:
        fields = {"question": "Well?", "schedule": self.random.choice(SCHEDULES), "time_zone": "Europe/Berlin"}
        if self.random.random() < 0.2:
            fields |= {"outside": MARY, "schedule": {"every": 1, "unit": "days"}}
        made = lifecycle.create(self.court.ada, self.milestone_id, fields)
        self.probes.append(str(made["probe_id"]))

    def ask_now(self) -> None:
        lifecycle.run(self.court.ada, self.random.choice(self.probes), if_match=None)

    def pause(self) -> None:
        lifecycle.pause(self.court.ada, self.random.choice(self.probes), if_match=None)

    def resume(self) -> None:
        lifecycle.resume(self.court.ada, self.random.choice(self.probes), if_match=None)

    def drop(self) -> None:
        if self.random.random() < 0.2:
            lifecycle.delete(self.court.ada, self.random.choice(self.probes), if_match=None)

    def answer(self) -> None:
        probe_id = self.random.choice(self.probes)
        run_id = lifecycle.show(self.court.ada, probe_id)["run_id"]
        answering.answer(self.court.ada, probe_id, self._sent())
        self.answered[str(run_id)] += 1

    def reply(self) -> None:
        """Answer by the link of a run that waits, or by one of before."""
        for probe in self._every().probes:
            if (
                probe.run_id is not None
                and probe.asked_id is not None
                and links.find(links.id_of(probe.run_id)) is None
            ):
                made = links.new(self.court.milestone(self.milestone_id), probe, probe.run_id, probe.asked_id)
                table.transact([links.born(made)])
                self.tokens.append((probe.run_id, links.url(made).partition("#")[2]))
        run_id, token = self.random.choice(self.tokens[-4:])
        using.answer(token, self._sent())
        self.answered[run_id] += 1

    def escalate(self) -> None:
        kind, severity = self.random.choice(["delay", "quality"]), self.random.choice(["critical", "high", "low"])
        self.raised.append(self.trouble.raises(self.milestone_id, kind=kind, severity=severity))

    def acknowledge(self) -> None:
        escalation_id = self.random.choice(self.raised)
        self.trouble.moves(escalation_id, "acknowledge")
        self.resting[escalation_id] = self._notices()[escalation_id]

    def resolve(self) -> None:
        self.trouble.moves(self.random.choice(self.raised), "resolve")

    def hold(self) -> None:
        """Assert what is true at any time."""
        found = self._every().probes
        runs = self._runs()
        waiting = Counter(each.probe_id for each in runs if each.outcome == "open")
        for probe in found:
            assert waiting[probe.probe_id] == (probe.run_id is not None)
            assert probe.status == "active" or probe.next_at is None
        assert {each.run_id for each in runs if each.outcome == "answered"} == {*self.answered}
        assert max(self.answered.values(), default=1) == 1
        for each in self.trouble.every(self.milestone_id):
            assert each.status != "in_progress" or ([*each.remind_at], each.respond_by) == ([], None)
            assert each.level <= rules.of(each.policy).last_level
        assert {each: self._notices()[each] for each in self.resting} == self.resting

    def end(self) -> None:
        """Lose every timer, let a sweep make good for it, and assert that nothing is due any more."""
        self.alarm.set.clear()
        self.traveller.shift(timedelta(hours=30))
        self.sweep()
        now = clock.now()
        if self.court.milestone(self.milestone_id).status in transition.FINAL:
            return
        for probe in self._every().probes:
            assert probe.next_at is None or clock.from_stored(probe.next_at) > now
            assert probe.remind_at is None or clock.from_stored(probe.remind_at) > now
        silent = {each.probe_id for each in self._every().probes if each.is_silent}
        still = [each for each in self.trouble.every(self.milestone_id) if each.is_open and each.trigger]
        assert [each.trigger for each in still] == ["silent_probe"][: len(silent)]
        assert {each.trigger_id for each in still} <= silent
        for each in self.trouble.every(self.milestone_id):
            for at in (deadline.rises_at(each), deadline.reminds_at(each)):
                assert at is None or at > now

    def _sent(self) -> Sent:
        progress = self.random.choice([None, None, 10, 40])
        return Sent(self.random.choice(["on_track", "at_risk", "blocked"]), "", progress)

    def _every(self) -> probes.Probes:
        return probes.of(table.get(probes.key(self.which.partition), consistent=True))

    def _runs(self) -> list[Run]:
        alive = {each.probe_id for each in self._every().probes}
        found = [records.from_item(Run, item) for item in table.query_all(self.which.partition, probes.RUNS)]
        # The last run of a deleted probe stays as it was.
        return [each for each in found if each.probe_id in alive or each.outcome == "answered"]

    def _runs_of_paused(self) -> int:
        paused = {each.probe_id for each in self._every().probes if each.status == "paused"}
        return len([each for each in self._runs() if each.probe_id in paused])

    def _notices(self) -> Counter[str]:
        """Return how often each escalation has told its people again."""
        place = milestones.history(self.court.tenant_id, self.milestone_id)
        found = table.query_all(place, events.prefix(self.milestone_id))
        told = [each["data"]["escalation_id"] for each in found if each["event_type"].endswith("escalation.reminded")]
        return Counter(told)


@pytest.fixture
def alarm(aws: None, pepper: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[AlarmClock]:
    scheduler.make_surroundings(monkeypatch)
    made = AlarmClock()
    yield made
    made.stop()


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_whatever_is_asked_and_lost_each_run_and_each_notice_keeps_its_rule(part: int, alarm: AlarmClock):
    quick, seen = QuickTable(), Counter[str]()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        alarm.set.clear()
        with time_machine.travel(BEGUN, tick=False) as traveller:
            history = History(seed, alarm, traveller)
            for _ in range(STEPS):
                history.step()
                history.hold()
            hold(history.trouble, history.milestone_id)
            history.end()
            seen["answered"] += len(history.answered)
            seen["rested"] += len(history.resting)
            seen["raised"] += len([each for each in history.trouble.every(history.milestone_id) if each.trigger])
        quick.items.clear()

    assert min(seen[each] for each in ("answered", "rested", "raised")) > 0
