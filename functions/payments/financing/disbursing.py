"""How an approved advance is paid out: once, on pledges that are still worth it, with its instalments."""

from functions.payments.financing import bookings, debts, deciding, financings, opening, pledges, views
from functions.payments.financing.opening import Opened
from functions.payments.financing.pledges import Ground, Pledge
from functions.payments.financing.requesting import MOST_PERCENT
from functions.payments.financing.views import View
from functions.payments.ledger import posting
from functions.payments.money import amounts
from shared import clock, days
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Write


class PledgesWorthLess(Conflict):
    """409: what is pledged does not cover the advance any more."""

    def __init__(self, worth: int, currency: str) -> None:
        written = amounts.written(worth, currency)
        super().__init__(
            f"What is pledged is worth {written} {currency} now, and at most {MOST_PERCENT} % of it are advanced. "
            "Reject the request, and ask for less."
        )


def disburse(caller: Caller, financing_id: str, *, if_match: str | None, claim: Claim | None = None) -> Answer:
    """Pay an approved advance out, and return it; five calls.

    Raises FinancingNotFound, versions.VersionChanged, FinancingTransitionNotAllowed, FinancingApproverRequired,
    PledgesWorthLess.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        opened = opening.financing(caller, financing_id)
        versions.require(if_match, opened.financing.version)
        opened.financing.require("disburse")
        deciding.require_person(caller)
        return _paid_out(caller, opened, now)

    return changes.make(plan, claim=claim)


def _paid_out(caller: Caller, opened: Opened, now: Instant) -> Plan[View]:
    before, time_zone = opened.financing, tenant_settings.of(opened.financing.tenant_id).time_zone
    own = before.own_pledges
    ground = pledges.read(
        before.tenant_id,
        [each.project_milestone_id for each in own],
        [each.invoice_id for each in own if each.invoice_id is not None],
    )
    _require_worth(before.amount_minor_units, before.currency, own, ground)
    today = days.day_of(now, time_zone)
    after = before.moved(
        "disburse",
        now,
        disbursed_at=clock.to_rfc3339(now),
        disbursed_on=today.isoformat(),
        disbursed_by=caller.user_id,
        **debts.stored(debts.begun(before, today), time_zone),
    )
    writes: list[Write] = [
        *financings.changed(before, after),
        financings.happened("disbursed", after, now),
        *posting.writes(bookings.advanced(after, now)),
        *pledges.still(before.tenant_id, ground),
        *pledges.unbilled(ground),
    ]
    return Plan(views.financing(after), writes)


def _require_worth(amount: int, currency: str, own: list[Pledge], ground: Ground) -> None:
    worth = sum(pledges.worth(each, ground) for each in own)
    if amount * 100 > worth * MOST_PERCENT:
        raise PledgesWorthLess(worth, currency)
