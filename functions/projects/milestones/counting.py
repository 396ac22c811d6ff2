"""What a milestone adds to the totals of its project. Pure."""

from functions.projects import totals
from functions.projects.milestones import transition
from functions.projects.milestones.milestones import ProjectMilestone


def of(milestone: ProjectMilestone) -> dict[str, int]:
    """Return the counters of one milestone; what is cancelled has no weight."""
    weight = 0 if milestone.status == "cancelled" else milestone.weight
    return {
        "milestones": 1,
        "open": int(milestone.status not in transition.FINAL),
        "amounts": int(milestone.amount_minor_units is not None),
        "weight": weight,
        "weighted_progress": weight * milestone.progress,
        f"{totals.STATUS}{milestone.status}": 1,
    }


def change(before: ProjectMilestone | None, after: ProjectMilestone | None) -> dict[str, int]:
    """Return by how much the totals change when a milestone appears, changes or goes."""
    old = of(before) if before is not None else {}
    new = of(after) if after is not None else {}
    return {name: new.get(name, 0) - old.get(name, 0) for name in {**old, **new}}
