"""Say when a goal will be done at its own pace, and what its chart is drawn from."""

from datetime import UTC, datetime, timedelta

from milepost import call

NOW = datetime.now(UTC)


def ago(days: int) -> str:
    """Return the instant so many days before now."""
    return (NOW - timedelta(days=days)).isoformat()


added = [{"at": ago(60), "event": "task_added", "task": f"{n}", "title": f"Chapter {n}"} for n in range(10)]
completed = [{"at": ago(54 - 6 * n), "event": "task_completed", "task": f"{n}"} for n in range(8)]
book = {"title": "Write a book", "start_at": ago(60), "history": added + completed}
goal = call("POST", "/goals/import", book)

chart = call("GET", f"/goals/{goal['goal_id']}/chart")
last = chart["samples"][-1]
print(f"{len(chart['samples'])} samples, now {last['done_weight']} of {last['scope_weight']}")

forecast = call("GET", f"/goals/{goal['goal_id']}/forecast")
print(f"Even chances by {forecast['p50_at'][:10]}, fairly sure by {forecast['p85_at'][:10]}")
