"""Time zones by their IANA names."""

from functools import cache
from importlib import resources


def is_known(name: str) -> bool:
    """Tell whether the name is an IANA time zone."""
    return name == "UTC" or name in _names()


@cache
def _names() -> frozenset[str]:
    """Return all IANA names; `zoneinfo.available_timezones` would read every file of the database for the same."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
