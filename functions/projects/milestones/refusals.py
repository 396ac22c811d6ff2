"""Why a milestone is not created, changed or deleted."""

from collections.abc import Mapping
from typing import Any

from functions.projects.milestones import milestones
from shared.errors import Conflict


class TooManyMilestones(Conflict):
    """409: a project has 2,000 milestones at most."""

    def __init__(self) -> None:
        super().__init__(f"A project has {milestones.MOST:,} milestones at most.")


class MilestoneFinal(Conflict):
    """409: an approved or cancelled milestone stays as it is."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The milestone is {status} and stays as it is.")


class SubjectFrozen(Conflict):
    """409: from completion on, amount, criteria, acceptance and evidence stay as they were agreed and reviewed."""

    def __init__(self) -> None:
        super().__init__("Amount, criteria, acceptance and reviewed evidence stay as they are from completion on.")


class EvidenceKept(Conflict):
    """409: a milestone with evidence is not deleted."""

    def __init__(self) -> None:
        super().__init__("The milestone has evidence. Delete that first; what is verified stays, and so does this.")


class EscalationsKept(Conflict):
    """409: a milestone that was escalated is not deleted."""

    def __init__(self) -> None:
        super().__init__("The milestone was escalated. What was done about it stays, and so does the milestone.")


class DependantsExist(Conflict):
    """409: other milestones depend on this one; `dependants` are their ids."""

    def __init__(self, dependants: list[str]) -> None:
        super().__init__("Other milestones depend on this one. Remove their dependencies first.")
        self._dependants = dependants

    @property
    def members(self) -> Mapping[str, Any]:
        """The milestones that depend on this one."""
        return {"dependants": self._dependants}


class UnderReview(Conflict):
    """409: while layers decide on the milestone, what they see stays."""

    def __init__(self) -> None:
        super().__init__(
            "The milestone is under review. Recall it first to change amount, criteria, acceptance or evidence."
        )


class MilestoneNotDeletable(Conflict):
    """409: only drafts and cancelled milestones are deleted."""

    def __init__(self, status: str) -> None:
        super().__init__(f"The milestone is {status}. Only drafts and cancelled milestones are deleted.")
