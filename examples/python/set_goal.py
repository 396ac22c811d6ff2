"""Set a goal and the tasks that lead to it."""

from milepost import call

goal = call("POST", "/goals", {"title": "Run a marathon", "deadline": "2030-09-29", "time_zone": "Europe/Berlin"})
for title, weight in [("Buy shoes", 1), ("Run 10 km", 3), ("Run 30 km", 6)]:
    task = call("POST", f"/goals/{goal['goal_id']}/tasks", {"title": title, "weight": weight})
    print(f"{task['title']}, weight {task['weight']}")

progress = call("GET", f"/goals/{goal['goal_id']}/progress")
print(f"{progress['completed_tasks']} of {progress['total_tasks']} tasks of {goal['title']}")
