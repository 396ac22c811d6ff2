"""What a rule may ask of a lead: its traits, the kind of value that each has, and their values in one record.

Pure, so that whoever evaluates rules needs no table. A trait that is not set is None, or an empty tuple.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

Kind = Literal["text", "texts", "number", "money", "instant", "consent", "metadata"]
"""Texts are NFC. `money` is whole minor units, `instant` RFC 3339 in UTC with milliseconds, so that they sort as texts.
`consent` is a mapping from a channel, or from `channel/topic`, to `granted`, `pending` or `denied`. `metadata` is an
object of JSON: at most four levels of objects and arrays, numbers finite and of at most 2^53 - 1."""

TRAITS: Final[Mapping[str, Kind]] = {
    "lead_id": "text",
    "external_id": "text",
    "name": "text",
    "emails": "texts",
    "phones": "texts",
    "tags": "texts",
    "status": "text",
    "locale": "text",
    "time_zone": "text",
    "total_spend": "money",
    "order_count": "number",
    "visits": "number",
    "last_order_at": "instant",
    "last_visit_at": "instant",
    "created_at": "instant",
    "updated_at": "instant",
    "consent": "consent",
    "metadata": "metadata",
}


class Traits(NamedTuple):
    """The traits of one lead, with the names of `TRAITS`.

    `total_spend` is in minor units of the tenant's currency. E-mail addresses are normalised, telephone numbers E.164;
    messages go to the first of each.
    """

    lead_id: str
    created_at: str
    updated_at: str
    external_id: str | None = None
    name: str | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    status: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    total_spend: int = 0
    order_count: int = 0
    visits: int = 0
    last_order_at: str | None = None
    last_visit_at: str | None = None
    consent: Mapping[str, str] = {}
    metadata: Mapping[str, Any] = {}
