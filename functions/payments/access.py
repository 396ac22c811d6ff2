"""What a caller may do with the money of a project: their scopes let them in, their roles in the project say what for.

A role that sees no amounts sees no invoices either. Callers with the scope `payments:admin` count as managers of the
money of every project of their tenant.
"""

from typing import Final, NamedTuple

from shared.callers.caller import Caller
from shared.errors import Forbidden
from shared.storage.attributes import Item

ADMIN: Final = "payments:admin"
SEES: Final = frozenset({"manager", "finance", "client"})
"""The roles in a project that see its money."""
ACTS: Final = frozenset({"manager", "finance"})
"""The roles in a project that ask for its money."""


class FinanceRequired(Forbidden):
    """403: your role in the project does not allow this."""

    def __init__(self) -> None:
        super().__init__("Your role in the project does not allow this. It takes manager or finance.")


class PersonRequired(Forbidden):
    """403: people release payments and say where they go, and no API key does."""

    def __init__(self) -> None:
        super().__init__("An API key is no person. Sign in to do this.")


class AmountsHidden(Forbidden):
    """403: your role in the project shows you no amounts."""

    def __init__(self) -> None:
        super().__init__("Your role in the project shows you no amounts. It takes manager, finance or client.")


class Standing(NamedTuple):
    """Who somebody is where the money of a project is concerned. `sees` and `acts` say what for."""

    is_member: bool
    sees: bool
    acts: bool

    def require_seeing(self) -> None:
        """Require that they see amounts of the project, which they are a member of. Raises AmountsHidden."""
        if not self.sees:
            raise AmountsHidden

    def require_acting(self) -> None:
        """Require that they may ask for money of the project. Raises FinanceRequired."""
        if not self.acts:
            raise FinanceRequired


def of_member(caller: Caller, member: Item | None) -> Standing:
    """Return who a caller is, by the item of their membership of the project."""
    roles = frozenset(member["roles"] if member is not None else ())
    is_admin = ADMIN in caller.scopes
    return Standing(is_admin or bool(roles), is_admin or bool(roles & SEES), is_admin or bool(roles & ACTS))
