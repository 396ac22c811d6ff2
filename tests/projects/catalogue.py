"""What projects tell the tests that hold for every context."""

CASES = 300
_MILESTONE = "/api/v1/project-milestones/{project_milestone_id}"
UNPREPARED = {
    # The milestone of the tenants is in progress, and belongs to the owner of the tenant.
    "DELETE /api/v1/projects/{project_id}": "ProjectNotEmpty",
    "POST /api/v1/projects/{project_id}/complete": "MilestonesOpen",
    "POST /api/v1/projects/{project_id}/reopen": "ProjectStatusNotPossible",
    "POST /api/v1/projects/{project_id}/archive": "ProjectStatusNotPossible",
    "DELETE /api/v1/projects/{project_id}/members/{user_id}": "ProjectMemberNotFound",
    f"DELETE {_MILESTONE}": "MilestoneNotDeletable",
    f"POST {_MILESTONE}/activate": "TransitionNotAllowed",
    f"POST {_MILESTONE}/start": "TransitionNotAllowed",
    f"POST {_MILESTONE}/accept": "TransitionNotAllowed",
    f"POST {_MILESTONE}/refuse": "TransitionNotAllowed",
    f"POST {_MILESTONE}/rework": "TransitionNotAllowed",
    f"POST {_MILESTONE}/owners": "InvalidInput",
    f"POST {_MILESTONE}/owners/accept": "OwnershipNotAssigned",
    f"POST {_MILESTONE}/owners/decline": "OwnershipNotAssigned",
    f"POST {_MILESTONE}/owners/transfer": "InvalidInput",
    f"DELETE {_MILESTONE}/owners/{{user_id}}": "MilestoneOwnerNotFound",
}
