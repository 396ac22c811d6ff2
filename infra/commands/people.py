"""Everybody of a stage, for commands that look at all of them: the list of tenants, and the users of each."""

from collections.abc import Iterator
from typing import Final

from functions.identity.accounts import tenants as accounts
from functions.identity.api_keys import records as api_keys
from functions.identity.tenancy import members, removed_members
from shared.storage import table

_TOGETHER: Final = 100


def tenants() -> Iterator[str]:
    """Yield the ids of all tenants."""
    for shard in range(accounts.SHARDS):
        cursor: str | None = None
        while True:
            found, cursor = accounts.listed(shard, limit=_TOGETHER, cursor=cursor)
            yield from found
            if cursor is None:
                break


def who_sign_in(tenant_id: str) -> set[str]:
    """Return who has or had sessions in a tenant: members, and those who were removed."""
    return _found(tenant_id, members.PREFIX, removed_members.PREFIX)


def of_tenant(tenant_id: str) -> set[str]:
    """Return who may own something in a tenant: who signs in, and the users of services."""
    return who_sign_in(tenant_id) | of_services(tenant_id)


def of_services(tenant_id: str) -> set[str]:
    """Return the users that services act as, or did."""
    return _found(tenant_id, api_keys.PRINCIPALS)


def _found(tenant_id: str, *prefixes: str) -> set[str]:
    partition = accounts.key(tenant_id).pk
    return {item["user_id"] for prefix in prefixes for item in table.query_all(partition, prefix)}
