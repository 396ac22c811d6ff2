"""In which time zones a lead may be: their own, or those of the country of their number, or that of the tenant."""

from collections.abc import Sequence

from functions.audience.leads.leads import Lead
from functions.audience.respect import quiet_hours
from functions.audience.respect.quiet_hours import QuietHours
from shared import time_zones
from shared.clock import Instant


def of(lead: Lead, tenant_zone: str) -> Sequence[str]:
    """Return the zones that a lead may be in: one, or all of a country that has several."""
    if lead.time_zone is not None:
        return (lead.time_zone,)
    return (_of_number(lead.phones[0]) if lead.phones else ()) or (tenant_zone,)


def opens_at(lead: Lead, hours: QuietHours | None, tenant_zone: str, *, now: Instant) -> Instant | None:
    """Return when a lead may be disturbed, None if that is now: in none of the zones they may be in is it quiet."""
    return None if hours is None else quiet_hours.opens_everywhere_at(now, of(lead, tenant_zone), hours)


def _of_number(phone: str) -> Sequence[str]:
    """Return the zones of the country of a number in E.164; none where it is of no country."""
    # Imported where a number is looked at: no request waits for it on a cold start.
    import phonenumbers  # noqa: PLC0415

    region = phonenumbers.region_code_for_number(phonenumbers.parse(phone))
    return time_zones.of_country(region) if region is not None else ()
