"""The law of progress once more, through the operations and the table: what is stored is a recount of the history."""

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)
from moto.dynamodb.models.table import StreamShard

from functions.goals import lifecycle as goal_lifecycle
from functions.goals import reading
from functions.goals.shapes import GoalDraft, GoalPatch
from shared import ids
from shared.callers.auth import Caller
from tests.goals.histories import HISTORIES, Operations
from tests.soaking import histories, soaks


@soaks
def test_what_is_stored_equals_a_recount_of_the_whole_history(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    # moto would copy all records of the stream in every transaction.
    monkeypatch.setattr(StreamShard, "add", lambda *_: None)

    run_state_machine_as_test(
        Operations, settings=settings(HISTORIES, max_examples=histories(20, soaking=60), stateful_step_count=12)
    )


def test_a_change_of_the_title_records_what_time_alone_has_reached(aws: None, travel: Callable[[str], None]) -> None:
    travel("2026-01-01T00:00:00Z")
    caller = Caller(ids.new("user"), ids.new("tenant"), (), frozenset(), None, (), None)
    goal = goal_lifecycle.create(
        caller, GoalDraft(title="Run", deadline="2026-01-10", weights={"task": 0, "time": 100})
    )
    travel("2026-01-04T00:00:00Z")
    goal_lifecycle.patch(caller, goal["goal_id"], GoalPatch(title="Run far"))

    (recorded,) = reading.list_achievements(caller, limit=20, cursor=None)[0]
    assert (recorded["percentage"], recorded["achieved_at"]) == (25, "2026-01-03T12:00:00.000Z")
