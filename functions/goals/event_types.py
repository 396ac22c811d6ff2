"""The events of goals. Their order is told by `goal_version`, which every change of a goal or of its tasks raises."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from pydantic import Field

from shared.messaging.event_data import EventData, EventType, SubjectState


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


class MilestoneRegained(MilestoneChanged):
    """When a milestone that had been lost was reached again."""

    regained_at: str = Field(description="RFC 3339; by time alone it may be earlier than the event.")


class MilestoneLost(MilestoneChanged):
    """When a milestone that had been reached no longer was."""

    lost_at: str = Field(description="RFC 3339.")


class GoalState(SubjectState):
    """The goal after the event; the same as a later event of the same version has."""

    status: str = Field(description="`active`, `paused`, `completed`, `archived`, or `deleted`.")
    category: str | None = None
    start_at: str = Field(description="RFC 3339, as the next two.")
    end_at: str | None = Field(default=None, description="The first instant after the deadline.")
    all_done_at: str | None = Field(default=None, description="When 100 % was reached for the first time.")
    completed_tasks: int
    total_tasks: int
    done_weight: int
    counted_weight: int
    progress: int = Field(
        default=0, description="In whole percent, rounded down, when it was last changed or reached a threshold."
    )


_published = partial(EventType, state=GoalState, is_published=True)

EVENT_TYPES: Final[Mapping[str, EventType]] = {
    "goals.goal.created": _published(GoalChanged, "A goal was set."),
    "goals.goal.imported": _published(GoalChanged, "A goal was brought along with its history.", is_audited=True),
    "goals.goal.updated": _published(GoalChanged, "Something of a goal was changed: its title, deadline, answers."),
    "goals.goal.paused": _published(GoalChanged, "A goal was paused."),
    "goals.goal.resumed": _published(GoalChanged, "A paused goal was taken up again."),
    "goals.goal.completed": _published(GoalChanged, "A goal was declared complete.", is_audited=True),
    "goals.goal.reopened": _published(GoalChanged, "A completed or archived goal was opened again."),
    "goals.goal.archived": _published(GoalChanged, "A goal was archived."),
    "goals.goal.deleted": _published(GoalChanged, "A goal is gone, with its tasks and achievements.", is_audited=True),
    "goals.goal.overdue": _published(GoalOverdue, "A goal is active after its deadline; once for each deadline."),
    "goals.goal.stated": EventType(
        GoalChanged, "Nothing happened: an operator had said how a goal is.", state=GoalState
    ),
    "goals.goal.shared": _published(
        GoalShared, "Somebody may see a goal, or may do more or less with it than before.", is_audited=True
    ),
    "goals.goal.unshared": _published(GoalUnshared, "Somebody may not see a goal any more.", is_audited=True),
    "goals.task.added": _published(TaskChanged, "A goal got a task."),
    "goals.task.updated": _published(TaskChanged, "Something of a task was changed that is no completion."),
    "goals.task.completed": _published(TaskChanged, "A task was completed."),
    "goals.task.reopened": _published(TaskChanged, "A completed or cancelled task is open again."),
    "goals.task.cancelled": _published(TaskChanged, "A task was cancelled; it counts no more."),
    "goals.task.deleted": _published(TaskChanged, "A task is gone."),
    "goals.task.clamped": _published(GoalChanged, "Due dates were brought forward to an earlier deadline."),
    "goals.milestone.achieved": _published(MilestoneAchieved, "A derived milestone was reached for the first time."),
    "goals.milestone.regained": _published(
        MilestoneRegained, "A derived milestone that had been lost was reached again."
    ),
    "goals.milestone.lost": _published(MilestoneLost, "A derived milestone that had been reached is not any more."),
}
