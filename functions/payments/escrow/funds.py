"""What payments of a project are made from: out of its deposits alone if the project says so, and else not.

That is the option `escrow` of the project, which projects writes and payments reads and checks (decision 0133).
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.payments.ledger import accounts
from shared.callers import project_members
from shared.storage.attributes import Item, Key
from shared.storage.writes import Check, Condition

OPTION: Final = "escrow"


class Funds(NamedTuple):
    """Whether a project pays out of its deposits, and what is left of them without what is on its way out."""

    is_escrow: bool
    available_minor_units: int = 0

    def cover(self, amount_minor_units: int) -> bool:
        """Return whether a payment of this amount can be made from them, which each can without escrow."""
        return not self.is_escrow or self.available_minor_units >= amount_minor_units


def keys(tenant_id: str, project_id: str, currency: str) -> list[Key]:
    """Return the keys of what says so: of the project, and of its account."""
    return [project_members.project_key(tenant_id, project_id), _account(tenant_id, project_id, currency)]


def of(items: Sequence[Item | None]) -> Funds:
    """Return what the items of these keys say; nothing is held for a project without an account."""
    project, account = ((item or {}) for item in items)
    return Funds(project.get(OPTION, False), account.get(accounts.AVAILABLE, 0))


def still(tenant_id: str, project_id: str, funds: Funds) -> Check:
    """Return the check that a project still has the option as it was read."""
    unset = "" if funds.is_escrow else "attribute_not_exists(#option) OR "
    condition = Condition(f"{unset}#option = :set", {"#option": OPTION}, {":set": funds.is_escrow})
    return Check(project_members.project_key(tenant_id, project_id), condition)


def still_lacking(tenant_id: str, project_id: str, currency: str, amount_minor_units: int) -> Check:
    """Return the check that the deposits of a project still do not cover an amount."""
    return Check(_account(tenant_id, project_id, currency), accounts.lacking(amount_minor_units))


def _account(tenant_id: str, project_id: str, currency: str) -> Key:
    return accounts.key(tenant_id, currency, accounts.of_project("escrow", project_id))
