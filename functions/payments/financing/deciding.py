"""How a financing request is approved, layer by layer, rejected, or withdrawn. Whoever asked for it never approves."""

from functions.payments.access import ADMIN
from functions.payments.financing import approval, financings, opening, pledges, views
from functions.payments.financing.approval import Decision
from functions.payments.financing.financings import Financing
from functions.payments.financing.opening import Opened
from functions.payments.financing.transition import Event
from functions.payments.financing.views import View
from shared import clock
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict, Forbidden
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim


class SeparationOfFinancing(Forbidden):
    """403: whoever asked for an advance does not approve it."""

    def __init__(self) -> None:
        super().__init__("You have asked for this advance. Somebody else has to approve it.")


class FinancingApproverRequired(Forbidden):
    """403: the layer that is asked now takes another role, or a person instead of an API key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class FinancingDecided(Conflict):
    """409: you have decided on this request already."""

    def __init__(self) -> None:
        super().__init__("You have decided on this request already. Each layer takes somebody else.")


def approve(
    caller: Caller, financing_id: str, note: str, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Approve a financing request in the layer that is asked now, and return it; three calls.

    Raises FinancingNotFound, versions.VersionChanged, FinancingTransitionNotAllowed, FinancingApproverRequired,
    SeparationOfFinancing, FinancingDecided.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.financing(caller, financing_id)
        before = opened.financing
        versions.require(if_match, before.version)
        before.require("approve")
        after = _approved(caller, opened, note, now)
        what = "approved" if after.status == "approved" else "voted"
        return Plan(views.financing(after), [*financings.changed(before, after), financings.happened(what, after, now)])

    return changes.make(plan, claim=claim)


def reject(
    caller: Caller, financing_id: str, reason: str, *, if_match: str | None, claim: Claim | None = None
) -> Answer:
    """Reject a financing request that is not paid out, or withdraw one's own, free its pledges, and return it.

    Raises FinancingNotFound, versions.VersionChanged, FinancingTransitionNotAllowed, FinancingApproverRequired.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.financing(caller, financing_id)
        before = opened.financing
        versions.require(if_match, before.version)
        before.require("reject")
        after = _rejected(caller, opened, reason, now)
        writes = [
            *financings.changed(before, after),
            financings.happened("rejected", after, now),
            *pledges.freed(before.tenant_id, financing_id, before.own_pledges),
        ]
        return Plan(views.financing(after), writes)

    return changes.make(plan, claim=claim)


def _approved(caller: Caller, opened: Opened, note: str, now: Instant) -> Financing:
    before, at = opened.financing, _asked_layer(opened.financing)
    require_person(caller)
    if caller.user_id == before.requested_by:
        raise SeparationOfFinancing
    _require_role(caller, opened, at)
    if any(each.user_id == caller.user_id for each in before.own_decisions):
        raise FinancingDecided
    decisions = [*before.own_decisions, Decision(at, caller.user_id, True, clock.to_rfc3339(now), note)]
    event: Event = "vote" if approval.open_layer(before.own_layers, decisions) is not None else "approve"
    approved_at = clock.to_rfc3339(now) if event == "approve" else None
    return before.moved(event, now, decisions=[each._asdict() for each in decisions], approved_at=approved_at)


def _rejected(caller: Caller, opened: Opened, reason: str, now: Instant) -> Financing:
    before, at, moment = opened.financing, _asked_layer(opened.financing), clock.to_rfc3339(now)
    require_person(caller)
    decisions = before.own_decisions
    if caller.user_id != before.requested_by:
        _require_role(caller, opened, at)
        if all(each.user_id != caller.user_id for each in decisions) and before.status == "pending":
            decisions.append(Decision(at, caller.user_id, False, moment))
    return before.moved(
        "reject",
        now,
        decisions=[each._asdict() for each in decisions],
        ended_at=moment,
        ended_by=caller.user_id,
        reason=reason,
    )


def _asked_layer(financing: Financing) -> int:
    """Return the place of the layer that is asked now, of an approved request that of the last one."""
    layers = financing.own_layers
    at = approval.open_layer(layers, financing.own_decisions)
    return len(layers) - 1 if at is None else at


def require_person(caller: Caller) -> None:
    """Require that a caller is no API key. Raises FinancingApproverRequired."""
    if caller.key_id is not None:
        raise FinancingApproverRequired("An API key is no person. Sign in to decide on an advance.")


def _require_role(caller: Caller, opened: Opened, at: int) -> None:
    """Require the role of a layer; whoever opens a request has that of finance."""
    if opened.financing.own_layers[at].by == "admin" and ADMIN not in caller.scopes:
        raise FinancingApproverRequired("This layer is for those who administer the payments of your tenant.")
