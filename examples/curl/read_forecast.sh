#!/usr/bin/env bash
# Say when a goal will be done at its own pace, and what its chart is drawn from.
. "$(dirname "$0")/milepost.sh"
TOKEN=$(token)

book=$(python3 -c 'import json
from datetime import UTC, datetime, timedelta
now = datetime.now(UTC)
ago = lambda days: (now - timedelta(days=days)).isoformat()
added = [{"at": ago(60), "event": "task_added", "task": f"{n}", "title": f"Chapter {n}"} for n in range(10)]
completed = [{"at": ago(54 - 6 * n), "event": "task_completed", "task": f"{n}"} for n in range(8)]
print(json.dumps({"title": "Write a book", "start_at": ago(60), "history": added + completed}))')
goal=$(call POST /goals/import "$book" | field goal_id)

call GET "/goals/$goal/chart" |
  python3 -c 'import json, sys
samples = json.load(sys.stdin)["samples"]
print(len(samples), "samples, now", samples[-1]["done_weight"], "of", samples[-1]["scope_weight"])'
call GET "/goals/$goal/forecast" | show 'Even chances by {p50_at:.10}, fairly sure by {p85_at:.10}'
