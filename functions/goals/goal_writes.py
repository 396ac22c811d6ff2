"""The writes that bring a goal to its next version, with everything that follows from the change."""

from functions.goals import achievements, calendar_entries, listings, points, progress
from functions.goals.goals import Goal, answers_key, counts_key, key, to_item
from shared.clock import Instant
from shared.storage.writes import ABSENT, Add, Delete, Put, Write, unchanged


def written(before: Goal | None, after: Goal, at: Instant) -> list[Write]:
    """Return the writes that bring a goal into being or to its next version, with all that follows from it."""
    after = advanced(after, at)
    if before is not None:
        after = after._replace(revised=calendar_entries.revised(before, after, at))
    writes: list[Write] = [Put(to_item(after), ABSENT if before is None else unchanged(before.version))]
    writes += listings.written(before, after)
    writes += _counted(before, after)
    if before is None:
        return writes + achievements.follow(
            after, after.ledger._replace(since=progress.NEVER, first=progress.NEVER), at
        )
    writes += points.follow(after.partition, after.goal_id, before.ledger, after.ledger)
    return writes + achievements.follow(after, before.ledger, at)


def advanced(goal: Goal, at: Instant) -> Goal:
    """Return a goal as it is written: not every change touches progress, but each records what time has reached."""
    ledger = progress.advance(goal.ledger, at)
    return goal if ledger is goal.ledger else goal._replace(ledger=ledger)


def answers_written(goal: Goal, answers: dict[str, str] | None) -> list[Write]:
    """Return the writes that store the answers of a goal, None removes them."""
    place = answers_key(goal.owner_id, goal.goal_id)
    if answers is None:
        return [Delete(place)] if goal.version > 1 else []
    return [Put({"PK": place.pk, "SK": place.sk, "entity": "Answers", "goal_id": goal.goal_id, "answers": answers})]


def removed(goal: Goal) -> list[Write]:
    """Return the writes that remove a goal for every reader; a consumer removes its tasks and shares afterwards."""
    gone = [answers_key(goal.owner_id, goal.goal_id), *achievements.keys(goal.partition, goal.goal_id)]
    writes: list[Write] = [Delete(key(goal.owner_id, goal.goal_id), unchanged(goal.version))]
    writes += [*listings.written(goal, None), *(Delete(each) for each in gone)]
    return writes + _counted(goal, None)


def _counted(before: Goal | None, after: Goal | None) -> list[Write]:
    """Return the write that keeps the counts by status, when the change touches them."""
    goal = after or before
    old, new = before and before.status, after and after.status
    if goal is None or old == new:
        return []
    changes = {f"{status}_goals": amount for status, amount in ((old, -1), (new, 1)) if status is not None}
    # How often they were changed tells whoever counts anew that they were, should they be the same afterwards.
    return [Add(counts_key(goal.owner_id), {**changes, "changes": 1})]
