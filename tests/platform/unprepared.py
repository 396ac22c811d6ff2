"""What the owner of the tenant is told where something must have happened before."""

UNPREPARED = {
    "GET /api/v1/auth/google": "GoogleSignInNotConfigured",
    "GET /api/v1/auth/google/callback": "InvalidInput",
    "GET /api/v1/shared/badge.svg": "InvalidInput",
    "GET /api/v1/shared/calendar.ics": "InvalidInput",
    "GET /api/v1/shared/chart.svg": "InvalidInput",
    "POST /api/v1/auth/invitation": "InvitationNotValid",
    "POST /api/v1/auth/login/otp": "InvalidMfaToken",
    "POST /api/v1/auth/otp/confirm": "SecondFactorNotFound",
    "POST /api/v1/auth/phone/confirm": "WrongCode",
    "POST /api/v1/auth/refresh": "InvalidRefreshToken",
    "POST /api/v1/auth/register": "EmailTaken",
    "POST /api/v1/auth/verify": "WrongCode",
    "DELETE /api/v1/auth/otp": "SecondFactorNotFound",
    "DELETE /api/v1/auth/phone": "PhoneNotFound",
    "POST /api/v1/goals/{goal_id}/reopen": "TransitionNotAllowed",
    "POST /api/v1/goals/{goal_id}/resume": "TransitionNotAllowed",
    "POST /api/v1/goals/restore/{goal_id}/finish": "GoalNotFound",
    "POST /api/v1/goals/restore/{goal_id}/tasks": "GoalNotFound",
    "POST /api/v1/milestones/webhooks/milestone-complete": "WebhookNotVerified",
    "POST /api/v1/milestones/{milestone_uid}/dependencies": "InvalidInput",
    "Mutation.addMilestoneDependency": "InvalidInput",
    "Mutation.finishRestore": "GoalNotFound",
    "Mutation.reopenGoal": "TransitionNotAllowed",
    "Mutation.restoreTasks": "GoalNotFound",
    "Mutation.resumeGoal": "TransitionNotAllowed",
}
"""What the owner is told where something must have happened before, which the tests of each of them make happen."""


def unprepared(what: object) -> str | None:
    """Return what the owner of the tenant is told, who is active and so has no orphaned goals."""
    if "rphaned" in str(what):
        return "OwnerIsActive" if str(what).endswith(("{owner_id}", "orphanedGoals")) else "GoalNotFound"
    return UNPREPARED.get(str(what))
