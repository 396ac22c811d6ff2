"""Track two milestones of a project, one of which waits for the other."""

import uuid

from milepost import call

project = f"apollo-{uuid.uuid4()}"
tvl = {"project_id": project, "kpi_id": "tvl", "target": 1_000_000, "timeframe_to": "2030-12-31"}
users = {"project_id": project, "kpi_id": "users", "target": 500, "milestone_index": 1}
first = call("POST", "/milestones", tvl)
second = call("POST", "/milestones", users)
waiting = call("POST", f"/milestones/{second['milestone_uid']}/dependencies", {"depends_on": first["milestone_uid"]})
print(f"{waiting['kpi_id']} waits for {waiting['blocked_by'][0]}")

progress = call("GET", f"/projects/{project}/progress")
completed, due = progress["counts"]["completed"], progress["next_due"]["timeframe_to"]
print(f"{completed} of {progress['total']} completed, next due {due}")
