"""Traits of leads of which only some are read: who looks at all leads of a tenant has no use for most of each.

Each trait is what `Lead.traits` says it is, read of no more attributes than it is made of; dates are instants.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from functions.audience.leads import leads
from functions.audience.leads.leads import Lead
from shared import clock
from shared.storage.attributes import Item

BUCKETS: Final = 100


class _Trait(NamedTuple):
    """The attributes that a trait is made of, and what makes it of an item."""

    attributes: tuple[str, ...]
    read: Callable[[Item], Any]


class Part:
    """The traits of one lead, each read when it is asked for."""

    __slots__ = ("_item",)

    def __init__(self, item: Item) -> None:
        self._item = item

    def get(self, name: str, /) -> Any:
        """Return a trait, None or empty if it is not set. Only what was asked for of the table is there."""
        return _TRAITS[name].read(self._item)


def of(lead: Lead) -> Part:
    """Return the traits of a lead that has been read as a whole."""
    return Part(leads.to_item(lead))


def every(tenant_id: str, names: Iterable[str], *, after: str | None = None) -> Iterator[Part]:
    """Yield these traits and the id of all leads of a tenant that were not merged, in one order.

    Those that come `after` the lead of this id. Raises Malformed for an id that none can have.
    """
    for item in leads.every_item(tenant_id, after=after, only=attributes_of({"lead_id", *names})):
        if leads.MERGED not in item:
            yield Part(item)


def ascending(tenant_id: str, names: Iterable[str]) -> Iterator[Part]:
    """Yield these traits and the id of all leads of a tenant that were not merged, in the order of their ids."""
    for item in leads.every_ascending(tenant_id, only=attributes_of({"lead_id", *names})):
        if leads.MERGED not in item:
            yield Part(item)


def attributes_of(names: Iterable[str]) -> list[str]:
    """Return the attributes that these traits are made of, and the one that says that a lead was merged."""
    return [*sorted({each for name in names for each in _TRAITS[name].attributes}), leads.MERGED]


def _plain(name: str) -> _Trait:
    return _Trait((name,), lambda item: item.get(name))


def _sum(stated: str, recorded: str) -> _Trait:
    return _Trait((stated, recorded), lambda item: item.get(stated, 0) + item.get(recorded, 0))


def _last(*names: str) -> _Trait:
    def read(item: Item) -> Any:
        latest = leads.latest(*map(item.get, names))
        return None if latest is None else clock.from_stored(latest)

    return _Trait(names, read)


def _count(name: str) -> _Trait:
    return _Trait((name,), lambda item: item.get(name, 0))


def _metadata(item: Item) -> Any:
    return json.loads(item["metadata"]) if "metadata" in item else {}


def _consent(item: Item) -> Mapping[str, str]:
    return {subject: state for subject, (state, *_) in item.get("consent", {}).items()}


def _bucket(item: Item) -> int:
    """Return a number below 100 that is the same for a lead at any time, and independent of where the lead lies."""
    return int.from_bytes(hashlib.sha256(item["lead_id"].encode()).digest()[:8]) % BUCKETS


_PLAIN: Final = ("lead_id", "external_id", "name", "emails", "phones", "tags", "status", "locale", "time_zone")

_TRAITS: Final[Mapping[str, _Trait]] = {
    **{name: _plain(name) for name in _PLAIN},
    "total_spend": _sum("base_spend", "order_spend"),
    "order_count": _sum("base_orders", "orders"),
    "visits": _sum("base_visits", "visits"),
    "last_order_at": _last("stated_order_at", "order_at"),
    "last_visit_at": _last("stated_visit_at", "visit_at"),
    "created_at": _last("created_at"),
    "updated_at": _last("updated_at"),
    "consent": _Trait(("consent",), _consent),
    "metadata": _Trait(("metadata",), _metadata),
    "bucket": _Trait(("lead_id",), _bucket),
    "orders_count": _count("orders"),
    "orders_sum": _count("order_spend"),
    "orders_last_at": _last("order_at"),
}
