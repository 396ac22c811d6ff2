"""The weir of the mill, as a project whose milestones are invoiced, and paid out of what the client has deposited.

A builder, who is its manager too, plans and does the work, the client approves, and the other manager asks for the
money. The deposit pays for one milestone, and a payment waits for more. An admin proposes which bank lines invoices
print; the owner does not confirm them, because whoever does so releases no payment for a day. Each milestone is
brought on from wherever it and its invoices are, so a load that was interrupted goes on. The draft of an invoice
comes last: once it is there, nothing is touched again.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from infra.demo import advances
from infra.demo.account import Account
from infra.demo.projects import MILESTONES, PROJECTS, Crew, find, planned, post

NAME: Final = "Mend the weir of the mill"
PAYMENTS: Final = "/api/v1/payments"
INVOICES: Final = "/api/v1/invoices"
SETTINGS: Final = "/api/v1/payment-settings"
PAYEE: Final = "/api/v1/payment-payee"

View = dict[str, Any]

_PROJECT: Final = {
    "name": NAME,
    "currency": "EUR",
    "escrow": True,
    "time_zone": "Europe/Berlin",
    "client": {
        "name": "Friends of the Old Mill",
        "address": "Mill Lane 1, 12345 Millford, DE",
        "tax_id": "DE123456789",
    },
}
_SELLER: Final = {
    "seller": {
        "name": "Weir Builders Ltd",
        "address": ["4 Sluice Street", "12345 Millford", "DE"],
        "tax_ids": ["DE987654321"],
    },
}
_PAID_TO: Final = {
    "name": "Weir Builders Ltd",
    "bank_lines": ["IBAN DE02120300000000202051"],
    "invoice_lines": ["Bank of Millford", "IBAN DE02120300000000202051"],
}
_DEPOSIT: Final = {"amount_minor_units": 3_000_000, "currency": "EUR"}
"""Enough for the first milestone, and in no order for the half of the second."""
_ACCEPTANCE: Final = {"level": 1, "name": "Acceptance", "mode": "any", "approvers": [{"role": "client"}]}
_WANTED: Final[tuple[tuple[str, int, int], ...]] = (
    ("Sluice gates hung", 2_400_000, 30),
    ("Banks secured", 6_250_000, 0),
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
    if crew.admin.get(PAYEE)["version"] == 0:
        crew.admin.put(PAYEE, _PAID_TO)
    found = find(crew.manager, NAME) or str(post(crew.manager, PROJECTS, _PROJECT)["project_id"])
    for role, user_id in {"manager": crew.builder_id, "client": crew.client_id}.items():
        crew.manager.put(f"{PROJECTS}/{found}/members/{user_id}", {"roles": [role]})
    deposits = f"{PROJECTS}/{found}/deposits"
    if crew.manager.get(deposits)["deposited_minor_units"] == 0:
        post(crew.manager, deposits, _DEPOSIT)
    known = planned(crew.manager, found)
    for title, amount, net_days in _WANTED:
        milestone_id = known.get(title) or _plan(crew, found, title, amount)
        path = f"{MILESTONES}/{milestone_id}"
        _work(crew, path, net_days, until="in_progress" if title == _LAST else "approved")
        invoice = _invoice(crew.manager, path) or post(crew.manager, f"{path}/invoices", _ASKED.get(title, {}))
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
    """Return the first invoice of a milestone, None if there is none."""
    return min(manager.get(f"{path}/invoices")["items"], key=lambda each: each["sequence"], default=None)


_ASKED: Final[Mapping[str, View]] = {
    "Banks secured": {"percentage": "50"},
    _LAST: {"draft": True, "percentage": "50", "note": "For the timber."},
}
"""What is invoiced of a milestone at first, if not all of it."""


def _released(crew: Crew, invoice: View) -> None:
    """Ask for the release; the gateway `ledger` then settles it by itself."""
    path = f"{PAYMENTS}/{invoice['payment_id']}"
    if crew.manager.get(path)["status"] == "invoiced":
        post(crew.manager, f"{path}/release")


def _halved(crew: Crew, invoice: View) -> None:
    """Credit a part of the first half, have the second wait for a deposit, and ask for advances on both."""
    _credited(crew, invoice)
    path = f"{MILESTONES}/{invoice['project_milestone_id']}/invoices"
    listed = [each for each in crew.manager.get(path)["items"] if each["invoice_id"] != invoice["invoice_id"]]
    second = listed[0] if listed else post(crew.manager, path, {"percentage": "50"})
    _released(crew, second)
    advances.bring(crew, disbursed=invoice["invoice_id"], requested=second["invoice_id"])


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
    zip((title for title, *_ in _WANTED), (_released, _halved, _disputed, _left), strict=True)
)
"""What becomes of the first invoice of each milestone."""
