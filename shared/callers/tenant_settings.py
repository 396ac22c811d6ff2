"""Settings of a tenant that every context goes by: zone, language, currency, where it is, and when it works.

Identity keeps them with the tenant; the others read them here. What has changed is seen within a minute.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Literal, NamedTuple

from shared import clock
from shared.clock import Instant
from shared.storage import records, table
from shared.storage.attributes import Item, Key

KEPT: Final = 60 * clock.SECOND
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WORKING_DAYS: Final[Sequence[Weekday]] = ("monday", "tuesday", "wednesday", "thursday", "friday")
EVIDENCE_QUOTA: Final = 10 * 1024**3
LEAST_EVIDENCE_QUOTA: Final = 100 * 1024**2
"""In bytes: the largest file that is taken."""
MOST_EVIDENCE_QUOTA: Final = 1024**4


class TenantSettings(NamedTuple):
    """The settings of a tenant.

    Attributes:
        time_zone: an IANA name; what has no zone of its own goes by it.
        locale: a tag of BCP 47; who has chosen no language is written to in it.
        currency: ISO 4217, None where amounts must name theirs.
        phone_region: ISO 3166-1; numbers without a country code are read as numbers of it.
        postal_address: lines, postal code, city, region and country, as `PostalAddress` of identity has it.
        working_days: those on which people work, from Monday on.
        evidence_quota_bytes: what the files of evidence of the tenant may take in all.
    """

    time_zone: str = "UTC"
    locale: str = "en"
    currency: str | None = None
    phone_region: str | None = None
    postal_address: Mapping[str, object] | None = None
    working_days: Sequence[Weekday] = WORKING_DAYS
    evidence_quota_bytes: int = EVIDENCE_QUOTA


_MOST: Final = 1_000
_seen: dict[str, tuple[Instant, TenantSettings]] = {}


def key(tenant_id: str) -> Key:
    """Return the key of a tenant."""
    return Key(f"TENANT#{tenant_id}", "TENANT")


def of(tenant_id: str) -> TenantSettings:
    """Return the settings of a tenant; at most one read a minute, tenant and instance. Raises Unavailable."""
    now = clock.now()
    if (seen := _seen.get(tenant_id)) is not None and now - seen[0] < KEPT:
        return seen[1]
    if len(_seen) >= _MOST:
        _seen.clear()
    found = from_item(table.get(key(tenant_id)) or {})
    _seen[tenant_id] = now, found
    return found


def forget() -> None:
    """Forget what was read, as a new instance has read nothing."""
    _seen.clear()


def from_item(item: Item) -> TenantSettings:
    """Return the settings that the item of a tenant holds; those never set have their defaults."""
    found = records.from_item(TenantSettings, item)
    return found._replace(working_days=tuple(found.working_days))
