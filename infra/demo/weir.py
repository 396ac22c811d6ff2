"""The weir of the mill, as a project whose milestones are invoiced and paid.

A builder, who is its manager too, plans and does the work, the client approves, and the other manager asks for the
money. Each milestone is brought on from wherever it and its invoice are, so a load that was interrupted goes on. The
draft of an invoice comes last: once it is there, nothing is touched again.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.demo.account import Account
from infra.demo.projects import MILESTONES, PROJECTS, Crew, find, planned, post

NAME: Final = "Mend the weir of the mill"
PAYMENTS: Final = "/api/v1/payments"
INVOICES: Final = "/api/v1/invoices"
SETTINGS: Final = "/api/v1/payment-settings"

View = dict[str, Any]

_PROJECT: Final = {
    "name": NAME,
    "currency": "EUR",
    "time_zone": "Europe/Berlin",
    "client": {"name": "Friends of the Old Mill", "address": "Mill Lane 1, 12345 Millford", "tax_id": "DE123456789"},
}
_SELLER: Final = {
    "seller": {
        "name": "Weir Builders Ltd",
        "address": ["4 Sluice Street", "12345 Millford"],
        "tax_ids": ["DE987654321"],
    },
}
_ACCEPTANCE: Final = {"level": 1, "name": "Acceptance", "mode": "any", "approvers": [{"role": "client"}]}
_WANTED: Final[tuple[tuple[str, int, int], ...]] = (
    ("Sluice gates hung", 2_400_000, 30),
    ("Banks secured", 1_250_000, 0),
    ("Fish ladder built", 1_880_000, 14),
    ("Footbridge laid", 960_000, 30),
)
"""What each milestone is called, its net in cents, and in how many days its invoice is due."""
_LAST: Final = _WANTED[-1][0]


def is_there(manager: Account) -> bool:
    """Return whether the account has the whole project already. Raises NotDone."""
    found = find(manager, NAME)
    last = None if found is None else planned(manager, found).get(_LAST)
    return last is not None and _invoice(manager, f"{MILESTONES}/{last}") is not None


def bring(crew: Crew) -> None:
    """Make what is missing of the project, its invoices and its payments. Raises NotDone."""
    if crew.manager.get(SETTINGS)["seller"] is None:
        crew.manager.patch(SETTINGS, _SELLER)
    found = find(crew.manager, NAME) or str(post(crew.manager, PROJECTS, _PROJECT)["project_id"])
    for role, user_id in {"manager": crew.builder_id, "client": crew.client_id}.items():
        crew.manager.put(f"{PROJECTS}/{found}/members/{user_id}", {"roles": [role]})
    known = planned(crew.manager, found)
    for title, amount, net_days in _WANTED:
        milestone_id = known.get(title) or _plan(crew, found, title, amount)
        path = f"{MILESTONES}/{milestone_id}"
        _work(crew, path, net_days, until="in_progress" if title == _LAST else "approved")
        invoice = _invoice(crew.manager, path) or post(crew.manager, f"{path}/invoices", _asked(title))
        _STEPS[title](crew, invoice)


def _plan(crew: Crew, found: str, title: str, amount: int) -> str:
    draft = {
        "title": title,
        "kind": "deliverable",
        "amount_minor_units": amount,
        "verification_policy": {"layers": [_ACCEPTANCE]},
    }
    return str(post(crew.builder, f"{PROJECTS}/{found}/project-milestones", draft)["project_milestone_id"])


def _work(crew: Crew, path: str, net_days: int, *, until: str) -> None:
    """Bring a milestone as far as it is to be; its terms are its own, and it is invoiced by hand."""
    while (shown := crew.manager.get(path))["status"] != until:
        if shown["status"] == "draft":
            terms = {"auto_invoice": False, "net_days": net_days, "tax_percent": "19", "retention_percent": "5"}
            crew.manager.put(f"{path}/payment-terms", terms)
            if shown["primary_owner_id"] is None:
                post(crew.manager, f"{path}/owners", {"user_id": crew.builder_id, "role": "primary"})
            if crew.manager.get(f"{path}/owners")["items"][0]["status"] == "assigned":
                post(crew.builder, f"{path}/owners/accept")
            post(crew.manager, f"{path}/activate")
        elif shown["status"] == "completed":
            _approve(crew.client, path)
        else:
            post(crew.builder, f"{path}/{_NEXT[shown['status']]}")


_NEXT: Final = {"active": "start", "in_progress": "complete"}


def _approve(client: Account, path: str) -> None:
    layer = client.get(f"{path}/verifications")["items"][-1]
    decision = {"decision": "approve", "subject_digest": layer["subject_digest"]}
    post(client, f"/api/v1/verifications/{layer['verification_id']}/decisions", decision)


def _invoice(manager: Account, path: str) -> View | None:
    return next(iter(manager.get(f"{path}/invoices")["items"]), None)


def _asked(title: str) -> View:
    return {"draft": True, "percentage": "50", "note": "For the timber."} if title == _LAST else {}


def _released(crew: Crew, invoice: View) -> None:
    """Ask for the release; the gateway `ledger` then settles it by itself."""
    path = f"{PAYMENTS}/{invoice['payment_id']}"
    if crew.manager.get(path)["status"] == "invoiced":
        post(crew.manager, f"{path}/release")


def _credited(crew: Crew, invoice: View) -> None:
    path = f"{INVOICES}/{invoice['invoice_id']}"
    if crew.manager.get(path)["credit_notes"] == 0:
        lines = [{"number": 1, "net_minor_units": 50_000}]
        post(crew.manager, f"{path}/credit-notes", {"reason": "Two loads of stone less.", "lines": lines})


def _disputed(crew: Crew, invoice: View) -> None:
    path = f"{PAYMENTS}/{invoice['payment_id']}"
    if crew.manager.get(path)["dispute"] is None:
        post(crew.client, f"{path}/dispute", {"reason": "The third step of the ladder leaks."})


def _left(_: Crew, __: View) -> None:
    """Leave a draft as it is."""


_STEPS: Final[Mapping[str, Callable[[Crew, View], None]]] = dict(
    zip((title for title, *_ in _WANTED), (_released, _credited, _disputed, _left), strict=True)
)
"""What becomes of the invoice of each milestone."""
