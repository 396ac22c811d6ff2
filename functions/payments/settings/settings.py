"""The settings of a tenant for its invoices: who sells, how documents are numbered, how tax is rounded."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.billing.totals import TaxRounding
from shared.storage import records, table
from shared.storage.attributes import Item, Key

View = dict[str, Any]

_ENTITY: Final = "PaymentSettings"


class PaymentSettings(NamedTuple):
    """The settings as they are stored.

    `seller` has `name`, `address`, `tax_ids` and `email`; the address and the ids are lists of lines.
    `bank_lines` are those of a tenant that had set them before two people did (`payees.printed`); nobody changes them.
    `financing_layers` say by how many of whom advances of a currency above an amount are approved.
    """

    tenant_id: str
    version: int = 0
    updated_at: str | None = None
    updated_by: str | None = None
    seller: Mapping[str, Any] | None = None
    bank_lines: Sequence[str] = ()
    invoice_prefix: str = "INV"
    credit_note_prefix: str = "CN"
    tax_rounding: TaxRounding = "document"
    gateway: str = "ledger"
    auto_release_limits: Mapping[str, int] = {}
    financing_layers: Sequence[Mapping[str, Any]] = ()


def key(tenant_id: str) -> Key:
    """Return the key of the settings of a tenant."""
    return Key(f"TENANT#{tenant_id}", "PAYMENTSETTINGS")


def of(tenant_id: str, item: Item | None) -> PaymentSettings:
    """Return the settings that an item holds; those never set have their defaults."""
    return PaymentSettings(tenant_id) if item is None else records.from_item(PaymentSettings, item)


def find(tenant_id: str) -> PaymentSettings:
    """Return the settings of a tenant as they are now; one call."""
    return of(tenant_id, table.get(key(tenant_id), consistent=True))


def to_item(settings: PaymentSettings) -> Item:
    """Return the item of settings."""
    return records.to_item(key(settings.tenant_id), _ENTITY, settings)
