"""What somebody gets who comes in: the tokens of a session in one tenant, and all the tenants they may switch to."""

from collections.abc import Sequence
from typing import TypedDict

from functions.identity.accounts.users import Account
from functions.identity.sign_in.sessions import Grant


class MembershipShown(TypedDict):
    """A tenant that an account may enter: as which user, and in which role."""

    tenant_id: str
    tenant_name: str
    user_id: str
    role: str


class Entry(Grant):
    """The tokens of a session, the tenant and the user that they are for, and the memberships of the account."""

    tenant_id: str
    user_id: str
    memberships: list[MembershipShown]


def of(grant: Grant, account: Account, open_ones: Sequence[Account]) -> Entry:
    """Return what is answered to somebody who has come in."""
    return {
        **grant,
        "tenant_id": account.tenant_id,
        "user_id": account.user_id,
        "memberships": [shown(each) for each in open_ones],
    }


def shown(account: Account) -> MembershipShown:
    """Return what is answered of an account in one of its tenants."""
    return {
        "tenant_id": account.tenant_id,
        "tenant_name": account.tenant_name,
        "user_id": account.user_id,
        "role": account.role,
    }
