"""Many leads in one request: each row is inserted, updated, or refused for itself, in their order.

A row is resolved by its identifiers: nobody has them, one lead has, or several have, which is a conflict. Rows of the
same lead follow one another within the batch as they would in requests of their own. Up to 90 items are one
transaction with one event, so a repeated request finds what it has done already.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.leads import changing, happenings, identifiers, leads, lifecycle
from functions.audience.leads.changing import Sent
from functions.audience.leads.identifiers import Identifier
from functions.audience.leads.leads import Lead
from functions.audience.settings import settings
from functions.audience.settings.settings import Audience
from shared import clock
from shared.clock import Instant
from shared.errors import FieldError, InvalidInput, Refusal
from shared.storage import changes, parallel, table
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write

MOST: Final = 1_000
MOST_ERRORS: Final = 10
"""Of a row with very many faults, so many are named: Lambda answers 6 MB at most."""
_ITEMS_TOGETHER: Final = 90
"""With the event and the claim, well below the 100 that a transaction takes."""

View = dict[str, Any]


class Row(NamedTuple):
    """A row that was sent: its fields, or what is wrong with them."""

    sent: Sent
    errors: Sequence[FieldError] = ()


def make(tenant_id: str, rows: Sequence[Row], claim: Callable[[int], Claim | None]) -> list[View]:
    """Insert or update leads, and return what became of each row, in their order.

    `claim` returns the claim on each part of them, by its number. Raises Unavailable; then some may have been made.
    """
    audience, now = settings.of(tenant_id), clock.now()
    results: list[View] = []
    for number, together in enumerate(_parts([_judged(audience, row) for row in rows])):
        results += changes.make(_Part(tenant_id, audience, together, now).plan, claim=claim(number))["results"]
    return results


def make_apart(tenant_id: str, rows: Sequence[Row], claim: Callable[[int, int], Claim]) -> list[View]:
    """Do as `make` for rows no two of which are about one lead, several parts at the same time, without events.

    `claim` returns the claim on the rows from one number to another. Whoever calls says then which leads were written.
    """
    audience, now = settings.of(tenant_id), clock.now()
    parts = [*_parts([_judged(audience, row) for row in rows])]
    ends = [*itertools.accumulate(map(len, parts))]

    def write(place: int) -> list[View]:
        part = _Part(tenant_id, audience, parts[place], now, is_announced=False)
        claimed = claim(ends[place] - len(parts[place]), ends[place])
        results: list[View] = changes.make(part.plan, claim=claimed)["results"]
        return results

    return [*itertools.chain.from_iterable(parallel.calls(write, range(len(parts))))]


def make_in_order(tenant_id: str, rows: Sequence[Row], claim: Callable[[int, int], Claim]) -> list[View]:
    """Do as `make_apart` for rows that may be about one lead, one part after the other."""
    audience, now = settings.of(tenant_id), clock.now()
    results: list[View] = []
    for together in _parts([_judged(audience, row) for row in rows]):
        part = _Part(tenant_id, audience, together, now, is_announced=False)
        results += changes.make(part.plan, claim=claim(len(results), len(results) + len(together)))["results"]
    return results


def foretold(tenant_id: str, rows: Sequence[Row]) -> list[View]:
    """Return what would become of each row, and write nothing."""
    audience = settings.of(tenant_id)
    part = _Part(tenant_id, audience, [_judged(audience, row) for row in rows], clock.now())
    results: list[View] = part.plan().answer["results"]
    # An id that a lead would have is none.
    return [{**each, "lead_id": None} if each["result"] == "inserted" else each for each in results]


def identified(audience: Audience, row: Row) -> list[Identifier]:
    """Return what identifies the lead of a row; nothing if the row is refused."""
    return [] if row.errors else _identifiers(audience, row.sent)


def _judged(audience: Audience, row: Row) -> Row:
    """Return a row, refused if nothing in it says who it is: a second time it would be somebody else."""
    if row.errors or _identifiers(audience, row.sent):
        return row
    reason = "send something that identifies the lead: an external id, an e-mail address or a telephone number"
    return Row(row.sent, InvalidInput.of("emails", reason).errors)


def _identifiers(audience: Audience, sent: Sent) -> list[Identifier]:
    return identifiers.of(audience, external_ids=sent.external_ids, emails=sent.emails, phones=sent.phones)


def _parts(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Yield rows that can be one transaction."""
    together: list[Row] = []
    items = 0
    for row in rows:
        sent = row.sent
        # The lead, an item for each identifier and consent, and that of an external id which it had before.
        needed = 2 + len(sent.external_ids) + len(sent.emails) + len(sent.phones) + len(sent.consent)
        if together and items + needed > _ITEMS_TOGETHER:
            yield together
            together, items = [], 0
        together.append(row)
        items += needed
    if together:
        yield together


