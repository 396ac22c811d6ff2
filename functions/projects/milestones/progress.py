"""How far a milestone is by what its progress follows. Pure."""

from functions.projects.milestones.milestones import ProjectMilestone

MOST_BY_HOURS = 99
"""Hours that are worked prove nothing: what they make complete is completed by somebody."""


def followed(milestone: ProjectMilestone) -> ProjectMilestone:
    """Return the milestone with the progress of its checklist or its hours, if that is where it comes from."""
    criteria = milestone.completion_criteria
    if milestone.progress_source == "checklist" and criteria:
        done = len(criteria) - len(milestone.open_criteria)
        return milestone._replace(progress=100 * done // len(criteria))
    if milestone.progress_source == "hours" and milestone.estimated_hours:
        worked = 100 * (milestone.actual_hours or 0) // milestone.estimated_hours
        return milestone._replace(progress=min(worked, MOST_BY_HOURS))
    return milestone
