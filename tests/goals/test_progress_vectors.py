"""The vectors of the rules: every number of `progress-vectors.json`, to the millisecond."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from functions.goals import deadline, progress
from shared import clock

VECTORS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "progress-vectors.json").read_text())


def ledger_of(vector: dict[str, Any]) -> progress.Ledger:
    """Open the goal at its start and give it the tasks of the vector in that instant."""
    start = clock.from_rfc3339(vector["start_at"])
    end = deadline.end_of(date.fromisoformat(vector["deadline"]), "UTC") if vector["deadline"] else None
    counted = [task for task in vector["tasks"] if task["status"] in {"active", "paused", "completed"}]
    completed = [task for task in counted if task["status"] == "completed"]
    opened = progress.open_ledger(start=start, end=end, task_share=vector["weights"]["task"], opened_at=start)
    return progress.change(
        opened,
        start,
        done_weight=sum(task.get("weight", 1) for task in completed),
        counted_weight=sum(task.get("weight", 1) for task in counted),
        completed_tasks=len(completed),
        total_tasks=len(counted),
    )


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_progress_is_what_the_vector_says(vector: dict[str, Any]) -> None:
    now = clock.from_rfc3339(vector["now"])
    ledger = progress.advance(ledger_of(vector), now)
    time = progress.time_progress(ledger, now)

    expect = vector["expect"]
    assert progress.percent(progress.task_progress(ledger)) == expect["task_progress"]
    assert (None if time is None else progress.percent(time)) == expect["time_progress"]
    assert progress.percent(progress.hybrid(ledger, now)) == expect["progress_percentage"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_milestones_are_reached_and_predicted_as_the_vector_says(vector: dict[str, Any]) -> None:
    ledger = progress.advance(ledger_of(vector), clock.from_rfc3339(vector["now"]))
    achieved = [t for t, since in zip(progress.THRESHOLDS, ledger.since, strict=True) if since is not None]
    predicted = {
        str(threshold): None if (at := progress.predicted_at(ledger, index)) is None else clock.to_rfc3339(at)
        for index, threshold in enumerate(progress.THRESHOLDS)
        if threshold not in achieved
    }

    assert achieved == vector["expect"]["achieved"]
    assert predicted == vector["expect"]["predicted_at"]
