"""A financing request: an advance on what milestones and invoices will bring. Its record, its keys, its events."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.payments.financing import transition
from functions.payments.financing.approval import Decision
from functions.payments.financing.pledges import Pledge
from functions.payments.financing.transition import Event, Status
from functions.payments.settings.approvers import Layer
from shared import clock, ids
from shared.clock import Instant
from shared.errors import Conflict, NotFound
from shared.messaging import timers
from shared.messaging.timers import Timer
from shared.storage import events, records
from shared.storage.attributes import Item, Key
from shared.storage.writes import ABSENT, Put, Write, unchanged

ID: Final = "fin"
KIND: Final = "payments.financing"
"""What its timers are known as."""
LISTED: Final = "FINANCING#"
_ENTITY: Final = "Financing"


class FinancingNotFound(NotFound):
    """404: there is no financing request with this id in a project whose money you may ask for."""

    def __init__(self) -> None:
        super().__init__("There is no financing request with this id in a project whose money you may ask for.")


class FinancingTransitionNotAllowed(Conflict):
    """409: the present status of the financing request does not allow this."""

    def __init__(self, status: Status, event: Event) -> None:
        super().__init__(f"A financing request that is {status} does not take `{event}`.")
        self._told = {"from": status, "event": event, "allowed": transition.commands(status)}

    @property
    def members(self) -> Mapping[str, Any]:
        """The status, the event, and what people may do in the status."""
        return self._told


class Financing(NamedTuple):
    """A financing request as it is stored. Amounts are minor units, the yearly rate is in millionths.

    `layers` and `decisions` say who approves it and who has, `pledges` what it is lent on. `ended_at` is when it was
    rejected, withdrawn or repaid; `ended_by` and `reason` tell who has rejected or withdrawn it, and why. Once it is
    paid out, `instalments`, `interest_until` and `interest_ahead` are its debt (`debts.py`), `repayments` counts what
    came in, and `due_at` is when it is looked at next by itself.
    """

    tenant_id: str
    financing_id: str
    project_id: str
    amount_minor_units: int
    currency: str
    yearly_rate: int
    instalment_count: int
    purpose: str
    pledges: Sequence[Mapping[str, Any]]
    layers: Sequence[Mapping[str, Any]]
    status: Status
    requested_by: str
    created_at: str
    updated_at: str
    version: int
    decisions: Sequence[Mapping[str, Any]] = ()
    approved_at: str | None = None
    ended_at: str | None = None
    ended_by: str | None = None
    reason: str | None = None
    disbursed_at: str | None = None
    disbursed_on: str | None = None
    disbursed_by: str | None = None
    instalments: Sequence[Mapping[str, Any]] = ()
    interest_until: str | None = None
    interest_ahead: int = 0
    repayments: int = 0
    defaulted_at: str | None = None
    due_at: str | None = None

    @property
    def own_pledges(self) -> list[Pledge]:
        """What it is lent on."""
        return [Pledge(**each) for each in self.pledges]

    @property
    def own_layers(self) -> list[Layer]:
        """The layers that approve it."""
        return [Layer(**each) for each in self.layers]

    @property
    def own_decisions(self) -> list[Decision]:
        """What people have decided."""
        return [Decision(**each) for each in self.decisions]

    def require(self, event: Event) -> None:
        """Require that the status takes an event. Raises FinancingTransitionNotAllowed."""
        if not transition.is_allowed(self.status, event):
            raise FinancingTransitionNotAllowed(self.status, event)

    def moved(self, event: Event, now: Instant, **more: Any) -> "Financing":
        """Return the request after an event, as its next version. Raises FinancingTransitionNotAllowed."""
        self.require(event)
        fields = {"status": transition.after(self.status, event), "updated_at": clock.to_rfc3339(now), **more}
        return self._replace(**fields, version=self.version + 1)


def partition(tenant_id: str, financing_id: str) -> str:
    """Return the partition of a financing request. Raises FinancingNotFound for an id that none can have."""
    if not ids.is_valid(financing_id, ID):
        raise FinancingNotFound
    return f"TENANT#{tenant_id}#FIN#{financing_id}"


def key(tenant_id: str, financing_id: str) -> Key:
    """Return the key of a financing request. Raises FinancingNotFound."""
    return Key(partition(tenant_id, financing_id), "FINANCING")


def listing(tenant_id: str) -> str:
    """Return the partition of the entries of a tenant; with `#` and a status, that of the index."""
    return f"TENANT#{tenant_id}#FINANCINGS"


def to_item(financing: Financing) -> Item:
    """Return the item of a financing request, which is a timer while an instalment may become too late."""
    item = records.to_item(key(financing.tenant_id, financing.financing_id), _ENTITY, financing)
    if financing.due_at is None:
        return item
    at = clock.from_rfc3339(financing.due_at)
    message = {"tenant_id": financing.tenant_id, "financing_id": financing.financing_id}
    timer = Timer(KIND, financing.financing_id, financing.tenant_id, at, message, str(financing.version))
    return item | timers.attributes(timer, look_at=at)


def from_item(item: Item) -> Financing:
    """Return the financing request of an item."""
    return records.from_item(Financing, item)


def born(financing: Financing) -> list[Write]:
    """Return the writes of a new financing request and its entry."""
    return [Put(to_item(financing), ABSENT), Put(_entry(financing))]


def changed(before: Financing, after: Financing) -> list[Write]:
    """Return the writes that change a financing request, which is still at the version that was read."""
    return [Put(to_item(after), unchanged(before.version)), Put(_entry(after))]


def happened(what: str, financing: Financing, at: Instant) -> Put:
    """Return the write of the event `payments.financing.<what>`; it has neither an amount nor a text of people."""
    return events.occurred(
        f"payments.financing.{what}",
        partition=partition(financing.tenant_id, financing.financing_id),
        subject_id=financing.financing_id,
        tenant_id=financing.tenant_id,
        at=at,
        data=_identified(financing),
    )


def restated(financing: Financing) -> events.Event:
    """Return the event that says how a financing request is stored now."""
    return events.stated(
        "payments.financing",
        subject_id=financing.financing_id,
        tenant_id=financing.tenant_id,
        data=_identified(financing),
        state={"version": financing.version, "created_at": financing.created_at, "status": financing.status},
    )


def _identified(financing: Financing) -> dict[str, Any]:
    return {
        "financing_id": financing.financing_id,
        "financing_version": financing.version,
        "project_id": financing.project_id,
        "status": financing.status,
    }


def _entry(financing: Financing) -> Item:
    """Return the item by which lists have a financing request: all of a tenant, and by status in the index."""
    place = f"{LISTED}{financing.created_at}#{financing.financing_id}"
    return {
        "PK": listing(financing.tenant_id),
        "SK": place,
        "entity": "FinancingEntry",
        "financing_id": financing.financing_id,
        "project_id": financing.project_id,
        "version": financing.version,
        "GSI1PK": f"{listing(financing.tenant_id)}#{financing.status}",
        "GSI1SK": place,
    }
