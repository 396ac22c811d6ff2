"""What happens by itself after a change: whoever listens to a goal (`onGoalProgress`) is told how far it is.

Each event of a goal has its progress read and published by a mutation that only this function may call; AppSync passes
it on to the subscribers. An event that comes twice publishes twice, and two may overtake each other: what is published
is the progress of now, with `asOf`, so a listener keeps the newest.
"""

from collections.abc import Sequence
from typing import Any, Final

from functions.goals import goals, views
from functions.goals.about import About, about
from shared import appsync, batches, casing, table
from shared.batches import Message

# Subscribers get those fields that are selected here, and no others.
PUBLISH: Final = """
mutation Publish($progress: GoalProgressInput!) {
  publishGoalProgress(progress: $progress) {
    goalId progressPercentage progressText taskProgress taskProgressText timeProgress timeProgressText
    completedTasks totalTasks pace paceText isOverdue isUrgent isOnTrack
    milestones {
      id name percentage description
      achieved achievedAt achievedText firstAchievedAt firstAchievedText predictedAt predictedText
    }
    asOf lastUpdated
  }
}
"""


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publish the progress of every goal that the events of a batch are of; answers those that failed."""
    return batches.per_subject(event, about, _publish)


def _publish(which: About, _messages: Sequence[Message]) -> None:
    item = table.get(goals.key(which.owner_id, which.goal_id), consistent=True)
    if item is None:
        return
    goal = goals.from_item(item)
    progress = views.goal_progress(goal, goals.present(goal))
    appsync.call(PUBLISH, {"progress": casing.camel(progress)})
