"""Whatever goes wrong at whichever call: nothing is lost, nothing is doubled, and the caller is told something true.

Every write operation is run once undisturbed; then again from the same table for each of its calls and each fault.
What it leaves must be what it found or what the undisturbed run left, and repeating it must lead to the latter.
"""

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from functions.goals import goals
from functions.goals import lifecycle as goal_lifecycle
from functions.goals.shapes import GoalDraft, GoalImport, GoalPatch, ShareDraft, TaskDraft, TaskPatch
from functions.goals.sharing import shares
from functions.goals.tasks import due_dates
from functions.goals.tasks import lifecycle as task_lifecycle
from functions.goals.transfer import imports
from shared import pauses
from shared.aws.retries import Budget
from shared.callers import auth
from shared.callers.auth import Caller
from shared.errors import Conflict, NotFound, Refusal, Unavailable
from shared.storage import idempotency, table
from shared.storage.idempotency import Claim
from tests.aws.quick.table import clear, everything
from tests.aws.stored_items import readable
from tests.goals.conftest import Travel
from tests.goals.removals import remove_all
from tests.goals.wire import Fault, Wire, cancelled, lost, refused, unreachable

ULID = re.compile(r"(goal|task|evt)_[0-9A-Z]{26}")
BOB = "user_01KAEY3VJ00000000000000B0B"
ADA = Caller("user_01KAEY3VJ00000000000000ADA", "tenant_01KAEY3VJ00000000000000T00", (), frozenset(), None, (), None)
HISTORY = [
    {"at": "2026-06-01T00:00:00Z", "event": "task_added", "task": str(number), "title": "Run"} for number in range(13)
]
IMPORT = {"title": "Run", "start_at": "2026-06-01T00:00:00Z", "deadline": "2027-05-31", "history": HISTORY}

throttled = refused("ProvisionedThroughputExceededException")
busy = refused("TransactionInProgressException")
FAULTS: dict[str, Fault] = {
    "throttled": [throttled] * 3,
    "throttled once": [throttled],
    "throttled by the account": [refused("ThrottlingException")] * 3,
    "internal error": [refused("InternalServerError", 500)] * 3,
    "unavailable": [refused("ServiceUnavailable", 503)] * 3,
    "bad gateway": [refused("BadGateway", 502)] * 3,
    "unreachable": [unreachable] * 3,
    "unreachable once": [unreachable],
    "answer lost": [lost],
    "all answers lost": [lost] * 3,
    "answer lost, then throttled": [lost, throttled, throttled],
    "answer lost, then unreachable": [lost, unreachable, unreachable],
}
FAULTS_OF_TRANSACTIONS: dict[str, Fault] = {
    "cancelled by throttling": [cancelled("ThrottlingError")],
    "cancelled by throughput": [cancelled("ProvisionedThroughputExceeded")],
    "conflict": [cancelled("TransactionConflict")],
    "conflict of its own": [refused("TransactionConflictException")],
    "in progress": [busy] * 3,
    "answer lost, then in progress": [lost, busy, busy],
    "answer lost, in progress once": [lost, busy],
}


@dataclass(frozen=True)
class Scene:
    """A goal of Ada's with tasks, shared with Bob; the goal may have been moved on before."""

    goal_id: str
    late_id: str
    done_id: str

    @property
    def claim(self) -> Claim:
        partition = goals.partition(ADA.user_id)
        return idempotency.claim(partition=partition, idempotency_key="once", operation="POST", request="the same")


Operation = Callable[[Scene], Any]


def moved(action: str) -> Operation:
    return lambda scene: goal_lifecycle.transition(ADA, scene.goal_id, action, claim=scene.claim)


DRAFT = GoalDraft.model_validate({"title": "Run", "start_at": "2026-01-01T00:00:00Z", "deadline": "2026-12-31"})
SOON = GoalPatch.model_validate({"deadline": "2026-12-31", "clamp_tasks": True})
WORDS = GoalPatch.model_validate({"title": "Run far", "answers": {"firstStep": "Buy shoes."}})
OPERATIONS: dict[str, Operation] = {
    "create goal": lambda scene: goal_lifecycle.create(ADA, DRAFT, claim=scene.claim),
    "patch goal": lambda scene: goal_lifecycle.patch(ADA, scene.goal_id, WORDS),
    "patch goal, clamp tasks": lambda scene: goal_lifecycle.patch(ADA, scene.goal_id, SOON),
    "pause goal": moved("pause"),
    "resume goal": moved("resume"),
    "complete goal": moved("complete"),
    "reopen goal": moved("reopen"),
    "archive goal": moved("archive"),
    "delete goal": lambda scene: goal_lifecycle.delete(ADA, scene.goal_id),
    "add task": lambda scene: task_lifecycle.add(ADA, scene.goal_id, TaskDraft(title="New"), claim=scene.claim),
    "patch task": lambda scene: task_lifecycle.patch(ADA, scene.goal_id, scene.late_id, TaskPatch(weight=7)),
    "complete task": lambda scene: task_lifecycle.complete(ADA, scene.goal_id, scene.late_id, claim=scene.claim),
    "reopen task": lambda scene: task_lifecycle.reopen(ADA, scene.goal_id, scene.done_id, claim=scene.claim),
    "delete task": lambda scene: task_lifecycle.delete(ADA, scene.goal_id, scene.done_id),
    "share": lambda scene: shares.give(ADA, scene.goal_id, BOB, ShareDraft(role="contributor")),
    "unshare": lambda scene: shares.take_back(ADA, scene.goal_id, BOB),
    "import": lambda scene: imports.run(ADA, GoalImport.model_validate(IMPORT), claim=scene.claim),
}
BEFORE = {"resume goal": "pause", "reopen goal": "complete"}


