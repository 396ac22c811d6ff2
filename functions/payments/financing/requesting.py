"""How an advance is asked for: what is pledged for it is locked in the same transaction."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.payments.billing import billings
from functions.payments.billing.billings import BilledMilestoneNotFound
from functions.payments.financing import annuity, approval, financings, opening, pledges, views
from functions.payments.financing.financings import Financing
from functions.payments.financing.pledges import Ground, Pledge
from functions.payments.financing.views import View
from functions.payments.money import amounts
from functions.payments.settings import settings
from functions.payments.settings.approvers import Layer
from shared import clock, days, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.errors import InvalidInput, NotAllowed
from shared.storage import changes
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim

MOST_PERCENT: Final = 80
"""How much of what is pledged is lent at most."""
MOST_PLEDGES: Final = 10


class AdvanceTooHigh(NotAllowed):
    """422: the advance is more than 80 % of what is pledged."""

    def __init__(self, worth: int, currency: str) -> None:
        most = amounts.written(worth * MOST_PERCENT // 100, currency)
        super().__init__(f"At most {most} {currency} are advanced on this, which is {MOST_PERCENT} % of it.")


class Asked(NamedTuple):
    """What is asked for, and what is pledged for it. The amount is minor units, the rate millionths."""

    amount_minor_units: int
    currency: str
    yearly_rate: int
    instalment_count: int
    purpose: str
    milestone_ids: Sequence[str]
    invoice_ids: Sequence[str]


def request(caller: Caller, asked: Asked, *, claim: Claim | None = None) -> Answer:
    """Ask for an advance, pledge what it is on, and return the request; five calls.

    Raises BilledMilestoneNotFound, InvoiceNotFound, access.FinanceRequired, AlreadyPledged, NotPledgeable,
    AdvanceTooHigh, InstalmentsTooSmall, InvalidInput for milestones of several projects, or another currency.
    """
    financing_id = ids.new(financings.ID, at=clock.now())

    def plan() -> Plan[View]:
        now = clock.now()
        ground = pledges.read(caller.tenant_id, asked.milestone_ids, asked.invoice_ids)
        project_id = _project(caller, ground)
        pledged = _pledged(ground, asked)
        made = _made(caller, financing_id, project_id, asked, pledged, now)
        taken = [
            billings.changed(each, pledges.taken(each, financing_id, pledged)) for each in ground.billings.values()
        ]
        writes = [
            *financings.born(made),
            financings.happened("requested", made, now),
            *taken,
            *pledges.still(caller.tenant_id, ground),
        ]
        return Plan(views.financing(made), writes)

    return changes.make(plan, claim=claim)


def require_covered(amount: int, worth: int, currency: str) -> None:
    """Require that an advance is no more than 80 % of what is pledged for it. Raises AdvanceTooHigh."""
    if amount * 100 > worth * MOST_PERCENT:
        raise AdvanceTooHigh(worth, currency)


def _project(caller: Caller, ground: Ground) -> str:
    """Return the one project that is asked for money. Raises BilledMilestoneNotFound, FinanceRequired, InvalidInput."""
    found = opening.standings(caller, {gate.project_id for gate in ground.gates.values()})
    if not all(each.is_member for each in found.values()):
        raise BilledMilestoneNotFound
    for each in found.values():
        each.require_acting()
    if len(found) > 1:
        raise InvalidInput.of("project_milestone_ids", "must be of one project, with those of the invoices")
    return next(iter(found))


def _pledged(ground: Ground, asked: Asked) -> list[Pledge]:
    """Return what is pledged. Raises AlreadyPledged, NotPledgeable, InvalidInput for another currency."""
    found = [
        *(pledges.of_milestone(ground, each) for each in asked.milestone_ids),
        *(pledges.of_invoice(ground, each) for each in asked.invoice_ids),
    ]
    currency = next(iter(ground.gates.values())).currency
    if asked.currency != currency:
        raise InvalidInput.of("currency", f"must be {currency}, in which the project has its amounts")
    return found


def _made(
    caller: Caller, financing_id: str, project_id: str, asked: Asked, pledged: Sequence[Pledge], now: Instant
) -> Financing:
    require_covered(asked.amount_minor_units, sum(each.worth_minor_units for each in pledged), asked.currency)
    # Whatever the day, the instalments come to the same.
    day = days.day_of(now, "UTC")
    annuity.schedule(asked.amount_minor_units, asked.yearly_rate, asked.instalment_count, day)
    moment = clock.to_rfc3339(now)
    return Financing(
        tenant_id=caller.tenant_id,
        financing_id=financing_id,
        project_id=project_id,
        amount_minor_units=asked.amount_minor_units,
        currency=asked.currency,
        yearly_rate=asked.yearly_rate,
        instalment_count=asked.instalment_count,
        purpose=asked.purpose,
        pledges=[each._asdict() for each in pledged],
        layers=[each._asdict() for each in _layers(caller.tenant_id, asked)],
        status="pending",
        requested_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
    )


def _layers(tenant_id: str, asked: Asked) -> list[Layer]:
    """Return the layers that the tenant has set for the amount; one call."""
    set_up = settings.find(tenant_id).financing_layers
    own = [
        Layer(each["above_minor_units"], each["by"], each["approvals"])
        for each in set_up
        if each["currency"] == asked.currency
    ]
    return approval.layers(asked.amount_minor_units, own)
