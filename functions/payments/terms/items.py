"""Terms as they are stored: those of a milestone beside its gate, the usual ones with the tenant."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from functions.payments.billing import billings
from functions.payments.terms.terms import Terms
from shared.storage import records
from shared.storage.attributes import Item, Key


class SetTerms(NamedTuple):
    """Terms that somebody has set for a milestone, or for a tenant; `terms` are as `Terms` has them."""

    terms: Mapping[str, Any]
    updated_by: str
    updated_at: str
    version: int


def key(tenant_id: str, milestone_id: str) -> Key:
    """Return the key of the terms of a milestone. Raises billings.BilledMilestoneNotFound."""
    return Key(billings.partition(tenant_id, milestone_id), "0TERMS")


def usual_key(tenant_id: str) -> Key:
    """Return the key of the terms that the milestones of a tenant go by that have none of their own."""
    return Key(f"TENANT#{tenant_id}", "PAYMENTTERMS")


def of(own: Item | None, usual: Item | None) -> Terms:
    """Return the terms that an item holds, without one the usual ones of the tenant."""
    found = own or usual
    return Terms() if found is None else Terms(**found["terms"])


def to_item(place: Key, found: SetTerms) -> Item:
    """Return the item of terms."""
    return records.to_item(place, "PaymentTerms", found)


def version(item: Item | None) -> int:
    """Return how often terms were set, 0 if they never were."""
    return 0 if item is None else int(item["version"])
