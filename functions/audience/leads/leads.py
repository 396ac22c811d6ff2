"""A lead: its record, its keys, and how it is read.

Its totals are in two parts: what was stated when it came in, and what is recorded here (orders, visits). So a total
that is sent again replaces the stated part, and a recount proves the other.
"""

import heapq
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.leads.consent import Consent
from functions.audience.leads.traits import Traits
from functions.audience.money import Currency
from shared import clock, ids
from shared.clock import Instant
from shared.errors import NotFound
from shared.storage import cursors, records, table
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Condition, Put, unchanged

View = dict[str, Any]

SHARDS: Final = 16
"""The leads of a tenant are spread over so many partitions, each of which takes 1,000 writes a second."""
PREFIX: Final = "LEAD#"
THERE: Final = Condition(
    "attribute_exists(#pk) AND attribute_not_exists(#merged)", {"#pk": "PK", "#merged": "merged_into"}, {}
)
"""The condition that a lead is there and was not merged into another."""
MERGED: Final = "merged_into"
"""The attribute of a lead that is another one by now."""
_ENTITY: Final = "Lead"
_LIST: Final = "leads"
_PAGE: Final = 1000
"""DynamoDB ends a page after 1 MB, which some thousand leads have."""


class LeadNotFound(NotFound):
    """404: your tenant has no lead with this id."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no lead with this id.")


class Lead(NamedTuple):
    """A lead as it is stored.

    `base_…` and `stated_…` are what was stated of its past, the rest is recorded here. `metadata` is JSON as text.
    One that was `merged_into` another keeps nothing but that. What it had recorded follows later: until then the other
    lead names it in `absorbing`.
    """

    tenant_id: str
    lead_id: str
    created_at: str
    updated_at: str
    version: int
    external_id: str | None = None
    other_external_ids: tuple[str, ...] = ()
    name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    base_spend: int = 0
    base_orders: int = 0
    base_visits: int = 0
    stated_order_at: str | None = None
    stated_visit_at: str | None = None
    order_spend: int = 0
    orders: int = 0
    visits: int = 0
    order_at: str | None = None
    visit_at: str | None = None
    consent: Mapping[str, Consent] = {}
    metadata: str = "{}"
    absorbing: tuple[str, ...] = ()
    merged_into: str | None = None

    @property
    def total_spend(self) -> int:
        """What was ever spent, in minor units."""
        return self.base_spend + self.order_spend

    @property
    def external_ids(self) -> tuple[str, ...]:
        """All external ids that it is known by."""
        return (*(() if self.external_id is None else (self.external_id,)), *self.other_external_ids)

    @property
    def is_identified(self) -> bool:
        """Whether anything says who it is."""
        return bool(self.external_ids or self.emails or self.phones)

    @property
    def order_count(self) -> int:
        """How many orders there ever were."""
        return self.base_orders + self.orders

    @property
    def visit_count(self) -> int:
        """How many visits there ever were."""
        return self.base_visits + self.visits

    @property
    def traits(self) -> Traits:
        """What rules may ask of it."""
        return Traits(
            lead_id=self.lead_id,
            created_at=self.created_at,
            updated_at=self.updated_at,
            external_id=self.external_id,
            name=self.name,
            emails=self.emails,
            phones=self.phones,
            tags=self.tags,
            status=self.status,
            locale=self.locale,
            time_zone=self.time_zone,
            total_spend=self.total_spend,
            order_count=self.order_count,
            visits=self.visit_count,
            last_order_at=latest(self.stated_order_at, self.order_at),
            last_visit_at=latest(self.stated_visit_at, self.visit_at),
            consent={subject: each.state for subject, each in self.consent.items()},
            metadata=json.loads(self.metadata),
        )


def latest(*instants: str | None) -> str | None:
    """Return the latest of the instants that are set, None if none is."""
    return max((each for each in instants if each is not None), default=None)


def key(tenant_id: str, lead_id: str) -> Key:
    """Return the key of a lead. Raises LeadNotFound for an id that none can have."""
    if not ids.is_valid(lead_id, "lead"):
        raise LeadNotFound
    return Key(_partition(tenant_id, _shard(lead_id)), f"{PREFIX}{lead_id}")


def partition(tenant_id: str, lead_id: str) -> str:
    """Return the partition of what belongs to a lead: its orders, visits, consents and events."""
    return f"TENANT#{tenant_id}#LEAD#{lead_id}"


def find(tenant_id: str, lead_id: str, *, consistent: bool = True) -> Lead | None:
    """Return a lead, or the one that it was merged into; None if there is none."""
    found = stored(tenant_id, lead_id, consistent=consistent)
    while found is not None and found.merged_into is not None:
        found = stored(tenant_id, found.merged_into, consistent=consistent)
    return found


def get(tenant_id: str, lead_id: str, *, consistent: bool = True) -> Lead:
    """Return a lead, or the one that it was merged into. Raises LeadNotFound."""
    found = find(tenant_id, lead_id, consistent=consistent)
    if found is None:
        raise LeadNotFound
    return found


def stored(tenant_id: str, lead_id: str, *, consistent: bool = True) -> Lead | None:
    """Return what is stored under an id, also of a lead that was merged. Raises LeadNotFound for no id."""
    item = table.get(key(tenant_id, lead_id), consistent=consistent)
    return None if item is None else from_item(item)


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[Lead], str | None]:
    """Return a page of leads, the newest first, and the cursor of the next. Raises Malformed for a foreign cursor."""
    before = "~" if cursor is None else cursors.place_in(cursor, _LIST)
    if cursor is not None and not ids.is_valid(before, "lead"):
        raise cursors.foreign()
    shards = [_descending(_partition(tenant_id, shard), before, limit // 4 + 2) for shard in range(SHARDS)]
    found: list[Lead] = []
    for lead in heapq.merge(*shards, key=lambda each: each.lead_id, reverse=True):
        if len(found) == limit:
            return found, cursors.bind(found[-1].lead_id, _LIST)
        found.append(lead)
    return found, None


def several(tenant_id: str, lead_ids: Sequence[str], *, consistent: bool = False) -> list[Lead]:
    """Return those of the leads that there are and were not merged, in this order; a call for each hundred."""
    keys = [key(tenant_id, each) for each in lead_ids]
    found = [from_item(item) for item in table.get_many(keys, consistent=consistent) if item] if keys else []
    return [each for each in found if each.merged_into is None]


def every_item(tenant_id: str, *, after: str | None, only: Sequence[str], consistent: bool = False) -> Iterator[Item]:
    """Yield these attributes of all leads of a tenant, or all attributes for none, merged ones too, in one order.

    Those that come `after` the lead of this id. Raises Malformed for an id that none can have.
    """
    if after is not None and not ids.is_valid(after, "lead"):
        raise cursors.foreign()
    first = 0 if after is None else _shard(after)
    for shard in range(first, SHARDS):
        start = after if shard == first else None
        yield from _ascending(_partition(tenant_id, shard), start, only, consistent=consistent)


def every_ascending(
    tenant_id: str, *, only: Sequence[str], after: str | None = None, consistent: bool = False
) -> Iterator[Item]:
    """Yield these attributes of all leads of a tenant, merged ones too, by their ids, behind one of them."""
    shards = [_ascending(_partition(tenant_id, shard), after, only, consistent=consistent) for shard in range(SHARDS)]
    return heapq.merge(*shards, key=lambda item: str(item["SK"]))


def next_version(lead: Lead, at: Instant) -> Lead:
    """Return a changed lead at its next version."""
    return lead._replace(updated_at=clock.to_rfc3339(at), version=lead.version + 1)


def written(before: Lead | None, after: Lead) -> Put:
    """Return the write of a lead that nobody else has changed since `before`."""
    return Put(to_item(after), ABSENT if before is None else unchanged(before.version))


def to_item(lead: Lead) -> Item:
    """Return the item of a lead."""
    item = records.to_item(key(lead.tenant_id, lead.lead_id), _ENTITY, lead)
    if lead.consent:
        item["consent"] = {subject: list(each) for subject, each in lead.consent.items()}
    return item


def from_item(item: Item) -> Lead:
    """Return the lead of an item."""
    found = records.from_item(Lead, item)
    return found._replace(
        other_external_ids=tuple(found.other_external_ids),
        emails=tuple(found.emails),
        phones=tuple(found.phones),
        tags=tuple(found.tags),
        absorbing=tuple(found.absorbing),
        consent={subject: Consent(*each) for subject, each in item.get("consent", {}).items()},
    )


def stated(lead: Lead, status: str = "present") -> View:
    """Return the state of a lead, as its events say: nothing that tells who it is."""
    return {
        "version": lead.version,
        "created_at": lead.created_at,
        "status": status,
        "total_spend_minor_units": lead.total_spend,
        "order_count": lead.order_count,
        "visits": lead.visit_count,
    }


def view(lead: Lead, currency: Currency | None) -> View:
    """Return what callers see of a lead."""
    return {
        **lead.traits._asdict(),
        "total_spend": None if currency is None else currency.units(lead.total_spend),
        "total_spend_minor_units": lead.total_spend,
        "currency": None if currency is None else currency.code,
        "consent": {subject: each._asdict() for subject, each in lead.consent.items()},
        "version": lead.version,
    }


def _partition(tenant_id: str, shard: int) -> str:
    return f"TENANT#{tenant_id}#LEADS#{shard:02d}"


def _shard(lead_id: str) -> int:
    return zlib.crc32(lead_id.encode()) % SHARDS


def _ascending(place: str, after: str | None, only: Sequence[str], *, consistent: bool) -> Iterator[Item]:
    """Yield the items of one partition, the oldest first; those that come after the lead of this id."""
    start: str | None = f"{PREFIX}{after or ''}"
    seen = start
    while start is not None:
        items, last = table.between(place, start, f"{PREFIX}~", limit=_PAGE, only=only, consistent=consistent)
        for item in items:
            if item["SK"] != seen:
                yield item
        start = seen = last


def _descending(place: str, before: str, at_once: int) -> Iterator[Lead]:
    """Yield the leads of one partition that are older than `before`, the newest first."""
    end: str | None = f"{PREFIX}{before}"
    while end is not None:
        items, last = table.between(place, PREFIX, end, limit=at_once, newest_first=True)
        for item in items:
            lead = from_item(item)
            if lead.merged_into is None and item["SK"] != f"{PREFIX}{before}" and item["SK"] != end:
                yield lead
        end = last
