"""How the settings of a tenant for its invoices are read and changed."""

from collections.abc import Mapping
from typing import Any

from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings, View
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes, events, versions
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, unchanged


def show(caller: Caller) -> View:
    """Return the settings; one call."""
    return view(settings.find(caller.tenant_id))


def change(caller: Caller, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change settings, and return them. They count from the next invoice on. Raises versions.VersionChanged."""

    def plan() -> Plan[View]:
        now = clock.now()
        before = settings.find(caller.tenant_id)
        versions.require(if_match, before.version)
        after = before._replace(
            **fields, version=before.version + 1, updated_at=clock.to_rfc3339(now), updated_by=caller.user_id
        )
        condition = unchanged(before.version) if before.version else ABSENT
        return Plan(view(after), [Put(settings.to_item(after), condition), _changed(after, now)])

    return changes.make(plan)


def view(found: PaymentSettings) -> View:
    """Return what callers see of settings."""
    shown = found._asdict()
    del shown["tenant_id"]
    seller = None if found.seller is None else dict(found.seller)
    limits = {**found.auto_release_limits}
    layers = [{**each} for each in found.financing_layers]
    lists = {"bank_lines": [*found.bank_lines], "financing_layers": layers}
    return shown | {"seller": seller, "auto_release_limits": limits, **lists}


def _changed(after: PaymentSettings, at: Instant) -> Put:
    """Return the write of the event that settings were changed; it says neither how nor to what."""
    return events.occurred(
        "payments.settings.changed",
        partition=settings.key(after.tenant_id).pk,
        subject_id=after.tenant_id,
        tenant_id=after.tenant_id,
        at=at,
        data={"settings_version": after.version},
    )
