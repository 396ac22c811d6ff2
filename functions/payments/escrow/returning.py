"""What is left of the deposits for a project goes back to the client who has paid it.

No gateway has brought a deposit, so none takes it back: a person moves the money, and says so here. The account of the
project has the condition that this much is left, without what is on its way out.
"""

from typing import Any, Final, NamedTuple

from functions.payments import payments
from functions.payments.access import PersonRequired
from functions.payments.escrow import opening
from functions.payments.ledger import accounts, posting
from functions.payments.ledger.entries import Entry
from functions.payments.money import amounts
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import NotAllowed
from shared.storage import changes, events, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.writes import ABSENT, Put

View = dict[str, Any]

MOST: Final = 100
"""How many of them are shown."""
_ID: Final = "dpr"
_PREFIX: Final = "RETURN#"


class MoreThanHeld(NotAllowed):
    """422: more would be paid back than is left of the deposits, or nothing is left of them."""

    def __init__(self, left: int, currency: str) -> None:
        super().__init__(
            f"{amounts.written(left, currency)} {currency} are left of the deposits. Pay back no more than that."
        )


class DepositReturn(NamedTuple):
    """What was paid back of the deposits for a project, as it is stored; the amount is in minor units."""

    deposit_return_id: str
    amount_minor_units: int
    currency: str
    reason: str
    returned_by: str
    returned_at: str


def give_back(caller: Caller, project_id: str, amount: int | None, reason: str, *, claim: Claim | None = None) -> View:
    """Pay an amount of the deposits for a project back, or all that is left of them, and return what was; three calls.

    Raises ProjectNotFound, access.FinanceRequired, PersonRequired, MoreThanHeld.
    """
    return_id = ids.new(_ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        standing, project = opening.project(caller, project_id)
        standing.require_acting()
        if caller.key_id is not None:
            raise PersonRequired
        currency = project["currency"]
        left = opening.account(caller.tenant_id, project_id, currency).get(accounts.AVAILABLE, 0)
        back = left if amount is None else amount
        if not 0 < back <= left:
            raise MoreThanHeld(left, currency)
        made = DepositReturn(return_id, back, currency, reason, caller.user_id, clock.to_rfc3339(now))
        entry = _entry(caller.tenant_id, project_id, made, now)
        # Whoever was faster has changed what is left, so this is planned again, and refused then if it is too much.
        writes = [*posting.writes(entry), _written(caller.tenant_id, project_id, made)]
        return Plan(_view(project_id, made), [*writes, _happened(caller.tenant_id, project_id, made, now)])

    return changes.make(plan, claim=claim)


def of(tenant_id: str, project_id: str) -> list[View]:
    """Return what was paid back of the deposits for a project, the latest first, at most 100; one query."""
    place = payments.queue_of(tenant_id, project_id)
    found = table.query(place, _PREFIX, limit=MOST, newest_first=True, consistent=True)
    return [_view(project_id, records.from_item(DepositReturn, item)) for item in found.items]


def _entry(tenant_id: str, project_id: str, made: DepositReturn, now: Instant) -> Entry:
    return posting.entry(
        accounts.RETURNING,
        dict.fromkeys(("escrow", "clearing"), made.amount_minor_units),
        tenant_id=tenant_id,
        currency=made.currency,
        reference=_reference(made),
        at=now,
        project_id=project_id,
    )


def _reference(made: DepositReturn) -> str:
    return f"{made.deposit_return_id}#returned"


def _written(tenant_id: str, project_id: str, made: DepositReturn) -> Put:
    place = Key(payments.queue_of(tenant_id, project_id), f"{_PREFIX}{made.returned_at}#{made.deposit_return_id}")
    return Put(records.to_item(place, "DepositReturn", made), ABSENT)


def _happened(tenant_id: str, project_id: str, made: DepositReturn, now: Instant) -> Put:
    """Return the write of the event that deposits were paid back; it lies with the project."""
    return events.occurred(
        "payments.deposit.returned",
        partition=project_members.partition(tenant_id, project_id),
        subject_id=made.deposit_return_id,
        tenant_id=tenant_id,
        at=now,
        data={"deposit_return_id": made.deposit_return_id, "project_id": project_id},
    )


def _view(project_id: str, made: DepositReturn) -> View:
    return {**made._asdict(), "project_id": project_id, "reference": _reference(made)}
