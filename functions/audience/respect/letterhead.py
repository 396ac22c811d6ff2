"""Who writes, and where they are, as marketing mail has to say. Pure."""

from collections.abc import Mapping

from functions.audience.settings.settings import Settings
from shared.callers.tenant_settings import TenantSettings


def postal_address(settings: Settings, tenant: TenantSettings) -> str | None:
    """Return the postal address of who writes; that of the tenant where the audience has none of its own."""
    if settings.postal_address is not None:
        return settings.postal_address
    return None if tenant.postal_address is None else _written(tenant.postal_address)


def _written(address: Mapping[str, object]) -> str:
    lines = address["lines"]
    city = " ".join(str(each) for each in (address.get("postal_code"), address["city"]) if each)
    parts = [*(lines if isinstance(lines, list | tuple) else ()), city, address.get("region"), address["country"]]
    return ", ".join(str(each) for each in parts if each)
