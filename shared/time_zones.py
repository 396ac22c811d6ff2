"""Time zones by their IANA names."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources


def is_known(name: str) -> bool:
    """Tell whether the name is an IANA time zone."""
    return name == "UTC" or name in _names()


def of_country(code: str) -> Sequence[str]:
    """Return the zones of a country, by its two letters (ISO 3166-1 alpha-2); none for another code."""
    return _by_country().get(code, ())


@cache
def _by_country() -> Mapping[str, Sequence[str]]:
    """Return the zones of each country, as `zone.tab` of the database lists them."""
    found: dict[str, list[str]] = {}
    for line in resources.files("tzdata").joinpath("zoneinfo", "zone.tab").read_text().splitlines():
        if line and not line.startswith("#"):
            code, _, zone = line.split("\t")[:3]
            found.setdefault(code, []).append(zone)
    return found


@cache
def _names() -> frozenset[str]:
    """Return all IANA names; `zoneinfo.available_timezones` would read every file of the database for the same."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text().split())
