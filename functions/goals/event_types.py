"""The events of goals. Their order is told by `goal_version`, which every change of a goal or of its tasks raises."""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType


class GoalChanged(EventData):
    """Which goal it is."""

    goal_id: str
    owner_id: str = Field(description="The user whose goal it is.")
    goal_version: int = Field(ge=1, description="The version of the goal after the change.")


class GoalOverdue(GoalChanged):
    """Which deadline has passed."""

    deadline: str = Field(description="The last day that was in time.")
    ended_at: str = Field(description="RFC 3339: the first instant after that day in the time zone of the goal.")


class GoalShared(GoalChanged):
    """With whom a goal is shared, and as what."""

    user_id: str
    role: str


class GoalUnshared(GoalChanged):
    """With whom a goal is shared no more."""

    user_id: str


class TaskChanged(GoalChanged):
    """Which task it is."""

    task_id: str


class MilestoneChanged(GoalChanged):
    """Which derived milestone it is."""

    milestone_id: str
    percentage: int = Field(description="The threshold: 25, 50, 75 or 100.")


class MilestoneAchieved(MilestoneChanged):
    """When a milestone was reached for the first time."""

    achieved_at: str = Field(description="RFC 3339; by time alone it may be earlier than the event.")


class MilestoneLost(MilestoneChanged):
    """When a milestone that had been reached no longer was."""

    lost_at: str = Field(description="RFC 3339.")


EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "goals.goal.created": EventType(GoalChanged, "A goal was set."),
    "goals.goal.imported": EventType(GoalChanged, "A goal was brought along with its history."),
    "goals.goal.updated": EventType(GoalChanged, "Something of a goal was changed: its title, deadline, answers."),
    "goals.goal.paused": EventType(GoalChanged, "A goal was paused."),
    "goals.goal.resumed": EventType(GoalChanged, "A paused goal was taken up again."),
    "goals.goal.completed": EventType(GoalChanged, "A goal was declared complete."),
    "goals.goal.reopened": EventType(GoalChanged, "A completed or archived goal was opened again."),
    "goals.goal.archived": EventType(GoalChanged, "A goal was archived."),
    "goals.goal.deleted": EventType(GoalChanged, "A goal is gone, with its tasks and achievements."),
    "goals.goal.overdue": EventType(GoalOverdue, "A goal is active after its deadline; once for each deadline."),
    "goals.goal.shared": EventType(GoalShared, "Somebody may see a goal, or may do more or less with it than before."),
    "goals.goal.unshared": EventType(GoalUnshared, "Somebody may not see a goal any more."),
    "goals.task.added": EventType(TaskChanged, "A goal got a task."),
    "goals.task.updated": EventType(TaskChanged, "Something of a task was changed that is no completion."),
    "goals.task.completed": EventType(TaskChanged, "A task was completed."),
    "goals.task.reopened": EventType(TaskChanged, "A completed or cancelled task is open again."),
    "goals.task.cancelled": EventType(TaskChanged, "A task was cancelled; it counts no more."),
    "goals.task.deleted": EventType(TaskChanged, "A task is gone."),
    "goals.task.clamped": EventType(GoalChanged, "Due dates were brought forward to an earlier deadline."),
    "goals.milestone.achieved": EventType(MilestoneAchieved, "A derived milestone was reached for the first time."),
    "goals.milestone.lost": EventType(MilestoneLost, "A derived milestone that had been reached is not any more."),
}
