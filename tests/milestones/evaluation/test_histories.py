"""Histories at random: changes, webhooks, outages, losses, refusals and stops in any order end with both in step.

`make soak` runs 2,000 of them, HISTORIES=20000 more.
"""

import contextlib
import json
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, get_args

import pytest
import time_machine

from examples.evaluator.deliveries import signed
from examples.evaluator.store import Store
from functions.milestones import consumers, lifecycle, milestones
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import webhooks
from functions.milestones.milestones import Milestone
from functions.milestones.report import OPEN
from functions.milestones.shapes import MilestoneDraft
from shared import clock
from shared.callers.auth import Caller
from shared.errors import Conflict, NotFound
from shared.storage import attributes
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.quick.table import QuickTable
from tests.goals.conftest import the_table as moto_table
from tests.milestones.evaluation.wire import Mishap, Wire
from tests.milestones.people import SECRET, message, reconcile
from tests.soaking import histories, soaks

HISTORIES = histories(200, soaking=2000)
PARTS = 20
STEPS = 12
ADA = Caller("user_01KAEY3VJ00000000000000ADA", "tenant_01KAEY3VJ00000000000000T00", (), frozenset(), None, (), None)
ORDER = {"pending": 0, "in_progress": 1, "missed": 2, "completed": 3}


class Stopped(BaseException):
    """The process ends here."""


