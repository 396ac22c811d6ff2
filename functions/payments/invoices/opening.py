"""What an invoice is made of: the milestone's gate, billing and terms, its project, and the settings of the tenant.

All of it is read in one call. Of projects payments reads the gate, the project's own item, and the caller's
membership; it writes none of them (decision 0124).
"""

import functools
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from functions.payments import access
from functions.payments.access import Standing
from functions.payments.billing import billings, gates, series
from functions.payments.billing.billings import Billing
from functions.payments.billing.gates import Gate
from functions.payments.billing.numbers import Series
from functions.payments.payees import payees
from functions.payments.payees.payees import Payee
from functions.payments.settings import settings
from functions.payments.settings.settings import PaymentSettings
from functions.payments.terms import items as term_items
from functions.payments.terms.terms import Terms
from shared import clock, days
from shared.callers import project_members, tenant_settings
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import table
from shared.storage.attributes import Item, Key

PROJECT = "PROJECT"


class Opened(NamedTuple):
    """What was read for an invoice of a milestone. `counters` are those of the months that it is now."""

    tenant_id: str
    project_milestone_id: str
    gate: Gate
    billing: Billing
    terms: Terms
    settings: PaymentSettings
    payee: Payee
    client: Mapping[str, Any] | None
    project_status: str
    time_zone: str
    counters: Sequence[Item | None]
    standing: Standing | None

    @property
    def gate_key(self) -> Key:
        """The key of the gate that was read."""
        return gates.key(self.tenant_id, self.project_milestone_id)

    def require_acting(self) -> None:
        """Require that the caller may ask for money of the project. Raises access.FinanceRequired."""
        if self.standing is not None:
            self.standing.require_acting()

    def bank_lines(self, now: Instant) -> list[str]:
        """Return the lines of a bank that an invoice prints now."""
        return payees.printed(self.payee, self.settings.bank_lines, now)

    def today(self, now: Instant) -> date:
        """Return the day in the zone of the tenant."""
        return days.day_of(now, self.time_zone)


def milestone(
    tenant_id: str,
    milestone_id: str,
    *,
    caller: Caller | None,
    project_id: str | None = None,
    of_series: Series = "INV",
    also: Sequence[Key] = (),
) -> tuple[Opened, Sequence[Item | None]]:
    """Return what there is of a milestone for an invoice, and the items of other keys.

    One call, and one more if nobody has said or asked before which project it is of. `caller` is None for background
    work, which needs no role.
    Raises BilledMilestoneNotFound, also for a caller who is no member of its project, and access.AmountsHidden.
    """
    project_id = project_id or _project_of(tenant_id, milestone_id)
    counters = series.counters(tenant_id, of_series, clock.now())
    keys = [*_keys(tenant_id, milestone_id, project_id), *counters, *_membership(caller, project_id)]
    found = table.get_many([*keys, *also], consistent=True)
    items, others = found[: len(keys)], found[len(keys) :]
    gate, billing, terms, usual, set_up, payee, tenant, project, *rest = items
    opened = Opened(
        tenant_id,
        milestone_id,
        gates.of(gate),
        billings.of(tenant_id, milestone_id, billing),
        term_items.of(terms, usual),
        settings.of(tenant_id, set_up),
        payees.of(tenant_id, payee),
        (project or {}).get("client"),
        (project or {}).get("status", ""),
        tenant_settings.from_item(tenant or {}).time_zone,
        rest[: len(counters)],
        None if caller is None else access.of_member(caller, rest[-1]),
    )
    if opened.standing is not None:
        billings.require_seen(opened.standing)
    return opened, others


@functools.lru_cache(maxsize=10_000)
def _project_of(tenant_id: str, milestone_id: str) -> str:
    """Return the project of a milestone, which never changes. Raises BilledMilestoneNotFound."""
    return gates.of(table.get(gates.key(tenant_id, milestone_id), consistent=True)).project_id


def _keys(tenant_id: str, milestone_id: str, project_id: str) -> list[Key]:
    return [
        gates.key(tenant_id, milestone_id),
        billings.key(tenant_id, milestone_id),
        term_items.key(tenant_id, milestone_id),
        term_items.usual_key(tenant_id),
        settings.key(tenant_id),
        payees.key(tenant_id),
        tenant_settings.key(tenant_id),
        Key(project_members.partition(tenant_id, project_id), PROJECT),
    ]


def _membership(caller: Caller | None, project_id: str) -> list[Key]:
    return [] if caller is None else [project_members.key(caller.tenant_id, project_id, caller.user_id)]
