"""Complete a task so that a repeated request changes nothing."""

import uuid

from milepost import call

goal = call("POST", "/goals", {"title": "Run a marathon"})
task = call("POST", f"/goals/{goal['goal_id']}/tasks", {"title": "Buy shoes"})

# The same key is the same request: the second answer is that of the first, and there was one effect.
key = str(uuid.uuid4())
first = call("POST", f"/goals/{goal['goal_id']}/tasks/{task['task_id']}/complete", idempotency_key=key)
again = call("POST", f"/goals/{goal['goal_id']}/tasks/{task['task_id']}/complete", idempotency_key=key)
print(f"{first['title']} completed at {first['completed_at']}")
print(f"{again['title']} completed at {again['completed_at']}")
