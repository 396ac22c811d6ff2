"""What happens by itself after a change: whoever listens to a goal (`onGoalProgress`) is told how far it is.

After each event of a goal to which somebody may be listening, its progress is read and published by a mutation that
only this function may call; AppSync passes it on to the subscribers. An event that comes twice publishes twice, and two
may overtake each other: what is published is the progress of now, with `asOf`, so a listener keeps the newest.

Whoever may not listen any more is disconnected, by another such mutation: everybody who listens to the goals of a user
who was removed or disabled, that user themselves, and those with whom a goal is shared no more.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from functions.goals import about, goals, views
from functions.goals.about import About
from functions.goals.listening import listeners
from shared.api import casing
from shared.messaging import appsync, batches, bus
from shared.messaging.batches import Message
from shared.storage import table
from shared.storage.events import Event

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
DISCONNECT: Final = """
mutation Disconnect($whom: ListenersInput!) {
  disconnectListeners(whom: $whom)
}
"""
DEPARTURES: Final = ("identity.member.removed", "identity.member.disabled", "identity.key.revoked")
"""The events of a user, or of a service, who is no member for now."""

_UNSHARED: Final = "goals.goal.unshared"


class Departed(NamedTuple):
    """Who may not listen any more, and whose goals are not listened to any more."""

    user_id: str


class Unshared(NamedTuple):
    """Who may not listen to which goal any more."""

    goal_id: str
    user_id: str


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publish the progress of every goal that the events of a batch are of, and disconnect who may not listen.

    Answers those that failed.
    """
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> About | Departed | Unshared:
    happened: Event = bus.read(message)
    if happened.event_type in DEPARTURES:
        return Departed(happened.subject_id)
    if happened.event_type == _UNSHARED:
        return Unshared(happened.data["goal_id"], happened.data["user_id"])
    return about.about(message)


def _tell(which: About | Departed | Unshared, _messages: Sequence[Message]) -> None:
    match which:
        case About():
            _publish(which)
        case Departed(user_id):
            appsync.call(DISCONNECT, {"whom": {"departedId": user_id}})
        case Unshared(goal_id, user_id):
            appsync.call(DISCONNECT, {"whom": {"goalId": goal_id, "listenerId": user_id}})


def _publish(which: About) -> None:
    if not listeners.may_be(which.owner_id, which.goal_id):
        return
    item = table.get(goals.key(which.owner_id, which.goal_id), consistent=True)
    if item is None:
        return
    goal = goals.from_item(item)
    progress = views.goal_progress(goal, goals.present(goal))
    appsync.call(PUBLISH, {"progress": casing.camel(progress)})
