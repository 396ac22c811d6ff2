"""The list of suppressions: its pages, look-ups, additions by hand or of many rows, and removals.

Of an address only the digest is kept. Where a lead has the address now, the list shows both, found by the digest.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.leads import consent, identifiers, leads, suppression
from functions.audience.leads.identifiers import Identifier
from functions.audience.leads.suppression import SHARDS, Cause, Reason, Suppression
from functions.audience.respect import suppressions
from functions.audience.settings import settings
from shared import clock
from shared.clock import Instant
from shared.errors import InvalidInput, NotFound
from shared.sheets import cells
from shared.storage import changes, cursors, events, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Put, Write

View = dict[str, Any]

MOST_ROWS: Final = 1_000
EXPORTED: Final = 1_000
"""How many suppressions a part of the export has."""
MOST_WHY: Final = 200
"""How many characters the reason may have for which an address is taken off."""
COLUMNS: Final = ("channel", "address", "digest", "reasons", "topics", "updated_at")
_LIST: Final = "suppressions"
_INSTANTS: Final = "2"
"""What every instant of the list begins with."""
_TOGETHER: Final = 50
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class NotSuppressed(NotFound):
    """404: the address is not suppressed on this channel."""

    def __init__(self) -> None:
        super().__init__("The address is not suppressed on this channel.")


class Row(NamedTuple):
    """An address to be suppressed, as it is kept of leads; `error` says what is wrong with a row that has none."""

    channel: str
    address: str
    reason: Reason
    topic: str | None = None
    error: str | None = None


def page(tenant_id: str, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the suppressions of a tenant, shard by shard. Raises Malformed for a foreign cursor."""
    shard, inner = _place(cursor)
    found: list[Suppression] = []
    while shard < SHARDS:
        place = suppression.partition(tenant_id, shard)
        part = table.query(place, _INSTANTS, limit=limit - len(found), cursor=inner, index=True, newest_first=True)
        found += map(suppression.from_item, part.items)
        inner = part.next_cursor
        shard += inner is None
        if len(found) == limit:
            break
    following = None if shard == SHARDS else cursors.bind(f"{shard} {inner or ''}", _LIST)
    return shown(tenant_id, found), following


def look_up(tenant_id: str, channels: Sequence[str], address: str) -> list[View]:
    """Return what suppresses an address on these channels."""
    audience = settings.find(tenant_id)
    if audience is None:
        return []
    digests = {channel: suppression.digest(audience, channel, address) for channel in channels}
    found = [suppressions.find(tenant_id, channel, [digest]).get(digest) for channel, digest in digests.items()]
    return shown(tenant_id, [each for each in found if each is not None])


def export(tenant_id: str, *, cursor: str | None) -> tuple[str, str | None]:
    """Return a part of the list as CSV, and the cursor of the next. Raises Malformed for a foreign cursor."""
    found, following = page(tenant_id, limit=EXPORTED, cursor=cursor)
    sheet = io.StringIO(newline="")
    lines = csv.writer(sheet)
    lines.writerow(COLUMNS)
    for each in found:
        reasons, topics = (";".join(one[name] for one in each[f"{name}s"]) for name in ("reason", "topic"))
        address = cells.guarded(each["address"] or "")
        lines.writerow((each["channel"], address, each["digest"], reasons, topics, each["updated_at"]))
    return sheet.getvalue(), following


def suppress(tenant_id: str, row: Row, *, by: str, claim: Claim | None = None) -> Answer:
    """Suppress an address by hand, and return the suppression."""
    now = clock.now()
    digest = suppression.digest(settings.of(tenant_id), row.channel, row.address)

    def plan() -> Plan[View]:
        before = suppressions.stored(tenant_id, row.channel, digest)
        after = _with(before or suppression.new(tenant_id, row.channel, digest, now), row, _cause(now, by))
        shown_ = shown(tenant_id, [after])[0]
        if before is not None and after is before:
            return Plan(shown_)
        event = _happened("added", tenant_id, now, {"channel": row.channel, "digest": digest, "reason": row.reason})
        return Plan(shown_, [suppression.written(before, after), event])

    return changes.make(plan, claim=claim)


def remove(tenant_id: str, suppression_id: str, *, why: str | None) -> None:
    """Take an address off the list. The audit log keeps why. Raises NotSuppressed, InvalidInput."""
    channel, _, digest = suppression_id.partition("-")
    if channel not in consent.CHANNELS or not _DIGEST.fullmatch(digest):
        raise NotSuppressed
    if not suppressions.find(tenant_id, channel, [digest]):
        raise NotSuppressed
    if why is None:
        raise InvalidInput.of("reason", "say why: the audit log keeps it")
    now = clock.now()
    event = _happened("removed", tenant_id, now, {"channel": channel, "digest": digest, "reason": why})
    if not suppressions.remove(tenant_id, channel, digest, also=[event]):
        raise NotSuppressed


