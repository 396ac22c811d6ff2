"""The billing of a milestone: what is invoiced of it, and whether it is bound to be paid.

Payments alone writes it, and projects checks it before a milestone goes back or away (decision 0105).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.access import Standing
from functions.payments.billing.shares import Invoiced
from shared import ids
from shared.errors import NotFound
from shared.storage import records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, unchanged

MILESTONE: Final = "pms"
_ENTITY: Final = "Billing"


class BilledMilestoneNotFound(NotFound):
    """404: there is no milestone with this id in a project that you are a member of."""

    # As projects calls it, which this context does not import.
    code = "ProjectMilestoneNotFound"

    def __init__(self) -> None:
        super().__init__("There is no milestone with this id in a project that you are a member of.")


class Billing(NamedTuple):
    """The billing as it is stored; nothing of it counts drafts, or invoices that are cancelled.

    `open_invoices` are issued and not paid. The share is in millionths, `progress_invoiced` is the last threshold that
    was asked for, `attempt_invoiced` the last attempt that was invoiced by itself. `pledges` say for which advances
    which invoices are pledged, or what was not invoiced then, with their shares.
    """

    tenant_id: str
    project_milestone_id: str
    version: int = 0
    open_invoices: int = 0
    is_committed: bool = False
    share: int = 0
    net_minor_units: int = 0
    retention_minor_units: int = 0
    next_sequence: int = 1
    progress_invoiced: int = 0
    attempt_invoiced: int = 0
    credited_minor_units: int = 0
    released_minor_units: int = 0
    refunded_minor_units: int = 0
    requested_minor_units: int = 0
    pledges: Sequence[Mapping[str, Any]] = ()

    @property
    def invoiced(self) -> Invoiced:
        """What is invoiced of the milestone."""
        return Invoiced(self.share, self.net_minor_units, self.retention_minor_units)

    def having(self, invoiced: Invoiced) -> "Billing":
        """Return the billing with this invoiced."""
        return self._replace(
            share=invoiced.share,
            net_minor_units=invoiced.net_minor_units,
            retention_minor_units=invoiced.retention_minor_units,
        )


def require_seen(standing: Standing) -> None:
    """Require that somebody sees what is billed of a milestone. Raises BilledMilestoneNotFound, AmountsHidden."""
    if not standing.is_member:
        raise BilledMilestoneNotFound
    standing.require_seeing()


def partition(tenant_id: str, milestone_id: str) -> str:
    """Return the partition of a milestone. Raises BilledMilestoneNotFound for an id that none can have."""
    if not ids.is_valid(milestone_id, MILESTONE):
        raise BilledMilestoneNotFound
    return f"TENANT#{tenant_id}#PMS#{milestone_id}"


def key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of the billing of a milestone. Raises BilledMilestoneNotFound."""
    return Key(partition(tenant_id, milestone_id), "0BILLING")


def of(tenant_id: str, milestone_id: str, item: Item | None) -> Billing:
    """Return the billing that an item holds; without one, nothing is invoiced."""
    return Billing(tenant_id, milestone_id) if item is None else records.from_item(Billing, item)


def changed(before: Billing, after: Billing) -> Put:
    """Return the write that changes a billing, which is still at the version that was read."""
    place = key(after.tenant_id, after.project_milestone_id)
    # Projects reads these two whether they are zero or not.
    shown = {"open_invoices": after.open_invoices, "is_committed": after.is_committed}
    item = records.to_item(place, _ENTITY, after._replace(version=before.version + 1)) | shown
    return Put(item, unchanged(before.version) if before.version else ABSENT)
