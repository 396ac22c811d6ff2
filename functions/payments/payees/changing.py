"""How the payee of a tenant is changed: one person proposes, another confirms, and for a day anybody may stop it."""

from collections.abc import Callable
from typing import Any

from functions.payments.access import PersonRequired
from functions.payments.payees import payees
from functions.payments.payees.payees import Details, Payee
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, Forbidden
from shared.storage import changes, events, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Put, unchanged

View = dict[str, Any]
Act = Callable[[Payee, Instant], Payee]


class SecondPersonRequired(Forbidden):
    """403: whoever has proposed a payee does not confirm it."""

    def __init__(self) -> None:
        super().__init__("You have proposed this payee. Another person has to confirm it.")


class ProposalNotOpen(Conflict):
    """409: another payee is proposed by now, or none."""

    def __init__(self) -> None:
        super().__init__("This proposal is not open. Look at what is proposed now, and confirm that.")


class NothingToWithdraw(Conflict):
    """409: no change of the payee is proposed, and none waits to take effect."""

    def __init__(self) -> None:
        super().__init__("No change of the payee is proposed, and none waits to take effect.")


def show(caller: Caller) -> View:
    """Return the payee; one call."""
    return view(payees.find(caller.tenant_id), clock.now())


def propose(caller: Caller, details: Details, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Propose another payee, instead of one that is proposed already, and return the payee.

    Raises PersonRequired, versions.VersionChanged.
    """
    proposal_id = ids.new(payees.PROPOSAL, at=clock.now())

    def act(before: Payee, now: Instant) -> Payee:
        return _without_proposal(before)._replace(
            proposal_id=proposal_id,
            proposed=details._asdict(),
            proposed_by=caller.user_id,
            proposed_at=clock.to_rfc3339(now),
        )

    return _changed(caller, act, "proposed", if_match=if_match, claim=claim)


def confirm(caller: Caller, proposal_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Confirm a proposed payee, which takes effect a day later, and return the payee.

    Raises PersonRequired, ProposalNotOpen, SecondPersonRequired, versions.VersionChanged.
    """

    def act(before: Payee, now: Instant) -> Payee:
        if before.proposal_id != proposal_id:
            raise ProposalNotOpen
        if before.proposed_by == caller.user_id:
            raise SecondPersonRequired
        present = payees.in_effect(before, now)
        return _without_proposal(before)._replace(
            present=None if present is None else present._asdict(),
            following=before.proposed,
            effective_at=clock.to_rfc3339(now + payees.WAIT),
            confirmed_by=caller.user_id,
        )

    return _changed(caller, act, "confirmed", if_match=if_match, claim=claim)


def withdraw(caller: Caller, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Take back what is proposed, and what is confirmed and not in effect yet; return the payee.

    Raises PersonRequired, NothingToWithdraw, versions.VersionChanged.
    """

    def act(before: Payee, now: Instant) -> Payee:
        is_waiting = payees.is_waiting(before, now)
        if before.proposed is None and not is_waiting:
            raise NothingToWithdraw
        kept = _without_proposal(before)
        return kept._replace(following=None, effective_at=None, confirmed_by=None) if is_waiting else kept

    return _changed(caller, act, "withdrawn", if_match=if_match, claim=claim)


def view(payee: Payee, now: Instant) -> View:
    """Return what callers see of a payee."""
    present = payees.in_effect(payee, now)
    is_waiting = payees.is_waiting(payee, now)
    proposed = None
    if payee.proposed is not None:
        proposed = _shown(payees.details(payee.proposed)) | {
            "proposal_id": payee.proposal_id,
            "proposed_by": payee.proposed_by,
            "proposed_at": payee.proposed_at,
        }
    following = None
    if payee.following is not None and is_waiting:
        following = _shown(payees.details(payee.following)) | {
            "confirmed_by": payee.confirmed_by,
            "effective_at": payee.effective_at,
        }
    return {
        "version": payee.version,
        "updated_at": payee.updated_at,
        "present": None if present is None else _shown(present),
        "following": following,
        "proposed": proposed,
    }


def _shown(details: Details) -> View:
    lists = {"bank_lines": [*details.bank_lines], "invoice_lines": [*details.invoice_lines]}
    return {**details._asdict(), **lists}


def _without_proposal(payee: Payee) -> Payee:
    return payee._replace(proposal_id=None, proposed=None, proposed_by=None, proposed_at=None)


def _changed(caller: Caller, act: Act, what: str, *, if_match: str | None, claim: Claim | None) -> Answer:
    if caller.key_id is not None:
        raise PersonRequired

    def plan() -> Plan[View]:
        now = clock.now()
        before = payees.find(caller.tenant_id)
        versions.require(if_match, before.version)
        after = payees.touched(act(before, now), caller.user_id, now)
        condition = unchanged(before.version) if before.version else ABSENT
        return Plan(view(after, now), [Put(payees.to_item(after), condition), _told(after, what, now)])

    return changes.make(plan, claim=claim)


def _told(after: Payee, what: str, at: Instant) -> Put:
    """Return the write of the event `payments.payee.<what>`; it does not say to whom money goes."""
    return events.occurred(
        f"payments.payee.{what}",
        partition=payees.key(after.tenant_id).pk,
        subject_id=after.tenant_id,
        tenant_id=after.tenant_id,
        at=at,
        data={"payee_version": after.version},
    )
