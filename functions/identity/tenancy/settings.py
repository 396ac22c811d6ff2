"""The settings of a tenant: its name, and whether it demands a second factor of everybody in it.

Whoever turns the demand on has just proved a second factor, so the way to prove one is open on this stage, and so it
is to the others: nobody is kept from signing in, nor from enrolling an authenticator. Tokens carry the demand from
when they are minted, so it holds for a session with its next refresh, after 15 minutes at the latest.
"""

from typing import Any

from functions.identity.accounts import tenants
from functions.identity.scopes import Role
from functions.identity.second_factor import second_factors
from functions.identity.tenancy import members
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import changes, events, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.writes import Put, Write, unchanged

# Who governs anybody governs at least viewers; settings are for those who govern.
_LEAST: Role = "viewer"

View = dict[str, Any]


class TenantNotFound(NotFound):
    """404: your tenant is not there."""


def get(caller: Caller) -> View:
    """Return the tenant of the caller. Raises TenantNotFound."""
    return _view(_found(table.get(tenants.key(caller.tenant_id))))


def change(caller: Caller, wanted: dict[str, Any], *, if_match: str | None, now: Instant) -> View:
    """Change `name` or `require_second_factor` and return the tenant.

    Only a person changes what is demanded, and turns it on with a second factor proved in the last five minutes.
    Raises TenantNotFound, versions.VersionChanged, members.BeyondYourRole, second_factors.SignInRequired,
    StepUpRequired.
    """
    if "require_second_factor" in wanted:
        second_factors.person(caller)

    def plan() -> Plan[View]:
        keys = [tenants.key(caller.tenant_id), auth.membership_key(caller.tenant_id, caller.user_id)]
        item, actor = table.get_many(keys, consistent=True)
        tenant = _found(item)
        versions.require(if_match, tenant["version"])
        governed = members.governing(caller, actor, _LEAST)
        before = _view(tenant)
        changed = {name: value for name, value in wanted.items() if value != before[name]}
        if not changed:
            return Plan(before)
        if changed.get("require_second_factor"):
            step_up.require_proof(caller, now=now)
        after = tenant | changed | {"version": tenant["version"] + 1}
        writes: list[Write] = [governed, Put(after, unchanged(tenant["version"])), _happened(caller, changed, now)]
        return Plan(_view(after), writes)

    return changes.make(plan)


def _found(item: Item | None) -> Item:
    if item is None:
        raise TenantNotFound("Your tenant is not there.")
    return item


def _view(tenant: Item) -> View:
    shown = {name: tenant[name] for name in ("tenant_id", "name", "created_at", "version")}
    return shown | {"require_second_factor": tenants.demands_second_factor(tenant)}


def _happened(caller: Caller, changed: dict[str, Any], at: Instant) -> Put:
    return events.occurred(
        "identity.tenant.changed",
        partition=tenants.key(caller.tenant_id).pk,
        subject_id=caller.tenant_id,
        tenant_id=caller.tenant_id,
        at=at,
        data={"by": caller.user_id, **changed},
    )