class _Part:
    """Rows that are one transaction, resolved against the table and against each other."""

    def __init__(
        self, tenant_id: str, audience: Audience, rows: Sequence[Row], now: Instant, *, is_announced: bool = True
    ) -> None:
        self._is_announced = is_announced
        self._tenant_id = tenant_id
        self._audience = audience
        self._rows = rows
        self._now = now
        self._at = clock.to_rfc3339(now)
        self._wanted = [_identifiers(audience, row.sent) for row in rows]
        self._held: Mapping[Identifier, str] = {}
        self._holders: dict[Identifier, str] = {}
        self._befores: dict[str, Lead] = {}
        self._afters: dict[str, Lead] = {}

    def plan(self) -> Plan[Answer]:
        """Read who is meant, and return the writes and what becomes of each row."""
        self._read()
        results = [self._result(row, wanted) for row, wanted in zip(self._rows, self._wanted, strict=True)]
        return Plan({"results": results}, self._writes())

    def _read(self) -> None:
        every = [*dict.fromkeys(itertools.chain.from_iterable(self._wanted))]
        self._held = identifiers.holders(self._tenant_id, self._audience, every)
        known = [*dict.fromkeys(self._held.values())]
        items = table.get_many([leads.key(self._tenant_id, each) for each in known], consistent=True) if known else []
        self._befores = {lead.lead_id: lead for lead in (leads.from_item(item) for item in items if item is not None)}
        self._afters = dict(self._befores)
        # A lead that was erased between the two reads holds nothing any more.
        self._holders = {each: lead_id for each, lead_id in self._held.items() if lead_id in self._befores}

    def _result(self, row: Row, wanted: Sequence[Identifier]) -> View:
        if row.errors:
            return _became("invalid", errors=row.errors)
        lead_ids = sorted({self._holders[each] for each in wanted if each in self._holders})
        if len(lead_ids) > 1:
            return _became("conflict", lead_ids=lead_ids)
        try:
            return self._upserted(row.sent, lead_ids[0] if lead_ids else None)
        except Refusal as refusal:
            told: FieldError = {"field": "", "reason": refusal.detail}
            return _became("invalid", errors=refusal.errors or [told])

    def _upserted(self, sent: Sent, lead_id: str | None) -> View:
        before = lifecycle.new(self._tenant_id, self._now) if lead_id is None else self._afters[lead_id]
        after = changing.upserted(before, sent, at=self._at)
        if lead_id is not None and after is before:
            return _became("unchanged", lead_id)
        self._afters[after.lead_id] = after
        has = lifecycle.identifiers_of(self._audience, after)
        for each in lifecycle.identifiers_of(self._audience, before):
            if each not in has:
                self._holders.pop(each, None)
        self._holders |= dict.fromkeys(has, after.lead_id)
        return _became("inserted" if lead_id is None else "updated", after.lead_id)

    def _writes(self) -> list[Write]:
        writes: list[Write] = []
        inserted, updated = list[str](), list[str]()
        for lead_id, planned in self._afters.items():
            before = self._befores.get(lead_id)
            if planned == before:
                continue
            (inserted if before is None else updated).append(lead_id)
            after = planned if before is None else leads.next_version(planned, self._now)
            writes += [leads.written(before, after), *self._identified(before, after)]
            writes += happenings.consents(before, after)
        if writes and self._is_announced:
            event = happenings.imported(self._tenant_id, self._now, inserted=inserted, updated=updated)
            writes.append(event)
        return writes

    def _identified(self, before: Lead | None, after: Lead) -> list[Write]:
        """Return the writes of the identifiers that a lead gets or gives up."""
        had = [] if before is None else lifecycle.identifiers_of(self._audience, before)
        has = lifecycle.identifiers_of(self._audience, after)
        gained = [each for each in has if each not in had]
        lost = [each for each in had if each not in has and each not in self._holders]
        tenant_id, audience = self._tenant_id, self._audience
        return [
            *(self._taken(each, after.lead_id) for each in gained),
            *(identifiers.given_up(tenant_id, audience, each, after.lead_id) for each in lost),
        ]

    def _taken(self, identifier: Identifier, lead_id: str) -> Write:
        """Return the write by which a lead gets an identifier, also one that another lead of the part gives up."""
        tenant_id, audience, holder = self._tenant_id, self._audience, self._held.get(identifier)
        if holder is None:
            return identifiers.taken(tenant_id, audience, identifier, lead_id)
        return identifiers.passed_on(tenant_id, audience, identifier, by=holder, to=lead_id)


def _became(
    result: str, lead_id: str | None = None, *, lead_ids: Sequence[str] = (), errors: Sequence[FieldError] = ()
) -> View:
    return {"result": result, "lead_id": lead_id, "lead_ids": [*lead_ids], "errors": [*errors[:MOST_ERRORS]]}
