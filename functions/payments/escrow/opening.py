"""What is read of a project for its deposits: who the caller is there, and the account that holds them."""

from functions.payments import access
from functions.payments.access import Standing
from functions.payments.ledger import accounts
from shared import ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.storage import table
from shared.storage.attributes import Item


def project(caller: Caller, project_id: str) -> tuple[Standing, Item]:
    """Return who the caller is in a project, and its item; one read. Raises ProjectNotFound."""
    if not ids.is_valid(project_id, project_members.ID):
        raise ProjectNotFound
    places = [
        project_members.project_key(caller.tenant_id, project_id),
        project_members.key(caller.tenant_id, project_id, caller.user_id),
    ]
    found, member = table.get_many(places, consistent=True)
    standing = access.of_member(caller, member)
    if found is None or not standing.is_member:
        raise ProjectNotFound
    return standing, found


def account(tenant_id: str, project_id: str, currency: str) -> Item:
    """Return the item of the account of a project, empty if nothing was ever deposited; one read."""
    return (
        table.get(accounts.key(tenant_id, currency, accounts.of_project("escrow", project_id)), consistent=True) or {}
    )
