"""Types of elements: whether those of a type are ordered by number or by rank, which is fixed once the type is there.

Five are there from the start, all ordered by number; a tenant adds others. Nobody changes or deletes a type, so what
was read of one stays true.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from functions.sequences import names
from shared import clock
from shared.callers.caller import Caller
from shared.errors import Conflict, NotFound
from shared.storage import changes, events, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.table import ConditionFailed
from shared.storage.writes import ABSENT, Put

Order = Literal["number", "rank"]

NUMBER: Final = "number"
RANK: Final = "rank"
BUILT_IN: Final[Mapping[str, Order]] = {
    "script": NUMBER,
    "section": NUMBER,
    "character": NUMBER,
    "action": NUMBER,
    "spokenWord": NUMBER,
}

_PREFIX: Final = "ELEMENTTYPE#"


class ElementTypeNotFound(NotFound):
    """404: your tenant has no type of elements of this name."""

    def __init__(self) -> None:
        super().__init__("Your tenant has no type of elements of this name. Add it first.")


class ElementTypeExists(Conflict):
    """409: there is a type of elements of this name; its order is fixed."""

    def __init__(self) -> None:
        super().__init__("There is a type of elements of this name. Its order is fixed.")


class ElementType(NamedTuple):
    """A type of elements that a tenant has added."""

    element_type: str
    order: Order
    created_by: str
    created_at: str


def key(tenant_id: str, element_type: str) -> Key:
    """Return the key of a type. Raises ElementTypeNotFound for a name that none can have."""
    if not names.is_type(element_type):
        raise ElementTypeNotFound
    return Key(_partition(tenant_id), f"{_PREFIX}{element_type}")


def add(caller: Caller, element_type: str, order: Order, *, claim: Claim | None = None) -> Answer:
    """Add a type of elements to the caller's tenant and return it. Raises ElementTypeExists."""
    if element_type in BUILT_IN:
        raise ElementTypeExists
    now = clock.now()
    added = ElementType(element_type, order, caller.user_id, clock.to_rfc3339(now))
    place = key(caller.tenant_id, element_type)
    told = {"element_type": element_type, "order": order}
    event = events.occurred(
        "sequences.type.created",
        partition=place.pk,
        subject_id=element_type,
        tenant_id=caller.tenant_id,
        at=now,
        data=told,
    )
    writes = [Put(records.to_item(place, "ElementType", added), ABSENT), event]
    return changes.make(lambda: Plan(view(added), writes, _refuse), claim=claim)


def order_of(tenant_id: str, element_type: str) -> Order:
    """Return how elements of a type are ordered; one call for a type that the tenant has added.

    Raises ElementTypeNotFound.
    """
    if element_type in BUILT_IN:
        return BUILT_IN[element_type]
    item = table.get(key(tenant_id, element_type), consistent=True)
    if item is None:
        raise ElementTypeNotFound
    return records.from_item(ElementType, item).order


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[Answer], str | None]:
    """Return a page of the types that the caller's tenant has added, by name; one query."""
    found = table.query(_partition(caller.tenant_id), _PREFIX, limit=limit, cursor=cursor)
    return [view(records.from_item(ElementType, item)) for item in found.items], found.next_cursor


def view(added: ElementType) -> dict[str, Any]:
    """Return what callers see of a type."""
    return added._asdict()


def _partition(tenant_id: str) -> str:
    return f"TENANT#{tenant_id}"


def _refuse(_: ConditionFailed) -> None:
    raise ElementTypeExists