@dataclass
class World:
    """Both sides, what is on its way between them, and a clock."""

    wire: Wire
    table: QuickTable
    luck: random.Random
    time: Any
    uids: list[str] = field(default_factory=list)
    queue: deque[str] = field(default_factory=deque)
    told: list[tuple[str, str]] = field(default_factory=list)
    seen: dict[str, tuple[str, str]] = field(default_factory=dict)
    carried: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)

    def step(self) -> None:
        kinds = ["create", "retarget", "retarget", "delete", "observe", "deliver", "replay", "redeliver", "outage"]
        kind = self.luck.choice([*kinds, "arrive", "wait", "consume", "stop", "resume", "forget", "refuse"])
        with contextlib.suppress(NotFound, Conflict):
            getattr(self, f"_{kind}")()
        self._queue_what_was_asked()

    def _create(self) -> None:
        if len(self.uids) < 3:
            draft = MilestoneDraft(project_id="project_1", kpi_id="tvl", target=self.luck.randint(1, 9))
            self.uids.append(lifecycle.create(ADA, draft).answer["milestone_uid"])

    def _retarget(self) -> None:
        if self.uids:
            lifecycle.retarget(ADA, self._any(), Decimal(self.luck.randint(1, 9)))

    def _delete(self) -> None:
        if self.uids and self.luck.random() < 0.5:
            lifecycle.delete(ADA, self._any(), from_evaluator=True)

    def _resume(self) -> None:
        if self.uids:
            lifecycle.resume(ADA, self._any())

    def _observe(self) -> None:
        day = clock.to_datetime(clock.now()).date()
        self.wire.evaluator.observe("tvl", day, Decimal(self.luck.randint(0, 9)))

    def _deliver(self, chance: float = 0.7) -> None:
        for promised in self.wire.evaluator.store.promised():
            if self.luck.random() < chance:
                self.told.append((promised["webhook_id"], promised["body"]))
                if self._says(promised["webhook_id"], promised["body"]):
                    self.wire.evaluator.store.delivered(promised["webhook_id"])

    def _replay(self) -> None:
        if self.told:
            self._says(*self.luck.choice(self.told))

    def _redeliver(self) -> None:
        if self.told:
            self._says(f"msg_{self.luck.random()}", self.luck.choice(self.told)[1])

    def _says(self, webhook_id: str, body: str) -> bool:
        headers = signed(webhook_id, body, secret=SECRET, at=clock.now() / 1000)
        try:
            webhooks.receive(webhooks.read(body.encode(), webhooks.verified(body.encode(), headers)))
        except NotFound:
            return False
        return True

    def _outage(self) -> None:
        mishaps: tuple[Mishap, ...] = get_args(Mishap)
        self.wire.mishaps.extend(self.luck.choice(mishaps) for _ in range(self.luck.randint(1, 4)))

    def _forget(self) -> None:
        """Let the evaluator lose one of its milestones."""
        there = [each["id"] for each in self.wire.evaluator.store.all()]
        if there:
            id_ = self.luck.choice(there)
            self.lost.add(id_)
            self.wire.evaluator.forget(id_)

    def _refuse(self) -> None:
        self.wire.mishaps.append(self.luck.choice([400, 401, 403, 408, 409, 422, 425]))

    def _arrive(self) -> None:
        self.wire.arrive()

    def _wait(self) -> None:
        self.time.shift(self.luck.choice([1, 16, 130, 3600, 90000]))
        if self.luck.random() < 0.3:
            reconcile()

    def _consume(self) -> None:
        if self.queue:
            uid = self.queue.popleft()
            asked = message(ADA.tenant_id, uid, receives=self.luck.randint(1, 7))
            if consumers.handler({"Records": [asked]}, Context())["batchItemFailures"]:
                self.queue.append(uid)

    def _stop(self) -> None:
        """Let the process end at one of the next transactions, before or after it."""
        moment = self.luck.choice(["before-call", "after-call"])
        left = self.luck.randint(1, 3)

        def stop(**_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                raise Stopped

        hooks.register(f"{moment}.dynamodb.TransactWriteItems", stop)
        with contextlib.suppress(Stopped, NotFound, Conflict):
            getattr(self, f"_{self.luck.choice(['create', 'retarget', 'delete', 'consume', 'deliver'])}")()
        hooks.unregister(f"{moment}.dynamodb.TransactWriteItems", stop)
        self.uids = [each.milestone_uid for each in self.stored() if each.deleted_at is None]

    def _any(self) -> str:
        return self.luck.choice(self.uids)

    def _queue_what_was_asked(self) -> None:
        """Carry the events that ask for the queue there, as the outbox does."""
        for item in self.found("Event"):
            if item["event_type"].endswith("sync_requested") and item["event_id"] not in self.carried:
                self.queue.append(item["data"]["milestone_uid"])
            self.carried.add(item["event_id"])
        for each in self.stored():
            before = self.seen.get(each.milestone_uid)
            if before is not None and before[1] == str(each.target):
                assert ORDER[each.status] >= ORDER[before[0]], "a status went backwards"
            assert (each.status == "completed") == (each.completed_at is not None)
            self.seen[each.milestone_uid] = each.status, str(each.target)

    def found(self, entity: str) -> list[dict[str, Any]]:
        """Return what the table holds of a kind."""
        raw = [item for item in self.table.items.values() if item.get("entity") == {"S": entity}]
        return [attributes.load(item) for item in raw]

    def stored(self) -> list[Milestone]:
        return [milestones.from_item(item) for item in self.found("TrackedMilestone")]

    def settle(self) -> None:
        """Let everything arrive, and the queue and the hour do their work."""
        self.wire.mishaps.clear()
        self.wire.arrive()
        # Two days: one lost before its id was known here is created from the record of its first creation, and only
        # noticed when it is asked for a day later.
        for seconds in (0, 20, 130, 16, 90000, 4000, 90000, 4000, 1, 1):
            self.time.shift(seconds)
            evaluator.breaker.succeeded()
            if seconds > 3600:
                reconcile()
            self._deliver(chance=1)
            self._queue_what_was_asked()
            for uid in dict.fromkeys(self.queue):
                consumers.handler({"Records": [message(ADA.tenant_id, uid)]}, Context())
            self._queue_what_was_asked()


def live(wire: Wire, quick: QuickTable, seed: int) -> World:
    """Live through a history and let it settle."""
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        world = World(wire, quick, random.Random(seed), traveller)  # noqa: S311 - repeatable, not secret
        for _ in range(STEPS):
            world.step()
        world.settle()
    return world


def hold_in_step(world: World) -> None:
    """Fail unless both sides have the same, and nothing is left of what is gone."""
    here = {each.sync.evaluator_id: each for each in world.stored()}
    # Nobody asks for what is over, so nobody notices that it was lost.
    unnoticed = {id_ for id_, each in here.items() if id_ in world.lost and each.status not in OPEN}
    there = {each["id"]: json.loads(each["target"]) for each in world.wire.evaluator.store.all()}
    assert all(each.is_synced and each.deleted_at is None for each in here.values())
    assert {id_: int(each.target) for id_, each in here.items() if id_ not in unnoticed} == there
    assert {item["PK"].removeprefix("EVALUATOR#") for item in world.found("EvaluatorLookup")} == here.keys()
    entries = {item["milestone_uid"]: item["status"] for item in world.found("TrackedEntry")}
    assert entries == {each.milestone_uid: each.status for each in here.values()}


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto's table but what a test has stand in."""


@pytest.fixture
def clean(wire: Wire) -> Callable[[], Wire]:
    """Return what makes the evaluator forget everything."""

    def forget() -> Wire:
        wire.evaluator.store.close()
        wire.evaluator.store = Store(":memory:")
        wire.evaluator.series.clear()
        evaluator.breaker.succeeded()
        return wire

    return forget


@soaks
@pytest.mark.parametrize("part", range(PARTS))
def test_a_history_ends_with_both_sides_in_step(clean: Callable[[], Wire], part: int):
    quick = QuickTable()
    quick.stand_in()
    for seed in range(part, HISTORIES, PARTS):
        quick.items.clear()
        try:
            hold_in_step(live(clean(), quick, seed))
        except BaseException as error:
            error.add_note(f"history {seed}")
            raise


def test_the_quick_table_answers_as_moto_does(clean: Callable[[], Wire]):
    quick = QuickTable()
    quick.shadow()
    for seed in range(10):
        hold_in_step(live(clean(), quick, seed))
        moto_table().items.clear()
        quick.items.clear()
