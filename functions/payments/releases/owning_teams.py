"""The teams that own a milestone: nobody in one of them releases its payment, and their approvals count as an owner's.

The gate names them. Who is in them now is checked in the transaction, which takes no call.
"""

from typing import Final

from functions.payments.releases.entitlement import SeparationOfPayment
from functions.payments.releases.opening import Opened
from shared import ids
from shared.callers import project_members
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.table import ConditionFailed
from shared.storage.writes import Check, Condition

_NOT_IN_IT: Final = "attribute_not_exists(#people) OR NOT contains(#people, :person)"
"""Also for a team that is gone."""


def checks(opened: Opened, user_id: str) -> list[Check]:
    """Return the checks that somebody is in none of the teams that own the milestone of a payment."""
    outside = Condition(_NOT_IN_IT, {"#people": "people"}, {":person": user_id})
    return [Check(each, outside) for each in _keys(opened)]


def refuse(failure: ConditionFailed) -> None:
    """Raise SeparationOfPayment if a transaction has failed because its caller is in one of the teams."""
    if any(
        isinstance(write, Check) and write.key.sk.startswith(project_members.TEAM_PREFIX) for write in failure.writes
    ):
        raise SeparationOfPayment


def without(opened: Opened, people: set[str]) -> set[str]:
    """Return those people who are in none of the teams; one call if teams own the milestone."""
    teams = _keys(opened) if people else []
    items = table.get_many(teams, consistent=True) if teams else []
    return people - {each for item in items if item is not None for each in item["people"]}


def _keys(opened: Opened) -> list[Key]:
    tenant_id, project_id = opened.payment.tenant_id, opened.payment.project_id
    teams = [each for each in opened.gate.secondary_owners if ids.is_valid(each, project_members.TEAM)]
    return [project_members.team_key(tenant_id, project_id, each) for each in teams]
