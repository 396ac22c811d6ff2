"""Whether who asked for an import may still write leads: an import runs without a credential, for hours if need be."""

from typing import Final

from shared.callers import auth
from shared.jobs.jobs import Job
from shared.storage import table

NOT_ALLOWED: Final = "not_allowed"
"""Why a job has failed whose owner may not write leads any more."""
WRITERS: Final = frozenset({"owner", "admin"})
"""The roles that hold `audience:write`."""


def may_write(job: Job) -> bool:
    """Return whether the owner of a job is a member of its tenant, with a role that may write leads."""
    membership = table.get(auth.membership_key(job.tenant_id, job.user_id), consistent=True)
    return auth.is_member(membership) and membership is not None and membership.get("role") in WRITERS
