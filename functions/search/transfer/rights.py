"""Whether whoever has asked for an import or an export may still do so: collections are not for guests."""

from typing import Final

from shared.callers import auth
from shared.jobs.jobs import Job
from shared.storage import table

NOT_ALLOWED: Final = "not_allowed"


def are_left(job: Job) -> bool:
    """Return whether the member who has asked for a job has not become a guest; one call.

    What a bound key has asked for is not a matter of anybody's role.
    """
    if job.bound_to is not None:
        return True
    membership = table.get(auth.membership_key(job.tenant_id, job.user_id), consistent=True)
    return membership is not None and membership.get("role") != "guest"
