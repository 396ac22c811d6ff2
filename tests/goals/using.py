"""Every operation on goals used once, as those do who compare what the table is asked with what its document says."""

from functions.goals.listening import consumers as listening_consumers
from functions.goals.removal import consumers as removal_consumers
from functions.goals.schedules import consumers as goal_schedule_consumers
from functions.goals.schedules import schedules as goal_schedules
from shared.storage import events, table
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.jobs.working import asks, does, message, shown
from tests.goals.jobs.working import rows as rows_of_job
from tests.goals.links.looking import looks, makes_link
from tests.goals.people import Person
from tests.goals.removals import remove_all
from tests.goals.transfer.carrying import begun


def work(ada: Person, bob: Person) -> None:
    described = {"category": "health", "tags": ["running"], "answers": {"firstStep": "Buy shoes."}}
    goal = ada.sets_goal(**described, start_at="2026-01-01T00:00:00Z", deadline="2030-12-31")
    goal_id = goal["goal_id"]
    task = ada.adds_task(goal_id, due_at="2030-12-31T00:00:00Z")
    path = f"/goals/{goal_id}"
    ada.post(f"{path}/tasks/{task['task_id']}/complete", key="completing")
    ada.put(f"{path}/shares/{bob.user_id}", {"role": "contributor"})
    goal_schedules.look(ada.user_id, goal_id)
    ada.patch(path, {"deadline": "2030-06-30"})
    for listed in ("/goals", "/goals/progress", "/milestone-achievements", f"{path}/tasks", f"{path}/shares"):
        ada.get(listed)
    for which in ("status=active", "category=health", "tag=running"):
        for order in ("-created", "deadline"):
            ada.get("/goals", f"{which}&sort={order}")
    for read in ("", "/progress", "/milestones", f"/tasks/{task['task_id']}"):
        ada.get(f"{path}{read}")
        bob.get(f"{path}{read}")
    bob.get("/goals/shared")
    bob.post("/goals/check", {"rows": [{"goal_id": goal_id, "task": {"title": "Run"}}]})
    ada.ask("activeGoalsCount", {})
    hear(ada, goal_id)
    ada.delete(f"{path}/shares/{bob.user_id}")
    show(ada, goal_id)
    ada.post("/goals/import", {"title": "Import", "start_at": "2026-01-01T00:00:00Z", "history": []}, key="importing")
    ada.post(f"/goals/restore/{begun(ada)}/finish", {"task_count": 1})
    have_done(ada)
    ada.delete(path)
    remove_all(ada.user_id, goal_id)
    for sweeping in (removal_consumers.handler, goal_schedule_consumers.handler):
        sweeping({"action": "sweep", "shard": 0}, Context())


def have_done(ada: Person) -> None:
    job_id = ada.post("/goals/export-jobs").body["job_id"]
    does(batch([message(ada, job_id, "goals.export")]))
    shown(ada, job_id)
    rows_of_job(ada, job_id)
    asks(ada, "GET", "")


def hear(ada: Person, goal_id: str) -> None:
    stored = [events.stored(item) for item in table.query_all(f"USER#{ada.user_id}", events.prefix(goal_id))]
    listening_consumers.handler(delivered(stored), Context())
    ada.ask("onGoalProgress", {"goalId": goal_id})


def show(ada: Person, goal_id: str) -> None:
    task = ada.adds_task(goal_id, due_at="2030-01-31T00:00:00Z")
    for link in (makes_link(ada, goal_id=goal_id), makes_link(ada)):
        looks(link)
        ada.delete(f"/links/{link['link_id']}")
    ada.get("/links")
    ada.completes(task)
