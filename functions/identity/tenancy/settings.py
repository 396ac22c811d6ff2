"""The settings of a tenant: its name, what every context goes by, and whether everybody needs a second factor.

Whoever turns the demand on has just proved a second factor, so the way to prove one is open on this stage, and so it
is to the others: nobody is kept from signing in, nor from enrolling an authenticator. Tokens carry the demand from
when they are minted, so it holds for a session with its next refresh, after 15 minutes at the latest.
"""

from typing import Any

from functions.identity import happenings
from functions.identity.accounts import memberships, tenants
from functions.identity.accounts.tenants import Tenant
from functions.identity.scopes import Role
from functions.identity.second_factor import second_factors
from functions.identity.tenancy import members
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan

# Who governs anybody governs at least viewers; settings are for those who govern.
_LEAST: Role = "viewer"

View = dict[str, Any]


class TenantNotFound(NotFound):
    """404: your tenant is not there."""


def get(caller: Caller) -> View:
    """Return the tenant of the caller. Raises TenantNotFound."""
    return _view(_found(table.get(tenants.key(caller.tenant_id))))


def change(caller: Caller, wanted: dict[str, Any], *, if_match: str | None, now: Instant) -> View:
    """Change what is wanted of a tenant and return it; `None` clears what may be not set.

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
        versions.require(if_match, tenant.version)
        governed = members.governing(caller, memberships.found(actor), _LEAST)
        after = tenant._replace(**wanted)
        if after == tenant:
            return Plan(_view(tenant))
        if after.require_second_factor and not tenant.require_second_factor:
            step_up.require_proof(caller, now=now)
        changed = {name: value for name, value in wanted.items() if value != getattr(tenant, name)}
        after = after._replace(version=tenant.version + 1)
        event_type, tenant_id, by = "identity.tenant.changed", caller.tenant_id, caller.user_id
        event = happenings.of_tenant(event_type, tenant_id, tenant_id, now, by=by, **changed)
        return Plan(_view(after), [governed, tenants.written(tenant, after), event])

    return changes.make(plan)


def _found(item: Item | None) -> Tenant:
    if item is None:
        raise TenantNotFound("Your tenant is not there.")
    return tenants.from_item(item)


def _view(tenant: Tenant) -> View:
    return {
        "tenant_id": tenant.tenant_id,
        "name": tenant.name,
        "created_at": tenant.created_at,
        "version": tenant.version,
        "require_second_factor": tenant.require_second_factor,
        "time_zone": tenant.time_zone,
        "locale": tenant.locale,
        "currency": tenant.currency,
        "phone_region": tenant.phone_region,
        "postal_address": tenant.postal_address,
        "working_days": list(tenant.working_days),
        "evidence_quota_bytes": tenant.evidence_quota_bytes,
    }
