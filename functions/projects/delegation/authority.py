"""By what somebody decides in the place of another: a delegation that is in force at that moment.

It is judged by the clock of the decision, and checked in its transaction; no timer ends it.
"""

from collections.abc import Sequence

from shared import ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Forbidden
from shared.storage import table
from shared.teamwork import delegations
from shared.teamwork.delegations import Delegation


class DelegationNotInForce(Forbidden):
    """403: nothing lets you act for this user here and now."""

    def __init__(self) -> None:
        super().__init__(
            "No delegation lets you do this for that user now. It has ended or was revoked, or does not cover this."
        )


def given_to(caller: Caller, principal_id: str, now: Instant) -> list[Delegation]:
    """Return what lets the caller act for somebody at an instant; one read. Raises DelegationNotInForce for nothing."""
    if principal_id == caller.user_id or not ids.is_valid(principal_id, "user"):
        raise DelegationNotInForce
    item = table.get(delegations.head_key(principal_id), consistent=True)
    found = [
        each
        for each in delegations.head_of(principal_id, item).delegations
        if each.delegate_id == caller.user_id and each.tenant_id == caller.tenant_id and each.is_in_force(now)
    ]
    if not found:
        raise DelegationNotInForce
    return found


def covering(
    found: Sequence[Delegation], permission: delegations.Permission, project_id: str, milestone_id: str
) -> Delegation:
    """Return the first delegation by which this may be done at a milestone. Raises DelegationNotInForce."""
    for each in found:
        if permission in each.permissions and each.covers(project_id, milestone_id):
            return each
    raise DelegationNotInForce
