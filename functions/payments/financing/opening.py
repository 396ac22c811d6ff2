"""How a financing request is opened: for those who may ask for money of its project."""

from collections.abc import Collection
from typing import NamedTuple

from functions.payments import access
from functions.payments.access import Standing
from functions.payments.financing import financings
from functions.payments.financing.financings import Financing, FinancingNotFound
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.storage import table


class Opened(NamedTuple):
    """A financing request, and who the caller is in its project."""

    financing: Financing
    standing: Standing


def financing(caller: Caller, financing_id: str, *, consistent: bool = True) -> Opened:
    """Return a financing request; two calls. Raises FinancingNotFound, also for those who may not ask for money."""
    item = table.get(financings.key(caller.tenant_id, financing_id), consistent=consistent)
    if item is None:
        raise FinancingNotFound
    found = financings.from_item(item)
    standing = standings(caller, [found.project_id])[found.project_id]
    if not standing.acts:
        raise FinancingNotFound
    return Opened(found, standing)


def standings(caller: Caller, project_ids: Collection[str]) -> dict[str, Standing]:
    """Return who the caller is in each of these projects; one call."""
    projects = sorted({*project_ids})
    keys = [project_members.key(caller.tenant_id, each, caller.user_id) for each in projects]
    items = table.get_many(keys, consistent=True) if keys else []
    return {each: access.of_member(caller, item) for each, item in zip(projects, items, strict=True)}
