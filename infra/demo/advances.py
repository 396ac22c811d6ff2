"""Two advances on invoices of the weir: one is paid out, and one waits for an admin.

The builder asks for them as a manager of the project, so the owner may approve them.
"""

from typing import Any, Final

from infra.demo.account import Account
from infra.demo.projects import Crew, post

REQUESTS: Final = "/api/v1/financing-requests"

_STONE: Final = {
    "amount_minor_units": 2_000_000,
    "currency": "EUR",
    "yearly_percent": "6",
    "instalment_count": 12,
    "purpose": "Stone for the banks.",
}
_WAGES: Final = {
    "amount_minor_units": 2_500_000,
    "currency": "EUR",
    "yearly_percent": "7.5",
    "instalment_count": 6,
    "purpose": "Wages until the deposit comes.",
}


def bring(crew: Crew, *, disbursed: str, requested: str) -> None:
    """Ask for an advance on each of these invoices, and pay one of them out. Raises NotDone."""
    known = {pledge["invoice_id"]: each for each in crew.builder.every(REQUESTS) for pledge in each["pledges"]}
    found = known.get(disbursed) or _ask(crew.builder, disbursed, _STONE)
    path = f"{REQUESTS}/{found['financing_id']}"
    if found["status"] == "pending":
        found = post(crew.manager, f"{path}/approve", {"note": "The client is good for it."})
    if found["status"] == "approved":
        post(crew.manager, f"{path}/disburse")
    if requested not in known:
        _ask(crew.builder, requested, _WAGES)


def _ask(builder: Account, invoice_id: str, advance: dict[str, Any]) -> dict[str, Any]:
    return post(builder, REQUESTS, {**advance, "invoice_ids": [invoice_id]})
