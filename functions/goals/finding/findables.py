"""What search is told of a goal and of a task: their texts, and that whoever may open the goal sees them.

Achievements have no titles of their own, so they are found by their goals.
"""

from typing import Final

from functions.goals import goals
from functions.goals.goals import Goal
from functions.goals.sharing import shares
from functions.goals.tasks import tasks
from functions.goals.tasks.tasks import Task
from shared.messaging import search_feed
from shared.messaging.search_feed import CALLER, Fed, Findable, Grant, Needed, Text

SCOPE: Final = "goals:read"
_TITLES: Final = (Text("title"),)


def of_goal(goal: Goal) -> Fed:
    """Return what search is told of a goal."""
    findable = Findable(
        tenant_id=goal.tenant_id,
        ref=goal.goal_id,
        type="goal",
        id=goal.goal_id,
        scope=SCOPE,
        sources=[Needed(*goals.key(goal.owner_id, goal.goal_id))],
        grants=_grants(goal),
        titles=_TITLES,
        texts=[Text("description"), Text("category"), Text("tags")],
        url=_url(goal),
    )
    return search_feed.fed(findable, goal.version, [goals.to_item(goal)])


def of_task(goal: Goal, task: Task) -> Fed:
    """Return what search is told of a task of a goal."""
    task_key, goal_key = tasks.key(goal.owner_id, goal.goal_id, task.task_id), goals.key(goal.owner_id, goal.goal_id)
    findable = Findable(
        tenant_id=goal.tenant_id,
        ref=task.task_id,
        type="task",
        id=task.task_id,
        scope=SCOPE,
        sources=[Needed(*task_key), Needed(*goal_key)],
        grants=_grants(goal),
        titles=_TITLES,
        texts=[Text("tags")],
        url=_url(goal),
        parent={"type": "goal", "id": goal.goal_id},
    )
    return search_feed.fed(findable, task.version, [tasks.to_item(task), goals.to_item(goal)])


def _grants(goal: Goal) -> list[Grant]:
    """Return that a goal is seen by its owner, and by whom it is shared with as long as its owner is a member."""
    caller, owner = search_feed.member(goal.tenant_id), search_feed.member(goal.tenant_id, goal.owner_id)
    goal_key = goals.key(goal.owner_id, goal.goal_id)
    is_owner = Needed(*goal_key, {"owner_id": [CALLER], "tenant_id": [goal.tenant_id]})
    share = Needed(*shares.key(CALLER, goal.goal_id), {"owner_id": [goal.owner_id]})
    return [
        Grant([f"user:{goal.owner_id}"], [is_owner, caller]),
        Grant([f"goal:{goal.goal_id}"], [share, owner, caller]),
    ]


def _url(goal: Goal) -> str:
    return f"#/goals/{goal.goal_id}"
