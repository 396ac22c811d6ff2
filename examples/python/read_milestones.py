"""Say which milestones of a goal are reached, which time alone will reach, and what was reached lately."""

from milepost import call

half_done = {"title": "Learn Italian", "start_at": "2026-01-01T00:00:00Z", "deadline": "2035-12-31"}
goal = call("POST", "/goals", {**half_done, "weights": {"task": 50, "time": 50}})
task = call("POST", f"/goals/{goal['goal_id']}/tasks", {"title": "First course"})
call("POST", f"/goals/{goal['goal_id']}/tasks", {"title": "Second course"})
call("POST", f"/goals/{goal['goal_id']}/tasks/{task['task_id']}/complete")

for milestone in call("GET", f"/goals/{goal['goal_id']}/progress")["milestones"]:
    reached, predicted = milestone["achieved_at"], milestone["predicted_at"]
    print(f"{milestone['name']}: reached {reached}, predicted {predicted}")

latest = call("GET", "/milestone-achievements?limit=1")["items"][0]
print(f"Latest: {latest['name']} of {latest['goal_title']}")
