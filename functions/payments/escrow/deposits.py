"""Deposits: money that a client has paid for a project before the work, held apart for the project.

A deposit is an entry of the ledger and nothing else. The account of the project says what is left of all of them, and
no posting takes it below zero. Payments draw on them if the project has the option `escrow` (funds.py).
"""

from collections.abc import Mapping
from typing import Any, Final

from functions.payments.escrow import funds, opening, returning, waiting
from functions.payments.ledger import accounts, posting
from functions.payments.ledger.entries import Entry
from functions.payments.money import amounts
from shared import clock, ids
from shared.callers import project_members
from shared.callers.caller import Caller
from shared.callers.project_members import ProjectNotFound
from shared.clock import Instant
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, events
from shared.storage.changes import Plan
from shared.storage.idempotency import Claim
from shared.storage.table import ConditionFailed
from shared.storage.writes import Check, Condition, Put

View = dict[str, Any]

_PREFIX: Final = "dep"


class ProjectNotActive(Conflict):
    """409: only an active project takes deposits, or one that is over and still pays out of them."""

    def __init__(self) -> None:
        super().__init__("The project is neither active nor in escrow, so it takes no deposits.")


def make(caller: Caller, project_id: str, fields: Mapping[str, Any], *, claim: Claim | None = None) -> View:
    """Deposit an amount for a project and return the deposit.

    Raises ProjectNotFound, access.FinanceRequired, ProjectNotActive, InvalidInput for another currency than that of the
    project, AmountTooLarge.
    """
    standing, _ = opening.project(caller, project_id)
    standing.require_acting()
    deposit_id = ids.new(_PREFIX)

    def plan() -> Plan[View]:
        now = clock.now()
        entry = posting.entry(
            "deposited",
            dict.fromkeys(("clearing", "escrow"), fields["amount_minor_units"]),
            tenant_id=caller.tenant_id,
            currency=fields["currency"],
            reference=f"{deposit_id}#deposited",
            at=now,
            project_id=project_id,
        )
        place = project_members.project_key(caller.tenant_id, project_id)
        check = Check(place, _takes(fields["currency"]))
        writes = [check, *posting.writes(entry), _happened(entry, deposit_id, now)]
        return Plan(_view(entry, deposit_id), writes, refuse=_refuse)

    return changes.make(plan, claim=claim)


def held(caller: Caller, project_id: str, currency: str | None) -> View:
    """Return what is held for a project, in its own currency unless another is named, and what waits for more of it.

    Raises ProjectNotFound, access.AmountsHidden, InvalidInput.
    """
    standing, project = opening.project(caller, project_id)
    standing.require_seeing()
    shown = project["currency"] if currency is None else amounts.require_currency(currency)
    item = opening.account(caller.tenant_id, project_id, shown)
    moved, returned = accounts.totals(item), item.get(accounts.RETURNED, 0)
    return {
        "project_id": project_id,
        "escrow": project.get(funds.OPTION, False),
        "currency": shown,
        "deposited_minor_units": moved.credits_posted,
        "released_minor_units": moved.debits_posted - returned,
        "returned_minor_units": returned,
        "pending_minor_units": moved.debits_pending,
        "available_minor_units": item.get(accounts.AVAILABLE, 0),
        "waiting": waiting.of(caller.tenant_id, project_id),
        "returns": returning.of(caller.tenant_id, project_id),
    }


def _takes(currency: str) -> Condition:
    """Return the condition that a project takes deposits in this currency; it tells what there is.

    One in escrow does so when it is over, because its retentions may be invoiced then.
    """
    return Condition(
        "(#status = :active OR #option = :yes) AND #currency = :currency",
        {"#status": "status", "#option": funds.OPTION, "#currency": "currency"},
        {":active": "active", ":yes": True, ":currency": currency},
        is_telling=True,
    )


def _refuse(failure: ConditionFailed) -> None:
    posting.refuse(failure)
    for write, found in zip(failure.writes, failure.found, strict=True):
        if isinstance(write, Check):
            _refuse_project(found)


def _refuse_project(found: Mapping[str, Any] | None) -> None:
    if found is None:
        raise ProjectNotFound
    if found["status"] != "active" and not found.get(funds.OPTION, False):
        raise ProjectNotActive
    raise InvalidInput.of("currency", f"must be {found['currency']}, in which the project has its amounts")


def _happened(entry: Entry, deposit_id: str, at: Instant) -> Put:
    """Return the write of the event of a deposit; it lies with the project."""
    return events.occurred(
        "payments.deposit.made",
        partition=project_members.partition(entry.tenant_id, str(entry.project_id)),
        subject_id=deposit_id,
        tenant_id=entry.tenant_id,
        at=at,
        data={"deposit_id": deposit_id, "project_id": entry.project_id},
    )


def _view(entry: Entry, deposit_id: str) -> View:
    return {
        "deposit_id": deposit_id,
        "project_id": entry.project_id,
        "amount_minor_units": entry.lines[0].debit,
        "currency": entry.currency,
        "deposited_at": entry.posted_at,
        "reference": entry.reference,
    }