def add_rows(tenant_id: str, rows: Sequence[Row], *, by: str) -> list[View]:
    """Suppress the addresses of up to 1,000 rows, in parts, and return what became of each; twice is once."""
    results: list[View] = []
    for start in range(0, len(rows), _TOGETHER):
        results += _add_part(tenant_id, rows[start : start + _TOGETHER], by)
    return [{"row": number, **each} for number, each in enumerate(results, start=1)]


def shown(tenant_id: str, found: Sequence[Suppression]) -> list[View]:
    """Return what callers see of suppressions, with the lead that has the address now and the address, if one has."""
    held = _held(tenant_id, found)
    nobody: View = {"address": None, "lead_id": None}
    return [{**suppression.view(each), **held.get(each.digest, nobody)} for each in found]


def _held(tenant_id: str, found: Sequence[Suppression]) -> Mapping[str, View]:
    """Return by digest who has an address now: leads are known by their digests."""
    audience = settings.find(tenant_id)
    if audience is None or not found:
        return {}
    keys = [identifiers.key_of_digest(tenant_id, suppression.kind(each.channel), each.digest) for each in found]
    lead_ids = [item["lead_id"] for item in table.get_many(keys) if item is not None]
    held: dict[str, View] = {}
    for lead in leads.several(tenant_id, [*dict.fromkeys(lead_ids)]):
        known = [
            *(Identifier("email", each) for each in lead.emails),
            *(Identifier("phone", each) for each in lead.phones),
        ]
        for kind, text in known:
            held[audience.digests.of(kind, text)] = {"address": text, "lead_id": lead.lead_id}
    return held


def _add_part(tenant_id: str, rows: Sequence[Row], by: str) -> list[View]:
    now, audience = clock.now(), settings.of(tenant_id)
    places = [
        None if row.error else (row.channel, suppression.digest(audience, row.channel, row.address)) for row in rows
    ]

    def plan() -> Plan[list[View]]:
        named = [*dict.fromkeys(place for place in places if place is not None)]
        items = table.get_many([suppression.key(tenant_id, *each) for each in named], consistent=True) if named else []
        befores = {
            place: None if item is None else suppression.from_item(item)
            for place, item in zip(named, items, strict=True)
        }
        afters = {place: befores[place] or suppression.new(tenant_id, *place, now) for place in named}
        results = [_result(row, place, afters, _cause(now, by)) for row, place in zip(rows, places, strict=True)]
        return Plan(results, [*_writes(tenant_id, befores, afters, now)])

    return changes.make(plan)


def _result(row: Row, place: tuple[str, str] | None, afters: dict[tuple[str, str], Suppression], cause: Cause) -> View:
    if place is None:
        return {"result": "invalid", "reason": row.error}
    before = afters[place]
    afters[place] = _with(before, row, cause)
    return {"result": "unchanged" if afters[place] is before else "added", "reason": None}


def _writes(
    tenant_id: str,
    befores: Mapping[tuple[str, str], Suppression | None],
    afters: Mapping[tuple[str, str], Suppression],
    now: Instant,
) -> Iterator[Write]:
    count = 0
    for place, after in afters.items():
        before = befores[place]
        first = 0 if before is None else before.version
        if after.version > first:
            count += 1
            yield suppression.written(before, after._replace(version=first + 1))
    if count:
        yield _happened("imported", tenant_id, now, {"count": count})


def _with(known: Suppression, row: Row, cause: Cause) -> Suppression:
    if row.topic is not None:
        return suppression.left(known, [row.topic], cause)
    return suppression.with_reason(known, row.reason, cause)


def _cause(now: Instant, by: str) -> Cause:
    return Cause(clock.to_rfc3339(now), by)


def _happened(what: str, tenant_id: str, at: Instant, data: dict[str, Any]) -> Put:
    return events.occurred(
        f"audience.suppression.{what}",
        partition=f"TENANT#{tenant_id}#SUPPRESSIONS",
        subject_id=tenant_id,
        tenant_id=tenant_id,
        at=at,
        data=data,
    )


def _place(cursor: str | None) -> tuple[int, str | None]:
    """Return the shard at which a page begins, and the cursor within it."""
    if cursor is None:
        return 0, None
    shard, _, inner = cursors.place_in(cursor, _LIST).partition(" ")
    if not shard.isascii() or not shard.isdigit() or int(shard) >= SHARDS:
        raise cursors.foreign()
    return int(shard), inner or None