@dataclass(frozen=True)
class Stage:
    """The table, as often as wanted, in the state in which an operation finds it."""

    scene: Scene
    items: list[dict[str, Any]]
    wire: Wire

    def set(self, *, broken_call: int = 0, fault: Fault = ()) -> None:
        """Put the table back into that state, and let one of the calls from now on fail."""
        clear()
        table.put_many(self.items)
        self.wire.mend()
        self.wire.fail(broken_call, fault)

    def seen(self) -> list[str]:
        """Return what is in the table, with new ids made equal."""
        return sorted(self.plain(readable(item)) for item in everything())

    def plain(self, value: Any) -> str:
        known = json.dumps([readable(item) for item in self.items])
        return ULID.sub(lambda id_: id_[0] if id_[0] in known else f"new {id_[1]}", json.dumps(value, sort_keys=True))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client try again at once, and however often it has already done so."""
    monkeypatch.setattr(pauses, "time", SimpleNamespace(sleep=lambda _: None, monotonic=time.monotonic))
    monkeypatch.setattr(Budget, "spend", lambda *_, **__: 1)


@pytest.fixture(params=OPERATIONS)
def operation(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def stage(operation: str, aws: None, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(due_dates, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(table, "MAX_BATCH_WRITES", 12)
    travel("2026-11-20T12:00:00Z")
    for user_id in (ADA.user_id, BOB):
        pk, sk = auth.membership_key(ADA.tenant_id, user_id)
        table.put_many([{"PK": pk, "SK": sk, "entity": "Member", "role": "member"}])
    sent = {"title": "Run", "start_at": "2026-10-01T00:00:00Z", "deadline": "2027-01-31", "answers": {"positive": "I"}}
    goal_id = goal_lifecycle.create(ADA, GoalDraft.model_validate(sent))["goal_id"]
    late = TaskDraft.model_validate({"title": "Late", "due_at": "2027-01-15T00:00:00Z", "weight": 3})
    late_id, _, done_id = [task_lifecycle.add(ADA, goal_id, late)["task_id"] for _ in range(3)]
    task_lifecycle.complete(ADA, goal_id, done_id)
    shares.give(ADA, goal_id, BOB, ShareDraft(role="viewer"))
    if operation in BEFORE:
        goal_lifecycle.transition(ADA, goal_id, BEFORE[operation])
    return Stage(Scene(goal_id, late_id, done_id), everything(), Wire())


def test_a_fault_at_any_call_loses_nothing_and_doubles_nothing(operation: str, stage: Stage) -> None:
    expected = undisturbed(operation, stage)
    for name, fault in FAULTS.items():
        for call, called in enumerate(expected.calls, 1):
            disturbed(operation, stage, expected, call, fault, f"{operation}, call {call} ({called}): {name}")


def test_a_fault_of_a_transaction_loses_nothing_and_doubles_nothing(operation: str, stage: Stage) -> None:
    expected = undisturbed(operation, stage)
    for name, fault in FAULTS_OF_TRANSACTIONS.items():
        for call, called in enumerate(expected.calls, 1):
            if called == "TransactWriteItems":
                disturbed(operation, stage, expected, call, fault, f"{operation}, call {call}: {name}")


@dataclass(frozen=True)
class Undisturbed:
    calls: list[str]
    before: list[str]
    after: list[str]
    answer: str


def undisturbed(operation: str, stage: Stage) -> Undisturbed:
    stage.set()
    before = stage.seen()
    answer = OPERATIONS[operation](stage.scene)
    return Undisturbed([*stage.wire.calls], before, stage.seen(), stage.plain(answer))


def disturbed(operation: str, stage: Stage, expected: Undisturbed, call: int, fault: Fault, what: str) -> None:
    """Run an operation with a fault in it, look at what is left, and repeat it."""
    stage.set(broken_call=call, fault=fault)
    answer, refusal = outcome(operation, stage)
    clear_broken_imports(stage.scene)
    left = stage.seen()
    again, repeated = outcome(operation, stage)

    if refusal is None:
        assert (answer, left) == (expected.answer, expected.after), what
    else:
        assert isinstance(refusal, Unavailable | Conflict), what
        assert refusal.headers["Retry-After"] == "1", what
        assert left in (expected.before, expected.after) or operation == "patch goal, clamp tasks", what
    assert stage.seen() == expected.after, what
    if repeated is None:
        assert again == expected.answer, what
    else:
        assert isinstance(repeated, NotFound), what
        assert operation in {"delete goal", "delete task", "unshare"}, what


def outcome(operation: str, stage: Stage) -> tuple[str, Refusal | None]:
    try:
        return stage.plain(OPERATIONS[operation](stage.scene)), None
    except Refusal as refusal:
        return "", refusal


def clear_broken_imports(scene: Scene) -> None:
    """Do what the consumer does when an import broke off and was given up."""
    places = [item["SK"].split("#") for item in everything()]
    present = {place[1] for place in places if place[0] == "GOAL"} | {scene.goal_id}
    for goal_id in {place[1] for place in places if place[0] in {"IMPORT", "TASK"}} - present:
        remove_all(ADA.user_id, goal_id)
